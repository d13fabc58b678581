#ifndef OAUTH_RESPONSE_IMPL_RETRY_AFTER_IPP
#define OAUTH_RESPONSE_IMPL_RETRY_AFTER_IPP

#include <oauth/response/retry_after.hpp>
#include <algorithm>
#include <array>
#include <charconv>

namespace oauth::detail {

OAUTH_DECL std::optional<time_point> parse_http_date(std::string_view text) noexcept
{
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || !text.ends_with(" GMT") || text.substr(3, 2) != ", " || text[7] != ' ' || text[11] != ' ' || text[16] != ' ' || text[19] != ':' || text[22] != ':') return std::nullopt;
    auto const number = [text](std::size_t at, std::size_t digits) {
        int value = 0;
        for (char const c : text.substr(at, digits))
        {
            if (c < '0' || c > '9') return -1;
            value = value * 10 + (c - '0');
        }
        return value;
    };
    auto const month = std::find(months.begin(), months.end(), text.substr(8, 3));
    int const day = number(5, 2), year = number(12, 4), hour = number(17, 2), minute = number(20, 2), second = number(23, 2);
    if (month == months.end() || day < 1 || year < 1970 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return std::nullopt;
    auto const date = std::chrono::year(year) / static_cast<int>(month - months.begin() + 1) / day;
    if (!date.ok()) return std::nullopt;
    return time_point(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) + seconds(second);
}

} // namespace oauth::detail

namespace oauth {

OAUTH_DECL std::optional<seconds> retry_after(http_fields const& fields) noexcept
{
    constexpr seconds longest = std::chrono::hours{24};
    auto const text = find_field(fields, "Retry-After");
    if (text.empty()) return std::nullopt;
    if (text.find_first_not_of("0123456789") == text.npos)
    {
        seconds::rep value = 0;
        auto const [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
        return fault == std::errc() ? std::min(seconds(value), longest) : longest;
    }
    auto const until = detail::parse_http_date(text);
    auto const from = detail::parse_http_date(find_field(fields, "Date"));
    if (!until || !from) return std::nullopt;
    return std::clamp(*until - *from, seconds(0), longest);
}

} // namespace oauth

#endif
