#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/policy/sender_constraint/dpop.hpp>
#include <oauth/provider/microsoft/default_scope.hpp>
#include <oauth/request/client_credentials.hpp>
#include <oauth/request/on_behalf_of.hpp>
#include <oauth/request/refresh_token.hpp>
#include <oauth/testing/graph_server.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include <oauth/testing/user_agent.hpp>
#include "../../support/flow_fixture.hpp"
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// Calls with the tokens that a grant brings: a daemon's, and those of an API that calls on. And what only a new sign-in can bring.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using testing::fault;

std::string const logout = R"({"access_token":{"nbf":{"essential":true,"value":"1604106651"}}})", later_logout = R"({"access_token":{"nbf":{"essential":true,"value":"1604109999"}}})",
                  factor = R"({"access_token":{"acrs":{"essential":true,"value":"c25"}}})", able = R"({"access_token":{"xms_cc":{"values":["cp1"]}}})",
                  able_logout = R"({"access_token":{"xms_cc":{"values":["cp1"]},"nbf":{"essential":true,"value":"1604106651"}}})",
                  able_later = R"({"access_token":{"xms_cc":{"values":["cp1"]},"nbf":{"essential":true,"value":"1604109999"}}})";

client able_client()
{
    auto made = example_client();
    made.capabilities = {"cp1"};
    return made;
}

client caller() { return {.id = "caller", .redirect_uri = "http://localhost:8400/", .scope = "api://middle/access"}; }

testing::authorization_server_options options()
{
    auto made = example_options();
    made.clients.front().identifiers = {"api://middle"};
    made.clients.push_back(testing::registered_client::of(caller()));
    return made;
}

/// A daemon, which is an API as well that calls on; the strict server; and a Graph that can challenge.
struct desk
{
    using graph_api = testing::graph_server<testing::manual_clock>;
    using line_type = testing::server_transport<strict_server, graph_api>;
    using flow_type = flow<line_type, failing_store, testing::manual_clock>;

    testing::manual_clock clock;
    strict_server server;
    graph_api api{server};
    line_type line{server, api};
    failing_store store;
    flow_type graph;
    client_credentials const grant{.scope = microsoft::default_scope("https://graph.microsoft.com")};

    explicit desk(testing::authorization_server_options with = options(), client who = able_client())
        : server(std::move(with), clock), graph(server.metadata(), std::move(who), line, store, clock)
    {
    }

    flow_type sibling() { return flow_type(server.metadata(), able_client(), line, store, clock); }

    static http_request businesses() { return {.url = "https://graph.microsoft.com/v1.0/solutions/bookingBusinesses"}; }
    static http_request me() { return {.url = "https://graph.microsoft.com/v1.0/me"}; }

    int status() { return graph.call(businesses(), grant).value().status; }
    std::string token() { return std::string(graph.access_token(grant).value().reveal()); }
    std::string claims_in_use() { return server.introspect(token()).value().claims; }
    std::uint64_t asked() const { return server.counts().client_credentials; }

    /// The token that the API is called with.
    secret called_by_user(authorization_options const& wanted = {})
    {
        flow_type app(server.metadata(), caller(), line, failing_store(), clock);
        auto pending = app.authorize(wanted).value();
        auto const redirect = server.sign_in(pending.url);
        return app.exchange(std::move(pending), redirect).value().access_token;
    }
};

/// An API that is content with no sign-in.
struct picky_api
{
    bool serves(endpoint const& url) const { return url.url().starts_with("https://api.example/"); }
    http_response handle(http_request const&) const
    {
        return {401, {{"WWW-Authenticate", R"(Bearer error="insufficient_user_authentication", acr_values="urn:mace:incommon:iap:silver phr", max_age="300")"}}, {}};
    }
};
using picky_line = testing::server_transport<strict_server, picky_api>;

on_behalf_of behalf(secret assertion) { return {.assertion = std::move(assertion), .scope = "https://graph.microsoft.com/User.Read"}; }

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_calls)

