#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/provider/microsoft.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../support/flow_fixture.hpp"
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

// What becomes of a session: access_token, refresh, call, session, forget.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

using operations = std::vector<std::string>;

struct lenient_config : default_config
{
    static constexpr bool use_extended_lifetime = true;
};

http_request request(std::string body = "world") { return {http_method::post, "https://api.example/greet", {}, {}, secret(std::move(body))}; }

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_tokens)

BOOST_AUTO_TEST_CASE(from_memory_from_the_store_or_renewed)
{
    flow_fixture here;
    BOOST_TEST(here.graph.access_token().error().code == errc::no_session);
    here.sign_in().value();
    here.store.take_log();
    auto const first = here.token();
    BOOST_TEST((here.store.take_log() == operations{}));   // memory
    auto other = here.sibling();
    BOOST_TEST(other.access_token().value().reveal() == first);
    BOOST_TEST((here.store.take_log() == operations{"load"}));
    BOOST_TEST(other.access_token().value().reveal() == first);
    BOOST_TEST((here.store.take_log() == operations{}));
    here.let_it_expire();
    auto const second = other.access_token().value();
    BOOST_TEST((here.store.take_log() == operations{"load", "try_lock", "load", "probe", "save"}));
    BOOST_TEST(here.token() == second.reveal());
    BOOST_TEST((here.store.take_log() == operations{"load"}));
    BOOST_TEST(here.server.refresh_count() == 1U);
}

BOOST_AUTO_TEST_CASE(a_minimum_life_per_call)   // golang/oauth2#249
{
    flow_fixture here;
    here.sign_in().value();
    auto const first = here.token();
    here.clock.advance(3000s);   // 599 s are left
    BOOST_TEST(here.token() == first);
    BOOST_TEST(here.graph.access_token({.minimum_life = 598s}).value().reveal() == first);
    auto const second = here.graph.access_token({.minimum_life = 599s}).value();
    BOOST_TEST(second.reveal() != first);
    BOOST_TEST(here.token() == second.reveal());
    BOOST_TEST(here.server.refresh_count() == 1U);
    // More than any token lives: a new one each time, and what the server gives is handed out.
    BOOST_TEST(here.graph.access_token({.minimum_life = 2h}).value().reveal() != second.reveal());
    // In an outage a token below the minimum is no answer, one above it is.
    here.clock.advance(60s);
    here.server.fail_next(testing::fault::service_unavailable, 2);
    BOOST_TEST(here.graph.access_token({.minimum_life = 2h}).error().code == errc::unexpected_status);
    BOOST_TEST(here.graph.access_token({.minimum_life = 1h}).has_error());
    BOOST_TEST(here.graph.access_token({.minimum_life = 30min}).has_value());
}

BOOST_AUTO_TEST_CASE(short_lived_tokens_are_not_renewed_each_time)
{
    auto options = example_options();
    options.access_token_lifetime = 300s;
    flow_fixture here(options);
    here.sign_in().value();
    for (int i = 0; i < 5; ++i) here.token();
    BOOST_TEST(here.server.refresh_count() == 0U);
    here.clock.advance(150s);
    for (int i = 0; i < 5; ++i) here.token();
    BOOST_TEST(here.server.refresh_count() == 1U);
}

BOOST_AUTO_TEST_CASE(refresh_in_renews_early_and_serves_the_old_one_in_an_outage)
{
    auto options = example_options();
    options.refresh_in = 1800s;
    flow_fixture here(options);
    here.sign_in().value();
    auto const first = here.token();
    here.clock.advance(1800s);
    here.server.fail_next(testing::fault::service_unavailable);
    BOOST_TEST(here.token() == first);
    BOOST_TEST(here.token() != first);
    BOOST_TEST(here.server.refresh_count() == 1U);
}

