#ifndef OAUTH_PROVIDER_ISSUER_HPP
#define OAUTH_PROVIDER_ISSUER_HPP

#include <oauth/core/endpoint.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/error/result.hpp>
#include <string>
#include <string_view>

namespace oauth {

namespace detail {

/// An issuer is a URL without query and fragment; its path begins where its origin ends.
inline endpoint checked_issuer(std::string_view issuer)
{
    endpoint url(issuer);
    if (url.target().find('?') != std::string_view::npos) throw error(failure(errc::invalid_url, advice::fix_configuration, "an issuer has no query"));
    return url;
}

inline std::string_view without_last_slash(std::string_view path) noexcept
{
    if (path.ends_with('/')) path.remove_suffix(1);
    return path;
}

} // namespace detail

/** Any OpenID provider, by its issuer: what `discover` needs to learn the rest from `issuer` + "/.well-known/openid-configuration".

    Okta, Auth0, Keycloak, Ping, ForgeRock, ADFS, and most others are reached so:

    @code
    auto const okta = oauth::discover(transport, oauth::openid_issuer("https://dev-1234.okta.com/oauth2/default")).value();
    auto const auth0 = oauth::discover(transport, oauth::openid_issuer("https://example.eu.auth0.com/")).value();      // Auth0's issuer ends with a slash
    auto const keycloak = oauth::discover(transport, oauth::openid_issuer("https://sso.example.com/realms/main")).value();
    @endcode

    @param issuer Exactly as the provider writes it, a slash at its end included: it is compared with the document's and with each ID token's.

    @throws error with what `endpoint::parse` says of the URL, or errc::invalid_url where it has a query.

    @par Specification
    OpenID Connect Discovery 4
*/
inline server_metadata openid_issuer(std::string_view issuer)
{
    detail::checked_issuer(issuer);
    server_metadata made;
    made.issuer = issuer;
    made.discovery_document = std::string(detail::without_last_slash(issuer)) + "/.well-known/openid-configuration";
    return made;
}

/** Any OAuth 2.0 authorization server that publishes its metadata, by its issuer: "/.well-known/oauth-authorization-server" is inserted between host and path.

    @throws error As @ref openid_issuer.

    @par Specification
    RFC 8414 3
*/
inline server_metadata oauth_issuer(std::string_view issuer)
{
    auto const url = detail::checked_issuer(issuer);
    server_metadata made;
    made.issuer = issuer;
    made.discovery_document = std::string(url.origin()) + "/.well-known/oauth-authorization-server" + std::string(detail::without_last_slash(url.target()));
    return made;
}

} // namespace oauth

#endif
