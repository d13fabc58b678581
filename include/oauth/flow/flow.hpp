#ifndef OAUTH_FLOW_FLOW_HPP
#define OAUTH_FLOW_FLOW_HPP

#include <oauth/core/access_token_query.hpp>
#include <oauth/core/account.hpp>
#include <oauth/flow/default_config.hpp>
#include <oauth/flow/detail/engine.hpp>
#include <oauth/flow/detail/judge.hpp>
#include <oauth/machine/api_call.hpp>
#include <oauth/machine/endpoint_call.hpp>
#include <oauth/machine/forgetting.hpp>
#include <oauth/machine/obtaining.hpp>
#include <oauth/machine/renewal.hpp>
#include <oauth/machine/revoking.hpp>
#include <oauth/policy/authentication/client_secret_post.hpp>
#include <oauth/policy/browser.hpp>
#include <oauth/policy/client_authentication.hpp>
#include <oauth/policy/clock.hpp>
#include <oauth/policy/redirect_receiver.hpp>
#include <oauth/policy/store/memory_store.hpp>
#include <oauth/policy/token_store.hpp>
#include <oauth/policy/transport.hpp>
#include <oauth/request/authorization_code.hpp>
#include <oauth/request/authorization_request.hpp>
#include <oauth/request/endpoint_message.hpp>
#include <oauth/request/pushed_authorization.hpp>
#include <oauth/response/authorization_response.hpp>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** An OAuth 2.0 client: signs users in, gets their tokens, keeps them, renews them, and calls APIs with them.

    Made of policies that are chosen at compile time; no call goes through a virtual function. `Transport` carries the requests, `Store` keeps the sessions,
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
    Failures are values. Only the constructor throws @ref error; allocation throws std::bad_alloc, which leaves the session as it was.
*/
template <transport Transport, token_store Store = memory_store, clock Clock = system_clock, client_authentication Authentication = client_secret_post,
          class Config = default_config>
class flow
{
    using entropy_type = typename Config::entropy;
    static_assert(entropy<entropy_type>, "flow: Config::entropy is no source of random bytes; see check_entropy");

    using engine = detail::engine<Transport, Store, Clock, Authentication, Config>;

    // Behind a pointer, so that a flow can be moved though others hold references into it.
    std::unique_ptr<engine> engine_;

public:
    using transport_type = Transport;
    using store_type = Store;
    using clock_type = Clock;

    /** @param server Who is asked; see provider/.
        @param who The client's registration.
        @param policies Objects of the policies that need arguments, in any order; the others are default-constructed.
        @throws error with errc::invalid_client or errc::invalid_scope where @ref check finds a fault in `who`. */
    template <class... Policies>
        requires(detail::one_of<Policies, Transport, Store, Clock, Authentication, entropy_type> && ...)
    explicit flow(server_metadata server, client who, Policies... policies)
        : engine_((oauth::check(who).value(), std::make_unique<engine>(std::move(server), std::move(who), policies...)))
    {
    }

    /// Who is asked.
    server_metadata const& server() const noexcept { return engine_->server; }

    /// The client's registration.
    client const& registration() const noexcept { return engine_->who; }

    /// The policies themselves.
    Transport& transport() noexcept { return engine_->transport; }
    Store& store() noexcept { return engine_->store; }
    Clock const& clock() const noexcept { return engine_->clock; }

    /** Begin a sign-in: the URL to open, and what must be remembered until the user comes back.

        PKCE, `state`, and with `openid` a `nonce`, are always used, fresh each time.

        No request is sent, unless the server takes authorization requests only by way of itself (`server_metadata::require_pushed_authorization_requests`), or
        `authorization_options::pushed` asks for that. Then the request is pushed ahead, the client is authenticated, and the URL holds nothing but `client_id` and
        `request_uri`: open it once, and before `pending_authorization::url_expires_at`, which is a minute at many servers.

        @return The pending authorization, or errc::missing_endpoint, errc::invalid_client (no redirect URI), errc::invalid_scope, errc::duplicate_parameter, errc::entropy_failed.
            Where the request is pushed ahead, also what the client's authentication or the transport fails with, and what @ref decode_pushed_authorization_response finds wrong.

        @par Specification
        RFC 6749 4.1.1, RFC 7636, RFC 9700 2.1, RFC 9126
    */
    result<pending_authorization> authorize(authorization_options const& options = {})
    {
        std::array<std::byte, authorization_request_entropy> random;
        if (auto const filled = engine_->random.fill(random); filled.has_error()) return filled.error();
        auto made = engine_->request(engine_->server, engine_->who, options, random, engine_->now());
        detail::wipe(random.data(), random.size());
        if (made.has_error() || !is_pushed(engine_->server, options)) return made;
        auto const pushed = ask(pushed_authorization{engine_->request.pushed_parameters(made->url)});
        if (pushed.has_error()) return pushed.error();
        made->url = engine_->request.pushed_url(pushed->request_uri);
        made->url_expires_at = made->created_at + pushed->expires_in;
        return made;
    }

