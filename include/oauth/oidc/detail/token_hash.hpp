#ifndef OAUTH_OIDC_DETAIL_TOKEN_HASH_HPP
#define OAUTH_OIDC_DETAIL_TOKEN_HASH_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <openssl/evp.h>
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace oauth::detail {

/// The hash that goes with the algorithm, by OpenSSL's name. That of Ed25519 is SHA-512.
constexpr char const* hash_name(jws_algorithm algorithm) noexcept
{
    using enum jws_algorithm;
    switch (algorithm)
    {
    case rs256: case ps256: case es256: case hs256: return "SHA256";
    case rs384: case ps384: case es384: case hs384: return "SHA384";
    case rs512: case ps512: case es512: case hs512: case eddsa: return "SHA512";
    }
    return "SHA512";
}

/// Is `hash` the left half of the hash of `text`, as base64url (OpenID Connect Core 3.1.3.6)?
inline bool fits_hash(secret const& text, std::string_view hash, jws_algorithm algorithm)
{
    std::array<std::byte, EVP_MAX_MD_SIZE> digest;
    std::size_t size = 0;
    auto const input = text.reveal();
    if (EVP_Q_digest(nullptr, hash_name(algorithm), nullptr, input.data(), input.size(), reinterpret_cast<unsigned char*>(digest.data()), &size) != 1) return false;
    return secret(base64url_encode(std::span<std::byte const>(digest).first(size / 2))).matches(hash);
}

} // namespace oauth::detail

#endif
