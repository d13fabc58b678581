#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/policy/authentication/client_secret_basic.hpp>
#include <oauth/request/introspection.hpp>
#include <oauth/testing/fixed_entropy.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../support/flow_fixture.hpp"
#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

// What a flow asks of the endpoints beside the token endpoint: pushed requests, revocation, introspection.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using testing::personality;
using testing::scripted_transport;

using operations = std::vector<std::string>;

testing::authorization_server_options standard()
{
    auto made = example_options();
    made.kind = personality::standard;
    return made;
}

testing::authorization_server_options demanding()
{
    auto made = standard();
    made.require_pushed_authorization_requests = true;
    return made;
}

std::vector<std::string> names_of(std::string const& url)
{
    std::vector<std::string> names;
    for (auto const& one : parse_form(url.substr(url.find('?') + 1)).value()) names.push_back(one.name);
    return names;
}

struct fixed_config : default_config
{
    using entropy = testing::fixed_entropy;
};

server_metadata metadata()
{
    server_metadata made;
    made.issuer = "https://login.example";
    made.authorization_endpoint = "https://login.example/authorize?p=x";
    made.token_endpoint = "https://login.example/token";
    made.pushed_authorization_request_endpoint = "https://login.example/par";
    made.revocation_endpoint = "https://login.example/revoke";
    return made;
}

constexpr char const* pushed_answer = R"({"request_uri":"urn:x:code","expires_in":60})";

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_endpoints)

BOOST_AUTO_TEST_CASE(a_request_is_pushed_where_the_server_demands_it)
{
    flow_fixture here{demanding()};
    auto pending = here.graph.authorize({.prompt = "login"}).value();
    BOOST_TEST((names_of(pending.url) == std::vector<std::string>{"client_id", "request_uri"}));
    BOOST_TEST_REQUIRE(pending.url_expires_at.has_value());
    BOOST_TEST((*pending.url_expires_at == here.clock.now() + 60s));
    BOOST_TEST(here.server.counts().pushed_requests == 1U);
    auto const redirect = here.server.sign_in(pending.url);
    BOOST_TEST(here.graph.exchange(std::move(pending), redirect).has_value());
    BOOST_TEST(here.server.accepts(here.token()));
}

BOOST_AUTO_TEST_CASE(a_request_is_pushed_where_the_program_wants_it)
{
    flow_fixture here{standard()};
    auto local = here.graph.authorize().value();
    BOOST_TEST(here.server.counts().pushed_requests == 0U);
    BOOST_TEST(!local.url_expires_at.has_value());
    auto pending = here.graph.authorize({.pushed = true}).value();
    BOOST_TEST(here.server.counts().pushed_requests == 1U);
    auto const redirect = here.server.sign_in(pending.url);
    BOOST_TEST(here.graph.exchange(std::move(pending), redirect).has_value());
}

BOOST_AUTO_TEST_CASE(each_client_names_itself_once)
{
    // RFC 9126 2.1: client_id is a parameter of the request, however the client proves who it is.
    scripted_transport post, basic, open;
    post.expect_post("https://login.example/par").with("client_id", "the client").with("client_secret").with_authorization("").reply(201, pushed_answer);
    basic.expect_post("https://login.example/par").with("client_id", "the client").without("client_secret").with_field("Accept", "application/json").reply(201, pushed_answer);
    open.expect_post("https://login.example/par").with("client_id", "the client").without("client_secret").with_authorization("").reply(201, pushed_answer);
    auto nobody = example_client();
    nobody.secret.clear();
    flow by_post{metadata(), example_client(), post};
    flow by_basic{metadata(), example_client(), basic, client_secret_basic{}};
    flow by_nothing{metadata(), nobody, open};
    for (auto const& made : {by_post.authorize({.pushed = true}), by_basic.authorize({.pushed = true}), by_nothing.authorize({.pushed = true})})
    {
        BOOST_TEST_REQUIRE(made.has_value());
        BOOST_TEST(made->url == "https://login.example/authorize?p=x&client_id=the%20client&request_uri=urn%3Ax%3Acode");
    }
    for (auto const* line : {&post, &basic, &open}) BOOST_TEST(line->done(), line->report());
    BOOST_TEST(basic.sent().front().authorization.reveal().starts_with("Basic "));
}

