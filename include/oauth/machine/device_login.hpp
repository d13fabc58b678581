#ifndef OAUTH_MACHINE_DEVICE_LOGIN_HPP
#define OAUTH_MACHINE_DEVICE_LOGIN_HPP

#include <oauth/error/advice_rule.hpp>
#include <oauth/machine/action.hpp>
#include <oauth/machine/device_display.hpp>
#include <oauth/machine/issue.hpp>
#include <oauth/machine/obtaining.hpp>
#include <oauth/request/device_authorization.hpp>
#include <oauth/request/device_code.hpp>
#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>

namespace oauth {

/** Sign a user in on another device: ask for codes, show them, then ask the token endpoint again and again, waiting between, until the user has signed in there; and keep the tokens.

    - Between two questions it waits as long as the server says; 5 s more from then on each time that the server answers `slow_down`.
    - When a question gets no answer, or one that says that the server is out of order, the next wait is twice as long as the last, up to a minute, and no shorter than `Retry-After`. As soon
      as the server answers again, the interval counts.
    - It ends when the codes do, by the client's clock, counted from when they were asked for; and after `longest` at the latest, whatever the server says.
    - Each question is one run of @ref obtaining: the store is probed before it, and what the server gives is saved as the begin of a new session.

    @tparam Show Called within @ref resume, when the codes have come.

    @par Specification
    RFC 8628 3.3 to 3.5
*/
template <device_display Show>
class device_login
{
    enum class at { start, probed, codes_came, waited, asking, finished };

    static constexpr seconds slower{5};
    static constexpr seconds longest_pause{60};

    at at_ = at::start;
    device_authorization message_;
    Show show_;
    token_terms terms_;
    seconds longest_;
    std::span<advice_rule const> rules_;
    std::size_t max_response_size_;

    secret code_;
    time_point end_{};
    seconds interval_{};
    seconds pause_{};   // as long as the interval, but for an outage
    std::optional<obtaining> asking_;
    std::optional<failure> failed_;
    exchanged out_;

    action finish()
    {
        at_ = at::finished;
        return next::done{};
    }

    action fail(failure why)
    {
        failed_ = std::move(why);
        return finish();
    }

    action too_late() { return fail(failure(errc::authorization_expired, advice::sign_in_again, "the user did not enter the code in time: begin a new sign-in")); }

    /// @param least What the server asks for beside its interval.
    action wait(time_point now, seconds least = seconds(0))
    {
        auto const left = end_ - now;
        auto const needed = std::max(interval_, least);
        if (left < needed) return too_late();
        at_ = at::waited;
        return next::wait{std::min(std::max(pause_, needed), left)};
    }

    action codes_came(event& happened, time_point now)
    {
        if (auto* const failed = std::get_if<failure>(&happened)) return fail(std::move(*failed));
        auto codes = device_authorization::read(std::get<http_response>(happened), max_response_size_);
        if (codes.has_error())
        {
            auto why = std::move(codes).error();
            advise(rules_, why);
            return fail(std::move(why));
        }
        // end_ is when they were asked for.
        end_ += std::min(codes->expires_in, longest_);
        pause_ = interval_ = codes->interval;
        if (end_ - now < interval_) return too_late();
        code_ = codes->device_code;
        if constexpr (std::is_void_v<std::invoke_result_t<Show&, device_authorization_response const&>>) show_(*codes);
        else if (auto const shown = show_(*codes); shown.has_error()) return fail(shown.error());
        return wait(now);
    }

    action ask(time_point now)
    {
        if (now > end_) return too_late();
        device_code const grant{code_, message_.resource, message_.claims};
        asking_.emplace(token_request_body(grant), terms_, earlier_session::replaced, rules_, max_response_size_);
        at_ = at::asking;
        return go_on(std::monostate(), now);
    }

    action go_on(event happened, time_point now)
    {
        auto todo = asking_->resume(std::move(happened), now);
        if (!std::holds_alternative<next::done>(todo)) return todo;
        auto outcome = std::move(*asking_).outcome();
        if (outcome.has_error()) return judge(std::move(outcome).error(), now);
        out_ = std::move(*outcome);
        return finish();
    }

    action judge(failure why, time_point now)
    {
        bool const slow_down = why.code == server_errc::slow_down;
        if (slow_down) interval_ += slower;
        if (slow_down || why.code == server_errc::authorization_pending)
        {
            pause_ = interval_;
            return wait(now, why.retry_after.value_or(seconds(0)));
        }
        // Any other OAuth error ends it (RFC 8628 3.5), but one that comes with a status that says itself that it will pass.
        bool const passing = why.next == advice::retry || why.next == advice::retry_after;
        bool const outage = why.server.empty() || why.http_status >= 500 || why.http_status == 429;
        if (!asking_->asked() || !passing || !outage) return fail(std::move(why));
        pause_ = std::min(2 * pause_, std::max(longest_pause, interval_));
        return wait(now, why.retry_after.value_or(seconds(0)));
    }

public:
    /** @param message What is asked for; an empty scope is not sent.
        @param terms What the tokens are kept under.
        @param longest How long the user may take at most.
        @param rules The provider's; not owned. */
    device_login(device_authorization message, Show show, token_terms terms, seconds longest, std::span<advice_rule const> rules, std::size_t max_response_size)
        : message_(std::move(message)), show_(std::move(show)), terms_(std::move(terms)), longest_(longest), rules_(rules), max_response_size_(max_response_size)
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
        {
            if (failed) return fail(std::move(*failed));
            at_ = at::codes_came;
            end_ = now;
            next::ask todo{{}, device_authorization::where};
            message_.write(todo.body);
            return todo;
        }

        case at::codes_came: return codes_came(happened, now);

        case at::waited:
            if (failed) return fail(std::move(*failed));
            return ask(now);

        case at::asking: return go_on(std::move(happened), now);

        case at::finished: return next::done{};
        }
        return next::done{};
    }

    /// The answer that comes next has been looked at: where it has an ID token, that is verified.
    void trust_identity() noexcept
    {
        if (asking_) asking_->trust_identity();
    }

    /// @pre the last action was `next::done`
    result<exchanged> outcome() &&
    {
        if (failed_) return std::move(*failed_);
        return std::move(out_);
    }
};

} // namespace oauth

#endif
