#ifndef OAUTH_TESTING_DETAIL_CLIENT_ASSERTION_CHECK_HPP
#define OAUTH_TESTING_DETAIL_CLIENT_ASSERTION_CHECK_HPP

#include <oauth/jose/jwk_set.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/response/decode_authorization_jwt.hpp>
#include <oauth/testing/detail/assertion_check.hpp>
#include <oauth/testing/detail/registered_certificate.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// Whom an assertion speaks of, before anything of it is believed; "" where it says nothing.
inline std::string subject_of_assertion(std::string_view assertion)
{
    auto const read = decode_unverified_jwt(assertion);
    return read.has_value() ? std::string(claim_text(read->claims, "sub")) : std::string();
}

/// The assertion whose signature is good, or what is wrong: "" and a message.
struct verified_assertion
{
    boost::json::object claims = {};
    std::string_view fault = {};
};

/// Was it signed by the client? By the key of a certificate that its header names, by a key that is registered as such, or with the secret.
inline verified_assertion verify_own_assertion(server_state const& state, registered_client const& client, std::string_view assertion, boost::json::object const& header)
{
    using enum jws_algorithm;
    auto const no = [](std::string_view fault) { return verified_assertion{{}, fault}; };
    auto keys = client.keys;
    auto allowed = jws_algorithms::asymmetric();
    bool const names = names_certificate(header);
    // Entra looks for the certificate that is named, and for nothing else. To whom keys are known by themselves its name says nothing: where none is registered it is passed over.
    if (!client.certificates.empty() || (state.entra() && (names || client.has_key())))
    {
        auto named = key_of_named_certificate(client, header);
        if (!named && (state.entra() || names || keys.empty())) return no("the client assertion's x5t#S256, x5t or x5c");
        if (named) keys = {std::move(*named)};
    }
    else if (!client.has_key())
    {
        // Microsoft has no client_secret_jwt.
        auto shared = jwk::symmetric(secret(client.secret));
        if (shared.has_error() || state.options.kind != personality::standard) return no("the client assertion's iss: it is nobody's whose word counts for the client");
        keys.push_back(std::move(*shared));
        allowed = {hs256, hs384, hs512};
    }
    if (state.entra()) allowed = {rs256, ps256};
    auto verified = verify_jwt(assertion, jwk_set(std::move(keys)), allowed);
    if (verified.has_value()) return {std::move(verified->claims), {}};
    return no(verified.error().code == errc::algorithm_not_allowed ? "the client assertion's alg" : "the client assertion's signature");
}

/// What is wrong with an assertion of another identity provider; "" where it proves who the client is. It may come again as long as it lives: a file holds it.
inline std::string_view federated_fault(registered_client const& client, std::string_view assertion, std::string_view issuer, time_point now)
{
    std::string_view fault = "the assertion's iss";
    for (auto const& trusted : client.federated)
    {
        if (trusted.issuer != issuer) continue;
        auto const verified = verify_jwt(assertion, jwk_set(trusted.keys), jws_algorithms::asymmetric());
        if (verified.has_error()) fault = "the assertion's signature";
        else if (claim_text(verified->claims, "sub") != trusted.subject) fault = "the assertion's sub";
        else if (!oauth::detail::is_meant_for(verified->claims, trusted.audience)) fault = "the assertion's aud";
        else return assertion_time_fault(verified->claims, now);
    }
    return fault;
}

/// Is the assertion the client's own, for this server, and new, or one that is as good (RFC 7523 3)? "" where it is, else what is wrong.
inline std::string_view client_assertion_fault(server_state& state, registered_client const& client, std::string_view assertion, std::string_view endpoint_url, time_point now)
{
    auto const read = decode_unverified_jwt(assertion);
    if (read.has_error()) return "the client assertion is no JWT";
    auto const issuer = claim_text(read->claims, "iss");
    if (!client.federated.empty() && issuer != client.id) return federated_fault(client, assertion, issuer, now);
    auto const checked = verify_own_assertion(state, client, assertion, read->header.members);
    if (!checked.fault.empty()) return checked.fault;
    auto const text = [&checked](char const* name) { return claim_text(checked.claims, name); };
    if (text("iss") != client.id) return "the client assertion's iss";
    if (text("sub") != client.id) return "the client assertion's sub";
    auto const audience = text("aud");   // one, so that the assertion is of no use elsewhere
    if (audience != endpoint_url && audience != page_url(state.options, page::token) && audience != issuer_of(state.options)) return "the client assertion's aud";
    if (auto const fault = assertion_time_fault(checked.claims, now, std::chrono::minutes{10}); !fault.empty()) return fault;
    if (text("jti").empty() || !state.assertion_ids.insert(client.id + ' ' + std::string(text("jti"))).second) return "the client assertion's jti";
    return {};
}

} // namespace oauth::testing::detail

#endif
