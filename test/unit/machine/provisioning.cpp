#include <oauth/machine/provisioning.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/machine_script.hpp"
#include "../../support/printing.hpp"
#include "../../support/sessions.hpp"
#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

using script = machine_script<provisioning>;
script::parameters const sent{{"grant_type", "test"}};
std::string const wanted = "https://graph.microsoft.com/.default";

auto providing(std::function<void(renewal_wish&)> change = {})
{
    return machine_script(
        [=] {
            form body;
            body.add("grant_type", "test");
            renewal_wish wish;
            wish.terms = {wanted, "", "", 600s};
            if (change) change(wish);
            return provisioning(std::move(body), std::move(wish));
        },
        start);
}

/// A token that lives for another `life`, and was got an hour before its end.
session kept(std::string value, seconds life) { return session_of("", {issued(std::move(value), start + life, wanted)}); }

auto hands_out(std::string value, bool old_one = false)
{
    return [=](result<provisioned> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_value());
        BOOST_TEST(outcome->token.reveal() == value);
        BOOST_TEST(outcome->outage.has_value() == old_one);
        BOOST_TEST(!outcome->not_saved.has_value());
    };
}

auto fails_with(error_code why, advice next)
{
    return [=](result<provisioned> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == why);
        BOOST_TEST(outcome.error().next == next);
    };
}

auto has(std::string value)
{
    return [=](session& made) {
        BOOST_TEST_REQUIRE(made.access_tokens.size() == 1U);
        BOOST_TEST(made.access_tokens[0].reveal() == value);
        BOOST_TEST((made.access_tokens[0]->received_at == start));
        BOOST_TEST(made.access_tokens[0]->requested.str() == wanted);
    };
}

failure const down(errc::connect_timeout, advice::retry, "down");
failure const locked_by_another(errc::lock_timeout, advice::retry);

} // namespace

BOOST_AUTO_TEST_SUITE(machine_provisioning)

BOOST_AUTO_TEST_CASE(nothing_is_kept_yet)
{
    providing()
        .load({}).lock().load({}).ask(sent, token_answer("a1", "")).save(has("a1")).unlock()
        .ends(hands_out("a1"))
        .fails_at_every_step([](result<provisioned> outcome, failure const& why) {
            if (outcome.has_error())
            {
                BOOST_TEST(outcome.error().hint == why.hint);
                return;
            }
            BOOST_TEST(outcome->token.reveal() == "a1");
            BOOST_TEST_REQUIRE(outcome->not_saved.has_value());
            BOOST_TEST(outcome->not_saved->hint == why.hint);
        });
}

BOOST_AUTO_TEST_CASE(the_kept_one_serves_while_it_is_good)
{
    providing().load(kept("a0", 301s)).ends(hands_out("a0"));
    providing([](renewal_wish& wish) { wish.margin = 10min, wish.strict_margin = true; }).load(kept("a0", 601s)).ends(hands_out("a0"));
    providing([](renewal_wish& wish) { wish.margin = 1min; }).load(kept("a0", 61s)).ends(hands_out("a0"));
}

BOOST_AUTO_TEST_CASE(another_is_got_in_time)
{
    auto const renewed = [](auto change, session old, bool waits) {
        providing(change).load(old).lock(waits).load(old).ask(sent, token_answer("a1", "")).save(has("a1")).unlock().ends(hands_out("a1"));
    };
    renewed(std::function<void(renewal_wish&)>(), kept("a0", 299s), false);   // it lives: nobody need wait for another's
    renewed(std::function<void(renewal_wish&)>(), kept("a0", -1s), true);
    renewed([](renewal_wish& wish) { wish.margin = 10min, wish.strict_margin = true; }, kept("a0", 599s), true);   // it will not do at all
    renewed([](renewal_wish& wish) { wish.when = renew_when::always; }, kept("a0", 1h), true);
    auto due = issued("a0", start + 1h, wanted);
    due.refresh_at = start;
    renewed(std::function<void(renewal_wish&)>(), session_of("", {due}), false);
}

BOOST_AUTO_TEST_CASE(a_token_of_other_terms_does_not_serve_and_stays)
{
    auto const other = session_of("r0", {issued("other", start + 1h, "https://vault.azure.net/.default")});
    providing().load(other).lock().load(other).ask(sent, token_answer("a1", "")).save([](session& made) {
        BOOST_TEST(made.find(wanted, "", "", "").reveal() == "a1");
        BOOST_TEST(made.find("https://vault.azure.net/.default", "", "", "").reveal() == "other");
        BOOST_TEST(made.refresh_token.reveal() == "r0");   // it is not spent
    }).unlock().ends(hands_out("a1"));
    providing([](renewal_wish& wish) { wish.terms.claims = "{}"; }).load(kept("a0", 1h)).lock().load(kept("a0", 1h)).ask(sent, token_answer("a1", ""))
        .save([](session& made) { BOOST_TEST(made.access_tokens.size() == 2U); }).unlock().ends(hands_out("a1"));
}

