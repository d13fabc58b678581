#ifndef OAUTH_POLICY_TRANSPORT_DETAIL_CLIENT_CERTIFICATE_HPP
#define OAUTH_POLICY_TRANSPORT_DETAIL_CLIENT_CERTIFICATE_HPP

#include <oauth/error/result.hpp>
#include <oauth/policy/transport/beast_transport_options.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/// A PEM text, from memory or from a file; and what it is called in a failure.
class pem_source
{
    struct closing
    {
        void operator()(std::FILE* file) const noexcept { std::fclose(file); }
        void operator()(BIO* bio) const noexcept { BIO_free(bio); }
    };

    std::unique_ptr<std::FILE, closing> file_;
    std::unique_ptr<BIO, closing> bio_;

public:
    /// @param text Looked at while this object lives; where it is empty the file is read.
    pem_source(std::string_view text, std::string const& path)
    {
        if (!text.empty())
        {
            bio_.reset(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
            return;
        }
        file_.reset(std::fopen(path.c_str(), "rbe"));
        if (!file_) return;
        std::setvbuf(file_.get(), nullptr, _IONBF, 0);   // so that no copy of a key stays in the stream's buffer
        bio_.reset(BIO_new_fp(file_.get(), BIO_NOCLOSE));
    }

    /// Null where there is no such file.
    BIO* get() const noexcept { return bio_.get(); }
};

struct free_certificates
{
    void operator()(X509* one) const noexcept { X509_free(one); }
    void operator()(STACK_OF(X509) * several) const noexcept { sk_X509_pop_free(several, X509_free); }
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};

/** Have the context present the client's certificate where a server asks for one, as the options have it.

    @return Nothing, also where the options name none; or, with advice::fix_configuration, errc::malformed_certificate, errc::key_unreadable, errc::wrong_passphrase,
        errc::certificate_mismatch.

    @par Specification
    RFC 8705 2
*/
inline result<void> present_certificate(SSL_CTX* context, beast_transport_options const& options)
{
    constexpr std::size_t most_bytes = 256 * 1024;
    auto const refused = [](errc why, std::string hint) {
        ERR_clear_error();
        return failure(why, advice::fix_configuration, "beast_transport_options::" + std::move(hint));
    };
    auto const& certificate_pem = options.certificate_pem;
    auto const key_pem = options.private_key_pem.reveal();
    bool const has_certificate = !options.certificate_file.empty() || !certificate_pem.empty(), has_key = !options.private_key_file.empty() || !key_pem.empty();
    if (!has_certificate && !has_key) return {};
    if (!has_certificate) return refused(errc::malformed_certificate, "certificate_file or certificate_pem is needed beside the private key");
    if (!has_key) return refused(errc::key_unreadable, "private_key_file or private_key_pem is needed beside the certificate");
    if (!options.certificate_file.empty() && !certificate_pem.empty()) return refused(errc::malformed_certificate, "certificate_file and certificate_pem are both set: which is it?");
    if (!options.private_key_file.empty() && !key_pem.empty()) return refused(errc::key_unreadable, "private_key_file and private_key_pem are both set: which is it?");
    if (certificate_pem.size() > most_bytes) return refused(errc::malformed_certificate, "certificate_pem has more than 256 KiB");
    if (key_pem.size() > most_bytes) return refused(errc::key_unreadable, "private_key_pem has more than 256 KiB");

    auto const certificate_name = certificate_pem.empty() ? "certificate_file, " + options.certificate_file : std::string("certificate_pem");
    pem_source const certificates(certificate_pem, options.certificate_file);
    if (!certificates.get()) return refused(errc::malformed_certificate, certificate_name + ": it can't be opened");
    std::unique_ptr<X509, free_certificates> const leaf(PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr));
    if (!leaf) return refused(errc::malformed_certificate, certificate_name + ": no PEM certificate can be read from it");
    std::unique_ptr<STACK_OF(X509), free_certificates> const chain(sk_X509_new_null());
    while (X509* const next = PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr))
        if (sk_X509_num(chain.get()) >= 15 || sk_X509_push(chain.get(), next) == 0)
        {
            X509_free(next);
            return refused(errc::malformed_certificate, certificate_name + ": it holds more than 16 certificates");
        }
    if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) return refused(errc::malformed_certificate, certificate_name + ": a certificate in it is broken");
    ERR_clear_error();

    auto const key_name = key_pem.empty() ? "private_key_file, " + options.private_key_file : std::string("private_key_pem");
    pem_source const key_source(key_pem, options.private_key_file);
    if (!key_source.get()) return refused(errc::key_unreadable, key_name + ": it can't be opened");
    // Whoever runs without a terminal must not be asked for a passphrase.
    bool encrypted = false;
    auto const no_passphrase = [](char*, int, int, void* asked) { return *static_cast<bool*>(asked) = true, -1; };
    std::unique_ptr<EVP_PKEY, free_certificates> const key(PEM_read_bio_PrivateKey(key_source.get(), nullptr, no_passphrase, &encrypted));
    if (encrypted) return refused(errc::wrong_passphrase, key_name + ": the key is encrypted; store it without a passphrase, readable by this program alone");
    if (!key) return refused(errc::key_unreadable, key_name + ": no PEM private key can be read from it");
    if (X509_check_private_key(leaf.get(), key.get()) != 1)
        return refused(errc::certificate_mismatch, key_name + ": it is not the key of the first certificate of " + certificate_name);
    if (SSL_CTX_use_cert_and_key(context, leaf.get(), key.get(), chain.get(), 1) != 1)
        return refused(errc::malformed_certificate, certificate_name + ": OpenSSL takes no certificate of this kind or of so short a key");
    return {};
}

} // namespace oauth::detail

#endif
