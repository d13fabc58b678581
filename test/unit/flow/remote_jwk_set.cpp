#include <oauth/flow/remote_jwk_set.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../support/id_tokens.hpp"
#include "../../support/printing.hpp"
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

constexpr char uri[] = "https://idp.example/keys";

std::string published(private_key const& key, char const* key_id)
{
    auto members = key.public_key().json();
    members["kid"] = key_id;
    return boost::json::serialize(boost::json::object{{"keys", boost::json::array{std::move(members)}}});
}

private_key const& next_key()
{
    static private_key const key = private_key::generate(jws_algorithm::es256).value();
    return key;
}

std::string token_by(private_key const& key, char const* key_id) { return std::string(sign_jwt({{"sub", "alex"}}, key, jws_algorithm::es256, {{"kid", key_id}}).value().reveal()); }

struct fixture
{
    testing::scripted_transport line;
    testing::manual_clock clock{issued_now};
    remote_jwk_set<testing::scripted_transport, testing::manual_clock> keys{endpoint(uri), line, clock};
    std::string const good = token_by(server_key(), "k1"), next = token_by(next_key(), "k2");

    void publishes(std::string body) { line.expect_get(uri).reply(200, std::move(body)); }
    error_code why(std::string_view token) { return keys.verify(token).error().code; }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(flow_remote_jwk_set, fixture)

BOOST_AUTO_TEST_CASE(verifies_by_keys_that_are_fetched_once_a_day)
{
    publishes(published(server_key(), "k1"));
    for (int i = 0; i < 3; ++i) BOOST_TEST(keys.verify(good).value().claims.at("sub") == "alex");
    BOOST_TEST(line.sent().size() == 1U);
    BOOST_TEST(line.sent().front().authorization.reveal() == "");
    clock.advance(24h);
    publishes(published(next_key(), "k2"));
    BOOST_TEST(why(good) == errc::unknown_key);   // it was withdrawn
    BOOST_TEST(keys.verify(next).has_value());
    BOOST_TEST(line.done(), line.report());
}

BOOST_AUTO_TEST_CASE(a_new_key_is_found_and_nonsense_is_not_looked_for_all_the_time)
{
    publishes(published(server_key(), "k1"));
    BOOST_TEST(keys.verify(good).has_value());
    BOOST_TEST(why(next) == errc::unknown_key);   // they were fetched a moment ago
    clock.advance(5min);
    publishes(published(next_key(), "k2"));
    BOOST_TEST(keys.verify(next).has_value());
    for (int i = 0; i < 10; ++i) BOOST_TEST(why(token_by(next_key(), "nonsense")) == errc::unknown_key);
    BOOST_TEST(line.done(), line.report());
    // A key that was changed and has kept its name.
    clock.advance(5min);
    publishes(published(server_key(), "k2"));
    BOOST_TEST(keys.verify(token_by(server_key(), "k2")).has_value());
    BOOST_TEST(why(next) == errc::bad_signature);
    BOOST_TEST(line.done(), line.report());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_the_token_asks_nobody_anew)
{
    publishes(published(server_key(), "k1"));
    BOOST_TEST(why("nonsense") == errc::malformed_token);
    BOOST_TEST(why("eyJhbGciOiJub25lIn0.e30.") == errc::unsigned_token);
    BOOST_TEST(keys.verify(good, {jws_algorithm::rs256}).error().code == errc::algorithm_not_allowed);
    BOOST_TEST(keys.verify(good, jws_algorithms::asymmetric(), 10).error().code == errc::token_too_large);
    BOOST_TEST(line.sent().size() == 1U);
}

BOOST_AUTO_TEST_CASE(in_an_outage)
{
    line.expect_get(uri).fail(errc::connect_failed);
    for (int i = 0; i < 5; ++i) BOOST_TEST(why(good) == errc::connect_failed);   // told, not asked
    BOOST_TEST(line.sent().size() == 1U);
    clock.advance(5s);
    line.expect_get(uri).reply(503, "busy", {{"Retry-After", "120"}});
    BOOST_TEST(why(good) == errc::unexpected_status);
    clock.advance(119s);
    BOOST_TEST(why(good) == errc::unexpected_status);
    clock.advance(1s);
    publishes(published(server_key(), "k1"));
    BOOST_TEST(keys.verify(good).has_value());
    clock.advance(6 * 24h);
    line.expect_get(uri).fail(errc::connect_failed);
    BOOST_TEST(keys.verify(good).has_value());
    BOOST_TEST(keys.verify(good).has_value());
    BOOST_TEST(line.done(), line.report());
}

BOOST_AUTO_TEST_CASE(it_can_be_moved_and_must_know_where_to_ask)
{
    publishes(published(server_key(), "k1"));
    auto const known = keys.get().value();
    auto moved = std::move(keys);
    BOOST_TEST(moved.get().value() == known);
    BOOST_TEST(moved.get(known).value() == known);
    remote_jwk_set nowhere{endpoint(), line, clock};
    BOOST_TEST(nowhere.verify(good).error().code == errc::missing_endpoint);
    BOOST_TEST(line.done(), line.report());
}

BOOST_AUTO_TEST_SUITE_END()
