#ifndef EXAMPLE_SUPPORT_SEALED_COOKIE_HPP
#define EXAMPLE_SUPPORT_SEALED_COOKIE_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/secret.hpp>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace example {

/// 32 random bytes as text, for identifiers that nobody may guess.
inline std::string random_text()
{
    std::array<std::byte, 32> bytes;
    if (RAND_priv_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1) throw std::runtime_error("OpenSSL has no random bytes");
    return oauth::base64url_encode(std::span<std::byte const>(bytes));
}

/** Seals what is given to a browser to keep: it can neither be read there nor changed (AES-256-GCM).

    The name of the cookie is sealed in as well: what was made for one is not taken as another.

    The key lives as long as this object. Several processes behind one load balancer must share it, and change it once a day or so, keeping the last one to open with.

    @par Thread safety
    Safe.
*/
class cookie_sealer
{
    static constexpr std::size_t nonce_size = 12, tag_size = 16;
    using context = std::unique_ptr<EVP_CIPHER_CTX, decltype([](EVP_CIPHER_CTX* p) { EVP_CIPHER_CTX_free(p); })>;

    std::array<unsigned char, 32> key_;

    static unsigned char const* bytes(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }
    static unsigned char* bytes(char* text) { return reinterpret_cast<unsigned char*>(text); }

public:
    cookie_sealer()
    {
        if (RAND_priv_bytes(key_.data(), static_cast<int>(key_.size())) != 1) throw std::runtime_error("OpenSSL has no random bytes");
    }
    cookie_sealer(cookie_sealer const&) = delete;
    cookie_sealer& operator=(cookie_sealer const&) = delete;
    ~cookie_sealer() { OPENSSL_cleanse(key_.data(), key_.size()); }

    /// The value of the cookie `name`: base64url of nonce, ciphertext and tag.
    std::string seal(std::string_view name, std::string_view text) const
    {
        std::string out(nonce_size + text.size() + tag_size, '\0');
        context const with(EVP_CIPHER_CTX_new());
        int size = 0;
        bool const good = with && RAND_bytes(bytes(out.data()), nonce_size) == 1
                       && EVP_EncryptInit_ex2(with.get(), EVP_aes_256_gcm(), key_.data(), bytes(out.data()), nullptr) == 1
                       && EVP_EncryptUpdate(with.get(), nullptr, &size, bytes(name), static_cast<int>(name.size())) == 1
                       && EVP_EncryptUpdate(with.get(), bytes(out.data()) + nonce_size, &size, bytes(text), static_cast<int>(text.size())) == 1
                       && EVP_EncryptFinal_ex(with.get(), bytes(out.data()) + nonce_size + size, &size) == 1
                       && EVP_CIPHER_CTX_ctrl(with.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, out.data() + nonce_size + text.size()) == 1;
        if (!good) throw std::runtime_error("OpenSSL does not encrypt");
        return oauth::base64url_encode(out);
    }

    /// What was sealed as the cookie `name`; nothing where `value` is anything else.
    std::optional<oauth::secret> open(std::string_view name, std::string_view value) const
    {
        auto sealed = oauth::base64url_decode(value);
        if (!sealed || sealed->size() < nonce_size + tag_size) return std::nullopt;
        std::string text(sealed->size() - nonce_size - tag_size, '\0');
        context const with(EVP_CIPHER_CTX_new());
        int size = 0;
        bool const good = with && EVP_DecryptInit_ex2(with.get(), EVP_aes_256_gcm(), key_.data(), bytes(*sealed), nullptr) == 1
                       && EVP_DecryptUpdate(with.get(), nullptr, &size, bytes(name), static_cast<int>(name.size())) == 1
                       && EVP_DecryptUpdate(with.get(), bytes(text.data()), &size, bytes(*sealed) + nonce_size, static_cast<int>(text.size())) == 1
                       && EVP_CIPHER_CTX_ctrl(with.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, sealed->data() + nonce_size + text.size()) == 1
                       && EVP_DecryptFinal_ex(with.get(), bytes(text.data()) + size, &size) == 1;
        oauth::secret opened(std::move(text));
        if (!good) return std::nullopt;
        return opened;
    }
};

} // namespace example

#endif
