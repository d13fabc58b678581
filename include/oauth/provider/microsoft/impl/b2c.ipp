#ifndef OAUTH_PROVIDER_MICROSOFT_IMPL_B2C_IPP
#define OAUTH_PROVIDER_MICROSOFT_IMPL_B2C_IPP

#include <oauth/provider/microsoft/b2c.hpp>
#include <oauth/provider/microsoft/tenant.hpp>

namespace oauth::microsoft::detail {

constexpr bool is_policy(std::string_view text) noexcept { return is_path_name(text) && text.size() <= 64 && text.find('.') == text.npos; }

OAUTH_DECL result<std::string> origin_of(std::string_view host)
{
    auto const at = endpoint::parse(host.find("://") == host.npos ? "https://" + std::string(host) : std::string(host));
    if (!at) return at.error();
    if (!at->target().empty() && at->target() != "/") return refused("only the host is wanted here, without a path");
    return std::string(at->origin());
}

OAUTH_DECL result<server_metadata> b2c_at(std::string const& origin, std::string_view tenant, std::string_view policy, policy_place place)
{
    auto const kind = to_tenant_kind(tenant);
    if (kind != tenant_kind::guid && kind != tenant_kind::domain)
        return refused("the B2C tenant is none: write contoso.onmicrosoft.com, or the directory's id (a GUID)");
    if (!is_policy(policy)) return refused("the B2C policy is none: write the user flow's or custom policy's name, such as B2C_1_sign_in");
    auto base = origin + "/" + std::string(tenant);
    std::string query;
    if (place == policy_place::path) (base += '/') += policy;
    else (query = "?p=") += policy;
    auto made = endpoints_under(base, version::v2, query);
    made.device_authorization_endpoint = {};
    made.issuer = origin + "/" + issuer_tenant(tenant) + "/v2.0/";
    return made;
}

OAUTH_DECL result<server_metadata> make_b2c(std::string_view tenant, std::string_view policy, std::string_view host, policy_place place)
{
    std::string whole(tenant);
    if (is_path_name(whole) && whole.find('.') == whole.npos && !is_guid(whole)) whole += ".onmicrosoft.com";
    std::string named(host);
    if (named.empty())
    {
        if (!whole.ends_with(".onmicrosoft.com")) return refused("the host of this B2C tenant can't be guessed: name it, such as contoso.b2clogin.com");
        named = whole.substr(0, whole.find('.')) + ".b2clogin.com";
    }
    auto const origin = origin_of(named);
    if (!origin) return origin.error();
    return b2c_at(*origin, whole, policy, place);
}

} // namespace oauth::microsoft::detail

namespace oauth::microsoft {

OAUTH_DECL server_metadata b2c(std::string_view tenant, std::string_view policy, std::string_view host)
{
    return detail::make_b2c(tenant, policy, host, detail::policy_place::path).value();
}

OAUTH_DECL server_metadata b2c_query_form(std::string_view tenant, std::string_view policy, std::string_view host)
{
    return detail::make_b2c(tenant, policy, host, detail::policy_place::query).value();
}

} // namespace oauth::microsoft

#endif
