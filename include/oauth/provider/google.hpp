#ifndef OAUTH_PROVIDER_GOOGLE_HPP
#define OAUTH_PROVIDER_GOOGLE_HPP

#include <oauth/core/server_metadata.hpp>
#include <oauth/error/advice_rule.hpp>
#include <array>
#include <string>

/// Google's accounts.
namespace oauth::google {

/// What Google's codes mean beyond the standard ones, and what then helps.
inline constexpr auto advice_rules = std::to_array<advice_rule>({
    {.error = "redirect_uri_mismatch", .next = advice::fix_configuration, .hint = "register client.redirect_uri in the Google Cloud console, letter by letter"},
    {.error = "deleted_client", .next = advice::fix_configuration, .hint = "the OAuth client was deleted in the Google Cloud console"},
    {.error = "disabled_client", .next = advice::fix_configuration, .hint = "the OAuth client is disabled in the Google Cloud console"},
    {.error = "org_internal", .next = advice::fix_configuration, .hint = "the application is internal to an organisation: sign in with an account of it, or publish the application"},
    {.error = "admin_policy_enforced", .next = advice::consent, .hint = "the user's Google Workspace administrator has to allow these scopes"},
    {.error = "disallowed_useragent", .next = advice::fix_configuration, .hint = "Google refuses embedded browsers: open the URL in the user's own"},
    {.error = "rate_limit_exceeded", .next = advice::retry, .hint = "too many users sign in at once"},
    {.error = "invalid_rapt", .next = advice::sign_in_again, .hint = "the administrator's session policy asks for a new sign-in"},
    {.error = "invalid_grant", .suberror = "invalid_rapt", .next = advice::sign_in_again, .hint = "the administrator's session policy asks for a new sign-in"},
    {.error = "invalid_grant", .next = advice::sign_in_again,
     .hint = "the code or refresh token was used before, was revoked, or has expired: sign in again; those of an application in the publishing status \"Testing\" end after seven days. "
             "For a service account: its assertion is wrong; check this machine's clock, the key, and the assertion's aud"},
});

/** Google's authorization server, with its endpoints as they are published at https://accounts.google.com/.well-known/openid-configuration.

    Google does not know the scope `offline_access`: a refresh token comes with the parameter `access_type=offline`, which the authorization endpoint has here already, and only with the
    user's first consent. `authorize({.prompt = "consent"})` gets another one.

    A device (limited-input) client needs a secret too, and only some scopes are open to it.
*/
inline server_metadata accounts()
{
    server_metadata made;
    made.issuer = "https://accounts.google.com";
    made.issuer_alias = "accounts.google.com";
    made.authorization_endpoint = "https://accounts.google.com/o/oauth2/v2/auth?access_type=offline";
    made.token_endpoint = "https://oauth2.googleapis.com/token";
    made.device_authorization_endpoint = "https://oauth2.googleapis.com/device/code";
    made.userinfo_endpoint = "https://openidconnect.googleapis.com/v1/userinfo";
    made.jwks_uri = "https://www.googleapis.com/oauth2/v3/certs";
    made.revocation_endpoint = "https://oauth2.googleapis.com/revoke";
    made.discovery_document = "https://accounts.google.com/.well-known/openid-configuration";
    made.response_modes_supported = {"query", "fragment", "form_post"};
    made.advice_rules = advice_rules;
    return made;
}

} // namespace oauth::google

#endif
