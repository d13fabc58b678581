#ifndef OAUTH_POLICY_RECEIVER_DETAIL_LOOPBACK_REPLY_HPP
#define OAUTH_POLICY_RECEIVER_DETAIL_LOOPBACK_REPLY_HPP

#include <oauth/policy/receiver/detail/closing_page_html.hpp>
#include <string>
#include <string_view>

namespace oauth::detail {

inline constexpr std::string_view reason_of(int status) noexcept
{
    switch (status)
    {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 431: return "Request Header Fields Too Large";
    case 503: return "Service Unavailable";
    }
    return "";
}

inline std::string reply(int status, std::string_view type, std::string_view body)
{
    std::string out;
    out.reserve(body.size() + 768);
    (((out += "HTTP/1.1 ") += std::to_string(status)) += ' ') += reason_of(status);
    (out += "\r\nContent-Type: ") += type;
    (out += "; charset=utf-8\r\nContent-Length: ") += std::to_string(body.size());
    out += "\r\nConnection: close\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: ";
    out += page_policy;
    if (status == 405) out += "\r\nAllow: GET, POST";
    return (out += "\r\n\r\n") += body;
}

/// An answer for programs rather than people: the status and its words.
inline std::string plain_reply(int status) { return reply(status, "text/plain", std::string(reason_of(status)) + '\n'); }

/// One of the pages; a stranger's is a 400.
inline std::string page_reply(closing_page const& page, page_kind kind)
{
    return reply(kind == page_kind::stranger ? 400 : 200, "text/html", html_of(page, kind));
}

} // namespace oauth::detail

#endif
