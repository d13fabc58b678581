#ifndef OAUTH_RESPONSE_DETAIL_SERVER_SAID_HPP
#define OAUTH_RESPONSE_DETAIL_SERVER_SAID_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/error/failure.hpp>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

inline constexpr std::size_t max_server_text = 4096;

inline std::string cut(std::string_view text) { return std::string(text.substr(0, max_server_text)); }

/// The number of a description that begins like "AADSTS50011: …", "AADB2C90118: …" or "MSIS9611: …"; 0 where it does not.
inline std::uint32_t leading_vendor_code(std::string_view description) noexcept
{
    auto const colon = description.find(':');
    if (colon == description.npos || colon > 24) return 0;
    auto const head = description.substr(0, colon);
    auto const last_letter = head.find_last_not_of("0123456789");
    if (last_letter == head.npos || head.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != head.npos) return 0;
    std::uint32_t number = 0;
    auto const digits = head.substr(last_letter + 1);
    auto const [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return fault == std::errc() && end == digits.data() + digits.size() ? number : 0;
}

/// What the standard says helps against each code. A provider's rules may know better.
constexpr advice standard_advice(server_errc code) noexcept
{
    switch (code)
    {
    case server_errc::invalid_grant:
    case server_errc::interaction_required:
    case server_errc::login_required:
    case server_errc::account_selection_required:
    case server_errc::expired_token:
    case server_errc::invalid_token:
    case server_errc::insufficient_user_authentication:
    case server_errc::insufficient_claims:
    case server_errc::unmet_authentication_requirements:
    case server_errc::bad_verification_code: return advice::sign_in_again;
    case server_errc::consent_required:
    case server_errc::access_denied:
    case server_errc::insufficient_scope:
    case server_errc::authorization_declined:
    case server_errc::permission_denied: return advice::consent;
    case server_errc::server_error:
    case server_errc::temporarily_unavailable:
    case server_errc::authorization_pending:
    case server_errc::slow_down:
    case server_errc::use_dpop_nonce: return advice::retry;
    case server_errc::unrecognized: return advice::give_up;
    default: return advice::fix_configuration;
    }
}

/// Complete a failure whose `server` is filled: its code, its numbers, and what to do next.
inline failure reported(server_message said, int http_status)
{
    failure why(make_error_code(to_server_errc(said.error)), standard_advice(to_server_errc(said.error)));
    if (said.error_codes.empty())
        if (auto const number = leading_vendor_code(said.error_description)) said.error_codes.push_back(number);
    why.http_status = http_status;
    why.server = std::move(said);
    return why;
}

/// The failure that a redirect with `error` reports.
inline failure redirect_error(form_parameters const& parameters)
{
    server_message said;
    // What repeats the code or the state is left out.
    auto const repeats_secret = [&parameters](std::string_view text) {
        for (std::string_view const name : {"code", "state"})
            if (auto const value = find_parameter(parameters, name); value && value->size() >= 8 && text.find(*value) != text.npos) return true;
        return false;
    };
    auto const take = [&](std::string& into, std::string_view name) {
        if (auto const value = find_parameter(parameters, name); value && !repeats_secret(*value)) into = cut(*value);
    };
    take(said.error, "error");
    take(said.error_description, "error_description");
    take(said.error_uri, "error_uri");
    take(said.suberror, "suberror");
    if (said.suberror.empty()) take(said.suberror, "error_subcode");
    take(said.claims, "claims");
    take(said.trace_id, "trace_id");
    take(said.correlation_id, "correlation_id");
    take(said.timestamp, "timestamp");
    auto why = reported(std::move(said), 0);
    if (why.server.suberror == "cancel")
    {
        why.code = errc::sign_in_cancelled;
        why.next = advice::sign_in_again;
    }
    return why;
}

} // namespace oauth::detail

#endif
