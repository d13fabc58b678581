#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/provider/microsoft/default_scope.hpp>
#include <oauth/request/client_credentials.hpp>
#include <oauth/request/jwt_bearer.hpp>
#include <oauth/request/on_behalf_of.hpp>
#include <oauth/request/token_exchange.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../support/flow_fixture.hpp"
#include <chrono>
#include <latch>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

// Tokens that a grant brings again and again: a daemon's, and those of an API that calls on.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using testing::fault;
using testing::personality;

/// A user's own grant, which has no more than a grant must have.
struct own_grant
{
    static constexpr std::string_view grant_type = "urn:example:own";
    std::string ticket;
    void write(form& body) const { body.add("ticket", ticket); }
};

client_credentials graph_token() { return {.scope = microsoft::default_scope("https://graph.microsoft.com")}; }

/// An API and somebody who calls it.
struct middle_tier : flow_fixture<>
{
    static client caller() { return {.id = "caller", .redirect_uri = "http://localhost:8400/", .scope = "api://middle/access"}; }

    static testing::authorization_server_options options()
    {
        auto made = example_options();
        made.clients.front().permissions = "User.Read";
        made.clients.front().identifiers = {"api://middle"};
        made.clients.push_back(testing::registered_client::of(caller()));
        made.users.push_back({.username = "ann@contoso.example", .name = "Ann", .object_id = "55555555-aaaa-4bbb-8ccc-444444444444"});
        return made;
    }

    flow_type app;

    explicit middle_tier(client with = caller()) : flow_fixture(options()), app(sibling(std::move(with))) {}

    /// The token that the API is called with.
    secret called_by(std::string username = "alex@contoso.example")
    {
        auto pending = app.authorize().value();
        testing::user_agent agent(line, std::move(username));
        auto const redirect = agent.sign_in(pending.url).value().url;
        return app.exchange(std::move(pending), redirect, {"caller"}).value().access_token;
    }

    std::string user_of(access_token const& token) { return server.introspect(token.reveal()).value().user.value().username; }
};

on_behalf_of behalf(secret assertion, scope wanted = "https://graph.microsoft.com/User.Read") { return {.assertion = std::move(assertion), .scope = std::move(wanted)}; }

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_grants)

BOOST_AUTO_TEST_CASE(a_daemon_asks_once_an_hour)
{
    flow_fixture here;
    auto const first = here.graph.access_token(graph_token()).value();
    BOOST_TEST(here.server.accepts(first.reveal()));
    BOOST_TEST(here.graph.access_token(graph_token()).value().reveal() == first.reveal());
    here.store.take_log();
    here.clock.advance(50min);
    BOOST_TEST(here.graph.access_token(graph_token()).value().reveal() == first.reveal());
    BOOST_TEST(here.store.take_log().empty());   // from memory
    BOOST_TEST(here.sibling().access_token(graph_token()).value().reveal() == first.reveal());   // from the store
    BOOST_TEST(here.server.counts().client_credentials == 1U);

    here.clock.advance(6min);   // in the margin
    auto const second = here.graph.access_token(graph_token()).value();
    BOOST_TEST(second.reveal() != first.reveal());
    BOOST_TEST(here.server.counts().client_credentials == 2U);
    BOOST_TEST(here.graph.access_token(graph_token(), {.minimum_life = 59min}).value().reveal() == second.reveal());
    BOOST_TEST(here.graph.access_token(graph_token(), {.renew = true}).value().reveal() != second.reveal());
    BOOST_TEST(here.server.counts().client_credentials == 3U);
    // A token lives an hour at this server: one that lives longer is asked for in vain, but it is what there is.
    BOOST_TEST(here.graph.access_token(graph_token(), {.minimum_life = 2h}).has_value());
    BOOST_TEST(here.server.counts().client_credentials == 4U);
}

