#ifndef OAUTH_JOSE_PRIVATE_KEY_HPP
#define OAUTH_JOSE_PRIVATE_KEY_HPP

#include <oauth/core/detail/strict_json.hpp>
#include <oauth/core/detail/wiping_resource.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/detail/certificate.hpp>
#include <oauth/jose/detail/key_use.hpp>
#include <oauth/jose/detail/private_material.hpp>
#include <oauth/jose/detail/read_pem.hpp>
#include <oauth/jose/detail/reread.hpp>
#include <oauth/jose/detail/signature.hpp>
#include <oauth/jose/jwk.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <boost/json/object.hpp>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth {

namespace detail {

struct private_key_access;

} // namespace detail

/** A key to sign with: a private key or, for HS256, HS384 and HS512, the secret that both sides share.

    Kept by OpenSSL, which wipes it; copies share it. It can't be printed or got out again. Immutable: what changes it returns another.

    A key that is read is tried once: it signs, and its public half checks.

    @par Thread safety
    Safe: any number of threads may sign with one key, and with its copies.
*/
class private_key
{
    std::shared_ptr<EVP_PKEY> key_;   // null for a shared secret, which the public half holds
    jwk public_key_;
    bool may_sign_ = true;
    std::shared_ptr<detail::certificate_names const> certificate_;

    private_key(std::shared_ptr<EVP_PKEY> key, jwk public_key) noexcept : key_(std::move(key)), public_key_(std::move(public_key)) {}

    friend struct detail::private_key_access;

public:
    /** Read the private key of a PEM text: PKCS#8, encrypted or not, or OpenSSL's older forms.

        Certificates in the same text become the key's: see @ref with_certificate.

        @param pem The text, 256 KiB at most.
        @param passphrase Of an encrypted key. Nothing is ever asked on the terminal.

        @return The key, or, with advice::fix_configuration,
            @li errc::wrong_passphrase, also where one is needed and none was given,
            @li errc::malformed_key when the text holds no private key, or a broken one,
            @li errc::unsupported_key when it is not RSA (2048 to 16384 bits), EC (P-256, P-384, P-521) or Ed25519,
            @li errc::weak_key for a shorter RSA key,
            @li what @ref with_certificate fails with.

        No failure holds anything of the key.
    */
    static result<private_key> from_pem(std::string_view pem, secret const& passphrase = {});

    /** As @ref from_pem, of a file.

        The file's permissions are not looked at: it is often mounted for reading by a group. Keep it from others.

        @return Also errc::key_unreadable when there is no such file, or it can't be read; the hint names it.
    */
    static result<private_key> from_pem_file(std::filesystem::path const& path, secret const& passphrase = {});

    /** Read a PKCS#12 container (.p12, .pfx): a private key, with its certificate and those above.

        @param der The bytes of the file, 256 KiB at most.

        @return As @ref from_pem. errc::malformed_key also when it is encrypted by an algorithm that OpenSSL 3 has put aside, as older tools write: the hint says so.
    */
    static result<private_key> from_pkcs12(std::string_view der, secret const& passphrase);

    /** Read a private JSON Web Key, also of kind `oct`. Its `kid`, `alg`, `use` and `key_ops` ("sign") count.

        @return As @ref from_pem; errc::malformed_key also for anything that @ref jwk::parse has that code for.
    */
    static result<private_key> from_jwk(secret const& json);

    /** Make a new key for an algorithm: RSA, EC, Ed25519, or random bytes as many as the digest's.

        @param rsa_bits The length of an RSA key: making one of 2048 bits takes a tenth of a second, of 4096 a second.

        @return The key, without `kid`; errc::weak_key or errc::unsupported_key for another length than 2048 to 16384 bits; errc::entropy_failed.
    */
    static result<private_key> generate(jws_algorithm algorithm, std::size_t rsa_bits = 2048);

    /// The secret that a client shares with its server, for `client_secret_jwt`. Fails with errc::malformed_key where it is empty.
    static result<private_key> symmetric(secret const& octets, std::string key_id = {});

    /** This key with a certificate, for the headers `x5t`, `x5t#S256` and `x5c`.

        @param pem One certificate or more, 16 at most, in any order: that of the key, and those that certify it.

        @return Another key, or, with advice::fix_configuration,
            @li errc::malformed_certificate when there is none in the text, or a broken one,
            @li errc::certificate_mismatch when none of them is that of the key.
    */
    result<private_key> with_certificate(std::string_view pem) const;

    /// This key with another `kid`.
    private_key with_key_id(std::string key_id) const;

    /// The other half, to be published. Of a shared secret: the same secret, to check with.
    jwk const& public_key() const noexcept { return public_key_; }

    /// `kid`; empty where the key has none.
    std::string_view key_id() const noexcept { return public_key_.key_id(); }

