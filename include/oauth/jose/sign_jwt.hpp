#ifndef OAUTH_JOSE_SIGN_JWT_HPP
#define OAUTH_JOSE_SIGN_JWT_HPP

#include <oauth/core/secret.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jws.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace oauth {

/** Sign claims.

    @param claims What the token says.
    @param key The key to sign with.
    @param algorithm What to sign by.
    @param extra_header Further members of the header. `typ` is "JWT" where it is not among them.

    @return The token, or what @ref sign_jws fails with.

    @par Specification
    RFC 7519 7.1
*/
inline result<secret> sign_jwt(boost::json::object const& claims, private_key const& key, jws_algorithm algorithm, boost::json::object extra_header = {})
{
    extra_header.emplace("typ", "JWT");
    return sign_jws(extra_header, boost::json::serialize(claims), key, algorithm);
}

} // namespace oauth

#endif
