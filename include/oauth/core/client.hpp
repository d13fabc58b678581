#ifndef OAUTH_CORE_CLIENT_HPP
#define OAUTH_CORE_CLIENT_HPP

#include <oauth/config.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/error/result.hpp>
#include <string>
#include <vector>

namespace oauth {

/** The registration of an application at the authorization server, and what it asks for.

    An aggregate, made to be written with designated initialisers. A client without a secret is a public one (RFC 6749 2.1).
*/
struct client
{
    std::string id;                    ///< `client_id`
    oauth::secret secret = {};         ///< `client_secret`; empty for a public client
    std::string redirect_uri = {};     ///< where the user comes back to, exactly as registered; empty where no user signs in
    oauth::scope scope = {};           ///< what to ask for when a call names nothing else
    std::string resource = {};         ///< Entra v1 and ADFS: the one resource asked for; otherwise an RFC 8707 resource indicator, an absolute URI
    std::string claims = {};           ///< the `claims` parameter (OIDC Core 5.5) as JSON text; empty for none

    /** Microsoft: what the program can do. `{"cp1"}` says that it answers claims challenges (continuous access evaluation): its tokens then live up to 28 hours, and an
        API ends them early with a challenge, which `flow.call` answers. A @ref flow sends them among the claims of every request; see @ref with_client_capabilities. */
    std::vector<std::string> capabilities = {};

    /** Ask the server at the endpoints that want the client's certificate (`server_metadata::mtls_endpoint_aliases`), where it has any: for tokens that are bound to the certificate of the
        transport, also where the client authenticates otherwise, or is public (RFC 8705 3 and 4). With @ref tls_client_auth that is done anyway. Registration is excepted: it comes before. */
    bool mtls_endpoints = false;
};

/** Is the registration fit for use?

    @return Nothing, or
        @li errc::invalid_client when there is no id, or the redirect URI is not an absolute URI, lacks its scheme, has a fragment, or is longer than 2048 bytes,
        @li errc::invalid_scope.
*/
OAUTH_DECL result<void> check(client const& who);

} // namespace oauth

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/core/impl/client.ipp>
#endif

#endif
