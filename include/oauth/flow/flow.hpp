#ifndef OAUTH_FLOW_FLOW_HPP
#define OAUTH_FLOW_FLOW_HPP

#include <oauth/flow/default_config.hpp>
#include <oauth/flow/detail/engine.hpp>
#include <oauth/flow/flow_sign_in.hpp>
#include <oauth/policy/authentication/client_secret_post.hpp>
#include <oauth/policy/client_authentication.hpp>
#include <oauth/policy/clock.hpp>
#include <oauth/policy/request_signer.hpp>
#include <oauth/policy/sender_constraint.hpp>
#include <oauth/policy/store/memory_store.hpp>
#include <oauth/policy/token_store.hpp>
#include <oauth/policy/transport.hpp>
#include <memory>
#include <utility>

namespace oauth {

/** An OAuth 2.0 client: signs users in, gets their tokens, keeps them, renews them, and calls APIs with them.

    What it does with tokens stands in @ref flow_tokens, how it signs users in in @ref flow_sign_in.

    Made of policies that are chosen at compile time; each call is resolved there too. `Transport` carries the requests, `Store` keeps the sessions,
    `Clock` tells the time, `Authentication` proves who the client is, `Config` fixes the rest.

    @par Example
    @code
    oauth::flow<oauth::beast_transport, oauth::file_store> graph{
        oauth::microsoft::v2("contoso.onmicrosoft.com"),
        oauth::client{.id = "…", .secret = oauth::secret{"…"}, .redirect_uri = "http://localhost:8400/",
                      .scope = {"offline_access", "Bookings.ReadWrite.All"}},
        oauth::file_store{"tokens"}};

    auto pending = graph.authorize().value();
    auto tokens = graph.exchange(std::move(pending), pasted).value();
    auto token = graph.access_token().value();
    @endcode

    @par Thread safety
    Distinct objects are safe. On one object, all member functions may be called by several threads at once, provided its policies allow it, as all shipped ones do;
    moving it must be alone.

    @par Exception safety
    Failures are values. Only the constructor throws @ref error. What a policy throws passes through, and so does std::bad_alloc. A session is not harmed by it: before the server
    is asked nothing has happened; what it has given and the store does not have is held in memory, as after a failure of the store. It is lost only where memory ends while
    the answer is read.
*/
template <transport Transport, token_store Store = memory_store, clock Clock = system_clock, client_authentication Authentication = client_secret_post,
          class Config = default_config>
class flow : public flow_sign_in<detail::engine<Transport, Store, Clock, Authentication, Config>>
{
    using engine = detail::engine<Transport, Store, Clock, Authentication, Config>;
    using base = flow_sign_in<engine>;
    using base::engine_;
    using entropy_type = typename Config::entropy;
    using constraint_type = typename Config::sender_constraint;
    using signer_type = typename Config::request_signer;
    static_assert(sender_constraint<constraint_type>, "flow: Config::sender_constraint is none; see check_sender_constraint");
    static_assert(request_signer<signer_type>, "flow: Config::request_signer is none; see check_request_signer");
    static_assert(entropy<entropy_type>, "flow: Config::entropy is no source of random bytes; see check_entropy");
    static_assert(noexcept(Config::observe(std::declval<observation const&>())), "flow: needs `static void observe(oauth::observation const&) noexcept` in Config");

public:
    using transport_type = Transport;
    using store_type = Store;
    using clock_type = Clock;

    /** @param server Who is asked; see provider/.
        @param who The client's registration.
        @param policies Objects of the policies that need arguments, in any order; the others are default-constructed.
        @throws error with errc::invalid_client or errc::invalid_scope where @ref check finds a fault in `who`, errc::malformed_claims where its claims are no JSON object
            of at most 16 KiB. */
    template <class... Policies>
        requires(detail::one_of<Policies, Transport, Store, Clock, Authentication, entropy_type, constraint_type, signer_type> && ...)
    explicit flow(server_metadata server, client who, Policies... policies)
        : base((oauth::check(who).value(), std::make_unique<engine>(std::move(server), std::move(who), policies...)))
    {
    }

    /// The policies themselves.
    Transport& transport() noexcept { return engine_->transport; }
    Store& store() noexcept { return engine_->store.lasting(); }
    Clock const& clock() const noexcept { return engine_->clock; }
};

template <class... Policies>
    requires(transport<Policies> || ...)
flow(server_metadata, client, Policies...)
    -> flow<typename detail::first_transport<Policies...>::type, typename detail::first_store<memory_store, Policies...>::type,
            typename detail::first_clock<system_clock, Policies...>::type, typename detail::first_authentication<client_secret_post, Policies...>::type>;

} // namespace oauth

#endif
