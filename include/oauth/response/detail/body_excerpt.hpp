#ifndef OAUTH_RESPONSE_DETAIL_BODY_EXCERPT_HPP
#define OAUTH_RESPONSE_DETAIL_BODY_EXCERPT_HPP

#include <oauth/core/scope.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace oauth::detail {

inline constexpr std::size_t max_body_excerpt = 512;

/// Does `text` speak of what must never be shown? ASCII case does not matter.
inline bool speaks_of_secrets(std::string_view text) noexcept
{
    constexpr std::array<std::string_view, 5> words{"_token", "secret", "assertion", "password", "code_verifier"};
    for (std::size_t at = 0; at < text.size(); ++at)
        for (auto const word : words)
            if (ascii_lower(text[at]) == word[0] && ascii_iequal(text.substr(at, word.size()), word)) return true;
    return false;
}

/** The beginning of an answer that is none: a gateway's page, a firewall's sentence. At most 512 bytes.

    Nothing where it speaks of tokens or passwords anywhere. What might be a key (40 characters of base64url or more, without a break) is overwritten with '*'.

    @pre What the request held was masked in it.
*/
inline std::string body_excerpt(std::string_view body)
{
    constexpr std::size_t key_size = 40;
    constexpr auto is_of_key = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
    if (speaks_of_secrets(body)) return {};
    // A run that is cut at the end counts as a whole.
    std::string out(body.substr(0, max_body_excerpt + key_size));
    for (auto begin = out.begin(); begin != out.end();)
    {
        begin = std::find_if(begin, out.end(), is_of_key);
        auto const end = std::find_if_not(begin, out.end(), is_of_key);
        if (end - begin >= static_cast<std::ptrdiff_t>(key_size)) std::fill(begin, end, '*');
        begin = end;
    }
    if (out.size() > max_body_excerpt) out.resize(max_body_excerpt);
    return out;
}

} // namespace oauth::detail

#endif
