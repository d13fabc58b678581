#ifndef OAUTH_MACHINE_RENEWAL_HPP
#define OAUTH_MACHINE_RENEWAL_HPP

#include <oauth/core/claims_request.hpp>
#include <oauth/error/advice_rule.hpp>
#include <oauth/machine/action.hpp>
#include <oauth/machine/issue.hpp>
#include <oauth/request/refresh_token.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>

namespace oauth {

/// When is a kept token good enough?
enum class renew_when
{
    needed,     ///< it is, while it lives longer than the margin and is not due
    replaced,   ///< it is not, but one that somebody else has got since then is
    always,     ///< never: the server is asked
};

/// What is wanted of a renewal.
struct renewal_wish
{
    token_terms terms = {};                       ///< what the token is asked with
    std::string default_resource = {};            ///< for comparing scopes
    bool names_scope = false;                     ///< write the scope into the request
    seconds margin{300};                          ///< how long the token must still live
    bool strict_margin = false;                   ///< the caller's own margin: a token with less life will not do, even in an outage
    bool use_extended_lifetime = false;           ///< in an outage `ext_expires_in` counts
    renew_when when = renew_when::needed;
    access_token at_hand = {};                    ///< the token in memory: with `replaced` the one to be replaced, with `needed` the last resort
    std::string claims_challenge = {};            ///< JSON: claims that an API wants which refused the kept token. They are asked for beside those of `terms`
    std::span<advice_rule const> rules = {};      ///< the provider's; not owned
    std::size_t max_response_size = 1 << 20;
};

/// What a renewal came to.
struct renewed
{
    access_token token;
    std::optional<token_response> answer;   ///< what the server said, if it was this renewal that asked
    std::optional<failure> not_saved;       ///< why the store does not have what the server said, if it does not; it is held in memory then
    std::optional<failure> outage;          ///< why an older token was handed out instead of a new one
};

/** Hand out an access token, renewing it at most once however many ask: load; if it will not do, lock, load again (somebody may have renewed it), probe, ask, save, unlock.

    - Nothing is spent before the lock is held, the session was read again, and the store was found writable.
    - What the server gave is saved before anything else; what can't be saved is held in memory.
    - Whoever waited for another's renewal takes its token, if that lives at all: a third one would be no better.
    - When the server refuses the refresh token, the store is read once more: if the token was changed meanwhile, that one is tried, once. Else the session has ended: its
      refresh token is dropped from the store, so that nobody asks in vain again.
    - When the server or the store is out of order, a token that still lives is handed out, unless that would hide that the user must sign in again.
    - What the server has just given is handed out, however short it lives.
    - With a claims challenge only a token will do that was asked with its claims. It is kept as one of `terms`, and the one that was refused is dropped: claims bypass what is kept,
      and what they bring replaces it. When only the user can help, the failure's `server.claims` are those to sign in with.
*/
class renewal
{
    enum class at { start, looked, locked, looked_again, probed, answered, reread, saved, held, ended, unlocked };

    at at_ = at::start;
    renewal_wish wish_;
    std::string claims_;      // what is sent
    renewed out_;
    session kept_;
    access_token seen_;       // what the first look found
    access_token fallback_;   // better than none
    secret spent_;
    time_point sent_at_{};
    bool second_try_ = false;
    bool locked_ = false;
    std::optional<failure> failed_;

    bool lives_long_enough(access_token const& token, time_point now) const
    {
        return wish_.strict_margin ? is_fresh(*token, now, wish_.margin) : is_fresh_enough(*token, now, wish_.margin);
    }

    /// Was it asked with the claims of the challenge, if there is one?
    bool answers_challenge(access_token const& token) const noexcept
    {
        return wish_.claims_challenge.empty() || token->claims_fingerprint == wish_.terms.claims_fingerprint;
    }

    /// Does `token` serve as it is?
    bool serves(access_token const& token, time_point now) const
    {
        if (token.empty() || !answers_challenge(token)) return false;
        switch (wish_.when)
        {
        case renew_when::needed: return lives_long_enough(token, now) && !is_due(*token, now);
        case renew_when::replaced: return lives_long_enough(token, now) && token.reveal() != wish_.at_hand.reveal();
        case renew_when::always: return false;
        }
        return false;
    }