BOOST_AUTO_TEST_CASE(each_personality_has_its_way)
{
    auto standard = example_options();
    standard.kind = personality::standard;
    flow_fixture rfc(standard);
    BOOST_TEST(rfc.server.accepts(rfc.graph.access_token(client_credentials{.scope = "read"}).value().reveal()));

    auto v1 = example_options();
    v1.kind = personality::entra_v1;
    flow_fixture old(v1);
    auto const token = old.graph.access_token(client_credentials{.resource = "https://graph.microsoft.com"}).value();
    BOOST_TEST(old.server.introspect(token.reveal()).value().resource == "https://graph.microsoft.com");
    BOOST_TEST((token->expires_at == start + 3599s));   // from "3599"
    BOOST_TEST(old.graph.access_token(client_credentials{}).error().code == server_errc::invalid_request);

    flow_fixture v2;
    BOOST_TEST(v2.graph.access_token(client_credentials{.scope = "User.Read"}).error().code == server_errc::invalid_scope);   // needs .default
    BOOST_TEST(v2.graph.access_token(client_credentials{.scope = "a\"b"}).has_error());
}

BOOST_AUTO_TEST_CASE(each_thing_that_is_asked_is_kept_by_itself)
{
    flow_fixture here;
    here.sign_in().value();
    auto const user = here.token();
    auto const vault = client_credentials{.scope = microsoft::default_scope("https://vault.azure.net")};
    auto const one = here.graph.access_token(graph_token()).value(), two = here.graph.access_token(vault).value();
    BOOST_TEST(one.reveal() != two.reveal());
    BOOST_TEST(here.graph.access_token(graph_token()).value().reveal() == one.reveal());
    BOOST_TEST(here.graph.access_token(vault).value().reveal() == two.reveal());
    BOOST_TEST(here.token() == user);   // the user's session is another
    // One is forgotten.
    BOOST_TEST(here.graph.forget(grant_account(vault)).has_value());
    BOOST_TEST(here.graph.access_token(vault).value().reveal() != two.reveal());
    BOOST_TEST(here.graph.access_token(graph_token()).value().reveal() == one.reveal());
}

BOOST_AUTO_TEST_CASE(under_an_account_of_one_s_own)
{
    flow_fixture here;
    account const mine{"the daemon"};
    auto const token = here.graph.access_token(graph_token(), mine).value();
    BOOST_TEST(here.graph.access_token(graph_token(), mine).value().reveal() == token.reveal());
    BOOST_TEST(here.graph.access_token(graph_token()).value().reveal() != token.reveal());
    BOOST_TEST(here.graph.session(mine).value()->access_tokens.size() == 1U);
    BOOST_TEST(here.graph.access_token(graph_token(), mine, {.renew = true}).value().reveal() != token.reveal());
    BOOST_TEST(here.graph.access_token(graph_token(), account{""}).error().code == errc::invalid_account);
    BOOST_TEST(here.graph.access_token(graph_token(), account{std::string(513, 'x')}).error().code == errc::invalid_account);
}

BOOST_AUTO_TEST_CASE(an_outage_is_bridged)
{
    flow_fixture here;
    auto const token = here.graph.access_token(graph_token()).value();
    here.clock.advance(56min);
    here.server.fail_next(fault::service_unavailable);
    BOOST_TEST(here.graph.access_token(graph_token()).value().reveal() == token.reveal());
    here.line.refuse_next();
    BOOST_TEST(here.graph.access_token(graph_token()).value().reveal() == token.reveal());
    here.line.refuse_next();
    BOOST_TEST(here.graph.access_token(graph_token(), {.minimum_life = 10min}).error().code == errc::connect_failed);
    here.clock.advance(5min);
    here.line.refuse_next();
    BOOST_TEST(here.graph.access_token(graph_token()).error().code == errc::connect_failed);
    BOOST_TEST(here.graph.access_token(graph_token()).value().reveal() != token.reveal());
}

