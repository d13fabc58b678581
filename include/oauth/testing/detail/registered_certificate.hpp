#ifndef OAUTH_TESTING_DETAIL_REGISTERED_CERTIFICATE_HPP
#define OAUTH_TESTING_DETAIL_REGISTERED_CERTIFICATE_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/sha256.hpp>
#include <oauth/jose/detail/certificate.hpp>
#include <oauth/jose/detail/private_material.hpp>
#include <oauth/jose/jwk.hpp>
#include <oauth/testing/detail/assertion_check.hpp>
#include <oauth/testing/detail/text.hpp>
#include <oauth/testing/registered_client.hpp>
#include <boost/json/object.hpp>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// Does a token's header say with whose certificate's key it was signed (RFC 7515 4.1.6 to 4.1.8)?
inline bool names_certificate(boost::json::object const& header) noexcept { return header.contains("x5t#S256") || header.contains("x5t") || header.contains("x5c"); }

/// All that the header says of the certificate is true of this one.
inline bool is_named_by(X509* certificate, boost::json::object const& header)
{
    auto const sha256_text = oauth::detail::fingerprint(certificate, EVP_sha256());
    if (header.contains("x5t#S256") && claim_text(header, "x5t#S256") != sha256_text) return false;
    if (header.contains("x5t") && claim_text(header, "x5t") != oauth::detail::fingerprint(certificate, EVP_sha1())) return false;
    auto const* const chain = header.if_contains("x5c");
    if (chain == nullptr) return true;
    auto const* const list = chain->if_array();
    if (list == nullptr || list->empty()) return false;
    for (auto const& each : *list)
        if (!each.is_string() || !base64_decode({each.get_string().data(), each.get_string().size()})) return false;
    auto const& first = list->front().get_string();
    return base64url_encode(std::span<std::byte const>(sha256(*base64_decode({first.data(), first.size()})))) == sha256_text;
}

/// The key of the registered certificate that the header names, or nothing where it names none, or another.
inline std::optional<jwk> key_of_named_certificate(registered_client const& client, boost::json::object const& header)
{
    if (!names_certificate(header)) return std::nullopt;
    for (auto const& pem : client.certificates)
    {
        auto const read = oauth::detail::read_certificates(pem);
        if (read.has_error() || read->empty() || !is_named_by(read->front().get(), header)) continue;
        auto material = oauth::detail::public_half(X509_get0_pubkey(read->front().get()));
        if (material.has_value()) return oauth::detail::jwk_access::make({.material = std::move(*material)});
    }
    return std::nullopt;
}

} // namespace oauth::testing::detail

#endif
