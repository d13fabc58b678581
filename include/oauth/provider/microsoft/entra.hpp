#ifndef OAUTH_PROVIDER_MICROSOFT_ENTRA_HPP
#define OAUTH_PROVIDER_MICROSOFT_ENTRA_HPP

#include <oauth/core/server_metadata.hpp>
#include <oauth/provider/microsoft/advice_rules.hpp>
#include <oauth/provider/microsoft/cloud.hpp>
#include <oauth/provider/microsoft/tenant.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::microsoft {

/// The two generations of Microsoft's endpoints.
enum class version
{
    v1,   ///< asks by `resource`; work and school accounts only
    v2,   ///< asks by `scope`
};

namespace detail {

inline failure refused(std::string hint) { return failure(errc::invalid_authority, advice::fix_configuration, std::move(hint)); }

inline failure refused_tenant()
{
    return refused("the tenant is none: write the directory's id (a GUID), one of its domains such as contoso.onmicrosoft.com, or common, organizations or consumers");
}

// All of them sit under `base`, which is "https://HOST/TENANT" or the like; `query` begins with '?' or is empty.
inline server_metadata endpoints_under(std::string const& base, version generation, std::string const& query = {})
{
    std::string const number = generation == version::v2 ? "v2.0/" : "";
    std::string const oauth2 = base + "/oauth2/" + number;
    server_metadata made;
    made.authorization_endpoint = oauth2 + "authorize" + query;
    made.token_endpoint = oauth2 + "token" + query;
    made.device_authorization_endpoint = oauth2 + "devicecode" + query;
    made.end_session_endpoint = oauth2 + "logout" + query;
    made.jwks_uri = base + "/discovery/" + number + "keys" + query;
    // Of Entra ID, B2C, External ID and AD FS alike.
    made.response_modes_supported = {"query", "fragment", "form_post"};
    made.asks_by_resource = generation == version::v1;
    made.repeats_scope = generation == version::v2;
    made.advice_rules = advice_rules;
    return made;
}

inline std::string entra_issuer(cloud where, std::string_view tenant, version generation)
{
    auto const& at = hosts(where);
    if (generation == version::v2) return "https://" + std::string(at.login) + "/" + issuer_tenant(tenant) + "/v2.0";
    return at.v1_issuer.empty() ? std::string() : "https://" + std::string(at.v1_issuer) + "/" + issuer_tenant(tenant) + "/";
}

inline result<server_metadata> entra(std::string const& origin, std::string_view tenant, cloud where, version generation)
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

inline result<server_metadata> entra(std::string_view tenant, cloud where, version generation)
{
    return entra("https://" + std::string(hosts(where).login), tenant, where, generation);
}

} // namespace detail

/** Microsoft Entra ID (Azure Active Directory), version 2: what new applications use.

    @param tenant Whose accounts may sign in: the directory's id (a GUID), one of its domains, "common", "organizations" or "consumers".
        An application that was registered for a single tenant needs that tenant (AADSTS50194); so does one that signs in without a user.
    @return The endpoints. `issuer` is exact for a GUID and for "consumers", and else holds "{tenantid}" (@ref issuer_matches).
    @throws error with errc::invalid_authority for any other `tenant`.
*/
inline server_metadata v2(std::string_view tenant, cloud where = cloud::public_cloud) { return detail::entra(tenant, where, version::v2).value(); }

/** Microsoft Entra ID, version 1: for applications that still ask by `resource`. Set `client::resource`, such as "https://graph.microsoft.com/".

    The issuer is empty for a cloud whose v1 issuer is not published.

    @param tenant As for @ref v2, but for "consumers": version 1 serves work and school accounts only.
    @throws error with errc::invalid_authority for any other `tenant`.
*/
inline server_metadata v1(std::string_view tenant, cloud where = cloud::public_cloud) { return detail::entra(tenant, where, version::v1).value(); }

} // namespace oauth::microsoft

#endif