BOOST_AUTO_TEST_CASE(a_store_that_fails)
{
    flow_fixture here;
    here.store.deny("save");
    BOOST_TEST(here.graph.access_token(graph_token()).error().code == errc::store_not_writable);   // told once
    auto const token = here.graph.access_token(graph_token()).value();
    BOOST_TEST(here.server.counts().client_credentials == 1U);
    BOOST_TEST(here.sibling().access_token(graph_token()).value().reveal() != token.reveal());     // it is in this flow's memory alone
    here.store.deny("load", 1, failure(errc::store_unreadable, advice::sign_in_again, "put aside"));
    BOOST_TEST(here.sibling().access_token(graph_token()).error().next == advice::retry);
    here.store.deny("probe", -1);
    here.clock.advance(2h);
    BOOST_TEST(here.graph.access_token(graph_token()).has_value());   // nothing is spent that could not be had again
}

BOOST_AUTO_TEST_CASE(threads_ask_once)
{
    flow_fixture here;
    auto other = here.sibling();
    constexpr std::size_t count = 8;
    for (int round = 0; round < 3; ++round)
    {
        std::vector<std::string> got(count);
        std::latch begin(count);
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < count; ++i)
            threads.emplace_back([&, i] {
                begin.arrive_and_wait();
                auto const token = (i % 2 == 0 ? here.graph : other).access_token(graph_token());
                got[i] = token.has_value() ? std::string(token->reveal()) : token.error().code.message();
            });
        threads.clear();
        BOOST_TEST(std::set<std::string>(got.begin(), got.end()).size() == 1U);
        BOOST_TEST(here.server.accepts(got[0]));
        here.clock.advance(2h);
    }
    BOOST_TEST(here.server.counts().client_credentials == 3U);
}

BOOST_AUTO_TEST_CASE(an_api_calls_on_in_the_user_s_name)
{
    middle_tier here;
    auto const alex = here.called_by(), ann = here.called_by("ann@contoso.example");
    auto const for_alex = here.graph.access_token(behalf(alex)).value(), for_ann = here.graph.access_token(behalf(ann)).value();
    BOOST_TEST(here.user_of(for_alex) == "alex@contoso.example");
    BOOST_TEST(here.user_of(for_ann) == "ann@contoso.example");
    // Each user's is kept, and never handed out to another.
    BOOST_TEST(here.graph.access_token(behalf(alex)).value().reveal() == for_alex.reveal());
    BOOST_TEST(here.graph.access_token(behalf(ann)).value().reveal() == for_ann.reveal());
    BOOST_TEST(here.server.counts().on_behalf_of == 2U);
    for (auto const& key : here.store.keys())
    {
        BOOST_TEST(key.find(alex.reveal()) == key.npos);
        BOOST_TEST(key.find(ann.reveal()) == key.npos);
    }
    // Under the user's account all of this user's tokens serve.
    account const user{"alex"};
    auto const mine = here.graph.access_token(behalf(alex), user).value();
    auto const again = here.called_by();
    BOOST_TEST(again.reveal() != alex.reveal());
    BOOST_TEST(here.graph.access_token(behalf(again), user).value().reveal() == mine.reveal());
    BOOST_TEST(here.server.counts().on_behalf_of == 3U);
}

BOOST_AUTO_TEST_CASE(what_an_api_may_not_do)
{
    middle_tier here;
    auto const alex = here.called_by();
    BOOST_TEST(here.graph.access_token(behalf(secret("made.up.token"))).error().code == server_errc::invalid_grant);
    auto const consent = here.graph.access_token(behalf(alex, "https://graph.microsoft.com/Mail.Send")).error();
    BOOST_TEST(consent.code == server_errc::invalid_grant);
    BOOST_TEST(consent.server.suberror == "consent_required");
    // A token for another API.
    middle_tier other({.id = "caller", .redirect_uri = "http://localhost:8400/", .scope = "User.Read"});
    auto const wrong = other.graph.access_token(behalf(other.called_by())).error();
    BOOST_TEST(wrong.server.error_codes.at(0) == 500131U);
    here.server.fail_next(fault::interaction_required);
    auto const more = here.graph.access_token(behalf(alex)).error();
    BOOST_TEST(more.next == advice::sign_in_again);
    BOOST_TEST(!more.server.claims.empty());   // for a challenge to the caller
    here.clock.advance(2h);
    BOOST_TEST(here.graph.access_token(behalf(alex)).error().server.error_codes.at(0) == 500133U);
}