BOOST_AUTO_TEST_CASE(the_extended_lifetime_in_an_outage)   // and nowhere else: AzureAD/microsoft-authentication-library-for-android#420
{
    auto const in_an_outage = [](auto config) {
        testing::scripted_transport transport;
        testing::manual_clock clock;
        flow<testing::scripted_transport, memory_store, testing::manual_clock, client_secret_post, decltype(config)> made{
            flow_fixture().server.metadata(), example_client(), transport, clock};
        auto const url = made.server().token_endpoint.url();
        transport.expect_post(url).reply(200, R"({"access_token":"a1","token_type":"Bearer","expires_in":3600,"ext_expires_in":7200,"refresh_token":"r1"})");
        auto pending = made.authorize().value();
        made.exchange(std::move(pending), "the-code").value();
        clock.advance(3600s);
        transport.expect_post(url).fail(errc::connect_failed);
        return made.access_token();
    };
    BOOST_TEST(in_an_outage(lenient_config()).value().reveal() == "a1");
    BOOST_TEST(in_an_outage(default_config()).error().code == errc::connect_failed);
}

BOOST_AUTO_TEST_CASE(failures_are_not_kept)
{
    flow_fixture here;
    here.sign_in().value();
    here.let_it_expire();
    here.server.fail_next(testing::fault::service_unavailable);
    BOOST_TEST(here.graph.access_token().error().next == advice::retry);
    BOOST_TEST(here.graph.access_token().has_value());
}

BOOST_AUTO_TEST_CASE(a_server_that_says_when_to_come_back_is_left_alone_till_then)
{
    flow_fixture here;
    account const bob{"bob"};
    here.sign_in().value();
    here.sign_in(bob).value();
    auto const first = here.token();
    auto const asked = [&] { return here.server.counts().token_requests; };
    // With an old token that lives, nobody notices.
    here.clock.advance(3400s);
    here.server.fail_next(testing::fault::too_many_requests);
    auto before = asked();
    BOOST_TEST(here.token() == first);
    BOOST_TEST(asked() == before + 1);
    here.clock.advance(59s);
    BOOST_TEST(here.token() == first);
    BOOST_TEST(here.graph.access_token({.renew = true}).error().next == advice::retry_after);
    BOOST_TEST(asked() == before + 1);
    BOOST_TEST(here.graph.access_token(bob).has_value());   // another account is none of its business
    BOOST_TEST(asked() == before + 2);
    here.clock.advance(1s);
    auto const second = here.token();
    BOOST_TEST(second != first);

    // Without one, the failure is told again, with the time that is left.
    here.let_it_expire();
    here.server.fail_next(testing::fault::too_many_requests);
    before = asked();
    auto const refused = here.graph.access_token().error();
    BOOST_TEST(refused.next == advice::retry_after);
    BOOST_TEST((refused.retry_after == 60s));
    here.clock.advance(20s);
    for (auto const& again : {here.graph.access_token().error(), here.graph.refresh().error(), here.graph.call(request()).error()})
    {
        BOOST_TEST(again.code == refused.code);
        BOOST_TEST(again.http_status == 429);
        BOOST_TEST((again.retry_after == 40s));
    }
    BOOST_TEST(asked() == before + 1);
    // What another process has got serves.
    auto other = here.sibling();
    auto const third = other.access_token().value();
    BOOST_TEST(here.token() == third.reveal());
    // And in memory only: the sibling did not know. A new sign-in goes through, and ends it.
    here.let_it_expire();
    here.server.fail_next(testing::fault::too_many_requests);
    BOOST_TEST(here.graph.access_token().has_error());
    BOOST_TEST(here.graph.access_token().has_error());
    BOOST_TEST(here.sign_in().has_value());
    BOOST_TEST(here.graph.refresh().has_value());
    BOOST_TEST(here.server.counts().reuses_detected == 0U);
}

BOOST_AUTO_TEST_CASE(for_an_hour_at_most)   // as MSAL Python caps it
{
    auto options = example_options();
    options.retry_after = 7200s;
    flow_fixture here(options);
    here.sign_in().value();
    here.let_it_expire();
    here.server.fail_next(testing::fault::too_many_requests);
    BOOST_TEST((here.graph.access_token().error().retry_after == 7200s));
    here.clock.advance(3599s);
    BOOST_TEST((here.graph.access_token().error().retry_after == 3601s));
    here.clock.advance(1s);
    BOOST_TEST(here.graph.access_token().has_value());
}

