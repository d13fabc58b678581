#ifndef OAUTH_TESTING_DETAIL_REFUSAL_HPP
#define OAUTH_TESTING_DETAIL_REFUSAL_HPP

#include <oauth/testing/detail/server_answer.hpp>
#include <oauth/testing/detail/server_state.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace oauth::testing::detail {

/// One way to say no. In `text` a '%' stands for the detail that is known at run time.
struct refusal
{
    int status;
    std::string_view error;
    std::uint32_t aadsts;    ///< Entra's number
    std::uint32_t aadb2c;    ///< B2C's number
    std::string_view text;
    std::string_view suberror = {};
};

// The numbers and texts are Microsoft's; the standard personality sends the texts alone.
namespace refused {

inline constexpr refusal wrong_verb{400, "invalid_request", 900561, 0, "The endpoint only accepts POST requests. Received a % request."};
inline constexpr refusal cross_origin{400, "invalid_request", 9002326, 0,
    "Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type."};
inline constexpr refusal missing{400, "invalid_request", 900144, 90083, "The request body must contain the following parameter: '%'."};
inline constexpr refusal malformed{400, "invalid_request", 90023, 0, "The request is malformed: %."};
inline constexpr refusal duplicate{400, "invalid_request", 9000411, 0, "The request is not properly formatted. The parameter '%' is duplicated."};
inline constexpr refusal unknown_client{400, "unauthorized_client", 700016, 90068, "Application with identifier '%' was not found in the directory."};
inline constexpr refusal public_with_secret{401, "invalid_client", 700025, 90084,
    "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."};
inline constexpr refusal secret_missing{401, "invalid_client", 7000218, 90079,
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."};
inline constexpr refusal secret_wrong{401, "invalid_client", 7000215, 90081,
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret "
    "added to app '%'."};
inline constexpr refusal certificate_missing{401, "invalid_client", 0, 0, "The client must show its certificate."};
inline constexpr refusal certificate_wrong{401, "invalid_client", 0, 0, "The certificate is not the one that the client is registered with."};
inline constexpr refusal nothing_to_bind_to{400, "invalid_request", 0, 0, "The client's tokens are bound to its certificate, and it shows none."};
inline constexpr refusal other_certificate{400, "invalid_grant", 0, 0, "The grant is bound to another certificate."};
inline constexpr refusal bad_dpop_proof{400, "invalid_dpop_proof", 0, 0, "The DPoP proof is missing or not good."};
inline constexpr refusal wants_dpop_nonce{400, "use_dpop_nonce", 0, 0, "The DPoP proof must carry the server's nonce."};
inline constexpr refusal other_key{400, "invalid_grant", 0, 0, "The grant is bound to another key."};
inline constexpr refusal bad_client_assertion{401, "invalid_client", 700027, 0, "The client assertion failed validation. [Reason - %]"};
inline constexpr refusal unknown_grant_type{400, "unsupported_grant_type", 70003, 90086, "The app requested an unsupported grant type '%'."};
inline constexpr refusal unknown_tenant{400, "invalid_request", 90002, 0, "Tenant '%' not found."};
inline constexpr refusal common_tenant{400, "invalid_request", 9001023, 0, "The grant type is not supported over the /% endpoint."};
inline constexpr refusal resource_on_v2{400, "invalid_request", 901002, 0, "The 'resource' request parameter is not supported."};
inline constexpr refusal several_resources{400, "invalid_scope", 700022, 0,
    "The provided value for the input parameter 'scope' is not valid because it contains more than one resource."};
inline constexpr refusal bad_scope{400, "invalid_scope", 70011, 90012,
    "The provided value for the input parameter 'scope' is not valid. The scope % is not valid."};
inline constexpr refusal other_resource{400, "invalid_target", 0, 0, "The resource '%' is not the one that was authorized."};
inline constexpr refusal unknown_resource{400, "invalid_resource", 500011, 0,
    "The resource principal named % was not found in the tenant named Contoso. This can happen if the application has not been installed by the administrator "
    "of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant."};
inline constexpr refusal not_consented{400, "invalid_grant", 65001, 0,
    "The user or administrator has not consented to use the application with ID '%'. Send an interactive authorization request for this user and "
    "resource.", "consent_required"};

inline constexpr refusal unknown_code{400, "invalid_grant", 9002313, 90080, "Invalid request. The authorization code is malformed or invalid.", "bad_token"};
inline constexpr refusal foreign_code{400, "invalid_grant", 70000, 90080, "The provided authorization code was issued to another client."};
inline constexpr refusal expired_code{400, "invalid_grant", 70008, 90080, "The provided authorization code has expired. Send a new interactive authorization request."};
inline constexpr refusal reused_code{400, "invalid_grant", 54005, 90080,
    "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token."};
inline constexpr refusal other_tenant{400, "invalid_grant", 700005, 90088, "The provided authorization code is intended to use against another tenant, not '%'."};
inline constexpr refusal other_redirect_uri{400, "invalid_grant", 50011, 90080,
    "The reply address does not match the reply address provided when requesting Authorization code."};
inline constexpr refusal wrong_verifier{400, "invalid_grant", 501481, 90080,
    "The Code_Verifier does not match the code_challenge supplied in the authorization request."};

inline constexpr refusal unknown_refresh_token{400, "invalid_grant", 9002313, 90080, "Invalid request. Request is malformed or invalid.", "bad_token"};
inline constexpr refusal foreign_refresh_token{400, "invalid_grant", 70000, 90080, "The provided refresh token was issued to another client."};
inline constexpr refusal expired_refresh_token{400, "invalid_grant", 700082, 90080, "The refresh token has expired due to inactivity."};
inline constexpr refusal revoked{400, "invalid_grant", 50173, 90129,
    "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password."};

// At the endpoints that only the standard personality has.
inline constexpr refusal confidential_only{401, "invalid_client", 0, 0, "Only a client that can prove who it is may ask."};
inline constexpr refusal foreign_token{400, "invalid_grant", 0, 0, "The token was issued to another client."};
inline constexpr refusal not_revocable{400, "unsupported_token_type", 0, 0, "Access tokens can't be revoked here."};
// A device's sign-in.
inline constexpr refusal pending{400, "authorization_pending", 70016, 0, "OAuth 2.0 device flow error. Authorization is pending. Continue polling."};
inline constexpr refusal too_early{400, "slow_down", 0, 0, "The device asks more often than it may."};
inline constexpr refusal declined{400, "authorization_declined", 70017, 0, "The end user denied the authorization request."};
inline constexpr refusal declined_by_user{400, "access_denied", 0, 0, "The user denied the request."};
inline constexpr refusal unknown_device_code{400, "bad_verification_code", 70018, 0,
    "Invalid verification code due to User typing in wrong user code for device code flow."};
inline constexpr refusal foreign_device_code{400, "invalid_grant", 0, 0, "The device code is unknown, or was issued to another client."};
inline constexpr refusal expired_device_code{400, "expired_token", 70020, 0,
    "The provided value for the input parameter 'device_code' is not valid. This device code has expired."};
inline constexpr refusal reused_device_code{400, "invalid_grant", 54005, 0, "The device code was already redeemed."};

// Assertions and exchanged tokens.
inline constexpr refusal bad_assertion{400, "invalid_grant", 50013, 0, "Assertion failed signature validation. [Reason - %]"};
inline constexpr refusal expired_assertion{400, "invalid_grant", 500133, 0,
    "Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion."};
inline constexpr refusal other_audience{400, "invalid_grant", 500131, 0,
    "Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was '%' and the expected audience is that of "
    "the application that made the request."};
inline constexpr refusal reused_assertion{400, "invalid_grant", 0, 0, "The assertion was used already."};
inline constexpr refusal public_client{400, "unauthorized_client", 0, 0, "The grant type is for confidential clients."};
inline constexpr refusal bad_subject_token{400, "invalid_request", 0, 0, "The % is unknown, expired or revoked, or its type is not the one that is said."};
inline constexpr refusal unknown_target{400, "invalid_target", 0, 0, "The service '%' is not known here."};

inline constexpr refusal transient{503, "temporarily_unavailable", 90033, 0, "A transient error has occurred. Please try again."};
inline constexpr refusal interaction{400, "interaction_required", 50079, 0,
    "Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multifactor authentication."};

// At the authorization endpoint; the status is that of the error page, where one is shown.
inline constexpr refusal unregistered_redirect_uri{400, "invalid_request", 50011, 90006,
    "The redirect URI '%' specified in the request does not match the redirect URIs configured for the application."};
inline constexpr refusal other_response_type{400, "unsupported_response_type", 700054, 90055, "response_type '%' is not enabled for the application."};
inline constexpr refusal plain_challenge{400, "invalid_request", 501491, 0, "The code_challenge must be of method S256 and 43 characters of base64url."};
inline constexpr refusal bad_prompt{400, "invalid_request", 90023, 0, "The prompt '%' is not valid."};
inline constexpr refusal nobody_signed_in{400, "login_required", 50058, 90077, "A silent sign-in request was sent but no user is signed in."};
inline constexpr refusal unmet_acr{400, "unmet_authentication_requirements", 0, 0, "The user can't be authenticated in the way that is demanded."};
inline constexpr refusal not_pushed{400, "invalid_request", 0, 0, "The authorization request must be pushed ahead."};
inline constexpr refusal bad_request_uri{400, "invalid_request_uri", 0, 0, "The request_uri is unknown, has expired, was used already, or is that of another client."};
inline constexpr refusal bad_resource{400, "invalid_target", 0, 0, "The resource '%' is not an absolute URI without fragment."};
inline constexpr refusal request_object{400, "request_not_supported", 90009, 0, "The parameter 'request' is not supported."};
inline constexpr refusal foreign_request_uri{400, "request_uri_not_supported", 90009, 0, "The parameter 'request_uri' is not supported, but for requests that were pushed ahead."};
inline constexpr refusal bad_request_object{400, "invalid_request_object", 0, 0, "The request object is not good: %."};
inline constexpr refusal not_signed{400, "invalid_request", 0, 0, "The authorization request must be a signed request object."};

} // namespace refused

/// Microsoft's way to write a moment: "2026-01-02 03:04:05Z".
inline std::string timestamp(time_point now, char separator = ' ')
{
    auto const day = std::chrono::floor<std::chrono::days>(now);
    std::chrono::year_month_day const date(day);
    std::chrono::hh_mm_ss const time(now - day);
    char text[64];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u%c%02d:%02d:%02dZ", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), separator, static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return text;
}

/// The members of an error answer, in the personality's shape.
inline boost::json::object error_members(server_state& state, time_point now, refusal const& why, std::string_view detail = {})
{
    std::string text(why.text);
    if (auto const mark = text.find('%'); mark != text.npos) text.replace(mark, 1, detail);
    boost::json::object out{{"error", why.error}};
    if (state.options.kind == personality::standard)
    {
        out["error_description"] = text;
        return out;
    }
    auto const correlation = state.random_guid();
    auto const moment = timestamp(now);
    if (state.options.kind == personality::b2c)
    {
        char number[32] = "";
        if (why.aadb2c != 0) std::snprintf(number, sizeof number, "AADB2C%05u: ", why.aadb2c);
        out["error_description"] = number + text + "\r\nCorrelation ID: " + correlation + "\r\nTimestamp: " + moment + "\r\n";
        return out;
    }
    auto const trace = state.random_guid();
    auto const number = std::to_string(why.aadsts);
    out["error_description"] = "AADSTS" + number + ": " + text + "\r\nTrace ID: " + trace + "\r\nCorrelation ID: " + correlation + "\r\nTimestamp: " + moment;
    out["error_codes"] = boost::json::array{why.aadsts};
    out["timestamp"] = moment;
    out["trace_id"] = trace;
    out["correlation_id"] = correlation;
    out["error_uri"] = state.options.origin + "/error?code=" + number;
    if (!why.suberror.empty()) out["suberror"] = why.suberror;
    return out;
}

/// The answer of the token endpoint (RFC 6749 5.2).
inline http_response refuse(server_state& state, time_point now, refusal const& why, std::string_view detail = {})
{
    return json_response(why.status, error_members(state, now, why, detail));
}

/// Only the user can help: `claims` are those to sign in with, as JSON text in a string.
inline http_response interaction_required(server_state& state, time_point now, std::string_view claims)
{
    auto members = error_members(state, now, refused::interaction);
    members["claims"] = claims;
    return json_response(refused::interaction.status, members);
}

} // namespace oauth::testing::detail

#endif
