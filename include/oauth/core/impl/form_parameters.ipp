#ifndef OAUTH_CORE_IMPL_FORM_PARAMETERS_IPP
#define OAUTH_CORE_IMPL_FORM_PARAMETERS_IPP

#include <oauth/core/form_parameters.hpp>
#include <algorithm>
#include <cstddef>
#include <utility>

namespace oauth::detail {

OAUTH_DECL std::optional<std::string> form_decode(std::string_view text, char plus)
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

} // namespace oauth::detail

namespace oauth {

OAUTH_DECL result<form_parameters> parse_form(std::string_view text)
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

OAUTH_DECL std::optional<std::string_view> find_parameter(form_parameters const& parameters, std::string_view name) noexcept
{
    for (auto const& parameter : parameters)
        if (parameter.name == name) return parameter.value;
    return std::nullopt;
}

} // namespace oauth

#endif
