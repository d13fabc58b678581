#include <oauth/flow/detail/blocking_driver.hpp>
#include <oauth/flow/detail/hold_off.hpp>
#include <oauth/flow/detail/key_ring.hpp>
#include <oauth/policy/authentication/client_secret_basic.hpp>
#include <oauth/policy/authentication/client_secret_post.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include <boost/test/unit_test.hpp>
#include "../../../support/failing_store.hpp"
#include "../../../support/printing.hpp"
#include "../../../support/sessions.hpp"
#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::detail;
using namespace oauth::test;
using namespace std::chrono_literals;

/// Asks for what the test lists, and writes down what came of it.
struct listing_machine
{
    std::deque<std::function<action()>> todo;
    std::vector<event> happened = {};
    std::vector<time_point> times = {};

    action resume(event what, time_point now)
    {
        happened.push_back(std::move(what));
        times.push_back(now);
        if (todo.empty()) return next::done{};
        auto made = std::move(todo.front());
        todo.pop_front();
        return made();
    }

    result<int> outcome() && { return 0; }
};

template <class Authentication = client_secret_post>
struct desk
{
    struct config_type
    {
        static inline std::chrono::milliseconds lock_timeout{50};
        static inline std::function<void(observation const&)> observer;

        static void observe(observation const& seen) noexcept
        {
            if (observer) observer(seen);
        }
    };

    testing::scripted_transport transport;
    failing_store store;
    testing::manual_clock clock;
    Authentication authentication;
    server_metadata server = [] {
        server_metadata made;
        made.token_endpoint = "https://login.example/token";
        return made;
    }();
    client who{.id = "the client", .secret = secret("the-client-secret")};
    bool shows_certificate = false;
    bearer constraint = {};
    key_ring keys = {};
    hold_off held_off{8};
    session_cache cache{8};

    listing_machine run(std::deque<std::function<action()>> todo, std::chrono::milliseconds lock_timeout = 50ms)
    {
        listing_machine made{std::move(todo)};
        run(made, lock_timeout);
        return made;
    }

    void run(listing_machine& made, std::chrono::milliseconds lock_timeout = 50ms)
    {
        session_access<failing_store> sessions(store, cache, "me", "the key");
        config_type::lock_timeout = lock_timeout;
        blocking_driver<desk>(*this, sessions).run(made);
    }
};

std::function<action()> ask(std::string name, std::string value)
{
    return [=]() -> action {
        next::ask made;
        made.body.add(name, value);
        return made;
    };
}

template <class Action>
action just()
{
    return Action{};
}

failure const& failure_of(event const& what)
{
    BOOST_TEST_REQUIRE(std::holds_alternative<failure>(what));
    return std::get<failure>(what);
}

bool is_nothing(event const& what) { return std::holds_alternative<std::monostate>(what); }

} // namespace

BOOST_AUTO_TEST_SUITE(flow_detail_blocking_driver)

BOOST_AUTO_TEST_CASE(each_action_goes_to_its_policy)
{
    desk here;
    here.transport.expect_get("https://api.example/x").reply(204, "");
    auto const done = here.run({just<next::load>, just<next::probe>, just<next::lock>, [] { return next::save{session_of("r1")}; }, just<next::load>, just<next::unlock>,
                                [] { return next::send{{.url = "https://api.example/x"}}; }, [] { return next::hold{session_of("r2"), held_as::replacement}; },
                                just<next::load>, just<next::erase>, just<next::load>});
    BOOST_TEST((here.store.take_log() == std::vector<std::string>{"load", "probe", "try_lock", "save", "load", "load", "erase", "load"}));
    auto const& happened = done.happened;
    BOOST_TEST_REQUIRE(happened.size() == 12U);
    for (auto const at : {0U, 2U, 3U, 4U, 6U, 8U, 10U}) BOOST_TEST(is_nothing(happened[at]), "event " << at);
    BOOST_TEST(!std::get<loaded>(happened[1]).value.has_value());
    BOOST_TEST(std::get<loaded>(happened[5]).value->refresh_token.reveal() == "r1");
    BOOST_TEST(std::get<http_response>(happened[7]).status == 204);
    BOOST_TEST(std::get<loaded>(happened[9]).value->refresh_token.reveal() == "r2");
    BOOST_TEST(std::get<loaded>(happened[9]).unsaved);
    BOOST_TEST(!std::get<loaded>(happened[11]).value.has_value());
}

