#ifndef OAUTH_MACHINE_RENEWAL_HPP
#define OAUTH_MACHINE_RENEWAL_HPP

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
    token_terms terms;                            ///< what the token is asked with
    std::string default_resource;                 ///< for comparing scopes
    bool names_scope = false;                     ///< write the scope into the request
    seconds margin{300};                          ///< how long the token must still live
    bool strict_margin = false;                   ///< the caller's own margin: a token with less life will not do, even in an outage
    bool use_extended_lifetime = false;           ///< in an outage `ext_expires_in` counts
    renew_when when = renew_when::needed;
    access_token known;                           ///< the token that is to be replaced; with `renew_when::replaced`
    std::optional<session> unsaved;               ///< a session that the store could not take the last time
    secret spent;                                 ///< the refresh token that gave `unsaved`; empty where a sign-in did
    std::span<advice_rule const> rules;           ///< the provider's; not owned
    std::size_t max_response_size = 1 << 20;
};

/// What a renewal came to.
struct renewed
{
    oauth::access_token token;
    session kept;                           ///< the session as it is now
    std::optional<token_response> answer;   ///< what the server said, if it was this renewal that asked
    std::optional<failure> not_saved;       ///< why the store does not have it, if it does not
    std::optional<failure> outage;          ///< why an older token was handed out instead of a new one
    secret spent;                           ///< the refresh token that was spent
};

/** Hand out an access token, renewing it at most once however many ask: load; if it will not do, lock, load again (somebody may have renewed it), probe, ask, save, unlock.

    - Nothing is spent before the lock is held, the session was read again, and the store was found writable.
    - What the server gave is saved before anything else.
    - When the server refuses the refresh token, the store is read once more: if the token was changed meanwhile, that one is tried, once. Else the session has ended: its
      refresh token is dropped from the store, so that nobody asks in vain again.
    - When the server can't be reached, a token that still lives is handed out.
*/
class renewal
{
    enum class at { start, loaded_, locked, reloaded, probed, answered, reread, saved, ended, unlocked };

    at at_ = at::start;
    renewal_wish wish_;
    renewed out_;
    oauth::access_token fallback_;
    time_point sent_at_{};
    bool second_try_ = false;
    bool locked_ = false;
    std::optional<failure> failed_;

    static failure nobody() { return failure(errc::no_session, advice::sign_in_again, "begin with authorize() or sign_in()"); }

    /// Does `token` serve as it is?
    bool serves(oauth::access_token const& token, time_point now) const
    {
        if (token.empty() || !is_fresh(*token, now, wish_.margin)) return false;
        switch (wish_.when)
        {
        case renew_when::needed: return !is_due(*token, now);
        case renew_when::replaced: return token.reveal() != wish_.known.reveal();
        case renew_when::always: return false;
        }
        return false;
    }

    oauth::access_token find() const { return out_.kept.find(wish_.terms.scope, wish_.terms.resource, wish_.terms.claims, wish_.default_resource); }

    /// Look at the session that was read. True when it settles the matter.
    bool settles(loaded& found, time_point now)
    {
        if (!found.value)
        {
            failed_ = nobody();
            return true;
        }
        out_.kept = std::move(*found.value);
        auto token = find();
        if (serves(token, now))
        {
            out_.token = std::move(token);
            return true;
        }
        remember_fallback(std::move(token), now);
        return false;
    }

