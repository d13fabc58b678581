#ifndef OAUTH_TESTING_DETAIL_ASSERTION_CHECK_HPP
#define OAUTH_TESTING_DETAIL_ASSERTION_CHECK_HPP

#include <oauth/core/time_point.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string_view>

namespace oauth::testing::detail {

/// How far another's clock may be ahead.
inline constexpr std::int64_t clock_skew = 60;

/// A text among the claims, or "".
inline std::string_view claim_text(boost::json::object const& claims, std::string_view name) noexcept
{
    auto const* const value = claims.if_contains({name.data(), name.size()});
    auto const* const string = value ? value->if_string() : nullptr;
    return string ? std::string_view(string->data(), string->size()) : std::string_view();
}

/// Is the assertion good now? "" where it is, else the claim that says otherwise (RFC 7523 3, points 4 to 6). `longest`: how far ahead its end may be.
inline std::string_view assertion_time_fault(boost::json::object const& claims, time_point now, std::optional<seconds> longest = {}) noexcept
{
    auto const at = static_cast<std::int64_t>(now.time_since_epoch().count());
    auto const* const exp = claims.if_contains("exp");
    auto const* const expires = exp ? exp->if_int64() : nullptr;
    if (expires == nullptr || *expires <= at || (longest && *expires > at + longest->count())) return "exp";
    for (std::string_view const name : {"nbf", "iat"})
    {
        auto const* const value = claims.if_contains({name.data(), name.size()});
        if (value != nullptr && (!value->is_int64() || value->get_int64() > at + clock_skew)) return name;
    }
    return {};
}

} // namespace oauth::testing::detail

#endif
