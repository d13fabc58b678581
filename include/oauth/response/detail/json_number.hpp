#ifndef OAUTH_RESPONSE_DETAIL_JSON_NUMBER_HPP
#define OAUTH_RESPONSE_DETAIL_JSON_NUMBER_HPP

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace oauth::detail {

/// The whole part of `value`, within the limits of the type. NaN is what Boost.JSON makes of a zero with a huge exponent, "0e400": it is 0.
inline std::int64_t saturated(double value) noexcept
{
    constexpr double limit = 9.2e18;
    if (value >= limit) return std::numeric_limits<std::int64_t>::max();
    if (value <= -limit) return std::numeric_limits<std::int64_t>::min();
    if (value != value) return 0;
    return static_cast<std::int64_t>(value);
}

/// A decimal number in a string, its fraction cut off, within the limits of the type: " 3599 ", "-1", "3599.5". Nothing for anything else.
inline std::optional<std::int64_t> number_in_string(std::string_view text) noexcept
{
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    bool const negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);

    constexpr auto max = std::numeric_limits<std::int64_t>::max();
    auto const is_digit = [](char c) { return c >= '0' && c <= '9'; };
    std::int64_t value = 0;
    std::size_t digits = 0;
    for (; digits < text.size() && is_digit(text[digits]); ++digits)
    {
        int const digit = text[digits] - '0';
        value = value > (max - digit) / 10 ? max : value * 10 + digit;
    }
    if (digits == 0) return std::nullopt;
    auto fraction = text.substr(digits);
    if (!fraction.empty() && (fraction.front() != '.' || fraction.size() == 1 || fraction.find_first_not_of("0123456789", 1) != fraction.npos))
        return std::nullopt;
    return negative ? -value : value;
}

} // namespace oauth::detail

#endif
