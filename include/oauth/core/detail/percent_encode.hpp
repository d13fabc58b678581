#ifndef OAUTH_CORE_DETAIL_PERCENT_ENCODE_HPP
#define OAUTH_CORE_DETAIL_PERCENT_ENCODE_HPP

#include <array>
#include <cstddef>
#include <string_view>

namespace oauth::detail {

/// The unreserved characters of RFC 3986 2.3: these, and only these, are sent as they are.
inline constexpr std::array<bool, 256> is_unreserved = [] {
    std::array<bool, 256> table{};
    for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
    for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = true;
    for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = true;
    for (char c : {'-', '.', '_', '~'}) table[static_cast<unsigned char>(c)] = true;
    return table;
}();

/// The longest that @ref percent_encode makes of `text`.
constexpr std::size_t percent_encoded_bound(std::string_view text) noexcept { return 3 * text.size(); }

/// Write `text` to `out`, which must have room for `percent_encoded_bound(text)`. Returns the end. A blank becomes %20, which queries and forms both understand.
inline char* percent_encode(std::string_view text, char* out) noexcept
{
    static constexpr char digits[] = "0123456789ABCDEF";
    for (char c : text)
    {
        auto const byte = static_cast<unsigned char>(c);
        if (is_unreserved[byte]) *out++ = c;
        else
        {
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
