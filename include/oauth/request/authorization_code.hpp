#ifndef OAUTH_REQUEST_AUTHORIZATION_CODE_HPP
#define OAUTH_REQUEST_AUTHORIZATION_CODE_HPP

#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/request/grant.hpp>
#include <string>
#include <string_view>

namespace oauth {

/** The grant for the code that a redirect brought.

    @par Specification
    RFC 6749 4.1.3, RFC 7636 4.5
*/
struct authorization_code
{
    static constexpr std::string_view grant_type = "authorization_code";

    secret code;
    std::string redirect_uri;       ///< the very one of the authorization request
    secret code_verifier;
    oauth::scope scope = {};        ///< Microsoft: the part of what was asked for that this token is to have; empty for all
    std::string resource = {};      ///< Entra v1, ADFS, RFC 8707

    void write(form& body) const
    {
        body.add("code", code.reveal())
            .add_if("redirect_uri", redirect_uri)
            .add_if("code_verifier", code_verifier.reveal())
            .add_if("scope", scope.str())
            .add_if("resource", resource);
    }
};
static_assert(check_grant<authorization_code>());

} // namespace oauth

#endif
