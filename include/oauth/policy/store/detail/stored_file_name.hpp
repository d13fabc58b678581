#ifndef OAUTH_POLICY_STORE_DETAIL_STORED_FILE_NAME_HPP
#define OAUTH_POLICY_STORE_DETAIL_STORED_FILE_NAME_HPP

#include <oauth/core/sha256.hpp>
#include <cstddef>
#include <string>
#include <string_view>

namespace oauth::detail {

/** The name of the file that keeps `key`'s session: what can be read of the key, and 128 bits of its SHA-256, which make it the key's own.

    Letters, digits, '.', '-' and '_' only, the first one neither '.' nor '-'; at most 78 bytes.
*/
inline std::string stored_file_name(std::string_view key)
{
    static constexpr char digits[] = "0123456789abcdef";
    static constexpr std::size_t readable = 40;
    std::string name;
    name.reserve(readable + 38);
    for (char c : key.substr(0, readable))
    {
        bool const harmless = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || ((c == '.' || c == '-') && !name.empty());
        name += harmless ? c : '_';
    }
    name += name.empty() ? "_-" : "-";
    auto const digest = sha256(key);
    for (std::size_t i = 0; i < 16; ++i)
    {
        auto const byte = std::to_integer<unsigned>(digest[i]);
        (name += digits[byte >> 4]) += digits[byte & 15];
    }
    return name += ".json";
}

/// Are these `size` lower-case hexadecimal digits?
inline bool is_hexadecimal(std::string_view text, std::size_t size) noexcept
{
    return text.size() == size && text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// Does `name` have the shape that @ref stored_file_name gives? Others may keep files in the directory too.
inline bool is_stored_file_name(std::string_view name) noexcept
{
    constexpr std::string_view end = ".json";
    if (name.size() < 34 + end.size() || !name.ends_with(end)) return false;
    name.remove_suffix(end.size());
    return is_hexadecimal(name.substr(name.size() - 32), 32) && name[name.size() - 33] == '-';
}

} // namespace oauth::detail

#endif
