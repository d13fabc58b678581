#ifndef EXAMPLE_SUPPORT_SHOW_TOKENS_HPP
#define EXAMPLE_SUPPORT_SHOW_TOKENS_HPP

#include <oauth/core/token_response.hpp>
#include <oauth/error/failure.hpp>
#include <oauth/response/client_info.hpp>
#include <oauth/response/profile_info.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace example {

/// The answer's parameters as one JSON object: just those that the server sent, each under its own name, numbers as numbers. What the library does not know is printed as it came.
/// What came without a value (null, an empty token, "" for a number) is left out.
inline std::string to_json(oauth::token_response const& answer)
{
    std::string out = "{";
    auto const member = [&out](std::string_view name, std::string_view json) {
        if (out.size() > 1) out += ',';
        ((out += boost::json::serialize(boost::json::string_view(name.data(), name.size()))) += ':') += json;
    };
    auto const quoted = [&member](char const* name, std::string_view value) { member(name, boost::json::serialize(boost::json::string_view(value.data(), value.size()))); };
    auto const text = [&quoted](char const* name, std::optional<std::string> const& value) { if (value) quoted(name, *value); };
    auto const secret = [&quoted](char const* name, oauth::secret const& value) { if (!value.empty()) quoted(name, value.reveal()); };
    auto const duration = [&member](char const* name, std::optional<oauth::seconds> value) { if (value) member(name, std::to_string(value->count())); };
    auto const moment = [&member](char const* name, std::optional<oauth::time_point> value) { if (value) member(name, std::to_string(value->time_since_epoch().count())); };

    text("token_type", answer.token_type);
    duration("expires_in", answer.expires_in);
    duration("ext_expires_in", answer.ext_expires_in);
    secret("access_token", answer.access_token);
    secret("refresh_token", answer.refresh_token);
    text("scope", answer.scope);
    secret("id_token", answer.id_token);
    moment("not_before", answer.not_before);
    moment("expires_on", answer.expires_on);
    text("resource", answer.resource);
    text("profile_info", answer.profile_info);
    duration("refresh_in", answer.refresh_in);
    text("client_info", answer.client_info);
    duration("refresh_token_expires_in", answer.refresh_token_expires_in);
    duration("id_token_expires_in", answer.id_token_expires_in);
    text("issued_token_type", answer.issued_token_type);
    text("foci", answer.foci);
    // No number goes through a double here: 1.10 and 123456789012345678901234567890 stay what they are.
    for (auto const& one : answer.extra) member(one.name, one.json.reveal());
    return out += '}';
}

/** JSON text for a terminal: still the same JSON, with what is not ASCII as \uXXXX, so that it plays no tricks, and with its backslashes as they came.

    @param limit Of the text, in bytes; what is beyond it is cut off.
*/
inline std::string json_for_terminal(std::string_view json, std::size_t limit)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    auto const put = [&out](unsigned unit) { for (int at = (out += "\\u", 12); at >= 0; at -= 4) out += digits[unit >> at & 15]; };
    bool const cut = json.size() > limit;
    for (json = json.substr(0, limit); !json.empty();)
    {
        auto const first = static_cast<unsigned char>(json.front());
        std::size_t const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        unsigned point = size == 1 ? first : first & (0xffu >> (size + 1));
        for (std::size_t i = 1; i < std::min(size, json.size()); ++i) point = point << 6 | (static_cast<unsigned char>(json[i]) & 0x3f);
        json.remove_prefix(std::min(size, json.size()));
        if (first == '\n' || first == '\t') out += ' ';
        else if (first == '\r') continue;
        else if (first >= 0x20 && first < 0x7f) out += static_cast<char>(first);
        else if (point < 0x10000) put(point);
        else
        {
            put(0xd800 + ((point - 0x10000) >> 10 & 0x3ff));
            put(0xdc00 + (point & 0x3ff));
        }
    }
    if (cut) out += "...";
    return out;
}

/// "1 h 2 min", "59 s".
inline std::string as_words(oauth::seconds duration)
{
    auto const total = duration.count();
    if (total < 0) return "-" + as_words(-duration);
    if (total < 60) return std::to_string(total) + " s";
    if (total < 3600) return std::to_string(total / 60) + " min";
    if (total < 2 * 86400) return std::to_string(total / 3600) + " h " + std::to_string(total / 60 % 60) + " min";
    return std::to_string(total / 86400) + " days";
}

