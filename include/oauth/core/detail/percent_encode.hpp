#ifndef OAUTH_CORE_DETAIL_PERCENT_ENCODE_HPP
#define OAUTH_CORE_DETAIL_PERCENT_ENCODE_HPP

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace oauth::detail {

/// The unreserved characters of RFC 3986 2.3: these, and only these, are sent as they are.
inline constexpr std::array<unsigned char, 256> is_unreserved = [] {
    std::array<unsigned char, 256> table{};
    for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = 1;
    for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = 1;
    for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = 1;
    for (char c : {'-', '.', '_', '~'}) table[static_cast<unsigned char>(c)] = 1;
    return table;
}();

/// The longest that @ref percent_encode makes of `text`.
constexpr std::size_t percent_encoded_bound(std::string_view text) noexcept { return 3 * text.size(); }

/// Write `text` to `out`, which must have room for `percent_encoded_bound(text)`. Returns the end. A blank becomes %20, which queries and forms both understand.
inline char* percent_encode(std::string_view text, char* out) noexcept
{
    static constexpr char digits[] = "0123456789ABCDEF";
    auto const plain = [&text](std::size_t at) { return is_unreserved[static_cast<unsigned char>(text[at])]; };
    constexpr std::size_t step = 4;   // most tokens are unreserved throughout: look at several characters at a time
    for (std::size_t at = 0; at < text.size();)
    {
        if (at + step <= text.size() && (plain(at) & plain(at + 1) & plain(at + 2) & plain(at + 3)) != 0)
        {
            std::memcpy(out, text.data() + at, step);
            out += step;
            at += step;
            continue;
        }
        for (auto const end = std::min(at + step, text.size()); at < end; ++at)
        {
            if (plain(at) != 0)
            {
                *out++ = text[at];
                continue;
            }
            auto const byte = static_cast<unsigned char>(text[at]);
            out[0] = '%';
            out[1] = digits[byte >> 4];
            out[2] = digits[byte & 15];
            out += 3;
        }
    }
    return out;
}

/// Write `text` to `out` as it is. Returns the end.
inline char* copy(std::string_view text, char* out) noexcept
{
    return out + text.copy(out, text.size());
}

} // namespace oauth::detail

#endif
