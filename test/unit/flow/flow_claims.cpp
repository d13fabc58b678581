#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/testing/graph_server.hpp>
#include "../../support/flow_fixture.hpp"
#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// Claims: capabilities, the challenges of an API, and what a sign-in asks for.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

std::string const logout = R"({"access_token":{"nbf":{"essential":true,"value":"1604106651"}}})", later_logout = R"({"access_token":{"nbf":{"essential":true,"value":"1604109999"}}})",
                  factor = R"({"access_token":{"acrs":{"essential":true,"value":"c25"}}})", able = R"({"access_token":{"xms_cc":{"values":["cp1"]}}})",
                  able_logout = R"({"access_token":{"xms_cc":{"values":["cp1"]},"nbf":{"essential":true,"value":"1604106651"}}})",
                  able_later = R"({"access_token":{"xms_cc":{"values":["cp1"]},"nbf":{"essential":true,"value":"1604109999"}}})",
                  able_factor = R"({"access_token":{"xms_cc":{"values":["cp1"]},"acrs":{"essential":true,"value":"c25"}}})";

client able_client()
{
    auto made = example_client();
    made.scope = "offline_access User.Read Bookings.ReadWrite.All";
    made.capabilities = {"cp1"};
    return made;
}

testing::authorization_server_options demanding(std::string claims)
{
    auto made = example_options();
    made.interactive_claims = std::move(claims);
    return made;
}

struct app_only
{
    static constexpr std::string_view grant_type = "client_credentials";
    std::string claims = {};

    void write(form& body) const { body.add("scope", "https://graph.microsoft.com/.default").add_if("claims", claims); }
};

/// A flow, the strict server, and an API that can challenge.
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

    explicit desk(client who = able_client(), testing::authorization_server_options options = example_options())
        : server(std::move(options), clock), graph(server.metadata(), std::move(who), line, store, clock)
    {
    }

    flow_type sibling(client who = able_client()) { return flow_type(server.metadata(), std::move(who), line, store, clock); }

    result<token_response> sign_in(authorization_options const& options = {})
    {
        auto pending = graph.authorize(options).value();
        auto const redirect = server.sign_in(pending.url);
        return graph.exchange(std::move(pending), redirect);
    }

    static http_request me() { return {.url = "https://graph.microsoft.com/v1.0/me"}; }

    int status() { return graph.call(me()).value().status; }
    std::string token(access_token_query const& query = {}) { return std::string(graph.access_token(query).value().reveal()); }
    std::string claims_of(std::string_view token) const { return server.introspect(token).value().claims; }
    std::string claims_in_use() { return claims_of(token()); }
    std::uint64_t refreshes() const { return server.refresh_count(); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_claims)

BOOST_AUTO_TEST_CASE(one_word_in_the_registration_tells_what_the_program_can_do)
{
    desk here;
    BOOST_TEST(here.graph.registration().claims == able);
    auto const pending = here.graph.authorize().value();
    BOOST_TEST(pending.claims == able);
    BOOST_TEST((find_parameter(parse_form(pending.url.substr(pending.url.find('?') + 1)).value(), "claims") == able));
    here.sign_in().value();
    BOOST_TEST(here.claims_in_use() == able);          // of the code's exchange
    here.graph.refresh().value();
    BOOST_TEST(here.claims_in_use() == able);
    here.clock.advance(3600s);
    BOOST_TEST(here.claims_in_use() == able);
    BOOST_TEST(here.refreshes() == 2U);
    // Of any grant.
    auto const own = here.graph.obtain(app_only{}).value();
    BOOST_TEST(here.claims_of(own.access_token.reveal()) == able);
    BOOST_TEST(here.claims_of(here.graph.obtain(app_only{"{}"}).value().access_token.reveal()) == "{}");
}