inline std::string local_time(oauth::time_point moment)
{
    auto const value = static_cast<std::time_t>(moment.time_since_epoch().count());
    std::tm parts{};
    char text[64];
    if (localtime_r(&value, &parts) == nullptr || std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %Z", &parts) == 0) return "?";
    return text;
}

/** The answer for a person: every parameter with what it means, times also as local time and remaining life.

    @param now When the answer came.
    @param verified Was the ID token: is there an oauth::signed_in::identity?
*/
inline void show(std::ostream& out, oauth::token_response const& answer, oauth::time_point now, bool verified)
{
    auto const row = [&out](std::string_view name, std::string const& value, std::string_view meaning) {
        out << "  " << name << std::string(name.size() < 16 ? 16 - name.size() : 1, ' ') << value << '\n' << std::string(18, ' ') << "- " << meaning << '\n';
    };
    auto const absent = [&](std::string_view name, std::string_view meaning) { row(name, "(not sent)", meaning); };
    // What the server wrote is printed so that it can't play tricks with the terminal.
    auto const text = [&](std::string_view name, std::optional<std::string> const& value, std::string_view meaning) {
        if (value) row(name, oauth::escaped(*value, 64 * 1024), meaning);
        else absent(name, meaning);
    };
    auto const secret = [&](std::string_view name, oauth::secret const& value, std::string_view meaning) {
        if (!value.empty()) row(name, oauth::escaped(value.reveal(), 64 * 1024), meaning);
        else absent(name, meaning);
    };
    auto const duration = [&](std::string_view name, std::optional<oauth::seconds> value, std::string_view meaning) {
        if (value) row(name, std::to_string(value->count()) + " s, till " + local_time(now + *value) + ", " + as_words(*value) + " left", meaning);
        else absent(name, meaning);
    };
    auto const moment = [&](std::string_view name, std::optional<oauth::time_point> value, std::string_view meaning) {
        if (!value) return absent(name, meaning);
        auto const away = *value - now;
        row(name, std::to_string(value->time_since_epoch().count()) + ", " + local_time(*value) + ", " + (away.count() < 0 ? as_words(-away) + " ago" : "in " + as_words(away)), meaning);
    };

    text("token_type", answer.token_type, "type of the token");
    duration("expires_in", answer.expires_in, "how long the access token is valid");
    duration("ext_expires_in", answer.ext_expires_in, "how long it may serve while the token service is out of order");
    secret("access_token", answer.access_token, "authenticates requests to Microsoft Graph: Authorization: Bearer ...");
    secret("refresh_token", answer.refresh_token, "obtains a new access token after expiry, without the user");
    text("scope", answer.scope, "what the access token is good for");
    secret("id_token", answer.id_token, answer.id_token.empty() ? "who the user is: a signed JWT" : verified ? "who the user is: a signed JWT, verified" : "who the user is: a signed JWT, not verified");
    moment("not_before", answer.not_before, "the token can't be used before");
    moment("expires_on", answer.expires_on, "the token expires");
    text("resource", answer.resource, "what the token is for");
    text("profile_info", answer.profile_info, "more about the user's profile");
    if (answer.profile_info)
        if (auto const profile = oauth::decode_profile_info(*answer.profile_info); profile && profile->name)
            row("", "name: " + oauth::escaped(*profile->name), "decoded from profile_info");

    if (answer.refresh_in) duration("refresh_in", answer.refresh_in, "better renew it from then on");
    if (answer.client_info) text("client_info", answer.client_info, "ids of user and tenant");
    if (answer.refresh_token_expires_in) duration("refresh_token_expires_in", answer.refresh_token_expires_in, "how long the refresh token is valid");
    if (answer.id_token_expires_in) duration("id_token_expires_in", answer.id_token_expires_in, "how long the ID token is valid");
    if (answer.issued_token_type) text("issued_token_type", answer.issued_token_type, "kind of the token");
    if (answer.foci) text("foci", answer.foci, "the client is of Microsoft's own family");
    for (auto const& member : answer.extra) row(oauth::escaped(member.name, 64), json_for_terminal(member.json.reveal(), 64 * 1024), "not known to this library; kept as it came, as JSON");
}

} // namespace example

#endif
