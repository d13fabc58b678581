#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/policy/authentication/client_secret_basic.hpp>
#include <oauth/provider/microsoft/advice_rules.hpp>
#include <oauth/testing/fixed_entropy.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../support/flow_fixture.hpp"
#include <array>
#include <chrono>
#include <concepts>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using testing::fixed_entropy;
using testing::manual_clock;
using testing::scripted_transport;

server_metadata metadata()
{
    server_metadata made;
    made.issuer = "https://login.example";
    made.authorization_endpoint = "https://login.example/authorize";
    made.token_endpoint = "https://login.example/token";
    return made;
}

struct fixed_config : default_config
{
    using entropy = fixed_entropy;
    static constexpr seconds authorization_lifetime{60};
};

using fixed_flow = flow<scripted_transport, memory_store, manual_clock, client_secret_post, fixed_config>;

struct own_grant
{
    static constexpr std::string_view grant_type = "urn:example:own";
    std::string ticket;
    void write(form& body) const { body.add("ticket", ticket); }
};

std::string parameter(std::string const& url, std::string_view name)
{
    auto const parameters = parse_form(std::string_view(url).substr(url.find('?') + 1)).value();
    return std::string(find_parameter(parameters, name).value_or("missing"));
}

std::string redirect_of(pending_authorization const& pending, std::string const& what) { return pending.redirect_uri + '?' + what + "&state=" + pending.state; }

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow)

// Class template argument deduction: the policies are recognised by what they can do, in any order.
static_assert(std::same_as<decltype(flow{metadata(), client{}, scripted_transport{}}), flow<scripted_transport>>);
static_assert(std::same_as<decltype(flow{metadata(), client{}, scripted_transport{}, failing_store{}}), flow<scripted_transport, failing_store>>);
static_assert(std::same_as<decltype(flow{metadata(), client{}, manual_clock{}, scripted_transport{}}), flow<scripted_transport, memory_store, manual_clock>>);
static_assert(std::same_as<decltype(flow{metadata(), client{}, client_secret_basic{}, manual_clock{}, failing_store{}, scripted_transport{}}),
                           flow<scripted_transport, failing_store, manual_clock, client_secret_basic>>);
static_assert(std::is_nothrow_move_constructible_v<flow<scripted_transport>> && !std::is_copy_constructible_v<flow<scripted_transport>>);
static_assert(!std::is_constructible_v<flow<scripted_transport>, server_metadata, client, failing_store>, "a policy of another flow");

BOOST_AUTO_TEST_CASE(a_client_that_is_not_fit_for_use_is_refused)
{
    struct
    {
        client who;
        errc why;
    } const rows[] = {
        {{}, errc::invalid_client},
        {{.id = "x", .redirect_uri = "not a URI"}, errc::invalid_client},
        {{.id = "x", .redirect_uri = "https://app.example/#fragment"}, errc::invalid_client},
        {{.id = "x", .scope = "a\"b"}, errc::invalid_scope},
    };
    for (auto const& given : rows)
        BOOST_CHECK_EXCEPTION((flow{metadata(), given.who, scripted_transport{}}), error, [&](error const& thrown) {
            return thrown.why().code == given.why && thrown.why().next == advice::fix_configuration;
        });
    BOOST_CHECK_NO_THROW((flow{metadata(), client{.id = "x"}, scripted_transport{}}));
}

BOOST_AUTO_TEST_CASE(tells_what_it_is_made_of)
{
    manual_clock const clock(start + 7s);
    flow made{metadata(), client{.id = "x", .scope = "a b"}, scripted_transport{}, clock};
    BOOST_TEST(made.server().issuer == "https://login.example");
    BOOST_TEST(made.registration().scope.str() == "a b");
    BOOST_TEST((made.clock().now() == start + 7s));
    made.transport().expect_get("https://api.example/x");
    BOOST_TEST(!made.transport().done());
    BOOST_TEST(made.store().probe("x").has_value());
}