// RFC 9470: the caller is told what the user has to show, and calls again with what the stronger sign-in brought. The user's account is the same.
BOOST_AUTO_TEST_CASE(an_api_calls_on_after_a_stronger_sign_in)
{
    server_metadata server;
    server.token_endpoint = "https://login.example/token";
    testing::scripted_transport transport;
    testing::manual_clock clock;
    flow made{server, example_client(), transport, clock};
    account const user{"alex"};
    auto const swaps = [&](std::string const& assertion, std::string const& token) {
        transport.expect_post("https://login.example/token").with("assertion", assertion).reply(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":")" + token + "\"}");
    };
    auto const is_sent = [&](std::string const& token, int status) {
        http_fields fields;
        if (status == 401) fields.push_back({"WWW-Authenticate", R"(Bearer error="insufficient_user_authentication", acr_values="strong")"});
        transport.expect_get("https://api.example/").with_authorization("Bearer " + token).reply(status, "", std::move(fields));
    };
    auto const call = [&](char const* assertion) { return made.call({.url = "https://api.example/"}, behalf(secret(assertion)), user); };
    swaps("weak", "a1");
    is_sent("a1", 401);
    auto const refused = call("weak");
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().code == server_errc::insufficient_user_authentication);
    BOOST_TEST(refused.error().server.acr_values == "strong");
    is_sent("a1", 401);
    swaps("strong", "a2");
    is_sent("a2", 200);
    BOOST_TEST(call("strong").value().status == 200);
    // From now on it is the kept one.
    is_sent("a2", 200);
    BOOST_TEST(call("strong").value().status == 200);
    BOOST_TEST(transport.done(), transport.report());
}

BOOST_AUTO_TEST_CASE(what_an_assertion_brought_is_gone_when_it_is_over)
{
    middle_tier here;
    auto const wanted = behalf(here.called_by(), "https://graph.microsoft.com/User.Read offline_access");
    BOOST_TEST(here.graph.access_token(wanted).has_value());
    auto const whose = grant_account(wanted);
    BOOST_TEST(!here.graph.session(whose).value().value().refresh_token.empty());
    here.clock.advance(48h);
    BOOST_TEST(!here.graph.session(whose).value().has_value());
    BOOST_TEST(here.graph.access_token(whose, {.scope = wanted.scope}).error().code == errc::no_session);
    // A user whose account is called like one is in the store, as any other.
    account const alike{"transient grant of Alex"};
    BOOST_TEST(here.graph.access_token(behalf(here.called_by()), alike).has_value());
    BOOST_TEST(here.sibling().session(alike).value().has_value());
}

// A long job outlives the token that it was begun with: a refresh token of its own renews it.
BOOST_AUTO_TEST_CASE(a_long_job_in_the_user_s_name)
{
    middle_tier here;
    account const job{"job 7"};
    auto const wanted = behalf(here.called_by(), "https://graph.microsoft.com/User.Read offline_access");
    auto const token = here.graph.access_token(wanted, job).value();
    here.clock.advance(2h);
    auto const later = here.graph.access_token(job, {.scope = wanted.scope}).value();
    BOOST_TEST(later.reveal() != token.reveal());
    BOOST_TEST(here.user_of(later) == "alex@contoso.example");
    BOOST_TEST(here.server.refresh_count() == 1U);
}

