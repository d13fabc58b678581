#ifndef OAUTH_MACHINE_PROVISIONING_HPP
#define OAUTH_MACHINE_PROVISIONING_HPP

#include <oauth/core/claims_request.hpp>
#include <oauth/core/form.hpp>
#include <oauth/core/session.hpp>
#include <oauth/error/advice_rule.hpp>
#include <oauth/machine/action.hpp>
#include <oauth/machine/detail/merge_claims.hpp>
#include <oauth/machine/detail/not_granted.hpp>
#include <oauth/machine/detail/renewal_judgement.hpp>
#include <oauth/machine/detail/tidings.hpp>
#include <oauth/machine/issue.hpp>
#include <oauth/machine/renewal_wish.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <optional>
#include <utility>
#include <variant>

namespace oauth {

/// What a provisioning came to.
struct provisioned
{
    access_token token;
    bool asked = false;                 ///< the server has given it just now
    std::optional<failure> not_saved;   ///< why the store does not have the token, if it does not; it is held in memory then
    std::optional<failure> outage;      ///< why an older token was handed out instead of a new one
};

/** Hand out an access token that a grant can bring again and again, such as a daemon's: the kept one while it is good, else a new one, asked for at most once however many want it:
    load; if the token will not do, lock, load again (somebody may have got it), ask, save, unlock.

    It is to such a grant what @ref renewal is to a refresh token, and falls back as that does: when the server or the store is out of order, a token that still lives is handed out. But

    - nobody need have signed in, and what is kept is not needed: a refresh token in it is left alone, and so is every token of a user's where the grant gets the client's own;
    - the store is not probed, since nothing is spent that could not be had again. A token that can't be saved is held in memory, as an addition to what the store has.

    With a claims challenge only a token will do that was asked with its claims: they come to those of the grant's own body. It is kept as one of `terms`, and the one that was refused is
    dropped. When only a user can help, the failure's `server.claims` are those to sign in with: an API hands them on to whoever called it.
*/
class provisioning
{
    enum class at { start, looked, locked, looked_again, answered, saved, held, unlocked };

    at at_ = at::start;
    form body_;
    renewal_wish wish_;
    provisioned out_;
    session kept_;
    access_token seen_;       // what the first look found
    access_token fallback_;   // better than none
    token_response answer_;
    time_point sent_at_{};
    bool locked_ = false;
    bool wrote_ = false;      // the store has what the server gave
    detail::tidings tidings_;
    std::optional<failure> failed_;

    access_token find() const
    {
        auto const& asked = wish_.terms;
        return kept_.find(asked.scope, asked.resource, asked.claims, asked.default_resource, asked.of_client ? token_owner::client : token_owner::user,
                          asked.parameters_fingerprint);
    }

    void remember_fallback(access_token const& token, time_point now)
    {
        if (detail::is_last_resort(wish_, token, now)) fallback_ = token;
    }

    action finish()
    {
        at_ = at::unlocked;
        if (std::exchange(locked_, false)) return next::unlock{};
        return tell();
    }

    /// The observer is told when the lock has been given back.
    action tell() { return tidings_.after(!answer_.access_token.empty(), wrote_, out_.not_saved, failed_, out_.outage); }

    action fail(failure why)
    {
        failed_ = std::move(why);
        return finish();
    }

    action fall_back(failure why)
    {
        if (fallback_.empty()) return fail(std::move(why));
        out_.token = std::move(fallback_);
        out_.outage = std::move(why);
        return finish();
    }

    action unreadable(failure why)
    {
        // A store tells but once that it has put a session aside. Here nothing is lost by that: the next call finds nothing, and asks.
        if (why.next == advice::sign_in_again)
        {
            why.next = advice::retry;
            return fail(std::move(why));
        }
        return fall_back(std::move(why));
    }

    action hand_out(access_token token)
    {
        out_.token = std::move(token);
        return finish();
    }

    action looked(loaded& found, time_point now)
    {
        kept_ = found.value ? std::move(*found.value) : session();
        seen_ = find();
        bool const good = detail::serves(wish_, seen_, now);
        if (good && !found.unsaved) return hand_out(seen_);
        if (detail::is_known_as_narrowed(wish_, seen_, now)) return fail(detail::not_granted(wish_.terms, seen_));
        remember_fallback(seen_, now);
        if (!good && wish_.held_off) return fall_back(*wish_.held_off);
        at_ = at::locked;
        // Whoever has a token that still lives need not wait until another has got a new one.
        return next::lock{fallback_.empty()};
    }