BOOST_AUTO_TEST_CASE(what_is_pushed_is_what_the_url_would_say)
{
    using fixed_flow = flow<scripted_transport, memory_store, testing::manual_clock, client_secret_post, fixed_config>;
    authorization_options options{.scope = oauth::scope("openid a"), .prompt = "consent", .resource = "https://r.example", .also_resources = {"https://s.example"}, .extra = {{"x", "y z"}}};
    scripted_transport line;
    fixed_flow local{metadata(), example_client(), line, testing::manual_clock{}, testing::fixed_entropy{}}, pushing{metadata(), example_client(), line, testing::manual_clock{}, testing::fixed_entropy{}};
    auto const plain = local.authorize(options).value();
    options.pushed = true;
    line.expect_post("https://login.example/par").reply(201, pushed_answer);
    auto const pushed = pushing.authorize(options).value();
    BOOST_TEST(line.done(), line.report());

    auto const sorted = [](form_parameters list) {
        std::erase_if(list, [](auto const& one) { return one.name == "client_secret" || one.name == "p"; });
        std::vector<std::string> out;
        for (auto const& one : list) out.push_back(one.name + '=' + one.value);
        std::sort(out.begin(), out.end());
        return out;
    };
    auto const in_url = sorted(parse_form(plain.url.substr(plain.url.find('?') + 1)).value());
    auto const in_body = sorted(scripted_transport::form_of(line.sent().front()));
    BOOST_TEST(in_body == in_url, boost::test_tools::per_element());
    // And all that is remembered is the same.
    BOOST_TEST(pushed.state == plain.state);
    BOOST_TEST((pushed.code_verifier == plain.code_verifier));
    BOOST_TEST(pushed.nonce == plain.nonce);
    BOOST_TEST(pushed.requested.str() == plain.requested.str());
    BOOST_TEST(pushed.resource == plain.resource);
    BOOST_TEST((pushed.created_at == plain.created_at));
}

BOOST_AUTO_TEST_CASE(a_push_that_fails)
{
    flow_fixture here{standard()};
    auto who = example_client();
    who.redirect_uri = "http://localhost:8400/other";
    auto stranger = here.sibling(who);
    auto const refused = stranger.authorize({.pushed = true}).error();
    BOOST_TEST(refused.code == server_errc::invalid_request);
    BOOST_TEST(refused.http_status == 400);
    who = example_client();
    who.secret = secret("wrong");
    BOOST_TEST(here.sibling(who).authorize({.pushed = true}).error().code == server_errc::invalid_client);
    here.line.refuse_next();
    BOOST_TEST(here.graph.authorize({.pushed = true}).error().code == errc::connect_failed);
    here.server.fail_next(testing::fault::too_many_requests, 1, testing::server_place::pushed_authorization);
    BOOST_TEST(here.graph.authorize({.pushed = true}).error().next == advice::retry_after);
    here.server.fail_next(testing::fault::html_page, 1, testing::server_place::pushed_authorization);
    BOOST_TEST(here.graph.authorize({.pushed = true}).error().code == errc::unexpected_status);

    flow_fixture v2;
    auto const nowhere = v2.graph.authorize({.pushed = true}).error();
    BOOST_TEST(nowhere.code == errc::missing_endpoint);
    BOOST_TEST(nowhere.hint == "server_metadata.pushed_authorization_request_endpoint");
    // What is wrong here is found before anybody is asked.
    auto const sent = here.line.sent();
    BOOST_TEST(here.graph.authorize({.extra = {{"request_uri", "urn:x:y"}}, .pushed = true}).error().code == errc::duplicate_parameter);
    BOOST_TEST(here.line.sent() == sent);
}

BOOST_AUTO_TEST_CASE(a_pushed_request_that_has_expired)
{
    flow_fixture here{standard()};
    auto pending = here.graph.authorize({.pushed = true}).value();
    here.clock.advance(60s);
    BOOST_TEST(here.server.sign_in(pending.url) == "");
    // A server may tell it by a redirect as well.
    auto const redirect = "http://localhost:8400/?error=invalid_request_uri&iss=https%3A%2F%2Flogin.example.com&state=" + pending.state;
    auto copy = pending;
    auto const why = here.graph.exchange(std::move(copy), redirect).error();
    BOOST_TEST(why.code == server_errc::invalid_request_uri);
    BOOST_TEST(why.next == advice::sign_in_again);
    pending.url_expires_at.reset();
    BOOST_TEST(here.graph.exchange(std::move(pending), redirect).error().next == advice::fix_configuration);
}

