#ifndef OAUTH_TESTING_DETAIL_TRUSTED_ASSERTION_HPP
#define OAUTH_TESTING_DETAIL_TRUSTED_ASSERTION_HPP

#include <oauth/jose/jwk_set.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/response/decode_authorization_jwt.hpp>
#include <oauth/testing/detail/assertion_check.hpp>
#include <oauth/testing/detail/refusal.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// What somebody whom the server trusts has signed, or why it counts for nothing.
struct trusted_assertion
{
    std::optional<test_user> user = {};   ///< none where the issuer speaks for itself
    oauth::scope scope = {};              ///< what it asks for by itself, as Google's service accounts do
    refusal const* why = nullptr;
    std::string detail = {};
};

/// The user of that object id or name.
inline std::optional<test_user> find_subject(server_state const& state, std::string_view subject)
{
    auto const& users = state.options.users;
    auto const found = std::find_if(users.begin(), users.end(), [subject](test_user const& one) { return one.object_id == subject || one.username == subject; });
    return found == users.end() ? std::nullopt : std::optional(*found);
}

/// Verify an assertion of one of the trusted issuers (RFC 7523 3). One with `jti` is good once, any for an hour at most, as Google has it.
inline trusted_assertion read_trusted_assertion(server_state& state, std::string_view text, time_point now)
{
    auto const no = [](refusal const& why, std::string_view detail = {}) { return trusted_assertion{{}, {}, &why, std::string(detail)}; };
    auto const read = decode_unverified_jwt(text);
    auto const issuer = read.has_value() ? claim_text(read->claims, "iss") : std::string_view();
    auto const& trusted = state.options.trusted_issuers;
    auto const by = std::find_if(trusted.begin(), trusted.end(), [issuer](trusted_issuer const& one) { return !issuer.empty() && one.issuer == issuer; });
    if (by == trusted.end()) return no(refused::bad_assertion, "The key was not found.");
    auto const verified = verify_jwt(text, jwk_set(by->keys), jws_algorithms::asymmetric());
    if (verified.has_error()) return no(refused::bad_assertion, "The signature is not the issuer's.");
    auto const& claims = verified->claims;
    if (!oauth::detail::is_meant_for(claims, page_url(state.options, page::token)) && !oauth::detail::is_meant_for(claims, issuer_of(state.options)))
        return no(refused::other_audience, claim_text(read->claims, "aud"));
    auto const subject = claim_text(claims, "sub");
    trusted_assertion out{find_subject(state, subject), oauth::scope(claim_text(claims, "scope")), nullptr, {}};
    if (!out.user && (subject.empty() || subject != by->issuer)) return no(refused::bad_assertion, "The subject was not found.");
    if (!assertion_time_fault(claims, now, std::chrono::hours{1}).empty()) return no(refused::expired_assertion);
    auto const once = claim_text(claims, "jti");
    if (once.empty() || state.assertion_ids.insert("grant " + by->issuer + ' ' + std::string(once)).second) return out;
    ++state.counts.reuses_detected;
    return no(refused::reused_assertion);
}

} // namespace oauth::testing::detail

#endif
