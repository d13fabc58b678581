#ifndef OAUTH_CORE_DETAIL_PORT_NUMBER_HPP
#define OAUTH_CORE_DETAIL_PORT_NUMBER_HPP

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace oauth::detail {

/** The port that `digits` name, 0 to 65535; nothing where they are not a number, or a larger one.

    Read here and not by Boost.URL, whose `port_number()` takes the rest of a division by 65536 for some of the larger ones in release 1.81: so "https://login.example:65979/"
    would be the origin "https://login.example/".
*/
inline std::optional<std::uint16_t> port_number(std::string_view digits) noexcept
{
    std::uint16_t number = 0;
    auto const* const end = digits.data() + digits.size();
    auto const [stopped, fault] = std::from_chars(digits.data(), end, number);
    if (fault != std::errc() || stopped != end) return std::nullopt;
    return number;
}

} // namespace oauth::detail

#endif
