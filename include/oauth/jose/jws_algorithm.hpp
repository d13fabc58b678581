#ifndef OAUTH_JOSE_JWS_ALGORITHM_HPP
#define OAUTH_JOSE_JWS_ALGORITHM_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace oauth {

/** The algorithms of a JWS that this library signs and checks with.

    @par Specification
    RFC 7518 3.1, RFC 8037 3.1
*/
enum class jws_algorithm : unsigned char
{
    rs256,   ///< RSASSA-PKCS1-v1_5 with SHA-256
    rs384,
    rs512,
    ps256,   ///< RSASSA-PSS with SHA-256, and as much salt
    ps384,
    ps512,
    es256,   ///< ECDSA on P-256 with SHA-256
    es384,   ///< ECDSA on P-384 with SHA-384
    es512,   ///< ECDSA on P-521 with SHA-512
    eddsa,   ///< Ed25519; of the curves of EdDSA the only one here
    hs256,   ///< HMAC with SHA-256: both sides hold the same secret
    hs384,
    hs512,
};

namespace detail {

inline constexpr std::array<std::string_view, 13> jws_algorithm_names{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256",
                                                                      "ES384", "ES512", "EdDSA", "HS256", "HS384", "HS512"};

} // namespace detail

/// The name as it stands in `alg`, such as "ES256".
constexpr std::string_view to_string(jws_algorithm value) noexcept { return detail::jws_algorithm_names[static_cast<std::size_t>(value)]; }

/** The algorithm that `name` is the name of, letter by letter. "Ed25519" (RFC 9864) is @ref jws_algorithm::eddsa too.

    @return Nothing for any other name; so for "none".
*/
constexpr std::optional<jws_algorithm> to_jws_algorithm(std::string_view name) noexcept
{
    for (std::size_t i = 0; i < detail::jws_algorithm_names.size(); ++i)
        if (detail::jws_algorithm_names[i] == name) return static_cast<jws_algorithm>(i);
    if (name == "Ed25519") return jws_algorithm::eddsa;
    return std::nullopt;
}

/** A set of algorithms: which of them a caller takes.

    @par Thread safety
    A value: distinct objects are safe.
*/
class jws_algorithms
{
    std::uint16_t bits_ = 0;

    static constexpr std::uint16_t bit(jws_algorithm value) noexcept { return static_cast<std::uint16_t>(1u << static_cast<unsigned>(value)); }

public:
    /// None.
    constexpr jws_algorithms() noexcept = default;

    constexpr jws_algorithms(std::initializer_list<jws_algorithm> values) noexcept
    {
        for (auto const value : values) insert(value);
    }

    /// All whose keys come in pairs: all but HS256, HS384 and HS512, which only a client secret can be the key for.
    static constexpr jws_algorithms asymmetric() noexcept
    {
        using enum jws_algorithm;
        return {rs256, rs384, rs512, ps256, ps384, ps512, es256, es384, es512, eddsa};
    }

    /// HS256, HS384 and HS512: both sides hold the same secret.
    static constexpr jws_algorithms symmetric() noexcept { return {jws_algorithm::hs256, jws_algorithm::hs384, jws_algorithm::hs512}; }

    /// Those of them that are in `other` too.
    constexpr jws_algorithms common(jws_algorithms other) const noexcept
    {
        other.bits_ = static_cast<std::uint16_t>(other.bits_ & bits_);
        return other;
    }

    constexpr bool contains(jws_algorithm value) const noexcept { return (bits_ & bit(value)) != 0; }
    constexpr bool empty() const noexcept { return bits_ == 0; }
    constexpr void insert(jws_algorithm value) noexcept { bits_ = static_cast<std::uint16_t>(bits_ | bit(value)); }

    friend constexpr bool operator==(jws_algorithms, jws_algorithms) noexcept = default;
};

} // namespace oauth

#endif
