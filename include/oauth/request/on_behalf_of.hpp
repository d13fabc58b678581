#ifndef OAUTH_REQUEST_ON_BEHALF_OF_HPP
#define OAUTH_REQUEST_ON_BEHALF_OF_HPP

#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/request/grant.hpp>
#include <string>
#include <string_view>

namespace oauth {

/** Microsoft's grant of an API that was called by a user, and calls another API in that user's name: the token that it was called with for one to call on with.

    `assertion` must be an access token that was issued for this very client (its `aud` is the client's id, or one of its application ID URIs), and belongs to a user. Anything else is
    refused: AADSTS500131 another audience, AADSTS500133 expired, AADSTS50013 no token of this server's. Where the user must do more, the failure's
    `server.claims` are what the caller has to sign in with: pass them on in a 401 of your own.

    @code
    auto token = api.access_token(oauth::on_behalf_of{.assertion = came_with_the_call, .scope = "https://graph.microsoft.com/.default"}).value();
    @endcode

    @par Specification
    RFC 7523 2.1 with Microsoft's `requested_token_use`; see "Microsoft identity platform and OAuth 2.0 On-Behalf-Of flow"
*/
struct on_behalf_of
{
    static constexpr std::string_view grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    static constexpr bool transient = true;

    secret assertion;                        ///< the caller's access token, without "Bearer "
    oauth::scope scope = {};                 ///< of one resource; with `offline_access` a refresh token comes too
    std::string resource = {};               ///< Entra v1
    std::string claims = {};                 ///< a claims request, as JSON
    std::string requested_token_type = {};   ///< @ref token_type_uri::saml2 or `saml1` for a SAML assertion, got by `flow.obtain`; empty for an access token

    void write(form& body) const
    {
        body.add("assertion", assertion.reveal())
            .add("requested_token_use", "on_behalf_of")
            .add_if("scope", scope.str())
            .add_if("resource", resource)
            .add_if("claims", claims)
            .add_if("requested_token_type", requested_token_type);
    }
};
static_assert(check_grant<on_behalf_of>());

} // namespace oauth

#endif