BOOST_AUTO_TEST_CASE(a_daemon_calls)
{
    desk here;
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.asked() == 1U);
    BOOST_TEST(here.claims_in_use() == able);   // as its registration says that it can
    BOOST_TEST(here.graph.call(desk::me(), here.grant)->status == 400);   // whatever the API answers
    here.clock.advance(1h);
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.asked() == 2U);
    BOOST_TEST(here.graph.call(desk::businesses(), here.grant, {.renew = true})->status == 200);
    BOOST_TEST(here.asked() == 3U);
    account const mine{"the daemon"};
    BOOST_TEST(here.graph.call(desk::businesses(), here.grant, mine)->status == 200);
    BOOST_TEST(here.graph.call(desk::businesses(), here.grant, mine, {.minimum_life = 10min})->status == 200);
    BOOST_TEST(here.graph.session(mine).value()->access_tokens.size() == 1U);
    BOOST_TEST(here.asked() == 4U);
    for (auto const& bad : {account{""}, account{std::string(513, 'x')}}) BOOST_TEST(here.graph.call(desk::businesses(), here.grant, bad).error().code == errc::invalid_account);
}

BOOST_AUTO_TEST_CASE(a_daemon_is_challenged_and_the_new_token_replaces_the_old_one)
{
    desk here;
    auto const first = here.token();
    here.api.require_claims(logout);
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.api.requests() == 2U);
    BOOST_TEST(here.asked() == 2U);
    BOOST_TEST(here.token() != first);
    BOOST_TEST(here.claims_in_use() == able_logout);
    // From memory, and from the store.
    for (int i = 0; i < 3; ++i) BOOST_TEST(here.status() == 200);
    auto other = here.sibling();
    BOOST_TEST(other.call(desk::businesses(), here.grant)->status == 200);
    BOOST_TEST(here.api.requests() == 6U);
    BOOST_TEST(here.graph.session(grant_account(here.grant)).value()->access_tokens.size() == 1U);
    // Another event. The sibling's token was refused meanwhile: it takes what the store has.
    here.api.require_claims(later_logout);
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(other.call(desk::businesses(), here.grant)->status == 200);
    BOOST_TEST(here.claims_in_use() == able_later);
    BOOST_TEST(here.asked() == 3U);
    // What is got later is not bound to an old event.
    here.api.require_claims("");
    here.clock.advance(1h);
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.claims_in_use() == able);
}

BOOST_AUTO_TEST_CASE(challenges_that_the_program_reads_itself)
{
    desk here;
    auto const first = here.token();
    auto const challenged = [&](std::string claims) { return std::string(here.graph.access_token(here.grant, {.claims_challenge = std::move(claims)}).value().reveal()); };
    auto const second = challenged(logout);
    BOOST_TEST(second != first);
    BOOST_TEST(here.token() == second);
    BOOST_TEST(challenged(logout) == second);   // answered already, perhaps by another thread
    BOOST_TEST(here.asked() == 2U);
    BOOST_TEST(here.graph.access_token(here.grant, {.claims_challenge = "none"}).error().code == errc::malformed_claims);
    BOOST_TEST(here.graph.call(desk::businesses(), here.grant, {.claims_challenge = "none"}).error().code == errc::malformed_claims);
    // In an outage the refused token is no help, and neither is it lost.
    here.server.fail_next(fault::service_unavailable);
    BOOST_TEST(here.graph.access_token(here.grant, {.claims_challenge = later_logout}).error().code == errc::unexpected_status);
    BOOST_TEST(here.token() == second);
}

BOOST_AUTO_TEST_CASE(an_api_that_is_never_content)
{
    desk here;
    here.api.challenge_next(100, logout);
    auto const refused = here.graph.call(desk::businesses(), here.grant).error();
    BOOST_TEST(refused.code == server_errc::insufficient_claims);
    BOOST_TEST((refused.next == advice::give_up));   // nobody can sign in for a daemon
    BOOST_TEST(here.api.requests() == 2U);
}

BOOST_AUTO_TEST_CASE(many_threads_are_challenged_and_one_asks)
{
    desk here;
    BOOST_TEST(here.status() == 200);
    here.api.require_claims(logout);
    std::vector<int> got(6);
    {
        std::vector<std::jthread> threads;
        for (auto& status : got) threads.emplace_back([&] { status = here.graph.call(desk::businesses(), here.grant).value().status; });
    }
    for (int const status : got) BOOST_TEST(status == 200);
    BOOST_TEST(here.asked() == 2U);
}

