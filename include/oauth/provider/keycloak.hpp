#ifndef OAUTH_PROVIDER_KEYCLOAK_HPP
#define OAUTH_PROVIDER_KEYCLOAK_HPP

#include <oauth/core/server_metadata.hpp>
#include <oauth/error/advice_rule.hpp>
#include <oauth/provider/issuer.hpp>
#include <array>
#include <string>
#include <string_view>

/// Keycloak.
namespace oauth::keycloak {

/// What Keycloak's codes mean beyond the standard ones, and what then helps.
inline constexpr auto advice_rules = std::to_array<advice_rule>({
    {.error = "invalid_grant", .next = advice::sign_in_again, .hint = "the user's session at Keycloak has ended, or the token was used before: sign in again; the scope offline_access gives longer sessions"},
    {.error = "unauthorized_client", .next = advice::fix_configuration, .hint = "client.id or client.secret is wrong, or the client lacks this grant: see its settings in the realm"},
    {.error = "not_allowed", .next = advice::consent, .hint = "the user may not do this in the realm"},
});

/** A realm of a Keycloak server. `discover` learns its endpoints.

    @param server Scheme, host and, for servers before version 17 or with a relative path, that path: "https://sso.example.com", "https://sso.example.com/auth".
    @param name The realm.

    @throws error with what `endpoint::parse` says of the URL.
*/
inline server_metadata realm(std::string_view server, std::string_view name)
{
    auto made = openid_issuer(std::string(server) + (server.ends_with('/') ? "realms/" : "/realms/") + std::string(name));
    made.advice_rules = advice_rules;
    return made;
}

} // namespace oauth::keycloak

#endif
