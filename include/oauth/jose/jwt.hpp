#ifndef OAUTH_JOSE_JWT_HPP
#define OAUTH_JOSE_JWT_HPP

#include <oauth/core/detail/strict_json.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/detail/reread.hpp>
#include <oauth/jose/jwk.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/jose/jws.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <oauth/jose/jws_header.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace oauth {

/** A JSON Web Token: a header, and claims about somebody.

    @par Specification
    RFC 7519 3
*/
struct jwt
{
    jws_header header = {};
    boost::json::object claims = {};
};

/// A @ref jwt whose signature was good: `key` is the one that made it. Whether the claims hold now, and for this client, is still to be asked.
struct verified_jwt : jwt
{
    jwk key;
};

namespace detail {

/// The claims of a payload. Numbers may be infinite or not a number: see @ref strict_json.
inline result<boost::json::object> read_claims(std::string_view payload)
{
    auto claims = strict_json_object(payload, {.size = payload.size()});
    if (claims.has_error()) return reread(claims.error(), errc::malformed_claims, "the payload");
    return claims;
}

inline result<verified_jwt> verify_jwt_with(jws&& token, std::span<jwk const> keys, jws_algorithms allowed)
{
    failure why(errc::unknown_key, advice::retry);
    for (auto const& key : keys)
    {
        auto const checked = verify(token, key, allowed);
        if (checked.has_value())
        {
            auto claims = read_claims(token.payload());
            if (claims.has_error()) return claims.error();
            return verified_jwt{{std::move(token).header(), std::move(*claims)}, key};
        }
        why = checked.error();
    }
    return why;
}

} // namespace detail

/** Check a token's signature with the keys of its issuer, and read its claims.

    The token's `kid` chooses the key. Where several keys have it, and where the token has none, each key that permits the token's algorithm is tried, 16 at most.

    @param compact The token.
    @param keys The issuer's keys.
    @param allowed The algorithms that the caller takes.
    @param limit The most bytes.

    @return The token, or
        @li what @ref parse_jws fails with,
        @li errc::algorithm_not_allowed,
        @li what @ref jwk_set::candidates fails with: on errc::unknown_key get the issuer's keys anew, and try once more,
        @li errc::bad_signature: where the token has no `kid`, it may be of a key that is not known yet,
        @li errc::malformed_claims when the payload is no JSON object, is nested over 16 deep, or has a member twice.

    No failure holds anything of the token.

    @par Exception safety
    Strong; only allocation throws.

    @par Specification
    RFC 7519 7.2, OpenID Connect Core 10.1
*/
inline result<verified_jwt> verify_jwt(std::string_view compact, jwk_set const& keys, jws_algorithms allowed, std::size_t limit = default_token_limit)
{
    auto token = parse_jws(compact, limit);
    if (token.has_error()) return token.error();
    auto const& header = token->header();
    if (!allowed.contains(header.algorithm)) return failure(errc::algorithm_not_allowed, advice::fix_configuration, std::string(to_string(header.algorithm)));
    auto const candidates = keys.candidates(header.key_id, header.algorithm);
    if (candidates.has_error()) return candidates.error();
    return detail::verify_jwt_with(std::move(*token), *candidates, allowed);
}

/** The same with one key, whatever the token's `kid`: for a client secret, and for a key that is known beforehand.

    @return As above; errc::key_not_fit when the key does not permit the token's algorithm.
*/
inline result<verified_jwt> verify_jwt(std::string_view compact, jwk const& key, jws_algorithms allowed, std::size_t limit = default_token_limit)
{
    auto token = parse_jws(compact, limit);
    if (token.has_error()) return token.error();
    return detail::verify_jwt_with(std::move(*token), {&key, 1}, allowed);
}

/** Could what @ref verify_jwt failed with be the fault of keys that are older than the token? Then get the issuer's keys anew, and try once more.

    A server may have a new key, or change one and leave it its name, or give it none.
*/
inline bool may_need_newer_keys(failure const& why) noexcept { return why.code == errc::unknown_key || why.code == errc::bad_signature; }

/** Read a token **without checking its signature**: anybody can have written what comes out.

    For showing, and for what is checked otherwise: a token that came straight from its issuer over TLS (OpenID Connect Core 3.1.3.7, 6). Decide nothing by it.

    @return What it says, or what @ref parse_jws fails with, or errc::malformed_claims.
*/
inline result<jwt> decode_unverified_jwt(std::string_view compact, std::size_t limit = default_token_limit)
{
    auto token = parse_jws(compact, limit);
    if (token.has_error()) return token.error();
    auto claims = detail::read_claims(token->payload());
    if (claims.has_error()) return claims.error();
    return jwt{std::move(*token).header(), std::move(*claims)};
}

} // namespace oauth

#endif