BOOST_AUTO_TEST_CASE(what_another_has_got_meanwhile_serves)
{
    providing().load(kept("a0", -1s)).lock().load(kept("a1", 1h)).unlock().ends(hands_out("a1"));
    // However short it lives: another one would be no better.
    providing().load({}).lock().load(kept("a1", 2s)).unlock().ends(hands_out("a1"));
    // But not where a new one is wanted, nor the same one as before.
    providing([](renewal_wish& wish) { wish.when = renew_when::always; }).load(kept("a0", 1h)).lock().load(kept("a1", 1h)).ask(sent, token_answer("a2", "")).save(has("a2")).unlock()
        .ends(hands_out("a2"));
}

BOOST_AUTO_TEST_CASE(an_outage_is_bridged_by_the_old_token)
{
    for (auto const& said : {answer(503, "busy", {}), refusal("temporarily_unavailable", "", 503), answer(200, "<html>", {{"Content-Type", "text/html"}})})
        providing().load(kept("a0", 200s)).lock(false).load(kept("a0", 200s)).ask(sent, said).unlock().ends(hands_out("a0", true));
    providing().load(kept("a0", 200s)).lock(false).load(kept("a0", 200s)).ask(sent, {}).fails(down).unlock().ends(hands_out("a0", true));
    providing().load(kept("a0", 200s)).lock(false).fails(locked_by_another).ends(hands_out("a0", true));
    providing([](renewal_wish& wish) { wish.at_hand = access_token(issued("a0", start + 200s, wanted)); }).load({}).fails(down).ends(hands_out("a0", true));
    // One that has expired, or is too short for what the caller says, or was received in the future, bridges nothing.
    providing().load(kept("a0", -1s)).lock().load(kept("a0", -1s)).ask(sent, {}).fails(down).unlock().ends(fails_with(errc::connect_timeout, advice::retry));
    providing([](renewal_wish& wish) { wish.margin = 10min, wish.strict_margin = true; }).load(kept("a0", 200s)).lock().fails(locked_by_another)
        .ends(fails_with(errc::lock_timeout, advice::retry));
    providing().load(kept("a0", 5h)).lock().load(kept("a0", 5h)).ask(sent, {}).fails(down).unlock().ends(fails_with(errc::connect_timeout, advice::retry));
}

BOOST_AUTO_TEST_CASE(the_extended_lifetime_is_for_those_who_want_it)
{
    auto token = issued("a0", start - 1s, wanted);
    token.extended_until = start + 1h;
    auto const old = session_of("", {token});
    providing().load(old).lock().load(old).ask(sent, {}).fails(down).unlock().ends(fails_with(errc::connect_timeout, advice::retry));
    auto const extended = [](renewal_wish& wish) { wish.use_extended_lifetime = true; };
    providing(extended).load(old).lock(false).load(old).ask(sent, {}).fails(down).unlock().ends(hands_out("a0", true));
    providing(extended).load(old).lock(false).load(old).ask(sent, token_answer("a1", "")).save(has("a1")).unlock().ends(hands_out("a1"));
}

BOOST_AUTO_TEST_CASE(a_refusal_is_told_though_the_old_token_lives)
{
    providing().load(kept("a0", 200s)).lock(false).load(kept("a0", 200s)).ask(sent, refusal("invalid_client", "", 401)).unlock()
        .ends(fails_with(server_errc::invalid_client, advice::fix_configuration));
    static constexpr std::array<advice_rule, 1> rules{advice_rule{.vendor = "AADSTS", .number = 7000222, .next = advice::fix_configuration, .hint = "the secret has expired"}};
    providing([](renewal_wish& wish) { wish.rules = rules; }).load({}).lock().load({})
        .ask(sent, refusal("invalid_client", R"("error_description":"AADSTS7000222: old","error_codes":[7000222])", 401)).unlock()
        .ends([](result<provisioned> outcome) { BOOST_TEST(outcome.error().hint == "the secret has expired"); });
    // With a user behind it: what the caller must pass on is there.
    providing().load({}).lock().load({}).ask(sent, refusal("interaction_required", R"("claims":"{\"access_token\":{}}")")).unlock().ends([](result<provisioned> outcome) {
        BOOST_TEST(outcome.error().next == advice::sign_in_again);
        BOOST_TEST(outcome.error().server.claims == R"({"access_token":{}})");
    });
    providing().load({}).lock().load({}).ask(sent, answer(200, R"({"id_token":"i"})")).unlock().ends(fails_with(errc::response_missing_member, advice::give_up));
    providing([](renewal_wish& wish) { wish.max_response_size = 10; }).load({}).lock().load({}).ask(sent, token_answer("a1", "")).unlock()
        .ends(fails_with(errc::response_too_large, advice::retry));
}

