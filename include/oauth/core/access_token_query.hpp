#ifndef OAUTH_CORE_ACCESS_TOKEN_QUERY_HPP
#define OAUTH_CORE_ACCESS_TOKEN_QUERY_HPP

#include <oauth/core/scope.hpp>
#include <oauth/core/time_point.hpp>
#include <optional>
#include <string>

namespace oauth {

/** Which access token is wanted. What is left empty is taken from the client's registration.

    An aggregate, made to be written with designated initialisers: `flow.access_token({.minimum_life = 30min})`.
*/
struct access_token_query
{
    oauth::scope scope = {};                              ///< all that the token must be good for; tokens of one resource
    std::string resource = {};                            ///< Entra v1, ADFS, RFC 8707: the one that the token is for
    std::string claims = {};                              ///< a claims request (OIDC Core 5.5); a token that was asked without it does not serve
    std::string claims_challenge = {};                    ///< the claims that an API wants which refused the kept token; the one that is asked with them takes its place
    std::optional<seconds> minimum_life = std::nullopt;   ///< how long it must still live at least, instead of the flow's expiry margin
    bool renew = false;                                   ///< leave the kept token aside and renew
};

} // namespace oauth

#endif
