#ifndef OAUTH_TESTING_DETAIL_REQUEST_OBJECT_HPP
#define OAUTH_TESTING_DETAIL_REQUEST_OBJECT_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/response/decode_authorization_jwt.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// The parameters of an authorization request that came as a request object, or what is wrong with that.
struct opened_request
{
    form_parameters parameters = {};
    std::string_view fault = {};   ///< "" where it is good
};

/// A claim as the parameter that it stands for: a text as it is, anything else as JSON.
inline std::string parameter_text(boost::json::value const& claim)
{
    if (auto const* const text = claim.if_string()) return {text->data(), text->size()};
    return boost::json::serialize(claim);
}

inline std::string_view signature_fault(failure const& why) noexcept
{
    if (why.code == errc::encrypted_token) return "it is encrypted";
    if (why.code == errc::unsigned_token) return "it is not signed";
    if (why.code == errc::algorithm_not_allowed) return "its alg";
    return "its signature";
}

/// Verify what the client signed, and take out what it asks for (RFC 9101 6).
inline opened_request open_request_object(authorization_server_options const& options, registered_client const& client, std::string_view object, time_point now)
{
    auto const no = [](std::string_view fault) { return opened_request{{}, fault}; };
    auto const& keys = client.request_object_keys.empty() ? client.keys : client.request_object_keys;
    auto const verified = verify_jwt(object, jwk_set(keys), options.request_object_algorithms);
    if (verified.has_error()) return no(signature_fault(verified.error()));
    // Without its own type a token that the client signed for something else could be passed off as a request (RFC 9101 10.8).
    if (!verified->header.has_type("oauth-authz-req+jwt")) return no("its typ");
    auto const& claims = verified->claims;
    if (oauth::detail::text_claim(claims, "iss") != client.id) return no("its iss");
    if (oauth::detail::text_claim(claims, "client_id") != client.id) return no("its client_id");
    if (oauth::detail::text_claim(claims, "sub") == client.id) return no("its sub: it would do as a client assertion");
    if (!oauth::detail::is_meant_for(claims, issuer_of(options))) return no("its aud");
    auto const at = static_cast<std::int64_t>(now.time_since_epoch().count());
    if (auto const* const exp = claims.if_contains("exp"); exp != nullptr && (!exp->is_int64() || exp->get_int64() <= at)) return no("its exp");
    if (auto const* const nbf = claims.if_contains("nbf"); nbf != nullptr && (!nbf->is_int64() || nbf->get_int64() > at)) return no("its nbf");

    opened_request out;
    for (auto const& claim : claims)
    {
        std::string_view const name(claim.key().data(), claim.key().size());
        if (name == "request" || name == "request_uri") return no("a request within a request");
        constexpr std::array<std::string_view, 7> own{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"};
        if (std::find(own.begin(), own.end(), name) != own.end()) continue;
        auto const* const several = name == "resource" ? claim.value().if_array() : nullptr;
        if (several == nullptr) out.parameters.push_back({std::string(name), parameter_text(claim.value())});
        else
            for (auto const& one : *several) out.parameters.push_back({std::string(name), parameter_text(one)});
    }
    return out;
}

} // namespace oauth::testing::detail

#endif
