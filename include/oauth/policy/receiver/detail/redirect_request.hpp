#ifndef OAUTH_POLICY_RECEIVER_DETAIL_REDIRECT_REQUEST_HPP
#define OAUTH_POLICY_RECEIVER_DETAIL_REDIRECT_REQUEST_HPP

#include <oauth/core/endpoint.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/policy/receiver/detail/wiping_allocator.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace oauth::detail {

// The code comes in the request target or in the body: both are wiped.
using redirect_parser =
    boost::beast::http::request_parser<boost::beast::http::basic_string_body<char, std::char_traits<char>, wiping_allocator<char>>, wiping_allocator<char>>;
using redirect_request = redirect_parser::value_type;

/// How much of a request is read: 64 KiB of header, since cookies of every other program on this host come along, and as much of body.
inline constexpr std::size_t redirect_limit = 64 * 1024;

/// Where the redirect is to arrive.
struct awaited_redirect
{
    std::string origin;        ///< "http://localhost:8400"
    std::string path;          ///< "/callback"
    std::uint16_t port = 0;
};

/// What a request is: status 0 means that `text` is for the judge; any other is the answer, 200 standing for the waiting page.
struct sorted_request
{
    int status = 0;
    secret text = {};
};

inline std::string_view view_of(boost::beast::string_view text) noexcept { return {text.data(), text.size()}; }

/// Is `host`, the value of a Host field, a name of this machine's loopback with our port? Any other is a page that had its own name rebound to it.
inline bool is_our_host(std::string_view host, std::uint16_t port)
{
    std::string_view name = host;
    std::string_view digits = "80";
    auto const bracket = host.rfind(']');
    auto const colon = host.rfind(':');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket))
    {
        name = host.substr(0, colon);
        digits = host.substr(colon + 1);
    }
    std::uint16_t named = 0;
    auto const [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), named);
    return fault == std::errc() && end == digits.data() + digits.size() && named == port && name != "::1"
        && (ascii_iequal(name, "localhost") || is_loopback(name));
}

/// Does a browser ask on its own account, to have the page at hand? A code that is spent on that is lost.
inline bool is_prefetch(redirect_request const& request)
{
    for (auto const* name : {"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"})
    {
        auto const value = view_of(request[name]);
        auto const purpose = value.substr(0, value.find_first_of("; "));
        for (auto const* ahead : {"prefetch", "prerender", "preview"})
            if (ascii_iequal(purpose, ahead)) return true;
    }
    return false;
}

/** Sort a request that was read: for the judge, or to be answered at once. Empties the body.

    @par Specification
    RFC 9112 3.2 (Host), RFC 9110 15.5.6 (405), OAuth 2.0 Form Post Response Mode 2
*/
inline sorted_request sort_request(redirect_request& request, awaited_redirect const& awaited)
{
    namespace http = boost::beast::http;
    auto const target = view_of(request.target());
    if (request.count(http::field::host) != 1 || !is_our_host(view_of(request[http::field::host]), awaited.port)) return {400};
    if (request.method() != http::verb::get && request.method() != http::verb::post) return {405};
    auto const question = target.find('?');
    if (target.substr(0, question) != awaited.path) return {404};
    if (is_prefetch(request)) return {503};

    sorted_request sorted;
    if (request.method() == http::verb::post)
    {
        auto const type = view_of(request[http::field::content_type]);
        auto const media = type.substr(0, type.find_first_of("; \t"));
        if (!ascii_iequal(media, "application/x-www-form-urlencoded")) return {415};
        if (request.body().empty()) return {400};
        sorted.text = secret(std::string_view(request.body()));
        wipe(request.body().data(), request.body().size());
        request.body().clear();
        return sorted;
    }
    if (question == std::string_view::npos || question + 1 == target.size()) return {200};
    sorted.text = secret(awaited.origin);
    sorted.text.append(target);
    return sorted;
}

} // namespace oauth::detail

#endif
