#include <oauth/flow/detail/split_store.hpp>
#include <oauth/testing/manual_clock.hpp>
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
    detail::session_cache cache{8};
    testing::manual_clock clock{start};
    detail::split_store<failing_store, testing::manual_clock> store{lasting, cache, clock, 3};

    static std::string account_of(std::string name)
    {
        name.resize(43, 'x');
        return "transient grant " + name;
    }

    static std::string transient(std::string const& name) { return account_of(name) + "\nwho\nhttps://login.example/token"; }

    void save(std::string const& name, session const& value)
    {
        clock.set(value.access_tokens.back()->received_at);
        BOOST_TEST(store.save(transient(name), value).has_value());
    }

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

BOOST_AUTO_TEST_CASE(what_has_expired_is_not_found)
{
    auto value = got("one", 0s, 60s);
    value.refresh_token = secret("r1");
    save("a", value);
    cache.saw(account_of("a"), value, 0);
    auto const in_memory = [&] { return !cache.find(account_of("a"), "Mail.Read", "", "", "").empty(); };
    clock.set(start + 59s);
    BOOST_TEST(has("a"));
    BOOST_TEST(in_memory());
    clock.set(start + 60s);
    BOOST_TEST(!has("a"));
    BOOST_TEST(!in_memory());
    clock.set(start);   // it is gone
    BOOST_TEST(!has("a"));
}

BOOST_AUTO_TEST_CASE(the_cache_loses_what_goes)
{
    auto const value = got("one", 0s, 60s);
    auto const in_memory = [&](char const* name) { return !cache.find(account_of(name), "Mail.Read", "", "", "").empty(); };
    for (auto const* name : {"a", "b", "c"})
    {
        save(name, value);
        cache.saw(account_of(name), value, 0);
    }
    cache.hold(account_of("b"), {got("held", 0s), held_as::addition, {}}, 0);
    save("d", got("four", 1s));   // for want of room
    BOOST_TEST(!in_memory("a"));
    BOOST_TEST(in_memory("c"));
    save("e", got("five", 60s));  // all that are over
    BOOST_TEST(!in_memory("c"));
    BOOST_TEST(in_memory("b"));   // of what is held nothing is lost
    BOOST_TEST(!has("b"));
}

// Only what grant_account names is transient: a user may be called as they like.
BOOST_AUTO_TEST_CASE(what_only_begins_like_a_transient_grant_is_stored)
{
    std::string const digest(43, 'x'), rest = "\nwho\nhttps://login.example/token";
    for (auto const& name : {std::string("alex"), std::string(), digest, digest + "x", digest.substr(1), digest.substr(1) + ".", digest.substr(1) + "\xff", digest + " "})
    {
        auto const key = "transient grant " + name + (name == digest ? "" : rest);
        BOOST_TEST(store.save(key, got("one", 0s)).has_value());
        BOOST_TEST(lasting.inner().load(key).value().has_value(), name);
        BOOST_TEST(store.load(key).value().has_value());
    }
    BOOST_TEST(store.save("transient grant " + digest + rest, got("one", 0s)).has_value());
    BOOST_TEST(!lasting.inner().load("transient grant " + digest + rest).value().has_value());
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
