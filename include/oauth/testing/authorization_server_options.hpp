#ifndef OAUTH_TESTING_AUTHORIZATION_SERVER_OPTIONS_HPP
#define OAUTH_TESTING_AUTHORIZATION_SERVER_OPTIONS_HPP

#include <oauth/core/scope.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <oauth/testing/registered_client.hpp>
#include <oauth/testing/trusted_issuer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace oauth::testing {

/// Whose manners the server has: the shape of its URLs, of its answers and of its errors.
enum class personality
{
    entra_v2,   ///< Microsoft Entra ID, /{tenant}/oauth2/v2.0/…: numbers are numbers, `ext_expires_in`, `client_info`
    entra_v1,   ///< Microsoft Entra ID, /{tenant}/oauth2/…: every number is a string, `expires_on`, `not_before`, `resource`
    b2c,        ///< Azure AD B2C, /{tenant}/{policy}/oauth2/v2.0/…: numbers, `profile_info`, `refresh_token_expires_in`
    standard    ///< none but the standards: /authorize, /token; `iss` in the redirect (RFC 9207)
};

/// What becomes of a refresh token that was used.
enum class rotation
{
    strict,    ///< it is spent; whoever uses it again ends the whole session (RFC 9700 4.14.2)
    lenient,   ///< a new one is given, the old one stays good, as at Entra
    off        ///< it is kept and repeated in every answer
};

/// Somebody who can sign in.
struct test_user
{
    std::string username = "alex@contoso.example";
    std::string password = {};   ///< empty: any is taken
    std::string name = "Alex Example";
    std::string object_id = "33333333-aaaa-4bbb-8ccc-444444444444";
    std::string acr = {};        ///< how they prove who they are, as ID tokens say it (`acr`); empty: they do not say
};

/** How an @ref authorization_server behaves. An aggregate: `{.kind = personality::b2c, .clients = {…}}`.

    As it stands the server is stricter than any real one: what a client gets wrong shows here.
*/
struct authorization_server_options
{
    personality kind = personality::entra_v2;

    /// Scheme, host and port. Empty: as of the personality, such as "https://login.microsoftonline.com".
    std::string origin = {};

    /// `iss`. Empty: as of the personality.
    std::string issuer = {};

    std::string tenant = {};                                          ///< its name in the path; empty: "contoso.onmicrosoft.com", or "contosob2c.…"
    std::string tenant_id = "11111111-aaaa-4bbb-8ccc-222222222222";   ///< may stand in the path too
    std::string policy = "B2C_1_signupsignin1";                       ///< B2C

    std::vector<registered_client> clients = {};

    /// Whose assertions about users are taken (RFC 7523 2.1), of personality::standard. Who issues `authorization_server::assertion` is trusted anyway.
    std::vector<trusted_issuer> trusted_issuers = {};

    /// Who can sign in. The sign-in page names them, and proposes the first.
    std::vector<test_user> users = {test_user{}};

    /// The only scopes that exist; empty: any that is well-formed.
    oauth::scope known_scope = {};

    seconds code_lifetime = std::chrono::minutes{10};
    seconds device_code_lifetime = std::chrono::minutes{15};
    seconds device_interval{5};                         ///< how long a device waits between two questions
    seconds access_token_lifetime = seconds{3599};
    seconds refresh_token_lifetime = std::chrono::days{14};
    std::optional<seconds> refresh_in = {};             ///< sent along where it is set
    oauth::testing::rotation rotation = rotation::strict;
    bool omit_refresh_token_on_refresh = false;         ///< the answer to a refresh has no `refresh_token`; the old one stays good

    /// A claims request that only a sign-in can meet, such as for another factor: a refresh that asks for these claims gets `interaction_required` with them, unless
    /// the session's own sign-in asked for them. An API that calls on behalf of a user gets it whatever it asks for, unless that user's sign-in asked for them.
    std::string interactive_claims = {};

    /// What ID tokens are signed with. HMAC takes the client's secret as its key.
    jws_algorithm id_token_algorithm = jws_algorithm::rs256;

    /// For whom ID tokens are, too: `aud` is then a list, and `azp` says who asked.
    std::vector<std::string> id_token_audiences = {};

