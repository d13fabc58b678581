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

} // namespace oauth::detail

#endif
