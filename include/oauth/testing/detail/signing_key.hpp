#ifndef OAUTH_TESTING_DETAIL_SIGNING_KEY_HPP
#define OAUTH_TESTING_DETAIL_SIGNING_KEY_HPP

#include <oauth/jose/jws_algorithm.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace oauth::testing::detail {

/// An RSA key of 2048 bits, made when it is first needed and shared by all servers of a process, since making one takes a tenth of a second.
class signing_key
{
    private_key key_ = make();

    signing_key() = default;

    static private_key make()
    {
        auto const key = private_key::generate(jws_algorithm::rs256).value();
        return key.with_key_id(key.public_key().thumbprint());
    }

public:
    static signing_key const& instance()
    {
        static signing_key const key;
        return key;
    }

    /// `kid`: the key's thumbprint (RFC 7638).
    std::string_view id() const noexcept { return key_.key_id(); }

    /// The public key as a JWK, without `alg`, as Microsoft sends it.
    boost::json::object jwk() const { return key_.public_key().json(); }

    /// `claims` as a JWT signed with RS256 (RFC 7519, RFC 7518 3.3).
    std::string sign(boost::json::object const& claims) const { return std::string(sign_jwt(claims, key_, jws_algorithm::rs256).value().reveal()); }
};

} // namespace oauth::testing::detail

#endif
