#ifndef OAUTH_CORE_BASE64URL_HPP
#define OAUTH_CORE_BASE64URL_HPP

#include <oauth/config.hpp>
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
OAUTH_DECL char* base64url_encode(std::span<std::byte const> bytes, char* out) noexcept;

/// `bytes` as base64url without padding (RFC 4648 5).
OAUTH_DECL std::string base64url_encode(std::span<std::byte const> bytes);

/// As above for the bytes of a text.
OAUTH_DECL std::string base64url_encode(std::string_view text);

/** Decode base64url without padding, strictly: no other character, no padding, no impossible length, no bits left over.

    @return The bytes, or nothing where `text` is not the one canonical form (RFC 4648 3.5).
*/
OAUTH_DECL std::optional<std::string> base64url_decode(std::string_view text);

} // namespace oauth

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/core/impl/base64url.ipp>
#endif

#endif