BOOST_AUTO_TEST_CASE(authorize_is_fresh_each_time)
{
    fixed_flow made{metadata(), example_client(), scripted_transport{}, manual_clock{}, fixed_entropy{1}};
    auto const first = made.authorize().value(), second = made.authorize({.prompt = "consent"}).value();
    BOOST_TEST(first.state != second.state);
    BOOST_TEST(!(first.code_verifier == second.code_verifier));
    BOOST_TEST(first.url.starts_with("https://login.example/authorize?"));
    BOOST_TEST(parameter(first.url, "state") == first.state);
    BOOST_TEST(parameter(first.url, "code_challenge_method") == "S256");
    BOOST_TEST(parameter(second.url, "prompt") == "consent");
    BOOST_TEST((first.created_at == start));
    BOOST_TEST(made.transport().sent().empty());
}

BOOST_AUTO_TEST_CASE(authorize_fails_cleanly)
{
    fixed_entropy random;
    fixed_flow made{metadata(), example_client(), scripted_transport{}, manual_clock{}, random};
    random.fail_next();
    BOOST_TEST(made.authorize().error().code == errc::entropy_failed);
    BOOST_TEST(made.authorize().has_value());
    BOOST_TEST(made.authorize({.scope = "a\\b"}).error().code == errc::invalid_scope);
    BOOST_TEST(made.authorize({.extra = {{"state", "mine"}}}).error().code == errc::duplicate_parameter);
    flow without{server_metadata{}, example_client(), scripted_transport{}};
    BOOST_TEST(without.authorize().error().code == errc::missing_endpoint);
    flow nowhere{metadata(), client{.id = "x"}, scripted_transport{}};
    BOOST_TEST(nowhere.authorize().error().code == errc::invalid_client);
}

BOOST_AUTO_TEST_CASE(the_main_job)
{
    flow_fixture here;
    auto const tokens = here.sign_in();
    BOOST_TEST_REQUIRE(tokens.has_value());
    BOOST_TEST(!tokens->access_token.empty());
    BOOST_TEST(!tokens->refresh_token.empty());
    BOOST_TEST(here.server.accepts(tokens->access_token.reveal()));
    BOOST_TEST(here.token() == tokens->access_token.reveal());
    BOOST_TEST(here.server.counts().token_requests == 1U);
    auto const kept = here.graph.session().value();
    BOOST_TEST_REQUIRE(kept.has_value());
    BOOST_TEST((kept->refresh_token == tokens->refresh_token));   // the program may have it: AzureAD/microsoft-authentication-library-for-js#2836

    here.let_it_expire();
    auto const second = here.token();
    BOOST_TEST(second != tokens->access_token.reveal());
    BOOST_TEST(here.server.refresh_count() == 1U);
    BOOST_TEST(here.sibling().access_token().value().reveal() == second);
    BOOST_TEST(here.server.counts().reuses_detected == 0U);
}

