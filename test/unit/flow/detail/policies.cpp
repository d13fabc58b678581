#include <oauth/flow/detail/policies.hpp>
#include <oauth/policy/authentication/client_secret_basic.hpp>
#include <oauth/policy/authentication/client_secret_post.hpp>
#include <oauth/policy/store/memory_store.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include <boost/test/unit_test.hpp>
#include <concepts>
#include <memory>
#include <utility>

namespace {

using namespace oauth;
using namespace oauth::detail;
using testing::manual_clock;
using testing::scripted_transport;

struct movable
{
    std::unique_ptr<int> value;
};

} // namespace

BOOST_AUTO_TEST_SUITE(flow_detail_policies)

static_assert(one_of<int, char, int> && !one_of<int, char, long> && !one_of<int>);

// Each policy is recognised by what it can do, wherever it stands; else the default is taken.
static_assert(std::same_as<first_transport<manual_clock, scripted_transport, memory_store>::type, scripted_transport>);
static_assert(std::same_as<first_store<int, manual_clock, memory_store>::type, memory_store> && std::same_as<first_store<int, manual_clock>::type, int>);
static_assert(std::same_as<first_clock<int, memory_store, manual_clock>::type, manual_clock> && std::same_as<first_clock<int>::type, int>);
static_assert(std::same_as<first_authentication<client_secret_post, memory_store, client_secret_basic>::type, client_secret_basic>);
static_assert(std::same_as<first_authentication<client_secret_post, memory_store>::type, client_secret_post>);

BOOST_AUTO_TEST_CASE(takes_the_object_of_its_type_or_makes_one)
{
    movable given{std::make_unique<int>(7)};
    int number = 5;
    BOOST_TEST(*take<movable>(number, given).value == 7);
    BOOST_TEST(given.value == nullptr);   // moved, not copied
    BOOST_TEST(take<int>(given, number) == 5);
    BOOST_TEST(take<movable>(number).value == nullptr);
    BOOST_TEST(take<int>() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
