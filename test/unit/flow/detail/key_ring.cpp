#include <oauth/flow/detail/key_ring.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/testing/manual_clock.hpp>
#include "../../../support/id_tokens.hpp"
#include "../../../support/printing.hpp"
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

/// Publishes a new key each time, unless it is out of order.
struct key_server
{
    std::atomic<int> asked = 0;
    bool out_of_order = false, empty = false;
    std::string retry_after = {}, says = {};
    std::atomic<int> callers = 0;   // how many have come to ask
    int waits_for = 0;              // before it answers
    std::string url = {}, authorization = {};
    std::chrono::milliseconds delay{0};

    result<http_response> send(http_request request)
    {
        ++asked;
        url = request.url.url();
        authorization = request.authorization.reveal();
        while (callers < waits_for) std::this_thread::sleep_for(1ms);
        std::this_thread::sleep_for(delay);
        if (out_of_order) return http_response{503, retry_after.empty() ? http_fields() : http_fields{{"Retry-After", retry_after}}, secret(says)};
        if (empty) return http_response{200, {{"Content-Type", "application/json"}}, secret(R"({"keys":[]})")};
        auto key = server_key().public_key().json();
        key["kid"] = "key " + std::to_string(asked);
        return http_response{200, {{"Content-Type", "application/jwk-set+json"}}, secret(boost::json::serialize(boost::json::object{{"keys", boost::json::array{key}}}))};
    }
};

struct fixture
{
    key_server line;
    server_metadata server{.jwks_uri = "https://idp.example/keys"};
    detail::key_ring ring;
    time_point now = issued_now;