BOOST_AUTO_TEST_CASE(the_code_request)
{
    scripted_transport transport;
    fixed_flow made{metadata(), example_client(), transport, manual_clock{}, fixed_entropy{}};
    auto pending = made.authorize().value();
    transport.expect_post("https://login.example/token")
        .with("grant_type", "authorization_code")
        .with("code", "a+b&c")
        .with("redirect_uri", "http://localhost:8400/")
        .with("code_verifier", std::string(pending.code_verifier.reveal()))
        .with("client_id", "the client")
        .with("client_secret", "the client's secret")
        .without("scope")
        .without("resource")
        .reply(200, R"({"access_token":"a1","token_type":"Bearer"})");
    auto const redirect = redirect_of(pending, "code=a%2Bb%26c");
    BOOST_TEST(made.exchange(std::move(pending), redirect).has_value());
    BOOST_TEST(transport.done(), transport.report());

    auto v1 = metadata();
    v1.asks_by_resource = true;
    auto who = example_client();
    who.resource = "https://graph.microsoft.com";
    scripted_transport other;
    flow made_v1{v1, who, other};
    auto pending_v1 = made_v1.authorize().value();
    BOOST_TEST(parameter(pending_v1.url, "resource") == "https://graph.microsoft.com");
    other.expect_post("https://login.example/token").with("resource", "https://graph.microsoft.com").reply(200, R"({"access_token":"a1","token_type":"Bearer"})");
    BOOST_TEST(made_v1.exchange(std::move(pending_v1), "the-code").has_value());
    BOOST_TEST(other.done(), other.report());
    BOOST_TEST(made_v1.access_token().value().reveal() == "a1");

    // A server of RFC 8707 (2.2) is told the resource at every step: with the code too.
    scripted_transport third;
    manual_clock clock;
    flow indicating{metadata(), who, third, clock};
    auto const asks = [&](char const* grant_type) {
        auto asked = third.expect_post("https://login.example/token");
        return asked.with("grant_type", grant_type).with("resource", "https://graph.microsoft.com");
    };
    auto indicated = indicating.authorize().value();
    BOOST_TEST(parameter(indicated.url, "resource") == "https://graph.microsoft.com");
    asks("authorization_code").reply(200, R"({"access_token":"a1","token_type":"Bearer","expires_in":3600,"refresh_token":"r1"})");
    BOOST_TEST(indicating.exchange(std::move(indicated), "the-code").has_value());
    clock.advance(2h);
    asks("refresh_token").reply(200, R"({"access_token":"a2","token_type":"Bearer"})");
    BOOST_TEST(indicating.access_token().value().reveal() == "a2");
    // And what a sign-in names of its own.
    auto other_one = indicating.authorize({.resource = "https://other.example"}).value();
    third.expect_post("https://login.example/token").with("resource", "https://other.example").reply(200, R"({"access_token":"a3","token_type":"Bearer"})");
    BOOST_TEST(indicating.exchange(std::move(other_one), "the-code").has_value());
    BOOST_TEST(third.done(), third.report());
}

// The code may be spent, so the call itself is not made again; but the server's pause counts, and no hint says otherwise.
BOOST_AUTO_TEST_CASE(a_busy_server_is_given_its_pause_before_the_next_sign_in)
{
    auto server = metadata();
    server.advice_rules = microsoft::advice_rules;
    scripted_transport transport;
    flow made{server, example_client(), transport};
    transport.expect_post("https://login.example/token")
        .reply(500, R"({"error":"server_error","error_description":"AADSTS90033: A transient error has occurred."})", {{"Retry-After", "60"}});
    auto const said = describe(made.exchange(made.authorize().value(), "the-code").error());
    BOOST_TEST(said.find("next: sign in again, after 60 s") != said.npos, said);
    BOOST_TEST(said.find("trouble at Microsoft: wait") != said.npos, said);
    BOOST_TEST(said.find("try again") == said.npos, said);
}

