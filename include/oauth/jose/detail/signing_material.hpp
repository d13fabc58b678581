#ifndef OAUTH_JOSE_DETAIL_SIGNING_MATERIAL_HPP
#define OAUTH_JOSE_DETAIL_SIGNING_MATERIAL_HPP

#include <oauth/core/detail/strict_json.hpp>
#include <oauth/core/detail/wiping_resource.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/detail/certificate.hpp>
#include <oauth/jose/detail/key_use.hpp>
#include <oauth/jose/detail/openssl_handles.hpp>
#include <oauth/jose/detail/private_material.hpp>
#include <oauth/jose/detail/public_material.hpp>
#include <oauth/jose/detail/read_key_file.hpp>
#include <oauth/jose/detail/reread.hpp>
#include <oauth/jose/detail/signature.hpp>
#include <oauth/jose/jwk.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <boost/json/object.hpp>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth::detail {

/// All that a private key is made of.
struct signing_material
{
    std::shared_ptr<EVP_PKEY> key = {};   ///< null for a shared secret, which the public half holds
    jwk public_key;
    bool may_sign = true;
    std::shared_ptr<certificate_names const> certificate = {};
};

/// What anybody says of a key that the user gave: the advice becomes that of a setting.
inline failure as_setting(failure why)
{
    why.next = advice::fix_configuration;
    return why;
}

/// Does it sign what its public half checks?
inline bool is_pair(EVP_PKEY* key, public_material const& other)
{
    constexpr std::string_view text = "a key that was read";
    auto const algorithm = other.kind == key_kind::rsa    ? jws_algorithm::rs256
                         : other.kind == key_kind::p256   ? jws_algorithm::es256
                         : other.kind == key_kind::p384   ? jws_algorithm::es384
                         : other.kind == key_kind::p521   ? jws_algorithm::es512
                                                          : jws_algorithm::eddsa;
    auto const signature = make_signature(algorithm, key, {}, text);
    return signature && is_signature(algorithm, other.key.get(), check_beginnings(), {}, text, *signature);
}

inline result<signing_material> make_signing_material(evp_pkey_ptr key, jwk_data&& data, bool may_sign = true)
{
    if (!is_pair(key.get(), data.material)) return private_key_fault(errc::malformed_key, "the private key and its public half do not go together");
    return signing_material{std::shared_ptr<EVP_PKEY>(std::move(key)), jwk_access::make(std::move(data)), may_sign};
}

inline result<signing_material> make_signing_material(evp_pkey_ptr key)
{
    auto other = public_half(key.get());
    if (other.has_error()) return as_setting(other.error());
    return make_signing_material(std::move(key), jwk_data{.material = std::move(*other)});
}

inline result<void> add_certificates(signing_material& to, std::vector<x509_ptr>&& certificates)
{
    auto names = name_certificates(std::move(certificates), to.key.get());
    if (names.has_error()) return names.error();
    to.certificate = std::make_shared<certificate_names const>(std::move(*names));
    return {};
}

inline result<signing_material> make_signing_material(result<key_and_certificates>&& read)
{
    if (read.has_error()) return read.error();
    auto made = make_signing_material(std::move(read->key));
    if (made.has_error() || read->certificates.empty()) return made;
    if (auto added = add_certificates(*made, std::move(read->certificates)); added.has_error()) return added.error();
    return made;
}

inline result<signing_material> make_signing_material(secret const& octets, jwk_data&& data, bool may_sign = true)
{
    if (octets.empty()) return private_key_fault(errc::malformed_key, "the secret is empty");
    data.octets = octets;
    data.material.kind = key_kind::octets;
    data.material.bits = octets.size() * 8;
    return signing_material{nullptr, jwk_access::make(std::move(data)), may_sign};
}

/// Of a private JSON Web Key.
inline result<signing_material> read_private_jwk(secret const& json)
{
    wiping_resource memory;
    auto const members = strict_json_object(json.reveal(), {}, &memory);
    if (members.has_error()) return reread(members.error(), errc::malformed_key, "the key", advice::fix_configuration);
    auto use = read_key_use(*members);
    if (use.has_error()) return as_setting(use.error());
    bool const may_sign = use->may_sign;
    use->may_sign = use->may_verify = true;   // `key_ops` are the private half's
    std::string_view kind, key_id;
    if (!read_text(*members, "kty", kind) || !read_text(*members, "kid", key_id)) return private_key_fault(errc::malformed_key, "kty or kid is not a text");
    jwk_data data{.key_id = std::string(key_id), .use = *use};
    if (kind == "oct")
    {
        wiped_bytes octets;
        if (!read_octets(*members, "k", 0, octets)) return private_key_fault(errc::malformed_key, "k is missing, or not base64url");
        return make_signing_material(secret(std::string_view(octets.bytes)), std::move(data), may_sign);
    }
    auto other = read_public_material(*members);
    if (other.has_error()) return as_setting(other.error());
    auto key = read_private_half(*members, other->kind);
    if (key.has_error()) return as_setting(key.error());
    data.material = std::move(*other);
    return make_signing_material(std::move(*key), std::move(data), may_sign);
}

/// A new key.
inline result<signing_material> generate_signing_material(jws_algorithm algorithm, std::size_t rsa_bits)
{
    auto const& wanted = traits_of(algorithm);
    openssl_error_guard const guard;
    if (wanted.kind == key_kind::octets)
    {
        wiped_bytes octets;
        octets.bytes.resize(wanted.digest_size);
        if (RAND_priv_bytes(reinterpret_cast<unsigned char*>(octets.bytes.data()), static_cast<int>(octets.bytes.size())) != 1)
            return failure(errc::entropy_failed, advice::retry);
        return make_signing_material(secret(std::string_view(octets.bytes)), {});
    }
    if (wanted.kind == key_kind::rsa && rsa_bits < least_rsa_bits) return private_key_fault(errc::weak_key, "an RSA key of less than 2048 bits");
    if (wanted.kind == key_kind::rsa && rsa_bits > most_rsa_bits) return private_key_fault(errc::unsupported_key, "an RSA key of more than 16384 bits");
    evp_pkey_ptr key(wanted.kind == key_kind::rsa       ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", rsa_bits)
                     : wanted.kind == key_kind::ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                                        : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve_name(wanted.kind).data()));
    if (!key) return failure(errc::entropy_failed, advice::retry);
    return make_signing_material(std::move(key));
}

} // namespace oauth::detail

#endif