BOOST_AUTO_TEST_CASE(an_outage_within_the_margin)
{
    flow_fixture here;
    here.sign_in().value();
    auto const first = here.token();
    here.clock.advance(3400s);
    here.line.refuse_next();
    BOOST_TEST(here.token() == first);
    here.store.deny("load");
    BOOST_TEST(here.token() == first);
    here.store.deny("try_lock");
    BOOST_TEST(here.token() == first);
    here.store.deny("probe");
    BOOST_TEST(here.token() == first);
    BOOST_TEST(here.server.refresh_count() == 0U);
    BOOST_TEST(here.token() != first);
    // Expired, it is no help.
    here.let_it_expire();
    here.line.refuse_next();
    BOOST_TEST(here.graph.access_token().error().code == errc::connect_failed);
}

BOOST_AUTO_TEST_CASE(all_that_changes_the_token_is_part_of_the_question)   // AzureAD/microsoft-authentication-library-for-js PR#8680: one resource was given the token of another
{
    flow_fixture here;
    here.sign_in().value();
    auto const plain = here.token();
    auto const claims = here.graph.access_token({.claims = R"({"access_token":{"x":null}})"}).value();
    BOOST_TEST(claims.reveal() != plain);
    auto const scope = here.graph.access_token({.scope = "Mail.Read openid"}).value();
    BOOST_TEST(scope.reveal() == plain);   // covered
    BOOST_TEST(here.graph.access_token({.scope = "https://graph.microsoft.com/mail.read"}).value().reveal() == plain);
    BOOST_TEST(here.graph.access_token({.scope = "Calendars.Read"}).has_error());   // not consented
    BOOST_TEST(here.token() == plain);
    BOOST_TEST(here.graph.access_token({.claims = R"({"access_token":{"x":null}})"}).value().reveal() == claims.reveal());
    BOOST_TEST(here.server.refresh_count() == 1U);
    BOOST_TEST(here.graph.session().value()->access_tokens.size() == 2U);

    auto v1 = example_options();
    v1.kind = testing::personality::entra_v1;
    auto who = example_client();
    who.resource = "https://graph.microsoft.com";
    flow_fixture other(v1, who);
    other.sign_in().value();
    auto const graph = other.token();
    auto const manage = other.graph.access_token({.resource = "https://management.azure.com"}).value();
    BOOST_TEST(manage.reveal() != graph);
    BOOST_TEST(other.server.introspect(manage.reveal())->resource == "https://management.azure.com");
    BOOST_TEST(other.server.introspect(graph)->resource == "https://graph.microsoft.com");
    BOOST_TEST(other.token() == graph);
}

BOOST_AUTO_TEST_CASE(renew_leaves_the_kept_token_aside)
{
    flow_fixture here;
    here.sign_in().value();
    auto const first = here.token();
    auto const second = here.graph.access_token({.renew = true}).value();
    BOOST_TEST(second.reveal() != first);
    BOOST_TEST(here.token() == second.reveal());
    here.server.fail_next(testing::fault::server_error);
    BOOST_TEST(here.graph.access_token({.renew = true}).has_error());   // no old one in its place
    BOOST_TEST(here.graph.call(request(), {.renew = true})->status == 200);
    BOOST_TEST(here.server.refresh_count() == 2U);
}

BOOST_AUTO_TEST_CASE(refresh_tells_what_the_server_said)
{
    flow_fixture here;
    BOOST_TEST(here.graph.refresh().error().code == errc::no_session);
    here.sign_in().value();
    auto const first = here.token();
    auto const said = here.graph.refresh().value();
    BOOST_TEST(said.access_token.reveal() != first);
    BOOST_TEST(said.expires_in.has_value());
    BOOST_TEST(here.token() == said.access_token.reveal());
    here.server.fail_next(testing::fault::service_unavailable);
    BOOST_TEST(here.graph.refresh().error().code == errc::unexpected_status);
    BOOST_TEST(here.token() == said.access_token.reveal());
    here.store.deny("save");
    BOOST_TEST(here.graph.refresh().error().code == errc::store_not_writable);
    auto const kept = here.graph.session().value();
    BOOST_TEST(!(kept->refresh_token == said.refresh_token));
    BOOST_TEST(here.token() == kept->access_tokens.at(0).reveal());
}

