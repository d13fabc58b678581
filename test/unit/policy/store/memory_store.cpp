#include <oauth/policy/store/memory_store.hpp>
#include <boost/test/unit_test.hpp>
#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

oauth::session with_refresh_token(std::string text)
{
    oauth::session out;
    out.refresh_token = oauth::secret(std::move(text));
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_store_memory_store)

static_assert(oauth::token_store<oauth::memory_store>);
static_assert(std::is_default_constructible_v<oauth::memory_store> && !std::is_copy_constructible_v<oauth::memory_store>);
static_assert(!std::is_copy_constructible_v<oauth::memory_store::lock_type> && std::is_nothrow_move_constructible_v<oauth::memory_store::lock_type>);

BOOST_AUTO_TEST_CASE(keeps_replaces_and_forgets)
{
    oauth::memory_store store;
    BOOST_TEST(!store.load("a").value().has_value());
    BOOST_TEST(store.erase("a").has_value());
    BOOST_TEST(store.probe("a").has_value());
    BOOST_TEST(!store.load("a").value().has_value());

    BOOST_TEST(store.save("a", with_refresh_token("first")).has_value());
    BOOST_TEST(store.save("b", with_refresh_token("other")).has_value());
    BOOST_TEST(store.save("a", with_refresh_token("second")).has_value());
    BOOST_TEST(store.load("a").value()->refresh_token.reveal() == "second");
    BOOST_TEST(store.load("b").value()->refresh_token.reveal() == "other");

    BOOST_TEST(store.erase("a").has_value());
    BOOST_TEST(!store.load("a").value().has_value());
    BOOST_TEST(store.load("b").value().has_value());
}

BOOST_AUTO_TEST_CASE(what_is_loaded_is_a_copy)
{
    oauth::memory_store store;
    auto value = with_refresh_token("kept");
    BOOST_TEST(store.save("a", value).has_value());
    value.refresh_token = oauth::secret("changed");
    auto loaded = store.load("a").value();
    loaded->refresh_token = oauth::secret("changed too");
    BOOST_TEST(store.load("a").value()->refresh_token.reveal() == "kept");
}

BOOST_AUTO_TEST_CASE(keys_are_compared_exactly)
{
    oauth::memory_store store;
    using namespace std::string_literals;
    std::vector<std::string> const keys = {"a", "A", "a ", "a\0b"s, "a\0c"s, "\xff", std::string(1024, 'k'), std::string(1023, 'k')};
    for (auto const& key : keys) BOOST_TEST(store.save(key, with_refresh_token("of " + key)).has_value());
    for (auto const& key : keys) BOOST_TEST(store.load(key).value()->refresh_token.reveal() == "of " + key);
}

BOOST_AUTO_TEST_CASE(a_moved_store_takes_all_along)
{
    oauth::memory_store store;
    BOOST_TEST(store.save("a", with_refresh_token("kept")).has_value());
    auto lock = store.try_lock("a").value();
    BOOST_TEST_REQUIRE(lock.has_value());
    oauth::memory_store moved(std::move(store));
    BOOST_TEST(moved.load("a").value()->refresh_token.reveal() == "kept");
    BOOST_TEST(!moved.try_lock("a").value().has_value());
    lock.reset();
    BOOST_TEST(moved.try_lock("a").value().has_value());
}

BOOST_AUTO_TEST_CASE(a_lock_is_given_back_once)
{
    oauth::memory_store store;
    auto first = store.try_lock("a").value();
    BOOST_TEST(first.has_value());
    BOOST_TEST(!store.try_lock("a").value().has_value());
    BOOST_TEST(store.try_lock("b").value().has_value());
    {
        auto const moved = std::move(*first);
        first.reset();
        BOOST_TEST(!store.try_lock("a").value().has_value());
    }
    auto again = store.try_lock("a").value();
    BOOST_TEST_REQUIRE(again.has_value());
    auto other = store.try_lock("b").value();
    BOOST_TEST_REQUIRE(other.has_value());
    *again = std::move(*other);
    BOOST_TEST(store.try_lock("a").value().has_value());
    BOOST_TEST(!store.try_lock("b").value().has_value());
}

BOOST_AUTO_TEST_CASE(a_lock_outlives_its_store)
{
    std::optional<oauth::memory_store::lock_type> lock;
    {
        oauth::memory_store store;
        lock = store.try_lock("a").value();
    }
    BOOST_TEST(lock.has_value());
    lock.reset();
}

BOOST_AUTO_TEST_CASE(load_and_save_do_not_wait_for_the_lock)
{
    oauth::memory_store store;
    auto const lock = store.try_lock("a").value();
    BOOST_TEST(store.save("a", with_refresh_token("kept")).has_value());
    BOOST_TEST(store.probe("a").has_value());
    BOOST_TEST(store.load("a").value().has_value());
    BOOST_TEST(store.erase("a").has_value());
}

BOOST_AUTO_TEST_CASE(threads_exclude_each_other)
{
    oauth::memory_store store;
    std::atomic<int> inside{0};
    std::atomic<int> broken{0};
    std::atomic<int> entered{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 500; ++i)
            {
                std::string const key = i % 2 ? "shared" : "own" + std::to_string(t);
                if (!store.save(key, with_refresh_token("x")).has_value() || !store.load(key).value().has_value()) ++broken;
                auto const lock = store.try_lock("one").value();
                if (!lock) continue;
                if (++inside != 1) ++broken;
                ++entered;
                --inside;
            }
        });
    for (auto& thread : threads) thread.join();
    BOOST_TEST(broken == 0);
    BOOST_TEST(entered > 0);
    BOOST_TEST(store.try_lock("one").value().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
