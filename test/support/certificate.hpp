#ifndef OAUTH_TEST_SUPPORT_CERTIFICATE_HPP
#define OAUTH_TEST_SUPPORT_CERTIFICATE_HPP

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>

// Certificates for tests, made when they are needed and never kept.
namespace test_support {

struct free_openssl
{
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
    void operator()(X509* p) const { X509_free(p); }
    void operator()(BIO* p) const { BIO_free(p); }
    void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
};
using key_handle = std::unique_ptr<EVP_PKEY, free_openssl>;
using certificate_handle = std::unique_ptr<X509, free_openssl>;

struct identity
{
    key_handle key;
    certificate_handle certificate;

    std::string certificate_pem() const
    {
        std::unique_ptr<BIO, free_openssl> out(BIO_new(BIO_s_mem()));
        PEM_write_bio_X509(out.get(), certificate.get());
        return text(out.get());
    }

    std::string key_pem() const
    {
        std::unique_ptr<BIO, free_openssl> out(BIO_new(BIO_s_mem()));
        PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        return text(out.get());
    }

private:
    static std::string text(BIO* from)
    {
        char* data = nullptr;
        auto const size = BIO_ctrl(from, BIO_CTRL_INFO, 0, &data);
        return std::string(data, static_cast<std::size_t>(size));
    }
};

struct certificate_wish
{
    std::string alternative_names = "DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1";   ///< in OpenSSL's notation; none where empty
    std::string common_name = "test";
    long valid_from = -3600;                                                          ///< seconds from now
    long valid_until = 3600;
    bool is_authority = false;
    bool rsa = false;                                                                 ///< of 2048 bits, instead of P-256
};

/// A new key and its certificate, signed by `issuer`, or by itself.
inline identity make_identity(certificate_wish const& wish = {}, identity const* issuer = nullptr)
{
    static long serial = 1000;
    identity made{key_handle(wish.rsa ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}) : EVP_EC_gen("P-256")), certificate_handle(X509_new())};
    X509* const x = made.certificate.get();
    if (!made.key || x == nullptr) throw std::runtime_error("OpenSSL makes no certificate");
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(x), wish.valid_from);
    X509_gmtime_adj(X509_getm_notAfter(x), wish.valid_until);
    X509_set_pubkey(x, made.key.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8, reinterpret_cast<unsigned char const*>(wish.common_name.c_str()), -1, -1, 0);
    X509* const by = issuer ? issuer->certificate.get() : x;
    X509_set_issuer_name(x, X509_get_subject_name(by));
    auto const extend = [&](int nid, std::string const& value) {
        X509V3_CTX context{};
        X509V3_set_ctx(&context, by, x, nullptr, nullptr, 0);
        std::unique_ptr<X509_EXTENSION, free_openssl> const extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
        if (!extension || X509_add_ext(x, extension.get(), -1) != 1) throw std::runtime_error("OpenSSL takes no such extension: " + value);
    };
    extend(NID_basic_constraints, wish.is_authority ? "critical,CA:TRUE" : "CA:FALSE");
    if (!wish.is_authority && !wish.alternative_names.empty()) extend(NID_subject_alt_name, wish.alternative_names);
    if (X509_sign(x, issuer ? issuer->key.get() : made.key.get(), EVP_sha256()) == 0) throw std::runtime_error("OpenSSL does not sign");
    return made;
}

/// A server's side of TLS with that identity.
inline boost::asio::ssl::context server_context(identity const& who)
{
    boost::asio::ssl::context made(boost::asio::ssl::context::tls_server);
    auto const certificate = who.certificate_pem();
    auto const key = who.key_pem();
    made.use_certificate(boost::asio::const_buffer(certificate.data(), certificate.size()), boost::asio::ssl::context::pem);
    made.use_private_key(boost::asio::const_buffer(key.data(), key.size()), boost::asio::ssl::context::pem);
    return made;
}

} // namespace test_support

#endif
