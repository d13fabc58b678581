#ifndef OAUTH_REQUEST_CLIENT_CREDENTIALS_HPP
#define OAUTH_REQUEST_CLIENT_CREDENTIALS_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/request/grant.hpp>
#include <string>
#include <string_view>

namespace oauth {

/** The grant of a program that acts for itself: a daemon, with no user anywhere. The client must be a confidential one.

    @code
    auto token = daemon.access_token(oauth::client_credentials{.scope = oauth::microsoft::default_scope("https://graph.microsoft.com")}).value();
    @endcode

    Microsoft's v2 takes exactly one scope, `RESOURCE/.default`, and a tenant that is named, not `common`; its v1 and AD FS take `resource` instead. The answer has no refresh
    token: the grant itself is what a new token is got with.

    @par Specification
    RFC 6749 4.4.2
*/
struct client_credentials
{
    static constexpr std::string_view grant_type = "client_credentials";

    oauth::scope scope = {};
    std::string resource = {};     ///< Entra v1, ADFS, RFC 8707
    std::string claims = {};       ///< Microsoft: a claims request, as JSON

    /// Anything else, such as Auth0's `audience`; must not repeat a parameter that stands for itself. Its token is got by `access_token(grant)` and `call(request, grant)`.
    form_parameters extra = {};

    void write(form& body) const
    {
        body.add_if("scope", scope.str()).add_if("resource", resource).add_if("claims", claims);
        for (auto const& [name, value] : extra) body.add(name, value);
    }
};
static_assert(check_grant<client_credentials>());

} // namespace oauth

#endif
