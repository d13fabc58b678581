#ifndef OAUTH_JOSE_PRIVATE_KEY_HPP
#define OAUTH_JOSE_PRIVATE_KEY_HPP

#include <oauth/core/secret.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/detail/certificate.hpp>
#include <oauth/jose/detail/key_use.hpp>
#include <oauth/jose/detail/read_key_file.hpp>
#include <oauth/jose/detail/signing_material.hpp>
#include <oauth/jose/jwk.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <cstddef>
#include <filesystem>
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

    A key that is read is tried once: it signs, and its public half checks. Reading one empties OpenSSL's error queue of the thread.

    @par Thread safety
    Safe: any number of threads may sign with one key, and with its copies.
*/
class private_key
{
    detail::signing_material material_;

    explicit private_key(detail::signing_material&& material) noexcept : material_(std::move(material)) {}
    static result<private_key> make(result<detail::signing_material>&& material);

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
    jwk const& public_key() const noexcept { return material_.public_key; }

    /// `kid`; empty where the key has none.
    std::string_view key_id() const noexcept { return material_.public_key.key_id(); }

    /// `x5t`: base64url of the SHA-1 of the certificate. Empty where the key has no certificate; so are the next two.
    std::string_view certificate_sha1() const noexcept { return material_.certificate ? std::string_view(material_.certificate->sha1) : std::string_view(); }

    /// `x5t#S256`: base64url of the SHA-256 of the certificate.
    std::string_view certificate_sha256() const noexcept { return material_.certificate ? std::string_view(material_.certificate->sha256) : std::string_view(); }

    /// `x5c`: base64 (not base64url) of the DER of the certificate, and of those that certify it.
    std::vector<std::string> certificate_chain() const { return material_.certificate ? material_.certificate->chain : std::vector<std::string>(); }

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
        auto const& data = detail::jwk_access::data(material_.public_key);
        auto use = data.use;
        use.may_sign = material_.may_sign;
        return detail::misfit(data.material.kind, data.material.bits, use, algorithm, true);
    }
};

namespace detail {

/// For the rest of this room.
struct private_key_access
{
    static EVP_PKEY* key(private_key const& from) noexcept { return from.material_.key.get(); }
    static std::string_view octets(private_key const& from) noexcept { return jwk_access::data(from.material_.public_key).octets.reveal(); }
};

} // namespace detail

inline result<private_key> private_key::make(result<detail::signing_material>&& material)
{
    if (material.has_error()) return material.error();
    return private_key(std::move(*material));
}

inline result<private_key> private_key::from_pem(std::string_view pem, secret const& passphrase)
{
    return make(detail::make_signing_material(detail::read_pem(pem, passphrase)));
}

inline result<private_key> private_key::from_pem_file(std::filesystem::path const& path, secret const& passphrase)
{
    auto text = detail::read_key_file(path);
    if (text.has_error()) return text.error();
    return from_pem(text->reveal(), passphrase);
}

inline result<private_key> private_key::from_pkcs12(std::string_view der, secret const& passphrase)
{
    return make(detail::make_signing_material(detail::read_pkcs12(der, passphrase)));
}

inline result<private_key> private_key::from_jwk(secret const& json) { return make(detail::read_private_jwk(json)); }

inline result<private_key> private_key::generate(jws_algorithm algorithm, std::size_t rsa_bits) { return make(detail::generate_signing_material(algorithm, rsa_bits)); }

inline result<private_key> private_key::symmetric(secret const& octets, std::string key_id)
{
    return make(detail::make_signing_material(octets, {.key_id = std::move(key_id)}));
}

inline result<private_key> private_key::with_certificate(std::string_view pem) const
{
    if (material_.key == nullptr) return detail::certificate_fault(errc::certificate_mismatch, "a shared secret has no certificate");
    if (pem.size() > detail::most_key_file_bytes) return detail::certificate_fault(errc::malformed_certificate, "more than 256 KiB");
    auto certificates = detail::read_certificates(pem);
    if (certificates.has_error()) return certificates.error();
    if (certificates->empty()) return detail::certificate_fault(errc::malformed_certificate, "there is no PEM certificate in the text");
    auto out = *this;
    if (auto added = detail::add_certificates(out.material_, std::move(*certificates)); added.has_error()) return added.error();
    return out;
}

inline private_key private_key::with_key_id(std::string key_id) const
{
    auto out = *this;
    out.material_.public_key = out.material_.public_key.with_key_id(std::move(key_id));
    return out;
}

} // namespace oauth

#endif
