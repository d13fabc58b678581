#ifndef OAUTH_JOSE_DETAIL_PUBLIC_MATERIAL_HPP
#define OAUTH_JOSE_DETAIL_PUBLIC_MATERIAL_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/detail/algorithm_traits.hpp>
#include <oauth/jose/detail/key_use.hpp>
#include <oauth/jose/detail/openssl_handles.hpp>
#include <boost/json/object.hpp>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <algorithm>
#include <bit>
#include <cstddef>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/// A public key, as OpenSSL and as a JWK has it.
struct public_material
{
    key_kind kind = key_kind::rsa;
    std::size_t bits = 0;   ///< of an RSA modulus, or of a secret
    evp_pkey_ptr key = {};
    std::string first = {}, second = {};   ///< base64url: `n` and `e`, `x` and `y`, or `x`

    /// The same, with the same OpenSSL key.
    public_material share() const
    {
        if (key && EVP_PKEY_up_ref(key.get()) != 1) throw std::bad_alloc();
        return {kind, bits, evp_pkey_ptr(key.get()), first, second};
    }
};

constexpr std::string_view curve_name(key_kind kind) noexcept
{
    switch (kind)
    {
    case key_kind::p256: return "P-256";
    case key_kind::p384: return "P-384";
    case key_kind::p521: return "P-521";
    case key_kind::ed25519: return "Ed25519";
    default: return "";
    }
}

inline std::optional<key_kind> to_ec_kind(std::string_view curve) noexcept
{
    for (auto const kind : {key_kind::p256, key_kind::p384, key_kind::p521})
        if (curve_name(kind) == curve) return kind;
    return std::nullopt;
}

/// A number as OSSL_PARAM takes it: in the machine's order.
inline OSSL_PARAM number_parameter(char const* name, std::string& big_endian)
{
    if constexpr (std::endian::native == std::endian::little) std::reverse(big_endian.begin(), big_endian.end());
    return OSSL_PARAM_construct_BN(name, reinterpret_cast<unsigned char*>(big_endian.data()), big_endian.size());
}

inline OSSL_PARAM octets_parameter(char const* name, std::string& octets) { return OSSL_PARAM_construct_octet_string(name, octets.data(), octets.size()); }

inline OSSL_PARAM text_parameter(char const* name, std::string_view text)
{
    return OSSL_PARAM_construct_utf8_string(name, const_cast<char*>(text.data()), text.size());   // OpenSSL only reads it
}

/// A key of its parameters. Null where OpenSSL does not take them: a point that is not on its curve, for one.
inline evp_pkey_ptr key_from(char const* type, int selection, OSSL_PARAM* parameters)
{
    openssl_error_guard const guard;
    evp_pkey_ctx_ptr const context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* made = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 || EVP_PKEY_fromdata(context.get(), &made, selection, parameters) != 1) return nullptr;
    return evp_pkey_ptr(made);
}

/// A Base64urlUInt (RFC 7518 2), big-endian. Zeros in front, which some servers write, are dropped. Nothing where it is none, or 0.
inline std::optional<std::string> read_number(std::string_view text)
{
    auto bytes = base64url_decode(text);
    if (bytes) bytes->erase(0, bytes->find_first_not_of('\0'));
    return bytes && !bytes->empty() ? std::move(bytes) : std::nullopt;
}

/// Are these an RSA key's modulus and exponent, as both are big-endian? OpenSSL would take an even modulus, or one as large as memory.
inline result<void> check_rsa_numbers(std::string_view modulus, std::string_view exponent, std::size_t& bits)
{
    bits = modulus.size() * 8 - static_cast<std::size_t>(std::countl_zero(static_cast<unsigned char>(modulus.front())));
    if (bits > most_rsa_bits) return key_fault(errc::unsupported_key, "an RSA key of more than 16384 bits");
    if (bits < least_rsa_bits) return key_fault(errc::weak_key, "an RSA key of less than 2048 bits");
    if ((modulus.back() & 1) == 0) return key_fault(errc::malformed_key, "n is even");
    bool const odd = (exponent.back() & 1) != 0;
    if (!odd || exponent == std::string_view("\1", 1) || exponent.size() > 8) return key_fault(errc::malformed_key, "e is even, 1, or longer than 64 bits");
    return {};
}

