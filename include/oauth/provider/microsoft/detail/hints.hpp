#ifndef OAUTH_PROVIDER_MICROSOFT_DETAIL_HINTS_HPP
#define OAUTH_PROVIDER_MICROSOFT_DETAIL_HINTS_HPP

#include <string_view>

namespace oauth::microsoft::detail {

// What several numbers share. "App registrations" and "Enterprise applications" are places in the Microsoft Entra admin center.
inline constexpr std::string_view hint_mfa =
    "multi-factor authentication is asked for: begin a new sign-in, and send the failure's claims along if it has any";
inline constexpr std::string_view hint_redirect_uri =
    "register exactly this redirect URI at App registrations > Authentication > Add a platform: \"Mobile and desktop applications\" for http://localhost "
    "(any port, the path must match), \"Web\" for a server that holds a secret; \"Single-page application\" is for scripts in a browser only";
inline constexpr std::string_view hint_not_spa =
    "the redirect URI is registered as \"Single-page application\": remove it there, and add it as \"Mobile and desktop applications\" (no secret) or as "
    "\"Web\" (with a secret) at App registrations > Authentication";
inline constexpr std::string_view hint_consent =
    "the user has not consented yet: begin a sign-in with prompt=consent, or let an administrator grant it at App registrations > API permissions";
inline constexpr std::string_view hint_admin_consent =
    "an administrator must grant these permissions: App registrations > API permissions > Grant admin consent, "
    "or by the URL https://LOGIN_HOST/TENANT/adminconsent?client_id=CLIENT_ID";
inline constexpr std::string_view hint_scope =
    "check the scopes: each must exist, and all must be of one resource, such as https://graph.microsoft.com/Bookings.ReadWrite.All";
inline constexpr std::string_view hint_resource =
    "this resource is not known in this tenant: check its identifier and the tenant, or let an administrator add its application to the tenant";
inline constexpr std::string_view hint_client_id =
    "no such application in this tenant: check client.id (\"Application (client) ID\" at App registrations > Overview) and the tenant";
inline constexpr std::string_view hint_disabled = "the application is disabled: Enterprise applications > Properties > Enabled for users to sign-in";
inline constexpr std::string_view hint_account =
    "this account does not exist in this tenant: sign in with another one, have it invited as a guest, or check the tenant";
inline constexpr std::string_view hint_tenant = "the tenant is not found: check its id or domain, and that it is asked in its own cloud";
inline constexpr std::string_view hint_cloud = "the tenant or the application belongs to another of Microsoft's clouds: use that cloud's authority";
inline constexpr std::string_view hint_concrete_tenant = "this is not served by this tenant name: use the tenant's id or domain (or organizations)";
inline constexpr std::string_view hint_device =
    "Conditional Access asks for a device that this one is not: use a compliant or joined device, or ask the administrator for an exception";
inline constexpr std::string_view hint_policy =
    "a Conditional Access policy blocks this: the administrator sees which one at Sign-in logs, by the correlation id; signing in again shows the user why";
inline constexpr std::string_view hint_malformed = "a parameter is missing, malformed or not allowed: check scope, redirect_uri and the extra parameters";
inline constexpr std::string_view hint_expired_grant = "the code (good for about 10 minutes) or the refresh token has expired: sign in again";
inline constexpr std::string_view hint_new_device_login = "this device login has ended or its code is wrong: begin a new one";
inline constexpr std::string_view hint_pkce = "the code belongs to another sign-in than its code_verifier: begin a new sign-in and use its own pending authorization";
inline constexpr std::string_view hint_secret =
    "the client secret is wrong: take the secret's Value, not its Secret ID, from App registrations > Certificates & secrets; make a new one if it was not kept";
inline constexpr std::string_view hint_missing_secret =
    "a client secret is needed, since the redirect URI is registered as \"Web\": set client.secret, or register the URI as \"Mobile and desktop applications\" "
    "and, for sign-in without a redirect URI, set \"Allow public client flows\" at App registrations > Authentication";
inline constexpr std::string_view hint_unwanted_secret =
    "this is a public client: leave client.secret empty, or register the redirect URI as \"Web\" at App registrations > Authentication";
inline constexpr std::string_view hint_transient = "a passing trouble at Microsoft: wait some seconds, longer each time";

} // namespace oauth::microsoft::detail

#endif
