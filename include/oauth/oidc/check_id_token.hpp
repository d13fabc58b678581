#ifndef OAUTH_OIDC_CHECK_ID_TOKEN_HPP
#define OAUTH_OIDC_CHECK_ID_TOKEN_HPP

#include <oauth/core/issuer.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/jose/jwt_times.hpp>
#include <oauth/oidc/detail/token_hash.hpp>
#include <oauth/oidc/id_token.hpp>
#include <oauth/oidc/id_token_expectations.hpp>
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth {

namespace detail {

inline result<void> check_times(id_token const& token, id_token_expectations const& expected, time_point now)
{
    jwt_times const times{.expires_at = token.expires_at, .not_before = token.not_before, .issued_at = token.issued_at};
    if (auto const done = check_jwt_times(times, now, expected.leeway); done.has_error()) return done;
    if (!expected.max_age) return {};
    if (!token.auth_time) return failure(errc::claim_missing, advice::give_up, "the claim auth_time, which max_age asks for");
    if (*token.auth_time > now + expected.leeway) return wrong_time(errc::token_not_yet_valid, *token.auth_time - now);
    if (now - expected.leeway - *token.auth_time > *expected.max_age)
        return failure(errc::authentication_too_old, advice::sign_in_again, "sign in again with the prompt login");
    return {};
}

/// The claims of an ID token whose signature is good.
struct read_id_token
{
    id_token claims;
    jws_algorithm algorithm;
};

inline result<id_token> id_token_of(jwt&& token)
{
    if (!token.header.is_plain_jwt())
        return failure(errc::malformed_token, advice::give_up, "this is a token of another type than an ID token");
    return id_token::read(std::move(token.claims));
}

inline result<read_id_token> signed_id_token(std::string_view text, jwk_set const& keys, jws_algorithms allowed)
{
    auto verified = verify_jwt(text, keys, allowed);
    if (verified.has_error()) return std::move(verified).error();
    auto token = id_token_of(std::move(*verified));
    if (token.has_error()) return std::move(token).error();
    // Microsoft's tenants share a key set: each key says whose it is.
    auto const& owner = verified->key.issuer();
    if (!owner.empty() && !issuer_matches(owner, token->issuer))
        return failure(errc::token_issuer_mismatch, advice::give_up, "the ID token was signed with another issuer's key");
    return read_id_token{std::move(*token), verified->header.algorithm};
}

inline result<void> check_parties(id_token const& token, id_token_expectations const& expected)
{
    auto const& meant = issuer_matches(expected.issuer, token.issuer) ? expected.issuer : expected.issuer_alias;
    if (!issuer_matches(meant, token.issuer))
        return failure(errc::token_issuer_mismatch, advice::fix_configuration, "the ID token is another server's than server_metadata.issuer says");
    // Where the issuer is a template, the tenant in it must be the one that the token is of.
    bool const any_tenant = is_issuer_template(meant);
    if (any_tenant && token.tenant_id && (!is_guid(*token.tenant_id) || token.issuer.find(*token.tenant_id) == std::string::npos))
        return failure(errc::token_issuer_mismatch, advice::give_up, "the tenant of the ID token is not that of its issuer");
    if (std::find(token.audience.begin(), token.audience.end(), expected.client_id) == token.audience.end())
        return failure(errc::audience_mismatch, advice::fix_configuration, "the ID token was issued to another client: check client.id");
    if (token.authorized_party ? *token.authorized_party != expected.client_id : token.audience.size() > 1)
        return failure(errc::audience_mismatch, advice::give_up, "the ID token has several audiences, and the authorized party is another client");
    return {};
}

inline result<void> check_sign_in(id_token const& token, id_token_expectations const& expected, jws_algorithm algorithm)
{
    if (expected.nonce && !secret(*expected.nonce).matches(token.nonce.value_or("")))
        return failure(errc::nonce_mismatch, advice::sign_in_again, "the ID token belongs to another sign-in");
    if (token.access_token_hash && !expected.access_token.empty() && !fits_hash(expected.access_token, *token.access_token_hash, algorithm))
        return failure(errc::token_hash_mismatch, advice::give_up, "at_hash: the access token is not the one that the ID token was issued with");
    if (token.code_hash && !expected.code.empty() && !fits_hash(expected.code, *token.code_hash, algorithm))
        return failure(errc::token_hash_mismatch, advice::give_up, "c_hash: the code is not the one that the ID token was issued with");
    auto const& wanted = expected.acr_values;
    if (!wanted.empty() && (!token.acr || std::find(wanted.begin(), wanted.end(), *token.acr) == wanted.end()))
        return failure(errc::acr_mismatch, advice::sign_in_again, "the user was not authenticated in one of the ways that acr_values asks for");
    if (expected.acr_required && !token.acr) return failure(errc::acr_mismatch, advice::sign_in_again, "the ID token does not say how the user was authenticated (acr)");
    return {};
}

} // namespace detail

/** Check the claims of an ID token: everything but its signature.

    @param algorithm What it was signed with: `at_hash` and `c_hash` go by it.
    @param now The client's clock.

    @return Nothing, or
        @li errc::token_issuer_mismatch, errc::audience_mismatch: it is another server's, or another client's (`iss`, `aud`, `azp`, `tid`),
        @li errc::token_expired, errc::token_not_yet_valid: by `exp`, `iat`, `nbf`, or `auth_time`; the hint says by how much,
        @li errc::authentication_too_old, errc::claim_missing: `max_age` was asked for,
        @li errc::nonce_mismatch: it belongs to another sign-in,
        @li errc::token_hash_mismatch: `at_hash` or `c_hash` is there and does not fit,
        @li errc::acr_mismatch.

    @par Specification
    OpenID Connect Core 3.1.3.7, 3.1.3.8 and 3.3.2.10
*/
inline result<void> check_id_token_claims(id_token const& token, id_token_expectations const& expected, jws_algorithm algorithm, time_point now)
{
    if (auto done = detail::check_parties(token, expected); done.has_error()) return done;
    if (auto done = detail::check_times(token, expected, now); done.has_error()) return done;
    return detail::check_sign_in(token, expected, algorithm);
}

/** Verify an ID token: its signature by one of the server's keys, and its claims.

    @param text The token. Untrusted, at most 64 KiB.
    @param keys The server's, from its `jwks_uri`. With errc::unknown_key fetch them again, since they may have been changed.
    @param now The client's clock.

    @return Who signed in, or
        @li what @ref verify_jwt finds wrong with form and signature,
        @li errc::malformed_token for a JWT of another type (`typ`), such as an access token,
        @li errc::token_issuer_mismatch where the key is another issuer's,
        @li what `id_token::read` and @ref check_id_token_claims find wrong with the claims.
        No failure holds anything of the token.

    @par Thread safety
    Safe.

    @par Complexity
    That of one verification of a signature, and of parsing.

    @par Specification
    OpenID Connect Core 3.1.3.7, RFC 8725 3
*/
inline result<id_token> check_id_token(std::string_view text, jwk_set const& keys, id_token_expectations const& expected, time_point now)
{
    auto token = detail::signed_id_token(text, keys, expected.algorithms);
    if (token.has_error()) return std::move(token).error();
    if (auto const good = check_id_token_claims(token->claims, expected, token->algorithm, now); good.has_error()) return good.error();
    return std::move(token->claims);
}

/** As @ref check_id_token for a token that was kept unverified: its age, its nonce and its hashes say nothing any more.

    @return Who signed in then, or what is wrong with the signature, the issuer or the audience.
*/
inline result<id_token> check_kept_id_token(std::string_view text, jwk_set const& keys, id_token_expectations const& expected)
{
    auto token = detail::signed_id_token(text, keys, expected.algorithms);
    if (token.has_error()) return std::move(token).error();
    if (auto const good = detail::check_parties(token->claims, expected); good.has_error()) return good.error();
    return std::move(token->claims);
}

/** The same for a token that was verified when it came (`session::id_token_trusted`): its signature is **not looked at**, since the key that made it may be gone. Of any other token this believes
    whoever wrote it.

    @return Who signed in then, or what is wrong with the form, the algorithm, the issuer or the audience.
*/
inline result<id_token> check_id_token_without_signature(std::string_view text, id_token_expectations const& expected)
{
    auto token = decode_unverified_jwt(text);
    if (token.has_error()) return std::move(token).error();
    if (!expected.algorithms.contains(token->header.algorithm))
        return failure(errc::algorithm_not_allowed, advice::fix_configuration, std::string(to_string(token->header.algorithm)));
    auto read = detail::id_token_of(std::move(*token));
    if (read.has_error()) return read;
    if (auto const good = detail::check_parties(*read, expected); good.has_error()) return good.error();
    return read;
}

/** Check the ID token that came with a renewal against the one of the sign-in: it must speak of the same user, at the same server, to the same client.

    What only one of them says contradicts nothing: a renewed token has no nonce as a rule, and some servers leave `auth_time` out. `aud` may change as long as it holds the client that
    the first was issued to (`azp`, or its only audience). An issuer with and one without "https://" are the same, since Google writes both.

    Here it is laxer than the specification, which lets no `azp` come anew: one that names the very client that the first was issued to is taken. It contradicts nothing, and a server that begins to
    write it would else end every session.

    @return Nothing, or, with advice::sign_in_again,
        @li errc::token_issuer_mismatch for `iss`,
        @li errc::subject_mismatch for `sub`,
        @li errc::audience_mismatch for `aud` and `azp`,
        @li errc::auth_time_mismatch for `auth_time`,
        @li errc::nonce_mismatch for `nonce`.

    @par Specification
    OpenID Connect Core 12.2
*/
inline result<void> check_renewed_id_token(id_token const& renewed, id_token const& first)
{
    auto const refused = [](errc why, char const* claim) {
        return failure(why, advice::sign_in_again, std::string("the renewal brought an ID token of another sign-in: its ") + claim + " differs");
    };
    auto const bare = [](std::string_view issuer) { return issuer.starts_with("https://") ? issuer.substr(8) : issuer; };
    if (bare(renewed.issuer) != bare(first.issuer)) return refused(errc::token_issuer_mismatch, "iss");
    if (renewed.subject != first.subject) return refused(errc::subject_mismatch, "sub");
    auto const holds = [](std::vector<std::string> const& audience, std::string_view who) { return std::find(audience.begin(), audience.end(), who) != audience.end(); };
    auto const is_client = [&](std::string_view who) { return first.authorized_party ? who == *first.authorized_party : holds(first.audience, who); };
    bool const for_client = std::any_of(renewed.audience.begin(), renewed.audience.end(), is_client);
    if (!for_client) return refused(errc::audience_mismatch, "aud");
    if (renewed.authorized_party && !is_client(*renewed.authorized_party)) return refused(errc::audience_mismatch, "azp");
    if (renewed.auth_time && first.auth_time && *renewed.auth_time != *first.auth_time) return refused(errc::auth_time_mismatch, "auth_time");
    if (renewed.nonce && first.nonce && *renewed.nonce != *first.nonce) return refused(errc::nonce_mismatch, "nonce");
    return {};
}

} // namespace oauth

#endif
