#ifndef OAUTH_FLOW_DETAIL_MASK_ECHO_HPP
#define OAUTH_FLOW_DETAIL_MASK_ECHO_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/// What of a token request may be shown. All else is taken for a secret: a user's own grant may have parameters that nobody here knows.
constexpr bool may_be_shown(std::string_view parameter) noexcept
{
    constexpr std::array<std::string_view, 18> harmless{"grant_type", "client_id", "redirect_uri", "scope", "resource", "audience", "claims", "client_info",
        "client_assertion_type", "subject_token_type", "actor_token_type", "requested_token_type", "requested_token_use",
        // Of an authorization request, and of a question about a token: words that stand in many an error too.
        "response_type", "response_mode", "code_challenge_method", "prompt", "token_type_hint"};
    return std::find(harmless.begin(), harmless.end(), parameter) != harmless.end();
}

/// One character as it may stand in a text: as it is, as JSON escapes it, or percent-encoded.
struct written_character
{
    int value;          // -1: a character that no secret is compared with, since it is written as more than one byte
    std::size_t size;   // how much of the text it takes
};

inline written_character read_character(std::string_view text) noexcept
{
    auto const hex = [text](std::size_t at) { return at < text.size() ? hex_value(text[at]) : -1; };
    if (text[0] == '%' && hex(1) >= 0 && hex(2) >= 0) return {hex(1) << 4 | hex(2), 3};
    if (text[0] != '\\' || text.size() < 2) return {static_cast<unsigned char>(text[0]), 1};
    constexpr std::string_view names = "bfnrt", meant = "\b\f\n\r\t";
    if (auto const at = names.find(text[1]); at != names.npos) return {meant[at], 2};
    if (text[1] != 'u') return {static_cast<unsigned char>(text[1]), 2};
    if (hex(2) < 0 || hex(3) < 0 || hex(4) < 0 || hex(5) < 0) return {-1, 2};
    int const code = hex(2) << 12 | hex(3) << 8 | hex(4) << 4 | hex(5);
    return {code < 0x80 ? code : -1, 6};
}

/// How much of the beginning of `text` is `value`, or at least its first 12 characters (whoever repeats a request may cut it), in whatever spelling; 0 where it is not.
inline std::size_t spelled_length(std::string_view text, std::string_view value) noexcept
{
    constexpr std::size_t enough = 12;
    std::size_t at = 0, matched = 0;
    for (char const c : value)
    {
        auto const expected = static_cast<unsigned char>(c);
        auto const written = at < text.size() ? read_character(text.substr(at)) : written_character{-1, 0};
        // A '%' or a backslash may stand for itself.
        if (written.value == expected) at += written.size;
        else if (at < text.size() && static_cast<unsigned char>(text[at]) == expected) ++at;
        else return matched >= enough && value.find("://") == value.npos ? at : 0;   // URLs begin alike
        ++matched;
    }
    return at;
}

/** Overwrite with '*' what a refusing server repeats of our own secrets, so that its words can be shown. Shorter ones than four characters are left.

    A success is left alone: it may well hold the refresh token that was sent.

    @param body_sent The form that was sent.
    @param more Other secrets that were sent.
*/
inline void mask_echo(http_response& response, std::string_view body_sent, std::initializer_list<std::string_view> more = {})
{
    auto const text = response.body.reveal();
    if (response.status >= 200 && response.status < 300)
    {
        // Masked by mistake, a refresh token would be lost: look closely, but only where there is something to look at.
        if (text.find("\"error") == text.npos && text.find("\\u") == text.npos) return;
        if (!is_error_body(text)) return;
    }
    auto sent = parse_form(body_sent);
    std::string masked(text);
    bool found = false;
    auto const mask = [&masked, &found](std::string_view value) {
        if (value.size() < 4) return;
        for (std::size_t at = 0; at < masked.size();)
        {
            auto const here = std::string_view(masked).substr(at);
            if (auto const length = spelled_length(here, value))
            {
                std::fill_n(masked.begin() + static_cast<std::ptrdiff_t>(at), length, '*');
                found = true;
                at += length;
            }
            // Never begin within an escape of JSON: what is left of it would spoil the text.
            else at += here[0] == '\\' ? std::min(here.size(), read_character(here).size) : 1;
        }
    };
    for (auto const value : more) mask(value);
    if (sent.has_value())
        for (auto& [name, value] : *sent)
        {
            if (!may_be_shown(name)) mask(value);
            wipe(value);
        }
    if (found) response.body = secret(std::move(masked));
    else wipe(masked);
}

} // namespace oauth::detail

#endif
