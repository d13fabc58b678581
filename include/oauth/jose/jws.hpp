#ifndef OAUTH_JOSE_JWS_HPP
#define OAUTH_JOSE_JWS_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/detail/signature.hpp>
#include <oauth/jose/jwk.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <oauth/jose/jws_header.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/// The most bytes of a signed token that are looked at, unless another limit is given.
inline constexpr std::size_t default_token_limit = 64 * 1024;

/** A JSON Web Signature in compact form, taken apart. **Nothing in it is to be believed** until @ref verify says so.

    The token and its payload are kept as secrets, since a token may be one.

    @par Thread safety
    A value: distinct objects are safe.

    @par Specification
    RFC 7515 3.1
*/
class jws
{
    secret compact_;
    std::size_t signed_size_ = 0;
    jws_header header_;
    secret payload_;
    std::string signature_;

    jws() = default;

    static result<jws> parse(std::string_view compact, std::size_t limit, bool may_bring_key);
    friend result<jws> parse_jws(std::string_view compact, std::size_t limit);
    friend result<jws> parse_jws_with_embedded_key(std::string_view compact, std::size_t limit);

public:
    jws_header const& header() const& noexcept { return header_; }
    jws_header&& header() && noexcept { return std::move(header_); }

    /// The decoded payload. The view lives as long as this object is neither changed nor destroyed; so do the next two.
    std::string_view payload() const noexcept { return payload_.reveal(); }

    /// What the signature is of: the first two parts, as they came.
    std::string_view signing_input() const noexcept { return compact_.reveal().substr(0, signed_size_); }

    /// The decoded signature.
    std::string_view signature() const noexcept { return signature_; }
};

inline result<jws> jws::parse(std::string_view compact, std::size_t limit, bool may_bring_key)
{
    if (compact.size() > limit) return detail::token_fault(errc::token_too_large);
    auto const first = compact.find('.');
    auto const second = first == compact.npos ? first : compact.find('.', first + 1);
    if (second == compact.npos) return detail::token_fault(errc::malformed_token, "it is not of three parts");
    if (auto const third = compact.find('.', second + 1); third != compact.npos)
    {
        auto const fourth = compact.find('.', third + 1);
        bool const of_five = fourth != compact.npos && compact.find('.', fourth + 1) == compact.npos;
        if (of_five) return failure(errc::encrypted_token, advice::fix_configuration, "switch token encryption off in the app's registration");
        return detail::token_fault(errc::malformed_token, "it is not of three parts");
    }
    auto header = detail::read_jws_header(compact.substr(0, first));
    if (header.has_error()) return header.error();
    if (!may_bring_key && detail::brings_key(header->members)) return detail::token_fault(errc::key_in_token, "jwk, jku or x5u");
    auto payload = base64url_decode(compact.substr(first + 1, second - first - 1));
    if (!payload) return detail::token_fault(errc::malformed_token, "the payload is not canonical base64url");
    auto signature = base64url_decode(compact.substr(second + 1));
    if (!signature) return detail::token_fault(errc::malformed_token, "the signature is not canonical base64url");
    jws out;
    out.compact_ = secret(compact);
    out.signed_size_ = second;
    out.header_ = std::move(*header);
    out.payload_ = secret(std::move(*payload));
    out.signature_ = std::move(*signature);
    return out;
}

/** Take a signed token apart. Checks no signature.

    @param compact The token. Nothing may stand before or behind it.
    @param limit The most bytes.

    @return Its parts, or
        @li errc::token_too_large,
        @li errc::malformed_token when it is not of three parts, a part is not canonical base64url, or the header is no JSON object that holds a text as `alg`, is nested over
            16 deep, has a member twice, or a `kid`, `typ` or `cty` that is no text,
        @li errc::encrypted_token, with advice::fix_configuration, for a JWE,
        @li errc::unsigned_token when `alg` is "none", in whatever letters,
        @li errc::unsupported_algorithm when it is none of @ref jws_algorithm,
        @li errc::unsupported_header for `crit` and for a `b64` that is not true,
        @li errc::key_in_token for `jwk`, `jku` and `x5u`: who brings the key to a lock proves nothing. `x5c` and `x5t` are not looked at.

    All but one have advice::give_up. No failure holds anything of the token.

    @par Exception safety
    Strong; only allocation throws.

    @par Specification
    RFC 7515 5.2, RFC 8725 3
*/
inline result<jws> parse_jws(std::string_view compact, std::size_t limit = default_token_limit) { return jws::parse(compact, limit, false); }

/** As @ref parse_jws, but a token may bring its own key, as a DPoP proof must (RFC 9449 4.2).

    Such a key proves only that the sender holds it. Read it with `jwk::parse` from `header().members`; nothing here follows `jku` or `x5u`.
*/
inline result<jws> parse_jws_with_embedded_key(std::string_view compact, std::size_t limit = default_token_limit) { return jws::parse(compact, limit, true); }

/** Check a token's signature.

    The algorithm is the token's, as far as the caller and the key both take it. A public key is never the secret of an HMAC, since a @ref jwk is one or the other.

    @param token What was taken apart.
    @param key The key to check with, from a place that the caller trusts.
    @param allowed The algorithms that the caller takes.

    @return Nothing, or
        @li errc::algorithm_not_allowed, with advice::fix_configuration, when the token's algorithm is not in `allowed`,
        @li errc::key_not_fit when the key does not permit it (@ref jwk::check_permits),
        @li errc::bad_signature.

    @par Complexity
    That of OpenSSL's `EVP_DigestVerify`.

    @par Exception safety
    Strong; only allocation throws. OpenSSL's error queue is left as it was.

    @par Specification
    RFC 7515 5.2, RFC 7518 3
*/
inline result<void> verify(jws const& token, jwk const& key, jws_algorithms allowed)
{
    auto const algorithm = token.header().algorithm;
    if (!allowed.contains(algorithm)) return failure(errc::algorithm_not_allowed, advice::fix_configuration, std::string(to_string(algorithm)));
    if (auto const fits = key.check_permits(algorithm); fits.has_error()) return fits.error();
    auto const& data = detail::jwk_access::data(key);
    if (!detail::is_signature(algorithm, data.material.key.get(), data.beginnings, data.octets.reveal(), token.signing_input(), token.signature())) return detail::token_fault(errc::bad_signature);
    return {};
}

} // namespace oauth

#endif
