#ifndef OAUTH_CORE_DETAIL_SCOPE_OF_RESOURCE_HPP
#define OAUTH_CORE_DETAIL_SCOPE_OF_RESOURCE_HPP

#include <oauth/core/scope.hpp>
#include <optional>
#include <string_view>

namespace oauth::detail {

/// The resource that a scope token of Microsoft's belongs to, without a slash at its end: what precedes the token's last slash, `default_resource` where there is none.
constexpr std::string_view resource_of(std::string_view token, std::string_view default_resource) noexcept
{
    auto const slash = token.rfind('/');
    auto resource = slash == token.npos ? default_resource : token.substr(0, slash);
    while (resource.ends_with('/')) resource.remove_suffix(1);
    return resource;
}

/** What a token request may name of `asked` where a token is for one resource: the scopes of the resource that is named first, and those that name none.

    An authorization request may ask for several resources' scopes at once; Microsoft's token endpoint then gives a token for the first (AADSTS700022 where the others are named).
*/
inline scope scope_of_first_resource(scope const& asked, std::string_view default_resource)
{
    scope made;
    std::optional<std::string_view> first;
    asked.for_each([&](std::string_view token) {
        if (!asks_for_no_access(token))
        {
            auto const resource = resource_of(token, default_resource);
            if (!first) first = resource;
            if (!ascii_iequal(resource, *first)) return;
        }
        made.add(token);
    });
    return made;
}

} // namespace oauth::detail

#endif