    result<std::shared_ptr<jwk_set const>> get(std::shared_ptr<jwk_set const> const& seen = {}) { return ring.get(line, server, seen, now); }
    std::string name(std::shared_ptr<jwk_set const> const& seen = {}) { return std::string(get(seen).value()->keys().at(0).key_id()); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(flow_detail_key_ring, fixture)

BOOST_AUTO_TEST_CASE(fetches_once_a_day)
{
    BOOST_TEST(name() == "key 1");
    BOOST_TEST(line.url == "https://idp.example/keys");
    BOOST_TEST(line.authorization == "");
    now += 24h - 1s;
    BOOST_TEST(name() == "key 1");
    now += 1s;
    BOOST_TEST(name() == "key 2");
    BOOST_TEST(line.asked == 2);
}

BOOST_AUTO_TEST_CASE(fetches_again_for_a_missing_key_but_not_often)   // coreos/go-oidc PR#482
{
    auto const first = get().value();
    now += 10s;
    BOOST_TEST(name(first) == "key 1");   // asked for ten seconds ago: the same again
    now += 5min;
    BOOST_TEST(name(first) == "key 2");
    BOOST_TEST(name(first) == "key 2");   // newer than what was seen
    BOOST_TEST(line.asked == 2);
}

BOOST_AUTO_TEST_CASE(in_an_outage_old_keys_serve)
{
    line.out_of_order = true;
    auto const none = get();
    BOOST_TEST_REQUIRE(none.has_error());
    BOOST_TEST(none.error().code == make_error_code(errc::unexpected_status));
    BOOST_TEST(none.error().next == advice::retry);
    line.out_of_order = false;
    now += 5s;
    BOOST_TEST(name() == "key 2");
    line.out_of_order = true;
    now += 24h * 6;
    BOOST_TEST(name() == "key 2");
    now += 24h;
    BOOST_TEST(get().has_error());
}

BOOST_AUTO_TEST_CASE(no_key_is_older_than_a_week)
{
    auto const first = get().value();
    line.out_of_order = true;
    now += 24h * 7 - 1min;
    BOOST_TEST(get().value() == first);
    now += 59s;
    BOOST_TEST(get().value() == first);
    BOOST_TEST(line.asked == 2);   // not every time
    // The server was asked a minute ago, and so it is again: there are no keys that serve.
    now += 61s;
    BOOST_TEST(get().has_error());
    BOOST_TEST(get(first).has_error());
    BOOST_TEST(line.asked == 3);
    line.out_of_order = false;
    now += 1min;
    BOOST_TEST(name() == "key 4");
}

BOOST_AUTO_TEST_CASE(without_keys_a_server_that_fails_is_asked_ever_more_seldom)
{
    line.out_of_order = true;
    int asked = 0;
    for (auto const pause : {5s, 10s, 20s, 40s, 60s, 60s})
    {
        for (int i = 0; i < 5; ++i) BOOST_TEST(get().error().code == make_error_code(errc::unexpected_status));   // told, not asked
        BOOST_TEST(line.asked == ++asked);
        now += pause - 1s;
        BOOST_TEST(get().has_error());
        BOOST_TEST(line.asked == asked);
        now += 1s;
    }
    line.out_of_order = false;
    BOOST_TEST(name() == "key 7");
    // From the beginning again.
    line.out_of_order = true;
    now += 24h * 7;
    BOOST_TEST(get().has_error());
    now += 5s;
    BOOST_TEST(get().has_error());
    BOOST_TEST(line.asked == 9);
    // A clock that was turned back does not make it wait.
    line.out_of_order = false;
    now -= 1h;
    BOOST_TEST(name() == "key 10");
}

BOOST_AUTO_TEST_CASE(it_is_left_alone_as_long_as_it_says)
{
    line.out_of_order = true;
    int asked = 0;
    for (auto const& [said, pause] : {std::pair{"90", 90s}, {"86400", 300s}, {"1", 60s}})
    {
        line.retry_after = said;
        BOOST_TEST(get().has_error());
        now += pause - 1s;
        BOOST_TEST(get().has_error());
        BOOST_TEST(line.asked == ++asked);
        now += 1s;
    }
}

BOOST_AUTO_TEST_CASE(nobody_who_has_keys_waits_for_newer_ones)
{
    auto const first = get().value();
    now += 24h;
    line.waits_for = 1;
    std::jthread const other([&] { static_cast<void>(get()); });
    while (line.asked < 2) std::this_thread::sleep_for(1ms);
    BOOST_TEST(get().value() == first);   // the other thread is fetching still
    line.callers = 1;
}

BOOST_AUTO_TEST_CASE(an_empty_set_is_kept_for_five_minutes)
{
    line.empty = true;
    auto const none = get().value();
    BOOST_TEST(none->empty());
    for (int i = 0; i < 10; ++i) BOOST_TEST(get(none).value() == none);
    BOOST_TEST(line.asked == 1);
    now += 5min;
    line.empty = false;
    BOOST_TEST(name(none) == "key 2");
}

BOOST_AUTO_TEST_CASE(what_repeats_the_client_secret_is_masked)
{
    std::string const canary = "the client's own secret";
    line.out_of_order = true;
    line.says = "no keys for " + canary + " today";
    auto const none = detail::key_ring(jws_algorithms::asymmetric(), secret(canary)).get(line, server, {}, now);
    BOOST_TEST_REQUIRE(none.has_error());
    BOOST_TEST(none.error().server.body_excerpt.find("no keys for ") != std::string::npos);
    BOOST_TEST(none.error().server.body_excerpt.find(canary) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_turned_back_makes_no_key_last_for_ever)
{
    BOOST_TEST(name() == "key 1");
    now -= 24h;
    BOOST_TEST(name() == "key 2");
}

BOOST_AUTO_TEST_CASE(needs_to_know_where_they_are)
{
    server.jwks_uri = {};
    auto const none = get();
    BOOST_TEST_REQUIRE(none.has_error());
    BOOST_TEST(none.error().code == make_error_code(errc::missing_endpoint));
    BOOST_TEST(none.error().hint == "server_metadata.jwks_uri");
    BOOST_TEST(line.asked == 0);
}

BOOST_AUTO_TEST_CASE(the_client_secret_alone_fetches_nothing)
{
    using enum jws_algorithm;
    secret const shared(std::string(32, 's'));
    detail::key_ring only({hs256, hs384}, shared);
    auto const found = only.get(line, server, {}, now).value();
    BOOST_TEST_REQUIRE(found->keys().size() == 1u);
    BOOST_TEST(found->keys()[0].permits(hs256));
    BOOST_TEST(!found->keys()[0].permits(es256));
    BOOST_TEST(only.get(line, server, found, now).value() == found);   // there are no newer ones
    now += 24h;
    BOOST_TEST(only.get(line, server, {}, now).value() == found);
    // Nor where the server publishes none.
    server.jwks_uri = {};
    BOOST_TEST(detail::key_ring({hs256, es256}, shared).get(line, server, {}, now).value()->keys().size() == 1u);
    BOOST_TEST(line.asked == 0);
}

BOOST_AUTO_TEST_CASE(the_client_secret_beside_the_published_keys)
{
    using enum jws_algorithm;
    detail::key_ring both({hs256, es256}, secret(std::string(32, 's')));
    auto const first = both.get(line, server, {}, now).value();
    BOOST_TEST_REQUIRE(first->keys().size() == 2u);
    BOOST_TEST(first->keys()[0].permits(es256));
    BOOST_TEST(!first->keys()[0].permits(hs256));
    BOOST_TEST(first->keys()[1].permits(hs256));
    now += 5min;
    BOOST_TEST(both.get(line, server, first, now).value()->keys().size() == 2u);
    BOOST_TEST(line.asked == 2);
    // One that is too short is none, and in nobody's way.
    for (std::string const shared : {"", "short"}) BOOST_TEST(detail::key_ring({hs256, es256}, secret(shared)).get(line, server, {}, now).value()->keys().size() == 1u);
    // Where HS256 was not named it is no key at all.
    BOOST_TEST(detail::key_ring(jws_algorithms::asymmetric(), secret(std::string(64, 's'))).get(line, server, {}, now).value()->keys().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_client_secret_that_will_not_do)
{
    using enum jws_algorithm;
    struct
    {
        jws_algorithms allowed;
        std::size_t length;
        errc why;
    } const rows[] = {{{hs256}, 0, errc::invalid_client}, {{hs256}, 31, errc::key_not_fit}, {{hs512}, 63, errc::key_not_fit}, {{hs384, hs512}, 47, errc::key_not_fit}};
    for (auto const& [allowed, length, why] : rows)
        for (bool const publishes : {true, false})
        {
            if (!publishes) server.jwks_uri = {};
            auto const none = detail::key_ring(allowed, secret(std::string(length, 's'))).get(line, server, {}, now);
            BOOST_TEST_REQUIRE(none.has_error());
            BOOST_TEST(none.error().code == make_error_code(why));
            BOOST_TEST(none.error().next == advice::fix_configuration);
            BOOST_TEST(none.error().hint.find("client.secret") != std::string::npos);
        }
    BOOST_TEST(line.asked == 0);
}

BOOST_AUTO_TEST_CASE(one_thread_fetches_for_all)
{
    line.delay = 20ms;
    std::vector<std::jthread> threads;
    std::atomic<int> right = 0;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            auto const found = ring.get(line, server, {}, now);
            if (found.has_value() && (*found)->keys().at(0).key_id() == "key 1") ++right;
        });
    threads.clear();
    BOOST_TEST(right == 8);
    BOOST_TEST(line.asked == 1);
}

// Nobody waits for one timeout after another.
BOOST_AUTO_TEST_CASE(those_who_waited_share_a_failure)
{
    line.out_of_order = true;
    line.waits_for = 8;
    line.delay = 100ms;
    std::vector<std::jthread> threads;
    std::atomic<int> failed = 0;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            ++line.callers;
            auto const none = ring.get(line, server, {}, now);
            if (none.has_error() && none.error().code == make_error_code(errc::unexpected_status)) ++failed;
        });
    threads.clear();
    BOOST_TEST(failed == 8);
    BOOST_TEST(line.asked < 4);   // once, but for a thread that is very slow to begin
    // Who comes later asks anew.
    now += 1min;
    int const before = line.asked;
    BOOST_TEST(get().has_error());
    BOOST_TEST(line.asked == before + 1);
    line.out_of_order = false;
    now += 1min;
    BOOST_TEST(get().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
