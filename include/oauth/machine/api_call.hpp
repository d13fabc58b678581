#ifndef OAUTH_MACHINE_API_CALL_HPP
#define OAUTH_MACHINE_API_CALL_HPP

#include <oauth/core/claims_request.hpp>
#include <oauth/core/form.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/core/session.hpp>
#include <oauth/machine/action.hpp>
#include <oauth/machine/provisioning.hpp>
#include <oauth/machine/renewal.hpp>
#include <oauth/machine/renewal_wish.hpp>
#include <oauth/response/challenge.hpp>
#include <oauth/response/claims_challenge.hpp>
#include <oauth/response/step_up_challenge.hpp>
#include <boost/json/value.hpp>
#include <algorithm>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
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

/// A session's tokens, for @ref basic_api_call: got by its refresh token.
struct by_refresh_token
{
    renewal operator()(renewal_wish wish) const { return renewal(std::move(wish)); }
};

/// The tokens that a grant brings again and again, for @ref basic_api_call.
struct by_grant
{
    secret parameters;   ///< the token request's body, as @ref token_request_body has it

    provisioning operator()(renewal_wish wish) const
    {
        form body;
        body.add_encoded(parameters.reveal());
        return provisioning(std::move(body), std::move(wish));
    }
};

/** Call an API with an access token: get a token, send; when the API refuses the token, get another one and send once more.

    - 401 that names no error, or `invalid_token`: the token is renewed, once. The challenge of the token's own scheme counts (`issued_token::token_type`), where there is one.
    - 401 or 403 with a claims challenge (`insufficient_claims`, and claims that can be decoded): a token is got with these claims beside the others, once. It takes the place of
      the one that was refused. Where the user must sign in for that, or the API wants other claims still, the failure says so: its `server.claims` are those to sign in with.
    - 401 or 403 that wants another authentication of the user (`insufficient_user_authentication`): where the user has signed in anew meanwhile, so that the store has another token, that one
      is tried, once. Else the failure says so: its `server.acr_values` and `server.max_age` are what to sign in with. No refresh token is tried: it would bring the same authentication. A
      grant is, where the token was kept and not got in this call: its assertion may be of a stronger sign-in than that which the kept token was got with.
    - Anything else is the outcome, whatever its status.

    So a request is sent four times at most. A new token that could not be saved is used all the same.

    For the client's own token nobody can sign in: there the advice is advice::give_up.

    A challenge that repeats a token or the body that was sent is not looked at: it would carry that into a failure.

    @tparam Source Makes the machine that hands out a token as a @ref renewal_wish says: @ref by_refresh_token, @ref by_grant.

    @par Specification
    RFC 6750 2.1 and 3.1, RFC 9449 7.1, RFC 9470 3; Microsoft identity platform, claims challenges and continuous access evaluation
*/
template <class Source>
class basic_api_call
{
    using machine_type = std::invoke_result_t<Source const&, renewal_wish>;

    enum class at { start, renewing, answered, looked, finished };

