#include <oauth/machine/forgetting.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/machine_script.hpp"
#include "../../support/sessions.hpp"

namespace {

using namespace oauth;
using namespace oauth::test;

auto script() { return machine_script([] { return forgetting(); }, start); }
void is_well(result<void> outcome) { BOOST_TEST(outcome.has_value()); }

} // namespace

BOOST_AUTO_TEST_SUITE(machine_forgetting)

BOOST_AUTO_TEST_CASE(keeps_others_out_while_it_erases) { script().lock().erase().unlock().ends(is_well); }

BOOST_AUTO_TEST_CASE(erases_without_the_lock_where_it_must) { script().lock().fails(failure(errc::lock_timeout, advice::retry)).erase().ends(is_well); }

BOOST_AUTO_TEST_CASE(tells_when_it_could_not)
{
    auto const told = [](result<void> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == errc::store_not_writable);
    };
    failure const why(errc::store_not_writable, advice::retry);
    script().lock().erase().fails(why).unlock().ends(told);
    script().lock().fails(failure(errc::lock_timeout, advice::retry)).erase().fails(why).ends(told);
}

BOOST_AUTO_TEST_SUITE_END()
