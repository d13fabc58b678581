#ifndef OAUTH_CORE_CLIENT_HPP
#define OAUTH_CORE_CLIENT_HPP

#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/error/result.hpp>
#include <boost/url/parse.hpp>
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

    /** Ask the server at the endpoints that want the client's certificate (`server_metadata::mtls_endpoint_aliases`), where it has any: for tokens that are bound to the certificate of the
        transport, also where the client authenticates otherwise, or is public (RFC 8705 3 and 4). With @ref tls_client_auth that is done anyway. */
    bool mtls_endpoints = false;

    /** Microsoft: what the program can do. `{"cp1"}` says that it answers claims challenges (continuous access evaluation): its tokens then live up to 28 hours, and an
        API ends them early with a challenge, which `flow.call` answers. A @ref flow sends them among the claims of every request; see @ref with_client_capabilities. */
    std::vector<std::string> capabilities = {};
};

/** Is the registration fit for use?

    @return Nothing, or
        @li errc::invalid_client when there is no id, or the redirect URI is not an absolute URI, lacks its scheme, has a fragment, or is longer than 2048 bytes,
        @li errc::invalid_scope.
*/
inline result<void> check(client const& who)
{
    auto const refused = [](errc why, char const* hint) { return failure(why, advice::fix_configuration, hint); };
    if (who.id.empty()) return refused(errc::invalid_client, "client.id is empty");
    if (!who.scope.valid()) return refused(errc::invalid_scope, "client.scope");
    if (who.redirect_uri.empty()) return {};
    if (who.redirect_uri.size() > 2048) return refused(errc::invalid_client, "client.redirect_uri is longer than 2048 bytes");
    auto const uri = boost::urls::parse_uri({who.redirect_uri.data(), who.redirect_uri.size()});
    if (!uri) return refused(errc::invalid_client, "client.redirect_uri is not an absolute URI");
    // "localhost:8400/" is a URI of the scheme localhost.
    if (!uri->has_authority() && !uri->path().empty() && uri->path().front() >= '0' && uri->path().front() <= '9')
        return refused(errc::invalid_client, "client.redirect_uri has no scheme: write http:// or https:// in front of the host");
    if (uri->has_fragment()) return refused(errc::invalid_client, "client.redirect_uri has a fragment");
    return {};
}

} // namespace oauth

#endif
