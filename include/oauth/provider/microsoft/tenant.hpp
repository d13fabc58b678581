#ifndef OAUTH_PROVIDER_MICROSOFT_TENANT_HPP
#define OAUTH_PROVIDER_MICROSOFT_TENANT_HPP

#include <oauth/config.hpp>
#include <oauth/core/issuer.hpp>
#include <oauth/core/scope.hpp>
#include <algorithm>
#include <string>
#include <string_view>

namespace oauth::microsoft {

/// Whose accounts may sign in: what the first segment of an authority's path says.
enum class tenant_kind
{
    common,          ///< "common": any organization's accounts, and personal ones
    organizations,   ///< "organizations": any organization's accounts
    consumers,       ///< "consumers": personal Microsoft accounts only
    guid,            ///< one directory, by its id
    domain,          ///< one directory, by a verified domain such as "contoso.onmicrosoft.com"
    invalid,         ///< none of these
};

/// The directory that all personal Microsoft accounts live in; "consumers" is another name for it.
inline constexpr std::string_view consumers_tenant = "9188040d-6c67-4c5b-b112-36a304b66dad";

namespace detail {

constexpr bool is_name_character(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

/// One path segment that needs no encoding and is neither "." nor "..".
constexpr bool is_path_name(std::string_view text) noexcept
{
    return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), is_name_character)
        && !std::all_of(text.begin(), text.end(), [](char c) { return c == '.'; });
}

/// Labels of letters, digits and hyphens, separated by single dots, at least two of them.
constexpr bool is_domain(std::string_view text) noexcept
{
    if (!is_path_name(text) || text.find('_') != text.npos || text.find('.') == text.npos) return false;
    for (;;)
    {
        auto const dot = text.find('.');
        auto const label = text.substr(0, dot);
        if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
        if (dot == text.npos) return true;
        text.remove_prefix(dot + 1);
    }
}

} // namespace detail

/// What kind of tenant `text` names. Exact: the three words are in lower case.
constexpr tenant_kind to_tenant_kind(std::string_view text) noexcept
{
    if (text == "common") return tenant_kind::common;
    if (text == "organizations") return tenant_kind::organizations;
    if (text == "consumers") return tenant_kind::consumers;
    if (is_guid(text)) return tenant_kind::guid;
    return detail::is_domain(text) ? tenant_kind::domain : tenant_kind::invalid;
}

/** What the issuer calls the tenant: its GUID, or "{tenantid}" where that is not known beforehand (@ref issuer_matches).

    A domain's GUID is only known to the directory, so any tenant's issuer is taken for it. Name the GUID to have the issuer compared exactly.
*/
OAUTH_DECL std::string issuer_tenant(std::string_view tenant);

} // namespace oauth::microsoft

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/provider/microsoft/impl/tenant.ipp>
#endif

#endif
