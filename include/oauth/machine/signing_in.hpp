#ifndef OAUTH_MACHINE_SIGNING_IN_HPP
#define OAUTH_MACHINE_SIGNING_IN_HPP

#include <oauth/core/scope.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/machine/action.hpp>
#include <oauth/oidc/check_id_token.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace oauth {

/** Obtain tokens for a user whose identity is checked: get the server's keys, then let `Inner` go on; verify the ID token of the answer before `Inner` sees the answer.

    - The keys are there before anything is spent, so that a code is not lost because they could not be fetched.
    - Where the ID token's signature fits none of them, they are got once more: the server may have changed them.
    - What is wrong with the ID token, or with getting newer keys for it, is the end: `Inner` never sees the answer, and keeps nothing. It must not go on either: whatever is advised against
      the failure, the code is spent.

    @tparam Inner A machine that asks the token endpoint, once or several times, and keeps what a success brings. While it asks it holds no lock.
        `inner.trust_identity()` tells it that the ID token in the answer that comes next was verified.
*/
template <machine Inner>
class signing_in
{
    enum class at { start, keys, inner, asked, newer_keys, failed };

    at at_ = at::start;
    Inner inner_;
    id_token_expectations expected_;
    std::size_t max_response_size_;
    std::shared_ptr<jwk_set const> keys_;
    http_response answer_;
    std::optional<id_token> identity_;
    std::optional<failure> failed_;

    action go_on(event happened, time_point now)
    {
        auto todo = inner_.resume(std::move(happened), now);
        at_ = std::holds_alternative<next::ask>(todo) ? at::asked : at::inner;
        return todo;
    }

    action fail(failure why)
    {
        at_ = at::failed;
        failed_ = std::move(why);
        return next::done{};
    }

    /// The answer may be believed, or there is nothing in it to believe.
    action pass_on(time_point now) { return go_on(std::move(answer_), now); }

    action check(time_point now)
    {
        auto const answer = decode_token_response(answer_, max_response_size_);
        if (answer.has_error()) return pass_on(now);
        if (answer->id_token.empty())
        {
            // A server that grants everything but `openid` says that it does not know it. But what the ID token must show can't be shown without one.
            bool const demanded = !expected_.acr_values.empty() || expected_.acr_required || expected_.max_age;
            bool const owed = demanded || !answer->scope || answer->scope->empty() || oauth::scope(*answer->scope).contains("openid");
            if (!owed) return pass_on(now);
            return fail(failure(errc::response_missing_member, advice::give_up, "id_token"));
        }
        expected_.access_token = answer->access_token;
        auto checked = check_id_token(answer->id_token.reveal(), *keys_, expected_, now);
        if (checked.has_error())
        {
            if (at_ == at::asked && may_need_newer_keys(checked.error()))
            {
                at_ = at::newer_keys;
                return next::keys{keys_};
            }
            return fail(std::move(checked).error());
        }
        identity_ = std::move(*checked);
        inner_.trust_identity();
        return pass_on(now);
    }

public:
    /// @param max_response_size Of the token endpoint's answer, as `inner` has it.
    signing_in(Inner inner, id_token_expectations expected, std::size_t max_response_size)
        : inner_(std::move(inner)), expected_(std::move(expected)), max_response_size_(max_response_size)
    {
    }

    action resume(event happened, time_point now)
    {
        auto* const failed = std::get_if<failure>(&happened);
        switch (at_)
        {
        case at::start:
            at_ = at::keys;
            return next::keys{};

        case at::keys:
            if (failed) return fail(std::move(*failed));
            keys_ = std::get<std::shared_ptr<jwk_set const>>(std::move(happened));
            return go_on(std::monostate(), now);

        case at::inner: return go_on(std::move(happened), now);

        case at::asked:
            if (failed) return go_on(std::move(happened), now);
            answer_ = std::get<http_response>(std::move(happened));
            return check(now);

        case at::newer_keys:
            if (failed) return fail(std::move(*failed));
            keys_ = std::get<std::shared_ptr<jwk_set const>>(std::move(happened));
            return check(now);

        case at::failed: return next::done{};
        }
        return next::done{};
    }

    /// The machine within.
    Inner const& inner() const noexcept { return inner_; }

    /// Who signed in; nothing before that was verified.
    std::optional<id_token>& identity() noexcept { return identity_; }

    /// That of the machine within, or why it never began or its answer is not to be believed. @pre the last action was `next::done`
    auto outcome() && -> decltype(std::move(inner_).outcome())
    {
        if (failed_) return std::move(*failed_);
        return std::move(inner_).outcome();
    }
};

} // namespace oauth

#endif
