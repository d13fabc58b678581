#include <oauth/core/detail/deadline_after.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>

namespace {

using namespace std::chrono;
using oauth::detail::bounded;
using oauth::detail::deadline_after;

} // namespace

BOOST_AUTO_TEST_SUITE(core_detail_deadline_after)

BOOST_AUTO_TEST_CASE(what_is_sensible_stays)
{
    BOOST_TEST((bounded(30'000ms) == 30'000ms));
    BOOST_TEST((bounded(0s) == 0s));
    BOOST_TEST((bounded(hours{24 * 365}) == hours{24 * 365}));
}

BOOST_AUTO_TEST_CASE(what_is_not_is_cut)
{
    constexpr auto longest = hours{10 * 365 * 24};
    static_assert(bounded(milliseconds::max()) == longest && bounded(seconds::max()) == longest && bounded(nanoseconds::max()) == longest && bounded(hours::max()) == longest);
    static_assert(bounded(milliseconds::min()) == 0ms && bounded(-1s) == 0s);
}

BOOST_AUTO_TEST_CASE(a_deadline_is_never_before_now)
{
    auto const before = steady_clock::now();
    BOOST_TEST((deadline_after(milliseconds::max()) > before + hours{24 * 365}));
    BOOST_TEST((deadline_after(seconds::max()) > before + hours{24 * 365}));
    auto const none = deadline_after(milliseconds::min());
    BOOST_TEST((before <= none));
    BOOST_TEST((none <= steady_clock::now()));
    BOOST_TEST((deadline_after(1h) >= before + 1h));
}

BOOST_AUTO_TEST_SUITE_END()