BOOST_AUTO_TEST_CASE(they_come_to_the_claims_of_the_program)
{
    std::string const own = R"({"id_token":{"auth_time":{"essential":true}}})";
    auto who = able_client();
    who.claims = own;
    desk here(who);
    here.sign_in().value();
    BOOST_TEST(here.claims_in_use() == R"({"access_token":{"xms_cc":{"values":["cp1"]}},"id_token":{"auth_time":{"essential":true}}})");
    // Claims of a query take the place of the client's, but not of its capabilities.
    BOOST_TEST(here.claims_of(here.token({.claims = factor})) == able_factor);
    BOOST_TEST(here.token({.claims = factor}) == here.token({.claims = able_factor}));
    BOOST_TEST(here.refreshes() == 1U);
    BOOST_TEST(here.graph.refresh({.claims = factor}).has_value());
    BOOST_TEST(here.graph.call(desk::me(), {.claims = factor})->status == 200);
    BOOST_TEST(here.refreshes() == 2U);
    // Those of a sign-in come to both.
    auto const pending = here.graph.authorize({.claims = factor}).value();
    BOOST_TEST(pending.claims == R"({"access_token":{"xms_cc":{"values":["cp1"]},"acrs":{"essential":true,"value":"c25"}},"id_token":{"auth_time":{"essential":true}}})");
}

BOOST_AUTO_TEST_CASE(tokens_with_and_without_a_capability_are_kept_apart)
{
    desk here;
    here.sign_in().value();
    auto const able_token = here.token();
    auto unable = able_client();
    unable.capabilities.clear();
    auto other = here.sibling(unable);
    auto const plain = other.access_token().value();
    BOOST_TEST(plain.reveal() != able_token);
    BOOST_TEST(here.claims_of(plain.reveal()) == "");
    BOOST_TEST(here.token() == able_token);
    BOOST_TEST(here.sibling().access_token().value().reveal() == able_token);
    BOOST_TEST(other.access_token().value().reveal() == plain.reveal());
    BOOST_TEST(here.refreshes() == 1U);
}

BOOST_AUTO_TEST_CASE(a_challenge_is_answered_and_the_new_token_replaces_the_old_one)   // AzureAD/microsoft-authentication-library-for-dotnet#4165
{
    desk here;
    here.sign_in().value();
    auto const first = here.token();
    here.api.require_claims(logout);
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.api.requests() == 2U);
    BOOST_TEST(here.refreshes() == 1U);
    auto const second = here.token();
    BOOST_TEST(second != first);
    BOOST_TEST(here.claims_of(second) == able_logout);
    // From memory, and from the store.
    for (int i = 0; i < 3; ++i) BOOST_TEST(here.status() == 200);
    auto other = here.sibling();
    BOOST_TEST(other.call(desk::me())->status == 200);
    BOOST_TEST(other.access_token().value().reveal() == second);
    BOOST_TEST(here.api.requests() == 6U);
    BOOST_TEST(here.refreshes() == 1U);
    BOOST_TEST(here.graph.session().value()->access_tokens.size() == 1U);
    // Another event, another challenge.
    here.api.require_claims(later_logout);
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.claims_in_use() == able_later);
    BOOST_TEST(here.refreshes() == 2U);
    // The sibling's token was refused meanwhile: it takes what the store has.
    BOOST_TEST(other.call(desk::me())->status == 200);
    BOOST_TEST(here.refreshes() == 2U);
    // What is renewed later is not bound to an old event.
    here.api.require_claims("");
    here.clock.advance(3600s);
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.claims_in_use() == able);
}

BOOST_AUTO_TEST_CASE(a_client_that_told_no_capability_answers_too)
{
    auto who = able_client();
    who.capabilities.clear();
    desk here(who);
    here.sign_in().value();
    here.api.challenge_next(1, logout);
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.claims_in_use() == logout);
    BOOST_TEST(here.refreshes() == 1U);
}

BOOST_AUTO_TEST_CASE(a_token_of_a_part_of_the_scope)
{
    desk here;
    here.sign_in().value();
    auto const wide = here.token();
    BOOST_TEST(here.token({.scope = "User.Read"}) == wide);
    here.api.require_claims(logout);
    BOOST_TEST(here.graph.call(desk::me(), {.scope = "User.Read"})->status == 200);
    BOOST_TEST(here.refreshes() == 1U);
    // The refused token serves nobody any more, though it was asked with another scope.
    BOOST_TEST(here.token() != wide);
    BOOST_TEST(here.sibling().access_token().value().reveal() != wide);
    BOOST_TEST(here.graph.call(desk::me(), {.scope = "User.Read"})->status == 200);
}

