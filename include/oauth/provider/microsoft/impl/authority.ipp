#ifndef OAUTH_PROVIDER_MICROSOFT_IMPL_AUTHORITY_IPP
#define OAUTH_PROVIDER_MICROSOFT_IMPL_AUTHORITY_IPP

#include <oauth/provider/microsoft/authority.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/provider/microsoft/adfs.hpp>
#include <oauth/provider/microsoft/b2c.hpp>
#include <oauth/provider/microsoft/cloud.hpp>
#include <oauth/provider/microsoft/external_id.hpp>
#include <oauth/provider/microsoft/tenant.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

namespace oauth::microsoft {

namespace detail {

using path_segments = std::vector<std::string_view>;

inline bool cut_tail(path_segments& path, std::initializer_list<std::string_view> tail)
{
    if (path.size() < tail.size() || !std::equal(tail.begin(), tail.end(), path.end() - static_cast<std::ptrdiff_t>(tail.size()))) return false;
    path.resize(path.size() - tail.size());
    return true;
}

/// Take off what follows the tenant in the URL of an endpoint or of a metadata document; it says which generation is meant.
inline std::optional<version> cut_endpoint(path_segments& path)
{
    if (cut_tail(path, {".well-known", "openid-configuration"})) return cut_tail(path, {"v2.0"}) ? version::v2 : version::v1;
    for (std::string_view last : {"authorize", "token", "devicecode", "logout", "keys"})
    {
        std::string_view const folder = last == "keys" ? "discovery" : "oauth2";
        if (cut_tail(path, {folder, "v2.0", last})) return version::v2;
        if (cut_tail(path, {folder, last})) return version::v1;
    }
    if (cut_tail(path, {"oauth2", "v2.0"}) || cut_tail(path, {"v2.0"})) return version::v2;
    if (cut_tail(path, {"oauth2"})) return version::v1;
    return std::nullopt;
}

inline result<path_segments> split_path(std::string_view path)
{
    path_segments out;
    while (!path.empty())
    {
        path.remove_prefix(1);
        auto const segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        if (segment.empty() && path.empty()) break;
        if (!is_path_name(segment)) return refused("the path of the authority holds an empty segment, or a character that no tenant and no policy has");
        out.push_back(segment);
    }
    return out;
}

/// The policy that the query names, "" where there is no query.
inline result<std::string> policy_of(std::string_view query)
{
    auto parameters = parse_form(query);
    if (!parameters || parameters->size() > 1 || (!parameters->empty() && parameters->front().name != "p"))
        return refused("the authority has a query that is not understood: only B2C's ?p=POLICY is");
    return parameters->empty() ? std::string() : parameters->front().value;
}

inline bool is_b2c_host(std::string_view host) noexcept
{
    static constexpr std::array<std::string_view, 4> suffixes{".b2clogin.com", ".b2clogin.cn", ".b2clogin.us", ".b2clogin.de"};
    return std::any_of(suffixes.begin(), suffixes.end(), [host](std::string_view suffix) { return host.ends_with(suffix); });
}

/// "B2C_1_…" of a user flow, "B2C_1A_…" of a custom policy.
inline bool is_b2c_policy(std::string_view segment) noexcept { return oauth::detail::ascii_iequal(segment.substr(0, 5), "B2C_1"); }

inline result<server_metadata> b2c_authority(std::string const& origin, path_segments path, std::string_view tenant, std::string const& policy)
{
    if (!path.empty() && path.front() == "tfp") path.erase(path.begin());
    if (!policy.empty() && path.size() <= 1) return b2c_at(origin, path.empty() ? tenant : path.front(), policy, policy_place::query);
    if (!policy.empty() || path.size() != 2) return refused("a B2C authority names tenant and policy: https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_sign_in");
    return b2c_at(origin, path[0], path[1], policy_place::path);
}

/// A host that is not Microsoft's, but has its endpoints laid out as Microsoft does: a gateway, an emulator, a test.
inline result<server_metadata> lookalike(std::string const& origin, path_segments const& path, std::string_view tenant, version generation)
{
    auto base = origin;
    for (auto segment : path) (base += '/') += segment;
    auto under = base;
    if (!path.empty())
    {
        tenant = path.back();
        under.resize(base.size() - tenant.size() - 1);
    }
    else if (!tenant.empty())
    {
        if (!is_path_name(tenant)) return refused_tenant();
        (base += '/') += tenant;
    }
    auto made = endpoints_under(base, generation);
    auto const kind = to_tenant_kind(tenant);
    std::string const end = generation == version::v2 ? "/v2.0" : "/";
    auto const of_any_tenant = under + "/{tenantid}" + end;
    bool const any = kind == tenant_kind::common || kind == tenant_kind::organizations;
    made.issuer = any ? of_any_tenant : base + end;
    // A domain may be the tenant's only name here, or there is a directory behind it that calls it by its GUID, as Microsoft's does.
    if (kind == tenant_kind::domain) made.issuer_alias = of_any_tenant;
    made.default_resource = graph_url();
    return made;
}

} // namespace detail

OAUTH_DECL result<server_metadata> authority(std::string_view url, std::string_view tenant, version generation)
{
    if (url.find("://") == url.npos) return detail::refused("write the authority as a whole URL: https://login.microsoftonline.com/TENANT");
    auto const at = endpoint::parse(url);
    if (!at) return at.error();
    auto const target = at->target();
    auto const mark = std::min(target.find('?'), target.size());
    auto path = detail::split_path(target.substr(0, mark));
    if (!path) return path.error();
    auto const policy = detail::policy_of(target.substr(std::min(mark + 1, target.size())));
    if (!policy) return policy.error();
    generation = detail::cut_endpoint(*path).value_or(generation);

    std::string const origin(at->origin());
    std::string_view const host = at->host();
    if (host == "login.microsoftonline.de") return detail::refused("this German cloud closed in 2021: use https://login.microsoftonline.com/TENANT");
    for (auto const& row : detail::clouds)
        if (host == row.graph) return detail::refused("this is Microsoft Graph: its authority is https://" + std::string(row.login) + "/TENANT");

    bool const by_policy = !policy->empty() || (!path->empty() && path->front() == "tfp") || (path->size() == 2 && detail::is_b2c_policy(path->back()));
    if (by_policy || detail::is_b2c_host(host)) return detail::b2c_authority(origin, *path, tenant, *policy);
    if (!path->empty() && oauth::detail::ascii_iequal(path->front(), "adfs"))
    {
        if (path->size() != 1) return detail::refused("write the host of AD FS: https://fs.contoso.com/adfs");
        return detail::adfs_at(origin);
    }
    auto const* const known = at->port() == 443 ? find_cloud(host) : nullptr;
    bool const regional = host.ends_with(".login.microsoft.com");
    bool const external = host.ends_with(detail::external_id_suffix);
    if (!known && !regional && !external) return detail::lookalike(origin, *path, tenant, generation);

    if (path->size() > 1) return detail::refused("the path of this authority is the tenant, nothing else: https://" + std::string(host) + "/TENANT");
    if (!path->empty()) tenant = path->front();
    if (external) return detail::external_id_at(origin, host, tenant);
    return known ? detail::entra(tenant, known->which, generation) : detail::entra(origin, tenant, cloud::public_cloud, generation);
}

} // namespace oauth::microsoft

#endif
