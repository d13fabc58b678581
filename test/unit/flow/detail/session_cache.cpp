#include <oauth/flow/detail/session_cache.hpp>
#include <boost/test/unit_test.hpp>
#include "../../../support/sessions.hpp"
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::detail;
using namespace oauth::test;
using namespace std::chrono_literals;

session with(std::string access_token, oauth::scope scope = "Mail.Read", std::string refresh_token = "r1")
{
    return session_of(std::move(refresh_token), {issued(std::move(access_token), start + 1h, std::move(scope))});
}

std::string found(session_cache const& cache, std::string_view key, oauth::scope const& scope = "Mail.Read", std::string_view resource = "", std::string_view claims = "")
{
    return std::string(cache.find(key, scope, resource, claims, "").reveal());
}

} // namespace

BOOST_AUTO_TEST_SUITE(flow_detail_session_cache)

BOOST_AUTO_TEST_CASE(finds_what_was_seen)
{
    session_cache cache(8);
    BOOST_TEST(found(cache, "a") == "");
    BOOST_TEST(cache.saw("a", with("1"), 0) != 0U);
    BOOST_TEST(found(cache, "a") == "1");
    BOOST_TEST(found(cache, "b") == "");
    BOOST_TEST(found(cache, "a", "Mail.Send") == "");
    BOOST_TEST(found(cache, "a", "Mail.Read", "https://other.example") == "");   // another resource's token is another token
    BOOST_TEST(found(cache, "a", "Mail.Read", "", "{}") == "");
    BOOST_TEST(!cache.held("a").first.has_value());
    cache.drop("a");
    BOOST_TEST(found(cache, "a") == "");
    cache.drop("a");
}

BOOST_AUTO_TEST_CASE(what_was_read_before_another_wrote_does_not_count)
{
    session_cache cache(8);
    auto const seen = cache.held("a").second;
    cache.saved("a", with("new"), 0);
    BOOST_TEST(cache.saw("a", with("old"), seen) == seen);
    BOOST_TEST(found(cache, "a") == "new");
    cache.drop("a", seen);
    BOOST_TEST(found(cache, "a") == "new");
    cache.drop("a", cache.held("a").second);
    BOOST_TEST(found(cache, "a") == "");
}

BOOST_AUTO_TEST_CASE(what_is_held_goes_before_what_was_seen)
{
    session_cache cache(8);
    auto const seen = cache.saw("a", with("stored"), 0);
    cache.hold("a", {with("held", "Calendars.Read"), held_as::addition, {}}, seen);
    BOOST_TEST(found(cache, "a", "Calendars.Read") == "held");
    BOOST_TEST(found(cache, "a") == "stored");   // an addition leaves the rest as it is
    BOOST_TEST((cache.held("a").first->how == held_as::addition));

    cache.hold("a", {with("renewed"), held_as::successor, secret("r0")}, cache.held("a").second);
    BOOST_TEST(found(cache, "a") == "renewed");
    BOOST_TEST(found(cache, "a", "Calendars.Read") == "");   // it knew the addition, and did not take it along
    cache.hold("a", {with("signed in", "Mail.Send"), held_as::replacement, {}}, 0);
    BOOST_TEST(found(cache, "a") == "");
    BOOST_TEST(found(cache, "a", "Mail.Send") == "signed in");
}

BOOST_AUTO_TEST_CASE(a_save_ends_the_holding_of_what_it_knew)
{
    session_cache cache(8);
    cache.hold("a", {with("held"), held_as::replacement, {}}, 0);
    auto const knew = cache.held("a").second;
    cache.saved("a", with("saved"), knew);
    BOOST_TEST(!cache.held("a").first.has_value());
    BOOST_TEST(found(cache, "a") == "saved");

    // A sign-in that could not be saved came while a renewal was under way: the renewal's save must not drop it.
    cache.hold("a", {with("signed in"), held_as::replacement, {}}, 0);
    cache.saved("a", with("renewed"), knew);
    BOOST_TEST(cache.held("a").first.has_value());
    BOOST_TEST(found(cache, "a") == "signed in");

    // A sign-in that was saved ends all.
    cache.saved("a", with("signed in again"), std::nullopt);
    BOOST_TEST(!cache.held("a").first.has_value());
    BOOST_TEST(found(cache, "a") == "signed in again");
}