BOOST_AUTO_TEST_CASE(a_sign_in_is_used_up_by_the_exchange_alone)
{
    scripted_transport transport;
    manual_clock clock;
    failing_store store;
    flow<scripted_transport, failing_store, manual_clock, client_secret_post, fixed_config> made{metadata(), example_client(), transport, clock, store};
    auto pending = made.authorize().value();
    auto const state = pending.state;

    // Whatever is wrong with what came back, the user may paste again.
    struct
    {
        std::string redirect;
        error_code why;
    } const rows[] = {
        {"", errc::code_empty},
        {"http://localhost:8400/?code=c&state=other", errc::state_mismatch},
        {"http://localhost:8400/?code=c", errc::state_missing},
        {redirect_of(pending, "code="), errc::code_empty},
        {redirect_of(pending, "error=access_denied"), server_errc::access_denied},
        {redirect_of(pending, "error=access_denied&error_subcode=cancel"), errc::sign_in_cancelled},
        {redirect_of(pending, "code=c&iss=https%3A%2F%2Fevil.example"), errc::issuer_mismatch},
    };
    for (auto const& given : rows)
    {
        auto const outcome = made.exchange(std::move(pending), given.redirect);
        BOOST_TEST(outcome.error().code == given.why);
        BOOST_TEST(pending.state == state);
    }
    BOOST_TEST(made.exchange(std::move(pending), "the-code", {.key = ""}).error().code == errc::invalid_account);
    BOOST_TEST(made.exchange(std::move(pending), "the-code", {.key = std::string(513, 'x')}).error().code == errc::invalid_account);
    BOOST_TEST(pending.state == state);
    // The store can't take the tokens: the code is not spent.
    store.deny("probe");
    BOOST_TEST(made.exchange(std::move(pending), "the-code").error().code == errc::store_not_writable);
    BOOST_TEST(pending.state == state);
    BOOST_TEST(transport.sent().empty());

    transport.expect_post("https://login.example/token").with("code", "the-code").fail(errc::connection_lost, advice::retry);
    auto const lost = made.exchange(std::move(pending), "the-code").error();
    BOOST_TEST(lost.code == errc::connection_lost);
    // It may be spent: nobody is told to give it out again. Nor is it where the answer can't be read, or comes too early.
    BOOST_TEST((lost.next == advice::sign_in_again));
    for (std::string const body : {R"({"access_token":"a","access_token":"b"})", "<html>"})
    {
        auto another = made.authorize().value();
        transport.expect_post("https://login.example/token").reply(body[0] == '<' ? 503 : 200, body);
        BOOST_TEST((made.exchange(std::move(another), "the-code").error().next == advice::sign_in_again));
    }
    BOOST_TEST(pending.state.empty());
    BOOST_TEST(pending.code_verifier.empty());
    BOOST_TEST(transport.done(), transport.report());

    auto late = made.authorize().value();
    clock.advance(61s);
    BOOST_TEST(made.exchange(std::move(late), "the-code").error().code == errc::authorization_expired);

    // Turned back, the clock does not make one that lasts.
    auto early = made.authorize().value();
    clock.advance(-24h);
    BOOST_TEST(made.exchange(std::move(early), "the-code").error().code == errc::authorization_expired);
    BOOST_TEST(!early.state.empty());
    early.created_at = time_point(seconds::min());
    BOOST_TEST(made.exchange(std::move(early), "the-code").error().code == errc::authorization_expired);
}

BOOST_AUTO_TEST_CASE(a_lifetime_of_a_sign_in_includes_its_last_second)
{
    scripted_transport transport;
    manual_clock clock;
    fixed_flow made{metadata(), example_client(), transport, clock, fixed_entropy{}};
    auto pending = made.authorize().value();
    clock.advance(60s);
    transport.expect_post("https://login.example/token").reply(200, R"({"access_token":"a1","token_type":"Bearer"})");
    BOOST_TEST(made.exchange(std::move(pending), "the-code").has_value());
}

BOOST_AUTO_TEST_CASE(the_provider_knows_what_helps)
{
    static constexpr std::array<advice_rule, 2> rules{advice_rule{.vendor = "AADSTS", .number = 65004, .next = advice::consent, .hint = "ours"},
                                                      advice_rule{.vendor = "AADSTS", .number = 7000215, .next = advice::fix_configuration, .hint = "the secret's Value, not its id"}};
    auto server = metadata();
    server.advice_rules = rules;
    scripted_transport transport;
    flow made{server, example_client(), transport};
    auto pending = made.authorize().value();
    auto const refused = made.exchange(std::move(pending), redirect_of(pending, "error=access_denied&error_description=AADSTS65004%3a+declined")).error();
    BOOST_TEST(refused.next == advice::consent);
    BOOST_TEST(refused.hint == "ours");

    transport.expect_post("https://login.example/token").reply(401, R"({"error":"invalid_client","error_description":"AADSTS7000215: no","error_codes":[7000215]})");
    auto const bad_secret = made.exchange(std::move(pending), redirect_of(pending, "code=c")).error();
    BOOST_TEST(bad_secret.code == server_errc::invalid_client);
    BOOST_TEST(bad_secret.hint == "the secret's Value, not its id");
}

