#ifndef OAUTH_PROVIDER_MICROSOFT_B2C_HPP
#define OAUTH_PROVIDER_MICROSOFT_B2C_HPP

#include <oauth/provider/microsoft/entra.hpp>
#include <string>
#include <string_view>

namespace oauth::microsoft {

namespace detail {

constexpr bool is_policy(std::string_view text) noexcept { return is_path_name(text) && text.size() <= 64 && text.find('.') == text.npos; }

/// "https://HOST" of a host, or of a URL without path and query.
inline result<std::string> origin_of(std::string_view host)
{
    auto const at = endpoint::parse(host.find("://") == host.npos ? "https://" + std::string(host) : std::string(host));
    if (!at) return at.error();
    if (!at->target().empty() && at->target() != "/") return refused("only the host is wanted here, without a path");
    return std::string(at->origin());
}

enum class policy_place
{
    path,    ///< /TENANT/POLICY/oauth2/v2.0/token
    query,   ///< /TENANT/oauth2/v2.0/token?p=POLICY
};

inline result<server_metadata> b2c_at(std::string const& origin, std::string_view tenant, std::string_view policy, policy_place place)
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

inline result<server_metadata> make_b2c(std::string_view tenant, std::string_view policy, std::string_view host, policy_place place)
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

} // namespace detail

/** Azure AD B2C, with the policy in the path: `https://contoso.b2clogin.com/contoso.onmicrosoft.com/POLICY/oauth2/v2.0/token`.

    The issuer is the one of new user flows, `https://HOST/{tenantid}/v2.0/`. Where a policy is set to the issuer with `/tfp/`, set `issuer` to that.
    A code and a refresh token are redeemed under the policy that they were obtained under. For an access token to the application itself, ask for the scope `client.id`.

    @param tenant "contoso", "contoso.onmicrosoft.com", another domain of the tenant, or its GUID; the last two need `host`.
    @param policy The user flow or custom policy, such as "B2C_1_sign_in".
    @param host Where it is served, such as "contoso.b2clogin.cn" or a domain of one's own; by default `contoso.b2clogin.com`.
    @throws error with errc::invalid_authority where a part is none, or with what `endpoint::parse` says of the host.
*/
inline server_metadata b2c(std::string_view tenant, std::string_view policy, std::string_view host = {})
{
    return detail::make_b2c(tenant, policy, host, detail::policy_place::path).value();
}

/// As @ref b2c, with the policy in the query: `https://contoso.b2clogin.com/contoso.onmicrosoft.com/oauth2/v2.0/token?p=POLICY`.
inline server_metadata b2c_query_form(std::string_view tenant, std::string_view policy, std::string_view host = {})
{
    return detail::make_b2c(tenant, policy, host, detail::policy_place::query).value();
}

} // namespace oauth::microsoft

#endif