    /// Has somebody else got it since the first look?
    bool came_meanwhile(access_token const& token, time_point now) const
    {
        return wish_.when == renew_when::needed && !token.empty() && token.reveal() != seen_.reveal() && answers_challenge(token) && is_fresh(*token, now, seconds(0));
    }

    access_token find() const { return kept_.find(wish_.terms.scope, wish_.terms.resource, wish_.terms.claims, wish_.default_resource); }

    /// A token that will not do, but is better than none in an outage.
    void remember_fallback(access_token const& token, time_point now)
    {
        fallback_ = {};
        if (token.empty() || wish_.when != renew_when::needed || !answers_challenge(token)) return;
        bool const lives = is_fresh(*token, now, wish_.strict_margin ? wish_.margin : seconds(0));
        bool const extended = wish_.use_extended_lifetime && !wish_.strict_margin && token->extended_until && now < *token->extended_until
                           && now + std::chrono::minutes{5} >= token->received_at;
        if (lives || extended) fallback_ = token;
    }

    action finish()
    {
        at_ = at::unlocked;
        if (std::exchange(locked_, false)) return next::unlock{};
        return next::done{};
    }

    action fail(failure why)
    {
        failed_ = std::move(why);
        return finish();
    }

    /// It could not be renewed: the old token will do, if there is one.
    action fall_back(failure why)
    {
        if (fallback_.empty()) return fail(std::move(why));
        out_.token = std::move(fallback_);
        out_.outage = std::move(why);
        return finish();
    }

    action unreadable(failure why)
    {
        // A store tells but once that it has put a session aside.
        if (why.next == advice::sign_in_again) return fail(std::move(why));
        return fall_back(std::move(why));
    }

    action nobody() { return fail(failure(errc::no_session, advice::sign_in_again, "begin with authorize() or sign_in()")); }

    action not_renewable()
    {
        return fall_back(failure(errc::not_renewable, advice::sign_in_again, "sign in again; with the scope offline_access, if the server gave no refresh token"));
    }

    action hand_out(access_token token)
    {
        out_.token = std::move(token);
        return finish();
    }

    action looked(loaded& found, time_point now)
    {
        if (!found.value) return nobody();
        kept_ = std::move(*found.value);
        seen_ = find();
        bool const good = serves(seen_, now);
        if (good && !found.unsaved) return hand_out(seen_);
        remember_fallback(seen_, now);
        if (!good && kept_.refresh_token.empty()) return not_renewable();
        at_ = at::locked;
        // Whoever has a token that still lives need not wait until another has renewed it.
        return next::lock{fallback_.empty()};
    }

    action looked_again(loaded& found, time_point now)
    {
        if (!found.value) return nobody();
        kept_ = std::move(*found.value);
        auto token = find();
        if (serves(token, now) || came_meanwhile(token, now))
        {
            if (!found.unsaved) return hand_out(std::move(token));
            out_.token = std::move(token);
            at_ = at::saved;
            return next::save{kept_};
        }
        remember_fallback(token, now);
        if (kept_.refresh_token.empty()) return not_renewable();
        at_ = at::probed;
        return next::probe{};
    }

    action ask(time_point now)
    {
        refresh_token grant{kept_.refresh_token, {}, wish_.terms.resource, claims_};
        if (wish_.names_scope) grant.scope = wish_.terms.scope;
        spent_ = kept_.refresh_token;
        sent_at_ = now;
        at_ = at::answered;
        return next::ask{token_request_body(grant)};
    }

    /// Is the refresh token itself refused? Where the server wants more of the user, or a consent, it is still good.
    static bool ends_session(failure const& why)
    {
        auto const& said = why.server;
        return why.code == server_errc::invalid_grant && why.next == advice::sign_in_again && said.claims.empty() && said.suberror != "basic_action"
            && said.suberror != "additional_action" && said.suberror != "message_only" && said.suberror != "consent_required";
    }

    action answered(event& happened)
    {
        if (auto* const failed = std::get_if<failure>(&happened)) return fall_back(std::move(*failed));
        auto answer = decode_token_response(std::get<http_response>(happened), wish_.max_response_size);
        if (answer.has_error())
        {
            auto why = std::move(answer).error();
            advise(wish_.rules, why);
            if (ends_session(why))
            {
                failed_ = std::move(why);
                at_ = at::reread;
                return next::load{};
            }
            bool const passing = why.next == advice::retry || why.next == advice::retry_after;
            return passing ? fall_back(std::move(why)) : fail(std::move(why));
        }
        out_.answer = std::move(*answer);
        if (!out_.answer->access_token.empty()) drop_refused();
        absorb(kept_, *out_.answer, wish_.terms, sent_at_);
        out_.token = find();
        if (out_.answer->access_token.empty()) failed_ = failure(errc::response_missing_member, advice::give_up, "the renewal brought no access token");
        at_ = at::saved;
        return next::save{kept_};
    }

