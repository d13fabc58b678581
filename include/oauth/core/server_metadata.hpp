#ifndef OAUTH_CORE_SERVER_METADATA_HPP
#define OAUTH_CORE_SERVER_METADATA_HPP

#include <oauth/core/endpoint.hpp>
#include <oauth/error/advice_rule.hpp>
#include <array>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth {

/** The authorization server: its endpoints, and how it differs from the standard.

    An aggregate. Each URL is checked where it is set (@ref endpoint). The providers (`provider/microsoft.hpp` …) make these.

    @par Specification
    RFC 8414 2, OpenID Connect Discovery 3, RFC 9207 3
*/
struct server_metadata
{
    /// Compared with `iss` by @ref issuer_matches: exactly, but for "{tenantid}", which stands for a GUID, as Microsoft's `common` has it.
    std::string issuer = {};

    endpoint authorization_endpoint = {};
    endpoint token_endpoint = {};
    endpoint device_authorization_endpoint = {};
    endpoint userinfo_endpoint = {};
    endpoint jwks_uri = {};
    endpoint end_session_endpoint = {};
    endpoint revocation_endpoint = {};
    endpoint introspection_endpoint = {};
    endpoint pushed_authorization_request_endpoint = {};
    endpoint registration_endpoint = {};

    /// Where the server publishes all this, for `discover`; empty where there is nothing more to learn.
    endpoint discovery_document = {};

    /** What a flow files sessions under, where that is not the token endpoint: the URL that it was known by before it was discovered, of the same origin. Microsoft names a tenant by its GUID,
        that was asked for by its domain: so a program that begins to discover finds the sessions that it has. */
    endpoint stored_under = {};

    /// The endpoints that want the client's certificate, where they are others (RFC 8705 5): which endpoint above, and its alias. See @ref endpoint_of.
    std::vector<std::pair<endpoint server_metadata::*, endpoint>> mtls_endpoint_aliases = {};

    // What the server says that it can do, for the program to look at; empty where it does not say. The library goes by none of these but response_modes_supported (a flow asks for the mode that a
    // receiver prefers where it is listed): what it sends and takes is chosen in its configuration.
    std::vector<std::string> scopes_supported = {};
    std::vector<std::string> response_modes_supported = {};
    std::vector<std::string> grant_types_supported = {};
    std::vector<std::string> token_endpoint_auth_methods_supported = {};
    std::vector<std::string> code_challenge_methods_supported = {};
    std::vector<std::string> id_token_signing_alg_values_supported = {};
    std::vector<std::string> dpop_signing_alg_values_supported = {};

    /// Takes an authorization request only by way of its pushed_authorization_request_endpoint (RFC 9126 5).
    bool require_pushed_authorization_requests = false;

    /// Takes signed authorization requests only (RFC 9101 10.5).
    bool require_signed_request_object = false;

    /// Every redirect carries `iss`, so one without it is refused (RFC 9207).
    bool authorization_response_iss_parameter_supported = false;

    /// Asks by `resource` instead of by scope: Entra v1, ADFS.
    bool asks_by_resource = false;

    /// Gives each token for one resource's scopes, which it wants named whenever a token is renewed, though they are those that were granted: Microsoft v2 and B2C.
    bool repeats_scope = false;

    /// The resource that a scope without one belongs to, with its slash: "https://graph.microsoft.com/". Used to compare scopes.
    std::string default_resource = {};

    /// Writes the granted scope in its own way, with commas and without what another scope includes (GitHub): what it grants is not held against what was asked for.
    bool rewrites_scope = false;

    /// How long an access token lives of which the server does not say so; empty: as the flow's configuration has it. A year for GitHub's, which live until they are revoked.
    std::optional<std::chrono::seconds> token_lifetime = {};

    /// Another spelling of `issuer` that ID tokens may have, be it a template: Google's has no "https://". Empty where there is none. A template may also be what the
    /// server's document names (@ref decode_server_metadata).
    std::string issuer_alias = {};

    /// What this provider's own error codes mean. The table is not owned; a `constexpr` one lives for ever.
    std::span<advice_rule const> advice_rules = {};
};

/// Each endpoint that a discovery document may name, with the name that it has there.
inline constexpr std::array<std::pair<std::string_view, endpoint server_metadata::*>, 10> server_endpoints{{
    {"authorization_endpoint", &server_metadata::authorization_endpoint},
    {"token_endpoint", &server_metadata::token_endpoint},
    {"device_authorization_endpoint", &server_metadata::device_authorization_endpoint},
    {"userinfo_endpoint", &server_metadata::userinfo_endpoint},
    {"jwks_uri", &server_metadata::jwks_uri},
    {"end_session_endpoint", &server_metadata::end_session_endpoint},
    {"revocation_endpoint", &server_metadata::revocation_endpoint},
    {"introspection_endpoint", &server_metadata::introspection_endpoint},
    {"pushed_authorization_request_endpoint", &server_metadata::pushed_authorization_request_endpoint},
    {"registration_endpoint", &server_metadata::registration_endpoint},
}};

/// The endpoint to ask: where the client shows a certificate, the one that wants it, if there is another for that (RFC 8705 5).
inline endpoint const& endpoint_of(server_metadata const& server, endpoint server_metadata::*which, bool shows_certificate) noexcept
{
    if (shows_certificate)
        for (auto const& [aliased, alias] : server.mtls_endpoint_aliases)
            if (aliased == which) return alias;
    return server.*which;
}

/// The endpoint's name in a discovery document; "" for one that has none.
constexpr std::string_view name_of(endpoint server_metadata::*which) noexcept
{
    for (auto const& [name, member] : server_endpoints)
        if (member == which) return name;
    return {};
}

} // namespace oauth

#endif
