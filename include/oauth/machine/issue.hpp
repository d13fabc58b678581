#ifndef OAUTH_MACHINE_ISSUE_HPP
#define OAUTH_MACHINE_ISSUE_HPP

#include <oauth/core/detail/deadline_after.hpp>
#include <oauth/core/session.hpp>
#include <oauth/core/token_response.hpp>
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace oauth {

/// What an access token is asked with, and what the client makes of an answer that says little.
struct token_terms
{
    oauth::scope scope;
    std::string resource;
    std::string claims;
    seconds unknown_lifetime{600};   ///< how long a token serves when the server does not say how long it lives
};

/// The scope that the answer names; nothing where it names none, or one beyond @ref scope::within_limits, which no session can hold.
inline std::optional<oauth::scope> named_scope(token_response const& answer)
{
    if (!answer.scope || answer.scope->empty() || !oauth::scope::within_limits(*answer.scope)) return std::nullopt;
    return oauth::scope(*answer.scope);
}

/** The access token of an answer, with absolute times.

    It expires `expires_in` after the request was sent (not after the answer came: a slow answer must not make it live longer), or at `expires_on`, or after
    `terms.unknown_lifetime`. A `refresh_in` counts only when it lies before the expiry, an `ext_expires_in` only when it lies behind it.
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
    token.granted = named_scope(answer).value_or(terms.scope);
    token.requested = terms.scope;
    token.resource = terms.resource;
    token.claims = terms.claims;
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

/// Let `answer` change what is kept: its tokens come in, and what it does not bring stays (RFC 6749 6).
inline void absorb(session& kept, token_response const& answer, token_terms const& terms, time_point sent_at)
{
    if (!answer.refresh_token.empty())
    {
        kept.refresh_token = answer.refresh_token;
        kept.refresh_token_expires_at = answer.refresh_token_expires_in ? std::optional(sent_at + *answer.refresh_token_expires_in) : std::nullopt;
    }
    if (!answer.id_token.empty()) kept.id_token = answer.id_token;
    if (!answer.access_token.empty()) kept.keep(access_token(issue(answer, terms, sent_at)));
}

} // namespace oauth

#endif
