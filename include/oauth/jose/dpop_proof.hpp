#ifndef OAUTH_JOSE_DPOP_PROOF_HPP
#define OAUTH_JOSE_DPOP_PROOF_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/sha256.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace oauth {

/// How many random bytes a proof takes, for its `jti`.
inline constexpr std::size_t dpop_proof_entropy = 16;

/** A proof that the sender of a request holds a key: the value of the header field `DPoP`.

    @param request Its method and URL are signed; query and fragment are not part of that.
    @param key The key, whose public half goes along.
    @param algorithm What to sign by; the key must permit it.
    @param access_token The token that goes along, "" to the token endpoint.
    @param nonce The server's last `DPoP-Nonce`, or "".
    @param random Fresh random bytes, used for nothing else.
    @param now The client's clock; the server allows for some difference.

    @return The proof, or what @ref sign_jwt fails with.

    @par Specification
    RFC 9449 4.2
*/
inline result<std::string> dpop_proof(http_request const& request, private_key const& key, jws_algorithm algorithm, std::string_view access_token, std::string_view nonce,
                                      std::span<std::byte const, dpop_proof_entropy> random, time_point now)
{
    auto const text = [](std::string_view view) { return boost::json::string_view(view.data(), view.size()); };
    std::string_view const url = request.url.url();
    auto target = std::string(url.substr(0, url.find('?')));
    if (!request.url.has_path()) target += '/';   // as a server sees it
    boost::json::object claims{{"jti", base64url_encode(random)}, {"htm", text(to_string(request.method))}, {"htu", target}, {"iat", now.time_since_epoch().count()}};
    if (!access_token.empty()) claims["ath"] = base64url_encode(std::span<std::byte const>(sha256(access_token)));
    if (!nonce.empty()) claims["nonce"] = text(nonce);
    auto proof = sign_jwt(claims, key, algorithm, {{"typ", "dpop+jwt"}, {"jwk", key.public_key().json()}});
    if (proof.has_error()) return std::move(proof).error();
    return std::string(proof->reveal());
}

} // namespace oauth

#endif
