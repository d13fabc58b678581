#ifndef OAUTH_FLOW_DEFAULT_CONFIG_HPP
#define OAUTH_FLOW_DEFAULT_CONFIG_HPP

#include <oauth/core/time_point.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <oauth/machine/observation.hpp>
#include <oauth/policy/entropy.hpp>
#include <oauth/policy/request_signer.hpp>
#include <oauth/policy/sender_constraint.hpp>
#include <chrono>
#include <cstddef>

namespace oauth {

/** What is rarely replaced. Configuration is a type: derive from this one, and say what is different.

    @code
    struct mine : oauth::default_config
    {
        static constexpr oauth::seconds expiry_margin{600};
    };
    oauth::flow<oauth::beast_transport, oauth::file_store, oauth::system_clock, oauth::client_secret_post, mine> graph{…};
    @endcode
*/
struct default_config
{
    /// Where random bytes come from.
    using entropy = openssl_entropy;

    /// What ties access tokens to who may use them: nothing, or a key (`dpop`).
    using sender_constraint = bearer;

    /// What signs authorization requests (RFC 9101): nothing, or a key (`signed_requests`).
    using request_signer = plain_requests;

    /// A token with less life than this is renewed. A call may ask for another minimum.
    static constexpr seconds expiry_margin{300};

    /// How long an access token serves when the server does not say how long it lives (RFC 6749 5.1 allows that).
    static constexpr seconds unknown_lifetime{600};

    /// In an outage of the token service, hand out tokens until their `ext_expires_in`. The resource must be ready to take them.
    static constexpr bool use_extended_lifetime = false;

    /** Hand out a token though the server says that it granted less than was asked for. Else that is errc::scope_not_granted.

        For servers that write what they grant in other words than those that they are asked in.
    */
    static constexpr bool accept_narrower_scope = false;

    /// How long to wait for another thread, process or host that renews the same session. `std::chrono::milliseconds::max()` is no limit.
    static constexpr std::chrono::milliseconds lock_timeout{60'000};

    /// How long a user may take to come back.
    static constexpr seconds authorization_lifetime{3600};

    /** What an ID token may be signed with; a signed redirect and a signed answer of the userinfo endpoint too.

        HS256 and the like, whose key is the client's secret, only where they are named here: for a client that is registered so (`id_token_signed_response_alg`). Name nothing else
        then: the server's keys are not fetched, and its other signatures are not taken. The secret must be as long as the hash: 32 bytes for HS256 (OpenID Connect Core 10.1).

        @code
        struct signed_by_secret : oauth::default_config
        {
            static constexpr oauth::jws_algorithms id_token_algorithms{oauth::jws_algorithm::hs256};
        };
        @endcode
    */
    static constexpr jws_algorithms id_token_algorithms = jws_algorithms::asymmetric();

    /// How far apart the clocks of server and client may be, either way, when an ID token is checked.
    static constexpr seconds id_token_leeway{300};

    /// The most bytes of a token endpoint's answer that are looked at.
    static constexpr std::size_t max_response_size = 1 << 20;

    /// For how many accounts sessions are held in memory beside the store. Those that are not saved yet do not count. And for how many assertions what they bring is kept, which is in memory
    /// alone where no account is named.
    static constexpr std::size_t max_cached_accounts = 1024;

    /** Called with each @ref happening: for a log, a metric, or whatever must know that a refresh token was rotated. This one does nothing, and costs nothing.

        Called by whichever thread asks for a token, never while the session's lock is held, but for `renewal_asked`. It must be quick, and must not call the flow.
        A client has many flows or one: what the observer needs is at its type's own scope.

        @code
        struct watched : oauth::default_config
        {
            static void observe(oauth::observation const& seen) noexcept
            {
                if (seen.why) std::clog << oauth::to_string(seen.what) << ": " << oauth::describe(*seen.why) << '\n';
            }
        };
        @endcode
    */
    static constexpr void observe(observation const&) noexcept {}
};

} // namespace oauth

#endif
