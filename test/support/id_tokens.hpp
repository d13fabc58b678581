#ifndef OAUTH_TEST_SUPPORT_ID_TOKENS_HPP
#define OAUTH_TEST_SUPPORT_ID_TOKENS_HPP

#include <oauth/jose/jwk_set.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <oauth/oidc/id_token_expectations.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// ID tokens that are right but for what a test says.
namespace oauth::test {

inline constexpr time_point issued_now{seconds{1'767'323'045}};   // 2026-01-02 03:04:05 UTC

inline private_key const& server_key()
{
    static private_key const key = private_key::generate(jws_algorithm::es256).value();
    return key;
}

inline std::shared_ptr<jwk_set const> set_of(private_key const& key, std::string_view key_id)
{
    auto members = key.public_key().json();
    members["kid"] = boost::json::string_view(key_id.data(), key_id.size());
    return std::make_shared<jwk_set const>(std::vector<jwk>{jwk::parse(members).value()});
}

inline std::shared_ptr<jwk_set const> server_keys() { return set_of(server_key(), "k1"); }
inline std::shared_ptr<jwk_set const> other_keys() { return set_of(private_key::generate(jws_algorithm::es256).value(), "k2"); }

inline boost::json::object good_claims()
{
    auto const at = issued_now.time_since_epoch().count();
    return {{"iss", "https://login.example"}, {"sub", "alex"}, {"aud", "the client"}, {"exp", at + 3600}, {"iat", at}, {"nonce", "n-1"}};
}

/// The claims with one of them changed; without it where `value` is null.
inline boost::json::object claims_with(std::string_view name, boost::json::value value)
{
    auto claims = good_claims();
    if (value.is_null()) claims.erase({name.data(), name.size()});
    else claims[{name.data(), name.size()}] = std::move(value);
    return claims;
}

inline std::string signed_token(boost::json::object const& claims, boost::json::object header = {})
{
    header["kid"] = "k1";
    return std::string(sign_jwt(claims, server_key(), jws_algorithm::es256, std::move(header)).value().reveal());
}

inline id_token_expectations expectations() { return {.issuer = "https://login.example", .client_id = "the client", .nonce = "n-1"}; }

} // namespace oauth::test

#endif
