#ifndef OAUTH_PROVIDER_MICROSOFT_ADVICE_RULES_HPP
#define OAUTH_PROVIDER_MICROSOFT_ADVICE_RULES_HPP

#include <oauth/error/advice_rule.hpp>
#include <oauth/provider/microsoft/detail/hints.hpp>
#include <array>
#include <cstdint>
#include <string_view>

namespace oauth::microsoft {

/** What the codes of Microsoft's servers mean, and what then helps. The first row that matches counts.

    `AADSTS` is Entra ID and External ID, `AADB2C` is B2C, `MSIS` is AD FS. Microsoft may change its numbers, so these rows only refine what the standard
    code (`error`) says: an unknown number keeps the standard code's advice.
*/
inline constexpr auto advice_rules = [] {
    using enum advice;
    using namespace detail;
    using text = std::string_view;
    constexpr auto suberror = [](text name, advice next, text hint) { return advice_rule{{}, 0, {}, name, next, hint}; };
    constexpr auto sts = [](std::uint32_t number, advice next, text hint) { return advice_rule{"AADSTS", number, {}, {}, next, hint}; };
    // More is wanted of the user, for this resource or at this time; the refresh token is still good.
    constexpr auto lives = [](advice_rule rule) {
        rule.session_lives = true;
        return rule;
    };
    constexpr auto b2c = [](std::uint32_t number, advice next, text hint) { return advice_rule{"AADB2C", number, {}, {}, next, hint}; };
    constexpr auto adfs = [](std::uint32_t number, advice next, text hint) { return advice_rule{"MSIS", number, {}, {}, next, hint}; };

    return std::to_array<advice_rule>({
        // A plain sign-in does not solve these, whatever the number.
        suberror("protection_policy_required", give_up, "Conditional Access asks for an app protection policy, which needs Microsoft's broker: "
                                                        "ask the administrator for an exception"),
        suberror("device_authentication_failed", give_up, "the device is not, or no more, registered with the tenant: register it again, or use another"),
        suberror("client_mismatch", fix_configuration, "the refresh token was issued to another application: do not share an account's session between client ids"),

        // The session has ended: these say why.
        sts(50173, sign_in_again, "the password was changed or an administrator revoked the user's sessions: sign in again"),
        sts(700082, sign_in_again, "the refresh token was not used for too long (90 days): sign in again"),
        sts(700084, sign_in_again, "the redirect URI is registered as \"Single-page application\", whose refresh tokens end after 24 hours: sign in again; register it as "
                                   "\"Web\" or \"Mobile and desktop applications\" to have longer sessions"),
        sts(70043, sign_in_again, "the administrator's Conditional Access policy asks for a new sign-in every so often (sign-in frequency): sign in again"),
        lives(sts(50078, sign_in_again, "the multi-factor authentication is too long ago: sign in again")),
        sts(50089, sign_in_again, hint_expired_grant),
        sts(50132, sign_in_again, "the password has expired or was changed: sign in again"),
        sts(50133, sign_in_again, "the password has expired or was changed: sign in again"),
        sts(50085, sign_in_again, "the account's own identity provider wants a new sign-in"),
        sts(70008, sign_in_again, hint_expired_grant),
        suberror("bad_token", sign_in_again, "the refresh token is no longer good: sign in again"),
        suberror("token_expired", sign_in_again, "the refresh token has expired: sign in again"),

        // The code.
        sts(54005, sign_in_again, "this authorization code was redeemed already, and is good for one use only: sign in again"),
        sts(70000, sign_in_again, "the code or refresh token is not valid here: sign in again with this application, at this tenant"),
        sts(700005, fix_configuration, "the code was obtained at another tenant name than it is redeemed at: use the same authority for both, and sign in again"),
        sts(501481, sign_in_again, hint_pkce),
        sts(50147, fix_configuration, "the code_challenge has a wrong size: do not set it by an extra parameter"),
        sts(501491, fix_configuration, "the code_challenge has a wrong size: do not set it by an extra parameter"),

        // The user must do something.
        sts(50058, sign_in_again, "nobody is signed in in this browser, and prompt=none forbids to ask: sign in without it"),
        lives(sts(50072, sign_in_again, hint_mfa)),
        lives(sts(50074, sign_in_again, hint_mfa)),
        lives(sts(50076, sign_in_again, hint_mfa)),
        lives(sts(50079, sign_in_again, "the user must set up multi-factor authentication: begin a new sign-in, and send the failure's claims along if it has any")),
        lives(sts(53004, sign_in_again, "the user must set up multi-factor authentication, on a device or at a place that the organization trusts")),
        lives(sts(50158, sign_in_again, "another security check is asked for: begin a new sign-in, and send the failure's claims along if it has any")),
        sts(50055, sign_in_again, "the user's password has expired: it is changed in a new sign-in"),
        sts(50144, sign_in_again, "the user's password has expired: it is changed in the organization's own directory"),
        sts(50126, sign_in_again, "the user name or password was wrong"),
        lives(sts(50196, sign_in_again, "the same request came too often within a few minutes: keep and reuse the tokens (one store for all processes), "
                                        "wait, and sign in again")),
        lives(sts(700020, sign_in_again, "the user must be present: begin a new sign-in")),
        sts(16000, sign_in_again, hint_account),
        sts(50020, sign_in_again, hint_account),
        sts(50034, sign_in_again, hint_account),
        sts(51004, sign_in_again, hint_account),
        sts(90072, sign_in_again, hint_account),
        sts(500208, sign_in_again, "this kind of account (personal, or of an organization) is not served by this tenant: sign in with another, or use another tenant"),

        // Somebody must grant something.
        sts(65001, consent, hint_consent),
        sts(65004, consent, "the user declined: nothing can be done before the user, or an administrator, consents"),
        sts(90008, consent, "the application lacks the permission to sign users in (User.Read or openid): add it at App registrations > API permissions, then consent"),
        sts(90094, consent, hint_admin_consent),
        sts(90095, consent, hint_admin_consent),
        sts(50105, fix_configuration, "the user is not assigned to the application: do it at Enterprise applications > Users and groups, or set "
                                      "\"Assignment required?\" to No at Properties"),

        // The organization's policy, or the account.
        sts(53000, give_up, hint_device),
        sts(53001, give_up, hint_device),
        sts(50097, give_up, hint_device),
        sts(50129, give_up, hint_device),
        sts(50005, give_up, hint_device),
        sts(53002, give_up, "Conditional Access allows approved applications only: ask the administrator for an exception"),
        sts(53003, give_up, hint_policy),
        sts(50131, give_up, hint_policy),
        sts(530032, give_up, hint_policy),
        sts(530035, give_up, "the tenant's security defaults block this: it is taken for legacy authentication or unsafe; ask the administrator"),
        sts(53011, give_up, "the account is blocked, since it is thought to be at risk: its administrator can unblock it"),
        sts(50053, give_up, "the account is locked after wrong passwords, or the address is blocked: wait, or ask the administrator"),
        sts(50057, give_up, "the account is disabled: its administrator can enable it"),
        sts(500021, give_up, "the network's tenant restrictions do not allow this tenant"),
        sts(500212, give_up, "the user's organization does not allow access to this tenant"),
        sts(500213, give_up, "this tenant does not allow access from the user's organization"),

        // The redirect URI, and what it is registered as.
        sts(50011, fix_configuration, hint_redirect_uri),
        sts(500113, fix_configuration, hint_redirect_uri),
        sts(900971, fix_configuration, hint_redirect_uri),
        sts(70004, fix_configuration, hint_redirect_uri),
        sts(9002325, fix_configuration, hint_not_spa),
        sts(9002326, fix_configuration, "an `Origin` header was sent (by a proxy?), which only a \"Single-page application\" may do: this library never sends it"),
        sts(9002327, fix_configuration, hint_not_spa),

        // The client's credentials.
        sts(7000215, fix_configuration, hint_secret),
        sts(7000222, fix_configuration, "the client secret has expired: make a new one at App registrations > Certificates & secrets and set client.secret to its Value"),
        sts(7000218, fix_configuration, hint_missing_secret),
        sts(700025, fix_configuration, hint_unwanted_secret),
        sts(70002, fix_configuration, hint_secret),
        sts(700027, fix_configuration, "the client assertion's signature is not accepted: upload this key's certificate at App registrations > Certificates & secrets"),
        sts(700016, fix_configuration, hint_client_id),
        sts(700011, fix_configuration, hint_client_id),
        sts(70001, fix_configuration, hint_disabled),
        sts(7000112, fix_configuration, hint_disabled),
        sts(65002, give_up, "this client id is one of Microsoft's own: register an application, and use its id"),

        // Scopes and resources.
        sts(70011, fix_configuration, hint_scope),
        sts(700022, fix_configuration, "the scopes are of more than one resource: ask for one resource's at a time"),
        sts(700023, fix_configuration, hint_scope),
        sts(28002, fix_configuration, hint_scope),
        sts(28003, fix_configuration, hint_scope),
        sts(500011, fix_configuration, hint_resource),
        sts(50001, fix_configuration, hint_resource),
        sts(650052, fix_configuration, "the organization has no subscription to this service, or it is not enabled"),
        sts(650054, fix_configuration, hint_resource),
        sts(65005, fix_configuration, "add the API's permissions at App registrations > API permissions, then grant consent"),
        sts(650056, fix_configuration, "add the API's permissions at App registrations > API permissions, then grant consent"),
        sts(650057, fix_configuration, "add the API's permissions at App registrations > API permissions, then grant consent"),
        sts(901002, fix_configuration, "version 2 takes no `resource`: leave client.resource empty and ask for the scope RESOURCE/.default, or use microsoft::v1"),

        // The tenant and the cloud.
        sts(50194, fix_configuration, "the application is registered for one tenant: use that tenant's id or domain instead of common or organizations"),
        sts(90002, fix_configuration, hint_tenant),
        sts(50059, fix_configuration, hint_tenant),
        sts(50128, fix_configuration, hint_tenant),
        sts(50049, fix_configuration, "Microsoft does not know this login host: check the authority"),
        sts(9001023, fix_configuration, hint_concrete_tenant),
        sts(90124, fix_configuration, hint_concrete_tenant),
        sts(90130, fix_configuration, hint_concrete_tenant),
        sts(9002332, fix_configuration, "the application is for accounts of organizations only: do not use consumers"),
        sts(90027, fix_configuration, "version 1 does not serve personal accounts: use microsoft::v2"),
        sts(90038, fix_configuration, hint_cloud),
        sts(900382, fix_configuration, hint_cloud),
        sts(900432, fix_configuration, hint_cloud),
        sts(900439, fix_configuration, hint_cloud),

        // The device login.
        sts(70016, retry, "the user has not finished yet: go on asking, no quicker than the interval says"),
        sts(70017, sign_in_again, "the user declined this device login: begin a new one when the user wants it"),
        sts(70018, sign_in_again, hint_new_device_login),
        sts(70019, sign_in_again, hint_new_device_login),
        sts(70020, sign_in_again, hint_new_device_login),

        // The request's form.
        sts(90014, fix_configuration, hint_malformed),
        sts(900144, fix_configuration, hint_malformed),
        sts(90023, fix_configuration, hint_malformed),
        sts(90013, fix_configuration, hint_malformed),
        sts(90100, fix_configuration, hint_malformed),
        sts(90102, fix_configuration, hint_malformed),
        sts(9002313, fix_configuration, hint_malformed),
        sts(90015, fix_configuration, "the authorization URL is too long: ask for fewer scopes, or shorten claims, state and the extra parameters"),
        sts(900561, fix_configuration, "the endpoint was asked by another HTTP method than POST: check for a proxy or a redirect in between"),
        sts(70003, fix_configuration, "this grant is not served here: check the authority and the kind of application"),
        sts(70005, fix_configuration, "this response_type is not enabled for the application: leave it at code"),
        sts(70007, fix_configuration, "this response_mode is not served: use query, fragment or form_post"),
        sts(700054, fix_configuration, "this response_type is not enabled for the application: leave it at code"),

        // Passing troubles.
        sts(90033, retry, hint_transient),
        sts(90006, retry, hint_transient),
        sts(90012, retry, hint_transient),
        sts(90024, retry, hint_transient),
        sts(90055, retry, "the tenant sends too many requests: wait longer each time"),
        sts(90090, retry, hint_transient),
        sts(90091, retry, hint_transient),
        sts(50033, retry, hint_transient),
        sts(50087, retry, hint_transient),
        sts(70012, retry, hint_transient),

        b2c(90118, sign_in_again, "the user forgot the password: begin a sign-in under the password reset policy"),
        b2c(90091, sign_in_again, "the user cancelled: begin a new sign-in when the user wants it"),
        b2c(90080, sign_in_again, hint_expired_grant),
        b2c(90129, sign_in_again, "the grant was revoked: sign in again"),
        b2c(90128, sign_in_again, "the account no longer exists: sign in with another"),
        b2c(90085, sign_in_again, "B2C had an internal error and wants a new sign-in; a policy that fails each time is wrong itself"),
        b2c(90077, sign_in_again, "nobody is signed in in this browser, and prompt=none forbids to ask: sign in without it"),
        b2c(90182, sign_in_again, hint_pkce),
        b2c(90088, fix_configuration, "the code or refresh token was obtained under another policy: redeem it under the same one"),
        b2c(90079, fix_configuration, hint_missing_secret),
        b2c(90084, fix_configuration, hint_unwanted_secret),
        b2c(90081, fix_configuration, hint_secret),
        b2c(90058, fix_configuration, "set \"Allow public client flows\" at App registrations > Authentication, or set client.secret"),
        b2c(90006, fix_configuration, hint_redirect_uri),
        b2c(90007, fix_configuration, hint_redirect_uri),
        b2c(90018, fix_configuration, hint_client_id),
        b2c(90011, fix_configuration, hint_client_id),
        b2c(90068, fix_configuration, "the application was not registered for B2C: register it in the B2C tenant, for accounts of any identity provider or user flow"),
        b2c(90092, fix_configuration, hint_disabled),
        b2c(90205, consent, hint_admin_consent),
        b2c(90115, fix_configuration, "ask for openid and for a scope of an API, or for the application's own client id as scope, to get an access token"),
        b2c(90117, fix_configuration, "B2C does not know this scope: write the API's whole scope, https://contoso.onmicrosoft.com/API/SCOPE"),
        b2c(90012, fix_configuration, "B2C does not know this scope: write the API's whole scope, https://contoso.onmicrosoft.com/API/SCOPE"),
        b2c(90055, fix_configuration, "B2C does not know this scope: write the API's whole scope, https://contoso.onmicrosoft.com/API/SCOPE"),
        b2c(90146, fix_configuration, "the scopes are of more than one API: ask for one API's at a time"),
        b2c(90083, fix_configuration, hint_malformed),
        b2c(90086, fix_configuration, "this grant is not served here: check the authority and the kind of application"),
        b2c(90035, retry, hint_transient),

        adfs(9615, sign_in_again, "the refresh token has expired: sign in again"),
        adfs(9612, sign_in_again, "the authorization code is not valid, or no more: sign in again"),
        adfs(9602, fix_configuration, "AD FS does not know this resource: set client.resource to the identifier of a Web API of the application group"),
        adfs(9605, fix_configuration, "the application may not access this resource: grant it (Grant-AdfsApplicationPermission, or Client Permissions of the Web API)"),
        adfs(9321, fix_configuration, "the application may not access this resource: grant it (Grant-AdfsApplicationPermission, or Client Permissions of the Web API)"),
        adfs(9609, fix_configuration, "register exactly this redirect URI at the application group's native or server application in AD FS"),
        adfs(9224, fix_configuration, "register exactly this redirect URI at the application group's native or server application in AD FS"),
        adfs(9223, fix_configuration, "AD FS does not know this client id: check client.id at the application group"),
        adfs(9622, fix_configuration, "the client secret or assertion is wrong: reset it at the application group's server application in AD FS"),
        adfs(9611, fix_configuration, "AD FS refuses this grant or scope: it allows what the application group's Client Permissions list, and the grants of its version"),

        // Where no number said more.
        suberror("consent_required", consent, hint_consent),
        suberror("basic_action", sign_in_again, "the user must do something, such as multi-factor authentication: begin a new sign-in, and send the failure's claims along"),
        suberror("additional_action", sign_in_again, "the user must do something first, which the sign-in page explains: begin a new sign-in"),
        suberror("message_only", give_up, "the user can't solve this now; a new sign-in shows the user a message that explains it"),
        suberror("user_password_expired", sign_in_again, "the user's password has expired: it is changed in a new sign-in"),
    });
}();

} // namespace oauth::microsoft

#endif