    /** Finish a sign-in: check what came back, exchange the code, keep the tokens.

        @param pending From @ref authorize; used up when the code is given out to be exchanged. On any failure before that it stays as it is: let the user paste again.
        @param redirect The whole redirected URL, its query or fragment, a form_post body, or the bare code. A bare code brings no state: then only PKCE ties it to this sign-in.
        @param whose The account that the tokens are kept for. Its earlier session is replaced.

        @return What the server said, or
            @li errc::invalid_account when the account's key is empty or longer than 512 bytes,
            @li what @ref parse_authorization_response finds wrong with `redirect`,
            @li errc::authorization_expired when `pending` is older than Config::authorization_lifetime,
            @li errc::missing_endpoint, what the client's authentication or the transport fails with, and what @ref decode_token_response finds wrong with the answer,
            @li what the store fails with. Before the code is spent: nothing has happened, and the code may be tried again. After that: the tokens are held in memory, @ref access_token
                hands them out, and saving is tried again with the next renewal; @ref session has them too.
    */
    result<token_response> exchange(pending_authorization&& pending, std::string_view redirect, account const& whose = {})
    {
        if (engine_->now() - pending.created_at > Config::authorization_lifetime) return failure(errc::authorization_expired, advice::sign_in_again, "begin a new sign-in");
        auto came = parse_authorization_response(redirect, pending);
        if (came.has_error())
        {
            auto why = std::move(came).error();
            advise(engine_->server.advice_rules, why);
            if (why.code == server_errc::invalid_request_uri && pending.url_expires_at)
            {
                why.next = advice::sign_in_again;
                why.hint = "begin a new sign-in; the pushed request had expired before its URL was opened, or the URL was opened twice";
            }
            return why;
        }
        authorization_code grant{std::move(came->code), pending.redirect_uri, pending.code_verifier};
        grant.resource = pending.resource;
        obtaining machine(token_request_body(grant), engine::terms_of(pending.requested, pending.resource, pending.claims), earlier_session::replaced,
                          server().advice_rules, Config::max_response_size);
        auto outcome = obtain(machine, whose);
        if (machine.asked()) pending = {};
        return outcome;
    }

    /** Get tokens by any grant, and add them to the account's session.

        @return As @ref exchange, but for the redirect.
    */
    template <grant Grant>
    result<token_response> obtain(Grant const& grant, account const& whose = {})
    {
        obtaining machine(token_request_body(grant), engine_->terms(), earlier_session::kept, server().advice_rules, Config::max_response_size);
        return obtain(machine, whose);
    }

    /** An access token that is good for a while: from memory, from the store, or renewed.

        From memory it takes no lock that keeps readers from each other, and no allocation. A renewal is done once, however many threads and processes ask: the others wait
        for it, or are given the old token while that lives.

        @return A token with at least the wanted life: `query.minimum_life`, or Config::expiry_margin, but no more than half of the life that it was given. What the server gives
            is handed out however short it lives; and when it can't be renewed now, so is the old one while it lives, provided that no minimum was named. Or
            @li errc::no_session: nobody is signed in; errc::not_renewable: the session has no refresh token, or lost it since the server refused it,
            @li errc::invalid_account when the account's key is empty or longer than 512 bytes,
            @li server_errc::invalid_grant and what else the server refuses with; errc::lock_timeout; what the transport or the store fails with. When a new token could not be
                saved, that is told once; ask again to get the token, which is held in memory.
    */
    result<oauth::access_token> access_token(access_token_query const& query = {}) { return token_of("default", query); }

    /// As above, for the account `whose`.
    result<oauth::access_token> access_token(account const& whose, access_token_query const& query = {}) { return token_of(whose.key, query); }

    /** Renew now, whether it is needed or not, and tell what the server said.

        @return What the server said, or as @ref access_token. No older token takes the place of a failure.
    */
    result<token_response> refresh(access_token_query const& query = {}, account const& whose = {})
    {
        auto wish = engine_->wish_of(whose.key, query);
        wish.when = renew_when::always;
        auto outcome = engine_->run(renewal(std::move(wish)), whose.key);
        if (outcome.has_error()) return std::move(outcome).error();
        if (outcome->not_saved) return std::move(*outcome->not_saved);
        return std::move(*outcome->answer);
    }

    /** Sign a user in from beginning to end: get ready to receive, open the browser, wait, exchange.

        @param browser Shows the sign-in page.
        @param receiver Waits for the user to come back. It may name another port in the redirect URI.

        @return As @ref exchange; and what the browser or the receiver fails with.
    */
    template <browser Browser, redirect_receiver Receiver>
    result<token_response> sign_in(Browser browser, Receiver receiver, authorization_options options = {}, account const& whose = {})
    {
        auto redirect_uri = receiver.prepare(options.redirect_uri.empty() ? engine_->who.redirect_uri : options.redirect_uri);
        if (redirect_uri.has_error()) return redirect_uri.error();
        options.redirect_uri = std::move(*redirect_uri);
        auto pending = authorize(options);
        if (pending.has_error()) return pending.error();
        if (auto const opened = browser.open(pending->url); opened.has_error()) return opened.error();
        auto const came = receiver.receive([&pending](std::string_view text) { return detail::judge<Receiver>(text, *pending); });
        if (came.has_error()) return came.error();
        return exchange(std::move(*pending), *came, whose);
    }