    /// The server has refused the refresh token. Was it changed since we read it?
    action reread(event& happened, time_point now)
    {
        auto* const found = std::get_if<loaded>(&happened);
        bool const changed = found && found->value && !found->value->refresh_token.empty() && !(found->value->refresh_token == spent_);
        if (changed && !second_try_)
        {
            second_try_ = true;
            failed_.reset();
            kept_ = std::move(*found->value);
            auto token = find();
            if (serves(token, now) || came_meanwhile(token, now)) return hand_out(std::move(token));
            return ask(now);
        }
        if (changed)
        {
            failed_->next = advice::retry;
            failed_->hint = "the session is changed by others who do not respect its lock; ask again";
            return finish();
        }
        // Where it can't be read, or is gone, nothing is written either.
        if (found == nullptr || !found->value) return finish();
        kept_ = std::move(*found->value);
        kept_.refresh_token.clear();
        at_ = at::ended;
        return next::save{kept_};
    }

    action saved(event& happened)
    {
        auto* const failed = std::get_if<failure>(&happened);
        if (!failed) return finish();
        if (!out_.answer)
        {
            // It is held already, and that was told.
            out_.outage = std::move(*failed);
            return finish();
        }
        out_.not_saved = std::move(*failed);
        at_ = at::held;
        return next::hold{std::move(kept_), held_as::successor};
    }

    /// What an API has refused must not be handed out again, under whatever scope it is kept.
    void drop_refused()
    {
        if (wish_.when == renew_when::replaced) kept_.drop(wish_.at_hand);
        if (auto const old = find(); !old.empty() && !answers_challenge(old)) kept_.drop(old);
    }

    /// Say with which claims the user must sign in: those of the challenge, and what the server wants beside them.
    void name_claims()
    {
        bool const user_can_help = failed_->next == advice::sign_in_again || failed_->next == advice::consent;
        if (wish_.claims_challenge.empty() || !user_can_help) return;
        auto all = merge_claims_requests(wish_.claims_challenge, failed_->server.claims);
        failed_->server.claims = all.has_value() ? std::move(*all) : wish_.claims_challenge;
    }

public:
    explicit renewal(renewal_wish wish) : wish_(std::move(wish)), claims_(wish_.terms.claims)
    {
        if (wish_.claims_challenge.empty()) return;
        auto all = merge_claims_requests(claims_, wish_.claims_challenge);
        if (all.has_error()) failed_ = std::move(all).error();
        else wish_.terms.claims_fingerprint = claims_fingerprint(claims_ = std::move(*all));
    }

    action resume(event happened, time_point now)
    {
        auto* const failed = std::get_if<failure>(&happened);
        switch (at_)
        {
        case at::start:
            if (failed_) return finish();
            remember_fallback(wish_.at_hand, now);
            at_ = at::looked;
            return next::load{};

        case at::looked:
            if (failed) return unreadable(std::move(*failed));
            return looked(std::get<loaded>(happened), now);

        case at::locked:
            if (failed) return fall_back(std::move(*failed));
            locked_ = true;
            at_ = at::looked_again;
            return next::load{};

        case at::looked_again:
            if (failed) return unreadable(std::move(*failed));
            return looked_again(std::get<loaded>(happened), now);

        case at::probed:
            if (failed) return fall_back(std::move(*failed));
            return ask(now);

        case at::answered: return answered(happened);

        case at::reread: return reread(happened, now);

        case at::saved: return saved(happened);

        case at::held: return finish();

        case at::ended: return finish();   // that it could not be written changes nothing: the next who asks finds it out again

        case at::unlocked: return next::done{};
        }
        return next::done{};
    }

    /// @pre the last action was `next::done`
    result<renewed> outcome() &&
    {
        if (!failed_) return std::move(out_);
        name_claims();
        return std::move(*failed_);
    }
};
static_assert(machine<renewal>);

} // namespace oauth

#endif
