#ifndef OAUTH_PROVIDER_MICROSOFT_IMPL_EXTERNAL_ID_IPP
#define OAUTH_PROVIDER_MICROSOFT_IMPL_EXTERNAL_ID_IPP

#include <oauth/provider/microsoft/external_id.hpp>
#include <oauth/provider/microsoft/tenant.hpp>

namespace oauth::microsoft::detail {

OAUTH_DECL result<server_metadata> external_id_at(std::string const& origin, std::string_view host, std::string_view tenant)
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

OAUTH_DECL result<server_metadata> make_external_id(std::string_view subdomain_or_host, std::string_view tenant)
{
    std::string host(subdomain_or_host);
    if (host.find('.') == host.npos && is_path_name(host)) host += external_id_suffix;
    auto const origin = origin_of(host);
    if (!origin) return origin.error();
    return external_id_at(*origin, endpoint(*origin).host(), tenant);
}

} // namespace oauth::microsoft::detail

namespace oauth::microsoft {

OAUTH_DECL server_metadata external_id(std::string_view subdomain_or_host, std::string_view tenant)
{
    return detail::make_external_id(subdomain_or_host, tenant).value();
}

} // namespace oauth::microsoft

#endif
