#include <oauth/policy/clock.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>

namespace {

struct not_movable
{
    not_movable() = default;
    not_movable(not_movable&&) = delete;
    oauth::time_point now() const noexcept;
};

struct may_throw
{
    oauth::time_point now() const;
};

struct tells_something_else
{
    std::chrono::system_clock::time_point now() const noexcept;
};

struct changes_itself
{
    oauth::time_point now() noexcept;
};

static_assert(!oauth::clock<not_movable> && !oauth::clock<may_throw> && !oauth::clock<tells_something_else> && !oauth::clock<changes_itself> && !oauth::clock<int>);
static_assert(oauth::clock<oauth::system_clock> && oauth::clock<oauth::testing::manual_clock>);

} // namespace

BOOST_AUTO_TEST_SUITE(policy_clock)

BOOST_AUTO_TEST_CASE(system_clock_is_the_machines)
{
    auto const before = std::chrono::floor<oauth::seconds>(std::chrono::system_clock::now());
    auto const now = oauth::system_clock().now();
    auto const after = std::chrono::system_clock::now();
    BOOST_TEST((before <= now && now <= after));
}

BOOST_AUTO_TEST_SUITE_END()
