#ifndef OAUTH_JOSE_DETAIL_PRIVATE_MATERIAL_HPP
#define OAUTH_JOSE_DETAIL_PRIVATE_MATERIAL_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/detail/wipe.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/detail/algorithm_traits.hpp>
#include <oauth/jose/detail/key_use.hpp>
#include <oauth/jose/detail/openssl_handles.hpp>
#include <oauth/jose/detail/public_material.hpp>
#include <boost/json/object.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/// Bytes that are wiped where they end.
struct wiped_bytes
{
    std::string bytes = {};

    wiped_bytes() = default;
    wiped_bytes(wiped_bytes const&) = delete;
    wiped_bytes& operator=(wiped_bytes const&) = delete;
    ~wiped_bytes() { wipe(bytes); }
};

/// A number of an OpenSSL key as base64url: of `size` bytes, or as few as it takes.
inline std::string number_of(EVP_PKEY const* key, char const* name, std::size_t size = 0)
{
    BIGNUM* made = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &made) != 1) return {};
    bignum_ptr const number(made);
    std::string bytes(std::max(size, static_cast<std::size_t>(BN_num_bytes(number.get()))), '\0');
    BN_bn2binpad(number.get(), reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    return base64url_encode(bytes);
}

/// The curve of an EC key, by whichever of its names.
inline std::optional<key_kind> ec_kind_of(EVP_PKEY const* key)
{
    std::array<char, 64> name{};
    std::size_t size = 0;
    if (EVP_PKEY_get_group_name(key, name.data(), name.size(), &size) != 1) return std::nullopt;
    std::string_view const group(name.data(), size);
    if (group == "prime256v1") return key_kind::p256;
    if (group == "secp384r1") return key_kind::p384;
    if (group == "secp521r1") return key_kind::p521;
    return to_ec_kind(group);
}

/// The public half of a key. It is read as any JWK is, so that a key which could not be published is not signed with either.
inline result<public_material> public_half(EVP_PKEY const* key)
{
    openssl_error_guard const guard;
    if (EVP_PKEY_is_a(key, "RSA")) return read_rsa({{"n", number_of(key, OSSL_PKEY_PARAM_RSA_N)}, {"e", number_of(key, OSSL_PKEY_PARAM_RSA_E)}});
    if (EVP_PKEY_is_a(key, "EC"))
    {
        auto const kind = ec_kind_of(key);
        if (!kind) return key_fault(errc::unsupported_key, "the curves are P-256, P-384 and P-521");
        auto const size = coordinate_size(*kind);
        return read_ec({{"crv", curve_name(*kind)}, {"x", number_of(key, OSSL_PKEY_PARAM_EC_PUB_X, size)}, {"y", number_of(key, OSSL_PKEY_PARAM_EC_PUB_Y, size)}});
    }
    if (EVP_PKEY_is_a(key, "ED25519"))
    {
        std::array<unsigned char, 32> octets{};
        std::size_t size = octets.size();
        if (EVP_PKEY_get_raw_public_key(key, octets.data(), &size) != 1) return key_fault(errc::malformed_key);
        return read_okp({{"crv", "Ed25519"}, {"x", base64url_encode({reinterpret_cast<char const*>(octets.data()), size})}});
    }
    return key_fault(errc::unsupported_key, "the kinds of private keys are RSA, EC and Ed25519");
}

/// A member as the bytes that it is base64url of; of `size` bytes where that is not 0. False where it is not that.
inline bool read_octets(boost::json::object const& from, char const* name, std::size_t size, wiped_bytes& out)
{
    std::string_view text;
    if (!read_text(from, name, text) || text.empty() || text.size() > 4096) return false;
    auto decoded = base64url_decode(text);
    if (!decoded || (size != 0 && decoded->size() != size)) return false;
    out.bytes = std::move(*decoded);
    return true;
}

