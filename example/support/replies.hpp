#ifndef EXAMPLE_SUPPORT_REPLIES_HPP
#define EXAMPLE_SUPPORT_REPLIES_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/response/step_up_challenge.hpp>
#include <openssl/evp.h>
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace example {

/// An answer that nobody may keep.
inline oauth::http_response reply(int status, std::string type, std::string_view body)
{
    return {status, {{"Content-Type", std::move(type)}, {"Cache-Control", "no-store"}}, oauth::secret(body)};
}

/** 401: what an API wants of the token (RFC 6750 3).

    @param error "" where there was no token.
    @param claims JSON: what the caller must sign in with, "" for nothing (Microsoft's claims challenge, in base64).
    @param wanted How the user must prove who they are (RFC 9470 3). Its words are another API's: those that can't stand between quotes are left out.
*/
inline oauth::http_response challenge(std::string_view authorization_url, std::string_view error, std::string_view claims = {}, oauth::step_up_challenge const& wanted = {})
{
    auto const is_plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
    std::string value = "Bearer authorization_uri=\"";
    (value += authorization_url) += '"';
    if (!error.empty()) ((value += ", error=\"") += error) += '"';
    if (!claims.empty())
    {
        std::string encoded((claims.size() + 2) / 3 * 4 + 1, '\0');
        auto const* const from = reinterpret_cast<unsigned char const*>(claims.data());
        encoded.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()), from, static_cast<int>(claims.size()))));
        ((value += ", claims=\"") += encoded) += '"';
    }
    if (!wanted.acr_values.empty() && std::all_of(wanted.acr_values.begin(), wanted.acr_values.end(), is_plain)) ((value += ", acr_values=\"") += wanted.acr_values) += '"';
    if (wanted.max_age) ((value += ", max_age=\"") += std::to_string(wanted.max_age->count())) += '"';
    auto out = reply(401, "application/json", R"({"error":"the token does not do"})");
    out.fields.push_back({"WWW-Authenticate", std::move(value)});
    return out;
}

/// To another page; a browser asks for it by GET.
inline oauth::http_response redirect(std::string where)
{
    return {303, {{"Location", std::move(where)}, {"Cache-Control", "no-store"}, {"Referrer-Policy", "no-referrer"}}, {}};
}

/// The value of the browser's cookie `name`, "" where it has none (RFC 6265 5.4). Lives as long as the request.
inline std::string_view find_cookie(oauth::http_request const& request, std::string_view name)
{
    auto rest = oauth::find_field(request.fields, "Cookie");
    while (!rest.empty())
    {
        auto const one = rest.substr(0, rest.find(';'));
        if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) return one.substr(name.size() + 1);
        rest.remove_prefix(one.size());
        rest.remove_prefix(std::min(rest.find_first_not_of("; "), rest.size()));
    }
    return {};
}

/** Have the browser keep a cookie for so long, or forget it after 0 s. Scripts do not see it, and other sites' requests do not carry it, but for links that a user follows: the
    redirect back from the provider is one. Over https add `Secure`, and begin the name with `__Host-` where the path is "/". */
inline void set_cookie(oauth::http_response& answer, std::string_view name, std::string_view value, std::string_view path, int seconds)
{
    std::string text(name);
    ((text += '=') += value) += "; Path=";
    (text += path) += "; Max-Age=" + std::to_string(seconds) + "; HttpOnly; SameSite=Lax";
    answer.fields.push_back({"Set-Cookie", std::move(text)});
}

/// For text in an HTML page or an attribute in double quotes.
inline std::string html(std::string_view text)
{
    std::string out;
    for (char const c : text)
        switch (c)
        {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        default: out += c;
        }
    return out;
}

/// A page; `content` is HTML.
inline oauth::http_response page(int status, std::string_view title, std::string_view content)
{
    std::string text = "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>" + html(title) + "</title>\n<h1>" + html(title) + "</h1>\n";
    auto out = reply(status, "text/html; charset=utf-8", text.append(content).append("\n</html>\n"));
    out.fields.push_back({"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"});
    return out;
}

} // namespace example

#endif