BOOST_AUTO_TEST_CASE(a_server_that_gives_no_new_refresh_token)   // RFC 6749 6: then the old one is kept
{
    auto options = example_options();
    options.omit_refresh_token_on_refresh = true;
    flow_fixture here(options);
    auto const first = here.sign_in().value();
    for (int i = 0; i < 3; ++i)
    {
        here.let_it_expire();
        here.token();
    }
    BOOST_TEST(here.server.refresh_count() == 3U);
    BOOST_TEST((here.graph.session().value()->refresh_token == first.refresh_token));
}

BOOST_AUTO_TEST_CASE(a_session_that_was_revoked_ends_and_a_new_sign_in_begins_another)
{
    flow_fixture here;
    here.sign_in().value();
    here.server.revoke_all();
    here.let_it_expire();
    auto const ended = here.graph.access_token().error();
    BOOST_TEST(ended.code == server_errc::invalid_grant);
    BOOST_TEST(ended.next == advice::sign_in_again);
    auto const asked = here.server.counts().token_requests;
    for (auto const& later : {here.graph.access_token().error(), here.sibling().access_token().error(), here.graph.refresh().error()})
    {
        BOOST_TEST(later.code == errc::session_ended);
        BOOST_TEST(later.next == advice::sign_in_again);
        BOOST_TEST(later.hint.find("refused the refresh token") != std::string::npos, later.hint);   // a provider's rules say more
    }
    BOOST_TEST(here.server.counts().token_requests == asked);   // nobody asks in vain again
    BOOST_TEST(here.sign_in().has_value());
    BOOST_TEST(here.graph.access_token().has_value());
    BOOST_TEST(here.sibling().access_token().has_value());
}

