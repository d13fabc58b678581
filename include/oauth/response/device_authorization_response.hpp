#ifndef OAUTH_RESPONSE_DEVICE_AUTHORIZATION_RESPONSE_HPP
#define OAUTH_RESPONSE_DEVICE_AUTHORIZATION_RESPONSE_HPP

#include <oauth/core/detail/wiping_resource.hpp>
#include <oauth/core/endpoint.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/core/token_response.hpp>
#include <oauth/error/result.hpp>
#include <oauth/response/detail/read_token_body.hpp>
#include <boost/json/parse.hpp>
#include <boost/url/parse.hpp>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** The codes of a device's sign-in: one that the user enters elsewhere, and one that the device asks with meanwhile.

    What is to be shown is safe to be shown: `user_code` is printable ASCII, and the URIs are https (or http on this very machine) and as RFC 3986 writes them. `message` is not.

    @par Specification
    RFC 8628 3.2
*/
struct device_authorization_response
{
    secret device_code;
    std::string user_code;                        ///< what the user enters, as it is to be shown
    std::string verification_uri;                 ///< where the user enters it
    std::string verification_uri_complete = {};   ///< the same with the code in it, for a link or a QR code; empty where the server gave none that can be opened
    seconds expires_in{};                         ///< how long both codes are good, from when the server wrote this
    seconds interval{5};                          ///< how long to wait between two questions, at least 1 s; 5 where the server does not say
    std::string message = {};                     ///< Microsoft: what to tell the user, in words. **Untrusted text**: print it with @ref escaped, or say @ref describe instead
};

namespace detail {

/// Can it be printed, and given to a browser: https, or http on loopback, no user name, nothing but what a URI may hold? It may have a fragment.
inline result<void> is_safe_to_open(std::string_view uri)
{
    if (uri.size() > 2048 || !boost::urls::parse_uri({uri.data(), uri.size()})) return failure(errc::invalid_url, advice::give_up);
    auto const made = endpoint::parse(uri.substr(0, uri.find('#')));
    if (made.has_error()) return failure(made.error().code, advice::give_up);
    return {};
}

/// The members of a device's answer that the token decoder has no place for: each is JSON text there.
class device_members
{
    token_response const& from_;

public:
    explicit device_members(token_response const& from) noexcept : from_(from) {}

    /// The string called `name`; empty where it is absent or none.
    secret text(std::string_view name) const
    {
        auto const json = from_.find_extra(name);
        if (!json || !json->starts_with('"')) return {};
        wiping_resource memory;
        error_code ec;
        auto const value = boost::json::parse({json->data(), json->size()}, ec, &memory);
        if (ec || !value.is_string()) return {};
        return secret(std::string_view(value.get_string().data(), value.get_string().size()));
    }

    /// The whole number called `name`, as a number or in a string.
    std::optional<std::int64_t> number(std::string_view name) const
    {
        auto json = from_.find_extra(name);
        if (!json) return std::nullopt;
        if (json->size() > 2 && json->starts_with('"')) json = json->substr(1, json->size() - 2);
        return number_in_string(*json);
    }
};

} // namespace detail

/** Decode what a device authorization endpoint answers.

    Numbers come as numbers or as strings. `verification_url`, as Entra v1, AD FS and Google write it, stands for an absent `verification_uri`. An `interval` that can't be read, or is
    under one second, is 5. A `verification_uri_complete` that can't be opened safely is left out.

    @param response The answer. Its body is read only.
    @param max_size The most bytes that are looked at.

    @return The codes, or
        @li all that @ref decode_token_response finds wrong before it looks for tokens: what the server refuses with, another status, no JSON …,
        @li errc::response_missing_member where `device_code`, `user_code`, `verification_uri` or `expires_in` is absent, empty, or of no use; the hint names it,
        @li errc::invalid_url, errc::insecure_url, errc::url_has_userinfo where `verification_uri` can't be opened safely,
        @li errc::response_wrong_type where `user_code` holds anything but printable ASCII, or more than 256 of it.

    @par Exception safety
    Strong; only allocation throws.

    @par Specification
    RFC 8628 3.2
*/
inline result<device_authorization_response> decode_device_authorization_response(http_response const& response, std::size_t max_size = 1 << 20)
{
    token_response body;
    detail::token_body_parser parser(detail::token_body_options(), body);
    if (auto const read = detail::read_token_body(parser, response, max_size, "check the device authorization endpoint's URL"); read.has_error()) return read.error();
    auto const refused = [&response](error_code why, char const* hint) { return detail::failed_with(response, failure(why, advice::give_up, hint), advice::give_up); };

    detail::device_members const members(body);
    device_authorization_response out;
    out.device_code = members.text("device_code");
    if (out.device_code.empty()) return refused(errc::response_missing_member, "device_code");
    out.user_code = members.text("user_code").reveal();
    if (out.user_code.empty()) return refused(errc::response_missing_member, "user_code");
    bool const printable = std::all_of(out.user_code.begin(), out.user_code.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    if (!printable || out.user_code.size() > 256) return refused(errc::response_wrong_type, "user_code can't be shown");
    out.verification_uri = members.text("verification_uri").reveal();
    if (out.verification_uri.empty()) out.verification_uri = members.text("verification_url").reveal();
    if (out.verification_uri.empty()) return refused(errc::response_missing_member, "verification_uri");
    if (auto const safe = detail::is_safe_to_open(out.verification_uri); safe.has_error()) return refused(safe.error().code, "verification_uri");
    if (!body.expires_in) return refused(errc::response_missing_member, "expires_in");
    out.expires_in = *body.expires_in;
    out.verification_uri_complete = members.text("verification_uri_complete").reveal();
    if (detail::is_safe_to_open(out.verification_uri_complete).has_error()) out.verification_uri_complete.clear();
    if (auto const interval = members.number("interval"); interval && *interval >= 1) out.interval = seconds(std::min<std::int64_t>(*interval, 2'147'483'647));
    out.message = members.text("message").reveal();
    return out;
}

/// What to tell the user, in one line of printable ASCII.
inline std::string describe(device_authorization_response const& codes)
{
    return "To sign in, open " + codes.verification_uri + " in a browser, on this device or any other, and enter the code " + codes.user_code;
}

} // namespace oauth

#endif
