#ifndef OAUTH_TESTING_DETAIL_REGISTERED_AUTHENTICATION_HPP
#define OAUTH_TESTING_DETAIL_REGISTERED_AUTHENTICATION_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/jose/detail/certificate.hpp>
#include <oauth/jose/detail/openssl_handles.hpp>
#include <oauth/jose/detail/private_material.hpp>
#include <oauth/jose/jwk.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/testing/detail/assertion_check.hpp>
#include <oauth/testing/detail/text.hpp>
#include <oauth/testing/registered_client.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth::testing::detail {

/// `token_endpoint_auth_method`; RFC 7591 2 says what stands for none.
inline std::string registered_method(boost::json::object const& asked)
{
    auto const method = claim_text(asked, "token_endpoint_auth_method");
    return std::string(method.empty() ? "client_secret_basic" : method);
}

/// Does a client of that method get a secret?
inline bool takes_secret(std::string_view method) noexcept { return method == "client_secret_basic" || method == "client_secret_post" || method == "client_secret_jwt"; }

/// The certificate that is this DER, the whole of it, and of that key; or null.
inline oauth::detail::x509_ptr own_certificate(jwk const& key, std::string_view der)
{
    oauth::detail::openssl_error_guard const guard;
    auto const* at = reinterpret_cast<unsigned char const*>(der.data());
    auto const* const end = at + der.size();
    oauth::detail::x509_ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    auto const* const of = certificate && at == end ? X509_get0_pubkey(certificate.get()) : nullptr;
    if (of == nullptr) return nullptr;
    auto material = oauth::detail::public_half(of);
    if (material.has_error() || oauth::detail::jwk_access::make({.material = std::move(*material)}).thumbprint() != key.thumbprint()) return nullptr;
    return certificate;
}

/// The thumbprint of the certificate in the only key of a set (RFC 8705 2.2.2), or "", also where it is another key's (RFC 7517 4.7). `read`: the set's keys as they were read.
inline std::string thumbprint_in(boost::json::object const& jwks, std::vector<jwk> const& read)
{
    auto const* const keys = jwks.if_contains("keys");
    auto const* const list = keys ? keys->if_array() : nullptr;
    auto const* const key = list && list->size() == 1 && read.size() == 1 ? list->front().if_object() : nullptr;
    auto const* const chain = key ? key->if_contains("x5c") : nullptr;
    auto const* const certificates = chain ? chain->if_array() : nullptr;
    auto const* const first = certificates && !certificates->empty() ? certificates->front().if_string() : nullptr;
    auto const der = first ? base64_decode({first->data(), first->size()}) : std::nullopt;
    auto const certificate = der ? own_certificate(read.front(), *der) : nullptr;
    return certificate ? oauth::detail::fingerprint(certificate.get(), EVP_sha256()) : std::string();
}

/// Put into `made` how the client will prove who it is, but for its secret; what is wrong with it, or "" (RFC 7591 2, RFC 8705 2).
inline std::string_view read_authentication(boost::json::object const& asked, registered_client& made)
{
    made.keys.clear();
    made.request_object_keys.clear();
    made.tls_client_auth_subject_dn.clear();
    made.tls_client_auth_thumbprint.clear();
    auto const method = registered_method(asked);
    if (asked.contains("jwks_uri")) return "Nothing is fetched here: jwks_uri is not supported, jwks is.";
    auto const* const jwks = asked.if_contains("jwks");
    if (jwks != nullptr && !jwks->is_object()) return "jwks is not an object.";
    jwk_set set;
    if (jwks != nullptr)
    {
        auto const read = jwk_set::parse(boost::json::serialize(*jwks), std::size_t{1} << 16);
        if (read.has_error() || read->empty() || !read->unusable().empty()) return "jwks holds no keys, or one that is malformed, private, too short or of an unknown kind.";
        set = *read;
    }
    if (method == "private_key_jwt")
    {
        if (set.empty()) return "private_key_jwt needs jwks.";
        made.keys = set.keys();
    }
    else if (method == "tls_client_auth")
    {
        made.tls_client_auth_subject_dn = claim_text(asked, "tls_client_auth_subject_dn");
        if (made.tls_client_auth_subject_dn.empty()) return "tls_client_auth needs tls_client_auth_subject_dn.";
    }
    else if (method == "self_signed_tls_client_auth")
    {
        if (jwks != nullptr) made.tls_client_auth_thumbprint = thumbprint_in(jwks->get_object(), set.keys());
        if (made.tls_client_auth_thumbprint.empty()) return "self_signed_tls_client_auth needs jwks with one key, and the certificate of that key in x5c.";
    }
    else if (method != "none" && !takes_secret(method)) return "This token_endpoint_auth_method is not supported.";
    // Whoever proves itself in another way may still sign its requests.
    if (made.keys.empty()) made.request_object_keys = set.keys();
    struct choice
    {
        char const* name;
        bool registered_client::*into;
    };
    for (auto const& [name, into] : {choice{"dpop_bound_access_tokens", &registered_client::dpop_bound_access_tokens},
                                     choice{"tls_client_certificate_bound_access_tokens", &registered_client::tls_client_certificate_bound_access_tokens}})
    {
        auto const* const value = asked.if_contains(name);
        if (value != nullptr && !value->is_bool()) return "Whether tokens are bound is true or false.";
        made.*into = value != nullptr && value->get_bool();
    }
    return {};
}

} // namespace oauth::testing::detail

#endif
