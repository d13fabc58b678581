#ifndef OAUTH_JOSE_DETAIL_READ_KEY_FILE_HPP
#define OAUTH_JOSE_DETAIL_READ_KEY_FILE_HPP

#include <oauth/core/detail/wipe.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/detail/certificate.hpp>
#include <oauth/jose/detail/openssl_handles.hpp>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <ios>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth::detail {

inline constexpr std::size_t most_key_file_bytes = 256 * 1024;

/// A private key, and the certificates that came with it.
struct key_and_certificates
{
    evp_pkey_ptr key = {};
    std::vector<x509_ptr> certificates = {};
};

inline failure private_key_fault(errc why, char const* hint) { return failure(why, advice::fix_configuration, hint); }

/// Gives OpenSSL the passphrase, where without this it would ask on the terminal.
struct passphrase_source
{
    std::string_view passphrase;
    bool asked = false;

    static int give(char* out, int room, int, void* self)
    {
        auto& source = *static_cast<passphrase_source*>(self);
        source.asked = true;
        if (source.passphrase.empty() || source.passphrase.size() > static_cast<std::size_t>(room)) return -1;
        return static_cast<int>(source.passphrase.copy(out, source.passphrase.size()));
    }
};

inline failure passphrase_fault(std::string_view given)
{
    return private_key_fault(errc::wrong_passphrase, given.empty() ? "the private key is encrypted: give its passphrase" : "the passphrase does not open the private key");
}

inline result<key_and_certificates> read_pem(std::string_view pem, secret const& passphrase)
{
    if (pem.size() > most_key_file_bytes) return private_key_fault(errc::malformed_key, "more than 256 KiB");
    openssl_error_eraser const eraser;
    bio_ptr const from(need(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))));
    passphrase_source source{passphrase.reveal()};
    key_and_certificates out;
    out.key.reset(PEM_read_bio_PrivateKey(from.get(), nullptr, passphrase_source::give, &source));
    if (!out.key) return source.asked ? passphrase_fault(passphrase.reveal()) : private_key_fault(errc::malformed_key, "there is no PEM private key in the text, or it is broken");
    auto certificates = read_certificates(pem);
    if (certificates.has_error()) return certificates.error();
    out.certificates = std::move(*certificates);
    return out;
}

using pkcs12_ptr = std::unique_ptr<PKCS12, openssl_deleter<PKCS12_free>>;

inline result<key_and_certificates> read_pkcs12(std::string_view der, secret const& passphrase)
{
    if (der.size() > most_key_file_bytes) return private_key_fault(errc::malformed_key, "more than 256 KiB");
    openssl_error_eraser const eraser;
    auto const* begin = reinterpret_cast<unsigned char const*>(der.data());
    pkcs12_ptr const container(d2i_PKCS12(nullptr, &begin, static_cast<long>(der.size())));
    if (!container) return private_key_fault(errc::malformed_key, "the bytes are not PKCS#12");
    auto const* const text = passphrase.reveal().data();   // a secret's text ends with a zero
    bool const opens = PKCS12_mac_present(container.get()) != 1 || PKCS12_verify_mac(container.get(), text, -1) == 1
                    || (passphrase.empty() && PKCS12_verify_mac(container.get(), nullptr, 0) == 1);
    if (!opens) return passphrase_fault(passphrase.reveal());
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    STACK_OF(X509)* others = nullptr;
    if (PKCS12_parse(container.get(), text, &key, &certificate, &others) != 1)
        return private_key_fault(errc::malformed_key, "the PKCS#12 is broken, or encrypted by an old algorithm (RC2, DES): export it again with AES");
    key_and_certificates out;
    out.key.reset(key);
    x509_ptr first(certificate);
    std::size_t const count = others == nullptr ? 0 : static_cast<std::size_t>(sk_X509_num(others));
    std::vector<x509_ptr> rest(count);
    for (auto& each : rest) each.reset(sk_X509_shift(others));
    sk_X509_free(others);
    if (!out.key) return private_key_fault(errc::malformed_key, "the PKCS#12 holds no private key");
    if (count >= most_certificates) return certificate_fault(errc::malformed_certificate, "more than 16 certificates");
    if (first) out.certificates.push_back(std::move(first));
    for (auto& each : rest) out.certificates.push_back(std::move(each));
    return out;
}

/// A file's bytes, as far as they may be a key's.
inline result<secret> read_key_file(std::filesystem::path const& path)
{
    auto const failed = [&path](char const* what) { return failure(errc::key_unreadable, advice::fix_configuration, what + path.string()); };
    std::ifstream file;
    file.rdbuf()->pubsetbuf(nullptr, 0);   // so that no copy of the key stays in the stream's buffer
    file.open(path, std::ios::binary);
    if (!file) return failed("can't open ");
    std::array<char, 4096> piece;
    secret text;
    do
    {
        file.read(piece.data(), piece.size());
        text.append({piece.data(), static_cast<std::size_t>(file.gcount())});
    } while (file && text.size() <= most_key_file_bytes);
    wipe(piece.data(), piece.size());
    if (file.bad()) return failed("can't read ");
    return text;
}

} // namespace oauth::detail

#endif
