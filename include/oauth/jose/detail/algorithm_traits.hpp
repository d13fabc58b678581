#ifndef OAUTH_JOSE_DETAIL_ALGORITHM_TRAITS_HPP
#define OAUTH_JOSE_DETAIL_ALGORITHM_TRAITS_HPP

#include <oauth/jose/jws_algorithm.hpp>
#include <array>
#include <cstddef>

namespace oauth::detail {

/// What a key is: its kind and, where there are several, its curve. Each algorithm goes with exactly one.
enum class key_kind : unsigned char
{
    rsa,
    p256,
    p384,
    p521,
    ed25519,
    octets,   ///< a shared secret
};

/// How a signature is made.
enum class signature_scheme : unsigned char
{
    pkcs1,
    pss,
    ecdsa,
    eddsa,
    hmac,
};

struct algorithm_traits
{
    key_kind kind;
    signature_scheme scheme;
    char const* digest;        ///< OpenSSL's name for it; null where the algorithm has its own
    std::size_t digest_size;   ///< in bytes: of an HMAC's output, and its key's least length
};

inline constexpr std::array<algorithm_traits, 13> all_algorithm_traits{{
    {key_kind::rsa, signature_scheme::pkcs1, "SHA256", 32},
    {key_kind::rsa, signature_scheme::pkcs1, "SHA384", 48},
    {key_kind::rsa, signature_scheme::pkcs1, "SHA512", 64},
    {key_kind::rsa, signature_scheme::pss, "SHA256", 32},
    {key_kind::rsa, signature_scheme::pss, "SHA384", 48},
    {key_kind::rsa, signature_scheme::pss, "SHA512", 64},
    {key_kind::p256, signature_scheme::ecdsa, "SHA256", 32},
    {key_kind::p384, signature_scheme::ecdsa, "SHA384", 48},
    {key_kind::p521, signature_scheme::ecdsa, "SHA512", 64},
    {key_kind::ed25519, signature_scheme::eddsa, nullptr, 64},
    {key_kind::octets, signature_scheme::hmac, "SHA256", 32},
    {key_kind::octets, signature_scheme::hmac, "SHA384", 48},
    {key_kind::octets, signature_scheme::hmac, "SHA512", 64},
}};

constexpr algorithm_traits const& traits_of(jws_algorithm algorithm) noexcept { return all_algorithm_traits[static_cast<std::size_t>(algorithm)]; }

/// The bytes of a coordinate of a point, and of each half of an ECDSA signature; 0 where the kind has none.
constexpr std::size_t coordinate_size(key_kind kind) noexcept
{
    switch (kind)
    {
    case key_kind::p256: return 32;
    case key_kind::p384: return 48;
    case key_kind::p521: return 66;
    default: return 0;
    }
}

constexpr bool is_ec(key_kind kind) noexcept { return coordinate_size(kind) != 0; }

} // namespace oauth::detail

#endif
