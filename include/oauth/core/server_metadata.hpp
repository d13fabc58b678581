#ifndef OAUTH_CORE_SERVER_METADATA_HPP
#define OAUTH_CORE_SERVER_METADATA_HPP

#include <oauth/core/endpoint.hpp>
#include <oauth/error/advice_rule.hpp>
#include <span>
#include <string>

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

    /// Every redirect carries `iss`, so one without it is refused (RFC 9207).
    bool authorization_response_iss_parameter_supported = false;

    /// Asks by `resource` instead of by scope: Entra v1, ADFS.
    bool asks_by_resource = false;

    /// Wants the scope named whenever a token is renewed, though it is the one that was granted: Microsoft v2 and B2C.
    bool repeats_scope = false;

    /// The resource that a scope without one belongs to, with its slash: "https://graph.microsoft.com/". Used to compare scopes.
    std::string default_resource = {};

    /// What this provider's own error codes mean. The table is not owned; a `constexpr` one lives for ever.
    std::span<advice_rule const> advice_rules = {};
};

} // namespace oauth

#endif
