#ifndef OAUTH_TESTING_DETAIL_SERVER_ROUTE_HPP
#define OAUTH_TESTING_DETAIL_SERVER_ROUTE_HPP

#include <oauth/core/endpoint.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/testing/detail/server_state.hpp>
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth::testing::detail {

enum class page
{
    authorize, sign_in, consent, token, discovery, keys, userinfo,
    device_authorization, device, pushed_authorization, introspection, revocation, registration, end_session,
};

/// Where a request goes.
struct route
{
    page at{};
    std::string tenant;        ///< as it stands in the path
    std::string policy;        ///< B2C
    std::string path;
    std::string_view query;
};

/// How the answer to an authorization request may come.
inline std::vector<std::string> response_modes(personality kind)
{
    std::vector<std::string> modes{"query", "fragment", "form_post"};
    if (kind == personality::standard) modes.insert(modes.end(), {"jwt", "query.jwt", "fragment.jwt", "form_post.jwt"});
    return modes;
}

/// The text that precedes the endpoint's own: "/contoso.onmicrosoft.com", "/contosob2c.onmicrosoft.com/B2C_1_x", "".
inline std::string route_prefix(personality kind, std::string_view tenant, std::string_view policy)
{
    if (kind == personality::standard) return {};
    std::string out = "/";
    out += tenant;
    if (kind == personality::b2c && !policy.empty()) (out += '/') += policy;
    return out;
}

/// What follows the prefix; "" for a page that the personality does not have.
inline std::string_view route_suffix(personality kind, page at) noexcept
{
    bool const v1 = kind == personality::entra_v1;
    bool const standard = kind == personality::standard;
    bool const b2c = kind == personality::b2c;   // has no sign-in for devices
    switch (at)
    {
    case page::authorize: return standard ? "/authorize" : v1 ? "/oauth2/authorize" : "/oauth2/v2.0/authorize";
    case page::sign_in: return standard ? "/authorize/sign-in" : v1 ? "/oauth2/authorize/sign-in" : "/oauth2/v2.0/authorize/sign-in";
    case page::consent: return standard ? "/authorize/consent" : v1 ? "/oauth2/authorize/consent" : "/oauth2/v2.0/authorize/consent";
    case page::token: return standard ? "/token" : v1 ? "/oauth2/token" : "/oauth2/v2.0/token";
    case page::discovery: return standard || v1 ? "/.well-known/openid-configuration" : "/v2.0/.well-known/openid-configuration";
    case page::keys: return standard ? "/keys" : v1 ? "/discovery/keys" : "/discovery/v2.0/keys";
    case page::userinfo: return standard ? "/userinfo" : "/openid/userinfo";
    case page::device_authorization: return standard ? "/device_authorization" : b2c ? "" : v1 ? "/oauth2/devicecode" : "/oauth2/v2.0/devicecode";
    case page::device: return standard ? "/device" : b2c ? "" : v1 ? "/oauth2/deviceauth" : "/oauth2/v2.0/deviceauth";
    case page::end_session: return standard ? "/end_session" : v1 ? "/oauth2/logout" : "/oauth2/v2.0/logout";
    case page::pushed_authorization: return standard ? "/par" : "";
    case page::introspection: return standard ? "/introspect" : "";
    case page::revocation: return standard ? "/revoke" : "";
    case page::registration: return standard ? "/register" : "";
    }
    return {};
}

/// The issuer. `tenant` is what stood in the path: the aliases of many tenants give Microsoft's template.
inline std::string issuer_of(authorization_server_options const& options, std::string_view tenant = {})
{
    if (!options.issuer.empty()) return options.issuer;
    std::string const id = tenant == "common" || tenant == "organizations" ? "{tenantid}" : options.tenant_id;
    switch (options.kind)
    {
    case personality::entra_v2: return options.origin + '/' + id + "/v2.0";
    case personality::entra_v1:
        return (options.origin == "https://login.microsoftonline.com" ? "https://sts.windows.net/" : options.origin + '/') + id + '/';
    case personality::b2c: return options.origin + '/' + id + "/v2.0/";
    case personality::standard: break;
    }
    return options.origin;
}

/// What the issuer has behind the server's origin, such as "/tenant": its metadata are found by that (RFC 8414 3.1). Of the standard personality alone.
inline std::string issuer_path(authorization_server_options const& options)
{
    auto const issuer = issuer_of(options);
    std::string_view rest(issuer);
    if (options.kind != personality::standard || !rest.starts_with(options.origin)) return {};
    rest.remove_prefix(options.origin.size());
    if (rest.ends_with('/')) rest.remove_suffix(1);
    return std::string(rest.starts_with('/') ? rest : std::string_view());
}

/// The URL of a page. Entra v2 has its userinfo at Graph: here it is on this origin, at Graph's path.
inline std::string page_url(authorization_server_options const& options, page at, std::string_view tenant)
{
    if (options.kind == personality::entra_v2 && at == page::userinfo) return options.origin + "/oidc/userinfo";
    auto const inserted = at == page::discovery ? issuer_path(options) : std::string();
    return options.origin + inserted + route_prefix(options.kind, tenant, options.policy) + std::string(route_suffix(options.kind, at));
}

inline std::string page_url(authorization_server_options const& options, page at) { return page_url(options, at, options.tenant); }

/// As an endpoint; none where the personality does not have it. @throws error where the options' origin is not one that @ref endpoint takes.
inline endpoint page_endpoint(authorization_server_options const& options, page at)
{
    return route_suffix(options.kind, at).empty() ? endpoint() : endpoint(page_url(options, at));
}

/// Is this tenant in the path one of ours, or an alias that includes it?
inline bool serves_tenant(authorization_server_options const& options, std::string_view tenant) noexcept
{
    if (tenant == options.tenant || tenant == options.tenant_id) return true;
    return options.kind != personality::b2c && (tenant == "common" || tenant == "organizations");
}

/// Take the target of a request apart, or nothing where there is no such page.
inline std::optional<route> find_route(authorization_server_options const& options, std::string_view target)
{
    static constexpr page pages[] = {page::sign_in, page::consent, page::authorize, page::token, page::discovery, page::keys, page::userinfo,
        page::device_authorization, page::device, page::pushed_authorization, page::introspection, page::revocation, page::registration, page::end_session};
    route found;
    auto const path = target.substr(0, target.find('?'));
    found.path = std::string(path);
    found.query = target.substr(std::min(path.size() + 1, target.size()));
    if (options.kind == personality::entra_v2 && path == "/oidc/userinfo")
    {
        found.at = page::userinfo;
        found.tenant = options.tenant;
        return found;
    }
    if (options.kind == personality::standard)
    {
        // OpenID Connect appends to the issuer, RFC 8414 inserts before its path.
        auto const inserted = issuer_path(options);
        bool const openid = path.starts_with(inserted) && path.substr(inserted.size()) == route_suffix(options.kind, page::discovery);
        constexpr std::string_view well_known = "/.well-known/oauth-authorization-server";
        if (openid || (path.starts_with(well_known) && path.substr(well_known.size()) == inserted))
        {
            found.at = page::discovery;
            return found;
        }
    }
    for (auto const at : pages)
    {
        if (at == page::discovery && options.kind == personality::standard) continue;
        auto const suffix = route_suffix(options.kind, at);
        if (suffix.empty() || !path.ends_with(suffix)) continue;
        auto prefix = path.substr(0, path.size() - suffix.size());
        found.at = at;
        if (options.kind == personality::standard) return prefix.empty() ? std::optional(std::move(found)) : std::nullopt;
        if (prefix.starts_with("/tfp/")) prefix.remove_prefix(4);
        if (!prefix.starts_with('/')) return std::nullopt;
        prefix.remove_prefix(1);
        auto const slash = prefix.find('/');
        found.tenant = std::string(prefix.substr(0, slash));
        if (slash != prefix.npos) found.policy = std::string(prefix.substr(slash + 1));
        if (options.kind == personality::b2c && found.policy.empty())
            if (auto const parameters = parse_form(found.query)) found.policy = std::string(find_parameter(*parameters, "p").value_or(""));
        bool const right_policy = found.policy == (options.kind == personality::b2c ? options.policy : std::string());
        if (found.tenant.empty() || !right_policy) return std::nullopt;
        return found;
    }
    return std::nullopt;
}

} // namespace oauth::testing::detail

#endif
