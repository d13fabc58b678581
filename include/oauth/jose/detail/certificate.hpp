#ifndef OAUTH_JOSE_DETAIL_CERTIFICATE_HPP
#define OAUTH_JOSE_DETAIL_CERTIFICATE_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/detail/openssl_handles.hpp>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth::detail {

inline constexpr std::size_t most_certificates = 16;

/// What a token's header may say of the signer's certificate.
struct certificate_names
{
    std::string sha1 = {};                  ///< `x5t`
    std::string sha256 = {};                ///< `x5t#S256`
    std::vector<std::string> chain = {};    ///< `x5c`
};

inline failure certificate_fault(errc why, char const* hint) { return failure(why, advice::fix_configuration, hint); }

/// All certificates of a PEM text, in its order; what else is in it is passed over. There may be none.
inline result<std::vector<x509_ptr>> read_certificates(std::string_view pem)
{
    openssl_error_eraser const eraser;
    bio_ptr const from(need(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))));
    std::vector<x509_ptr> out;
    for (;;)
    {
        x509_ptr read(PEM_read_bio_X509(from.get(), nullptr, nullptr, nullptr));
        if (!read) break;
        if (out.size() == most_certificates) return certificate_fault(errc::malformed_certificate, "more than 16 certificates");
        out.push_back(std::move(read));
    }
    if (auto const why = ERR_peek_last_error(); ERR_GET_LIB(why) != ERR_LIB_PEM || ERR_GET_REASON(why) != PEM_R_NO_START_LINE)
        return certificate_fault(errc::malformed_certificate, "a certificate in the PEM text is broken");
    return out;
}

inline std::string fingerprint(X509 const* certificate, EVP_MD const* digest)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
    unsigned int size = 0;
    if (X509_digest(certificate, digest, bytes.data(), &size) != 1) return {};
    return base64url_encode({reinterpret_cast<char const*>(bytes.data()), size});
}

/// The DER as base64, with padding and the other alphabet (RFC 7515 4.1.6).
inline std::string base64_der(X509* certificate)
{
    auto const size = i2d_X509(certificate, nullptr);
    if (size <= 0) return {};
    std::vector<unsigned char> der(static_cast<std::size_t>(size));
    auto* end = der.data();
    i2d_X509(certificate, &end);
    std::string out(4 * ((der.size() + 2) / 3) + 1, '\0');
    out.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), der.data(), size)));
    return out;
}

/** Name the certificate of `key`, and those that certify it, as far as they are there.

    @return errc::certificate_mismatch when no certificate is of the key.
*/
inline result<certificate_names> name_certificates(std::vector<x509_ptr> certificates, EVP_PKEY const* key)
{
    openssl_error_guard const guard;
    auto const take = [&certificates](auto const& fits) {
        auto const found = std::find_if(certificates.begin(), certificates.end(), [&fits](x509_ptr const& each) { return fits(each.get()); });
        if (found == certificates.end()) return x509_ptr();
        auto taken = std::move(*found);
        certificates.erase(found);
        return taken;
    };
    auto current = take([key](X509* each) { return X509_check_private_key(each, key) == 1; });
    if (!current) return certificate_fault(errc::certificate_mismatch, "none of the certificates is of the private key");
    certificate_names out;
    out.sha1 = fingerprint(current.get(), EVP_sha1());
    out.sha256 = fingerprint(current.get(), EVP_sha256());
    while (current)
    {
        out.chain.push_back(base64_der(current.get()));
        current = take([&current](X509* each) { return X509_check_issued(each, current.get()) == X509_V_OK; });
    }
    return out;
}

} // namespace oauth::detail

#endif
