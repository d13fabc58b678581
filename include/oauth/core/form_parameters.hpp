#ifndef OAUTH_CORE_FORM_PARAMETERS_HPP
#define OAUTH_CORE_FORM_PARAMETERS_HPP

#include <oauth/config.hpp>
#include <oauth/error/result.hpp>
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
OAUTH_DECL std::optional<std::string> form_decode(std::string_view text, char plus = ' ');

} // namespace detail

/** Decode an `application/x-www-form-urlencoded` text: a query without its '?', or a form body.

    Empty pieces ("a=1&&b=2") are skipped; a piece without '=' is a name with an empty value. At most 256 parameters.

    @return The parameters, or errc::malformed_encoding where a percent-encoding is broken, or errc::too_many_parameters.
*/
OAUTH_DECL result<form_parameters> parse_form(std::string_view text);

/// The value of the first parameter called `name`, or nothing. The view lives as long as `parameters`.
OAUTH_DECL std::optional<std::string_view> find_parameter(form_parameters const& parameters, std::string_view name) noexcept;

} // namespace oauth

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/core/impl/form_parameters.ipp>
#endif

#endif
