#ifndef OAUTH_PROVIDER_MICROSOFT_CLOUD_HPP
#define OAUTH_PROVIDER_MICROSOFT_CLOUD_HPP

#include <oauth/config.hpp>
#include <array>
#include <string>
#include <string_view>

namespace oauth::microsoft {

/** Microsoft's clouds. A tenant lives in one of them, and a token of one is worth nothing in another. */
enum class cloud
{
    public_cloud,        ///< worldwide, and US government GCC
    us_government,       ///< US government L4: GCC High
    us_government_dod,   ///< US government L5: the Department of Defense
    china,               ///< operated by 21Vianet
    france,              ///< Bleu
    germany,             ///< Delos; the older German cloud closed in 2021
    singapore,           ///< GovSG
    us_legacy,           ///< an older login host of the US government
    ppe,                 ///< Microsoft's own pre-production environment
};

/// Where a cloud is to be found. Hosts only, without scheme.
struct cloud_hosts
{
    cloud which;
    std::string_view login;        ///< of the authorization server
    std::string_view graph;        ///< of Microsoft Graph; "" where it is not published
    std::string_view v1_issuer;    ///< of v1 tokens; "" where it is not published
};

namespace detail {

inline constexpr std::array<cloud_hosts, 9> clouds{{
    {cloud::public_cloud, "login.microsoftonline.com", "graph.microsoft.com", "sts.windows.net"},
    {cloud::us_government, "login.microsoftonline.us", "graph.microsoft.us", "sts.windows.net"},
    {cloud::us_government_dod, "login.microsoftonline.us", "dod-graph.microsoft.us", "sts.windows.net"},
    {cloud::china, "login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn", "sts.chinacloudapi.cn"},
    {cloud::france, "login.sovcloud-identity.fr", "graph.svc.sovcloud.fr", ""},
    {cloud::germany, "login.sovcloud-identity.de", "graph.svc.sovcloud.de", ""},
    {cloud::singapore, "login.sovcloud-identity.sg", "", ""},
    {cloud::us_legacy, "login-us.microsoftonline.com", "", ""},
    {cloud::ppe, "login.windows-ppe.net", "", "sts.windows-ppe.net"},
}};

struct cloud_alias
{
    std::string_view host;
    cloud which;
};

inline constexpr std::array<cloud_alias, 7> cloud_aliases{{
    {"login.windows.net", cloud::public_cloud},
    {"login.microsoft.com", cloud::public_cloud},
    {"sts.windows.net", cloud::public_cloud},
    {"login.usgovcloudapi.net", cloud::us_government},
    {"login.chinacloudapi.cn", cloud::china},
    {"sts.windows-ppe.net", cloud::ppe},
    {"login.microsoft-ppe.com", cloud::ppe},
}};

} // namespace detail

/// The hosts of `which`.
constexpr cloud_hosts const& hosts(cloud which) noexcept
{
    for (auto const& row : detail::clouds)
        if (row.which == which) return row;
    return detail::clouds.front();
}

/// The cloud that `login_host` (in lower case) belongs to, aliases included; null where it is none of Microsoft's. L4 stands for both US government clouds.
constexpr cloud_hosts const* find_cloud(std::string_view login_host) noexcept
{
    for (auto const& alias : detail::cloud_aliases)
        if (alias.host == login_host) return &hosts(alias.which);
    for (auto const& row : detail::clouds)
        if (row.login == login_host) return &row;
    return nullptr;
}

/// Where a cloud's Microsoft Graph is, with its slash: "https://graph.microsoft.com/". "" where that is not published.
OAUTH_DECL std::string graph_url(cloud which = cloud::public_cloud);

} // namespace oauth::microsoft

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/provider/microsoft/impl/cloud.ipp>
#endif

#endif
