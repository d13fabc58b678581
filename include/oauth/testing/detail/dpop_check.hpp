#ifndef OAUTH_TESTING_DETAIL_DPOP_CHECK_HPP
#define OAUTH_TESTING_DETAIL_DPOP_CHECK_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/sha256.hpp>
#include <oauth/jose/jwk.hpp>
#include <oauth/jose/jws.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/testing/detail/client_certificate.hpp>
#include <oauth/testing/detail/server_state.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// The nonce that proofs must carry now.
inline std::string dpop_nonce(server_state const& state) { return "nonce-" + std::to_string(state.options.seed) + '-' + std::to_string(state.dpop_nonces); }

/// A proof that was looked at.
struct checked_proof
{
    bool there = false;
    bool wants_nonce = false;       ///< it is good but for the nonce
    std::string thumbprint = {};    ///< of its key; empty where it is not good
};

/// The proof of `request` (RFC 9449 4.3). `token`: what goes along to an API, "" at the server's own endpoints.
inline checked_proof check_dpop(server_state& state, http_request const& request, std::string_view token, time_point now)
{
    checked_proof out;
    std::string_view proof;
    for (auto const& field : request.fields)
    {
        if (!oauth::detail::ascii_iequal(field.name, "DPoP")) continue;
        if (std::exchange(out.there, true)) return out;
        proof = field.value;
    }
    if (!out.there) return out;
    auto const parsed = parse_jws_with_embedded_key(proof);
    if (parsed.has_error() || !parsed->header().has_type("dpop+jwt")) return out;
    auto const* const embedded = parsed->header().members.if_contains("jwk");
    if (embedded == nullptr || !embedded->is_object()) return out;
    auto const key = jwk::parse(embedded->get_object());
    if (key.has_error() || verify(*parsed, *key, jws_algorithms::asymmetric()).has_error()) return out;
    auto const claims = oauth::detail::strict_json_object(parsed->payload());
    if (claims.has_error()) return out;
    auto const text = [&claims](char const* name) {
        auto const* const value = claims->if_contains(name);
        auto const* const string = value ? value->if_string() : nullptr;
        return string ? std::string_view(string->data(), string->size()) : std::string_view();
    };
    auto const* const iat = claims->if_contains("iat");
    auto const* const issued = iat ? iat->if_int64() : nullptr;
    auto const at = now.time_since_epoch().count();
    std::string_view const url = request.url.url();
    auto const ath = token.empty() ? std::string() : base64url_encode(std::span<std::byte const>(sha256(token)));
    bool const fits = text("htm") == to_string(request.method) && text("htu") == url.substr(0, url.find('?')) && issued && *issued > at - 60 && *issued <= at + 60 && text("ath") == ath
                   && !text("jti").empty();
    if (!fits) return out;
    if (state.options.require_dpop_nonce && text("nonce") != dpop_nonce(state))
    {
        out.wants_nonce = true;
        return out;
    }
    if (!state.assertion_ids.insert("dpop " + std::string(text("jti"))).second) return out;
    out.thumbprint = key->thumbprint();
    return out;
}

/// Why an API's request is refused; "" where the token may be used: as a bearer, with the proof that its key wants, or by who shows its certificate (RFC 8705 3).
inline std::string presentation_fault(server_state& state, http_request const& request, time_point now)
{
    auto const header = request.authorization.reveal();
    auto const blank = header.find(' ');
    auto const scheme = header.substr(0, blank);
    auto const token = blank == header.npos ? std::string_view() : header.substr(blank + 1);
    auto const found = state.access_tokens.find(token);
    if (found == state.access_tokens.end() || found->second.revoked || found->second.expires_at <= now) return "invalid_token";
    auto const& bound_to = found->second.bound_to.key;
    if (auto const& certificate = found->second.bound_to.certificate; !certificate.empty())
        if (auto const shown = certificate_of(request); !shown || shown->thumbprint != certificate) return "invalid_token";
    if (oauth::detail::ascii_iequal(scheme, "Bearer")) return bound_to.empty() ? "" : "invalid_token";
    if (!oauth::detail::ascii_iequal(scheme, "DPoP") || bound_to.empty()) return "invalid_token";
    auto const proof = check_dpop(state, request, token, now);
    if (proof.wants_nonce) return "use_dpop_nonce";
    return proof.thumbprint == bound_to ? "" : "invalid_dpop_proof";
}

/// The challenge that goes with a fault (RFC 6750 3, RFC 9449 7.1), and the nonce where there is one to tell.
inline void add_challenge(server_state const& state, http_response& refusal, std::string_view error, bool dpop)
{
    refusal.fields.push_back({"WWW-Authenticate", std::string(dpop ? "DPoP" : "Bearer") + " error=\"" + std::string(error) + '"' + (dpop ? ", algs=\"ES256 PS256 EdDSA\"" : "")});
    if (dpop && state.options.require_dpop_nonce) refusal.fields.push_back({"DPoP-Nonce", dpop_nonce(state)});
}

} // namespace oauth::testing::detail

#endif
