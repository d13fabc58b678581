#ifndef OAUTH_FLOW_REMOTE_JWK_SET_HPP
#define OAUTH_FLOW_REMOTE_JWK_SET_HPP

#include <oauth/core/endpoint.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/flow/detail/fetch_jwk_set.hpp>
#include <oauth/flow/detail/kept_document.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/policy/clock.hpp>
#include <oauth/policy/transport.hpp>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace oauth {

/** A server's published keys, for whoever checks its tokens without being its client: an API that is called with access tokens.

    @code
    oauth::remote_jwk_set keys{server.jwks_uri, oauth::beast_transport{}};
    auto const token = keys.verify(came_with_the_call);   // then look at its claims: iss, aud, exp, nbf, scp …
    @endcode

    - The keys are fetched when they are first needed, and once a day.
    - A token whose key is not among them, or whose signature is wrong, has them fetched anew: every five minutes at most, whatever is sent. While one thread fetches, only those wait
      who can't go on without.
    - In an outage the keys at hand serve on, for a week. Where there are none, the server is left alone for 5 s after a failure, then twice as long each time, up to a minute, or as long as it
      says (Retry-After), up to five minutes; whoever asks meanwhile is told the same failure.

    A @ref flow does the same for ID tokens by itself.

    @par Ownership
    Owns its transport.

    @par Thread safety
    Safe, where the transport is; moving it must be alone.

    @par Specification
    RFC 7517 5, OpenID Connect Core 10.1.1
*/
template <transport Transport, clock Clock = system_clock>
class remote_jwk_set
{
    using document = detail::kept_document<jwk_set>;

    endpoint jwks_uri_;
    Transport transport_;
    Clock clock_;
    std::unique_ptr<document> kept_ = std::make_unique<document>();

public:
    static constexpr seconds lifetime = document::lifetime;
    static constexpr seconds lifetime_in_an_outage = document::lifetime_in_an_outage;
    static constexpr seconds at_most_every = document::at_most_every;     ///< while there are keys that serve
    static constexpr seconds shortest_pause = document::shortest_pause;   ///< after a failure, while there are none
    static constexpr seconds longest_pause = document::longest_pause;

    /// @param jwks_uri As the server's metadata has it. Nothing is fetched yet.
    explicit remote_jwk_set(endpoint jwks_uri, Transport transport = Transport(), Clock clock = Clock())
        : jwks_uri_(std::move(jwks_uri)), transport_(std::move(transport)), clock_(std::move(clock))
    {
    }

    /** The keys.

        @param seen Those that will not do, since one is missing among them; empty: any that are not older than a day will.

        @return Never an empty pointer. Also `seen` where they were asked for less than five minutes ago, and older ones where they can't be fetched anew, or another thread is fetching them. Or
            errc::missing_endpoint without a `jwks_uri`, what the transport fails with, and what @ref decode_jwk_set finds wrong.
    */
    result<std::shared_ptr<jwk_set const>> get(std::shared_ptr<jwk_set const> const& seen = {})
    {
        return kept_->get(seen, clock_.now(), [this] { return detail::fetch_jwk_set(transport_, jwks_uri_); });
    }

    /** Check a token's signature, with newer keys where those at hand are too old for it. What the token says, and whether it is meant for the caller, is still to be looked at.

        @return As @ref verify_jwt; and as @ref get, where there are no keys.
    */
    result<verified_jwt> verify(std::string_view token, jws_algorithms allowed = jws_algorithms::asymmetric(), std::size_t limit = default_token_limit)
    {
        auto const known = get();
        if (known.has_error()) return known.error();
        auto outcome = verify_jwt(token, **known, allowed, limit);
        if (outcome.has_value() || !may_need_newer_keys(outcome.error())) return outcome;
        auto const newer = get(*known);
        if (newer.has_error()) return newer.error();
        if (*newer == *known) return outcome;
        return verify_jwt(token, **newer, allowed, limit);
    }
};

} // namespace oauth

#endif
