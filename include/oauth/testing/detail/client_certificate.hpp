#ifndef OAUTH_TESTING_DETAIL_CLIENT_CERTIFICATE_HPP
#define OAUTH_TESTING_DETAIL_CLIENT_CERTIFICATE_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/sha256.hpp>
#include <oauth/jose/detail/openssl_handles.hpp>
#include <oauth/testing/detail/text.hpp>
#include <oauth/testing/memory_server.hpp>
#include <openssl/bio.h>
#include <openssl/x509.h>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace oauth::testing::detail {

/// The certificate that a client has shown on its TLS connection.
struct client_certificate
{
    std::string thumbprint;   ///< `x5t#S256`
    std::string subject;      ///< its distinguished name, as OpenSSL writes it after RFC 2253
};

/// The name as text; OpenSSL's error queue is left as it was.
inline std::string subject_of(X509* certificate)
{
    oauth::detail::openssl_error_guard const guard;
    oauth::detail::bio_ptr const out(oauth::detail::need(BIO_new(BIO_s_mem())));
    if (X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate), 0, XN_FLAG_RFC2253) < 0) return {};
    char* text = nullptr;
    auto const size = BIO_get_mem_data(out.get(), &text);
    return std::string(text, static_cast<std::size_t>(size));
}

/// The one that the front of the server has handed over, or nothing: none was shown, or what stands there is no certificate (RFC 9440 2.1).
inline std::optional<client_certificate> certificate_of(http_request const& request)
{
    std::string_view value;
    for (auto const& field : request.fields)
    {
        if (!oauth::detail::ascii_iequal(field.name, client_certificate_field)) continue;
        if (!value.empty()) return std::nullopt;
        value = field.value;
    }
    if (value.size() < 2 || value.front() != ':' || value.back() != ':') return std::nullopt;
    auto const der = base64_decode(value.substr(1, value.size() - 2));
    if (!der) return std::nullopt;
    oauth::detail::openssl_error_guard const guard;
    auto const* at = reinterpret_cast<unsigned char const*>(der->data());
    auto const* const end = at + der->size();
    oauth::detail::x509_ptr const read(d2i_X509(nullptr, &at, static_cast<long>(der->size())));
    if (!read || at != end) return std::nullopt;
    return client_certificate{base64url_encode(std::span<std::byte const>(sha256(*der))), subject_of(read.get())};
}

} // namespace oauth::testing::detail

#endif
