#ifndef OAUTH_TESTING_DETAIL_ID_TOKEN_ANSWER_HPP
#define OAUTH_TESTING_DETAIL_ID_TOKEN_ANSWER_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/sha256.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <oauth/testing/detail/issue.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <oauth/testing/detail/signing_key.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <openssl/evp.h>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// Entra dates its tokens five minutes back, for clocks that are slow.
inline constexpr std::int64_t entra_backdating = 300;

/// What signs a client's ID tokens.
struct id_token_key
{
    private_key key;
    jws_algorithm algorithm;
};

/// By the options. HMAC takes the client's secret; a client that has none, or one too short, gets RS256, which it does not take where it wants HMAC.
inline id_token_key id_token_key_of(authorization_server_options const& options, registered_client const& client)
{
    auto const algorithm = options.id_token_algorithm;
    if (jws_algorithms::asymmetric().contains(algorithm)) return {signing_key::instance(algorithm).key(), algorithm};
    auto shared = private_key::symmetric(secret(client.secret));
    if (shared.has_value() && shared->permits(algorithm)) return {std::move(*shared), algorithm};
    return {signing_key::instance().key(), jws_algorithm::rs256};
}

/// The left half of the hash that goes with the algorithm (OpenID Connect Core 3.1.3.6). Of Ed25519 that is SHA-512.
inline std::string half_hash(std::string_view text, jws_algorithm algorithm)
{
    auto const size = algorithm == jws_algorithm::eddsa ? std::string_view("512") : to_string(algorithm).substr(2);
    std::array<std::byte, EVP_MAX_MD_SIZE> digest;
    std::size_t written = 0;
    if (EVP_Q_digest(nullptr, ("SHA" + std::string(size)).c_str(), nullptr, text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &written) != 1) return {};
    return base64url_encode(std::span<std::byte const>(digest).first(written / 2));
}

/// A pairwise subject: another for each client, as Entra makes it.
inline std::string pairwise_subject(test_user const& user, std::string_view client_id)
{
    auto const digest = sha256(user.object_id + '.' + std::string(client_id));
    return base64url_encode(std::span<std::byte const>(digest));
}

/// The claims of an ID token in the personality's shape (OpenID Connect Core 2).
inline boost::json::object id_token_claims(server_state& state, issue const& what, time_point now)
{
    auto const& options = state.options;
    auto const& from = *what.of;
    auto const iat = static_cast<std::int64_t>(now.time_since_epoch().count());
    auto const early = state.entra() ? entra_backdating : 0;
    boost::json::object claims{{"aud", what.client->id}, {"iss", issuer_of(options)}, {"iat", iat - early}, {"nbf", iat - early}, {"exp", iat + 3600}};
    if (!from.request.nonce.empty()) claims["nonce"] = from.request.nonce;
    if (from.request.wants_auth_time) claims["auth_time"] = static_cast<std::int64_t>(from.signed_in_at.time_since_epoch().count());
    if (!options.id_token_audiences.empty())
    {
        boost::json::array all{what.client->id};
        for (auto const& one : options.id_token_audiences) all.emplace_back(one);
        claims["aud"] = std::move(all);
        claims["azp"] = what.client->id;
    }
    claims["name"] = from.user.name;
    switch (options.kind)
    {
    case personality::entra_v2:
        claims["oid"] = from.user.object_id;
        claims["preferred_username"] = from.user.username;
        claims["sub"] = pairwise_subject(from.user, what.client->id);
        claims["tid"] = options.tenant_id;
        claims["uti"] = state.random_text().substr(0, 22);
        claims["ver"] = "2.0";
        break;
    case personality::entra_v1:
        claims["amr"] = boost::json::array{"pwd"};
        claims["oid"] = from.user.object_id;
        claims["sub"] = pairwise_subject(from.user, what.client->id);
        claims["tid"] = options.tenant_id;
        claims["unique_name"] = from.user.username;
        claims["upn"] = from.user.username;
        claims["ver"] = "1.0";
        break;
    case personality::b2c:
        claims["auth_time"] = static_cast<std::int64_t>(from.signed_in_at.time_since_epoch().count());
        claims["oid"] = from.user.object_id;
        claims["sub"] = from.user.object_id;
        claims["emails"] = boost::json::array{from.user.username};
        claims["tfp"] = options.policy;
        claims["ver"] = "1.0";
        break;
    case personality::standard:
        claims["auth_time"] = static_cast<std::int64_t>(from.signed_in_at.time_since_epoch().count());
        claims["sub"] = from.user.object_id;
        claims["preferred_username"] = from.user.username;
        if (!from.user.acr.empty()) claims["acr"] = from.user.acr;
        break;
    }
    return claims;
}

/// The ID token that goes along with an access token, "" without. Microsoft's token endpoint puts no hashes into it.
inline std::string signed_id_token(server_state& state, issue const& what, std::string_view access_token, time_point now)
{
    auto claims = id_token_claims(state, what, now);
    auto const by = id_token_key_of(state.options, *what.client);
    if (state.options.kind == personality::standard && !access_token.empty()) claims["at_hash"] = half_hash(access_token, by.algorithm);
    if (state.options.kind == personality::standard && !what.code.empty()) claims["c_hash"] = half_hash(what.code, by.algorithm);
    return std::string(sign_jwt(claims, by.key, by.algorithm).value().reveal());
}

} // namespace oauth::testing::detail

#endif