    /** Call an API with an access token in `Authorization: Bearer`. When it answers 401 and does not name another error than `invalid_token`, the token is renewed once, and the request is sent once more.

        @param request What to send; its `authorization` is set here.

        @return The API's answer, whatever its status; or what @ref access_token or the transport fails with; errc::unsupported_token_type where the token is no bearer token.
            A new token that could not be saved is used all the same: it is held in memory, and saving is tried again with the next renewal.

        @par Specification
        RFC 6750 2.1 and 3.1
    */
    result<http_response> call(http_request request, access_token_query const& query = {}, account const& whose = {})
    {
        return engine_->run(api_call(std::move(request), engine_->from_memory(whose.key, query), engine_->wish_of(whose.key, query)), whose.key);
    }

    /** Ask another endpoint of the server than the token endpoint: introspection, revocation, a pushed request, a device's sign-in … The client is authenticated there as at the
        token endpoint.

        @code
        auto const token_is = graph.ask(oauth::introspection{.token = token}).value();
        @endcode

        @param message What is asked; see @ref endpoint_message for the shipped ones and for one's own.

        @return What `Message::read` makes of the answer; or errc::missing_endpoint, and what the client's authentication or the transport fails with.
    */
    template <endpoint_message Message>
    auto ask(Message const& message) -> decltype(Message::read(std::declval<http_response const&>(), std::size_t()))
    {
        return engine_->run(endpoint_call<Message>(message, server().advice_rules, Config::max_response_size), "default");
    }

    /** What is kept of the account, the refresh token included; nothing where nobody is signed in. What the store could not take is part of it.

        @return Also errc::invalid_account, and what the store fails with.
    */
    result<std::optional<oauth::session>> session(account const& whose = {})
    {
        if (auto const valid = engine::check(whose.key); valid.has_error()) return valid.error();
        return engine_->sessions(whose.key).whole();
    }

    /** End the account's session everywhere: revoke its tokens at the server, then forget them, here and in the store.

        Waits for a renewal that is under way, at most Config::lock_timeout. Whatever goes wrong at the server, the tokens are forgotten. To keep them until the server has
        taken note, call `ask(revocation{.token = …})` with what @ref session holds, and @ref forget afterwards.

        Microsoft has no revocation endpoint: there it is errc::missing_endpoint, and the tokens are forgotten; see @ref revocation for what can be done there.

        @return Nothing, also where nobody is signed in; or
            @li what the store fails with: the session may still be in it; errc::invalid_account,
            @li errc::missing_endpoint, what the client's authentication or the transport fails with, and what @ref decode_revocation_response finds wrong with the answer:
                the tokens are forgotten here, but at the server they live on until they expire. Asking again is in vain then.

        @par Specification
        RFC 7009 2
    */
    result<void> revoke(account const& whose = {}, revoked_tokens which = revoked_tokens::refresh_token)
    {
        return engine_->run(revoking(which, server().advice_rules, Config::max_response_size), whose.key);
    }

    /** Forget the account's tokens, here and in the store. The server is not told; see @ref revoke.

        Waits for a renewal that is under way, at most Config::lock_timeout, since that would save them again.

        @return Also errc::invalid_account, and what the store fails with; the tokens in memory are forgotten all the same.
    */
    result<void> forget(account const& whose = {}) { return engine_->run(forgetting(), whose.key); }

private:
    result<oauth::access_token> token_of(std::string_view whose, access_token_query const& query)
    {
        if (auto token = engine_->from_memory(whose, query); !token.empty()) return token;
        auto outcome = engine_->run(renewal(engine_->wish_of(whose, query)), whose);
        if (outcome.has_error()) return std::move(outcome).error();
        if (outcome->not_saved) return std::move(*outcome->not_saved);
        return std::move(outcome->token);
    }

    result<token_response> obtain(obtaining& machine, account const& whose)
    {
        if (auto const valid = engine::check(whose.key); valid.has_error()) return valid.error();
        engine_->drive(machine, whose.key);
        auto outcome = std::move(machine).outcome();
        if (outcome.has_error()) return std::move(outcome).error();
        if (outcome->not_saved) return std::move(*outcome->not_saved);
        return std::move(outcome->answer);
    }
};

template <class... Policies>
    requires(transport<Policies> || ...)
flow(server_metadata, client, Policies...)
    -> flow<typename detail::first_transport<Policies...>::type, typename detail::first_store<memory_store, Policies...>::type,
            typename detail::first_clock<system_clock, Policies...>::type, typename detail::first_authentication<client_secret_post, Policies...>::type>;

} // namespace oauth

#endif
