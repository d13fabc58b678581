// expect: clock: needs .oauth::time_point now\(\)
#include <oauth/policy/clock.hpp>

struct my_clock
{
#ifdef GOOD
    oauth::time_point now() const noexcept;
#else
    std::chrono::system_clock::time_point now() const noexcept;
#endif
};
static_assert(oauth::check_clock<my_clock>());