    /// `x5t`: base64url of the SHA-1 of the certificate. Empty where the key has no certificate; so are the next two.
    std::string_view certificate_sha1() const noexcept { return certificate_ ? std::string_view(certificate_->sha1) : std::string_view(); }

    /// `x5t#S256`: base64url of the SHA-256 of the certificate.
    std::string_view certificate_sha256() const noexcept { return certificate_ ? std::string_view(certificate_->sha256) : std::string_view(); }

    /// `x5c`: base64 (not base64url) of the DER of the certificate, and of those that certify it.
    std::vector<std::string> certificate_chain() const { return certificate_ ? certificate_->chain : std::vector<std::string>(); }

    /// May this key sign by this algorithm?
    bool permits(jws_algorithm algorithm) const noexcept { return misfit(algorithm) == nullptr; }

    /// The same, with the reason: errc::key_not_fit, with advice::fix_configuration.
    result<void> check_permits(jws_algorithm algorithm) const
    {
        auto const* const why = misfit(algorithm);
        if (why == nullptr) return {};
        return detail::private_key_fault(errc::key_not_fit, why);
    }

    friend std::ostream& operator<<(std::ostream&, private_key const&) = delete;

private:
    char const* misfit(jws_algorithm algorithm) const noexcept
    {
        auto const& data = detail::jwk_access::data(public_key_);
        auto use = data.use;
        use.may_sign = may_sign_;
        return detail::misfit(data.material.kind, data.material.bits, use, algorithm, true);
    }
};

namespace detail {

/// For the rest of this room.
struct private_key_access
{
    static private_key make(std::shared_ptr<EVP_PKEY> key, jwk public_key, bool may_sign = true)
    {
        private_key out(std::move(key), std::move(public_key));
        out.may_sign_ = may_sign;
        return out;
    }

    static void set_certificate(private_key& key, certificate_names&& names) { key.certificate_ = std::make_shared<certificate_names const>(std::move(names)); }
    static EVP_PKEY* key(private_key const& from) noexcept { return from.key_.get(); }
    static std::string_view octets(private_key const& from) noexcept { return jwk_access::data(from.public_key_).octets.reveal(); }
    static bool may_sign(private_key const& from) noexcept { return from.may_sign_; }
    static std::shared_ptr<EVP_PKEY> shared_key(private_key const& from) noexcept { return from.key_; }
    static std::shared_ptr<certificate_names const> const& certificate(private_key const& from) noexcept { return from.certificate_; }
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
    auto const algorithm = other.kind == key_kind::rsa     ? jws_algorithm::rs256
                         : other.kind == key_kind::p256    ? jws_algorithm::es256
                         : other.kind == key_kind::p384    ? jws_algorithm::es384
                         : other.kind == key_kind::p521    ? jws_algorithm::es512
                                                           : jws_algorithm::eddsa;
    auto const signature = make_signature(algorithm, key, {}, text);
    return signature && is_signature(algorithm, other.key.get(), {}, text, *signature);
}

inline result<private_key> make_private_key(evp_pkey_ptr key, jwk_data&& data, bool may_sign = true)
{
    if (!is_pair(key.get(), data.material)) return private_key_fault(errc::malformed_key, "the private key and its public half do not go together");
    return private_key_access::make(std::shared_ptr<EVP_PKEY>(std::move(key)), jwk_access::make(std::make_shared<jwk_data const>(std::move(data))), may_sign);
}

inline result<private_key> make_private_key(evp_pkey_ptr key)
{
    auto other = public_half(key.get());
    if (other.has_error()) return as_setting(std::move(other.error()));
    return make_private_key(std::move(key), jwk_data{.material = std::move(*other)});
}

inline result<private_key> make_private_key(key_and_certificates&& read)
{
    auto made = make_private_key(std::move(read.key));
    if (made.has_error() || read.certificates.empty()) return made;
    auto names = name_certificates(std::move(read.certificates), private_key_access::key(*made));
    if (names.has_error()) return std::move(names.error());
    private_key_access::set_certificate(*made, std::move(*names));
    return made;
}

} // namespace detail

inline result<private_key> private_key::from_pem(std::string_view pem, secret const& passphrase)
{
    auto read = detail::read_pem(pem, passphrase);
    if (read.has_error()) return std::move(read.error());
    return detail::make_private_key(std::move(*read));
}

inline result<private_key> private_key::from_pem_file(std::filesystem::path const& path, secret const& passphrase)
{
    std::ifstream file;
    std::array<char, 4096> unread;   // no copy of the key stays in a buffer of the stream
    file.rdbuf()->pubsetbuf(nullptr, 0);
    file.open(path, std::ios::binary);
    auto const failed = [&path](char const* what) { return failure(errc::key_unreadable, advice::fix_configuration, what + path.string()); };
    if (!file) return failed("can't open ");
    secret text;
    while (file.read(unread.data(), unread.size()), file.gcount() > 0)
    {
        text.append({unread.data(), static_cast<std::size_t>(file.gcount())});
        if (text.size() > detail::most_key_file_bytes) break;
    }
    detail::wipe(unread.data(), unread.size());
    if (file.bad() || (text.empty() && !file.eof())) return failed("can't read ");
    return from_pem(text.reveal(), passphrase);
}