    /// A token that will not do, but is better than none while the server is out of reach.
    void remember_fallback(oauth::access_token token, time_point now)
    {
        fallback_ = {};
        if (token.empty() || wish_.when != renew_when::needed) return;
        seconds const enough = wish_.strict_margin ? wish_.margin : seconds(0);
        bool const lives = is_fresh(*token, now, enough);
        bool const extended = wish_.use_extended_lifetime && !wish_.strict_margin && token->extended_until && now < *token->extended_until
                           && now + std::chrono::minutes{5} >= token->received_at;
        if (lives || extended) fallback_ = std::move(token);
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

    /// It could not be renewed, for a reason that will pass: the old token will do, if there is one.
    action fall_back(failure why)
    {
        if (fallback_.empty()) return fail(std::move(why));
        out_.token = std::move(fallback_);
        out_.outage = std::move(why);
        return finish();
    }

    action ask(time_point now)
    {
        refresh_token grant{out_.kept.refresh_token, {}, wish_.terms.resource, wish_.terms.claims};
        if (wish_.names_scope) grant.scope = wish_.terms.scope;
        out_.spent = out_.kept.refresh_token;
        sent_at_ = now;
        at_ = at::answered;
        return next::ask{token_request_body(grant)};
    }

    /// Is the refresh token itself refused? Where the server wants more of the user, or a consent, it is still good.
    static bool ends_session(failure const& why)
    {
        auto const& said = why.server;
        return why.code == server_errc::invalid_grant && why.next == advice::sign_in_again && said.claims.empty() && said.suberror != "basic_action"
            && said.suberror != "additional_action" && said.suberror != "message_only";
    }

    action answered(event& happened)
    {
        if (auto* const failed = std::get_if<failure>(&happened)) return fall_back(std::move(*failed));
        auto answer = decode_token_response(std::get<http_response>(happened), wish_.max_response_size);
        if (answer.has_error())
        {
            auto why = answer.error();
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
        absorb(out_.kept, *out_.answer, wish_.terms, sent_at_);
        out_.token = find();
        if (out_.answer->access_token.empty())
            failed_ = failure(errc::response_missing_member, advice::give_up, "the renewal brought no access token");
        at_ = at::saved;
        return next::save{out_.kept};
    }

    /// The server has refused the refresh token. Was it changed since we read it?
    action reread(event& happened, time_point now)
    {
        auto* const found = std::get_if<loaded>(&happened);
        bool const changed = found && found->value && !found->value->refresh_token.empty() && !(found->value->refresh_token == out_.spent);
        if (changed && !second_try_)
        {
            second_try_ = true;
            failed_.reset();
            if (settles(*found, now)) return finish();
            return ask(now);
        }
        // Where it can't be read, nothing is written either.
        if (found == nullptr || changed) return finish();
        out_.kept.refresh_token.clear();
        at_ = at::ended;
        return next::save{out_.kept};
    }

    action reloaded(event& happened, time_point now)
    {
        if (auto* const failed = std::get_if<failure>(&happened)) return fall_back(std::move(*failed));
        auto& found = std::get<loaded>(happened);
        // What the store could not take the last time comes before what it has, unless somebody changed that since.
        bool const still_ours = !found.value || wish_.spent.empty() || found.value->refresh_token == wish_.spent;
        if (wish_.unsaved && still_ours)
        {
            found.value = std::move(wish_.unsaved);
            if (settles(found, now))
            {
                at_ = at::saved;
                return next::save{out_.kept};
            }
        }
        else if (settles(found, now)) return finish();
        if (out_.kept.refresh_token.empty())
            return fall_back(failure(errc::not_renewable, advice::sign_in_again, "ask for the scope offline_access to get a refresh token"));
        at_ = at::probed;
        return next::probe{};
    }

public:
    explicit renewal(renewal_wish wish) : wish_(std::move(wish)) {}

    action resume(event happened, time_point now)
    {
        auto* const failed = std::get_if<failure>(&happened);
        switch (at_)
        {
        case at::start:
            at_ = at::loaded_;
            return next::load{};

        case at::loaded_:
            if (failed) return fail(std::move(*failed));
            if (!wish_.unsaved && settles(std::get<loaded>(happened), now)) return finish();
            if (!wish_.unsaved && out_.kept.refresh_token.empty())
                return fall_back(failure(errc::not_renewable, advice::sign_in_again, "ask for the scope offline_access to get a refresh token"));
            at_ = at::locked;
            // Whoever has a token that still lives need not wait until another has renewed it.
            return next::lock{fallback_.empty()};

        case at::locked:
            if (failed) return fall_back(std::move(*failed));
            locked_ = true;
            at_ = at::reloaded;
            return next::load{};

        case at::reloaded: return reloaded(happened, now);

        case at::probed:
            if (failed) return fall_back(std::move(*failed));
            return ask(now);

        case at::answered: return answered(happened);

        case at::reread: return reread(happened, now);

        case at::saved:
            if (failed) out_.not_saved = std::move(*failed);
            return finish();

        case at::ended: return finish();   // that it could not be written changes nothing: the next who asks finds it out again

        case at::unlocked: return next::done{};
        }
        return next::done{};
    }

    /// @pre the last action was `next::done`
    result<renewed> outcome() &&
    {
        if (failed_) return std::move(*failed_);
        return std::move(out_);
    }

    /// The session as it was last read or changed, also when the outcome is a failure: nothing, where there is none.
    session const& kept() const noexcept { return out_.kept; }
};
static_assert(machine<renewal>);

} // namespace oauth

#endif
