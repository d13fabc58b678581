#ifndef EXAMPLE_SUPPORT_SHOW_TOKENS_HPP
#define EXAMPLE_SUPPORT_SHOW_TOKENS_HPP

#include <oauth/core/token_response.hpp>
#include <oauth/error/failure.hpp>
#include <oauth/response/client_info.hpp>
#include <oauth/response/profile_info.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <ctime>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace example {

/// The answer's parameters as one JSON object: just those that the server sent, each under its own name, numbers as numbers.
inline std::string to_json(oauth::token_response const& answer)
{
    boost::json::object out;
    auto const text = [&out](char const* name, std::optional<std::string> const& value) { if (value) out[name] = *value; };
    auto const secret = [&out](char const* name, oauth::secret const& value) { if (!value.empty()) out[name] = boost::json::string(value.reveal()); };
    auto const duration = [&out](char const* name, std::optional<oauth::seconds> value) { if (value) out[name] = value->count(); };
    auto const moment = [&out](char const* name, std::optional<oauth::time_point> value) { if (value) out[name] = value->time_since_epoch().count(); };

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
    for (auto const& member : answer.extra)
    {
        boost::system::error_code ec;
        out[member.name] = boost::json::parse(boost::json::string_view(member.json.reveal().data(), member.json.size()), ec);
    }
    return boost::json::serialize(out);
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
*/
inline void show(std::ostream& out, oauth::token_response const& answer, oauth::time_point now)
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
    secret("id_token", answer.id_token, "who the user is: a signed JWT, verified at the sign-in");
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
    for (auto const& member : answer.extra) row(oauth::escaped(member.name, 64), oauth::escaped(member.json.reveal(), 1024), "not known to this library; kept as it came");
}

} // namespace example

#endif
