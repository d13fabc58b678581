// expect: clock: needs .*now\(\) const noexcept
#include <oauth/policy/clock.hpp>

struct my_clock
{
#ifdef GOOD
    oauth::time_point now() const noexcept;
#endif
};
static_assert(oauth::check_clock<my_clock>());
