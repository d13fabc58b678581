#ifndef OAUTH_TESTING_DETAIL_TEXT_HPP
#define OAUTH_TESTING_DETAIL_TEXT_HPP

#include <oauth/core/base64url.hpp>
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace oauth::testing::detail {

/// One name or value of a form, in Microsoft's spelling: '+' for a blank, lower-case hexadecimal digits.
inline std::string form_encode(std::string_view text)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (char c : text)
    {
        auto const byte = static_cast<unsigned char>(c);
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        if (plain) out += c;
        else if (c == ' ') out += '+';
        else (((out += '%') += digits[byte >> 4]) += digits[byte & 15]);
    }
    return out;
}

/// A query or form body in the making; an empty value is left out.
class query_text
{
    std::string text_;

public:
    query_text& add(std::string_view name, std::string_view value)
    {
        if (value.empty()) return *this;
        if (!text_.empty()) text_ += '&';
        ((text_ += form_encode(name)) += '=') += form_encode(value);
        return *this;
    }

    std::string const& str() const noexcept { return text_; }
};

/// `text` for HTML, in content and in quoted attributes.
inline std::string html_escape(std::string_view text)
{
    std::string out;
    for (char c : text) switch (c)
        {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    return out;
}

/// The inverse, for what @ref html_escape writes.
inline std::string html_unescape(std::string_view text)
{
    static constexpr std::string_view names[][2] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
    std::string out;
    while (!text.empty())
    {
        auto const* const found = std::find_if(std::begin(names), std::end(names), [&](auto const& name) { return text.starts_with(name[0]); });
        bool const plain = found == std::end(names);
        out += plain ? text.substr(0, 1) : (*found)[1];
        text.remove_prefix(plain ? 1 : (*found)[0].size());
    }
    return out;
}

/// Standard base64 with padding (RFC 4648 4), as HTTP Basic uses it.
inline std::optional<std::string> base64_decode(std::string_view text)
{
    if (text.size() % 4 != 0) return std::nullopt;
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
    if (text.find_first_of("-_") != text.npos) return std::nullopt;
    std::string url(text);
    std::replace(url.begin(), url.end(), '+', '-');
    std::replace(url.begin(), url.end(), '/', '_');
    return base64url_decode(url);
}

} // namespace oauth::testing::detail

#endif
