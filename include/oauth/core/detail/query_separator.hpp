#ifndef OAUTH_CORE_DETAIL_QUERY_SEPARATOR_HPP
#define OAUTH_CORE_DETAIL_QUERY_SEPARATOR_HPP

#include <string_view>

namespace oauth::detail {

/// What must stand between a URL without fragment and further parameters; "" where it ends in that already. A '?' within the query is a part of it.
constexpr std::string_view query_separator(std::string_view url) noexcept
{
    auto const question = url.find('?');
    if (question == url.npos) return "?";
    return question + 1 == url.size() || url.back() == '&' ? "" : "&";
}

} // namespace oauth::detail

#endif
