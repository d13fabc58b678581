#ifndef OAUTH_PROVIDER_MICROSOFT_EXTERNAL_ID_HPP
#define OAUTH_PROVIDER_MICROSOFT_EXTERNAL_ID_HPP

#include <oauth/provider/microsoft/b2c.hpp>
#include <string>
#include <string_view>

namespace oauth::microsoft {

namespace detail {

inline constexpr std::string_view external_id_suffix = ".ciamlogin.com";

inline result<server_metadata> external_id_at(std::string const& origin, std::string_view host, std::string_view tenant)
{
    std::string whole(tenant);
    if (whole.empty() && host.ends_with(external_id_suffix))
    {
        auto const sub = host.substr(0, host.size() - external_id_suffix.size());
        // A directory may be named by its id in the host as well.
        whole = is_guid(sub) ? std::string(sub) : std::string(sub) + ".onmicrosoft.com";
    }
    auto const kind = to_tenant_kind(whole);
    if (kind != tenant_kind::guid && kind != tenant_kind::domain)
        return refused("the External ID tenant is none: write contoso.onmicrosoft.com, or the directory's id (a GUID)");
    auto made = endpoints_under(origin + "/" + whole, version::v2);
    // The issuer names the tenant in its host too, whatever host was asked.
    auto const id = issuer_tenant(whole);
    made.issuer = "https://" + id + std::string(external_id_suffix) + "/" + id + "/v2.0";
    made.default_resource = graph_url();
    made.userinfo_endpoint = made.default_resource + "oidc/userinfo";
    return made;
}

inline result<server_metadata> make_external_id(std::string_view subdomain_or_host, std::string_view tenant)
{
    std::string host(subdomain_or_host);
    if (host.find('.') == host.npos && is_path_name(host)) host += external_id_suffix;
    auto const origin = origin_of(host);
    if (!origin) return origin.error();
    return external_id_at(*origin, endpoint(*origin).host(), tenant);
}

} // namespace detail

/** Microsoft Entra External ID (for customers): `https://contoso.ciamlogin.com/contoso.onmicrosoft.com/oauth2/v2.0/token`.

    @param subdomain_or_host "contoso", "contoso.ciamlogin.com", or a domain of one's own, which needs `tenant`.
    @param tenant A domain of the directory or its GUID; by default `contoso.onmicrosoft.com`. With the GUID the issuer is compared exactly.
    @throws error with errc::invalid_authority where a part is none, or with what `endpoint::parse` says of the host.
*/
inline server_metadata external_id(std::string_view subdomain_or_host, std::string_view tenant = {})
{
    return detail::make_external_id(subdomain_or_host, tenant).value();
}

} // namespace oauth::microsoft

#endif
