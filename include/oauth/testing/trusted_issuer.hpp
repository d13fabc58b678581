#ifndef OAUTH_TESTING_TRUSTED_ISSUER_HPP
#define OAUTH_TESTING_TRUSTED_ISSUER_HPP

#include <oauth/jose/jwk.hpp>
#include <string>
#include <vector>

namespace oauth::testing {

/// Whose assertions are taken for tokens (RFC 7523 2.1): another identity provider, which speaks of the server's users by object id or name, or a service account, which speaks for itself.
struct trusted_issuer
{
    std::string issuer;      ///< `iss`
    std::vector<jwk> keys;   ///< what it signs with
};

} // namespace oauth::testing

#endif
