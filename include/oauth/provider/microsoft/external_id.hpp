#ifndef OAUTH_PROVIDER_MICROSOFT_EXTERNAL_ID_HPP
#define OAUTH_PROVIDER_MICROSOFT_EXTERNAL_ID_HPP

#include <oauth/config.hpp>
#include <oauth/provider/microsoft/b2c.hpp>
#include <string>
#include <string_view>

namespace oauth::microsoft {

namespace detail {

inline constexpr std::string_view external_id_suffix = ".ciamlogin.com";

OAUTH_DECL result<server_metadata> external_id_at(std::string const& origin, std::string_view host, std::string_view tenant);

OAUTH_DECL result<server_metadata> make_external_id(std::string_view subdomain_or_host, std::string_view tenant);

} // namespace detail

/** Microsoft Entra External ID (for customers): `https://contoso.ciamlogin.com/contoso.onmicrosoft.com/oauth2/v2.0/token`.

    @param subdomain_or_host "contoso", "contoso.ciamlogin.com", or a domain of one's own, which needs `tenant`.
    @param tenant A domain of the directory or its GUID; by default `contoso.onmicrosoft.com`. With the GUID the issuer is compared exactly.
    @throws error with errc::invalid_authority where a part is none, or with what `endpoint::parse` says of the host.
*/
OAUTH_DECL server_metadata external_id(std::string_view subdomain_or_host, std::string_view tenant = {});

} // namespace oauth::microsoft

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/provider/microsoft/impl/external_id.ipp>
#endif

#endif
