#ifndef OAUTH_POLICY_TRANSPORT_DETAIL_HTTP_HEAD_HPP
#define OAUTH_POLICY_TRANSPORT_DETAIL_HTTP_HEAD_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/error/result.hpp>
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/// A token (RFC 9110 5.6.2)?
constexpr bool is_field_name(std::string_view name) noexcept
{
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    });
}

/// Free of control characters but the tab (RFC 9110 5.5)? A line break would begin another field.
constexpr bool is_field_value(std::string_view value) noexcept
{
    return std::all_of(value.begin(), value.end(), [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f); });
}

/// The fields that a transport writes itself: a second one would let two readers see two messages.
inline constexpr std::array<std::string_view, 5> transport_fields{"Host", "Content-Length", "Transfer-Encoding", "Connection", "Authorization"};

constexpr bool is_transport_field(std::string_view name) noexcept
{
    return std::any_of(transport_fields.begin(), transport_fields.end(), [name](std::string_view own) { return ascii_iequal(name, own); });
}

/// What is wrong with a field that the caller wants sent, as a hint; "" where it is good. A value is never repeated.
inline std::string field_fault(http_field const& field)
{
    if (!is_field_name(field.name)) return "a header field's name is empty or holds a character that is not allowed";
    if (!is_field_value(field.value)) return "the header field " + field.name + " holds a control character";
    if (is_transport_field(field.name)) return "the header field " + field.name + " is written by the transport; leave it out of http_request::fields";
    return {};
}

/** The whole request, as it goes over the wire.

    Written here and not by Beast's serializer, so that `Authorization` and the body lie in one buffer only, which is wiped.

    @return The message, or errc::invalid_field, errc::missing_endpoint.

    @par Complexity
    Linear; one allocation.

    @par Specification
    RFC 9112 3, RFC 9110 7.2, 8.6, 10.1.5
*/
inline result<secret> request_message(http_request const& request, std::string_view user_agent, bool keep_alive)
{
    if (request.url.empty()) return failure(errc::missing_endpoint, advice::fix_configuration, "the request has no URL");
    std::size_t size = request.url.url().size() + request.authorization.size() + request.body.size() + user_agent.size() + 160;
    for (auto const& field : request.fields)
    {
        if (auto fault = field_fault(field); !fault.empty()) return failure(errc::invalid_field, advice::fix_configuration, std::move(fault));
        size += field.name.size() + field.value.size() + 4;
    }
    if (!is_field_value(request.authorization.reveal()))
        return failure(errc::invalid_field, advice::fix_configuration, "http_request::authorization holds a control character");
    if (!is_field_value(user_agent))
        return failure(errc::invalid_field, advice::fix_configuration, "beast_transport_options::user_agent holds a control character");

    std::string text;
    text.reserve(size);
    auto const origin = request.url.origin();
    text.append(to_string(request.method)).append(" ");
    if (!request.url.has_path()) text.append("/");
    text.append(request.url.target()).append(" HTTP/1.1\r\nHost: ").append(origin.substr(origin.find("//") + 2)).append("\r\n");
    if (!user_agent.empty() && find_field(request.fields, "User-Agent").empty()) text.append("User-Agent: ").append(user_agent).append("\r\n");
    for (auto const& field : request.fields) text.append(field.name).append(": ").append(field.value).append("\r\n");
    if (!request.authorization.empty()) text.append("Authorization: ").append(request.authorization.reveal()).append("\r\n");
    bool const has_content = request.method == http_method::post || request.method == http_method::put || request.method == http_method::patch;
    if (has_content || !request.body.empty()) text.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
    if (!keep_alive) text.append("Connection: close\r\n");
    text.append("\r\n").append(request.body.reveal());
    return secret(std::move(text));
}

} // namespace oauth::detail

#endif
