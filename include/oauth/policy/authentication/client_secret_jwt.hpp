#ifndef OAUTH_POLICY_AUTHENTICATION_CLIENT_SECRET_JWT_HPP
#define OAUTH_POLICY_AUTHENTICATION_CLIENT_SECRET_JWT_HPP

#include <oauth/jose/private_key.hpp>
#include <oauth/policy/authentication/private_key_jwt.hpp>
#include <oauth/policy/client_authentication.hpp>
#include <utility>

namespace oauth {

/** The client proves that it knows its secret by a JWT, without sending it: HMAC with `client.secret` as the key.

    Fails with errc::invalid_client for a client without a secret, errc::key_not_fit where the secret is shorter than the algorithm's hash (32 bytes for HS256), and as
    @ref basic_private_key_jwt does.

    @par Specification
    OpenID Connect Core 9
*/
class client_secret_jwt
{
    private_key_jwt_options options_;

public:
    explicit client_secret_jwt(private_key_jwt_options options = {.algorithm = jws_algorithm::hs256}) : options_(std::move(options)) {}

    result<void> authenticate(http_request& request, form& body, client const& who, server_metadata const& server, time_point now)
    {
        if (who.secret.empty()) return failure(errc::invalid_client, advice::fix_configuration, "client_secret_jwt needs client.secret");
        auto key = private_key::symmetric(who.secret);
        if (key.has_error()) return std::move(key).error();
        return private_key_jwt(std::move(*key), options_).authenticate(request, body, who, server, now);
    }
};
static_assert(check_client_authentication<client_secret_jwt>());

} // namespace oauth

#endif
