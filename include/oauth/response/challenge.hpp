#ifndef OAUTH_RESPONSE_CHALLENGE_HPP
#define OAUTH_RESPONSE_CHALLENGE_HPP

#include <oauth/core/http_message.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace oauth {

namespace detail {

/// The value of the first parameter called `name` in one `WWW-Authenticate` field, whichever challenge it belongs to; quoted strings are respected.
inline std::string challenge_parameter(std::string_view field, std::string_view name)
{
    auto const is_name = [](char c) {
        bool const alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return alphanumeric || (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
    };
    std::size_t at = 0;
    while (at < field.size())
    {
        if (!is_name(field[at]))
        {
            // A quoted string that is no parameter's value is passed over whole.
            if (field[at] == '"')
                for (++at; at < field.size() && field[at] != '"'; ++at)
                    if (field[at] == '\\') ++at;
            ++at;
            continue;
        }
        auto const begin = at;
        while (at < field.size() && is_name(field[at])) ++at;
        bool const found = ascii_iequal(field.substr(begin, at - begin), name);
        while (at < field.size() && (field[at] == ' ' || field[at] == '\t')) ++at;
        if (at >= field.size() || field[at] != '=') continue;
        ++at;
        while (at < field.size() && (field[at] == ' ' || field[at] == '\t')) ++at;
        std::string value;
        if (at < field.size() && field[at] == '"')
        {
            for (++at; at < field.size() && field[at] != '"'; ++at)
            {
                if (field[at] == '\\' && at + 1 < field.size()) ++at;
                value += field[at];
            }
            ++at;
        }
        else
            while (at < field.size() && field[at] != ',' && field[at] != ' ' && field[at] != '\t') value += field[at++];
        if (found) return value;
    }
    return {};
}

} // namespace detail

/** The `error` of the `WWW-Authenticate` fields of an answer: "invalid_token", "insufficient_claims" …; "" where there is none.

    @par Specification
    RFC 6750 3, RFC 9110 11.6.1
*/
inline std::string challenge_error(http_fields const& fields)
{
    for (auto const& field : fields)
        if (detail::ascii_iequal(field.name, "WWW-Authenticate"))
            if (auto error = detail::challenge_parameter(field.value, "error"); !error.empty()) return error;
    return {};
}

} // namespace oauth

#endif
