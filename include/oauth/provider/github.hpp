#ifndef OAUTH_PROVIDER_GITHUB_HPP
#define OAUTH_PROVIDER_GITHUB_HPP

#include <oauth/core/endpoint.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/error/advice_rule.hpp>
#include <array>
#include <chrono>
#include <string>
#include <string_view>

/// GitHub, and GitHub Enterprise Server.
namespace oauth::github {

/// What GitHub's codes mean, and what then helps. It sends them with HTTP status 200.
inline constexpr auto advice_rules = std::to_array<advice_rule>({
    {.error = "bad_verification_code", .next = advice::sign_in_again, .hint = "the code is wrong, was used before, or has expired (after 10 minutes): sign in again"},
    {.error = "bad_refresh_token",
     .next = advice::sign_in_again,
     .hint = "the refresh token is wrong, was used before, or has expired: sign in again",
     .ends_session = true},
    {.error = "incorrect_client_credentials", .next = advice::fix_configuration, .hint = "client.id or client.secret is wrong: see the application's settings at GitHub"},
    {.error = "redirect_uri_mismatch", .next = advice::fix_configuration, .hint = "client.redirect_uri must lie below the application's authorization callback URL"},
    {.error = "application_suspended", .next = advice::give_up, .hint = "GitHub has suspended the application"},
    {.error = "unverified_user_email", .next = advice::give_up, .hint = "the user has to verify their primary e-mail address at GitHub first"},
    {.error = "device_flow_disabled", .next = advice::fix_configuration, .hint = "enable the device flow in the application's settings at GitHub"},
    {.error = "incorrect_device_code", .next = advice::sign_in_again, .hint = "the device code is not valid: begin anew"},
});

/** GitHub's authorization server. It knows no OpenID Connect: ask its API who the user is. Nor is there a document to `discover`: all that there is to know is here.

    - Its token endpoint answers form-encoded unless JSON is asked for, and reports errors with HTTP status 200; both are understood.
    - The redirect names the issuer (RFC 9207), "https://HOST/login/oauth"; an older GitHub Enterprise Server names none, so it is compared where it is there, and not demanded.
    - Scopes come back separated by commas, and without those that another one includes.
    - The tokens of an OAuth App have no expiry and no refresh token: they live until they are revoked. Those of a GitHub App live eight hours, and are renewed.

    @param host "github.com", or the host of a GitHub Enterprise Server.

    @throws error with what `endpoint::parse` says of the host.
*/
inline server_metadata server(std::string_view host = "github.com")
{
    std::string const base = "https://" + std::string(host) + "/login/";
    server_metadata made;
    made.issuer = base + "oauth";
    made.authorization_endpoint = base + "oauth/authorize";
    made.token_endpoint = base + "oauth/access_token";
    made.device_authorization_endpoint = base + "device/code";
    made.rewrites_scope = true;
    made.token_lifetime = std::chrono::hours{24 * 365};
    made.advice_rules = advice_rules;
    return made;
}

} // namespace oauth::github

#endif
