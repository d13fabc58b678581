#ifndef OAUTH_MACHINE_ISSUE_HPP
#define OAUTH_MACHINE_ISSUE_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/detail/deadline_after.hpp>
#include <oauth/core/session.hpp>
#include <oauth/core/sha256.hpp>
#include <oauth/core/token_response.hpp>
#include <oauth/request/token_type_uri.hpp>
#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/// What an access token is asked with, and what the client makes of an answer that says little.
struct token_terms
{
    oauth::scope scope;
    std::string resource;
    std::string claims;
    seconds unknown_lifetime{600};        ///< how long a token serves when the server does not say how long it lives
    std::string default_resource = {};    ///< for comparing scopes
    oauth::scope expected = {};           ///< what of `scope` the server must grant, lest the token is narrowed; empty where whatever it grants will do
    bool of_client = false;               ///< the token is the client's own, nobody's
    bool scope_by_commas = false;         ///< the server separates what it granted by commas
    bool scope_as_answered = false;       ///< nobody named a scope: where the answer names one, that counts as asked for
    bool resource_as_answered = false;    ///< nobody named a resource: where the answer names one, that counts as asked for

    /// Of the claims that are really sent, where those of a challenge come to `claims`. The token is kept as one of `claims`.
    std::optional<std::string> claims_fingerprint = {};

    std::string parameters_fingerprint = {};   ///< what else the grant says that makes it another token; empty as a rule
};

/// What tells two claims requests apart: short, of fixed length, and nothing of their text. SHA-256 as base64url.
inline std::string claims_fingerprint(std::string_view claims)
{
    auto const digest = sha256(claims);
    return base64url_encode(std::span<std::byte const>(digest));
}

/** Is what came as `access_token` one? An exchange may bring a token of another kind in its place: `token_type` is "N_A" then, in any case of letters (RFC 8693 2.2.1), or
    `issued_token_type` is a registered kind that is no access token. Of any other kind `token_type` is believed: vendors have names of their own for what is to be used as Bearer.
*/
inline bool brings_access_token(token_response const& answer) noexcept
{
    if (answer.access_token.empty() || (answer.token_type && detail::ascii_iequal(*answer.token_type, "N_A"))) return false;
    auto const& kind = answer.issued_token_type;
    return !kind || (*kind != token_type_uri::refresh_token && *kind != token_type_uri::id_token && *kind != token_type_uri::saml1 && *kind != token_type_uri::saml2);
}

/// The scope that the answer names; nothing where it names none, or more than @ref scope::within_limits, which no session can hold.
inline std::optional<oauth::scope> named_scope(token_response const& answer, token_terms const& terms)
{
    if (!answer.scope || answer.scope->empty()) return std::nullopt;
    auto text = *answer.scope;
    if (terms.scope_by_commas) std::replace(text.begin(), text.end(), ',', ' ');
    if (!oauth::scope::within_limits(text)) return std::nullopt;
    return oauth::scope(text);
}

/// What was granted: what the answer says; what was asked for where it says nothing (RFC 6749 5.1).
inline oauth::scope granted_scope(token_response const& answer, token_terms const& terms)
{
    return named_scope(answer, terms).value_or(terms.scope);
}

/** The access token of an answer, with absolute times.

    It expires `expires_in` after the request was sent (not after the answer came: a slow answer must not make it live longer), or at `expires_on`, or after
    `terms.unknown_lifetime`. Where the answer has both of the former, `expires_in` counts, since it is right whatever our clock shows: a token endpoint writes its answer when it
    is asked. (Where an answer is handed on that was written earlier, as managed identities do it, `expires_on` would be the right one: no grant here is of that kind.)
    A `refresh_in` counts only when it lies before the expiry, an `ext_expires_in` only when it lies behind it.
*/
inline issued_token issue(token_response const& answer, token_terms const& terms, time_point sent_at)
{
    issued_token token;
    token.value = answer.access_token;
    token.token_type = answer.token_type.value_or("Bearer");
    token.received_at = sent_at;
    token.expires_at = answer.expires_in ? sent_at + *answer.expires_in : answer.expires_on ? *answer.expires_on : sent_at + detail::bounded(terms.unknown_lifetime);
    if (answer.refresh_in && *answer.refresh_in > seconds(0) && sent_at + *answer.refresh_in < token.expires_at) token.refresh_at = sent_at + *answer.refresh_in;
    if (answer.ext_expires_in && sent_at + *answer.ext_expires_in > token.expires_at) token.extended_until = sent_at + *answer.ext_expires_in;
    token.granted = granted_scope(answer, terms);
    token.requested = terms.scope_as_answered ? token.granted : terms.scope;
    token.resource = terms.resource;
    if (terms.resource_as_answered && answer.resource)
    {
        // A slash at the end makes no other resource.
        auto const trimmed = [](std::string_view uri) { return uri.substr(0, uri.find_last_not_of('/') + 1); };
        if (trimmed(*answer.resource) != trimmed(terms.resource)) token.resource = *answer.resource;
    }
    token.claims = terms.claims;
    token.of_client = terms.of_client;
    token.narrowed = !terms.scope_as_answered && !declined(token.granted, terms.expected, terms.default_resource).empty();
    token.claims_fingerprint = terms.claims_fingerprint;
    token.parameters_fingerprint = terms.parameters_fingerprint;
    return token;
}

/** Is `token` good for another `margin`, or at least for half of the life that it was given?

    For a caller who names no minimum: a server whose tokens live five minutes must not be asked for a new one each time.
*/
inline bool is_fresh_enough(issued_token const& token, time_point now, seconds margin) noexcept
{
    if (!is_fresh(token, now, seconds(0))) return false;
    // What was stored may hold any number.
    auto const whole_life = token.expires_at - std::max(token.received_at, time_point{});
    return is_fresh(token, now, std::min(margin, whole_life / 2));
}

/// Is there anything in `answer` that @ref absorb keeps?
inline bool brings_something_to_keep(token_response const& answer, token_terms const& terms) noexcept
{
    return brings_access_token(answer) || (!terms.of_client && !(answer.refresh_token.empty() && answer.id_token.empty()));
}

/** Let `answer` change what is kept: its tokens come in, and what it does not bring stays (RFC 6749 6). What came in place of an access token and is none (@ref brings_access_token) is not kept.

    An ID token that comes is not trusted: whoever has verified it says so (`session::id_token_trusted`).

    Of an answer to the client alone only the access token is kept: a refresh token that some servers send along must not take the place of a user's.

    @return The new access token, if there is one.
*/
inline access_token absorb(session& kept, token_response const& answer, token_terms const& terms, time_point sent_at)
{
    access_token made;
    if (brings_access_token(answer)) kept.keep(made = access_token(issue(answer, terms, sent_at)));
    if (terms.of_client) return made;
    if (!answer.refresh_token.empty())
    {
        kept.ended.clear();
        kept.granted = granted_scope(answer, terms);
        kept.refresh_token = answer.refresh_token;
        kept.refresh_token_expires_at = answer.refresh_token_expires_in ? std::optional(sent_at + *answer.refresh_token_expires_in) : std::nullopt;
    }
    if (!answer.id_token.empty())
    {
        kept.id_token = answer.id_token;
        kept.id_token_trusted = false;
    }
    return made;
}

} // namespace oauth

#endif
