#ifndef OAUTH_JOSE_DETAIL_ECDSA_SIGNATURE_HPP
#define OAUTH_JOSE_DETAIL_ECDSA_SIGNATURE_HPP

#include <oauth/jose/detail/openssl_handles.hpp>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace oauth::detail {

/// An ECDSA signature in DER, as OpenSSL has it: of P-521 at most 141 bytes.
struct der_signature
{
    std::array<unsigned char, 160> bytes;
    std::size_t size = 0;
};

/// r and s in DER, of the two in full length behind each other (RFC 7518 3.4). @pre `raw` holds two numbers of the same length, of 66 bytes at most.
inline der_signature to_der(std::string_view raw)
{
    auto const half = static_cast<int>(raw.size() / 2);
    auto const* const data = reinterpret_cast<unsigned char const*>(raw.data());
    ecdsa_sig_ptr const both(need(ECDSA_SIG_new()));
    bignum_ptr r(need(BN_bin2bn(data, half, nullptr)));
    bignum_ptr s(need(BN_bin2bn(data + half, half, nullptr)));
    ECDSA_SIG_set0(both.get(), r.release(), s.release());
    der_signature out;
    auto* end = out.bytes.data();
    out.size = static_cast<std::size_t>(i2d_ECDSA_SIG(both.get(), &end));
    return out;
}

/// The other way: each of `half` bytes.
inline std::optional<std::string> from_der(std::string_view der, std::size_t half)
{
    auto const* begin = reinterpret_cast<unsigned char const*>(der.data());
    ecdsa_sig_ptr const both(d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(der.size())));
    std::string out(2 * half, '\0');
    auto* const data = reinterpret_cast<unsigned char*>(out.data());
    auto const size = static_cast<int>(half);
    if (!both || BN_bn2binpad(ECDSA_SIG_get0_r(both.get()), data, size) != size || BN_bn2binpad(ECDSA_SIG_get0_s(both.get()), data + half, size) != size) return std::nullopt;
    return out;
}

} // namespace oauth::detail

#endif
