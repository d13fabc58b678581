#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/policy/sender_constraint/dpop.hpp>
#include <oauth/request/client_credentials.hpp>
#include <oauth/request/jwt_bearer.hpp>
#include <oauth/request/on_behalf_of.hpp>
#include <oauth/request/token_exchange.hpp>
#include "../../support/flow_fixture.hpp"
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Tokens that are bound to a key (RFC 9449), however they were got. Against the strict server.
namespace {

using namespace oauth;
using namespace oauth::test;
using testing::personality;

struct bound_config : default_config
{
    using sender_constraint = dpop;
};

/// The server, and what it was asked.
struct watched_server
{
    strict_server server;
    std::shared_ptr<std::vector<std::string>> asked = std::make_shared<std::vector<std::string>>();   // endpoint and status
    std::shared_ptr<std::string> proof = std::make_shared<std::string>();                            // in place of the flow's own, at the endpoint for pushed requests

    bool serves(endpoint const& url) const { return server.serves(url); }

    http_response handle(http_request request) const
    {
        bool const proved = !find_field(request.fields, "DPoP").empty();
        if (!proof->empty() && request.url.target() == "/par")
            for (auto& field : request.fields)
                if (field.name == "DPoP") field.value = *proof;
        auto answer = server.handle(request);
        asked->push_back(std::string(request.url.target()) + (proved ? " with a proof " : " without ") + std::to_string(answer.status));
        return answer;
    }
};

struct desk
{
    using line_type = testing::server_transport<watched_server>;
    using flow_type = flow<line_type, memory_store, testing::manual_clock, client_secret_post, bound_config>;

    static client who() { return {.id = "the client", .secret = secret("the client's secret"), .redirect_uri = "http://localhost:8400/", .scope = "offline_access read write"}; }

    static testing::authorization_server_options options(bool nonce)
    {
        testing::authorization_server_options made{.kind = personality::standard, .clients = {testing::registered_client::of(who())}};
        made.clients[0].dpop_bound_access_tokens = true;
        made.require_dpop_nonce = nonce;
        return made;
    }

    testing::manual_clock clock;
    strict_server server;
    watched_server watched{server};
    line_type line{watched};
    private_key mine = private_key::generate(jws_algorithm::es256).value();
    flow_type graph{server.metadata(), who(), line, memory_store{}, clock, dpop{mine}};

    explicit desk(bool nonce = false) : server(options(nonce), clock) {}

    std::vector<std::string> take_log() const { return std::exchange(*watched.asked, {}); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_bound_tokens)

BOOST_AUTO_TEST_CASE(a_request_that_is_pushed_ahead_proves_the_key)   // RFC 9449 10.1
{
    for (bool const nonce : {false, true})
    {
        desk here(nonce);
        auto pending = here.graph.authorize({.pushed = true}).value();
        auto const pushed = here.take_log();
        std::vector<std::string> const once{"/par with a proof 201"}, twice{"/par with a proof 400", "/par with a proof 201"};
        BOOST_TEST(pushed == (nonce ? twice : once), boost::test_tools::per_element());
        auto const redirect = here.server.sign_in(pending.url);
        auto const tokens = here.graph.exchange(std::move(pending), redirect).value();
        BOOST_TEST(tokens.token_type.value() == "DPoP");
        // The nonce is known by now.
        BOOST_TEST((here.take_log() == std::vector<std::string>{"/token with a proof 200"}));

        *here.watched.proof = "rubbish";
        BOOST_TEST(here.graph.authorize({.pushed = true}).error().code == server_errc::invalid_dpop_proof);
    }
}

BOOST_AUTO_TEST_CASE(the_code_of_another_key_is_not_redeemed)
{
    desk here;
    desk::flow_type thief(here.server.metadata(), desk::who(), here.line, memory_store{}, here.clock, dpop{private_key::generate(jws_algorithm::es256).value()});
    auto pending = here.graph.authorize({.pushed = true}).value();
    auto const redirect = here.server.sign_in(pending.url);
    BOOST_TEST(thief.exchange(std::move(pending), redirect).error().code == server_errc::invalid_grant);
}

BOOST_AUTO_TEST_CASE(every_grant_binds)   // RFC 9449 5
{
    for (bool const nonce : {false, true})
    {
        desk here(nonce);
        auto pending = here.graph.authorize().value();
        auto const redirect = here.server.sign_in(pending.url);
        auto const user = here.graph.exchange(std::move(pending), redirect).value();
        auto const bound = [&here](auto const& grant) {
            auto const token = here.graph.access_token(grant);
            BOOST_TEST_REQUIRE(token.has_value());
            BOOST_TEST((*token)->token_type == "DPoP");
            http_request request{.url = "https://api.example/", .authorization = secret("Bearer " + std::string(token->reveal()))};
            BOOST_TEST(here.server.refuse(request).has_value());   // not for any bearer
        };
        bound(client_credentials{.scope = "read"});
        bound(jwt_bearer{.assertion = secret(here.server.assertion()), .scope = "read"});
        token_exchange exchange{.subject_token = user.access_token, .scope = "read", .resource = "https://a.example/"};
        bound(exchange);
        exchange.extra = {{"resource", "https://b.example/"}};
        bound(exchange);
        BOOST_TEST(here.server.introspect(here.graph.access_token(exchange).value().reveal()).value().also_resources.front() == "https://b.example/");
    }
}

BOOST_AUTO_TEST_CASE(so_does_on_behalf_of)
{
    testing::manual_clock clock;
    auto who = desk::who();
    testing::authorization_server_options options{.clients = {testing::registered_client::of(who), {.id = "caller", .redirect_uris = {"http://localhost:8400/"}}}};
    options.clients[0].dpop_bound_access_tokens = true;
    options.clients[0].identifiers = {"api://middle"};
    strict_server server(options, clock);
    testing::server_transport line{server};
    flow app{server.metadata(), client{.id = "caller", .redirect_uri = "http://localhost:8400/", .scope = "api://middle/access"}, line, memory_store{}, clock};
    auto pending = app.authorize().value();
    auto const redirect = server.sign_in(pending.url);
    auto const called_with = app.exchange(std::move(pending), redirect).value().access_token;
    flow<decltype(line), memory_store, testing::manual_clock, client_secret_post, bound_config> middle{server.metadata(), who, line, memory_store{}, clock,
                                                                                                      dpop{private_key::generate(jws_algorithm::es256).value()}};
    auto const token = middle.access_token(on_behalf_of{.assertion = called_with, .scope = "https://graph.microsoft.com/User.Read"});
    BOOST_TEST_REQUIRE(token.has_value());
    BOOST_TEST((*token)->token_type == "DPoP");
}

BOOST_AUTO_TEST_SUITE_END()