inline result<evp_pkey_ptr> read_private_rsa(boost::json::object const& from)
{
    static constexpr std::array<std::pair<char const*, char const*>, 8> members{{{"n", OSSL_PKEY_PARAM_RSA_N},
                                                                                 {"e", OSSL_PKEY_PARAM_RSA_E},
                                                                                 {"d", OSSL_PKEY_PARAM_RSA_D},
                                                                                 {"p", OSSL_PKEY_PARAM_RSA_FACTOR1},
                                                                                 {"q", OSSL_PKEY_PARAM_RSA_FACTOR2},
                                                                                 {"dp", OSSL_PKEY_PARAM_RSA_EXPONENT1},
                                                                                 {"dq", OSSL_PKEY_PARAM_RSA_EXPONENT2},
                                                                                 {"qi", OSSL_PKEY_PARAM_RSA_COEFFICIENT1}}};
    if (find_member(from, "oth") != nullptr) return key_fault(errc::unsupported_key, "an RSA key of more than two primes");
    std::array<wiped_bytes, members.size()> numbers;
    std::array<OSSL_PARAM, members.size() + 1> parameters;
    // RFC 7518 6.3.2: what makes it quick is there as a whole or not at all.
    auto const count = find_member(from, "p") == nullptr ? std::size_t{3} : members.size();
    for (std::size_t i = 0; i < count; ++i)
    {
        if (!read_octets(from, members[i].first, 0, numbers[i])) return key_fault(errc::malformed_key, "a number of the RSA key is missing, or not base64url");
        parameters[i] = number_parameter(members[i].second, numbers[i].bytes);
    }
    parameters[count] = OSSL_PARAM_construct_end();
    return key_from("RSA", EVP_PKEY_KEYPAIR, parameters.data());
}

inline result<evp_pkey_ptr> read_private_ec(boost::json::object const& from, key_kind kind)
{
    std::string_view x, y;
    wiped_bytes d;
    if (!read_text(from, "x", x) || !read_text(from, "y", y) || !read_octets(from, "d", coordinate_size(kind), d))
        return key_fault(errc::malformed_key, "d is missing, not base64url, or not of the curve's length");
    auto point = read_point(kind, x, y);
    if (!point) return key_fault(errc::malformed_key, "x or y is not base64url, or not of the curve's length");
    OSSL_PARAM parameters[] = {text_parameter(OSSL_PKEY_PARAM_GROUP_NAME, curve_name(kind)), octets_parameter(OSSL_PKEY_PARAM_PUB_KEY, *point),
                               number_parameter(OSSL_PKEY_PARAM_PRIV_KEY, d.bytes), OSSL_PARAM_construct_end()};
    return key_from("EC", EVP_PKEY_KEYPAIR, parameters);
}

inline result<evp_pkey_ptr> read_private_okp(boost::json::object const& from)
{
    wiped_bytes x, d;
    if (!read_octets(from, "x", 32, x) || !read_octets(from, "d", 32, d)) return key_fault(errc::malformed_key, "d is missing, not base64url, or not of the curve's length");
    OSSL_PARAM parameters[] = {octets_parameter(OSSL_PKEY_PARAM_PUB_KEY, x.bytes), octets_parameter(OSSL_PKEY_PARAM_PRIV_KEY, d.bytes), OSSL_PARAM_construct_end()};
    return key_from("ED25519", EVP_PKEY_KEYPAIR, parameters);
}

/// The private half that a JWK holds; `kind` is what its public half turned out to be.
inline result<evp_pkey_ptr> read_private_half(boost::json::object const& from, key_kind kind)
{
    auto made = kind == key_kind::rsa ? read_private_rsa(from) : kind == key_kind::ed25519 ? read_private_okp(from) : read_private_ec(from, kind);
    if (made.has_value() && !*made) return key_fault(errc::malformed_key, "OpenSSL does not take its parameters");
    return made;
}

} // namespace oauth::detail

#endif
