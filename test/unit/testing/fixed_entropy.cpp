#include <oauth/testing/fixed_entropy.hpp>

#include <boost/test/unit_test.hpp>
#include <array>
#include <set>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_fixed_entropy)

namespace {

std::vector<std::byte> take(oauth::testing::fixed_entropy& from, std::size_t size)
{
    std::vector<std::byte> bytes(size);
    BOOST_TEST(from.fill(bytes).has_value());
    return bytes;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_sequence)
{
    oauth::testing::fixed_entropy one(7), other(7), third(8);
    for (int i = 0; i < 5; ++i)
    {
        auto const bytes = take(one, 32);
        BOOST_TEST((bytes == take(other, 32)));
        BOOST_TEST((bytes != take(third, 32)));
    }
}

BOOST_AUTO_TEST_CASE(no_call_gives_what_another_gave)
{
    oauth::testing::fixed_entropy source;
    std::set<std::vector<std::byte>> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(take(source, 16));
    BOOST_TEST(seen.size() == 1000u);
    BOOST_TEST(source.calls() == 1000u);
}

BOOST_AUTO_TEST_CASE(all_of_a_buffer_is_filled_whatever_its_size)
{
    for (std::size_t const size : {0u, 1u, 31u, 32u, 33u, 100u})
    {
        // A byte that nobody wrote stays zero whatever the seed.
        std::vector<bool> touched(size);
        for (std::uint64_t seed = 0; seed < 16; ++seed)
        {
            oauth::testing::fixed_entropy source(seed);
            auto const bytes = take(source, size);
            for (std::size_t i = 0; i < size; ++i) touched[i] = touched[i] || bytes[i] != std::byte{};
        }
        for (std::size_t i = 0; i < size; ++i) BOOST_TEST(touched[i], "byte " << i << " of " << size);
    }
}

BOOST_AUTO_TEST_CASE(the_blocks_of_a_long_buffer_differ)
{
    oauth::testing::fixed_entropy source;
    auto const bytes = take(source, 64);
    BOOST_TEST(!std::equal(bytes.begin(), bytes.begin() + 32, bytes.begin() + 32));
}

BOOST_AUTO_TEST_CASE(it_fails_as_often_as_it_was_told)
{
    oauth::testing::fixed_entropy source;
    source.fail_next(2);
    std::array<std::byte, 4> bytes{};
    for (int i = 0; i < 2; ++i)
    {
        auto const filled = source.fill(bytes);
        BOOST_REQUIRE(filled.has_error());
        BOOST_TEST((filled.error().code == oauth::errc::entropy_failed));
        BOOST_TEST((filled.error().next == oauth::advice::give_up));
        BOOST_TEST((bytes == std::array<std::byte, 4>{}));
    }
    BOOST_TEST(source.fill(bytes).has_value());
    BOOST_TEST(source.calls() == 3u);
}

BOOST_AUTO_TEST_CASE(copies_share_the_sequence_and_the_failures)
{
    oauth::testing::fixed_entropy kept, reference;
    auto given = kept;
    auto const first = take(given, 8);
    BOOST_TEST((first == take(reference, 8)));
    BOOST_TEST((take(kept, 8) == take(reference, 8)));
    kept.fail_next();
    std::array<std::byte, 4> bytes{};
    BOOST_TEST(given.fill(bytes).has_error());
}

BOOST_AUTO_TEST_CASE(threads_get_different_bytes)
{
    oauth::testing::fixed_entropy source;
    std::array<std::vector<std::vector<std::byte>>, 4> got;
    {
        std::vector<std::jthread> threads;
        for (auto& mine : got)
            threads.emplace_back([&mine, source]() mutable {
                for (int i = 0; i < 100; ++i)
                {
                    std::vector<std::byte> bytes(16);
                    if (source.fill(bytes)) mine.push_back(bytes);
                }
            });
    }
    std::set<std::vector<std::byte>> seen;
    for (auto const& mine : got) seen.insert(mine.begin(), mine.end());
    BOOST_TEST(seen.size() == 400u);
}

BOOST_AUTO_TEST_SUITE_END()
