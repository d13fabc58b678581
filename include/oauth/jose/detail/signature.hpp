#ifndef OAUTH_JOSE_DETAIL_SIGNATURE_HPP
#define OAUTH_JOSE_DETAIL_SIGNATURE_HPP

#include <oauth/jose/detail/algorithm_traits.hpp>
#include <oauth/jose/detail/ecdsa_signature.hpp>
#include <oauth/jose/detail/openssl_handles.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <array>
#include <atomic>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace oauth::detail {

inline unsigned char const* bytes_of(std::string_view text) noexcept { return reinterpret_cast<unsigned char const*>(text.data()); }

/// What OpenSSL is told beyond the digest. PSS: as much salt as digest, and the same digest within (RFC 7518 3.5); all else is its default.
inline OSSL_PARAM const* scheme_parameters(signature_scheme scheme) noexcept
{
    static char padding[] = OSSL_PKEY_RSA_PAD_MODE_PSS, salt[] = OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST;
    static OSSL_PARAM const pss[] = {OSSL_PARAM_construct_utf8_string(OSSL_SIGNATURE_PARAM_PAD_MODE, padding, 0),
                                     OSSL_PARAM_construct_utf8_string(OSSL_SIGNATURE_PARAM_PSS_SALTLEN, salt, 0), OSSL_PARAM_construct_end()};
    return scheme == signature_scheme::pss ? pss : nullptr;
}

/// The HMAC of `text`; nothing where OpenSSL can't make one.
inline std::optional<std::string> make_hmac(algorithm_traits const& algorithm, std::string_view key, std::string_view text)
{
    std::string out(algorithm.digest_size, '\0');
    std::size_t size = 0;
    auto* const made = EVP_Q_mac(nullptr, "HMAC", nullptr, algorithm.digest, nullptr, key.data(), key.size(), bytes_of(text), text.size(),
                                 reinterpret_cast<unsigned char*>(out.data()), out.size(), &size);
    if (made == nullptr || size != out.size()) return std::nullopt;
    return out;
}

/// A context that waits for the text; null where OpenSSL does not take the algorithm.
inline evp_md_ctx_ptr begin_check(algorithm_traits const& algorithm, EVP_PKEY* key)
{
    evp_md_ctx_ptr context(need(EVP_MD_CTX_new()));
    if (EVP_DigestVerifyInit_ex(context.get(), nullptr, algorithm.digest, nullptr, nullptr, key, scheme_parameters(algorithm.scheme)) != 1) return nullptr;
    return context;
}

/** The beginnings of a key's checks, one for each algorithm that was met: a copy spares the look-ups of a new one, an eighth of an RSA check.

    @par Thread safety
    Safe: what is kept is only read, and copied.
*/
class check_beginnings
{
    std::array<std::atomic<EVP_MD_CTX*>, 6> mutable kept_{};   // of an RSA key by algorithm, of any other the first

public:
    check_beginnings() = default;
    check_beginnings(check_beginnings const&) = delete;
    check_beginnings& operator=(check_beginnings const&) = delete;

    ~check_beginnings()
    {
        for (auto& each : kept_) EVP_MD_CTX_free(each.load());
    }

    /// As @ref begin_check.
    evp_md_ctx_ptr begin(jws_algorithm which, EVP_PKEY* key) const
    {
        auto const& algorithm = traits_of(which);
        // OpenSSL 3.0 does not copy a context without a digest, as that of Ed25519 is.
        if (algorithm.digest == nullptr) return begin_check(algorithm, key);
        auto& kept = kept_[algorithm.kind == key_kind::rsa ? static_cast<std::size_t>(which) : 0];
        if (auto const* const have = kept.load(std::memory_order_acquire))
        {
            evp_md_ctx_ptr copy(need(EVP_MD_CTX_new()));
            if (EVP_MD_CTX_copy_ex(copy.get(), have) == 1) return copy;
        }
        auto made = begin_check(algorithm, key);
        evp_md_ctx_ptr copy(need(EVP_MD_CTX_new()));
        EVP_MD_CTX* none = nullptr;
        if (made && EVP_MD_CTX_copy_ex(copy.get(), made.get()) == 1 && kept.compare_exchange_strong(none, copy.get(), std::memory_order_acq_rel)) copy.release();
        return made;
    }
};

/** Is this the signature of `text`? Of the exact length that the algorithm gives it, whatever OpenSSL would let pass.

    @pre The key is of the algorithm's kind: `key`, or `octets` for an HMAC.
*/
inline bool is_signature(jws_algorithm which, EVP_PKEY* key, check_beginnings const& beginnings, std::string_view octets, std::string_view text, std::string_view signature)
{
    openssl_error_guard const guard;
    auto const& algorithm = traits_of(which);
    der_signature der;
    switch (algorithm.scheme)
    {
    case signature_scheme::hmac: {
        auto const expected = make_hmac(algorithm, octets, text);
        return expected && signature.size() == expected->size() && CRYPTO_memcmp(signature.data(), expected->data(), expected->size()) == 0;
    }
    case signature_scheme::ecdsa:
        if (signature.size() != 2 * coordinate_size(algorithm.kind)) return false;
        der = to_der(signature);
        signature = {reinterpret_cast<char const*>(der.bytes.data()), der.size};
        break;
    case signature_scheme::pkcs1:
    case signature_scheme::pss:
        if (signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key))) return false;
        break;
    case signature_scheme::eddsa: break;   // OpenSSL takes 64 bytes only
    }
    auto const context = beginnings.begin(which, key);
    return context && EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text), text.size()) == 1;
}

/// The signature of `text`; nothing where OpenSSL can't make one. @pre As of @ref is_signature, but with the private key.
inline std::optional<std::string> make_signature(jws_algorithm which, EVP_PKEY* key, std::string_view octets, std::string_view text)
{
    openssl_error_guard const guard;
    auto const& algorithm = traits_of(which);
    if (algorithm.scheme == signature_scheme::hmac) return make_hmac(algorithm, octets, text);
    evp_md_ctx_ptr const context(need(EVP_MD_CTX_new()));
    std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(key)), '\0');
    std::size_t size = out.size();
    if (EVP_DigestSignInit_ex(context.get(), nullptr, algorithm.digest, nullptr, nullptr, key, scheme_parameters(algorithm.scheme)) != 1
        || EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, bytes_of(text), text.size()) != 1)
        return std::nullopt;
    out.resize(size);
    if (algorithm.scheme == signature_scheme::ecdsa) return from_der(out, coordinate_size(algorithm.kind));
    return out;
}

} // namespace oauth::detail

#endif
