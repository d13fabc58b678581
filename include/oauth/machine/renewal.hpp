#ifndef OAUTH_MACHINE_RENEWAL_HPP
#define OAUTH_MACHINE_RENEWAL_HPP

#include <oauth/core/claims_request.hpp>
#include <oauth/error/advice_rule.hpp>
#include <oauth/machine/action.hpp>
#include <oauth/machine/detail/not_granted.hpp>
#include <oauth/machine/detail/renewal_judgement.hpp>
#include <oauth/machine/detail/renewed_identity.hpp>
#include <oauth/machine/detail/tidings.hpp>
#include <oauth/machine/issue.hpp>
#include <oauth/machine/observation.hpp>
#include <oauth/machine/renewal_wish.hpp>
#include <oauth/request/refresh_token.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace oauth {

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
      refresh token is dropped from the store, and why is kept there, so that nobody asks in vain again and all are told.
    - When the server or the store is out of order, or the server wants to be left alone, a token that still lives is handed out, unless that would hide that the user must
      sign in again.
    - An ID token that the answer brings must speak of the same sign-in as the one that is kept (OpenID Connect Core 12.2). Where it contradicts that one, the answer is refused:
      nothing of it is handed out or saved, the session stays as it was, and the user must sign in again. Neither token's signature is checked for that: both came over TLS from the token
      endpoint. One that can't be read, as an unsigned one, does not break the renewal: then the earlier one stays.
    - What the server has just given is handed out, however short it lives; but not where the server said that it granted less than was asked for. That is told as long as the
      token would live, without asking again.
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
    bool named_ = false;      // the request names the scope
    bool second_try_ = false;
    bool locked_ = false;
    bool wrote_ = false;      // the store has what the server gave
    detail::tidings tidings_;
    std::optional<failure> failed_;

    access_token find() const
    {
        auto const& asked = wish_.terms;
        return kept_.find(asked.scope, asked.resource, asked.claims, asked.default_resource, token_owner::whoever, asked.parameters_fingerprint);
    }

    void remember_fallback(access_token const& token, time_point now) { fallback_ = detail::is_last_resort(wish_, token, now) ? token : access_token(); }

    action finish()
    {
        at_ = at::unlocked;
        if (std::exchange(locked_, false)) return next::unlock{};
        return tell();
    }

    /// The observer is told when the lock has been given back.
    action tell() { return tidings_.after(out_.answer.has_value(), wrote_, out_.not_saved, failed_, out_.outage); }

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
        if (!kept_.ended.empty()) return fall_back(failure(errc::session_ended, advice::sign_in_again, kept_.ended));
        bool const of_client = !kept_.access_tokens.empty() && kept_.is_of_client_alone();
        auto const* const hint = of_client ? "get the client's own token again, by its grant"
                                           : "sign in again; with the scope offline_access, if the server gave no refresh token";
        return fall_back(failure(errc::not_renewable, advice::sign_in_again, hint));
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
        bool const good = detail::serves(wish_, seen_, now);
        if (good && !found.unsaved) return hand_out(seen_);
        if (detail::is_known_as_narrowed(wish_, seen_, now)) return fail(detail::not_granted(wish_.terms, seen_));
        remember_fallback(seen_, now);
        if (!good && kept_.refresh_token.empty()) return not_renewable();
        if (!good && wish_.held_off) return fall_back(*wish_.held_off);
        at_ = at::locked;
        // Whoever has a token that still lives need not wait until another has renewed it.
        return next::lock{fallback_.empty()};
    }

    action looked_again(loaded& found, time_point now)
    {
        if (!found.value) return nobody();
        kept_ = std::move(*found.value);
        auto token = find();
        if (detail::serves(wish_, token, now) || detail::came_meanwhile(wish_, token, seen_, now))
        {
            if (!found.unsaved) return hand_out(std::move(token));
            out_.token = std::move(token);
            at_ = at::saved;
            return next::save{kept_};
        }
        if (detail::is_known_as_narrowed(wish_, token, now)) return fail(detail::not_granted(wish_.terms, token));
        remember_fallback(token, now);
        if (kept_.refresh_token.empty()) return not_renewable();
        at_ = at::probed;
        return next::probe{};
    }

    /// Would the server give all that is wished for, were no scope named?
    bool is_granted() const
    {
        if (!kept_.granted.empty()) return covers(kept_.granted, wish_.terms.scope, wish_.terms.default_resource);
        // Stored by an earlier version: the tokens tell.
        auto const& asked = wish_.terms;
        return std::any_of(kept_.access_tokens.begin(), kept_.access_tokens.end(), [&asked](access_token const& token) {
            return !token->of_client && ((token->requested == asked.scope && !token->narrowed) || covers(token->granted, asked.scope, asked.default_resource));
        });
    }

    action ask(time_point now)
    {
        refresh_token grant{kept_.refresh_token, {}, wish_.terms.resource, claims_};
        named_ = wish_.names_scope == name_scope::always || (wish_.names_scope == name_scope::when_needed && !is_granted());
        if (named_) grant.scope = wish_.named.empty() ? wish_.terms.scope : wish_.named;
        named_ = !grant.scope.empty();
        spent_ = kept_.refresh_token;
        sent_at_ = now;
        at_ = at::answered;
        return next::ask{.body = token_request_body(grant), .renews = true};
    }

    action answered(event& happened)
    {
        if (auto* const failed = std::get_if<failure>(&happened)) return fall_back(std::move(*failed));
        auto answer = decode_token_response(std::get<http_response>(happened), wish_.max_response_size);
        if (answer.has_error())
        {
            auto why = std::move(answer).error();
            advise(wish_.rules, why);
            if (detail::ends_session(wish_, why))
            {
                failed_ = std::move(why);
                at_ = at::reread;
                return next::load{};
            }
            // The scope exceeds what was granted (RFC 6749 5.2), unless a provider knows better.
            if (named_ && why.code == server_errc::invalid_scope && why.hint.empty() && !is_granted())
            {
                why.next = advice::consent;
                why.hint = detail::not_granted_hint(wish_.terms.scope, false);
            }
            bool const passing = why.next == advice::retry || why.next == advice::retry_after;
            return passing ? fall_back(std::move(why)) : fail(std::move(why));
        }
        // Tokens of another sign-in than the session's are nobody's here: nothing of them is handed out or kept.
        auto const newer_identity = detail::compare_identity(answer->id_token, kept_.id_token);
        if (newer_identity.has_error()) return fail(newer_identity.error());
        auto identity = kept_.id_token;
        // Which of the two is kept does not matter: one that agrees with one that is trusted is trusted.
        bool const trusted = kept_.id_token_trusted && *newer_identity != detail::renewed_identity::not_compared;
        out_.answer = std::move(*answer);
        if (brings_access_token(*out_.answer)) drop_refused();
        auto granted = kept_.granted;
        out_.token = absorb(kept_, *out_.answer, wish_.terms, sent_at_);
        // What was asked for by name says nothing of the rest that the refresh token is good for.
        auto said = named_ ? std::nullopt : named_scope(*out_.answer, wish_.terms);
        kept_.granted = said ? std::move(*said) : std::move(granted);
        if (*newer_identity == detail::renewed_identity::stays_out) kept_.id_token = std::move(identity);
        kept_.id_token_trusted = trusted;
        at_ = at::saved;
        if (out_.answer->access_token.empty()) failed_ = failure(errc::response_missing_member, advice::give_up, "the renewal brought no access token");
        else if (out_.token.empty()) failed_ = failure(errc::unsupported_token_type, advice::give_up, "the renewal brought a token of another kind than an access token");
        else if (out_.token->narrowed && !wish_.answer_suffices) failed_ = detail::not_granted(wish_.terms, out_.token);
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
            if (detail::serves(wish_, token, now) || detail::came_meanwhile(wish_, token, seen_, now)) return hand_out(std::move(token));
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
        kept_.refresh_token_expires_at.reset();
        if (kept_.ended.empty()) kept_.ended = detail::reason_of_end(*failed_);
        at_ = at::ended;
        return next::save{kept_};
    }

    action saved(event& happened)
    {
        auto* const failed = std::get_if<failure>(&happened);
        wrote_ = failed == nullptr;
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
        if (auto const old = find(); !old.empty() && !detail::answers_challenge(wish_, old)) kept_.drop(old);
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

        case at::unlocked: return tell();
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
