#ifndef OAUTH_CORE_BASE64URL_HPP
#define OAUTH_CORE_BASE64URL_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace oauth {

/// How many characters @ref base64url_encode writes for `bytes` bytes.
constexpr std::size_t base64url_size(std::size_t bytes) noexcept { return bytes / 3 * 4 + (bytes % 3 == 0 ? 0 : bytes % 3 + 1); }

namespace detail {

inline constexpr char base64url_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

inline constexpr std::array<std::int8_t, 256> base64url_values = [] {
    std::array<std::int8_t, 256> table{};
    for (auto& value : table) value = -1;
    for (int i = 0; i < 64; ++i) table[static_cast<unsigned char>(base64url_digits[i])] = static_cast<std::int8_t>(i);
    return table;
}();

} // namespace detail

/// Write `bytes` as base64url without padding to `out`, which must have room for `base64url_size(bytes.size())`. Returns the end.
inline char* base64url_encode(std::span<std::byte const> bytes, char* out) noexcept
{
    auto const digit = [](std::uint32_t value) { return detail::base64url_digits[value & 63]; };
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3)
    {
        auto const group = std::to_integer<std::uint32_t>(bytes[i]) << 16 | std::to_integer<std::uint32_t>(bytes[i + 1]) << 8
                         | std::to_integer<std::uint32_t>(bytes[i + 2]);
        *out++ = digit(group >> 18);
        *out++ = digit(group >> 12);
        *out++ = digit(group >> 6);
        *out++ = digit(group);
    }
    if (i + 1 == bytes.size())
    {
        auto const group = std::to_integer<std::uint32_t>(bytes[i]) << 4;
        *out++ = digit(group >> 6);
        *out++ = digit(group);
    }
    else if (i + 2 == bytes.size())
    {
        auto const group = std::to_integer<std::uint32_t>(bytes[i]) << 10 | std::to_integer<std::uint32_t>(bytes[i + 1]) << 2;
        *out++ = digit(group >> 12);
        *out++ = digit(group >> 6);
        *out++ = digit(group);
    }
    return out;
}

/// `bytes` as base64url without padding (RFC 4648 5).
inline std::string base64url_encode(std::span<std::byte const> bytes)
{
    std::string out(base64url_size(bytes.size()), '\0');
    base64url_encode(bytes, out.data());
    return out;
}

/// As above for the bytes of a text.
inline std::string base64url_encode(std::string_view text) { return base64url_encode(std::as_bytes(std::span(text.data(), text.size()))); }

/** Decode base64url without padding, strictly: no other character, no padding, no impossible length, no bits left over.

    @return The bytes, or nothing where `text` is not the one canonical form (RFC 4648 3.5).
*/
inline std::optional<std::string> base64url_decode(std::string_view text)
{
    if (text.size() % 4 == 1) return std::nullopt;
    std::string out;
    out.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    int count = 0;
    for (char c : text)
    {
        auto const value = detail::base64url_values[static_cast<unsigned char>(c)];
        if (value < 0) return std::nullopt;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        out += static_cast<char>(bits >> count & 0xff);
    }
    if ((bits & ((1u << count) - 1)) != 0) return std::nullopt;
    return out;
}

} // namespace oauth

#endif
