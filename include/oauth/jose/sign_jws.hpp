#ifndef OAUTH_JOSE_SIGN_JWS_HPP
#define OAUTH_JOSE_SIGN_JWS_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/detail/signature.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <oauth/jose/jws_header.hpp>
#include <oauth/jose/private_key.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** Sign a payload, and write both in compact form.

    @param header The header's members. `alg` is put in front of them, whatever it was; `kid` behind them where the key has one and they have none.
    @param payload Any bytes.
    @param key The key to sign with.
    @param algorithm What to sign by.

    @return The token, or, with advice::fix_configuration,
        @li errc::key_not_fit when the key does not permit the algorithm (@ref private_key::check_permits), or OpenSSL can't sign with it,
        @li errc::unsupported_header when `crit` or `b64` is among the members.

    @par Complexity
    That of OpenSSL's `EVP_DigestSign`: about a millisecond for RSA of 2048 bits.

    @par Exception safety
    Strong; only allocation throws. OpenSSL's error queue is left as it was.

    @par Specification
    RFC 7515 5.1
*/
inline result<secret> sign_jws(boost::json::object const& header, std::string_view payload, private_key const& key, jws_algorithm algorithm)
{
    if (auto fits = key.check_permits(algorithm); fits.has_error()) return fits.error();
    if (detail::demands_extension(header)) return failure(errc::unsupported_header, advice::fix_configuration, "crit or b64");
    auto const name = to_string(algorithm);
    boost::json::object members{{"alg", boost::json::string_view(name.data(), name.size())}};
    for (auto const& member : header) members.emplace(member.key(), member.value());
    if (auto const id = key.key_id(); !id.empty()) members.emplace("kid", boost::json::string_view(id.data(), id.size()));
    auto text = base64url_encode(boost::json::serialize(members));
    text.reserve(text.size() + base64url_size(payload.size()) + 1024);
    secret out(std::move(text));
    out.append(".");
    out.append(secret(base64url_encode(payload)).reveal());
    auto const signature = detail::make_signature(algorithm, detail::private_key_access::key(key), detail::private_key_access::octets(key), out.reveal());
    if (!signature) return failure(errc::key_not_fit, advice::fix_configuration, "OpenSSL can't sign with this key");
    out.append(".");
    out.append(base64url_encode(*signature));
    return out;
}

} // namespace oauth

#endif
