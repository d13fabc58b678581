#include <oauth/flow/discover.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/flow/metadata_cache.hpp>
#include <oauth/provider/issuer.hpp>
#include <oauth/testing/authorization_server.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include <oauth/testing/server_transport.hpp>
#include "../../support/printing.hpp"
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace {

using namespace oauth;
using namespace std::chrono_literals;
using oauth::testing::personality;

char const* const document_url = "https://idp.example/.well-known/openid-configuration";
char const* const document = R"({"issuer":"https://idp.example","token_endpoint":"https://idp.example/token"})";

/// Fails, but not before all have come.
struct broken_line
{
    struct counts
    {
        std::atomic<int> callers = 0, asked = 0;
    };
    std::shared_ptr<counts> count = std::make_shared<counts>();

    result<http_response> send(http_request const&)
    {
        ++count->asked;
        while (count->callers < 8) std::this_thread::sleep_for(1ms);
        std::this_thread::sleep_for(100ms);
        return failure(errc::connect_timeout, advice::retry);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(flow_discover)

BOOST_AUTO_TEST_CASE(asks_for_one_document_and_nothing_else)   // no host that nobody named: AzureAD/microsoft-authentication-library-for-dotnet#3126
{
    testing::scripted_transport line;
    line.expect_get(document_url).reply(200, document);
    auto const found = discover(line, openid_issuer("https://idp.example"));
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->token_endpoint.url() == "https://idp.example/token");
    BOOST_TEST(line.done(), line.report());
}

BOOST_AUTO_TEST_CASE(fails_as_the_transport_does_or_without_an_address)
{
    testing::scripted_transport line;
    line.expect_get(document_url).fail(errc::connect_failed, advice::retry);
    BOOST_TEST(discover(line, openid_issuer("https://idp.example")).error().code == make_error_code(errc::connect_failed));
    auto const none = discover(line, server_metadata{.issuer = "https://idp.example"});
    BOOST_TEST_REQUIRE(none.has_error());
    BOOST_TEST(none.error().code == make_error_code(errc::missing_endpoint));
    BOOST_TEST(none.error().hint == "server_metadata.discovery_document");
}

// What the testing kit's server publishes is what it says of itself.
BOOST_AUTO_TEST_CASE(at_every_personality)
{
    for (auto const kind : {personality::entra_v2, personality::entra_v1, personality::b2c, personality::standard})
    {
        testing::authorization_server server{{.kind = kind}};
        testing::server_transport line{server};
        auto const known = server.metadata();
        server_metadata const little{.issuer = known.issuer, .discovery_document = known.discovery_document};
        auto const found = discover(line, little);
        BOOST_TEST_REQUIRE(found.has_value());
        for (auto const& [name, member] : server_endpoints) BOOST_TEST(((*found).*member).url() == (known.*member).url(), name << " differs: " << ((*found).*member).url());
        BOOST_TEST(found->authorization_response_iss_parameter_supported == known.authorization_response_iss_parameter_supported);
    }
}

BOOST_AUTO_TEST_CASE(a_cache_asks_once_a_day)
{
    testing::scripted_transport line;
    testing::manual_clock clock;
    metadata_cache cache(line, clock);
    auto const known = openid_issuer("https://idp.example");
    line.expect_get(document_url).reply(200, document);
    auto const first = cache.get(known).value();
    clock.advance(24h - 1s);
    BOOST_TEST(cache.get(known).value() == first);
    line.expect_get(document_url).fail(errc::connect_failed, advice::retry);
    clock.advance(1s);
    BOOST_TEST(cache.get(known).value() == first);   // in an outage the old one serves
    clock.advance(5min - 1s);
    BOOST_TEST(cache.get(known).value() == first);   // and the server is left alone for five minutes
    clock.advance(1s);
    line.expect_get(document_url).fail(errc::connect_failed, advice::retry);
    BOOST_TEST(cache.get(known).value() == first);
    clock.advance(5min);
    line.expect_get(document_url).reply(200, document);
    BOOST_TEST(cache.get(known).value() != first);
    clock.advance(24h * 7);
    line.expect_get(document_url).fail(errc::connect_failed, advice::retry);
    BOOST_TEST(cache.get(known).has_error());
    BOOST_TEST(line.done(), line.report());
}

BOOST_AUTO_TEST_CASE(no_document_is_older_than_a_week)
{
    testing::scripted_transport line;
    testing::manual_clock clock;
    metadata_cache cache(line, clock);
    auto const known = openid_issuer("https://idp.example");
    line.expect_get(document_url).reply(200, document);
    BOOST_TEST(cache.get(known).has_value());
    clock.advance(24h * 7 - 1s);
    line.expect_get(document_url).fail(errc::connect_failed, advice::retry);
    BOOST_TEST(cache.get(known).has_value());
    // The server was asked a second ago, and so it is again; but not all the time.
    clock.advance(1s);
    for (int i = 0; i < 2; ++i)
    {
        line.expect_get(document_url).fail(errc::connect_failed, advice::retry);
        for (int j = 0; j < 5; ++j) BOOST_TEST(cache.get(known).error().code == make_error_code(errc::connect_failed));
        BOOST_TEST(line.done(), line.report());
        clock.advance(10s);
    }
}

// A clock that is turned back ends the five minutes, lest they last for ever.
BOOST_AUTO_TEST_CASE(a_cache_whose_clock_is_turned_back)
{
    testing::scripted_transport line;
    testing::manual_clock clock;
    metadata_cache cache(line, clock);
    auto const known = openid_issuer("https://idp.example");
    line.expect_get(document_url).reply(200, document);
    auto const first = cache.get(known).value();
    clock.advance(48h);
    line.expect_get(document_url).fail(errc::connect_failed, advice::retry);
    BOOST_TEST(cache.get(known).value() == first);
    clock.advance(-10h);
    line.expect_get(document_url).reply(200, document);
    BOOST_TEST(cache.get(known).value() != first);
    BOOST_TEST(line.done(), line.report());
}

BOOST_AUTO_TEST_CASE(those_who_waited_for_a_document_share_a_failure)
{
    broken_line line;
    testing::manual_clock clock;
    metadata_cache cache(line, clock);
    auto const known = openid_issuer("https://idp.example");
    std::vector<std::jthread> threads;
    std::atomic<int> failed = 0;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] {
            ++line.count->callers;
            auto const none = cache.get(known);
            if (none.has_error() && none.error().code == make_error_code(errc::connect_timeout)) ++failed;
        });
    threads.clear();
    BOOST_TEST(failed == 8);
    BOOST_TEST(line.count->asked < 4);   // once, but for a thread that is very slow to begin
    // Who comes later asks anew.
    int const before = line.count->asked;
    clock.advance(1min);
    BOOST_TEST(cache.get(known).has_error());
    BOOST_TEST(line.count->asked == before + 1);
}

