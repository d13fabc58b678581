#ifndef OAUTH_PROVIDER_MICROSOFT_IMPL_ENTRA_IPP
#define OAUTH_PROVIDER_MICROSOFT_IMPL_ENTRA_IPP

#include <oauth/provider/microsoft/entra.hpp>
#include <oauth/provider/microsoft/advice_rules.hpp>
#include <oauth/provider/microsoft/tenant.hpp>
#include <utility>

namespace oauth::microsoft::detail {

OAUTH_DECL failure refused(std::string hint) { return failure(errc::invalid_authority, advice::fix_configuration, std::move(hint)); }

OAUTH_DECL failure refused_tenant()
{
    return refused("the tenant is none: write the directory's id (a GUID), one of its domains such as contoso.onmicrosoft.com, or common, organizations or consumers");
}

OAUTH_DECL server_metadata endpoints_under(std::string const& base, version generation, std::string const& query)
{
    std::string const number = generation == version::v2 ? "v2.0/" : "";
    std::string const oauth2 = base + "/oauth2/" + number;
    server_metadata made;
    made.authorization_endpoint = oauth2 + "authorize" + query;
    made.token_endpoint = oauth2 + "token" + query;
    made.device_authorization_endpoint = oauth2 + "devicecode" + query;
    made.end_session_endpoint = oauth2 + "logout" + query;
    made.jwks_uri = base + "/discovery/" + number + "keys" + query;
    made.discovery_document = base + "/" + number + ".well-known/openid-configuration" + query;
    // Of Entra ID, B2C, External ID and AD FS alike.
    made.response_modes_supported = {"query", "fragment", "form_post"};
    made.asks_by_resource = generation == version::v1;
    made.repeats_scope = generation == version::v2;
    made.advice_rules = advice_rules;
    return made;
}

OAUTH_DECL std::string entra_issuer(cloud where, std::string_view tenant, version generation)
{
    auto const& at = hosts(where);
    if (generation == version::v2) return "https://" + std::string(at.login) + "/" + issuer_tenant(tenant) + "/v2.0";
    return at.v1_issuer.empty() ? std::string() : "https://" + std::string(at.v1_issuer) + "/" + issuer_tenant(tenant) + "/";
}

OAUTH_DECL result<server_metadata> entra(std::string const& origin, std::string_view tenant, cloud where, version generation)
{
    auto const kind = to_tenant_kind(tenant);
    if (kind == tenant_kind::invalid) return refused_tenant();
    if (generation == version::v1 && (kind == tenant_kind::consumers || tenant == consumers_tenant))
        return refused("the v1 endpoints do not serve personal accounts: use v2");
    auto const base = origin + "/" + std::string(tenant);
    auto made = endpoints_under(base, generation);
    made.issuer = entra_issuer(where, tenant, generation);
    made.default_resource = graph_url(where);
    if (generation == version::v1) made.userinfo_endpoint = base + "/openid/userinfo";
    else if (!made.default_resource.empty()) made.userinfo_endpoint = made.default_resource + "oidc/userinfo";
    return made;
}

OAUTH_DECL result<server_metadata> entra(std::string_view tenant, cloud where, version generation)
{
    return entra("https://" + std::string(hosts(where).login), tenant, where, generation);
}

} // namespace oauth::microsoft::detail

namespace oauth::microsoft {

OAUTH_DECL server_metadata v2(std::string_view tenant, cloud where) { return detail::entra(tenant, where, version::v2).value(); }

OAUTH_DECL server_metadata v1(std::string_view tenant, cloud where) { return detail::entra(tenant, where, version::v1).value(); }

} // namespace oauth::microsoft

#endif