BOOST_AUTO_TEST_CASE(a_saml_assertion)
{
    middle_tier here;
    auto grant = behalf(here.called_by());
    grant.requested_token_type = token_type_uri::saml2;
    auto const tokens = here.graph.obtain(grant, {"x"}).value();
    BOOST_TEST(tokens.issued_token_type.value() == token_type_uri::saml2);
    BOOST_TEST(!tokens.access_token.empty());
}

BOOST_AUTO_TEST_CASE(exchanges_and_assertions)
{
    auto options = example_options();
    options.kind = personality::standard;
    auto who = example_client();
    who.scope = "offline_access read write";
    flow_fixture here(options, who);
    auto const user = here.sign_in().value();
    token_exchange exchange{.subject_token = user.access_token, .scope = "read", .resource = "https://backend.example.com/api"};
    auto const token = here.graph.access_token(exchange).value();
    auto const accepted = here.server.introspect(token.reveal()).value();
    BOOST_TEST(accepted.scope.str() == "read");
    BOOST_TEST(accepted.resource == "https://backend.example.com/api");
    BOOST_TEST(accepted.user.value().username == "alex@contoso.example");
    BOOST_TEST(here.graph.access_token(exchange).value().reveal() == token.reveal());
    exchange.audience = "the client";
    exchange.resource.clear();
    BOOST_TEST(here.server.introspect(here.graph.access_token(exchange).value().reveal()).value().resource == "the client");
    exchange.audience = "nobody";
    BOOST_TEST(here.graph.access_token(exchange).error().code == server_errc::invalid_target);
    exchange.audience.clear();
    exchange.subject_token = secret("made up");
    BOOST_TEST(here.graph.access_token(exchange).error().code == server_errc::invalid_request);   // RFC 8693 2.2.2

    jwt_bearer const assertion{.assertion = secret(here.server.assertion()), .scope = "read"};
    auto const by_assertion = here.graph.access_token(assertion).value();
    BOOST_TEST(here.server.introspect(by_assertion.reveal()).value().user.value().username == "alex@contoso.example");
    BOOST_TEST(here.graph.access_token(assertion).value().reveal() == by_assertion.reveal());
    BOOST_TEST(here.graph.access_token(assertion, {.renew = true}).error().code == server_errc::invalid_grant);   // one use
}

BOOST_AUTO_TEST_CASE(a_grant_of_one_s_own)
{
    server_metadata server;
    server.token_endpoint = "https://login.example/token";
    testing::scripted_transport transport;
    testing::manual_clock clock;
    auto who = example_client();
    flow made{server, who, transport, clock};
    auto const answers = [&](std::string const& ticket, std::string const& token) {
        transport.expect_post("https://login.example/token").with("grant_type", "urn:example:own").with("ticket", ticket)
            .reply(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":")" + token + "\"}");
    };
    answers("one", "a1");
    answers("two", "a2");
    answers("one", "a3");
    BOOST_TEST(made.access_token(own_grant{"one"}).value().reveal() == "a1");
    BOOST_TEST(made.access_token(own_grant{"two"}).value().reveal() == "a2");
    BOOST_TEST(made.access_token(own_grant{"one"}).value().reveal() == "a1");
    clock.advance(1h);
    BOOST_TEST(made.access_token(own_grant{"one"}).value().reveal() == "a3");
    BOOST_TEST(made.access_token(own_grant{"one"}, {.minimum_life = 59min}).value()->requested.empty());
    BOOST_TEST(transport.done(), transport.report());
}

BOOST_AUTO_TEST_CASE(a_token_that_grows_old_early)
{
    auto options = example_options();
    options.refresh_in = 30min;
    flow_fixture here(options);
    auto const token = here.graph.access_token(graph_token()).value();
    here.clock.advance(31min);
    here.line.refuse_next();
    BOOST_TEST(here.graph.access_token(graph_token()).value().reveal() == token.reveal());
    BOOST_TEST(here.graph.access_token(graph_token()).value().reveal() != token.reveal());
}

BOOST_AUTO_TEST_SUITE_END()
