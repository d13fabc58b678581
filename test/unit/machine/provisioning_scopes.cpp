#include <oauth/machine/provisioning.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/machine_script.hpp"
#include "../../support/printing.hpp"
#include "../../support/sessions.hpp"
#include <chrono>
#include <functional>
#include <string>
#include <utility>

// Whose tokens a grant's are kept beside, what it makes of a server that grants less or wants to be left alone, and what it tells.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using enum happening;

machine_script<provisioning>::parameters const sent{{"grant_type", "test"}};

auto providing(std::function<void(renewal_wish&)> change = {})
{
    return machine_script(
        [=] {
            form body;
            body.add("grant_type", "test");
            renewal_wish wish;
            wish.terms = {"read write", "", "", 600s, "", "read write"};
            wish.terms.of_client = true;
            if (change) change(wish);
            return provisioning(std::move(body), std::move(wish));
        },
        start);
}

issued_token token(std::string value, seconds life, bool of_client)
{
    auto made = issued(std::move(value), start + life, "read write");
    made.of_client = of_client;
    return made;
}

std::function<void(result<provisioned>)> gives(std::string value)
{
    return [value](result<provisioned> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_value());
        BOOST_TEST(outcome->token.reveal() == value);
    };
}

std::function<void(result<provisioned>)> fails_with(error_code why)
{
    return [why](result<provisioned> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == why);
    };
}

void any(session&) {}
std::string const less = R"("expires_in":3600,"scope":"read")";

} // namespace

BOOST_AUTO_TEST_SUITE(machine_provisioning_scopes)

BOOST_AUTO_TEST_CASE(a_user_s_token_is_not_the_client_s)
{
    auto const of_user = session_of("r1", {token("user", 1h, false)});
    providing().load(of_user).lock().load(of_user).ask(sent, token_answer("app", "not the user's")).save([](session& kept) {
        BOOST_TEST(kept.access_tokens.size() == 2U);
        BOOST_TEST(kept.refresh_token.reveal() == "r1");
        BOOST_TEST(kept.find("read write", "", "", "").reveal() == "user");
        BOOST_TEST(kept.find("read write", "", "", "", token_owner::client).reveal() == "app");
    }).unlock().ends(gives("app"));
    providing().load(session_of("r1", {token("user", 1h, false), token("app", 1h, true)})).ends(gives("app"));
}

BOOST_AUTO_TEST_CASE(the_client_s_token_is_not_a_user_s)
{
    auto const for_user = [](renewal_wish& wish) { wish.terms.of_client = false; };
    auto const of_client = session_of("", {token("app", 1h, true)});
    providing(for_user).load(of_client).lock().load(of_client).ask(sent, token_answer("user", "")).save([](session& kept) {
        BOOST_TEST(kept.access_tokens.size() == 2U);
        BOOST_TEST(kept.find("read write", "", "", "").reveal() == "user");
    }).unlock().ends(gives("user"));
}

BOOST_AUTO_TEST_CASE(a_server_that_grants_less)
{
    auto script = providing();
    script.load({}).lock().load({}).ask(sent, token_answer("app", "", less));
    auto full = script;
    auto const refused = [](result<provisioned> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == errc::scope_not_granted);
        BOOST_TEST((outcome.error().next == advice::consent));
        BOOST_TEST(outcome.error().hint == "not granted: write; have the client allowed to ask for it, or ask for less");
    };
    session kept;
    script.save([&kept](session& saved) { kept = saved; }).unlock().ends(refused).tells({renewal_saved, renewal_failed});
    full.save(any).fails(failure(errc::store_not_writable, advice::retry)).hold(held_as::addition, any).unlock().ends(refused).tells({renewal_not_saved, renewal_failed});
    // It is known while that token lives. Less is to be had.
    providing().load(kept).ends(refused);
    providing().load({}).lock().load(kept).unlock().ends(refused);
    providing([](renewal_wish& wish) { wish.terms.scope = wish.terms.expected = "read"; }).load(kept).ends(gives("app"));
    providing([](renewal_wish& wish) { wish.when = renew_when::always; }).load(kept).lock().load(kept).ask(sent, token_answer("app 2", "")).save(any).unlock().ends(gives("app 2"));
    providing([](renewal_wish& wish) { wish.terms.expected = {}; }).load({}).lock().load({}).ask(sent, token_answer("app", "", less)).save(any).unlock().ends(gives("app"));
}

BOOST_AUTO_TEST_CASE(while_the_server_wants_to_be_left_alone)
{
    auto const held_off = [](renewal_wish& wish) {
        wish.held_off = failure(errc::unexpected_status, advice::retry_after);
        wish.held_off->retry_after = 42s;
    };
    providing(held_off).load({}).ends([](result<provisioned> outcome) { BOOST_TEST((outcome.error().retry_after == 42s)); }).tells({renewal_failed});
    providing(held_off).load(session_of("", {token("app", 10s, true)})).ends(gives("app")).tells({fell_back});
    providing(held_off).load(session_of("", {token("app", 1h, true)})).ends(gives("app")).tells({served_from_store});
    provisioning machine(form(), {});
    machine.resume({}, start);
    machine.resume(loaded{}, start);
    machine.resume({}, start);
    auto todo = machine.resume(loaded{}, start);
    BOOST_TEST_REQUIRE(std::holds_alternative<next::ask>(todo));
    BOOST_TEST(std::get<next::ask>(todo).renews);
}

BOOST_AUTO_TEST_CASE(it_tells_what_has_happened)
{
    failure const broken(errc::connection_lost, advice::retry);
    auto const dying = session_of("", {token("old", 10s, true)});
    providing().load({}).lock().load({}).ask(sent, token_answer("app", "")).save(any).unlock().ends(gives("app")).tells({renewal_saved});
    providing().load({}).lock().load({}).ask(sent, token_answer("app", "")).save(any).fails(broken).hold(held_as::addition, any).unlock().ends(gives("app")).tells({renewal_not_saved});
    providing().load(dying).lock(false).fails(broken).ends(gives("old")).tells({fell_back});
    providing().load({}).lock().fails(broken).ends(fails_with(errc::connection_lost)).tells({renewal_failed});
    auto const held = session_of("", {token("held", 1h, true)});
    providing().load(held, true).lock(false).load(held, true).save(any).unlock().ends(gives("held")).tells({renewal_saved, served_from_store});
}

BOOST_AUTO_TEST_SUITE_END()