    /// Sign users in also where their `acr` is not the one that a request demands, as no server should (OpenID Connect Core 5.5.1.1).
    bool overlooks_essential_acr = false;

    /// Each DPoP proof must carry the server's newest nonce (RFC 9449 8); see `authorization_server::renew_dpop_nonce`.
    bool require_dpop_nonce = false;

    seconds retry_after{60};                            ///< of fault::too_many_requests
    std::chrono::milliseconds delay{1500};              ///< of fault::slow
    std::size_t huge_body_size = std::size_t{8} << 20;  ///< of fault::huge_body

    // Of personality::standard alone: Microsoft has none of these endpoints.

    bool require_pushed_authorization_requests = false;   ///< the authorization endpoint takes a `request_uri` only (RFC 9126 5)
    seconds request_uri_lifetime{60};                     ///< of a pushed authorization request
    bool require_signed_request_object = false;           ///< an authorization request must be signed, also one that is pushed (RFC 9101 10.5)

    /// What a request object may be signed with.
    jws_algorithms request_object_algorithms = jws_algorithms::asymmetric();

    bool revokes_access_tokens = true;                    ///< false: the revocation endpoint says unsupported_token_type of them
    std::string initial_access_token = {};                ///< what registering a client takes; empty: nothing

    /// Where codes, tokens and identifiers come from: the same seed gives the same ones. The signing key is another in every process.
    std::uint64_t seed = 0;
};

/// The places of an @ref authorization_server.
enum class server_place { authorization, token, discovery, keys, userinfo, device_authorization, pushed_authorization, introspection, revocation, registration };

/// What can go wrong on demand, see `authorization_server::fail_next`.
enum class fault
{
    too_many_requests,         ///< 429, plain text, Retry-After
    service_unavailable,       ///< 503, HTML
    temporarily_unavailable,   ///< 503, an OAuth error
    server_error,              ///< 500, plain text
    invalid_grant,             ///< 400, the session was revoked; nothing is revoked in fact
    consent_required,          ///< 400, `invalid_grant` with the suberror consent_required
    interaction_required,      ///< 400, with `claims`
    html_page,                 ///< 200, HTML
    empty_body,                ///< 200, nothing
    empty_not_found,           ///< 404, nothing
    truncated_json,            ///< 200, JSON that ends in a string
    huge_body,                 ///< 200, JSON over any sensible limit
    redirect,                  ///< 307 to another host
    slow                       ///< the right answer, late: it carries @ref delay_field, which a `loopback_server` and a `server_transport` obey
};

/// What an @ref authorization_server has done so far.
struct server_counts
{
    std::uint64_t authorization_requests = 0;
    std::uint64_t sign_ins = 0;              ///< codes handed out
    std::uint64_t cancellations = 0;
    std::uint64_t sign_outs = 0;             ///< at the end_session_endpoint
    std::uint64_t token_requests = 0;        ///< all that came to the token endpoint
    std::uint64_t code_exchanges = 0;        ///< that gave tokens
    std::uint64_t refreshes = 0;             ///< that gave tokens
    std::uint64_t client_credentials = 0;    ///< that gave tokens
    std::uint64_t device_sign_ins = 0;       ///< that gave tokens
    std::uint64_t on_behalf_of = 0;          ///< that gave tokens
    std::uint64_t token_exchanges = 0;       ///< that gave tokens
    std::uint64_t assertions = 0;            ///< that gave tokens
    std::uint64_t refusals = 0;              ///< token requests that were refused
    std::uint64_t reuses_detected = 0;       ///< codes and refresh tokens that came a second time
    std::uint64_t faults = 0;                ///< that were asked for by `fail_next`
    std::uint64_t pushed_requests = 0;       ///< authorization requests that were pushed ahead and are good
    std::uint64_t introspections = 0;        ///< questions about a token that were answered
    std::uint64_t revocations = 0;           ///< tokens that were revoked by their client
    std::uint64_t registrations = 0;         ///< clients that registered themselves

    friend bool operator==(server_counts const&, server_counts const&) = default;
};

} // namespace oauth::testing

#endif
