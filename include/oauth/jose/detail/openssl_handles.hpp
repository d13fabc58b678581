#ifndef OAUTH_JOSE_DETAIL_OPENSSL_HANDLES_HPP
#define OAUTH_JOSE_DETAIL_OPENSSL_HANDLES_HPP

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/types.h>
#include <openssl/x509.h>
#include <memory>
#include <new>

namespace oauth::detail {

template <auto Free>
struct openssl_deleter
{
    template <class T>
    void operator()(T* object) const noexcept
    {
        Free(object);
    }
};

using evp_pkey_ptr = std::unique_ptr<EVP_PKEY, openssl_deleter<EVP_PKEY_free>>;
using evp_pkey_ctx_ptr = std::unique_ptr<EVP_PKEY_CTX, openssl_deleter<EVP_PKEY_CTX_free>>;
using evp_md_ctx_ptr = std::unique_ptr<EVP_MD_CTX, openssl_deleter<EVP_MD_CTX_free>>;
using ecdsa_sig_ptr = std::unique_ptr<ECDSA_SIG, openssl_deleter<ECDSA_SIG_free>>;
using bignum_ptr = std::unique_ptr<BIGNUM, openssl_deleter<BN_clear_free>>;
using bio_ptr = std::unique_ptr<BIO, openssl_deleter<BIO_free_all>>;
using x509_ptr = std::unique_ptr<X509, openssl_deleter<X509_free>>;

/// `made`, which OpenSSL gives as null only where it has no memory.
template <class T>
T* need(T* made)
{
    if (made == nullptr) throw std::bad_alloc();
    return made;
}

/// Takes back what OpenSSL puts into the thread's error queue: whoever looks there next, TLS for one, would take it for its own.
class openssl_error_guard
{
public:
    openssl_error_guard() noexcept { ERR_set_mark(); }
    openssl_error_guard(openssl_error_guard const&) = delete;
    openssl_error_guard& operator=(openssl_error_guard const&) = delete;
    ~openssl_error_guard() { ERR_pop_to_mark(); }
};

/// Empties the thread's error queue before and after: OpenSSL 3.0 reads PEM otherwise while there is an error of somebody else at the head of it.
class openssl_error_eraser
{
public:
    openssl_error_eraser() noexcept { ERR_clear_error(); }
    openssl_error_eraser(openssl_error_eraser const&) = delete;
    openssl_error_eraser& operator=(openssl_error_eraser const&) = delete;
    ~openssl_error_eraser() { ERR_clear_error(); }
};

} // namespace oauth::detail

#endif