inline result<public_material> read_rsa(boost::json::object const& from)
{
    std::string_view n, e;
    if (!read_text(from, "n", n) || !read_text(from, "e", e)) return key_fault(errc::malformed_key, "n or e is not a text");
    // Before anything is decoded: 16384 bits are 2731 digits, and some may be zeros in front.
    if (n.size() > 4096 || e.size() > 4096) return key_fault(errc::unsupported_key, "an RSA key of more than 16384 bits");
    auto modulus = read_number(n), exponent = read_number(e);
    if (!modulus || !exponent) return key_fault(errc::malformed_key, "n or e is missing, or not base64url");
    public_material out;
    if (auto const checked = check_rsa_numbers(*modulus, *exponent, out.bits); checked.has_error()) return checked.error();
    bool const canonical = base64url_size(modulus->size()) == n.size() && base64url_size(exponent->size()) == e.size();
    out.first = canonical ? std::string(n) : base64url_encode(*modulus);
    out.second = canonical ? std::string(e) : base64url_encode(*exponent);
    OSSL_PARAM parameters[] = {number_parameter(OSSL_PKEY_PARAM_RSA_N, *modulus), number_parameter(OSSL_PKEY_PARAM_RSA_E, *exponent), OSSL_PARAM_construct_end()};
    out.key = key_from("RSA", EVP_PKEY_PUBLIC_KEY, parameters);
    if (!out.key) return key_fault(errc::malformed_key, "OpenSSL does not take n and e");
    return out;
}

/// The point that x and y are, uncompressed (SEC 1 2.3.3).
inline std::optional<std::string> read_point(key_kind kind, std::string_view x, std::string_view y)
{
    auto const size = coordinate_size(kind);
    // Each is written out in full: RFC 7518 6.2.1.2.
    if (x.size() != base64url_size(size) || y.size() != base64url_size(size)) return std::nullopt;
    auto const first = base64url_decode(x), second = base64url_decode(y);
    if (!first || !second) return std::nullopt;
    std::string point;
    point.reserve(1 + 2 * size);
    point += '\4';
    return std::move(point.append(*first).append(*second));
}

inline result<public_material> read_ec(boost::json::object const& from)
{
    std::string_view curve, x, y;
    if (!read_text(from, "crv", curve) || !read_text(from, "x", x) || !read_text(from, "y", y)) return key_fault(errc::malformed_key, "crv, x or y is not a text");
    auto const kind = to_ec_kind(curve);
    if (!kind) return key_fault(errc::unsupported_key, "the curves are P-256, P-384 and P-521");
    auto point = read_point(*kind, x, y);
    if (!point) return key_fault(errc::malformed_key, "x or y is missing, not base64url, or not of the curve's length");
    OSSL_PARAM parameters[] = {text_parameter(OSSL_PKEY_PARAM_GROUP_NAME, curve_name(*kind)), octets_parameter(OSSL_PKEY_PARAM_PUB_KEY, *point), OSSL_PARAM_construct_end()};
    public_material out{.kind = *kind, .key = key_from("EC", EVP_PKEY_PUBLIC_KEY, parameters), .first = std::string(x), .second = std::string(y)};
    if (!out.key) return key_fault(errc::malformed_key, "the point is not on its curve");
    return out;
}

inline result<public_material> read_okp(boost::json::object const& from)
{
    std::string_view curve, x;
    if (!read_text(from, "crv", curve) || !read_text(from, "x", x)) return key_fault(errc::malformed_key, "crv or x is not a text");
    if (curve != "Ed25519") return key_fault(errc::unsupported_key, "the curve is Ed25519");
    auto octets = x.size() == base64url_size(32) ? base64url_decode(x) : std::nullopt;
    if (!octets) return key_fault(errc::malformed_key, "x is missing, not base64url, or not of the curve's length");
    OSSL_PARAM parameters[] = {octets_parameter(OSSL_PKEY_PARAM_PUB_KEY, *octets), OSSL_PARAM_construct_end()};
    public_material out{.kind = key_kind::ed25519, .key = key_from("ED25519", EVP_PKEY_PUBLIC_KEY, parameters), .first = std::string(x)};
    if (!out.key) return key_fault(errc::malformed_key, "OpenSSL does not take x");
    return out;
}

} // namespace oauth::detail

#endif
