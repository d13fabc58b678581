#include <oauth/flow/discover.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/flow/metadata_cache.hpp>
#include <oauth/provider/issuer.hpp>
#include <oauth/testing/authorization_server.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include <oauth/testing/server_transport.hpp>
#include "../../support/printing.hpp"
#include <chrono>

namespace {

using namespace oauth;
using namespace std::chrono_literals;
using oauth::testing::personality;

char const* const document_url = "https://idp.example/.well-known/openid-configuration";
char const* const document = R"({"issuer":"https://idp.example","token_endpoint":"https://idp.example/token"})";

} // namespace

BOOST_AUTO_TEST_SUITE(flow_discover)

BOOST_AUTO_TEST_CASE(asks_for_one_document_and_nothing_else)   // R48
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
    line.expect_get(document_url).reply(200, document);
    BOOST_TEST(cache.get(known).value() != first);
    clock.advance(24h * 7);
    line.expect_get(document_url).fail(errc::connect_failed, advice::retry);
    BOOST_TEST(cache.get(known).has_error());
    BOOST_TEST(line.done(), line.report());
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

BOOST_AUTO_TEST_SUITE_END()
