#ifndef OAUTH_FLOW_DETAIL_MASK_ECHO_HPP
#define OAUTH_FLOW_DETAIL_MASK_ECHO_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/secret.hpp>
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace oauth::detail {

/** Overwrite with '*' what a refusing server repeats of our own secrets, so that its words can be shown.

    A success is left alone: it may well hold the refresh token that was sent.
*/
inline void mask_echo(http_response& response, std::string_view body_sent)
{
    auto const text = response.body.reveal();
    if (response.status == 200 && text.find("\"error\"") == text.npos) return;
    auto sent = parse_form(body_sent);
    if (sent.has_error()) return;
    constexpr std::array<std::string_view, 8> sensitive{
        "code", "code_verifier", "refresh_token", "client_secret", "client_assertion", "assertion", "subject_token", "device_code"};
    std::string masked(text);
    bool found = false;
    for (auto& [name, value] : *sent)
    {
        if (std::find(sensitive.begin(), sensitive.end(), name) != sensitive.end() && value.size() >= 4)
            for (auto at = masked.find(value); at != masked.npos; at = masked.find(value, at + value.size()), found = true)
                std::fill_n(masked.begin() + static_cast<std::ptrdiff_t>(at), value.size(), '*');
        wipe(value);
    }
    if (found) response.body = secret(std::move(masked));
    else wipe(masked);
}

} // namespace oauth::detail

#endif