BOOST_AUTO_TEST_CASE(what_can_not_be_saved_is_held_beside_what_the_store_has)
{
    auto const other = session_of("r0", {issued("other", start + 1h, "x")});
    providing().load(other).lock().load(other).ask(sent, token_answer("a1", "")).save([](session&) {}).fails(failure(errc::store_not_writable, advice::retry, "full"))
        .hold(held_as::addition, has("a1")).unlock().ends([](result<provisioned> outcome) {
            BOOST_TEST_REQUIRE(outcome.has_value());
            BOOST_TEST(outcome->token.reveal() == "a1");
            BOOST_TEST_REQUIRE(outcome->not_saved.has_value());
            BOOST_TEST(outcome->not_saved->code == errc::store_not_writable);
        });
}

BOOST_AUTO_TEST_CASE(what_is_held_is_saved_when_that_can_be_done)
{
    providing().load(kept("a0", 1h), true).lock(false).load(kept("a0", 1h), true).save([](session& made) { BOOST_TEST(made.access_tokens[0].reveal() == "a0"); }).unlock()
        .ends(hands_out("a0"));
    providing().load(kept("a0", 1h), true).lock(false).load(kept("a0", 1h), true).save([](session&) {}).fails(failure(errc::store_not_writable, advice::retry)).unlock()
        .ends(hands_out("a0", true));
    providing().load(kept("a0", 1h), true).lock(false).fails(locked_by_another).ends(hands_out("a0", true));
}

// It is told once, and then nothing is there: whoever can ask again has lost nothing.
BOOST_AUTO_TEST_CASE(a_session_that_was_put_aside)
{
    failure const aside(errc::store_unreadable, advice::sign_in_again, "put aside");
    providing().load({}).fails(aside).ends(fails_with(errc::store_unreadable, advice::retry));
    providing().load(kept("a0", 200s)).lock(false).load({}).fails(aside).unlock().ends(fails_with(errc::store_unreadable, advice::retry));
}

// The token's life begins when it was asked for, and what the server gives is handed out however short it lives.
BOOST_AUTO_TEST_CASE(what_the_server_gives_is_handed_out)
{
    for (std::string const more : {R"("expires_in":1)", R"("expires_in":0)", "", R"("scope":"User.Read Mail.Read","expires_in":"60")"})
        providing().load({}).lock().load({}).ask(sent, token_answer("a1", "", more)).save(has("a1")).unlock().ends(hands_out("a1"));
}

// RFC 8693 2.2.1: it must not be presented to an API.
BOOST_AUTO_TEST_CASE(another_kind_of_token_is_neither_handed_out_nor_kept)
{
    auto const refused = fails_with(errc::unsupported_token_type, advice::fix_configuration);
    auto const n_a = answer(200, R"({"token_type":"N_A","access_token":"a refresh token","refresh_token":"r9","expires_in":3600})");
    auto const saml = token_answer("an assertion", "", R"("issued_token_type":"urn:ietf:params:oauth:token-type:saml2")");
    for (auto const& said : {n_a, saml})
    {
        providing().load({}).lock().load({}).ask(sent, said).unlock().ends(refused).fails_at_every_step([](result<provisioned> outcome, failure const& why) {
            BOOST_TEST_REQUIRE(outcome.has_error());
            BOOST_TEST((outcome.error().hint == why.hint || outcome.error().code == errc::unsupported_token_type));
            BOOST_TEST(describe(outcome.error()).find("assertion") == std::string::npos);
        });
        providing().load(kept("a0", -1s)).lock().load(kept("a0", -1s)).ask(sent, said).unlock().ends(refused);
    }
}

BOOST_AUTO_TEST_CASE(a_token_of_other_parameters_does_not_serve)
{
    auto const asks_for = [](std::string fingerprint) { return [=](renewal_wish& wish) { wish.terms.parameters_fingerprint = fingerprint; }; };
    auto of_one = issued("a0", start + 1h, wanted);
    of_one.parameters_fingerprint = "one";
    auto const before = session_of("", {of_one});
    providing(asks_for("one")).load(before).ends(hands_out("a0"));
    for (std::string const other : {"two", ""})
        providing(asks_for(other)).load(before).lock().load(before).ask(sent, token_answer("a1", "")).save([&](session& made) {
            BOOST_TEST_REQUIRE(made.access_tokens.size() == 2U);
            BOOST_TEST(made.access_tokens[0].reveal() == "a0");
            BOOST_TEST(made.access_tokens[1]->parameters_fingerprint == other);
        }).unlock().ends(hands_out("a1"));
}

BOOST_AUTO_TEST_SUITE_END()