    at at_ = at::start;
    Source source_;
    http_request request_;
    renewal_wish wish_;
    access_token token_;
    std::vector<access_token> replaced_;   // three at most
    bool renewed_ = false;      // since the token was not valid
    bool challenged_ = false;   // since it lacked claims
    bool looked_ = false;       // since the user had not shown enough
    bool granted_ = false;      // the grant itself brought the token, in this call
    std::optional<machine_type> renewing_;
    std::optional<failure> failed_;
    http_response answer_;
    oauth::step_up_challenge wanted_;

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
        renewing_.emplace(source_(wish_));
        at_ = at::renewing;
        return go_on(std::monostate{}, now);
    }

    action go_on(event happened, time_point now)
    {
        auto todo = renewing_->resume(std::move(happened), now);
        if (!std::holds_alternative<next::done>(todo)) return todo;
        auto outcome = std::move(*renewing_).outcome();
        if (outcome.has_error()) return fail(std::move(outcome).error());
        if constexpr (std::same_as<Source, by_grant>) granted_ = outcome->asked;
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
        if (auto wanted = step_up_challenge::find(challenges); wanted && !repeats_secret(*wanted)) return step_up(std::move(*wanted));
        if (answer_.status != 401 || renewed_ || !says_invalid_token(challenges)) return finish();
        renewed_ = true;
        return replace_token(now);
    }

    /// Is the token the reason, or is no reason given? By the challenge of the scheme that it was shown with: an API may take others beside it (RFC 9449 7.1).
    bool says_invalid_token(std::vector<challenge> const& challenges) const
    {
        auto const* about = find_challenge(challenges, token_->token_type);
        if (about == nullptr) about = find_challenge(challenges, "Bearer");
        if (about == nullptr && !challenges.empty()) about = &challenges.front();
        auto const error = about == nullptr ? std::nullopt : about->find("error");
        return !error || error->empty() || *error == "invalid_token";
    }

    bool repeats_secret(std::string_view claims) const
    {
        auto const read = detail::parse_claims_request(claims);
        return read.has_error() || repeats_secret_in([&read](std::string_view text) { return detail::mentions(*read, text); });
    }

    bool repeats_secret(oauth::step_up_challenge const& wanted) const
    {
        return repeats_secret_in([&wanted](std::string_view text) { return wanted.acr_values.find(text) != wanted.acr_values.npos; });
    }

    /// @param mentions Is this text in what the API sent?
    template <class Mentions>
    bool repeats_secret_in(Mentions mentions) const
    {
        auto const has = [&mentions](access_token const& token) { return mentions(token.reveal()); };
        auto const body = request_.body.reveal();
        return has(token_) || std::any_of(replaced_.begin(), replaced_.end(), has) || (body.size() >= 4 && mentions(body));
    }

    action answer_challenge(std::string const& claims, time_point now)
    {
        // What was wanted before is still wanted.
        auto all = merge_claims_requests(wish_.claims_challenge, claims);
        wish_.claims_challenge = all.has_value() ? std::move(*all) : claims;
        if (!std::exchange(challenged_, true)) return replace_token(now);
        auto why = wants_more(server_errc::insufficient_claims, "the API wants claims that only a sign-in can bring: authorize({.claims = failure.server.claims})");
        why.server.claims = std::move(wish_.claims_challenge);
        return fail(std::move(why));
    }

    failure wants_more(server_errc what, char const* hint) const
    {
        bool const of_client = token_->of_client;
        failure why(what, of_client ? advice::give_up : advice::sign_in_again, of_client ? "the API wants what a client's own token can't have" : hint);
        why.http_status = answer_.status;
        why.server.error = to_string(what);
        return why;
    }

    action step_up(oauth::step_up_challenge wanted)
    {
        wanted_ = std::move(wanted);
        if (token_->of_client || std::exchange(looked_, true)) return fail(wants_step_up());
        at_ = at::looked;
        return next::load{};
    }

    failure wants_step_up()
    {
        auto why = wants_more(server_errc::insufficient_user_authentication,
                              "the user must sign in again: authorize with failure.server.acr_values and failure.server.max_age");
        why.server.acr_values = std::move(wanted_.acr_values);
        why.server.max_age = wanted_.max_age;
        return why;
    }

    /// Has the user signed in anew since our token was got? Another process may have seen to that, or whoever wrote the grant.
    action looked(event& happened, time_point now)
    {
        auto* const failed = std::get_if<failure>(&happened);
        auto other = failed ? access_token() : newer_of(std::get<loaded>(happened).value, now);
        if (!other.empty())
        {
            replaced_.push_back(std::exchange(token_, std::move(other)));
            return send();
        }
        if constexpr (std::same_as<Source, by_grant>)
            if (!granted_ && !renewed_)
            {
                // Whether the grant would do nobody can tell then: to send the user to another sign-in would be wrong.
                if (failed) return fail(std::move(*failed));
                renewed_ = true;
                return replace_token(now);
            }
        return fail(wants_step_up());
    }

    /// The token that was kept later than ours, if there is one.
    access_token newer_of(std::optional<session> const& found, time_point now) const
    {
        if (!found) return {};
        auto const& asked = wish_.terms;
        auto other = found->find(asked.scope, asked.resource, asked.claims, asked.default_resource, token_owner::user, asked.parameters_fingerprint);
        bool const is_new = !other.empty() && is_fresh(*other, now, seconds(0)) && other->received_at >= token_->received_at && other.reveal() != token_.reveal();
        return is_new ? std::move(other) : access_token();
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
    basic_api_call(http_request request, access_token token, renewal_wish wish, Source source = {})
        : source_(std::move(source)), request_(std::move(request)), wish_(std::move(wish)), token_(std::move(token))
    {
    }

    action resume(event happened, time_point now)
    {
        switch (at_)
        {
        case at::start: return token_.empty() ? renew(now) : send();
        case at::renewing: return go_on(std::move(happened), now);
        case at::answered: return answered(happened, now);
        case at::looked: return looked(happened, now);
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

using api_call = basic_api_call<by_refresh_token>;       ///< with a session's tokens
using grant_api_call = basic_api_call<by_grant>;         ///< with the tokens that a grant brings
static_assert(machine<api_call> && machine<grant_api_call>);

} // namespace oauth

#endif
