#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <oauth/request/jwt_bearer.hpp>
#include "../../support/flow_fixture.hpp"
#include <chrono>
#include <string>
#include <utility>

// A service account, as Google has it: it asks for tokens by an assertion that it signs itself (RFC 7523 2.1). Against the strict server.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

constexpr char robot[] = "robot@project.iam.example";

struct account_desk
{
    private_key key = private_key::generate(jws_algorithm::rs256).value().with_key_id("the robot's");
    testing::manual_clock clock;
    strict_server server{{.kind = testing::personality::standard, .clients = {{.id = robot}}, .trusted_issuers = {{.issuer = robot, .keys = {key.public_key()}}}}, clock};
    testing::server_transport<strict_server> line{server};
    flow<testing::server_transport<strict_server>, memory_store, testing::manual_clock> graph{server.metadata(), client{.id = robot}, line, memory_store{}, clock};

    jwt_bearer asks(std::string const& subject, private_key const& by, std::string const& audience)
    {
        auto const now = clock.now().time_since_epoch().count();
        boost::json::object const claims{{"iss", robot}, {"sub", subject}, {"aud", audience}, {"scope", "calendar.read"}, {"iat", now}, {"exp", now + 3600}};
        return {.assertion = sign_jwt(claims, by, jws_algorithm::rs256).value()};
    }

    jwt_bearer asks(std::string const& subject = robot) { return asks(subject, key, std::string(server.metadata().token_endpoint.url())); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_service_account)

BOOST_AUTO_TEST_CASE(gets_its_own_token_and_a_user_s)
{
    account_desk here;
    auto const own = here.graph.access_token(here.asks());
    BOOST_TEST_REQUIRE(own.has_value());
    auto const accepted = here.server.introspect(own->reveal()).value();
    BOOST_TEST(accepted.scope.str() == "calendar.read");
    BOOST_TEST(!accepted.user.has_value());
    auto const users = here.graph.access_token(here.asks("alex@contoso.example"));   // on a user's behalf
    BOOST_TEST_REQUIRE(users.has_value());
    BOOST_TEST(here.server.introspect(users->reveal()).value().user.value().username == "alex@contoso.example");
    BOOST_TEST(here.server.counts().assertions == 2U);
}

BOOST_AUTO_TEST_CASE(what_is_refused)
{
    account_desk here;
    auto const token_url = std::string(here.server.metadata().token_endpoint.url());
    auto const code = [&here](jwt_bearer const& grant) { return here.graph.access_token(grant).error().code; };
    BOOST_TEST(code(here.asks(robot, private_key::generate(jws_algorithm::rs256).value(), token_url)) == server_errc::invalid_grant);
    BOOST_TEST(code(here.asks(robot, here.key, "https://another.example/token")) == server_errc::invalid_grant);
    BOOST_TEST(code(here.asks("nobody@contoso.example")) == server_errc::invalid_grant);
    auto const old = here.asks();
    here.clock.advance(1h);
    BOOST_TEST(code(old) == server_errc::invalid_grant);
}

BOOST_AUTO_TEST_SUITE_END()
