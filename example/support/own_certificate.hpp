#ifndef EXAMPLE_SUPPORT_OWN_CERTIFICATE_HPP
#define EXAMPLE_SUPPORT_OWN_CERTIFICATE_HPP

#include <oauth/core/secret.hpp>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace example {

/// A new RSA key, and a certificate that it has signed itself, as one PEM text: what `openssl req -x509 -newkey rsa:2048 -nodes` makes. It is good for a day.
inline oauth::secret own_key_and_certificate()
{
    std::unique_ptr<EVP_PKEY, decltype([](EVP_PKEY* p) { EVP_PKEY_free(p); })> const key(EVP_RSA_gen(2048));
    std::unique_ptr<X509, decltype([](X509* p) { X509_free(p); })> const made(X509_new());
    std::unique_ptr<BIO, decltype([](BIO* p) { BIO_free(p); })> const out(BIO_new(BIO_s_secmem()));
    if (!key || !made || !out) throw std::runtime_error("OpenSSL makes no key");

    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -300);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 24 * 3600);
    X509_set_pubkey(made.get(), key.get());
    auto* const name = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>("oauth example"), -1, -1, 0);
    X509_set_issuer_name(made.get(), name);
    bool const good = X509_sign(made.get(), key.get(), EVP_sha256()) != 0 && PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1
                   && PEM_write_bio_X509(out.get(), made.get()) == 1;
    char* data = nullptr;
    auto const size = BIO_get_mem_data(out.get(), &data);
    if (!good || size <= 0) throw std::runtime_error("OpenSSL makes no certificate");
    return oauth::secret(std::string_view(data, static_cast<std::size_t>(size)));
}

} // namespace example

#endif
