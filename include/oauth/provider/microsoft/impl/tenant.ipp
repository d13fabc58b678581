#ifndef OAUTH_PROVIDER_MICROSOFT_IMPL_TENANT_IPP
#define OAUTH_PROVIDER_MICROSOFT_IMPL_TENANT_IPP

#include <oauth/provider/microsoft/tenant.hpp>

namespace oauth::microsoft {

OAUTH_DECL std::string issuer_tenant(std::string_view tenant)
{
    auto const kind = to_tenant_kind(tenant);
    if (kind == tenant_kind::consumers) return std::string(consumers_tenant);
    if (kind != tenant_kind::guid) return "{tenantid}";
    std::string id(tenant);
    std::transform(id.begin(), id.end(), id.begin(), oauth::detail::ascii_lower);
    return id;
}

} // namespace oauth::microsoft

#endif
