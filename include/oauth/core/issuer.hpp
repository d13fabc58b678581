#ifndef OAUTH_CORE_ISSUER_HPP
#define OAUTH_CORE_ISSUER_HPP

#include <cstddef>
#include <string_view>

namespace oauth {

/// Is `text` a GUID as Microsoft writes tenants: 8-4-4-4-12 hexadecimal digits, of either case, no braces?
constexpr bool is_guid(std::string_view text) noexcept
{
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        char const c = text[i];
        bool const dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool const digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (dash ? c != '-' : !digit) return false;
    }
    return true;
}

namespace detail {

inline constexpr std::string_view tenant_placeholder = "{tenantid}";

} // namespace detail

/// Does `issuer` stand for many, by a "{tenantid}" in it (@ref issuer_matches)? Then it is to be compared with, not to be sent.
constexpr bool is_issuer_template(std::string_view issuer) noexcept { return issuer.find(detail::tenant_placeholder) != issuer.npos; }

/** Is `actual` the issuer that `expected` speaks of?

    Compared exactly, byte by byte, a trailing slash included. Each "{tenantid}" in `expected` stands for one GUID, the same wherever it comes: that is how
    Microsoft names the issuer of a server that serves many tenants. An empty `expected` matches nothing.

    @par Exception safety
    Does not throw, allocates nothing.

    @par Specification
    RFC 8414 2, RFC 9207 2.4, OpenID Connect Core 3.1.3.7; the placeholder is Microsoft's own
*/
constexpr bool issuer_matches(std::string_view expected, std::string_view actual) noexcept
{
    constexpr auto placeholder = detail::tenant_placeholder;
    constexpr std::size_t guid_size = 36;
    if (expected.empty()) return false;
    std::string_view tenant;
    for (;;)
    {
        auto const at = expected.find(placeholder);
        if (at == expected.npos) return expected == actual;
        if (actual.size() < at + guid_size || actual.substr(0, at) != expected.substr(0, at)) return false;
        auto const found = actual.substr(at, guid_size);
        if (!is_guid(found) || (!tenant.empty() && tenant != found)) return false;
        tenant = found;
        expected.remove_prefix(at + placeholder.size());
        actual.remove_prefix(at + guid_size);
    }
}

} // namespace oauth

#endif
