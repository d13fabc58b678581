#ifndef OAUTH_MACHINE_REVOKING_HPP
#define OAUTH_MACHINE_REVOKING_HPP

#include <oauth/error/advice_rule.hpp>
#include <oauth/machine/action.hpp>
#include <oauth/request/revocation.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace oauth {

/// Which tokens of a session are revoked at the server?
enum class revoked_tokens
{
    refresh_token,   ///< that alone: the server ends its access tokens with it, if it can (RFC 7009 2.1); the access tokens, where there is no refresh token
    all,             ///< each access token that has not expired as well, by a request of its own
};

/** End a session at the server and here: lock, load, ask for each token, erase, unlock.

    The lock is for a renewal that is under way: the refresh token that is revoked would not be the last one. Whatever goes wrong, the session is
    erased: whoever signs out is signed out.
    After the first token that could not be revoked no other one is tried.

    @par Specification
    RFC 7009 2
*/
class revoking
{
    enum class at { start, locked, loaded_, answered, erased, unlocked };

    at at_ = at::start;
    revoked_tokens which_;
    std::span<advice_rule const> rules_;
    std::size_t max_response_size_;
    std::vector<revocation> todo_;   // the last one is the next
    bool locked_ = false;
    std::optional<failure> failed_;

    action finish()
    {
        at_ = at::unlocked;
        if (std::exchange(locked_, false)) return next::unlock{};
        return next::done{};
    }

    action erase()
    {
        at_ = at::erased;
        return next::erase{};
    }

    /// It could not be revoked, and soon nobody will have it who could try again.
    action give_up(failure why)
    {
        if (why.next == advice::retry || why.next == advice::retry_after) why.next = advice::give_up;
        constexpr std::string_view told = "forgotten here, but not revoked at the server";
        if (!why.hint.empty()) why.hint += "; ";
        why.hint += told;
        failed_ = std::move(why);
        return erase();
    }

    action go_on()
    {
        if (todo_.empty()) return erase();
        auto const message = std::move(todo_.back());
        todo_.pop_back();
        form body;
        message.write(body);
        at_ = at::answered;
        return next::ask{.body = std::move(body), .where = revocation::where};
    }

    action loaded_session(loaded& found, time_point now)
    {
        if (!found.value) return finish();
        auto const& kept = *found.value;
        if (which_ == revoked_tokens::all || kept.refresh_token.empty())
            for (auto token = kept.access_tokens.rbegin(); token != kept.access_tokens.rend(); ++token)
                if (now < (*token)->expires_at) todo_.push_back({.token = (*token)->value, .token_type_hint = "access_token"});
        if (!kept.refresh_token.empty()) todo_.push_back({.token = kept.refresh_token, .token_type_hint = "refresh_token"});
        return go_on();
    }

    action answered(event& happened)
    {
        if (auto* const failed = std::get_if<failure>(&happened)) return give_up(std::move(*failed));
        auto const revoked = decode_revocation_response(std::get<http_response>(happened), max_response_size_);
        if (revoked.has_value()) return go_on();
        auto why = revoked.error();
        advise(rules_, why);
        return give_up(std::move(why));
    }

public:
    /** @param rules The provider's; not owned. */
    revoking(revoked_tokens which, std::span<advice_rule const> rules, std::size_t max_response_size) : which_(which), rules_(rules), max_response_size_(max_response_size) {}

    action resume(event happened, time_point now)
    {
        auto* const failed = std::get_if<failure>(&happened);
        switch (at_)
        {
        case at::start:
            at_ = at::locked;
            return next::lock{};

        case at::locked:
            locked_ = failed == nullptr;
            at_ = at::loaded_;
            return next::load{};

        case at::loaded_:
            if (failed) return give_up(std::move(*failed));
            return loaded_session(std::get<loaded>(happened), now);

        case at::answered: return answered(happened);

        case at::erased:
            // The tokens are still there: that counts more than what the server said.
            if (failed) failed_ = std::move(*failed);
            return finish();

        case at::unlocked: return next::done{};
        }
        return next::done{};
    }

    /// @pre the last action was `next::done`
    result<void> outcome() &&
    {
        if (failed_) return std::move(*failed_);
        return {};
    }
};
static_assert(machine<revoking>);

} // namespace oauth

#endif
