#include <oauth/machine/revoking.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/machine_script.hpp"
#include "../../support/sessions.hpp"
#include <array>
#include <chrono>
#include <string>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using parameters = machine_script<revoking>::parameters;

auto script(revoked_tokens which = revoked_tokens::refresh_token, std::span<advice_rule const> rules = {})
{
    return machine_script([=] { return revoking(which, rules, 1 << 20); }, start);
}

constexpr auto where = &server_metadata::revocation_endpoint;

parameters refresh(std::string token) { return {{"token", std::move(token)}, {"token_type_hint", "refresh_token"}}; }
parameters access(std::string token) { return {{"token", std::move(token)}, {"token_type_hint", "access_token"}}; }

session kept() { return session_of("r0", {issued("a0", start + 1h), issued("old", start, "Old"), issued("a1", start + 1s, "Calendars.Read")}); }

http_response const good = answer(200, "");
failure const lost(errc::connection_lost, advice::retry, "the line");

void is_well(result<void> outcome) { BOOST_TEST(outcome.has_value()); }

auto fails_with(error_code code, advice next, std::string hint)
{
    return [=](result<void> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == code, outcome.error().code.message());
        BOOST_TEST(outcome.error().next == next);
        BOOST_TEST(outcome.error().hint == hint);
    };
}

std::string const told = "forgotten here, but not revoked at the server";

} // namespace

BOOST_AUTO_TEST_SUITE(machine_revoking)

BOOST_AUTO_TEST_CASE(the_refresh_token_goes_and_takes_the_others_along) { script().lock().load(kept()).ask_at(where, refresh("r0"), good).erase().unlock().ends(is_well); }

BOOST_AUTO_TEST_CASE(all_that_have_not_expired_may_go_too)
{
    script(revoked_tokens::all).lock().load(kept()).ask_at(where, refresh("r0"), good).ask_at(where, access("a0"), good).ask_at(where, access("a1"), good).erase().unlock().ends(is_well);
}

BOOST_AUTO_TEST_CASE(without_refresh_token_the_access_tokens_go)
{
    script().lock().load(session_of("", {issued("a0", start + 1h), issued("old", start - 1h)})).ask_at(where, access("a0"), good).erase().unlock().ends(is_well);
    script().lock().load(session_of("", {issued("old", start - 1h)})).erase().unlock().ends(is_well);
}

BOOST_AUTO_TEST_CASE(what_is_held_goes_too) { script().lock().load(session_of("r1"), true).ask_at(where, refresh("r1"), good).erase().unlock().ends(is_well); }

BOOST_AUTO_TEST_CASE(where_nobody_is_signed_in_nothing_is_asked) { script().lock().load({}).unlock().ends(is_well); }

BOOST_AUTO_TEST_CASE(it_asks_the_revocation_endpoint)
{
    revoking machine(revoked_tokens::refresh_token, {}, 1 << 20);
    machine.resume({}, start);
    machine.resume(std::monostate(), start);
    auto const todo = machine.resume(loaded{kept(), false}, start);
    BOOST_TEST_REQUIRE(std::holds_alternative<next::ask>(todo));
    BOOST_TEST((std::get<next::ask>(todo).where == &server_metadata::revocation_endpoint));
}

// Each step fails in turn: the session is erased all the same, and the lock given back.
BOOST_AUTO_TEST_CASE(whatever_fails_the_session_is_forgotten)
{
    script().lock().fails(lost).load(kept()).ask_at(where, refresh("r0"), good).erase().ends(is_well);
    script().lock().load({}).fails(lost).erase().unlock().ends(fails_with(errc::connection_lost, advice::give_up, "the line; " + told));
    script().lock().load(kept()).ask_at(where, refresh("r0"), {}).fails(lost).erase().unlock().ends(fails_with(errc::connection_lost, advice::give_up, "the line; " + told));
    script().lock().load(kept()).ask_at(where, refresh("r0"), good).erase().fails(lost).unlock().ends(fails_with(errc::connection_lost, advice::retry, "the line"));
    // Two at once: without the lock, and the store's failure is the one that counts.
    failure const full(errc::store_not_writable, advice::fix_configuration, "full");
    script().lock().fails(lost).load({}).fails(lost).erase().ends(fails_with(errc::connection_lost, advice::give_up, "the line; " + told));
    script().lock().fails(lost).load(kept()).ask_at(where, refresh("r0"), {}).fails(lost).erase().fails(full).ends(fails_with(errc::store_not_writable, advice::fix_configuration, "full"));
    script().lock().fails(lost).load({}).ends(is_well);
}

BOOST_AUTO_TEST_CASE(after_a_failure_no_other_token_is_tried)
{
    script(revoked_tokens::all).lock().load(kept()).ask_at(where, refresh("r0"), {}).fails(lost).erase().unlock().ends(fails_with(errc::connection_lost, advice::give_up, "the line; " + told));
    script(revoked_tokens::all)
        .lock()
        .load(kept())
        .ask_at(where, refresh("r0"), good)
        .ask_at(where, access("a0"), refusal("unsupported_token_type"))
        .erase()
        .unlock()
        .ends(fails_with(server_errc::unsupported_token_type, advice::fix_configuration, told));
}

BOOST_AUTO_TEST_CASE(what_the_server_refuses_with)
{
    struct row
    {
        http_response said;
        error_code code;
        advice next;
    };
    for (auto const& [said, code, next] : std::vector<row>{
             {refusal("invalid_client", "", 401), server_errc::invalid_client, advice::fix_configuration},
             {refusal("invalid_grant"), server_errc::invalid_grant, advice::sign_in_again},
             {answer(503, "", {{"Retry-After", "9"}}), errc::unexpected_status, advice::give_up},   // nobody is left who could come back
             {answer(500, "oops"), errc::unexpected_status, advice::give_up},
         })
        script().lock().load(kept()).ask_at(where, refresh("r0"), said).erase().unlock().ends(fails_with(code, next, told));
    script().lock().load(kept()).ask_at(where, refresh("r0"), answer(404, "")).erase().unlock().ends(
        fails_with(errc::unexpected_status, advice::fix_configuration, "check the URL of the revocation endpoint; " + told));
}

BOOST_AUTO_TEST_CASE(the_provider_knows_what_helps)
{
    static constexpr std::array<advice_rule, 1> rules{advice_rule{.error = "made_up", .next = advice::consent, .hint = "ask the admin"}};
    script(revoked_tokens::refresh_token, rules).lock().load(kept()).ask_at(where, refresh("r0"), refusal("made_up")).erase().unlock().ends(
        fails_with(server_errc::unrecognized, advice::consent, "ask the admin; " + told));
}

BOOST_AUTO_TEST_SUITE_END()
