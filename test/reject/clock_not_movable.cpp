// expect: clock: must be movable
#include <oauth/policy/clock.hpp>

struct my_clock
{
#ifdef GOOD
    my_clock(my_clock&&) = default;
#else
    my_clock(my_clock&&) = delete;
#endif
    oauth::time_point now() const noexcept;
};
static_assert(oauth::check_clock<my_clock>());