BOOST_AUTO_TEST_CASE(bounded_but_what_is_held_stays)
{
    session_cache cache(3);
    cache.hold("held", {with("1"), held_as::replacement, {}}, 0);
    for (int i = 0; i < 100; ++i) cache.saw("seen" + std::to_string(i), with("x"), 0);
    int left = 0;
    for (int i = 0; i < 100; ++i) left += found(cache, "seen" + std::to_string(i)) == "x";
    BOOST_TEST(left == 2);
    BOOST_TEST(found(cache, "seen99") == "x");
    BOOST_TEST(found(cache, "held") == "1");

    for (int i = 0; i < 5; ++i) cache.hold("more" + std::to_string(i), {with("y"), held_as::replacement, {}}, 0);
    for (int i = 0; i < 5; ++i) BOOST_TEST(found(cache, "more" + std::to_string(i)) == "y");
    BOOST_TEST(found(cache, "held") == "1");
}

BOOST_AUTO_TEST_CASE(threads_meet)
{
    session_cache cache(4);
    std::atomic<bool> go_on{true};
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i)
        threads.emplace_back([&] {
            while (go_on)
                for (auto const* key : {"a", "b"})
                    if (auto const token = found(cache, key); !token.empty() && token != key) ++wrong;
        });
    for (int i = 0; i < 2; ++i)
        threads.emplace_back([&] {
            for (int n = 0; n < 300; ++n)
                for (auto const* key : {"a", "b"})
                {
                    auto const seen = cache.held(key).second;
                    if (n % 3 == 0) cache.hold(key, {with(key), held_as::addition, {}}, seen);
                    else if (n % 3 == 1) cache.saved(key, with(key), seen);
                    else cache.drop(key);
                    cache.saw(key, with(key), cache.held(key).second);
                }
        });
    threads[2].join();
    threads[3].join();
    go_on = false;
    threads[0].join();
    threads[1].join();
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(a_client_s_own_token_that_is_held)
{
    auto const of_client = [](std::string value) {
        auto made = issued(std::move(value), start + 1h);
        made.of_client = true;
        return session_of("", {made});
    };
    session_cache cache(8);
    cache.hold("a", {of_client("app"), held_as::addition, {}}, 0);
    BOOST_TEST(found(cache, "a") == "app");   // nobody has signed in
    // What is held says nothing of a user; what the store has does.
    cache.saved("a", session_of("r1"), cache.held("a").second - 1);
    BOOST_TEST_REQUIRE(cache.held("a").first.has_value());
    BOOST_TEST(found(cache, "a") == "");
    BOOST_TEST(cache.find("a", "Mail.Read", "", "", "", token_owner::client).reveal() == "app");
    cache.saved("a", with("user"), cache.held("a").second - 1);
    BOOST_TEST(found(cache, "a") == "user");
    // And the other way round.
    cache.saved("b", of_client("app"), 0);
    cache.hold("b", {with("user", "Mail.Send"), held_as::addition, {}}, cache.held("b").second);
    BOOST_TEST(found(cache, "b") == "");
    BOOST_TEST(found(cache, "b", "Mail.Send") == "user");
    BOOST_TEST(cache.find("b", "Mail.Read", "", "", "", token_owner::client).reveal() == "app");
}

BOOST_AUTO_TEST_CASE(other_parameters_make_another_token)
{
    auto const of = [](std::string value) {
        auto made = issued(std::move(value), start + 1h);
        made.parameters_fingerprint = "p";
        return session_of("r1", {made});
    };
    auto const found_by_them = [](session_cache const& cache) { return std::string(cache.find("a", "Mail.Read", "", "", "", token_owner::user, "p").reveal()); };
    // Whether the store has it, or it is held beside what the store has, or in its place.
    session_cache cache(8);
    cache.saved("a", of("stored"), 0);
    BOOST_TEST(found_by_them(cache) == "stored");
    BOOST_TEST(found(cache, "a") == "");
    cache.hold("a", {with("plain"), held_as::addition, {}}, cache.held("a").second);
    BOOST_TEST(found_by_them(cache) == "stored");
    BOOST_TEST(found(cache, "a") == "plain");
    cache.hold("a", {of("held"), held_as::addition, {}}, cache.held("a").second);
    BOOST_TEST(found_by_them(cache) == "held");
    BOOST_TEST(found(cache, "a") == "plain");
    cache.hold("a", {of("alone"), held_as::replacement, {}}, cache.held("a").second);
    BOOST_TEST(found_by_them(cache) == "alone");
    BOOST_TEST(found(cache, "a") == "");
}

BOOST_AUTO_TEST_SUITE_END()
