#ifndef OAUTH_CORE_DETAIL_DEADLINE_AFTER_HPP
#define OAUTH_CORE_DETAIL_DEADLINE_AFTER_HPP

#include <algorithm>
#include <chrono>

namespace oauth::detail {

/** `length`, but at least none and at most ten years: what may be added to a moment, and compared with other units, without overflow.

    Who wants no limit says `max()`, and means it.
*/
template <class Rep, class Period>
constexpr std::chrono::duration<Rep, Period> bounded(std::chrono::duration<Rep, Period> length) noexcept
{
    using unit = std::chrono::duration<Rep, Period>;
    return std::clamp(length, unit::zero(), std::chrono::duration_cast<unit>(std::chrono::hours{10 * 365 * 24}));
}

/// The moment `length` from now, as @ref bounded.
template <class Rep, class Period>
std::chrono::steady_clock::time_point deadline_after(std::chrono::duration<Rep, Period> length) noexcept
{
    return std::chrono::steady_clock::now() + bounded(length);
}

} // namespace oauth::detail

#endif