    action looked_again(loaded& found, time_point now)
    {
        kept_ = found.value ? std::move(*found.value) : session();
        auto token = find();
        if (detail::serves(wish_, token, now) || detail::came_meanwhile(wish_, token, seen_, now))
        {
            if (!found.unsaved) return hand_out(std::move(token));
            // It is held, since it could not be saved: that is tried again.
            out_.token = std::move(token);
            at_ = at::saved;
            return next::save{kept_};
        }
        if (detail::is_known_as_narrowed(wish_, token, now)) return fail(detail::not_granted(wish_.terms, token));
        remember_fallback(token, now);
        at_ = at::answered;
        sent_at_ = now;
        return next::ask{.body = std::move(body_), .renews = true};
    }

    action answered(event& happened)
    {
        if (auto* const failed = std::get_if<failure>(&happened)) return fall_back(std::move(*failed));
        auto answer = decode_token_response(std::get<http_response>(happened), wish_.max_response_size);
        if (answer.has_error())
        {
            auto why = std::move(answer).error();
            advise(wish_.rules, why);
            bool const passing = why.next == advice::retry || why.next == advice::retry_after;
            return passing ? fall_back(std::move(why)) : fail(std::move(why));
        }
        if (answer->access_token.empty()) return fail(failure(errc::response_missing_member, advice::give_up, "the grant brought no access token"));
        if (!brings_access_token(*answer))
            return fail(failure(errc::unsupported_token_type, advice::fix_configuration, "the grant brought a token of another kind than an access token: get it with obtain()"));
        answer_ = std::move(*answer);
        // What an API has refused must not be handed out again, under whatever scope it is kept.
        if (wish_.when == renew_when::replaced) kept_.drop(wish_.at_hand);
        if (auto const old = find(); !old.empty() && !detail::answers_challenge(wish_, old)) kept_.drop(old);
        out_.token = absorb(kept_, answer_, wish_.terms, sent_at_);
        out_.asked = true;
        if (out_.token->narrowed) failed_ = detail::not_granted(wish_.terms, out_.token);
        at_ = at::saved;
        return next::save{kept_};
    }

    action saved(event& happened)
    {
        auto* const failed = std::get_if<failure>(&happened);
        wrote_ = failed == nullptr;
        if (!failed) return finish();
        if (answer_.access_token.empty())
        {
            // It is held already, and that was told.
            out_.outage = std::move(*failed);
            return finish();
        }
        out_.not_saved = std::move(*failed);
        session made;
        absorb(made, answer_, wish_.terms, sent_at_);
        at_ = at::held;
        return next::hold{std::move(made), held_as::addition};
    }

    /// Say with which claims the user must sign in: those of the challenge, and what the server wants beside them. Nobody signs in for the client's own token.
    void name_claims()
    {
        bool const user_can_help = failed_->next == advice::sign_in_again || failed_->next == advice::consent;
        if (wish_.claims_challenge.empty() || wish_.terms.of_client || !user_can_help) return;
        auto all = merge_claims_requests(wish_.claims_challenge, failed_->server.claims);
        failed_->server.claims = all.has_value() ? std::move(*all) : wish_.claims_challenge;
    }

public:
    /** @param body The token request's body without the client's authentication.
        @param wish Its `named`, `names_scope` and `answer_suffices` are a renewal's alone: the body says what is asked. */
    provisioning(form body, renewal_wish wish) : body_(std::move(body)), wish_(std::move(wish))
    {
        if (wish_.claims_challenge.empty()) return;
        auto all = detail::merge_claims(body_, wish_.claims_challenge);
        if (all.has_error()) failed_ = std::move(all).error();
        else wish_.terms.claims_fingerprint = claims_fingerprint(*all);
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

        case at::answered: return answered(happened);

        case at::saved: return saved(happened);

        case at::held: return finish();

        case at::unlocked: return tell();
        }
        return next::done{};
    }

    /// @pre the last action was `next::done`
    result<provisioned> outcome() &&
    {
        if (!failed_) return std::move(out_);
        name_claims();
        return std::move(*failed_);
    }
};
static_assert(machine<provisioning>);

} // namespace oauth

#endif
