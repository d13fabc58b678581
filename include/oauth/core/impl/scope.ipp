#ifndef OAUTH_CORE_IMPL_SCOPE_IPP
#define OAUTH_CORE_IMPL_SCOPE_IPP

#include <oauth/core/scope.hpp>
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
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

namespace detail {

/** What was granted, taken apart once for many questions: the names that its tokens stand for. Lives no longer than the scope. No allocation.

    A token that holds commas stands for itself and for each of its parts, as GitHub writes them. What finds no place, of more names than anybody is granted, is taken apart again
    for each question.
*/
class granted_names
{
    std::array<std::string_view, 32> names_;
    std::size_t count_ = 0;
    std::size_t next_ = 0;    // behind the last one that was found: both sides are most often in the same order
    std::string_view rest_;   // of the scope's text: from the first token that found no place
    std::string_view default_resource_;
    bool commas_;

    bool is_prefixed(std::string_view token) const noexcept
    {
        auto const size = default_resource_.size();
        return size != 0 && token.size() > size && ascii_iequal(token.substr(0, size), default_resource_);
    }

    /// Do both name the same, be it that one of them lacks the prefix that the other has?
    bool same(std::string_view a, std::string_view b) const noexcept
    {
        if (a.size() == b.size()) return ascii_iequal(a, b);
        if (a.size() < b.size()) std::swap(a, b);
        auto const more = a.size() - b.size();
        return more == default_resource_.size() && ascii_iequal(a.substr(more), b) && is_prefixed(a) && !is_prefixed(b);
    }

    /// Is `holds` true of one of the names of `token`?
    template <class Predicate>
    bool any_name(std::string_view token, Predicate holds) const
    {
        if (holds(token)) return true;
        if (!commas_ || token.find(',') == token.npos) return false;
        for (;;)
        {
            auto const comma = token.find(',');
            if (holds(token.substr(0, comma))) return true;
            if (comma == token.npos) return false;
            token.remove_prefix(comma + 1);
        }
    }

public:
    granted_names(scope const& granted, std::string_view default_resource) noexcept
        : default_resource_(default_resource), commas_(granted.str().find(',') != std::string::npos)
    {
        granted.any_of([&](std::string_view token) {
            bool const full = any_name(token, [this](std::string_view name) {
                if (count_ == names_.size()) return true;
                names_[count_++] = name;
                return false;
            });
            if (full) rest_ = std::string_view(granted.str()).substr(static_cast<std::size_t>(token.data() - granted.str().data()));
            return full;
        });
    }

    /// Is `token` among them? Compared as @ref covers says.
    bool contain(std::string_view token) noexcept
    {
        for (auto looked = count_; looked != 0; --looked)
        {
            bool const found = same(names_[next_], token);
            next_ = next_ + 1 == count_ ? 0 : next_ + 1;
            if (found) return true;
        }
        for (auto rest = rest_; !rest.empty();)
        {
            auto const end = std::min(rest.find(' '), rest.size());
            if (any_name(rest.substr(0, end), [this, token](std::string_view name) { return same(name, token); })) return true;
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return false;
    }
};

} // namespace detail

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