BOOST_AUTO_TEST_CASE(one_sign_in_for_several_resources)   // RFC 8707
{
    auto who = example_client();
    who.resource = "https://cal.example.com/";
    flow_fixture here{standard(), who};
    auto pending = here.graph.authorize({.also_resources = {"https://contacts.example.com/"}}).value();
    auto const redirect = here.server.sign_in(pending.url);
    here.graph.exchange(std::move(pending), redirect).value();
    auto const first = here.graph.access_token().value();
    BOOST_TEST(here.server.introspect(first.reveal())->resource == "https://cal.example.com/");
    auto const second = here.graph.access_token({.resource = "https://contacts.example.com/"}).value();
    BOOST_TEST(here.server.introspect(second.reveal())->resource == "https://contacts.example.com/");
    BOOST_TEST(here.graph.access_token().value().reveal() == first.reveal());
    auto const other = here.graph.access_token({.resource = "https://mail.example.com/"}).error();
    BOOST_TEST(other.code == server_errc::invalid_target);
    BOOST_TEST(other.next == advice::fix_configuration);
    // The refusal of one resource ends nothing.
    BOOST_TEST(here.graph.refresh().has_value());

    auto const bad = here.graph.authorize({.resource = "not a uri", .pushed = true}).error();
    BOOST_TEST(bad.code == server_errc::invalid_target);
}

BOOST_AUTO_TEST_CASE(the_code_request_names_the_resource)
{
    scripted_transport line;
    auto who = example_client();
    who.resource = "https://cal.example.com/";
    flow made{metadata(), who, line};
    auto pending = made.authorize().value();
    line.expect_post("https://login.example/token").with("resource", "https://cal.example.com/").reply(200, R"({"access_token":"a1","token_type":"Bearer"})");
    BOOST_TEST(made.exchange(std::move(pending), "the-code").has_value());
    BOOST_TEST(line.done(), line.report());
}

BOOST_AUTO_TEST_CASE(a_session_ends_at_the_server_too)
{
    flow_fixture here{standard()};
    here.sign_in().value();
    auto const token = here.token();
    here.store.take_log();
    BOOST_TEST(here.graph.revoke().has_value());
    BOOST_TEST((here.store.take_log() == operations{"try_lock", "load", "erase"}));
    BOOST_TEST(!here.server.accepts(token));
    BOOST_TEST(here.server.counts().revocations == 1U);
    BOOST_TEST(here.graph.access_token().error().code == errc::no_session);
    BOOST_TEST(!here.graph.session().value().has_value());
    // Once more is as well.
    BOOST_TEST(here.graph.revoke().has_value());
    BOOST_TEST(here.server.counts().revocations == 1U);
}

BOOST_AUTO_TEST_CASE(each_token_may_be_revoked)
{
    flow_fixture here{standard()};
    here.sign_in().value();
    here.graph.refresh({.scope = "Mail.Read"}).value();
    BOOST_TEST(here.graph.session().value()->access_tokens.size() == 2U);
    BOOST_TEST(here.graph.revoke({}, revoked_tokens::all).has_value());
    BOOST_TEST(here.server.counts().revocations == 3U);
}

BOOST_AUTO_TEST_CASE(each_account_has_its_own_end)
{
    flow_fixture here{standard()};
    here.sign_in(account{"a"}).value();
    here.sign_in(account{"b"}).value();
    BOOST_TEST(here.graph.revoke(account{"a"}).has_value());
    BOOST_TEST(here.graph.access_token(account{"a"}).error().code == errc::no_session);
    BOOST_TEST(here.server.accepts(here.graph.access_token(account{"b"}).value().reveal()));
    BOOST_TEST(here.graph.revoke(account{""}).error().code == errc::invalid_account);
}

