#ifndef OAUTH_CORE_DETAIL_WIPE_HPP
#define OAUTH_CORE_DETAIL_WIPE_HPP

#include <cstddef>
#include <cstring>
#include <string>
#if !defined(__GNUC__)
#include <openssl/crypto.h>
#endif

namespace oauth::detail {

/// Overwrite `size` bytes in a way that the optimiser keeps.
inline void wipe(void* data, std::size_t size) noexcept
{
#if defined(__GNUC__)
    // A plain memset is several times quicker than OPENSSL_cleanse; the barrier says that somebody looks at the bytes.
    std::memset(data, 0, size);
    __asm__ __volatile__("" : : "r"(data) : "memory");
#else
    OPENSSL_cleanse(data, size);
#endif
}

/// Overwrite all that `text` may ever have held, and make it empty. Its capacity stays.
inline void wipe(std::string& text) noexcept
{
    // What lies between size and capacity may be the tail of a longer secret: resize writes zeros there. It neither allocates nor throws.
    auto const size = text.size();
    if (size != text.capacity()) text.resize(text.capacity());
    wipe(text.data(), size);
    text.clear();
}

} // namespace oauth::detail

#endif
