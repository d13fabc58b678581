#ifndef OAUTH_TESTING_DETAIL_BINDING_CHECK_HPP
#define OAUTH_TESTING_DETAIL_BINDING_CHECK_HPP

#include <oauth/testing/detail/client_certificate.hpp>
#include <oauth/testing/detail/dpop_check.hpp>
#include <oauth/testing/detail/refusal.hpp>
#include <optional>
#include <utility>

namespace oauth::testing::detail {

/// What a request's tokens are to be bound to, or what refuses it.
struct checked_binding
{
    token_binding to = {};
    std::optional<http_response> refused = {};
};

/// The proof of a request to one of the server's own endpoints (RFC 9449 5 and 10.1). `needed`: it is refused without one, too.
inline checked_binding check_proof(server_state& state, http_request const& request, bool needed, time_point now)
{
    auto proof = check_dpop(state, request, {}, now);
    if ((!proof.there && !needed) || !proof.thumbprint.empty()) return {{std::move(proof.thumbprint), {}}, {}};
    auto refusal = refuse(state, now, proof.wants_nonce ? refused::wants_dpop_nonce : refused::bad_dpop_proof);
    if (state.options.require_dpop_nonce) refusal.fields.push_back({"DPoP-Nonce", dpop_nonce(state)});
    return {{}, std::move(refusal)};
}

/// What the tokens of a request to the token endpoint are bound to: the key of its proof, the certificate of its connection (RFC 8705 3), or nothing.
inline checked_binding check_binding(server_state& state, registered_client const& client, http_request const& request, time_point now)
{
    auto out = check_proof(state, request, client.dpop_bound_access_tokens, now);
    if (out.refused || !client.tls_client_certificate_bound_access_tokens) return out;
    auto const shown = certificate_of(request);
    if (!shown) return {{}, refuse(state, now, refused::nothing_to_bind_to)};
    out.to.certificate = shown->thumbprint;
    return out;
}

} // namespace oauth::testing::detail

#endif