BOOST_AUTO_TEST_CASE(refusals_that_pass_do_not_end_it)   // only invalid_grant and the like do
{
    for (auto const wrong : {testing::fault::too_many_requests, testing::fault::service_unavailable, testing::fault::temporarily_unavailable, testing::fault::server_error,
                             testing::fault::consent_required, testing::fault::interaction_required, testing::fault::html_page, testing::fault::empty_body,
                             testing::fault::empty_not_found, testing::fault::truncated_json, testing::fault::huge_body, testing::fault::redirect})
    {
        flow_fixture here;
        here.sign_in().value();
        here.let_it_expire();
        here.server.fail_next(wrong);
        BOOST_TEST_CONTEXT("fault " << static_cast<int>(wrong))
        {
            BOOST_TEST(here.graph.access_token().has_error());
            here.clock.advance(60s);   // where it says so
            BOOST_TEST(here.graph.access_token().has_value());
            BOOST_TEST(here.server.counts().reuses_detected == 0U);
        }
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_gets_lost_under_a_strict_server)
{
    // The one thing that no client can mend: the server has rotated, and nobody knows the new token.
    flow_fixture here;
    here.sign_in().value();
    here.let_it_expire();
    here.line.lose_next();
    BOOST_TEST(here.graph.access_token().error().code == errc::connection_lost);
    BOOST_TEST(here.graph.access_token().error().next == advice::sign_in_again);
    // A server that tolerates the old one, as Entra does, goes on.
    auto options = example_options();
    options.rotation = testing::rotation::lenient;
    flow_fixture lenient(options);
    lenient.sign_in().value();
    lenient.let_it_expire();
    lenient.line.lose_next();
    BOOST_TEST(lenient.graph.access_token().error().code == errc::connection_lost);
    BOOST_TEST(lenient.graph.access_token().has_value());
}

BOOST_AUTO_TEST_CASE(calls_carry_the_token)
{
    flow_fixture here;
    BOOST_TEST(here.graph.call(request()).error().code == errc::no_session);
    here.sign_in().value();
    BOOST_TEST(here.graph.call(request())->body.reveal() == "hello world");
    BOOST_TEST(*here.api.calls == 1);
    here.server.revoke_access_tokens();
    BOOST_TEST(here.graph.call(request())->body.reveal() == "hello world");
    BOOST_TEST(*here.api.calls == 3);
    BOOST_TEST(here.server.refresh_count() == 1U);
    here.let_it_expire();
    BOOST_TEST(here.graph.call(request())->body.reveal() == "hello world");
    BOOST_TEST(here.server.refresh_count() == 2U);
    here.line.refuse_next();
    BOOST_TEST(here.graph.call(request()).error().code == errc::connect_failed);
}

BOOST_AUTO_TEST_CASE(a_call_loses_nothing_when_the_store_fails)
{
    flow_fixture here;
    here.sign_in().value();
    here.server.revoke_access_tokens();
    here.store.deny("save");
    // It renews, can't save, and calls all the same.
    BOOST_TEST(here.graph.call(request())->status == 200);
    BOOST_TEST(here.server.refresh_count() == 1U);
    // Refused again: it goes on from what it holds.
    here.server.revoke_access_tokens();
    here.store.deny("save");
    BOOST_TEST(here.graph.call(request())->status == 200);
    here.let_it_expire();
    BOOST_TEST(here.graph.access_token().has_value());
    BOOST_TEST(here.sibling().access_token().has_value());
    BOOST_TEST(here.server.refresh_count() == 3U);
    BOOST_TEST(here.server.counts().reuses_detected == 0U);
}

BOOST_AUTO_TEST_CASE(a_call_that_fails_after_an_unsaved_renewal)
{
    flow_fixture here;
    here.sign_in().value();
    here.let_it_expire();
    here.store.deny("save");
    auto broken = request();
    broken.url = "https://nobody.example/";
    BOOST_TEST(here.graph.call(broken).error().code == errc::connect_failed);
    here.let_it_expire();
    BOOST_TEST(here.graph.access_token().has_value());
    BOOST_TEST(here.server.counts().reuses_detected == 0U);
}

BOOST_AUTO_TEST_CASE(a_call_of_a_session_that_ended)
{
    flow_fixture here;
    here.sign_in().value();
    here.server.revoke_all();
    BOOST_TEST(here.graph.call(request()).error().code == server_errc::invalid_grant);
    // What is kept of it is not presented as if nothing had happened for ever: the API refuses, and nobody asks the server in vain.
    BOOST_TEST(here.graph.call(request()).error().code == errc::session_ended);
}

BOOST_AUTO_TEST_CASE(forgotten)
{
    flow_fixture here;
    BOOST_TEST(here.graph.forget().has_value());
    here.sign_in().value();
    auto other = here.sibling();
    BOOST_TEST(other.access_token().has_value());
    BOOST_TEST(here.graph.forget().has_value());
    BOOST_TEST(here.graph.access_token().error().code == errc::no_session);
    BOOST_TEST(!here.graph.session().value().has_value());
    here.let_it_expire();
    BOOST_TEST(other.access_token().error().code == errc::no_session);
    BOOST_TEST(here.server.refresh_count() == 0U);

    here.sign_in().value();
    here.store.deny("erase");
    BOOST_TEST(here.graph.forget().error().code == errc::store_not_writable);
    BOOST_TEST(here.graph.forget().has_value());
    BOOST_TEST(here.graph.access_token().error().code == errc::no_session);
}

BOOST_AUTO_TEST_CASE(what_is_held_is_forgotten_too)
{
    flow_fixture here;
    here.store.deny("save");
    BOOST_TEST(here.sign_in().error().code == errc::store_not_writable);
    BOOST_TEST(here.graph.access_token().has_value());
    BOOST_TEST(here.graph.forget().has_value());
    BOOST_TEST(here.graph.access_token().error().code == errc::no_session);
}

BOOST_AUTO_TEST_CASE(accounts_are_apart)
{
    flow_fixture here;
    account const ann{"ann"}, bob{"bob"};
    here.sign_in(ann).value();
    BOOST_TEST(here.graph.access_token(bob).error().code == errc::no_session);
    BOOST_TEST(here.graph.access_token().error().code == errc::no_session);
    here.sign_in(bob).value();
    auto const of_ann = here.graph.access_token(ann).value(), of_bob = here.graph.access_token(bob).value();
    BOOST_TEST(of_ann.reveal() != of_bob.reveal());
    BOOST_TEST(here.graph.call(request(), {}, ann)->status == 200);
    BOOST_TEST(here.graph.refresh({}, ann).has_value());
    BOOST_TEST(here.graph.access_token(bob).value().reveal() == of_bob.reveal());
    BOOST_TEST(here.graph.forget(ann).has_value());
    BOOST_TEST(!here.graph.session(ann).value().has_value());
    BOOST_TEST(here.graph.session(bob).value().has_value());
    BOOST_TEST(here.graph.access_token(bob).has_value());
}

BOOST_AUTO_TEST_CASE(clients_and_servers_that_share_a_store_are_apart)
{
    auto options = example_options();
    auto other_client = example_client();
    other_client.id = "another client";
    options.clients.push_back(testing::registered_client::of(other_client));
    flow_fixture here(options);
    here.sign_in().value();
    auto other = here.sibling(other_client);
    BOOST_TEST(other.access_token().error().code == errc::no_session);
    BOOST_TEST(here.sign_in(other).has_value());
    BOOST_TEST(other.access_token().value().reveal() != here.token());
    BOOST_TEST(other.forget().has_value());
    BOOST_TEST(here.graph.session().value().has_value());

    // What is another's is told by where tokens are asked for, not by what the server is called.
    auto renamed = here.server.metadata();
    renamed.issuer = "https://another.example";
    flow<memory_line, failing_store, testing::manual_clock> third{renamed, example_client(), here.line, here.store, here.clock};
    BOOST_TEST(third.access_token().value().reveal() == here.token());
    for (auto const& key : here.store.keys()) BOOST_TEST((!key.empty() && key.size() <= 1024));
}

// No refresh token is ever sent to another server than the one that gave it.
BOOST_AUTO_TEST_CASE(servers_that_share_a_store_are_apart_whatever_their_issuer)
{
    auto const nameless = [](std::string const& host) {
        server_metadata made;
        made.authorization_endpoint = "https://" + host + "/authorize";
        made.token_endpoint = "https://" + host + "/token";
        return made;
    };
    struct
    {
        char const* what;
        server_metadata one, other;
    } const rows[] = {
        {"two tenants by their domains", microsoft::v2("contoso.onmicrosoft.com"), microsoft::v2("fabrikam.onmicrosoft.com")},
        {"one tenant and all of them", microsoft::v2("contoso.onmicrosoft.com"), microsoft::v2("organizations")},
        {"two policies", microsoft::b2c("contoso", "B2C_1_sign_in"), microsoft::b2c("contoso", "B2C_1_edit_profile")},
        {"two policies in the query", microsoft::b2c_query_form("contoso", "B2C_1_sign_in"), microsoft::b2c_query_form("contoso", "B2C_1_edit_profile")},
        {"two servers without issuer", nameless("one.example"), nameless("other.example")},
        {"two generations", microsoft::v1("contoso.onmicrosoft.com"), microsoft::v2("contoso.onmicrosoft.com")},
    };
    for (auto const& given : rows)
        BOOST_TEST_CONTEXT(given.what)
        {
            failing_store store;
            testing::manual_clock clock;
            testing::scripted_transport to_one, to_other;
            using one_flow = flow<testing::scripted_transport, failing_store, testing::manual_clock>;
            one_flow one{given.one, example_client(), to_one, store, clock}, other{given.other, example_client(), to_other, store, clock};
            to_one.expect_post(given.one.token_endpoint.url()).reply(200, R"({"access_token":"a1","token_type":"Bearer","expires_in":3600,"refresh_token":"r1"})");
            auto pending = one.authorize().value();
            one.exchange(std::move(pending), "the-code").value();
            BOOST_TEST(one.access_token().value().reveal() == "a1");
            BOOST_TEST(other.access_token().error().code == errc::no_session);
            clock.advance(2h);
            BOOST_TEST(other.access_token().error().code == errc::no_session);
            BOOST_TEST(other.forget().has_value());
            BOOST_TEST(one.session().value().has_value());
            BOOST_TEST(to_other.sent().empty());
            // Another flow of the same server has it.
            one_flow again{given.one, example_client(), to_one, store, clock};
            BOOST_TEST(again.session().value().has_value());
        }
}

BOOST_AUTO_TEST_CASE(keys_are_bounded_and_still_apart)
{
    flow_fixture here;
    account const longest{std::string(512, 'x')};
    auto long_id = example_client(), other_id = example_client();
    long_id.id = std::string(600, 'i');
    other_id.id = std::string(600, 'i') + 'j';
    auto one = here.sibling(long_id), other = here.sibling(other_id);
    here.store.take_log();
    BOOST_TEST(one.access_token(longest).error().code == errc::no_session);
    auto const first = here.store.keys().back();
    BOOST_TEST(other.access_token(longest).error().code == errc::no_session);
    auto const second = here.store.keys().back();
    BOOST_TEST((first.size() <= 1024 && second.size() <= 1024));
    BOOST_TEST(first != second);
    BOOST_TEST(first.starts_with(longest.key + '\n'));
}

struct two_accounts : default_config
{
    static constexpr std::size_t max_cached_accounts = 2;
};

BOOST_AUTO_TEST_CASE(so_many_accounts_are_held_in_memory)   // and no more
{
    flow_fixture<two_accounts> here;
    std::vector<account> const all{{"a"}, {"b"}, {"c"}};
    for (auto const& whose : all) here.sign_in(whose).value();
    here.store.take_log();
    auto const loads = [&] {
        std::size_t made = 0;
        for (auto const& whose : all)
        {
            here.graph.access_token(whose).value();
            made += here.store.take_log().size();
        }
        return made;
    };
    // Two are in memory; the third comes from the store, and puts another out.
    BOOST_TEST(loads() >= 1U);
    auto const before = here.server.counts().token_requests;
    BOOST_TEST(loads() >= 1U);
    BOOST_TEST(here.server.counts().token_requests == before);   // nothing is lost by that
    // What the store could not take is never put out.
    here.let_it_expire();
    here.store.deny("save");
    BOOST_TEST(here.graph.access_token(all[0]).has_error());
    auto const held = here.graph.access_token(all[0]).value();
    loads();
    here.store.deny("load", -1);
    BOOST_TEST(here.graph.access_token(all[0]).value().reveal() == held.reveal());
    BOOST_TEST(here.server.counts().reuses_detected == 0U);

    flow_fixture large;
    for (auto const& whose : all) large.sign_in(whose).value();
    large.store.take_log();
    for (auto const& whose : all) large.graph.access_token(whose).value();
    BOOST_TEST((large.store.take_log() == operations{}));
}

BOOST_AUTO_TEST_CASE(an_account_must_have_a_key)
{
    flow_fixture here;
    here.store.take_log();
    for (auto const& whose : {account{""}, account{std::string(513, 'x')}})
    {
        BOOST_TEST(here.graph.access_token(whose).error().code == errc::invalid_account);
        BOOST_TEST(here.graph.refresh({}, whose).error().code == errc::invalid_account);
        BOOST_TEST(here.graph.call(request(), {}, whose).error().code == errc::invalid_account);
        BOOST_TEST(here.graph.session(whose).error().code == errc::invalid_account);
        BOOST_TEST(here.graph.forget(whose).error().code == errc::invalid_account);
    }
    BOOST_TEST((here.store.take_log() == operations{}));
    BOOST_TEST(here.graph.access_token(account{std::string(512, 'x')}).error().code == errc::no_session);
}

BOOST_AUTO_TEST_SUITE_END()
