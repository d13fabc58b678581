#include <oauth/flow/detail/check_age.hpp>
#include <boost/test/unit_test.hpp>
#include "../../../support/printing.hpp"
#include "../../../support/sessions.hpp"
#include <chrono>
#include <string>

namespace {

using namespace oauth;
using namespace std::chrono_literals;
using oauth::test::start;

bool is_timely(time_point created_at, seconds lifetime = 3600s)
{
    pending_authorization pending;
    pending.created_at = created_at;
    auto const outcome = detail::check_age(pending, start, lifetime);
    if (outcome.has_value()) return true;
    BOOST_TEST(outcome.error().code == errc::authorization_expired);
    BOOST_TEST((outcome.error().next == advice::sign_in_again));
    BOOST_TEST((outcome.error().hint.find("future") != std::string::npos) == (created_at > start));
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(flow_detail_check_age)

BOOST_AUTO_TEST_CASE(from_the_beginning_to_the_last_second)
{
    BOOST_TEST(is_timely(start));
    BOOST_TEST(is_timely(start - 3600s));
    BOOST_TEST(!is_timely(start - 3601s));
    BOOST_TEST(is_timely(start, 0s));
    BOOST_TEST(!is_timely(start - 1s, 0s));
    BOOST_TEST(is_timely(start - std::chrono::years{1}, seconds::max()));
}

BOOST_AUTO_TEST_CASE(the_clock_of_another_host_may_be_a_little_ahead)
{
    BOOST_TEST(is_timely(start + 300s));
    BOOST_TEST(!is_timely(start + 301s));
    BOOST_TEST(!is_timely(start + 24h));
}

BOOST_AUTO_TEST_CASE(any_number_may_have_been_parked)
{
    for (auto const lifetime : {3600s, seconds::max()})
    {
        BOOST_TEST(!is_timely(time_point(seconds::min()), lifetime));
        BOOST_TEST(!is_timely(time_point(seconds::max()), lifetime));
        BOOST_TEST(!is_timely(time_point(99'999'999'999s), lifetime));
    }
}

BOOST_AUTO_TEST_SUITE_END()
