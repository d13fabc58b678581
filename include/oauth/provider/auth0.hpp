#ifndef OAUTH_PROVIDER_AUTH0_HPP
#define OAUTH_PROVIDER_AUTH0_HPP

#include <oauth/core/server_metadata.hpp>
#include <oauth/error/advice_rule.hpp>
#include <oauth/provider/issuer.hpp>
#include <array>
#include <string>
#include <string_view>

/// Auth0.
namespace oauth::auth0 {

/// What Auth0's codes mean beyond the standard ones, and what then helps.
inline constexpr auto advice_rules = std::to_array<advice_rule>({
    {.error = "mfa_required", .next = advice::sign_in_again, .hint = "multi-factor authentication is required: sign in again"},
    {.error = "invalid_grant", .next = advice::sign_in_again, .hint = "the code or refresh token was used before, was revoked, or has expired: sign in again"},
    {.error = "unauthorized_client", .next = advice::fix_configuration, .hint = "enable the grant type in the application's advanced settings at Auth0"},
    {.error = "access_denied", .next = advice::consent, .hint = "the user, or a rule or action of the tenant, refused"},
    {.error = "too_many_requests", .next = advice::retry, .hint = "the tenant's rate limit is reached"},
});

/** An Auth0 tenant. `discover` learns its endpoints; its issuer ends with a slash.

    A token to one's own API is asked for with the parameter `audience`: `authorize({.extra = {{"audience", "https://api.example.com"}}})`. Without it the access token is opaque, and good
    for the userinfo endpoint alone.

    @param domain Such as "example.eu.auth0.com", or a domain of one's own.

    @throws error with what `endpoint::parse` says of the domain.
*/
inline server_metadata tenant(std::string_view domain)
{
    auto made = openid_issuer("https://" + std::string(domain) + "/");
    made.advice_rules = advice_rules;
    return made;
}

} // namespace oauth::auth0

#endif
