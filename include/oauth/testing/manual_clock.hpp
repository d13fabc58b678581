#ifndef OAUTH_TESTING_MANUAL_CLOCK_HPP
#define OAUTH_TESTING_MANUAL_CLOCK_HPP

#include <oauth/policy/clock.hpp>
#include <atomic>
#include <memory>

namespace oauth::testing {

/** A clock that stands still until it is told otherwise.

    Copies show the same time: keep one in the test and give one to the flow.

    @par Thread safety
    Safe, also for one object.
*/
class manual_clock
{
    std::shared_ptr<std::atomic<seconds::rep>> seconds_since_1970_;

public:
    /// Starts at `first`; by default 2026-01-02 03:04:05 UTC.
    explicit manual_clock(time_point first = time_point{seconds{1'767'323'045}})
        : seconds_since_1970_(std::make_shared<std::atomic<seconds::rep>>(first.time_since_epoch().count()))
    {
    }

    time_point now() const noexcept { return time_point{seconds{seconds_since_1970_->load()}}; }

    /// Go to this very moment; backwards too.
    void set(time_point moment) noexcept { seconds_since_1970_->store(moment.time_since_epoch().count()); }

    /// Let time pass; a negative duration turns the clock back.
    void advance(seconds by) noexcept { seconds_since_1970_->fetch_add(by.count()); }

    /// Who waits by this clock has waited at once: as @ref advance.
    void wait_for(seconds duration) const noexcept { seconds_since_1970_->fetch_add(duration.count()); }
};
static_assert(check_clock<manual_clock>());

} // namespace oauth::testing

#endif
