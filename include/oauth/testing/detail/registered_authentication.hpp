#ifndef OAUTH_TESTING_DETAIL_REGISTERED_AUTHENTICATION_HPP
#define OAUTH_TESTING_DETAIL_REGISTERED_AUTHENTICATION_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/sha256.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/testing/detail/assertion_check.hpp>
#include <oauth/testing/detail/text.hpp>
#include <oauth/testing/registered_client.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace oauth::testing::detail {

/// `token_endpoint_auth_method`; RFC 7591 2 says what stands for none.
inline std::string registered_method(boost::json::object const& asked)
{
    auto const method = claim_text(asked, "token_endpoint_auth_method");
    return std::string(method.empty() ? "client_secret_basic" : method);
}

/// Does a client of that method get a secret?
inline bool takes_secret(std::string_view method) noexcept { return method == "client_secret_basic" || method == "client_secret_post" || method == "client_secret_jwt"; }

/// The thumbprint of the certificate in the only key of a set (RFC 8705 2.2.2), or "".
inline std::string thumbprint_in(boost::json::object const& jwks)
{
    auto const* const keys = jwks.if_contains("keys");
    auto const* const list = keys ? keys->if_array() : nullptr;
    auto const* const key = list && list->size() == 1 ? list->front().if_object() : nullptr;
    auto const* const chain = key ? key->if_contains("x5c") : nullptr;
    auto const* const certificates = chain ? chain->if_array() : nullptr;
    auto const* const first = certificates && !certificates->empty() ? certificates->front().if_string() : nullptr;
    auto const der = first ? base64_decode({first->data(), first->size()}) : std::nullopt;
    return der ? base64url_encode(std::span<std::byte const>(sha256(*der))) : std::string();
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
        if (jwks != nullptr) made.tls_client_auth_thumbprint = thumbprint_in(jwks->get_object());
        if (made.tls_client_auth_thumbprint.empty()) return "self_signed_tls_client_auth needs jwks with one key, and its certificate in x5c.";
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