BOOST_AUTO_TEST_CASE(a_cache_keeps_servers_apart)
{
    testing::scripted_transport line;
    metadata_cache cache(line, testing::manual_clock());
    line.expect_get(document_url).reply(200, document);
    line.expect_get("https://other.example/.well-known/openid-configuration").reply(200, R"({"issuer":"https://other.example"})");
    BOOST_TEST(cache.get(openid_issuer("https://idp.example")).value()->issuer == "https://idp.example");
    BOOST_TEST(cache.get(openid_issuer("https://other.example")).value()->issuer == "https://other.example");
}

// Whoever may name the servers fills no memory, also with such as there are none.
BOOST_AUTO_TEST_CASE(a_cache_is_bounded)
{
    testing::scripted_transport line;
    metadata_cache cache(line, testing::manual_clock(), 2);
    auto const ask = [&](char name, bool asks) {
        auto const issuer = std::string("https://") + name + ".example";
        if (asks && name == 'x') line.expect_get(issuer + "/.well-known/openid-configuration").fail(errc::connect_failed, advice::retry);
        else if (asks) line.expect_get(issuer + "/.well-known/openid-configuration").reply(200, R"({"issuer":")" + issuer + "\"}");
        BOOST_TEST(cache.get(openid_issuer(issuer)).has_value() == (name != 'x'));
        BOOST_TEST(line.done(), line.report());
    };
    ask('a', true);
    ask('b', true);
    ask('a', false);
    ask('x', true);    // in place of b, which was not asked for the longest
    ask('x', false);
    ask('a', false);
    ask('b', true);    // in place of x
    ask('a', false);
    ask('x', true);
    ask('a', false);
}

BOOST_AUTO_TEST_SUITE_END()
