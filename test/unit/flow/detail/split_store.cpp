#include <oauth/flow/detail/split_store.hpp>
#include <boost/test/unit_test.hpp>
#include "../../../support/failing_store.hpp"
#include "../../../support/printing.hpp"
#include "../../../support/sessions.hpp"
#include <chrono>
#include <string>
#include <utility>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

/// A session whose token was got at `start + since`, and lives for `life`.
session got(std::string value, seconds since, seconds life = 1h)
{
    auto token = issued(std::move(value), start + since + life);
    token.received_at = start + since;
    return session_of("", {token});
}

struct fixture
{
    failing_store lasting;
    detail::split_store<failing_store> store{lasting, 3};

    static std::string transient(std::string const& name) { return "transient grant " + name; }
    void save(std::string const& name, session const& value) { BOOST_TEST(store.save(transient(name), value).has_value()); }
    bool has(std::string const& name) { return store.load(transient(name)).value().has_value(); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(flow_detail_split_store, fixture)

BOOST_AUTO_TEST_CASE(what_is_transient_never_gets_into_the_store)
{
    save("a", got("one", 0s));
    BOOST_TEST(store.load(transient("a")).value()->access_tokens.at(0).reveal() == "one");
    BOOST_TEST(store.probe(transient("a")).has_value());
    BOOST_TEST(store.try_lock(transient("a")).value().has_value());
    BOOST_TEST(store.erase(transient("a")).has_value());
    BOOST_TEST(!has("a"));
    BOOST_TEST(store.erase(transient("a")).has_value());
    BOOST_TEST(lasting.take_log().empty());
    BOOST_TEST(lasting.keys().empty());
}

BOOST_AUTO_TEST_CASE(all_else_does)
{
    BOOST_TEST(store.save("grant x", got("one", 0s)).has_value());
    BOOST_TEST(store.load("grant x").value()->access_tokens.at(0).reveal() == "one");
    BOOST_TEST(lasting.keys().size() == 2U);   // each call comes to it
    BOOST_TEST(store.probe("grant x").has_value());
    BOOST_TEST(store.erase("grant x").has_value());
    BOOST_TEST(!store.load("grant x").value().has_value());
    lasting.deny("save");
    BOOST_TEST(store.save("grant x", got("one", 0s)).has_error());
    lasting.deny("load");
    BOOST_TEST(store.load("grant x").has_error());
}

BOOST_AUTO_TEST_CASE(each_part_has_its_locks)
{
    for (auto const& key : {transient("a"), std::string("default")})
    {
        auto held = store.try_lock(key).value();
        BOOST_TEST(held.has_value());
        BOOST_TEST(!store.try_lock(key).value().has_value());
        held.reset();
        BOOST_TEST(store.try_lock(key).value().has_value());
    }
}

BOOST_AUTO_TEST_CASE(what_has_expired_goes_when_another_is_saved)
{
    save("a", got("one", 0s, 10min));
    save("b", got("two", 0s, 1h));
    save("c", got("three", 10min - 1s));
    BOOST_TEST(has("a"));
    save("c", got("four", 10min));
    BOOST_TEST(!has("a"));
    BOOST_TEST(has("b"));
    save("d", got("five", 2h));
    for (auto const* gone : {"a", "b", "c"}) BOOST_TEST(!has(gone));
    BOOST_TEST(has("d"));
    // While a token may serve in an outage it is not over.
    auto long_lived = issued("six", start + 1h);
    long_lived.received_at = start;
    long_lived.extended_until = start + 5h;
    save("e", session_of("", {long_lived}));
    save("f", got("seven", 4h));
    BOOST_TEST(has("e"));
    save("f", got("eight", 5h));
    BOOST_TEST(!has("e"));
}

BOOST_AUTO_TEST_CASE(where_there_is_no_room_the_one_goes_that_expires_first)
{
    save("a", got("one", 0s, 2h));
    save("b", got("two", 0s, 1h));
    save("c", got("three", 0s, 3h));
    save("c", got("four", 1s, 3h));   // in its own place
    BOOST_TEST(has("b"));
    save("d", got("five", 2s, 1min));
    BOOST_TEST(!has("b"));
    for (auto const* kept : {"a", "c", "d"}) BOOST_TEST(has(kept));
    for (int i = 0; i < 100; ++i) save("n" + std::to_string(i), got("n", 3s, seconds(60 + i)));
    int count = 0;
    for (int i = 0; i < 100; ++i) count += has("n" + std::to_string(i));
    for (auto const* kept : {"a", "c", "d"}) count += has(kept);
    BOOST_TEST(count == 3);
}

BOOST_AUTO_TEST_SUITE_END()
