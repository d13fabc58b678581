#ifndef OAUTH_CORE_ACCESS_TOKEN_HPP
#define OAUTH_CORE_ACCESS_TOKEN_HPP

#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/core/time_point.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/// An access token with its absolute times, and all that it was asked with.
struct issued_token
{
    secret value = {};
    std::string token_type = "Bearer";
    time_point received_at{};                       ///< the client's clock before the request was sent
    time_point expires_at{};
    std::optional<time_point> refresh_at = {};      ///< renew from then on, if that can be done
    std::optional<time_point> extended_until = {};  ///< may serve till then while the token service is out of order
    oauth::scope granted = {};                      ///< what the server granted; what was asked for where it did not say

    // What it was asked with. A token is only ever handed to whoever asks the same, or for a part of what was granted.
    oauth::scope requested = {};
    std::string resource = {};
    std::string claims = {};
    bool of_client = false;                         ///< the client's own token, nobody's (RFC 6749 4.4): never in place of a user's
    bool narrowed = false;                          ///< the server said that it granted less than was asked for: some of `requested` is not in `granted`

    /// Which claims it was really asked with, where those of a challenge came to `claims`; see @ref claims_fingerprint. It serves whoever asks for `claims` all the same:
    /// it has taken the place of the token that was refused.
    std::optional<std::string> claims_fingerprint = {};

    /// What else the grant said that makes it another token, such as an audience; see @ref parameters_fingerprint. Empty as a rule.
    std::string parameters_fingerprint = {};
};

/** An access token to present to a resource: a handle to an immutable @ref issued_token.

    Copying shares the token, without an allocation. It stays as it was when the session is renewed; ask the flow again instead of keeping it.

    @par Thread safety
    Distinct handles to the same token may be used by several threads.
*/
class access_token
{
    std::shared_ptr<issued_token const> token_;

public:
    access_token() = default;
    explicit access_token(issued_token token) : token_(std::make_shared<issued_token const>(std::move(token))) {}

    /// Is there none?
    bool empty() const noexcept { return token_ == nullptr; }

    /// The token itself, as it goes behind "Bearer ". Lives as long as any handle.
    std::string_view reveal() const noexcept { return token_ ? token_->value.reveal() : std::string_view(); }

    /// Everything about it. @pre not `empty()`
    issued_token const* operator->() const noexcept { return token_.get(); }
    issued_token const& operator*() const noexcept { return *token_; }

    /// The value of an `Authorization` header: "Bearer …" (RFC 6750 2.1). One allocation.
    secret authorization() const
    {
        constexpr std::string_view scheme = "Bearer ";
        std::string text;
        text.reserve(scheme.size() + reveal().size());
        text.append(scheme).append(reveal());
        return secret(std::move(text));
    }
};

/** Is `token` good for another `margin` from `now` on?

    A token that was received in the future, by more than five minutes, is not: the clock was turned back, and its expiry says nothing any more.
*/
inline bool is_fresh(issued_token const& token, time_point now, seconds margin) noexcept
{
    // Compared as a difference: a caller may ask for any margin, and now + margin would overflow.
    return now < token.expires_at && margin < token.expires_at - now && now + std::chrono::minutes{5} >= token.received_at;
}

/// Was `token` granted less than `wanted`, which it was asked with? What it was granted, it serves for.
inline bool lacks_some_of(issued_token const& token, scope const& wanted) noexcept { return token.narrowed && token.requested == wanted; }

/// Should `token`, though fresh, be renewed already?
inline bool is_due(issued_token const& token, time_point now) noexcept { return token.refresh_at && now >= *token.refresh_at; }

} // namespace oauth

#endif
