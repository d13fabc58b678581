#ifndef OAUTH_CORE_DETAIL_IS_UTF8_HPP
#define OAUTH_CORE_DETAIL_IS_UTF8_HPP

#include <openssl/asn1.h>
#include <algorithm>
#include <cstddef>
#include <string_view>

namespace oauth::detail {

inline bool is_utf8(std::string_view text) noexcept
{
    unsigned long character = 0;
    while (!text.empty())
    {
        auto const length = UTF8_getc(reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(std::min<std::size_t>(text.size(), 8)), &character);
        if (length <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(length));
    }
    return true;
}

} // namespace oauth::detail

#endif
