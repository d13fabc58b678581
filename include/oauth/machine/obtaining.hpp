#ifndef OAUTH_MACHINE_OBTAINING_HPP
#define OAUTH_MACHINE_OBTAINING_HPP

#include <oauth/core/form.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/error/advice_rule.hpp>
#include <oauth/machine/action.hpp>
#include <oauth/machine/detail/renewed_identity.hpp>
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
    std::optional<failure> not_saved;   ///< why the store does not have the tokens, if it does not; they are held in memory then
};

/// What becomes of the session that the account has already?
enum class earlier_session
{
    replaced,   ///< it ends: the answer begins a new one, as that to a code does
    kept        ///< the answer's tokens are added to it
};

/** Ask the token endpoint for tokens, and keep them: probe, ask, lock, load, save, unlock. Nothing is loaded where the session begins anew.

    The store is probed first, so that a code is not spent whose tokens could not be kept. The lock is held while the session is changed, not while the server is asked.
    Once the server has answered, nothing is lost: where the store then fails, the tokens are held in memory, and the outcome has them and says why.

    Where a refresh token is spent which is the session's own, an ID token that the answer brings must speak of the same sign-in as the one that is kept, as with a @ref renewal (OpenID Connect
    Core 12.2): else nothing of the answer is handed out or kept. Where the kept one could not be read, there is none to compare with: then the answer's ID token is handed out, but not held.
    A refresh token that is not the session's, as one that is taken over from elsewhere, begins a sign-in that nobody here knows
    yet: there is nothing to compare with.

    An answer that brings another kind of token than an access token (RFC 8693 2.2.1) is handed out, but that token is not kept. Where it is all that came, no session is touched.
*/
class obtaining
{
    enum class at { start, probed, answered, locked, loaded_, saved, held, unlocked };

    at at_ = at::start;
    form body_;
    secret spent_;
    token_terms terms_;
    earlier_session earlier_;
    std::span<advice_rule const> rules_;
    std::size_t max_response_size_;
    time_point sent_at_{};
    bool asked_ = false;
    bool locked_ = false;
    bool keeps_identity_;   // the answer's ID token is the session's from now on
    bool trusts_identity_ = false;
    exchanged out_;
    std::optional<failure> failed_;

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

    void take(session& kept)
    {
        absorb(kept, out_.answer, terms_, sent_at_);
        if (trusts_identity_ && !terms_.of_client && !out_.answer.id_token.empty()) kept.id_token_trusted = true;
    }

    action save(session kept)
    {
        take(kept);
        at_ = at::saved;
        return next::save{std::move(kept)};
    }

    action add_to(session kept)
    {
        keeps_identity_ = true;
        if (spent_.empty() || !(kept.refresh_token == spent_)) return save(std::move(kept));
        auto const newer_identity = detail::compare_identity(out_.answer.id_token, kept.id_token);
        if (newer_identity.has_error()) return fail(newer_identity.error());
        keeps_identity_ = *newer_identity != detail::renewed_identity::stays_out;
        auto earlier = kept.id_token;
        // Which of the two is kept does not matter: one that agrees with one that is trusted is trusted.
        trusts_identity_ = kept.id_token_trusted && *newer_identity != detail::renewed_identity::not_compared;
        take(kept);
        if (!keeps_identity_) kept.id_token = std::move(earlier);
        at_ = at::saved;
        return next::save{std::move(kept)};
    }

    action hold(failure why)
    {
        out_.not_saved = std::move(why);
        session made;
        take(made);
        // Nobody has compared it with the kept one, or that one stays. The next renewal brings another.
        if (!keeps_identity_)
        {
            made.id_token.clear();
            made.id_token_trusted = false;
        }
        at_ = at::held;
        return next::hold{std::move(made), earlier_ == earlier_session::replaced ? held_as::replacement : held_as::addition};
    }

    action answered(event& happened)
    {
        if (auto* const failed = std::get_if<failure>(&happened)) return fail(std::move(*failed));
        auto answer = decode_token_response(std::get<http_response>(happened), max_response_size_);
        if (answer.has_error())
        {
            auto why = std::move(answer).error();
            advise(rules_, why);
            return fail(std::move(why));
        }
        out_.answer = std::move(*answer);
        // What is no access token is handed out, and that is all: no store has to be there for it.
        if (earlier_ == earlier_session::kept && !brings_something_to_keep(out_.answer, terms_)) return finish();
        at_ = at::locked;
        return next::lock{};
    }

public:
    /** @param body The token request's body without the client's authentication.
        @param rules The provider's; not owned.
        @param spent The refresh token that the body has, if it has one. */
    obtaining(form body, token_terms terms, earlier_session earlier, std::span<advice_rule const> rules, std::size_t max_response_size, secret spent = {})
        : body_(std::move(body)), spent_(std::move(spent)), terms_(std::move(terms)), earlier_(earlier), rules_(rules), max_response_size_(max_response_size),
          keeps_identity_(spent_.empty() || earlier == earlier_session::replaced)
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
            asked_ = true;
            sent_at_ = now;
            return next::ask{std::move(body_)};

        case at::answered: return answered(happened);

        case at::locked:
            if (failed) return hold(std::move(*failed));
            locked_ = true;
            if (earlier_ == earlier_session::replaced) return save({});
            at_ = at::loaded_;
            return next::load{};

        case at::loaded_:
        {
            if (failed) return hold(std::move(*failed));
            auto& found = std::get<loaded>(happened).value;
            return add_to(found ? std::move(*found) : session());
        }

        case at::saved:
            if (failed) return hold(std::move(*failed));
            return finish();

        case at::held: return finish();

        case at::unlocked: return next::done{};
        }
        return next::done{};
    }

    /// The answer that comes next has been looked at: where it has an ID token, that is verified.
    void trust_identity() noexcept { trusts_identity_ = true; }

    /// Has the request been given out? What can be used but once, such as a code, is spent then.
    bool asked() const noexcept { return asked_; }

    /// @pre the last action was `next::done`
    result<exchanged> outcome() &&
    {
        if (failed_) return std::move(*failed_);
        return std::move(out_);
    }
};
static_assert(machine<obtaining>);

} // namespace oauth

#endif
