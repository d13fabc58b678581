#ifndef OAUTH_REQUEST_REFRESH_TOKEN_HPP
#define OAUTH_REQUEST_REFRESH_TOKEN_HPP

#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/request/grant.hpp>
#include <string>
#include <string_view>

namespace oauth {

/** The grant that renews: a new access token for a refresh token, without the user.

    @par Specification
    RFC 6749 6
*/
struct refresh_token
{
    static constexpr std::string_view grant_type = "refresh_token";

    secret token;
    oauth::scope scope = {};      ///< a part of what was granted; empty for all of it
    std::string resource = {};    ///< Entra v1, ADFS, RFC 8707
    std::string claims = {};      ///< a claims request, as JSON

    void write(form& body) const
    {
        body.add("refresh_token", token.reveal()).add_if("scope", scope.str()).add_if("resource", resource).add_if("claims", claims);
    }
};
static_assert(check_grant<refresh_token>());

} // namespace oauth

#endif
