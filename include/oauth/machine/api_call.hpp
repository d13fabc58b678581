#ifndef OAUTH_MACHINE_API_CALL_HPP
#define OAUTH_MACHINE_API_CALL_HPP

#include <oauth/machine/action.hpp>
#include <oauth/machine/renewal.hpp>
#include <oauth/response/challenge.hpp>
#include <optional>
#include <utility>
#include <variant>

namespace oauth {

/** Call an API with a bearer token: get a token, send; when the API says that the token is not valid, renew once and send once more.

    Any other answer is the outcome, whatever its status. A new token that could not be saved is used all the same.

    @par Specification
    RFC 6750 2.1 and 3.1
*/
class api_call
{
    enum class at { start, renewing, answered, finished };

    at at_ = at::start;
    http_request request_;
    renewal_wish wish_;
    access_token token_;
    bool second_time_ = false;
    std::optional<renewal> renewing_;
    std::optional<failure> failed_;
    http_response answer_;

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

    action send()
    {
        if (!detail::ascii_iequal(token_->token_type, "Bearer"))
            return fail(failure(errc::unsupported_token_type, advice::fix_configuration, "only bearer tokens can be presented"));
        auto request = request_;
        request.authorization = token_.authorization();
        at_ = at::answered;
        return next::send{std::move(request)};
    }

    action renew(time_point now)
    {
        renewing_.emplace(wish_);
        at_ = at::renewing;
        return go_on(std::monostate{}, now);
    }

    action go_on(event happened, time_point now)
    {
        auto todo = renewing_->resume(std::move(happened), now);
        if (!std::holds_alternative<next::done>(todo)) return todo;
        auto outcome = std::move(*renewing_).outcome();
        if (outcome.has_error()) return fail(std::move(outcome).error());
        token_ = std::move(outcome->token);
        return send();
    }

    action answered(event& happened, time_point now)
    {
        if (auto* const failed = std::get_if<failure>(&happened)) return fail(std::move(*failed));
        answer_ = std::move(std::get<http_response>(happened));
        if (answer_.status != 401 || std::exchange(second_time_, true)) return finish();
        auto const error = challenge_error(answer_.fields);
        if (!error.empty() && error != "invalid_token") return finish();
        wish_.when = renew_when::replaced;
        wish_.at_hand = token_;
        return renew(now);
    }

public:
    /// @param token A token that is good, or an empty handle: then one is got as `wish` says.
    api_call(http_request request, access_token token, renewal_wish wish) : request_(std::move(request)), wish_(std::move(wish)), token_(std::move(token)) {}

    action resume(event happened, time_point now)
    {
        switch (at_)
        {
        case at::start: return token_.empty() ? renew(now) : send();
        case at::renewing: return go_on(std::move(happened), now);
        case at::answered: return answered(happened, now);
        case at::finished: return next::done{};
        }
        return next::done{};
    }

    /// @pre the last action was `next::done`
    result<http_response> outcome() &&
    {
        if (failed_) return std::move(*failed_);
        return std::move(answer_);
    }
};
static_assert(machine<api_call>);

} // namespace oauth

#endif
