#ifndef OAUTH_CORE_FORM_PARAMETERS_HPP
#define OAUTH_CORE_FORM_PARAMETERS_HPP

#include <oauth/error/result.hpp>
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth {

/// One decoded parameter of a query or of a form body.
struct form_parameter
{
    std::string name;
    std::string value;
};

/// The parameters in order; a name may come more than once.
using form_parameters = std::vector<form_parameter>;

namespace detail {

constexpr int hex_value(char c) noexcept
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// Decode one name or value: '+' is `plus`, %XX a byte. Nothing where a '%' is not followed by two hexadecimal digits.
inline std::optional<std::string> form_decode(std::string_view text, char plus = ' ')
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        if (text[i] == '+') out += plus;
        else if (text[i] != '%') out += text[i];
        else
        {
            int const high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
            int const low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0) return std::nullopt;
            out += static_cast<char>(high << 4 | low);
            i += 2;
        }
    }
    return out;
}

} // namespace detail

/** Decode an `application/x-www-form-urlencoded` text: a query without its '?', or a form body.

    Empty pieces ("a=1&&b=2") are skipped; a piece without '=' is a name with an empty value. At most 256 parameters.

    @return The parameters, or errc::malformed_encoding where a percent-encoding is broken, or errc::too_many_parameters.
*/
inline result<form_parameters> parse_form(std::string_view text)
{
    constexpr std::size_t most = 256;
    form_parameters out;
    // At once, since a value may be a secret: a short one would be left behind in what the list had before it grew.
    out.reserve(std::min(static_cast<std::size_t>(std::count(text.begin(), text.end(), '&')) + 1, most));
    while (!text.empty())
    {
        auto const end = std::min(text.find('&'), text.size());
        auto const piece = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (piece.empty()) continue;
        if (out.size() == most) return failure(errc::too_many_parameters, advice::give_up, "more than 256 parameters");
        auto const equals = std::min(piece.find('='), piece.size());
        auto name = detail::form_decode(piece.substr(0, equals));
        auto value = detail::form_decode(piece.substr(std::min(equals + 1, piece.size())));
        if (!name || !value) return failure(errc::malformed_encoding, advice::sign_in_again);
        out.push_back({std::move(*name), std::move(*value)});
    }
    return out;
}

/// The value of the first parameter called `name`, or nothing. The view lives as long as `parameters`.
inline std::optional<std::string_view> find_parameter(form_parameters const& parameters, std::string_view name) noexcept
{
    for (auto const& parameter : parameters)
        if (parameter.name == name) return parameter.value;
    return std::nullopt;
}

} // namespace oauth

#endif