BOOST_AUTO_TEST_CASE(many_threads_are_challenged_and_one_asks)
{
    desk here;
    here.sign_in().value();
    for (auto const& wanted : {logout, later_logout})
    {
        auto const before = here.refreshes();
        here.api.require_claims(wanted);
        std::vector<int> got(6);
        std::vector<std::thread> threads;
        for (auto& status : got) threads.emplace_back([&] { status = here.graph.call(desk::me()).value().status; });
        for (auto& thread : threads) thread.join();
        BOOST_TEST(std::count(got.begin(), got.end(), 200) == 6);
        BOOST_TEST(here.refreshes() == before + 1);
    }
    BOOST_TEST(here.server.counts().reuses_detected == 0U);
}

BOOST_AUTO_TEST_CASE(where_only_a_sign_in_helps_the_failure_has_its_claims)
{
    desk here(able_client(), demanding(factor));
    here.sign_in().value();
    auto const first = here.token();
    here.api.require_claims(factor);
    auto const refused = here.graph.call(desk::me()).error();
    BOOST_TEST(refused.code == server_errc::interaction_required);
    BOOST_TEST((refused.next == advice::sign_in_again));
    BOOST_TEST(refused.server.claims == factor);
    BOOST_TEST(std::string(error(refused).what()).find("acrs") == std::string::npos);   // the server's words
    // The session lives, for other APIs.
    BOOST_TEST(here.token() == first);
    BOOST_TEST(here.refreshes() == 0U);
    here.clock.advance(3600s);
    BOOST_TEST(here.claims_in_use() == able);

    here.sign_in({.claims = refused.server.claims}).value();
    BOOST_TEST(here.claims_in_use() == able_factor);
    auto const renewed = here.refreshes();
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.sibling().call(desk::me())->status == 200);
    BOOST_TEST(here.claims_of(here.token({.claims_challenge = factor})) == able_factor);
    BOOST_TEST(here.refreshes() == renewed);   // the sign-in's own token serves
    // Renewed without them, it is challenged again, and now the server can do it silently.
    here.clock.advance(3600s);
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.claims_in_use() == able_factor);
}

BOOST_AUTO_TEST_CASE(what_the_server_wants_comes_to_what_the_api_wants)
{
    desk here;
    here.sign_in().value();
    here.api.require_claims(logout);
    here.server.fail_next(testing::fault::interaction_required);
    auto const refused = here.graph.call(desk::me()).error();
    BOOST_TEST(refused.server.claims == R"({"access_token":{"nbf":{"essential":true,"value":"1604106651"},"polids":{"essential":true,"values":["9ab03e19-0000-4000-8000-000000000000"]}}})");
    here.sign_in({.claims = refused.server.claims}).value();
    BOOST_TEST(here.status() == 200);
    // Nothing else changes what a failure says: no claims where a sign-in does not help.
    here.api.require_claims(later_logout);
    here.server.fail_next(testing::fault::service_unavailable);
    auto const outage = here.graph.call(desk::me()).error();
    BOOST_TEST(outage.code == errc::unexpected_status);
    BOOST_TEST(outage.server.claims == "");
    BOOST_TEST(here.status() == 200);
}

BOOST_AUTO_TEST_CASE(a_session_without_refresh_token)
{
    auto who = able_client();
    who.scope = "User.Read";
    desk here(who);
    here.sign_in().value();
    BOOST_TEST(here.status() == 200);
    here.api.require_claims(logout);
    auto const refused = here.graph.call(desk::me()).error();
    BOOST_TEST(refused.code == errc::not_renewable);
    BOOST_TEST((refused.next == advice::sign_in_again));
    BOOST_TEST(refused.server.claims == logout);
    here.sign_in({.claims = refused.server.claims}).value();
    BOOST_TEST(here.status() == 200);
}

BOOST_AUTO_TEST_CASE(a_session_that_was_revoked)
{
    desk here;
    here.sign_in().value();
    here.api.challenge_next(1, logout);
    here.server.fail_next(testing::fault::invalid_grant);
    auto const refused = here.graph.call(desk::me()).error();
    BOOST_TEST(refused.code == server_errc::invalid_grant);
    BOOST_TEST(refused.server.claims == logout);
    here.api.challenge_next(1, logout);
    BOOST_TEST(here.graph.call(desk::me()).error().code == errc::session_ended);
    here.sign_in({.claims = refused.server.claims}).value();
    BOOST_TEST(here.status() == 200);
}

