#ifndef OAUTH_TESTING_DETAIL_SERVER_MESSAGE_HPP
#define OAUTH_TESTING_DETAIL_SERVER_MESSAGE_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/policy/transport/detail/http_head.hpp>
#include <oauth/policy/transport/detail/secret_body.hpp>
#include <oauth/testing/memory_server.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// Between Beast's messages and the library's, as a server sees them.
namespace oauth::testing::detail {

using request_parser = boost::beast::http::request_parser<oauth::detail::secret_body>;

/// A whole answer of the server's own, with the status' standard phrase as its text.
inline http_response plain_answer(int status)
{
    std::string text(boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status)));
    return {status, {{"Content-Type", "text/plain"}}, secret(std::move(text) + "\n")};
}

/// Beast's method as one of ours; nothing for one that a client of this kind does not use.
inline std::optional<http_method> known_method(boost::beast::http::verb method) noexcept
{
    using boost::beast::http::verb;
    switch (method)
    {
    case verb::get: return http_method::get;
    case verb::post: return http_method::post;
    case verb::put: return http_method::put;
    case verb::patch: return http_method::patch;
    case verb::delete_: return http_method::delete_;
    case verb::head: return http_method::head;
    default: return std::nullopt;
    }
}

/// The request that was read, or the status that refuses it. The URL has the scheme of `origin`, and its host where `Host` names none that will do.
inline std::pair<http_request, int> to_request(request_parser& parser, std::string const& origin)
{
    http_request out;
    auto& got = parser.get();
    auto const method = known_method(got.method());
    if (!method) return {std::move(out), 501};
    out.method = *method;
    std::string host;
    for (auto const& field : got)
    {
        http_field one{std::string(field.name_string()), std::string(field.value())};
        if (oauth::detail::ascii_iequal(one.name, "Host")) host = std::move(one.value);
        else if (oauth::detail::ascii_iequal(one.name, "Authorization")) out.authorization = secret(std::move(one.value));
        else if (oauth::detail::ascii_iequal(one.name, client_certificate_field)) continue;   // what its connection shows counts, not what it says
        else if (!oauth::detail::is_transport_field(one.name)) out.fields.push_back(std::move(one));
    }
    std::string const target(got.target());
    if (!target.starts_with('/')) return {std::move(out), 400};
    auto url = endpoint::parse(origin.substr(0, origin.find("//") + 2) + host + target);
    if (url.has_error()) url = endpoint::parse(origin + target);
    if (url.has_error()) return {std::move(out), 400};
    out.url = std::move(*url);
    out.body = std::move(got.body());
    return {std::move(out), 0};
}

/// The whole answer, as it goes over the wire; one that can't be sent becomes a 500. `Content-Length` and `Connection` are the server's own.
inline std::string response_message(http_response const& response, bool head_only, bool keep_alive)
{
    if (response.status < 100 || response.status > 599) return response_message(plain_answer(500), head_only, keep_alive);
    for (auto const& field : response.fields)
        if (!oauth::detail::is_field_name(field.name) || !oauth::detail::is_field_value(field.value))
            return response_message(plain_answer(500), head_only, keep_alive);

    std::string text = "HTTP/1.1 " + std::to_string(response.status) + ' ';
    text.append(boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(response.status))).append("\r\n");
    for (auto const& field : response.fields)
        if (!oauth::detail::is_transport_field(field.name)) text.append(field.name).append(": ").append(field.value).append("\r\n");
    bool const bodiless = response.status < 200 || response.status == 204 || response.status == 304;
    if (!bodiless) text.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
    if (!keep_alive) text.append("Connection: close\r\n");
    text.append("\r\n");
    if (!bodiless && !head_only) text.append(response.body.reveal());
    return text;
}

} // namespace oauth::testing::detail

#endif
