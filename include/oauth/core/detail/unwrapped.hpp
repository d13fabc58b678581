#ifndef OAUTH_CORE_DETAIL_UNWRAPPED_HPP
#define OAUTH_CORE_DETAIL_UNWRAPPED_HPP

#include <string_view>

namespace oauth::detail {

/** `text` without what terminals, mails and documents put around a URL: blanks, and quotes or angle brackets (RFC 3986 C) that stand on both sides.

    A blank is also one of Unicode's that is not seen: no-break space, zero width space, byte order mark.
*/
inline std::string_view unwrapped(std::string_view text) noexcept
{
    constexpr std::string_view blanks[]{" ", "\t", "\r", "\n", "\xc2\xa0", "\xe2\x80\x8b", "\xef\xbb\xbf"};
    struct pair
    {
        std::string_view open, close;
    };
    constexpr pair pairs[]{{"\"", "\""}, {"'", "'"}, {"<", ">"}, {"`", "`"}, {"\xe2\x80\x9c", "\xe2\x80\x9d"}, {"\xe2\x80\x98", "\xe2\x80\x99"}};
    for (bool changed = true; changed;)
    {
        auto const before = text.size();
        for (auto const blank : blanks)
        {
            while (text.starts_with(blank)) text.remove_prefix(blank.size());
            while (text.ends_with(blank)) text.remove_suffix(blank.size());
        }
        for (auto const& [open, close] : pairs)
            if (text.size() >= open.size() + close.size() && text.starts_with(open) && text.ends_with(close))
                text = text.substr(open.size(), text.size() - open.size() - close.size());
        changed = text.size() != before;
    }
    return text;
}

} // namespace oauth::detail

#endif
