#ifndef OAUTH_FLOW_DETAIL_CHECK_AGE_HPP
#define OAUTH_FLOW_DETAIL_CHECK_AGE_HPP

#include <oauth/core/detail/deadline_after.hpp>
#include <oauth/core/pending_authorization.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <chrono>

namespace oauth::detail {

/// Was the sign-in begun within the time that a user is given? What was parked may hold any number, so nothing is subtracted from it. Else errc::authorization_expired.
inline result<void> check_age(pending_authorization const& pending, time_point now, seconds lifetime)
{
    if (pending.created_at < now - bounded(lifetime)) return failure(errc::authorization_expired, advice::sign_in_again, "begin a new sign-in");
    // Another host may have begun it, whose clock is a little ahead. Far ahead means that a clock was turned back, and it would not expire for long.
    if (pending.created_at > now + std::chrono::minutes{5})
        return failure(errc::authorization_expired, advice::sign_in_again, "it was begun in the future: is this machine's clock right? Then begin a new sign-in");
    return {};
}

} // namespace oauth::detail

#endif
