#ifndef OAUTH_OIDC_ID_TOKEN_EXPECTATIONS_HPP
#define OAUTH_OIDC_ID_TOKEN_EXPECTATIONS_HPP

#include <oauth/core/secret.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <optional>
#include <string>
#include <vector>

namespace oauth {

/** What an ID token must agree with. An aggregate, made to be written with designated initialisers.

    @par Specification
    OpenID Connect Core 3.1.3.7
*/
struct id_token_expectations
{
    std::string issuer = {};                        ///< compared by @ref issuer_matches
    std::string issuer_alias = {};                  ///< another spelling of it that will do, be it a template; empty where there is none
    std::string client_id = {};                     ///< must be in `aud`
    std::optional<std::string> nonce = {};          ///< what was sent, "" where none was: then none may come back. Not looked at where it is not set
    std::optional<seconds> max_age = {};            ///< `auth_time` must be there and not be older
    std::vector<std::string> acr_values = {};       ///< `acr` must be one of these; empty for any
    bool acr_required = false;                      ///< `acr` must be there, be it any
    secret access_token = {};                       ///< what `at_hash` must fit, where both are there
    secret code = {};                               ///< what `c_hash` must fit, where both are there
    jws_algorithms algorithms = jws_algorithms::asymmetric();

    /// How far apart the clocks of server and client may be, either way.
    seconds leeway{300};
};

} // namespace oauth

#endif
