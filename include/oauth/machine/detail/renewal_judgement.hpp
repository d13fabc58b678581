#ifndef OAUTH_MACHINE_DETAIL_RENEWAL_JUDGEMENT_HPP
#define OAUTH_MACHINE_DETAIL_RENEWAL_JUDGEMENT_HPP

#include <oauth/error/advice_rule.hpp>
#include <oauth/machine/renewal_wish.hpp>
#include <chrono>
#include <string>

// What a renewal makes of the tokens that it finds, and of refusals.
namespace oauth::detail {

inline bool lives_long_enough(renewal_wish const& wish, access_token const& token, time_point now)
{
    return wish.strict_margin ? is_fresh(*token, now, wish.margin) : is_fresh_enough(*token, now, wish.margin);
}

/// Was it asked with the claims of the challenge, if there is one?
inline bool answers_challenge(renewal_wish const& wish, access_token const& token) noexcept
{
    return wish.claims_challenge.empty() || token->claims_fingerprint == wish.terms.claims_fingerprint;
}

/// Does `token` serve as it is?
inline bool serves(renewal_wish const& wish, access_token const& token, time_point now)
{
    if (token.empty() || lacks_some_of(*token, wish.terms.scope) || !answers_challenge(wish, token)) return false;
    switch (wish.when)
    {
    case renew_when::needed: return lives_long_enough(wish, token, now) && !is_due(*token, now);
    case renew_when::replaced: return lives_long_enough(wish, token, now) && token.reveal() != wish.at_hand.reveal();
    case renew_when::always: return false;
    }
    return false;
}

/// Has somebody else got `token` since `seen` was found?
inline bool came_meanwhile(renewal_wish const& wish, access_token const& token, access_token const& seen, time_point now)
{
    return wish.when == renew_when::needed && !token.empty() && !lacks_some_of(*token, wish.terms.scope) && token.reveal() != seen.reveal() && answers_challenge(wish, token)
        && is_fresh(*token, now, seconds(0));
}

/// Will `token` not do, but is better than none in an outage?
inline bool is_last_resort(renewal_wish const& wish, access_token const& token, time_point now)
{
    if (token.empty() || lacks_some_of(*token, wish.terms.scope) || wish.when != renew_when::needed || !answers_challenge(wish, token)) return false;
    bool const extended = wish.use_extended_lifetime && !wish.strict_margin && token->extended_until && now < *token->extended_until
                       && now + std::chrono::minutes{5} >= token->received_at;
    return extended || is_fresh(*token, now, wish.strict_margin ? wish.margin : seconds(0));
}

/// Is it known already that the server grants less? It was asked just that, and what it gave lives.
inline bool is_known_as_narrowed(renewal_wish const& wish, access_token const& token, time_point now)
{
    return wish.when == renew_when::needed && !token.empty() && lacks_some_of(*token, wish.terms.scope) && answers_challenge(wish, token) && lives_long_enough(wish, token, now)
        && !is_due(*token, now);
}

/// Is the refresh token itself refused? Where the server wants more of the user, or a consent, it is still good.
inline bool ends_session(renewal_wish const& wish, failure const& why)
{
    auto const* const rule = find_rule(wish.rules, why);
    if (rule && rule->session_lives) return false;
    if (rule && rule->ends_session) return true;
    auto const& said = why.server;
    return why.code == server_errc::invalid_grant && why.next == advice::sign_in_again && said.claims.empty() && said.suberror != "basic_action"
        && said.suberror != "additional_action" && said.suberror != "message_only" && said.suberror != "consent_required";
}

/// Why the session has ended, for those who ask later. Not in the server's words.
inline std::string reason_of_end(failure const& why)
{
    if (!why.hint.empty()) return why.hint;
    std::string made = "the server refused the refresh token";
    if (!why.server.error_codes.empty()) made += ", error " + std::to_string(why.server.error_codes.front());
    return made + ": sign in again";
}

} // namespace oauth::detail

#endif
