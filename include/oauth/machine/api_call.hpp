#ifndef OAUTH_MACHINE_API_CALL_HPP
#define OAUTH_MACHINE_API_CALL_HPP

#include <oauth/core/claims_request.hpp>
#include <oauth/machine/action.hpp>
#include <oauth/machine/renewal.hpp>
#include <oauth/response/challenge.hpp>
#include <oauth/response/claims_challenge.hpp>
#include <boost/json/value.hpp>
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace oauth {

namespace detail {

/// Does `text` stand in a string or a name within `value`, however it was escaped? What can be parsed is not deep.
inline bool mentions(boost::json::value const& value, std::string_view text)
{
    auto const has = [text](auto const& where) { return std::string_view(where.data(), where.size()).find(text) != std::string_view::npos; };
    if (auto const* const string = value.if_string()) return has(*string);
    if (auto const* const array = value.if_array()) return std::any_of(array->begin(), array->end(), [text](auto const& one) { return mentions(one, text); });
    auto const* const object = value.if_object();
    return object && std::any_of(object->begin(), object->end(), [&](auto const& member) { return has(member.key()) || mentions(member.value(), text); });
}

} // namespace detail

/** Call an API with an access token: get a token, send; when the API refuses the token, get another one and send once more.

    - 401 that names no error, or `invalid_token`: the token is renewed, once.
    - 401 or 403 with a claims challenge (`insufficient_claims`, and claims that can be decoded): a token is got with these claims beside the others, once. It takes the place of
      the one that was refused. Where the user must sign in for that, or the API wants other claims still, the failure says so: its `server.claims` are those to sign in with.
    - Anything else is the outcome, whatever its status.

    So a request is sent three times at most. A new token that could not be saved is used all the same.

    Claims that repeat a token or the body that was sent are not looked at: they would carry it into a failure.

    @par Specification
    RFC 6750 2.1 and 3.1; Microsoft identity platform, claims challenges and continuous access evaluation
*/
class api_call
{
    enum class at { start, renewing, answered, finished };

    at at_ = at::start;
    http_request request_;
    renewal_wish wish_;
    access_token token_;
    std::vector<access_token> replaced_;   // two at most
    bool renewed_ = false;      // since the token was not valid
    bool challenged_ = false;   // since it lacked claims
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
        at_ = at::answered;
        return next::send{request_, token_};
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
        if (answer_.status != 401 && answer_.status != 403) return finish();
        auto const challenges = parse_challenges(answer_.fields);
        if (auto const claims = claims_challenge(challenges); claims && !repeats_secret(*claims)) return answer_challenge(*claims, now);
        if (answer_.status != 401 || renewed_ || !says_invalid_token(challenges)) return finish();
        renewed_ = true;
        return replace_token(now);
    }

    /// Is the token the reason, or is no reason given?
    static bool says_invalid_token(std::vector<challenge> const& challenges)
    {
        auto const* about = find_challenge(challenges, "Bearer");
        if (about == nullptr && !challenges.empty()) about = &challenges.front();
        auto const error = about == nullptr ? std::nullopt : about->find("error");
        return !error || error->empty() || *error == "invalid_token";
    }

    bool repeats_secret(std::string_view claims) const
    {
        auto const read = detail::parse_claims_request(claims);
        if (read.has_error()) return true;
        auto const has = [&read](access_token const& token) { return detail::mentions(*read, token.reveal()); };
        auto const body = request_.body.reveal();
        return has(token_) || std::any_of(replaced_.begin(), replaced_.end(), has) || (body.size() >= 4 && detail::mentions(*read, body));
    }

    action answer_challenge(std::string const& claims, time_point now)
    {
        // What was wanted before is still wanted.
        auto all = merge_claims_requests(wish_.claims_challenge, claims);
        wish_.claims_challenge = all.has_value() ? std::move(*all) : claims;
        if (!std::exchange(challenged_, true)) return replace_token(now);
        failure why(server_errc::insufficient_claims, advice::sign_in_again, "the API wants claims that only a sign-in can bring: authorize({.claims = failure.server.claims})");
        why.http_status = answer_.status;
        why.server.error = to_string(server_errc::insufficient_claims);
        why.server.claims = std::move(wish_.claims_challenge);
        return fail(std::move(why));
    }

    action replace_token(time_point now)
    {
        wish_.when = renew_when::replaced;
        wish_.at_hand = token_;
        replaced_.push_back(token_);
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