BOOST_AUTO_TEST_CASE(a_grant_of_one_s_own)
{
    scripted_transport transport;
    flow made{metadata(), example_client(), transport, manual_clock{}};
    transport.expect_post("https://login.example/token").with("grant_type", "urn:example:own").with("ticket", "t").with("client_id", "the client")
        .reply(200, R"({"access_token":"a1","token_type":"Bearer","expires_in":3600,"refresh_token":"r1"})");
    BOOST_TEST(made.obtain(own_grant{"t"})->access_token.reveal() == "a1");
    BOOST_TEST(made.access_token()->reveal() == "a1");
    // It adds to the session: the refresh token stays.
    transport.expect_post("https://login.example/token").reply(200, R"({"access_token":"a2","token_type":"Bearer","expires_in":3600})");
    BOOST_TEST(made.obtain(own_grant{"t"}).has_value());
    BOOST_TEST(made.access_token()->reveal() == "a2");
    BOOST_TEST(made.session().value()->refresh_token.reveal() == "r1");
    BOOST_TEST(made.obtain(own_grant{"t"}, {.key = ""}).error().code == errc::invalid_account);
    transport.expect_post("https://login.example/token").reply(400, R"({"error":"invalid_grant"})");
    BOOST_TEST(made.obtain(own_grant{"t"}).error().code == server_errc::invalid_grant);
    BOOST_TEST(made.access_token()->reveal() == "a2");
    BOOST_TEST(made.session().value()->refresh_token.reveal() == "r1");   // a grant that is refused says nothing of the refresh token
    BOOST_TEST(transport.done(), transport.report());
}

BOOST_AUTO_TEST_CASE(no_token_endpoint)
{
    server_metadata server;
    server.authorization_endpoint = "https://login.example/authorize";
    flow made{server, example_client(), scripted_transport{}};
    auto pending = made.authorize().value();
    BOOST_TEST(made.exchange(std::move(pending), "code").error().code == errc::missing_endpoint);
}

BOOST_AUTO_TEST_CASE(a_public_client_and_basic_authentication)
{
    auto who = example_client();
    who.secret = {};
    scripted_transport transport;
    flow open{metadata(), who, transport};
    transport.expect_post("https://login.example/token").with("client_id", "the client").without("client_secret").reply(200, R"({"access_token":"a","token_type":"Bearer"})");
    BOOST_TEST(open.obtain(own_grant{"t"}).has_value());
    BOOST_TEST(transport.done(), transport.report());

    scripted_transport other;
    flow basic{metadata(), example_client(), other, client_secret_basic{}};
    other.expect_post("https://login.example/token").without("client_id").without("client_secret").reply(200, R"({"access_token":"a","token_type":"Bearer"})");
    BOOST_TEST(basic.obtain(own_grant{"t"}).has_value());
    BOOST_TEST(other.sent().at(0).authorization.reveal().starts_with("Basic "));
    flow unfit{metadata(), who, scripted_transport{}, client_secret_basic{}};
    BOOST_TEST(unfit.obtain(own_grant{"t"}).error().code == errc::invalid_client);
}

BOOST_AUTO_TEST_CASE(a_moved_flow_takes_all_along)
{
    flow_fixture here;
    here.sign_in().value();
    auto const token = here.token();
    auto moved = std::move(here.graph);
    BOOST_TEST(moved.access_token().value().reveal() == token);
    here.let_it_expire();
    BOOST_TEST(moved.access_token().value().reveal() != token);
    here.graph = std::move(moved);
    BOOST_TEST(here.graph.session().value().has_value());
    BOOST_TEST(here.server.counts().reuses_detected == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