inline result<private_key> private_key::from_pkcs12(std::string_view der, secret const& passphrase)
{
    auto read = detail::read_pkcs12(der, passphrase);
    if (read.has_error()) return std::move(read.error());
    return detail::make_private_key(std::move(*read));
}

inline result<private_key> private_key::symmetric(secret const& octets, std::string key_id)
{
    auto made = jwk::symmetric(octets, std::move(key_id));
    if (made.has_error()) return detail::as_setting(std::move(made.error()));
    return private_key(nullptr, std::move(*made));
}

inline result<private_key> private_key::from_jwk(secret const& json)
{
    detail::wiping_resource memory;
    auto const members = detail::strict_json_object(json.reveal(), {}, &memory);
    if (members.has_error()) return detail::reread(members.error(), errc::malformed_key, "the key", advice::fix_configuration);
    auto use = detail::read_key_use(*members);
    if (use.has_error()) return detail::as_setting(std::move(use.error()));
    bool const may_sign = use->may_sign;
    use->may_sign = use->may_verify = true;   // `key_ops` are the private half's
    std::string_view kind, key_id;
    if (!detail::read_text(*members, "kty", kind) || !detail::read_text(*members, "kid", key_id)) return detail::private_key_fault(errc::malformed_key, "kty or kid is not a text");
    detail::jwk_data data{.key_id = std::string(key_id), .use = *use};
    if (kind == "oct")
    {
        detail::wiped_bytes octets;
        if (!detail::read_octets(*members, "k", 0, octets)) return detail::private_key_fault(errc::malformed_key, "k is missing, or not base64url");
        data.octets.assign(octets.bytes);
        data.material.kind = detail::key_kind::octets;
        data.material.bits = data.octets.size() * 8;
        return detail::private_key_access::make(nullptr, detail::jwk_access::make(std::make_shared<detail::jwk_data const>(std::move(data))), may_sign);
    }
    auto other = detail::read_public_material(*members);
    if (other.has_error()) return detail::as_setting(std::move(other.error()));
    auto key = detail::read_private_half(*members, other->kind);
    if (key.has_error()) return detail::as_setting(std::move(key.error()));
    data.material = std::move(*other);
    return detail::make_private_key(std::move(*key), std::move(data), may_sign);
}

inline result<private_key> private_key::generate(jws_algorithm algorithm, std::size_t rsa_bits)
{
    auto const& wanted = detail::traits_of(algorithm);
    detail::openssl_error_guard const guard;
    if (wanted.kind == detail::key_kind::octets)
    {
        detail::wiped_bytes octets;
        octets.bytes.resize(wanted.digest_size);
        if (RAND_priv_bytes(reinterpret_cast<unsigned char*>(octets.bytes.data()), static_cast<int>(octets.bytes.size())) != 1)
            return failure(errc::entropy_failed, advice::retry);
        return symmetric(secret(std::string_view(octets.bytes)));
    }
    if (wanted.kind == detail::key_kind::rsa && rsa_bits < detail::least_rsa_bits) return detail::private_key_fault(errc::weak_key, "an RSA key of less than 2048 bits");
    if (wanted.kind == detail::key_kind::rsa && rsa_bits > detail::most_rsa_bits) return detail::private_key_fault(errc::unsupported_key, "an RSA key of more than 16384 bits");
    detail::evp_pkey_ptr key(wanted.kind == detail::key_kind::rsa       ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", rsa_bits)
                             : wanted.kind == detail::key_kind::ed25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                                                                        : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", detail::curve_name(wanted.kind).data()));
    if (!key) return failure(errc::entropy_failed, advice::retry);
    return detail::make_private_key(std::move(key));
}

inline result<private_key> private_key::with_certificate(std::string_view pem) const
{
    if (key_ == nullptr) return detail::certificate_fault(errc::certificate_mismatch, "a shared secret has no certificate");
    if (pem.size() > detail::most_key_file_bytes) return detail::certificate_fault(errc::malformed_certificate, "more than 256 KiB");
    auto certificates = detail::read_certificates(pem);
    if (certificates.has_error()) return std::move(certificates.error());
    if (certificates->empty()) return detail::certificate_fault(errc::malformed_certificate, "there is no PEM certificate in the text");
    auto names = detail::name_certificates(std::move(*certificates), key_.get());
    if (names.has_error()) return std::move(names.error());
    auto out = *this;
    detail::private_key_access::set_certificate(out, std::move(*names));
    return out;
}

inline private_key private_key::with_key_id(std::string key_id) const
{
    auto out = *this;
    out.public_key_ = public_key_.with_key_id(std::move(key_id));
    return out;
}

} // namespace oauth

#endif
