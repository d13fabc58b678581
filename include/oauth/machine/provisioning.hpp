#ifndef OAUTH_MACHINE_PROVISIONING_HPP
#define OAUTH_MACHINE_PROVISIONING_HPP

#include <oauth/core/form.hpp>
#include <oauth/core/session.hpp>
#include <oauth/core/token_freshness.hpp>
#include <oauth/error/advice_rule.hpp>
#include <oauth/machine/action.hpp>
#include <oauth/machine/issue.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>

namespace oauth {

/// What is wanted of a provisioning.
struct provision_wish
{
    token_terms terms = {};                    ///< what the token is asked with, and kept under
    std::string default_resource = {};         ///< for comparing scopes
    token_freshness freshness = {};
    seconds expiry_margin{300};                ///< where the freshness names no minimum
    bool use_extended_lifetime = false;        ///< in an outage `ext_expires_in` counts
    access_token at_hand = {};                 ///< the token in memory, if there is one: the last resort
    std::span<advice_rule const> rules = {};   ///< the provider's; not owned
    std::size_t max_response_size = 1 << 20;
};

/// What a provisioning came to.
struct provisioned
{
    access_token token;
    std::optional<failure> not_saved;   ///< why the store does not have the token, if it does not; it is held in memory then
    std::optional<failure> outage;      ///< why an older token was handed out instead of a new one
};

/** Hand out an access token that a grant can bring again and again, such as a daemon's: the kept one while it is good, else a new one, asked for at most once however many want it:
    load; if the token will not do, lock, load again (somebody may have got it), ask, save, unlock.

    It is to such a grant what @ref renewal is to a refresh token, and falls back as that does: when the server or the store is out of order, a token that still lives is handed out. But

    - nobody need have signed in, and what is kept is not needed: a refresh token in it is left alone;
    - the store is not probed, since nothing is spent that could not be had again. A token that can't be saved is held in memory, as an addition to what the store has.
*/
class provisioning
{
    enum class at { start, looked, locked, looked_again, answered, saved, held, unlocked };

    at at_ = at::start;
    form body_;
    provision_wish wish_;
    provisioned out_;
    session kept_;
    access_token seen_;       // what the first look found
    access_token fallback_;   // better than none
    token_response answer_;
    time_point sent_at_{};
    bool locked_ = false;
    std::optional<failure> failed_;

    bool serves(access_token const& token, time_point now) const
    {
        if (token.empty() || wish_.freshness.renew || is_due(*token, now)) return false;
        return wish_.freshness.minimum_life ? is_fresh(*token, now, *wish_.freshness.minimum_life) : is_fresh_enough(*token, now, wish_.expiry_margin);
    }

    /// Has somebody else got it since the first look? Another one would be no better.
    bool came_meanwhile(access_token const& token, time_point now) const
    {
        return !wish_.freshness.renew && !token.empty() && token.reveal() != seen_.reveal() && is_fresh(*token, now, seconds(0));
    }

    access_token find() const { return kept_.find(wish_.terms.scope, wish_.terms.resource, wish_.terms.claims, wish_.default_resource); }

    /// A token that will not do, but is better than none in an outage.
    void remember_fallback(access_token const& token, time_point now)
    {
        if (token.empty() || wish_.freshness.renew) return;
        auto const& minimum = wish_.freshness.minimum_life;
        bool const lives = is_fresh(*token, now, minimum.value_or(seconds(0)));
        bool const extended = wish_.use_extended_lifetime && !minimum && token->extended_until && now < *token->extended_until
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
        if (serves(seen_, now) && !found.unsaved) return hand_out(seen_);
        remember_fallback(seen_, now);
        at_ = at::locked;
        // Whoever has a token that still lives need not wait until another has got a new one.
        return next::lock{fallback_.empty()};
    }

    action looked_again(loaded& found, time_point now)
    {
        kept_ = found.value ? std::move(*found.value) : session();
        auto token = find();
        if (serves(token, now) || came_meanwhile(token, now))
        {
            if (!found.unsaved) return hand_out(std::move(token));
            // It is held, since it could not be saved: that is tried again.
            out_.token = std::move(token);
            at_ = at::saved;
            return next::save{kept_};
        }
        remember_fallback(token, now);
        at_ = at::answered;
        sent_at_ = now;
        return next::ask{std::move(body_)};
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
        answer_ = std::move(*answer);
        absorb(kept_, answer_, wish_.terms, sent_at_);
        out_.token = find();
        if (out_.token.empty()) out_.token = access_token(issue(answer_, wish_.terms, sent_at_));
        at_ = at::saved;
        return next::save{kept_};
    }

    action saved(event& happened)
    {
        auto* const failed = std::get_if<failure>(&happened);
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

public:
    /// @param body The token request's body without the client's authentication.
    provisioning(form body, provision_wish wish) : body_(std::move(body)), wish_(std::move(wish)) {}

    action resume(event happened, time_point now)
    {
        auto* const failed = std::get_if<failure>(&happened);
        switch (at_)
        {
        case at::start:
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

        case at::unlocked: return next::done{};
        }
        return next::done{};
    }

    /// @pre the last action was `next::done`
    result<provisioned> outcome() &&
    {
        if (failed_) return std::move(*failed_);
        return std::move(out_);
    }
};
static_assert(machine<provisioning>);

} // namespace oauth

#endif
