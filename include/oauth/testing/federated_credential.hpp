#ifndef OAUTH_TESTING_FEDERATED_CREDENTIAL_HPP
#define OAUTH_TESTING_FEDERATED_CREDENTIAL_HPP

#include <oauth/jose/jwk.hpp>
#include <string>
#include <vector>

namespace oauth::testing {

/// Another identity provider's word for a client, which proves who it is by the tokens that it gets there: a workload in a cluster, for instance. Issuer, subject and audience are
/// compared character by character.
struct federated_credential
{
    std::string issuer;                                    ///< `iss`
    std::string subject;                                   ///< `sub`: what that provider calls the client
    std::string audience = "api://AzureADTokenExchange";   ///< `aud`, or one of its list
    std::vector<jwk> keys = {};                            ///< what it signs with
};

} // namespace oauth::testing

#endif
