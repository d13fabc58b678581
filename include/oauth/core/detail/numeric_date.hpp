#ifndef OAUTH_CORE_DETAIL_NUMERIC_DATE_HPP
#define OAUTH_CORE_DETAIL_NUMERIC_DATE_HPP

#include <oauth/core/time_point.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>

namespace oauth::detail {

/// Between 1970 and the year 9999, a fraction of a second cut off (RFC 7519 2, NumericDate). Nothing for anything else.
inline std::optional<time_point> numeric_date(boost::json::value const& value) noexcept
{
    constexpr std::int64_t latest = 253'402'300'799;
    std::int64_t number = -1;
    if (auto const* const whole = value.if_int64()) number = *whole;
    else if (auto const* const real = value.if_double(); real && *real >= 0 && *real <= static_cast<double>(latest)) number = static_cast<std::int64_t>(*real);
    if (number < 0 || number > latest) return std::nullopt;
    return time_point(seconds(number));
}

} // namespace oauth::detail

#endif
