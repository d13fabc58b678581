#ifndef OAUTH_CORE_SHA256_HPP
#define OAUTH_CORE_SHA256_HPP

#include <openssl/evp.h>
#include <array>
#include <cstddef>
#include <new>
#include <string_view>

namespace oauth {

namespace detail {

// EVP_sha256() is looked up among the providers at each use; a fetched one is not.
inline EVP_MD const* fetched_sha256()
{
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return algorithm;
}

struct digest_context
{
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    digest_context() = default;
    digest_context(digest_context const&) = delete;
    digest_context& operator=(digest_context const&) = delete;
    ~digest_context() { EVP_MD_CTX_free(context); }
};

} // namespace detail

/** The SHA-256 digest of `text`, by OpenSSL's EVP.

    @throws std::bad_alloc where OpenSSL has no memory, or no SHA-256: a FIPS provider has it too, so that is a broken installation.

    @par Thread safety
    Safe: each thread keeps its own context.
*/
inline std::array<std::byte, 32> sha256(std::string_view text)
{
    static thread_local detail::digest_context const kept;
    std::array<std::byte, 32> digest;
    auto* const out = reinterpret_cast<unsigned char*>(digest.data());
    if (kept.context == nullptr || EVP_DigestInit_ex(kept.context, detail::fetched_sha256(), nullptr) != 1
        || EVP_DigestUpdate(kept.context, text.data(), text.size()) != 1 || EVP_DigestFinal_ex(kept.context, out, nullptr) != 1)
        throw std::bad_alloc();
    return digest;
}

} // namespace oauth

#endif
