#include <oauth/machine/action.hpp>
#include <boost/test/unit_test.hpp>
#include <type_traits>
#include <utility>
#include <variant>

namespace {

using namespace oauth;

struct good_machine
{
    action resume(event, time_point) { return next::done{}; }
    result<int> outcome() && { return 0; }
};

struct without_outcome
{
    action resume(event, time_point) { return next::done{}; }
};

struct without_time
{
    action resume(event) { return next::done{}; }
    result<int> outcome() && { return 0; }
};

struct with_another_action
{
    int resume(event, time_point) { return 0; }
    result<int> outcome() && { return 0; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(machine_action)

static_assert(machine<good_machine>);
static_assert(!machine<without_outcome>);
static_assert(!machine<without_time>);
static_assert(!machine<with_another_action>);
static_assert(std::is_nothrow_move_constructible_v<event>);

BOOST_AUTO_TEST_CASE(a_machine_begins_with_an_empty_event)
{
    event const first;
    BOOST_TEST(std::holds_alternative<std::monostate>(first));
    BOOST_TEST(!loaded().unsaved);
    BOOST_TEST(next::lock().wait);
}

BOOST_AUTO_TEST_SUITE_END()