BOOST_AUTO_TEST_CASE(failures_are_events)
{
    for (auto const& [operation, todo] : std::vector<std::pair<std::string, std::function<action()>>>{
             {"load", just<next::load>}, {"probe", just<next::probe>}, {"save", [] { return next::save{}; }}, {"erase", just<next::erase>}, {"try_lock", just<next::lock>}})
    {
        desk here;
        here.store.deny(operation);
        auto const done = here.run({todo});
        BOOST_TEST(failure_of(done.happened.at(1)).code == errc::store_not_writable);
    }
    desk here;
    here.transport.expect_get("https://api.example/x").fail(errc::connection_lost);
    auto const done = here.run({[] { return next::send{{.url = "https://api.example/x"}}; }});
    BOOST_TEST(failure_of(done.happened.at(1)).code == errc::connection_lost);
}

BOOST_AUTO_TEST_CASE(an_exception_is_a_failure_to_the_machine_and_then_goes_on)
{
    for (auto const& [operation, todo] : std::vector<std::pair<std::string, std::function<action()>>>{
             {"load", just<next::load>}, {"probe", just<next::probe>}, {"save", [] { return next::save{}; }}, {"erase", just<next::erase>}, {"try_lock", just<next::lock>}})
        BOOST_TEST_CONTEXT(operation)
        {
            desk here;
            here.store.break_off(operation);
            listing_machine machine{{todo, [] { return next::hold{session_of("r1"), held_as::replacement}; }}};
            BOOST_CHECK_THROW(here.run(machine), std::runtime_error);
            BOOST_TEST_REQUIRE(machine.happened.size() == 3U);
            BOOST_TEST(failure_of(machine.happened[1]).code == errc::cancelled);
            BOOST_TEST(is_nothing(machine.happened[2]));
            BOOST_TEST(here.cache.held("me").first->value.refresh_token.reveal() == "r1");
        }
    // The second one is not waited for.
    desk here;
    here.store.break_off("probe", 3);
    listing_machine machine{{just<next::lock>, just<next::probe>, just<next::probe>, just<next::probe>}};
    BOOST_CHECK_THROW(here.run(machine), std::runtime_error);
    BOOST_TEST(machine.happened.size() == 3U);
    BOOST_TEST(here.store.inner().try_lock("the key").value().has_value());
}

BOOST_AUTO_TEST_CASE(asks_as_the_client)
{
    desk here;
    here.transport.expect_post("https://login.example/token")
        .with("grant_type", "x").with("client_id", "the client").with("client_secret", "the-client-secret")
        .with_field("Content-Type", "application/x-www-form-urlencoded").with_field("Accept", "application/json").without_field("Origin")
        .reply(200, "{}");
    auto const done = here.run({ask("grant_type", "x")});
    BOOST_TEST(here.transport.done(), here.transport.report());
    BOOST_TEST(std::get<http_response>(done.happened.at(1)).body.reveal() == "{}");
}

BOOST_AUTO_TEST_CASE(nothing_is_sent_where_the_client_can_not_be_authenticated)
{
    desk nowhere;
    nowhere.server.token_endpoint = {};
    BOOST_TEST(failure_of(nowhere.run({ask("a", "b")}).happened.at(1)).code == errc::missing_endpoint);
    desk<client_secret_basic> open;
    open.who.secret = {};
    BOOST_TEST(failure_of(open.run({ask("a", "b")}).happened.at(1)).code == errc::invalid_client);
    BOOST_TEST(nowhere.transport.sent().size() + open.transport.sent().size() == 0U);
}

BOOST_AUTO_TEST_CASE(what_a_refusal_repeats_is_masked)
{
    desk here;
    here.transport.expect_post("https://login.example/token").reply(400, R"({"error":"the-code the-client-secret"})");
    auto const done = here.run({ask("code", "the-code")});
    BOOST_TEST(std::get<http_response>(done.happened.at(1)).body.reveal() == R"({"error":"******** *****************"})");

    desk<client_secret_basic> basic;
    std::string const credentials = "dGhlJTIwY2xpZW50OnRoZS1jbGllbnQtc2VjcmV0";   // the%20client:the-client-secret
    basic.transport.expect_post("https://login.example/token").reply(401, "Basic " + credentials);
    auto const refused = basic.run({ask("grant_type", "x")});
    BOOST_TEST(basic.transport.sent().at(0).authorization.reveal() == "Basic " + credentials);
    BOOST_TEST(std::get<http_response>(refused.happened.at(1)).body.reveal() == "Basic " + std::string(credentials.size(), '*'));
}