BOOST_AUTO_TEST_CASE(an_api_calls_on_and_hands_back_what_only_its_caller_can_mend)
{
    auto demanding = options();
    desk here(demanding);
    account const user{"tenant.alex"};
    auto const grant = behalf(here.called_by_user());
    BOOST_TEST(here.graph.call(desk::me(), grant, user)->status == 200);
    BOOST_TEST(here.graph.call(desk::me(), grant)->status == 200);
    BOOST_TEST(here.server.counts().on_behalf_of == 2U);
    // Silently, where the server can do it so.
    here.api.require_claims(logout);
    BOOST_TEST(here.graph.call(desk::me(), grant, user)->status == 200);
    BOOST_TEST(here.server.counts().on_behalf_of == 3U);
    BOOST_TEST(here.graph.session(user).value()->access_tokens.size() == 1U);
    // Where it can't, the failure has what the user must sign in with: what the API wants, and what the server wants beside it.
    here.api.require_claims(later_logout);
    here.server.fail_next(fault::interaction_required);
    auto const refused = here.graph.call(desk::me(), grant, user).error();
    BOOST_TEST(refused.code == server_errc::interaction_required);
    BOOST_TEST((refused.next == advice::sign_in_again));
    BOOST_TEST(refused.server.claims == R"({"access_token":{"nbf":{"essential":true,"value":"1604109999"},"polids":{"essential":true,"values":["9ab03e19-0000-4000-8000-000000000000"]}}})");
}

BOOST_AUTO_TEST_CASE(with_another_factor_the_caller_gets_through)
{
    auto demanding = options();
    demanding.interactive_claims = factor;
    desk here(demanding);
    account const user{"tenant.alex"};
    auto const refused = here.graph.call(desk::me(), behalf(here.called_by_user()), user).error();
    BOOST_TEST(refused.code == server_errc::interaction_required);
    BOOST_TEST(refused.server.claims == factor);
    BOOST_TEST(here.api.requests() == 0U);
    here.api.require_claims(logout);
    auto const answer = here.graph.call(desk::me(), behalf(here.called_by_user({.claims = refused.server.claims})), user);
    BOOST_TEST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->status == 200);
}

// There are ever new assertions: nothing of them is left in the store.
BOOST_AUTO_TEST_CASE(what_an_assertion_brings_is_kept_in_memory_alone)
{
    desk here;
    here.store.take_log();
    for (int i = 0; i < 3; ++i)
    {
        auto const grant = behalf(here.called_by_user());
        auto const token = here.graph.access_token(grant).value();
        BOOST_TEST(here.graph.access_token(grant).value().reveal() == token.reveal());
        BOOST_TEST(here.graph.session(grant_account(grant)).value()->access_tokens.size() == 1U);
        BOOST_TEST(here.graph.forget(grant_account(grant)).has_value());
        BOOST_TEST(here.graph.access_token(grant).value().reveal() != token.reveal());
    }
    BOOST_TEST(here.server.counts().on_behalf_of == 6U);
    BOOST_TEST(here.store.take_log().empty());
    // With an account it is the store's.
    BOOST_TEST(here.graph.access_token(behalf(here.called_by_user()), account{"alex"}).has_value());
    BOOST_TEST(!here.store.take_log().empty());
}

BOOST_AUTO_TEST_CASE(nothing_is_lost_when_the_store_fails)
{
    desk here;
    BOOST_TEST(here.status() == 200);
    here.api.require_claims(logout);
    here.store.deny("save");
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.asked() == 2U);
}

// With DPoP the header carries the scheme and a proof, and the nonce of an API is learned on the way.
BOOST_AUTO_TEST_CASE(a_token_that_is_bound_to_a_key)
{
    struct bound : default_config
    {
        using sender_constraint = dpop;
    };
    server_metadata server;
    server.token_endpoint = "https://login.example/token";
    testing::scripted_transport line;
    flow<testing::scripted_transport, memory_store, testing::manual_clock, client_secret_post, bound> daemon{
        server, example_client(), line, dpop{private_key::generate(jws_algorithm::es256).value()}};
    client_credentials const grant{.scope = "read"};
    line.expect_post("https://login.example/token").reply(200, R"({"token_type":"DPoP","expires_in":3600,"access_token":"bound-1"})");
    line.expect_get("https://api.example/").reply(401, "", {{"WWW-Authenticate", R"(DPoP error="invalid_token")"}});
    line.expect_post("https://login.example/token").reply(200, R"({"token_type":"DPoP","expires_in":3600,"access_token":"bound-2"})");
    line.expect_get("https://api.example/").reply(200, "hello");
    BOOST_TEST(daemon.call({.url = "https://api.example/"}, grant)->body.reveal() == "hello");
    BOOST_TEST(line.done(), line.report());
    BOOST_TEST(line.sent().at(3).authorization.reveal() == "DPoP bound-2");
}

