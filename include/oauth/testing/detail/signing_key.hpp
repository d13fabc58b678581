#ifndef OAUTH_TESTING_DETAIL_SIGNING_KEY_HPP
#define OAUTH_TESTING_DETAIL_SIGNING_KEY_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/sha256.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace oauth::testing::detail {

/// An RSA key of 2048 bits, made when it is first needed and shared by all servers of a process, since making one takes a tenth of a second.
class signing_key
{
    struct free_key
    {
        void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
    };

    struct free_context
    {
        void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    };

    std::unique_ptr<EVP_PKEY, free_key> key_{EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048})};
    std::string modulus_ = parameter(OSSL_PKEY_PARAM_RSA_N);
    std::string exponent_ = parameter(OSSL_PKEY_PARAM_RSA_E);
    std::string id_ = thumbprint();

    signing_key() = default;

public:
    static signing_key const& instance()
    {
        static signing_key const key;
        return key;
    }

    /// `kid`: the key's thumbprint (RFC 7638).
    std::string const& id() const noexcept { return id_; }

    /// The public key as a JWK, without `alg`, as Microsoft sends it.
    boost::json::object jwk() const
    {
        return {{"kty", "RSA"}, {"use", "sig"}, {"kid", id_}, {"n", modulus_}, {"e", exponent_}};
    }

    /// `claims` as a JWT signed with RS256 (RFC 7519, RFC 7518 3.3).
    std::string sign(boost::json::object const& claims) const
    {
        auto const header = boost::json::serialize(boost::json::object{{"typ", "JWT"}, {"alg", "RS256"}, {"kid", id_}});
        auto const text = base64url_encode(header) + '.' + base64url_encode(boost::json::serialize(claims));
        std::unique_ptr<EVP_MD_CTX, free_context> const context(EVP_MD_CTX_new());
        std::size_t size = 0;
        auto const* const data = reinterpret_cast<unsigned char const*>(text.data());
        if (!context || EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr, key_.get(), nullptr) != 1
            || EVP_DigestSign(context.get(), nullptr, &size, data, text.size()) != 1)
            throw std::bad_alloc();
        std::vector<std::byte> signature(size);
        if (EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data, text.size()) != 1) throw std::bad_alloc();
        signature.resize(size);
        return text + '.' + base64url_encode(std::span<std::byte const>(signature));
    }

private:
    std::string parameter(char const* name) const
    {
        BIGNUM* number = nullptr;
        if (!key_ || EVP_PKEY_get_bn_param(key_.get(), name, &number) != 1) throw std::bad_alloc();
        std::vector<std::byte> bytes(static_cast<std::size_t>(BN_num_bytes(number)));
        BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
        BN_free(number);
        return base64url_encode(std::span<std::byte const>(bytes));
    }

    std::string thumbprint() const
    {
        auto const digest = sha256("{\"e\":\"" + exponent_ + "\",\"kty\":\"RSA\",\"n\":\"" + modulus_ + "\"}");
        return base64url_encode(std::span<std::byte const>(digest));
    }
};

} // namespace oauth::testing::detail

#endif