BOOST_AUTO_TEST_CASE(every_event_has_its_time)
{
    desk here;
    auto const done = here.run({[&]() -> action {
        here.clock.advance(5s);
        return next::probe{};
    }});
    BOOST_TEST((done.times == std::vector{start, start + 5s}));
}

BOOST_AUTO_TEST_CASE(waits_for_the_lock)
{
    for (auto const timeout : {20'000ms, std::chrono::milliseconds::max()})
    {
        desk here;
        auto held = here.store.inner().try_lock("the key").value();
        std::thread other([&] {
            std::this_thread::sleep_for(20ms);
            held.reset();
        });
        auto const done = here.run({just<next::lock>}, timeout);
        other.join();
        BOOST_TEST(is_nothing(done.happened.at(1)));
        BOOST_TEST(here.store.take_log().size() > 1U);
        // The driver is gone, and the lock with it.
        BOOST_TEST(here.store.inner().try_lock("the key").value().has_value());
    }
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_ever_nor_where_it_need_not)
{
    desk here;
    auto const held = here.store.inner().try_lock("the key").value();
    auto const began = std::chrono::steady_clock::now();
    BOOST_TEST(failure_of(here.run({just<next::lock>}, 30ms).happened.at(1)).code == errc::lock_timeout);
    BOOST_TEST((std::chrono::steady_clock::now() - began >= 10ms));
    here.store.take_log();
    BOOST_TEST(failure_of(here.run({[] { return next::lock{false}; }}, 1h).happened.at(1)).code == errc::lock_timeout);
    BOOST_TEST(here.store.take_log().size() == 1U);
}

BOOST_AUTO_TEST_CASE(gives_the_lock_back)
{
    desk here;
    auto const done = here.run({just<next::lock>, just<next::unlock>, [&]() -> action {
        BOOST_TEST(here.store.inner().try_lock("the key").value().has_value());
        return next::probe{};
    }});
    BOOST_TEST(done.happened.size() == 4U);
    here.run({just<next::lock>, [&]() -> action {
        BOOST_TEST(!here.store.inner().try_lock("the key").value().has_value());
        return next::probe{};
    }});
}

BOOST_AUTO_TEST_CASE(a_server_that_wants_to_be_left_alone_is_not_asked_to_renew)
{
    std::vector<std::pair<happening, std::string>> told;
    desk here;
    desk<>::config_type::observer = [&told](observation const& seen) { told.emplace_back(seen.what, std::string(seen.account) + (seen.why ? seen.why->hint : "")); };
    auto const run = [&](std::function<action()> todo) { return std::move(here.run({std::move(todo)}).happened.at(1)); };
    auto const renew = []() -> action { return next::ask{.body = {}, .renews = true}; };
    auto const ask_otherwise = []() -> action { return next::ask{}; };
    auto const busy = [&] { here.transport.expect_post("https://login.example/token").reply(429, "the-client-secret", {{"Retry-After", "30"}}); };
    // Only a renewal is held off, and only by a renewal.
    busy();
    BOOST_TEST(std::get<http_response>(run(ask_otherwise)).status == 429);
    busy();
    BOOST_TEST(std::get<http_response>(run(renew)).status == 429);
    here.clock.advance(10s);
    auto const again = run(renew);
    BOOST_TEST(failure_of(again).http_status == 429);
    BOOST_TEST((failure_of(again).retry_after == 20s));
    BOOST_TEST(failure_of(again).server.body_excerpt.find("the-client-secret") == std::string::npos);
    busy();
    BOOST_TEST(std::get<http_response>(run(ask_otherwise)).status == 429);
    here.clock.advance(20s);
    busy();
    BOOST_TEST(std::get<http_response>(run(renew)).status == 429);
    BOOST_TEST(here.transport.done(), here.transport.report());
    // The observer hears of the two that were sent, and what machines tell.
    run([]() -> action { return next::tell{happening::fell_back, failure(errc::connect_failed, advice::retry, " why")}; });
    BOOST_TEST((told == std::vector<std::pair<happening, std::string>>{{happening::renewal_asked, "me"}, {happening::renewal_asked, "me"}, {happening::fell_back, "me why"}}));
    desk<>::config_type::observer = {};
}

BOOST_AUTO_TEST_SUITE_END()