// An API that takes both kinds of token says what is wrong for each.
BOOST_AUTO_TEST_CASE(a_bound_token_is_judged_by_its_own_challenge)   // RFC 9449 7.1
{
    struct bound : default_config
    {
        using sender_constraint = dpop;
    };
    server_metadata server;
    server.token_endpoint = "https://login.example/token";
    struct row
    {
        char const* challenge;
        int status;         // of the outcome
        std::size_t sent;   // requests
    };
    for (auto const& [challenge, status, sent] : {row{R"(Bearer realm="api", DPoP error="invalid_dpop_proof", algs="ES256")", 401, 2U},
                                                  row{R"(Bearer error="invalid_request", DPoP error="invalid_token", algs="ES256")", 200, 4U}})
        for (bool const of_user : {false, true})
            BOOST_TEST_CONTEXT(challenge << (of_user ? " to a user's" : " to the client's"))
            {
                testing::scripted_transport line;
                flow<testing::scripted_transport, memory_store, testing::manual_clock, client_secret_post, bound> app{
                    server, example_client(), line, dpop{private_key::generate(jws_algorithm::es256).value()}};
                for (std::string const number : {"1", "2"})
                {
                    line.expect_post("https://login.example/token")
                        .reply(200, R"({"token_type":"DPoP","expires_in":3600,"access_token":"bound-)" + number + (of_user ? R"(","refresh_token":"r)" + number : "") + "\"}");
                    if (number == "1") line.expect_get("https://api.example/").reply(401, "", {{"WWW-Authenticate", challenge}});
                    else line.expect_get("https://api.example/").reply(200, "hello");
                }
                if (of_user) app.obtain(refresh_token{secret("r0")}).value();
                auto const answer = of_user ? app.call({.url = "https://api.example/"}) : app.call({.url = "https://api.example/"}, client_credentials{.scope = "read"});
                BOOST_TEST_REQUIRE(answer.has_value());
                BOOST_TEST(answer->status == status);
                BOOST_TEST(line.sent().size() == sent);
                if (sent > 3) BOOST_TEST(line.sent()[3].authorization.reveal() == "DPoP bound-2");
            }
}

BOOST_AUTO_TEST_CASE(an_api_that_wants_another_authentication)   // RFC 9470
{
    flow_fixture here;
    here.sign_in().value();
    flow<picky_line, failing_store, testing::manual_clock> asks(here.server.metadata(), example_client(), picky_line(here.server, picky_api{}), here.store, here.clock);
    auto const wanted = asks.call({.url = "https://api.example/"}).error();
    BOOST_TEST(wanted.code == server_errc::insufficient_user_authentication);
    BOOST_TEST((wanted.next == advice::sign_in_again));
    BOOST_TEST(wanted.server.acr_values == "urn:mace:incommon:iap:silver phr");
    BOOST_TEST((wanted.server.max_age == 300s));
    BOOST_TEST(std::string(error(wanted).what()).find("silver") == std::string::npos);   // the API's words
    BOOST_TEST(describe(wanted).find("silver") != std::string::npos);
    BOOST_TEST(here.server.refresh_count() == 0U);
    // What the new sign-in is begun with.
    auto const pending = asks.authorize({.max_age = wanted.server.max_age, .claims = wanted.server.claims, .acr_values = wanted.server.acr_values}).value();
    BOOST_TEST(pending.url.find("acr_values=urn%3Amace%3Aincommon%3Aiap%3Asilver%20phr") != std::string::npos, pending.url);
    BOOST_TEST(pending.url.find("max_age=300") != std::string::npos);
    // An API that calls on hands the same on to its caller.
    desk middle;
    flow<picky_line, failing_store, testing::manual_clock> calls_on(middle.server.metadata(), able_client(), picky_line(middle.server, picky_api{}), failing_store(), middle.clock);
    auto const handed_on = calls_on.call({.url = "https://api.example/"}, behalf(middle.called_by_user())).error();
    BOOST_TEST(handed_on.server.acr_values == wanted.server.acr_values);
    BOOST_TEST((handed_on.next == advice::sign_in_again));
    BOOST_TEST((calls_on.call({.url = "https://api.example/"}, middle.grant).error().next == advice::give_up));
}

BOOST_AUTO_TEST_SUITE_END()
