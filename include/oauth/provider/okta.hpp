#ifndef OAUTH_PROVIDER_OKTA_HPP
#define OAUTH_PROVIDER_OKTA_HPP

#include <oauth/core/server_metadata.hpp>
#include <oauth/error/advice_rule.hpp>
#include <oauth/provider/issuer.hpp>
#include <array>
#include <string>
#include <string_view>

/// Okta.
namespace oauth::okta {

/// What Okta's codes mean beyond the standard ones, and what then helps.
inline constexpr auto advice_rules = std::to_array<advice_rule>({
    {.error = "invalid_grant", .next = advice::sign_in_again, .hint = "the code or refresh token was used before, was revoked, has expired or was idle for too long, or the code was asked for with another PKCE challenge: sign in again"},
    {.error = "access_denied", .next = advice::consent, .hint = "no access policy of the authorization server allows this: see its rules in the Okta admin console"},
    {.error = "invalid_scope", .next = advice::fix_configuration, .hint = "add the scope to the authorization server in the Okta admin console; the org server has only OpenID Connect's"},
    {.error = "unauthorized_client", .next = advice::fix_configuration, .hint = "enable the grant type for the application in the Okta admin console"},
});

/** A custom authorization server of an Okta organisation, for tokens to one's own APIs. `discover` learns its endpoints.

    @param domain Such as "dev-1234.okta.com".
    @param id "default", or the id that the admin console shows.

    @throws error with what `endpoint::parse` says of the domain.
*/
inline server_metadata authorization_server(std::string_view domain, std::string_view id = "default")
{
    auto made = openid_issuer("https://" + std::string(domain) + "/oauth2/" + std::string(id));
    made.advice_rules = advice_rules;
    return made;
}

/// The organisation's own server, which signs users in and issues tokens to Okta's API only. Its issuer is the bare domain.
inline server_metadata org(std::string_view domain)
{
    auto made = openid_issuer("https://" + std::string(domain));
    made.advice_rules = advice_rules;
    return made;
}

} // namespace oauth::okta

#endif
