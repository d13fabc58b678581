#ifndef OAUTH_FLOW_DETAIL_MASK_ECHO_HPP
#define OAUTH_FLOW_DETAIL_MASK_ECHO_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/flow/detail/find_all.hpp>
#include <oauth/flow/detail/text_reading.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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

/** Overwrites secrets in a text with '*', in whatever spelling: as they are, escaped as in JSON, for HTML, or percent-encoded, or each of that inside of the one before it.

    @par Complexity
    At most eight readings of the text, each the sum of its length and that of the secrets.
*/
class echo_mask
{
    std::string& text_;
    std::vector<std::string_view> const& secrets_;
    bool found_ = false;

    void mask(text_reading const& reading, std::size_t first, std::size_t last, std::size_t& done)
    {
        auto const [begin, end] = reading.place(first, last);
        // What repeats itself is found again and again.
        for (auto at = std::max(begin, done); at < end; ++at) text_[at] = '*';
        done = end;
        found_ = true;
    }

    /// How much of `secret` stands at `first`, of which its beginning does.
    static std::size_t common_size(std::string_view bytes, std::size_t first, std::string_view secret, std::size_t size) noexcept
    {
        while (size < secret.size() && first + size < bytes.size() && bytes[first + size] == secret[size]) ++size;
        return size;
    }

    void search(text_reading const& reading)
    {
        constexpr std::size_t enough = 12;   // whoever repeats a request may cut it
        for (auto const secret : secrets_)
        {
            std::size_t done = 0;
            find_all(reading.bytes(), secret, [&](std::size_t first) {
                if (reading.begins(first)) mask(reading, first, first + secret.size(), done);
            });
            // URLs begin alike: they would mask half the text.
            if (secret.size() <= enough || secret.find("://") != secret.npos) continue;
            std::size_t next = 0;
            done = 0;
            find_all(reading.bytes(), secret.substr(0, enough), [&](std::size_t first) {
                if (first < next || !reading.begins(first)) return;
                next = first + common_size(reading.bytes(), first, secret, enough);
                mask(reading, first, next, done);
            });
        }
    }

    void read(text_reading const& reading, int layer)
    {
        search(reading);
        if (layer < 1)
            if (auto const inner = reading.unescaped('\\', json_escape)) read(*inner, 1);
        if (layer < 2)
            if (auto const inner = reading.unescaped('&', html_reference)) read(*inner, 2);
        if (layer < 3)
            if (auto const inner = reading.unescaped('%', percent_escape)) read(*inner, 3);
    }

public:
    echo_mask(std::string& text, std::vector<std::string_view> const& secrets) : text_(text), secrets_(secrets) {}

    /// Was there any?
    bool run()
    {
        if (!secrets_.empty()) read(text_reading(text_), 0);
        return found_;
    }
};

/** Overwrite with '*' what a refusing server repeats of our own secrets, so that its words can be shown. Shorter ones than four characters are left.

    A success is left alone: it may well hold the refresh token that was sent.

    @param body_sent The form that was sent.
    @param more Other secrets that were sent.
*/
inline void mask_echo(http_response& response, std::string_view body_sent, std::initializer_list<std::string_view> more = {})
{
    auto const text = response.body.reveal();
    bool const says_success = response.status >= 200 && response.status < 300;
    bool const may_be_error = !says_success || text.find("\"error") != text.npos || text.find("\\u") != text.npos || is_form_answer(response);
    if (!may_be_error) return;
    std::vector<std::string_view> secrets;
    auto const add = [&secrets](std::string_view value) {
        if (value.size() >= 4) secrets.push_back(value);
    };
    for (auto const value : more) add(value);
    auto sent = parse_form(body_sent);
    if (sent.has_value())
        for (auto const& [name, value] : *sent)
            if (!may_be_shown(name)) add(value);
    std::string masked(text);
    if (echo_mask(masked, secrets).run())
    {
        auto whole = std::exchange(response.body, secret(std::move(masked)));
        // Masked by mistake, a refresh token would be lost. Looked at when it is masked, since what is read of an error is not wiped.
        if (says_success && !is_error_answer(response)) response.body = std::move(whole);
    }
    else wipe(masked);
    if (sent.has_value())
        for (auto& parameter : *sent) wipe(parameter.value);
}

} // namespace oauth::detail

#endif
