#ifndef OAUTH_POLICY_CLOCK_HPP
#define OAUTH_POLICY_CLOCK_HPP

#include <oauth/core/time_point.hpp>
#include <chrono>
#include <concepts>

namespace oauth {

/// Can it tell the time?
template <class C>
concept tells_time = requires(C const& clock) {
    { clock.now() } noexcept -> std::same_as<time_point>;
};

/** The role that tells the time of day. Nothing else in this library does.

    | expression | type | meaning |
    |---|---|---|
    | `c.now()` | `time_point` | Seconds since 1970, UTC. Does not throw. May jump, as clocks do. |

    If the flow is used by several threads, `now` is called by several threads. A clock that is not the machine's own may have a member `wait_for(seconds)`, which
    is then called instead of sleeping.

    @par Exemplar
    @code
    struct my_clock
    {
        oauth::time_point now() const noexcept;
    };
    static_assert(oauth::check_clock<my_clock>());
    @endcode

    @par Models
    `system_clock`, `testing::manual_clock`
*/
template <class C>
concept clock = std::move_constructible<C> && tells_time<C>;

/// For the author of a clock: fails to compile with a sentence that says what is missing.
template <class C>
consteval bool check_clock()
{
    static_assert(std::move_constructible<C>, "clock: must be movable");
    static_assert(tells_time<C>, "clock: needs `oauth::time_point now() const noexcept`");
    return clock<C>;
}

/// The machine's own clock.
struct system_clock
{
    time_point now() const noexcept { return std::chrono::floor<seconds>(std::chrono::system_clock::now()); }
};
static_assert(check_clock<system_clock>());

} // namespace oauth

#endif