BOOST_AUTO_TEST_CASE(an_api_that_is_never_content)
{
    desk here;
    here.sign_in().value();
    here.api.challenge_next(100, logout);
    auto const refused = here.graph.call(desk::me()).error();
    BOOST_TEST(refused.code == server_errc::insufficient_claims);
    BOOST_TEST((refused.next == advice::sign_in_again));
    BOOST_TEST(refused.http_status == 401);
    BOOST_TEST(refused.server.claims == logout);
    BOOST_TEST(here.api.requests() == 2U);
    BOOST_TEST(here.refreshes() == 1U);
}

BOOST_AUTO_TEST_CASE(challenges_that_the_program_reads_itself)
{
    desk here;
    here.sign_in().value();
    auto const first = here.token();
    BOOST_TEST(here.claims_of(here.token({.claims_challenge = logout})) == able_logout);
    auto const second = here.token();
    BOOST_TEST(second != first);
    BOOST_TEST(here.token({.claims_challenge = logout}) == second);   // answered already, perhaps by another thread
    BOOST_TEST(here.sibling().access_token({.claims_challenge = logout}).value().reveal() == second);
    BOOST_TEST(here.refreshes() == 1U);
    BOOST_TEST(here.token({.claims_challenge = logout, .renew = true}) != second);
    BOOST_TEST(here.graph.refresh({.claims_challenge = later_logout}).has_value());
    BOOST_TEST(here.claims_in_use() == able_later);
    BOOST_TEST(here.graph.session().value()->access_tokens.size() == 1U);
    BOOST_TEST(here.graph.call(desk::me(), {.claims_challenge = factor})->status == 200);
    BOOST_TEST(here.claims_in_use() == able_factor);
    // In an outage the refused token is no help, and neither is it lost.
    here.server.fail_next(testing::fault::service_unavailable);
    BOOST_TEST(here.graph.access_token({.claims_challenge = logout}).error().code == errc::unexpected_status);
    BOOST_TEST(here.claims_in_use() == able_factor);
    here.server.fail_next(testing::fault::interaction_required);
    BOOST_TEST(here.graph.access_token({.claims_challenge = logout}).error().server.claims.find("polids") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(nothing_is_lost_when_the_store_fails)
{
    desk here;
    here.sign_in().value();
    here.api.require_claims(logout);
    here.store.deny("save");
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.api.requests() == 3U);   // what is held in memory serves
    BOOST_TEST(here.refreshes() == 1U);
    here.clock.advance(3600s);
    here.api.require_claims("");
    BOOST_TEST(here.status() == 200);
    BOOST_TEST(here.sibling().access_token().has_value());
    BOOST_TEST(here.server.counts().reuses_detected == 0U);
}

BOOST_AUTO_TEST_CASE(claims_that_are_none)
{
    for (auto const* bad : {"none", "[]", "{\"a\":"})
    {
        auto who = able_client();
        who.claims = bad;
        BOOST_CHECK_EXCEPTION(desk{who}, error, [](error const& thrown) { return thrown.why().code == errc::malformed_claims; });
        who.capabilities.clear();
        BOOST_CHECK_EXCEPTION(desk{who}, error, [](error const& thrown) { return thrown.why().code == errc::malformed_claims; });
        desk here;
        here.sign_in().value();
        BOOST_TEST(here.graph.authorize({.claims = bad}).error().code == errc::malformed_claims);
        BOOST_TEST(here.graph.access_token({.claims = bad}).error().code == errc::malformed_claims);
        BOOST_TEST(here.graph.access_token({.claims_challenge = bad}).error().code == errc::malformed_claims);
        BOOST_TEST(here.graph.refresh({.claims = bad}).error().code == errc::malformed_claims);
        BOOST_TEST(here.graph.call(desk::me(), {.claims = bad}).error().code == errc::malformed_claims);
        BOOST_TEST(here.refreshes() == 0U);
        BOOST_TEST(here.api.requests() == 0U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
