#include <oauth/policy/entropy.hpp>
#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace {

struct gives_nothing_back
{
    void fill(std::span<std::byte>);
};

struct takes_a_copy
{
    oauth::result<void> fill(std::array<std::byte, 32>);
};

static_assert(!oauth::entropy<gives_nothing_back> && !oauth::entropy<takes_a_copy> && !oauth::entropy<int>);
static_assert(oauth::entropy<oauth::openssl_entropy>);

} // namespace

BOOST_AUTO_TEST_SUITE(policy_entropy)

BOOST_AUTO_TEST_CASE(fills_all_of_it)
{
    oauth::openssl_entropy source;
    // Each byte is zero by chance once in 2^8; after 16 fills one that is never written shows.
    std::array<std::byte, 67> touched{};
    for (int i = 0; i < 16; ++i)
    {
        std::array<std::byte, 67> bytes{};
        BOOST_TEST(source.fill(bytes).has_value());
        for (std::size_t at = 0; at < bytes.size(); ++at) touched[at] |= bytes[at];
    }
    BOOST_TEST(std::none_of(touched.begin(), touched.end(), [](std::byte byte) { return byte == std::byte{0}; }));
}

BOOST_AUTO_TEST_CASE(does_not_repeat_itself)
{
    oauth::openssl_entropy source;
    std::array<std::byte, 32> first{};
    std::array<std::byte, 32> second{};
    BOOST_TEST(source.fill(first).has_value());
    BOOST_TEST(source.fill(second).has_value());
    BOOST_TEST((first != second));
}

BOOST_AUTO_TEST_CASE(nothing_to_fill)
{
    oauth::openssl_entropy source;
    BOOST_TEST(source.fill({}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
