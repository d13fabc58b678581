#ifndef OAUTH_CORE_IMPL_SCOPE_IPP
#define OAUTH_CORE_IMPL_SCOPE_IPP

#include <oauth/core/scope.hpp>
#include <oauth/core/detail/granted_names.hpp>
#include <set>
#include <utility>

namespace oauth {

OAUTH_DECL void scope::add(std::string_view text)
{
    // A few tokens are looked for one by one. Many come from outside, where somebody may want us to look for long.
    if (has_more_than(text, 32)) return add_many(text);
    each(text, [this](std::string_view token) {
        if (contains(token)) return;
        if (!text_.empty()) text_ += ' ';
        text_ += token;
    });
}

OAUTH_DECL void scope::add_many(std::string_view text)
{
    std::set<std::string_view> known;
    for_each([&known](std::string_view mine) { known.insert(mine); });
    std::string grown;
    grown.reserve(text_.size() + 1 + text.size());
    grown = text_;
    each(text, [&](std::string_view token) {
        if (!known.insert(token).second) return;
        if (!grown.empty()) grown += ' ';
        grown += token;
    });
    text_ = std::move(grown);
}

OAUTH_DECL bool scope::has_more_than(std::string_view text, std::size_t limit) noexcept
{
    if (text.size() < 2 * limit) return false;
    std::size_t count = 0;
    each(text, [&count](std::string_view) { ++count; });
    return count > limit;
}

OAUTH_DECL bool covers(scope const& granted, scope const& wanted, std::string_view default_resource) noexcept
{
    detail::granted_names names(granted, default_resource);
    return !wanted.any_of([&names](std::string_view token) { return !detail::asks_for_no_access(token) && !names.contain(token); });
}

OAUTH_DECL scope declined(scope const& granted, scope const& wanted, std::string_view default_resource)
{
    detail::granted_names names(granted, default_resource);
    scope missing;
    wanted.for_each([&](std::string_view token) {
        bool const names_others = token == ".default" || token.ends_with("/.default");
        if (!names_others && !detail::asks_for_no_access(token) && !names.contain(token)) missing.add(token);
    });
    return missing;
}

} // namespace oauth

#endif
