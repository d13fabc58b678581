#ifndef OAUTH_CORE_IMPL_BASE64URL_IPP
#define OAUTH_CORE_IMPL_BASE64URL_IPP

#include <oauth/core/base64url.hpp>

namespace oauth {

OAUTH_DECL char* base64url_encode(std::span<std::byte const> bytes, char* out) noexcept
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

OAUTH_DECL std::string base64url_encode(std::span<std::byte const> bytes)
{
    std::string out(base64url_size(bytes.size()), '\0');
    base64url_encode(bytes, out.data());
    return out;
}

OAUTH_DECL std::string base64url_encode(std::string_view text) { return base64url_encode(std::as_bytes(std::span(text.data(), text.size()))); }

OAUTH_DECL std::optional<std::string> base64url_decode(std::string_view text)
{
    auto const value = [&text](std::size_t at) { return static_cast<std::int32_t>(detail::base64url_values[static_cast<unsigned char>(text[at])]); };
    auto const left = text.size() % 4;
    if (left == 1) return std::nullopt;
    std::string out(text.size() / 4 * 3 + (left == 0 ? 0 : left - 1), '\0');
    char* to = out.data();
    std::int32_t bad = 0;   // negative once one was none of the digits
    std::size_t i = 0;
    for (; i + 4 <= text.size(); i += 4)
    {
        auto const a = value(i), b = value(i + 1), c = value(i + 2), d = value(i + 3);
        bad |= a | b | c | d;
        auto const group = static_cast<std::uint32_t>(a) << 18 | static_cast<std::uint32_t>(b) << 12 | static_cast<std::uint32_t>(c) << 6 | static_cast<std::uint32_t>(d);
        *to++ = static_cast<char>(group >> 16 & 0xff);
        *to++ = static_cast<char>(group >> 8 & 0xff);
        *to++ = static_cast<char>(group & 0xff);
    }
    if (left != 0)
    {
        auto const a = value(i), b = value(i + 1), c = left == 3 ? value(i + 2) : 0;
        bad |= a | b | c;
        auto const group = static_cast<std::uint32_t>(a) << 18 | static_cast<std::uint32_t>(b) << 12 | static_cast<std::uint32_t>(c) << 6;
        *to++ = static_cast<char>(group >> 16 & 0xff);
        if (left == 3) *to++ = static_cast<char>(group >> 8 & 0xff);
        if ((group & (left == 3 ? 0xffu : 0xffffu)) != 0) return std::nullopt;   // bits left over
    }
    if (bad < 0) return std::nullopt;
    return out;
}

} // namespace oauth

#endif