BOOST_AUTO_TEST_CASE(it_is_forgotten_whatever_the_server_says)
{
    std::vector<std::pair<testing::fault, error_code>> const faults{{testing::fault::service_unavailable, errc::unexpected_status},
                                                                    {testing::fault::too_many_requests, errc::unexpected_status},
                                                                    {testing::fault::temporarily_unavailable, server_errc::temporarily_unavailable},
                                                                    {testing::fault::redirect, errc::redirect_refused},
                                                                    {testing::fault::empty_not_found, errc::unexpected_status}};
    for (auto const& [fault, code] : faults)
    {
        flow_fixture here{standard()};
        here.sign_in().value();
        here.server.fail_next(fault, 1, testing::server_place::revocation);
        auto const why = here.graph.revoke().error();
        BOOST_TEST(why.code == code);
        BOOST_TEST(why.next != advice::retry);
        BOOST_TEST(why.next != advice::retry_after);
        BOOST_TEST(here.graph.access_token().error().code == errc::no_session);
    }
    flow_fixture here{standard()};
    here.sign_in().value();
    here.line.refuse_next();
    BOOST_TEST(here.graph.revoke().error().code == errc::connect_failed);
    BOOST_TEST(here.graph.access_token().error().code == errc::no_session);

    // Microsoft has no such endpoint.
    flow_fixture v2;
    v2.sign_in().value();
    auto const why = v2.graph.revoke().error();
    BOOST_TEST(why.code == errc::missing_endpoint);
    BOOST_TEST(why.next == advice::fix_configuration);
    BOOST_TEST(v2.graph.access_token().error().code == errc::no_session);
}

BOOST_AUTO_TEST_CASE(a_store_that_keeps_it)
{
    flow_fixture here{standard()};
    here.sign_in().value();
    here.store.deny("erase");
    BOOST_TEST(here.graph.revoke().error().code == errc::store_not_writable);
    BOOST_TEST(here.graph.revoke().has_value());
    BOOST_TEST(here.graph.access_token().error().code == errc::no_session);
}

BOOST_AUTO_TEST_CASE(what_could_not_be_saved_is_revoked)
{
    flow_fixture here{standard()};
    here.store.deny("save", -1);
    BOOST_TEST(here.sign_in().has_error());
    auto const token = here.token();   // held in memory
    BOOST_TEST(here.graph.revoke().has_value());
    BOOST_TEST(!here.server.accepts(token));
    BOOST_TEST(here.graph.access_token().error().code == errc::no_session);
}

BOOST_AUTO_TEST_CASE(what_a_token_stands_for)
{
    auto options = standard();
    options.clients.push_back({.id = "the api", .secret = "the api's secret"});
    flow_fixture here{options};
    auto const answer = here.sign_in().value();
    auto api = here.sibling({.id = "the api", .secret = secret("the api's secret")});
    auto const token = api.ask(introspection{.token = answer.access_token}).value();
    BOOST_TEST(token.active);
    BOOST_TEST(token.client_id == "the client");
    BOOST_TEST(token.username == "alex@contoso.example");
    BOOST_TEST(token.scope.str() == "offline_access Mail.Read");
    BOOST_TEST(token.issuer == "https://login.example.com");
    BOOST_TEST(token.token_type == "Bearer");
    BOOST_TEST((token.expires_at == here.clock.now() + 3599s));
    BOOST_TEST((token.issued_at == here.clock.now()));

    BOOST_TEST(here.graph.ask(introspection{.token = answer.refresh_token, .token_type_hint = "refresh_token"}).value().active);
    BOOST_TEST(!api.ask(introspection{.token = answer.refresh_token}).value().active);   // not for everybody
    BOOST_TEST(!api.ask(introspection{.token = secret("made up")}).value().active);
    BOOST_TEST(here.graph.ask(revocation{.token = answer.access_token}).has_value());
    BOOST_TEST(!api.ask(introspection{.token = answer.access_token}).value().active);
    auto const nobody = flow_fixture<>().graph.ask(introspection{.token = answer.access_token}).error();
    BOOST_TEST(nobody.code == errc::missing_endpoint);
    BOOST_TEST(nobody.hint == "server_metadata.introspection_endpoint");
}

BOOST_AUTO_TEST_SUITE_END()
