#ifndef OAUTH_MACHINE_TOKEN_EXCHANGE_HPP
#define OAUTH_MACHINE_TOKEN_EXCHANGE_HPP

#include <oauth/error/advice_rule.hpp>
#include <oauth/machine/action.hpp>
#include <oauth/machine/issue.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <variant>

namespace oauth {

/// What a token exchange came to.
struct exchanged
{
    token_response answer;
    session kept;                       ///< the account's session with the new tokens
    std::optional<failure> not_saved;   ///< why the store does not have it, if it does not
};

/** Ask the token endpoint for tokens, and keep them: probe, ask, lock, load, save, unlock.

    The store is probed first, so that a code is not spent whose tokens could not be kept. The lock is held while the session is changed, not while the server is asked.
    Once the server has answered, nothing is lost: where the store then fails, the outcome still has the tokens, and says why they were not saved.
*/
class token_exchange
{
    enum class at { start, probed, answered, locked, loaded_, saved, unlocked };

    at at_ = at::start;
    form body_;
    token_terms terms_;
    bool new_session_;
    std::span<advice_rule const> rules_;
    std::size_t max_response_size_;
    time_point sent_at_{};
    exchanged out_;
    std::optional<failure> failed_;

    action fail(failure why)
    {
        failed_ = std::move(why);
        return next::done{};
    }

    action save()
    {
        absorb(out_.kept, out_.answer, terms_, sent_at_);
        at_ = at::saved;
        return next::save{out_.kept};
    }

    // What the store failed at: the tokens stay with the outcome.
    action keep_unsaved(failure why, bool locked)
    {
        out_.not_saved = std::move(why);
        at_ = at::unlocked;
        if (locked) return next::unlock{};
        return next::done{};
    }

public:
    /** @param body The token request's body without the client's authentication.
        @param new_session Does the answer begin a new session (a code does), or add to the one that is there?
        @param rules The provider's; not owned. */
    token_exchange(form body, token_terms terms, bool new_session, std::span<advice_rule const> rules, std::size_t max_response_size)
        : body_(std::move(body)), terms_(std::move(terms)), new_session_(new_session), rules_(rules), max_response_size_(max_response_size)
    {
    }

    action resume(event happened, time_point now)
    {
        auto* const failed = std::get_if<failure>(&happened);
        switch (at_)
        {
        case at::start:
            at_ = at::probed;
            return next::probe{};

        case at::probed:
            if (failed) return fail(std::move(*failed));
            at_ = at::answered;
            sent_at_ = now;
            return next::ask{std::move(body_)};

        case at::answered:
        {
            if (failed) return fail(std::move(*failed));
            auto answer = decode_token_response(std::get<http_response>(happened), max_response_size_);
            if (answer.has_error())
            {
                auto why = answer.error();
                advise(rules_, why);
                return fail(std::move(why));
            }
            out_.answer = std::move(*answer);
            at_ = at::locked;
            return next::lock{};
        }

        case at::locked:
            if (failed)
            {
                absorb(out_.kept, out_.answer, terms_, sent_at_);
                return keep_unsaved(std::move(*failed), false);
            }
            if (new_session_) return save();
            at_ = at::loaded_;
            return next::load{};

        case at::loaded_:
            if (failed)
            {
                absorb(out_.kept, out_.answer, terms_, sent_at_);
                return keep_unsaved(std::move(*failed), true);
            }
            if (auto& found = std::get<loaded>(happened).value) out_.kept = std::move(*found);
            return save();

        case at::saved:
            if (failed) return keep_unsaved(std::move(*failed), true);
            at_ = at::unlocked;
            return next::unlock{};

        case at::unlocked: return next::done{};
        }
        return next::done{};
    }

    /// @pre the last action was `next::done`
    result<exchanged> outcome() &&
    {
        if (failed_) return std::move(*failed_);
        return std::move(out_);
    }
};
static_assert(machine<token_exchange>);

} // namespace oauth

#endif
