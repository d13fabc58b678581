#include <oauth/machine/renewal.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/machine_script.hpp"
#include "../../support/sessions.hpp"
#include <array>
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using parameters = machine_script<renewal>::parameters;

renewal_wish wish()
{
    renewal_wish made;
    made.terms = {"Mail.Read", "", "", 600s};
    return made;
}

renewal_wish with(std::function<void(renewal_wish&)> change)
{
    auto made = wish();
    change(made);
    return made;
}

auto renewing(renewal_wish wished = wish(), time_point now = start)
{
    return machine_script([wished] { return renewal(wished); }, now);
}

parameters const sends_r1{{"grant_type", "refresh_token"}, {"refresh_token", "r1"}};
parameters const sends_r2{{"grant_type", "refresh_token"}, {"refresh_token", "r2"}};

// a1 has expired, has `life` left, or is due.
session expired() { return session_of("r1", {issued("a1", start)}); }
session living(seconds life) { return session_of("r1", {issued("a1", start + life)}); }

session due()
{
    auto token = issued("a1", start + 30min);
    token.refresh_at = start;
    return session_of("r1", {token});
}

void has_new(session& kept)
{
    BOOST_TEST(kept.refresh_token.reveal() == "r2");
    BOOST_TEST(kept.find("Mail.Read", "", "", "").reveal() == "a2");
}

void gives_new(result<renewed> outcome)
{
    BOOST_TEST_REQUIRE(outcome.has_value());
    BOOST_TEST(outcome->token.reveal() == "a2");
    BOOST_TEST(outcome->answer.has_value());
    BOOST_TEST(!outcome->not_saved.has_value());
    BOOST_TEST(!outcome->outage.has_value());
}

std::function<void(result<renewed>)> gives(std::string token)
{
    return [token](result<renewed> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_value());
        BOOST_TEST(outcome->token.reveal() == token);
        BOOST_TEST(!outcome->answer.has_value());
        BOOST_TEST(!outcome->not_saved.has_value());
        BOOST_TEST(!outcome->outage.has_value());
    };
}

std::function<void(result<renewed>)> falls_back(std::string token, error_code why)
{
    return [=](result<renewed> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_value());
        BOOST_TEST(outcome->token.reveal() == token);
        BOOST_TEST(!outcome->answer.has_value());
        BOOST_TEST_REQUIRE(outcome->outage.has_value());
        BOOST_TEST(outcome->outage->code == why);
    };
}

std::function<void(result<renewed>)> fails_with(error_code why, advice next)
{
    return [=](result<renewed> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == why);
        BOOST_TEST(outcome.error().next == next);
    };
}

// Where no old token can help: the failure itself, or, once the server has answered, the new token and why it is not saved.
void breaks(result<renewed> outcome, failure const& why)
{
    if (outcome.has_error())
    {
        BOOST_TEST(outcome.error().hint == why.hint);
        return;
    }
    BOOST_TEST(outcome->token.reveal() == "a2");
    BOOST_TEST_REQUIRE(outcome->not_saved.has_value());
    BOOST_TEST(outcome->not_saved->hint == why.hint);
}

// Where the old token lives: nobody is left without one.
void breaks_gently(result<renewed> outcome, failure const& why)
{
    BOOST_TEST_REQUIRE(outcome.has_value());
    auto const& told = outcome->answer ? outcome->not_saved : outcome->outage;
    BOOST_TEST(outcome->token.reveal() == (outcome->answer ? "a2" : "a1"));
    BOOST_TEST_REQUIRE(told.has_value());
    BOOST_TEST(told->hint == why.hint);
}

auto whole_renewal(renewal_wish wished, session const& before, bool waits)
{
    auto script = renewing(std::move(wished));
    script.load(before).lock(waits).load(before).probe().ask(sends_r1, token_answer("a2", "r2")).save(has_new).unlock();
    return script;
}

failure const broken(errc::connection_lost, advice::retry, "broken");

} // namespace

BOOST_AUTO_TEST_SUITE(machine_renewal)

BOOST_AUTO_TEST_CASE(the_whole_way)   // locked, read again, probed, asked, saved
{
    whole_renewal(wish(), expired(), true).ends(gives_new).fails_at_every_step(breaks);
}

BOOST_AUTO_TEST_CASE(a_token_that_serves_is_handed_out)
{
    renewing().load(living(301s)).ends(gives("a1")).fails_at_every_step(breaks);
}

BOOST_AUTO_TEST_CASE(nobody_is_signed_in)
{
    renewing().load({}).ends(fails_with(errc::no_session, advice::sign_in_again));
    // Signed out while it waited for the lock: nothing may be written.
    renewing().load(expired()).lock().load({}).unlock().ends(fails_with(errc::no_session, advice::sign_in_again));
    renewing(with([](auto& w) { w.at_hand = access_token(issued("a1", start + 1h)); })).load({}).ends(fails_with(errc::no_session, advice::sign_in_again));
}

BOOST_AUTO_TEST_CASE(another_has_renewed_it_meanwhile)   // a refresh token that is used twice would end the session
{
    auto const renewed = session_of("r2", {issued("a2", start + 1h)});
    renewing().load(expired()).lock().load(renewed).unlock().ends(gives("a2")).fails_at_every_step(breaks);
}

// What another has just got is the newest there is, be it too short for the margin; were it asked for again, each waiter would spend a refresh token.
BOOST_AUTO_TEST_CASE(what_came_meanwhile_serves_however_short_it_lives)
{
    auto const strict = with([](auto& w) { w.margin = 2h; w.strict_margin = true; });
    renewing(strict).load(living(1h)).lock().load(session_of("r2", {issued("a2", start + 1h)})).unlock().ends(gives("a2"));
    renewing().load(session_of("r1")).lock().load(session_of("r2", {issued("a2", start + 1s)})).unlock().ends(gives("a2"));
    // But not where it has expired already, and not where the same token is still there.
    renewing().load(session_of("r1")).lock().load(session_of("r1", {issued("a2", start)})).probe().ask(sends_r1, token_answer("a2", "r2")).save(has_new).unlock().ends(gives_new);
    whole_renewal(strict, living(1h), true).ends(gives_new);
}

BOOST_AUTO_TEST_CASE(the_margin)   // the comparison's sign
{
    struct
    {
        seconds life, margin;
        bool strict, renews;
    } const rows[] = {
        {301s, 300s, false, false}, {300s, 300s, false, true}, {299s, 300s, false, true}, {1s, 0s, false, false}, {0s, 0s, false, true}, {-1s, 0s, false, true},
        {3600s, 3600s, false, false},   // half of its life is enough where nobody asks for more
        {3600s, 3600s, true, true}, {3600s, 3599s, true, false}, {1801s, 7200s, false, false}, {1800s, 7200s, false, true}, {1s, -100s, true, false}, {0s, -100s, true, true},
    };
    for (auto const& given : rows)
        BOOST_TEST_CONTEXT(given.life.count() << " s of life, margin " << given.margin.count() << (given.strict ? ", strict" : ""))
        {
            auto const wished = with([&](auto& w) { w.margin = given.margin; w.strict_margin = given.strict; });
            bool const fallback = given.renews && !given.strict && given.life > 0s;
            if (given.renews) whole_renewal(wished, living(given.life), !fallback).ends(gives_new);
            else renewing(wished).load(living(given.life)).ends(gives("a1"));
        }
}

BOOST_AUTO_TEST_CASE(a_clock_turned_back_makes_no_token_immortal)   // AzureAD/microsoft-authentication-library-for-js#2608
{
    auto const token = issued("a1", start + 1h);   // received at start
    auto const kept = session_of("r1", {token});
    renewing(wish(), start - 5min).load(kept).ends(gives("a1"));
    renewing(wish(), start - 5min - 1s).load(kept).lock().load(kept).probe().ask(sends_r1, token_answer("a2", "r2")).save([](session& saved) {
        has_new(saved);
        BOOST_TEST((saved.access_tokens[0]->received_at == start - 5min - 1s));
    }).unlock().ends(gives_new);
}

BOOST_AUTO_TEST_CASE(a_due_token_is_renewed_early_and_served_in_an_outage)
{
    whole_renewal(wish(), due(), false).ends(gives_new).fails_at_every_step([](result<renewed> outcome, failure const& why) {
        // The first load has nothing to fall back on.
        if (outcome.has_error()) BOOST_TEST(outcome.error().hint == why.hint);
        else breaks_gently(std::move(outcome), why);
    });
    auto const at_hand = with([](auto& w) { w.at_hand = due().access_tokens[0]; });
    whole_renewal(at_hand, due(), false).ends(gives_new).fails_at_every_step(breaks_gently);
    // One second before, nobody is asked.
    auto early = issued("a1", start + 30min);
    early.refresh_at = start + 1s;
    renewing().load(session_of("r1", {early})).ends(gives("a1"));
}

BOOST_AUTO_TEST_CASE(within_the_margin_it_is_served_in_an_outage)
{
    auto const at_hand = with([](auto& w) { w.at_hand = living(10s).access_tokens[0]; });
    whole_renewal(at_hand, living(10s), false).ends(gives_new).fails_at_every_step(breaks_gently);
}

BOOST_AUTO_TEST_CASE(passing_refusals_are_outages_and_others_are_not)
{
    struct
    {
        char const* what;
        http_response said;
        error_code code;
        bool passing;
    } const rows[] = {
        {"429", answer(429, "slow down", {{"Retry-After", "60"}}), errc::unexpected_status, true},
        {"503 HTML", answer(503, "<html>", {{"Content-Type", "text/html"}}), errc::unexpected_status, true},
        {"500", answer(500, ""), errc::unexpected_status, true},
        {"temporarily_unavailable", refusal("temporarily_unavailable", "", 503), server_errc::temporarily_unavailable, true},
        {"server_error with 400", refusal("server_error"), server_errc::server_error, true},
        {"a proxy's page", answer(200, "<html>", {{"Content-Type", "text/html"}}), errc::unexpected_content_type, true},
        {"half an answer", answer(200, R"({"access_token":"a)"), errc::response_not_json, true},
        {"403 of a firewall", answer(403, "<html>", {{"Content-Type", "text/html"}}), errc::unexpected_status, true},
        {"invalid_client", refusal("invalid_client", "", 401), server_errc::invalid_client, false},
        {"unauthorized_client", refusal("unauthorized_client"), server_errc::unauthorized_client, false},
        {"invalid_scope", refusal("invalid_scope"), server_errc::invalid_scope, false},
        {"invalid_request", refusal("invalid_request"), server_errc::invalid_request, false},
        {"interaction_required", refusal("interaction_required", R"("claims":"{}")"), server_errc::interaction_required, false},
        {"consent_required", refusal("consent_required"), server_errc::consent_required, false},
        {"another code", refusal("made_up"), server_errc::unrecognized, false},
        {"404", answer(404, ""), errc::unexpected_status, false},
        {"307", answer(307, "", {{"Location", "https://elsewhere.example"}}), errc::redirect_refused, false},
    };
    for (auto const& given : rows)
        BOOST_TEST_CONTEXT(given.what)
        {
            // No old token: the refusal. The refresh token stays, and nothing is written.
            renewing().load(expired()).lock().load(expired()).probe().ask(sends_r1, given.said).unlock().ends([&](result<renewed> outcome) {
                BOOST_TEST_REQUIRE(outcome.has_error());
                BOOST_TEST(outcome.error().code == given.code);
            });
            auto script = renewing();
            script.load(living(10s)).lock(false).load(living(10s)).probe().ask(sends_r1, given.said).unlock();
            if (given.passing) script.ends(falls_back("a1", given.code));
            else script.ends([&](result<renewed> outcome) { BOOST_TEST(outcome.error().code == given.code); });
        }
}

BOOST_AUTO_TEST_CASE(a_minimum_that_was_named_holds_in_an_outage_too)
{
    auto const strict = with([](auto& w) { w.margin = 60s; w.strict_margin = true; w.use_extended_lifetime = true; });
    renewing(strict).load(living(60s)).lock().fails(broken).ends(fails_with(errc::connection_lost, advice::retry));
    // A due token with enough life will do.
    renewing(strict).load(due()).lock(false).fails(broken).ends(falls_back("a1", errc::connection_lost));
    auto extended = issued("a1", start);
    extended.extended_until = start + 1h;
    auto const kept = session_of("r1", {extended});
    renewing(strict).load(kept).lock().fails(broken).ends(fails_with(errc::connection_lost, advice::retry));
}

BOOST_AUTO_TEST_CASE(the_extended_lifetime_is_for_outages_and_must_be_asked_for)
{
    auto token = issued("a1", start);
    token.extended_until = start + 1s;
    auto const kept = session_of("r1", {token});
    auto const wanted = with([](auto& w) { w.use_extended_lifetime = true; });

    whole_renewal(wanted, kept, false).ends(gives_new);   // it never serves by itself
    renewing(wanted).load(kept).lock(false).load(kept).probe().ask(sends_r1, answer(503, "")).unlock().ends(falls_back("a1", errc::unexpected_status));
    renewing().load(kept).lock().load(kept).probe().ask(sends_r1, answer(503, "")).unlock().ends(fails_with(errc::unexpected_status, advice::retry));
    renewing(wanted, start + 1s).load(kept).lock().fails(broken).ends(fails_with(errc::connection_lost, advice::retry));
    // The clock was turned back: it says nothing any more.
    renewing(wanted, start - 1h - 5min - 1s).load(kept).lock().fails(broken).ends(fails_with(errc::connection_lost, advice::retry));
    // An end of the session is no outage.
    renewing(wanted).load(kept).lock(false).load(kept).probe().ask(sends_r1, refusal("invalid_grant")).load(kept).save([](session&) {}).unlock().ends(
        fails_with(server_errc::invalid_grant, advice::sign_in_again));
}

BOOST_AUTO_TEST_CASE(a_token_at_hand_is_the_last_resort)
{
    auto const at_hand = with([](auto& w) { w.at_hand = access_token(issued("a1", start + 1s)); });
    renewing(at_hand).load({}).fails(broken).ends(falls_back("a1", errc::connection_lost));
    // That the user must sign in again is told but once by a store: it must not be hidden.
    failure const aside(errc::store_unreadable, advice::sign_in_again);
    renewing(at_hand).load({}).fails(aside).ends(fails_with(errc::store_unreadable, advice::sign_in_again));
    renewing().load(living(10s)).lock(false).load({}).fails(aside).unlock().ends(fails_with(errc::store_unreadable, advice::sign_in_again));
    auto const dead = with([](auto& w) { w.at_hand = access_token(issued("a1", start)); });
    renewing(dead).load({}).fails(broken).ends(fails_with(errc::connection_lost, advice::retry));
    // What the store has is the truth, where it can be read.
    auto const other = session_of("r9", {issued("a9", start)});
    renewing(at_hand).load(other).lock().fails(broken).ends(fails_with(errc::connection_lost, advice::retry));
}

BOOST_AUTO_TEST_CASE(a_busy_lock)
{
    failure const busy(errc::lock_timeout, advice::retry);
    renewing().load(expired()).lock().fails(busy).ends(fails_with(errc::lock_timeout, advice::retry));
    renewing().load(living(10s)).lock(false).fails(busy).ends(falls_back("a1", errc::lock_timeout));
}

BOOST_AUTO_TEST_CASE(without_refresh_token_it_lives_as_long_as_its_token)
{
    auto const expires = [](seconds life) { return session_of("", {issued("a1", start + life)}); };
    renewing().load(expires(301s)).ends(gives("a1"));
    renewing().load(expires(10s)).ends(falls_back("a1", errc::not_renewable));
    renewing().load(expires(0s)).ends(fails_with(errc::not_renewable, advice::sign_in_again));
    renewing().load(session_of("")).ends(fails_with(errc::not_renewable, advice::sign_in_again));
    // It was lost while it waited for the lock.
    renewing().load(expired()).lock().load(expires(0s)).unlock().ends(fails_with(errc::not_renewable, advice::sign_in_again));
}

BOOST_AUTO_TEST_CASE(the_answer_brings_no_refresh_token)   // RFC 6749 6: then the old one is kept
{
    renewing().load(expired()).lock().load(expired()).probe().ask(sends_r1, token_answer("a2", "")).save([](session& kept) {
        BOOST_TEST(kept.refresh_token.reveal() == "r1");
        BOOST_TEST(kept.find("Mail.Read", "", "", "").reveal() == "a2");
    }).unlock().ends(gives_new);
}

BOOST_AUTO_TEST_CASE(the_answer_brings_no_access_token)
{
    auto script = renewing();
    script.load(expired()).lock().load(expired()).probe().ask(sends_r1, answer(200, R"({"id_token":"i2","refresh_token":"r2"})"));
    auto const saved = [](session& kept) {
        BOOST_TEST(kept.refresh_token.reveal() == "r2");
        BOOST_TEST(kept.id_token.reveal() == "i2");
    };
    auto again = script;
    script.save(saved).unlock().ends(fails_with(errc::response_missing_member, advice::give_up));
    again.save(saved).fails(broken).hold(held_as::successor, saved).unlock().ends(fails_with(errc::response_missing_member, advice::give_up));
}

BOOST_AUTO_TEST_CASE(lifetimes_of_the_answer)   // whatever it is, the new token is handed out, and its expiry is absolute
{
    std::vector<std::pair<std::string, seconds>> const rows{
        {R"("expires_in":3600)", 3600s}, {R"("expires_in":"3600")", 3600s}, {R"("expires_in":0)", 0s}, {R"("expires_in":-1)", -1s}, {"", 600s},
        {R"("expires_in":null)", 600s}, {R"("expires_in":true)", 600s}, {R"("expires_in":99999999999999999999)", 2'147'483'647s}};
    for (auto const& [member, life] : rows)
        BOOST_TEST_CONTEXT(member)
        {
            renewing()
                .load(expired())
                .lock()
                .load(expired())
                .probe()
                .ask(sends_r1, token_answer("a2", "r2", member))
                .at(start + 30s)
                .save([expected = life](session& kept) {
                    has_new(kept);
                    auto const token = kept.find("Mail.Read", "", "", "");
                    BOOST_TEST((token->expires_at - start).count() == expected.count());
                    BOOST_TEST((token->received_at == start));
                })
                .unlock()
                .ends(gives_new);
        }
}

BOOST_AUTO_TEST_CASE(all_that_changes_the_token_is_sent_and_looked_up)
{
    auto other = issued("other", start + 1h);
    other.resource = "https://other.example";
    auto claimed = issued("claimed", start + 1h);
    claimed.claims = R"({"access_token":{"xms_cc":{"values":["cp1"]}}})";
    auto const kept = session_of("r1", {issued("plain", start + 1h), other, claimed, issued("calendar", start + 1h, "Calendars.Read")});

    renewing().load(kept).ends(gives("plain"));
    renewing(with([&](auto& w) { w.terms.resource = other.resource; })).load(kept).ends(gives("other"));
    renewing(with([&](auto& w) { w.terms.claims = claimed.claims; })).load(kept).ends(gives("claimed"));
    renewing(with([&](auto& w) { w.terms.scope = "Calendars.Read"; })).load(kept).ends(gives("calendar"));

    struct
    {
        char const* what;
        std::function<void(renewal_wish&)> change;
        parameters sent;
    } const rows[] = {
        {"another resource", [](auto& w) { w.terms.resource = "https://third.example"; },
         {{"grant_type", "refresh_token"}, {"refresh_token", "r1"}, {"resource", "https://third.example"}}},
        {"other claims", [](auto& w) { w.terms.claims = R"({"a":1})"; }, {{"grant_type", "refresh_token"}, {"refresh_token", "r1"}, {"claims", R"({"a":1})"}}},
        {"another scope", [](auto& w) { w.terms.scope = "Mail.Send"; w.names_scope = name_scope::always; },
         {{"grant_type", "refresh_token"}, {"refresh_token", "r1"}, {"scope", "Mail.Send"}}},
        {"a scope that is not named", [](auto& w) { w.terms.scope = "Mail.Send"; w.names_scope = name_scope::never; }, {{"grant_type", "refresh_token"}, {"refresh_token", "r1"}}},
    };
    for (auto const& given : rows)
        BOOST_TEST_CONTEXT(given.what)
        {
            auto const wished = with(given.change);
            renewing(wished).load(kept).lock().load(kept).probe().ask(given.sent, token_answer("new", "r2")).save([&](session& saved) {
                BOOST_TEST(saved.access_tokens.size() == 5U);   // the others stay
                BOOST_TEST(saved.find(wished.terms.scope, wished.terms.resource, wished.terms.claims, "").reveal() == "new");
                BOOST_TEST(saved.find("Mail.Read", "", "", "").reveal() == "plain");
            }).unlock().ends([](result<renewed> outcome) {
                BOOST_TEST_REQUIRE(outcome.has_value());
                BOOST_TEST(outcome->token.reveal() == "new");
            });
        }
}

BOOST_AUTO_TEST_CASE(a_broader_token_serves)
{
    auto token = issued("broad", start + 1h, "openid offline_access Mail.Read Mail.Send");
    token.granted = "https://graph.microsoft.com/mail.read https://graph.microsoft.com/Mail.Send";
    auto const kept = session_of("r1", {token});
    auto const graph = [](auto& w) { w.terms.default_resource = "https://graph.microsoft.com/"; };
    renewing(with(graph)).load(kept).ends(gives("broad"));
    renewing(with([&](auto& w) { graph(w); w.terms.scope = "openid Mail.Send offline_access"; })).load(kept).ends(gives("broad"));
    renewing(with([&](auto& w) { graph(w); w.terms.scope = "Mail.Send Calendars.Read"; })).load(kept).lock().fails(broken).ends(fails_with(errc::connection_lost, advice::retry));
}

BOOST_AUTO_TEST_CASE(replaced_means_by_whomever)
{
    auto const rejected = with([](auto& w) { w.when = renew_when::replaced; w.at_hand = access_token(issued("a1", start + 1h)); });
    // The same token lives, but an API has refused it.
    whole_renewal(rejected, living(1h), true).ends(gives_new).fails_at_every_step(breaks);
    // A sibling has got another already, or does so meanwhile.
    renewing(rejected).load(session_of("r2", {issued("a2", start + 1h)})).ends(gives("a2"));
    renewing(rejected).load(living(1h)).lock().load(session_of("r2", {issued("a2", start + 1h)})).unlock().ends(gives("a2"));
    // One that dies soon is not good enough, and the refused one is never fallen back on.
    whole_renewal(rejected, session_of("r1", {issued("a0", start + 10s)}), true).ends(gives_new);
    renewing(rejected).load(living(1h)).lock().fails(broken).ends(fails_with(errc::connection_lost, advice::retry));
}

BOOST_AUTO_TEST_CASE(always_means_always)
{
    auto const now = with([](auto& w) { w.when = renew_when::always; w.at_hand = access_token(issued("a1", start + 1h)); });
    whole_renewal(now, living(1h), true).ends(gives_new).fails_at_every_step(breaks);
    auto const other = session_of("r2", {issued("a9", start + 1h)});
    renewing(now).load(living(1h)).lock().load(other).probe().ask(sends_r2, token_answer("a2", "r2")).save(has_new).unlock().ends(gives_new);
}

// The claims that an API wants which refused the kept token.
BOOST_AUTO_TEST_CASE(a_claims_challenge_bypasses_what_is_kept_and_replaces_it)
{
    std::string const wanted = R"({"access_token":{"nbf":{"essential":true,"value":"1"}}})";
    parameters const sends{{"grant_type", "refresh_token"}, {"refresh_token", "r1"}, {"claims", wanted}};
    auto const challenged = with([&](auto& w) {
        w.claims_challenge = wanted;
        w.at_hand = access_token(issued("a1", start + 1h));
    });
    auto const replaces = [&](session& kept) {
        has_new(kept);
        BOOST_TEST(kept.access_tokens.size() == 1U);
        BOOST_TEST((kept.access_tokens[0]->claims_fingerprint == claims_fingerprint(wanted)));
    };
    // However fresh: it does not serve, nor is it fallen back on.
    for (auto const& before : {living(1h), expired(), due(), session_of("r1", {issued("a1", start + 1h, "Mail.Read Mail.Send")})})
        renewing(challenged).load(before).lock().load(before).probe().ask(sends, token_answer("a2", "r2")).save(replaces).unlock().ends(gives_new).fails_at_every_step(breaks);
    renewing(challenged).load(living(1h)).lock().load(living(1h)).probe().ask(sends, answer(503, "")).unlock().ends(fails_with(errc::unexpected_status, advice::retry));
    // One that was asked with these claims serves, if it lives; so does one that comes meanwhile, however short it lives.
    auto const asked = [&](std::string token, seconds life, std::string const& claims) {
        auto made = issued(std::move(token), start + life);
        made.claims_fingerprint = claims_fingerprint(claims);
        return session_of("r1", {made});
    };
    renewing(challenged).load(asked("a1", 1h, wanted)).ends(gives("a1"));
    renewing(challenged).load(asked("a1", 10s, wanted)).lock(false).load(asked("a1", 10s, wanted)).probe().ask(sends, token_answer("a2", "r2")).save(replaces).unlock().ends(gives_new);
    renewing(challenged).load(living(1h)).lock().load(asked("a3", 10s, wanted)).unlock().ends(gives("a3"));
    renewing(challenged).load(living(1h)).lock().load(asked("a3", 1h, "{}")).probe().ask(sends, token_answer("a2", "r2")).save(replaces).unlock().ends(gives_new);
    // Without a challenge it serves as the one that it has replaced.
    renewing().load(asked("a1", 1h, wanted)).ends(gives("a1"));
    // The sibling that was quicker with the refresh token: was it with these claims?
    auto const refused = [&] {
        auto script = renewing(challenged);
        script.load(expired()).lock().load(expired()).probe().ask(sends, refusal("invalid_grant"));
        return script;
    };
    auto theirs = asked("sibling", 1h, wanted);
    theirs.refresh_token = secret("r2");
    refused().load(theirs).unlock().ends(gives("sibling"));
    auto sends_next = sends;
    sends_next["refresh_token"] = "r2";
    refused().load(session_of("r2", {issued("sibling", start + 1h)})).ask(sends_next, token_answer("a2", "r3")).save([](session& kept) {
        BOOST_TEST(kept.access_tokens.size() == 1U);
    }).unlock().ends(gives_new);
    // The answer brings no token: the old one stays, since it may serve elsewhere.
    renewing(challenged).load(living(1h)).lock().load(living(1h)).probe().ask(sends, answer(200, R"({"token_type":"Bearer","refresh_token":"r2","id_token":"i"})")).save([](session& kept) {
        BOOST_TEST(kept.find("Mail.Read", "", "", "").reveal() == "a1");
        BOOST_TEST(kept.refresh_token.reveal() == "r2");
    }).unlock().ends(fails_with(errc::response_missing_member, advice::give_up));
}

BOOST_AUTO_TEST_CASE(claims_that_are_none_are_never_sent)
{
    for (auto const& [own, challenge] : std::vector<std::pair<std::string, std::string>>{{"", "[]"}, {"none", "{}"}, {"", std::string(claims_request_limit + 1, ' ')}})
        renewing(with([&](auto& w) { w.terms.claims = own; w.claims_challenge = challenge; })).ends(fails_with(errc::malformed_claims, advice::fix_configuration));
}

BOOST_AUTO_TEST_CASE(a_refused_refresh_token_ends_the_session)   // it, and nothing else
{
    auto const ends = [](session& kept) {
        BOOST_TEST(kept.refresh_token.empty());
        BOOST_TEST(kept.access_tokens.size() == 1U);   // they are still good
    };
    auto script = renewing();
    script.load(expired()).lock().load(expired()).probe().ask(sends_r1, refusal("invalid_grant")).load(expired());
    auto gone = script, unreadable = script;
    script.save(ends).unlock().ends(fails_with(server_errc::invalid_grant, advice::sign_in_again)).fails_at_every_step([](result<renewed> outcome, failure const& why) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        bool const refused = outcome.error().code == server_errc::invalid_grant;   // the second read, or the last save, failed
        BOOST_TEST((refused || outcome.error().hint == why.hint));
    });
    // It can't be read again, or was forgotten: then nothing is written.
    unreadable.fails(broken).unlock().ends(fails_with(server_errc::invalid_grant, advice::sign_in_again));
    renewing().load(expired()).lock().load(expired()).probe().ask(sends_r1, refusal("invalid_grant")).load({}).unlock().ends(
        fails_with(server_errc::invalid_grant, advice::sign_in_again));
    // Even a living token does not hide it.
    renewing().load(living(10s)).lock(false).load(living(10s)).probe().ask(sends_r1, refusal("invalid_grant")).load(living(10s)).save(ends).unlock().ends(
        fails_with(server_errc::invalid_grant, advice::sign_in_again));
}

BOOST_AUTO_TEST_CASE(more_is_wanted_of_the_user_but_the_session_lives)
{
    static constexpr std::array<advice_rule, 1> rules{advice_rule{.vendor = "AADSTS", .number = 65001, .next = advice::consent}};
    struct
    {
        std::string members;
        advice next;
        bool has_rules = false;
    } const rows[] = {
        {R"("suberror":"basic_action")", advice::sign_in_again},
        {R"("suberror":"additional_action")", advice::sign_in_again},
        {R"("suberror":"message_only")", advice::sign_in_again},
        {R"("suberror":"consent_required")", advice::sign_in_again},
        {R"("claims":"{\"access_token\":{}}")", advice::sign_in_again},
        {R"("error_description":"AADSTS65001: consent","error_codes":[65001])", advice::consent, true},
    };
    for (auto const& given : rows)
        BOOST_TEST_CONTEXT(given.members)
        {
            auto const wished = with([&](auto& w) { if (given.has_rules) w.rules = rules; });
            renewing(wished).load(expired()).lock().load(expired()).probe().ask(sends_r1, refusal("invalid_grant", given.members)).unlock().ends(
                fails_with(server_errc::invalid_grant, given.next));
        }
    // These say that it has ended.
    for (auto const* members : {R"("suberror":"bad_token")", R"("suberror":"token_expired")", R"("error_codes":[700082])"})
        renewing().load(expired()).lock().load(expired()).probe().ask(sends_r1, refusal("invalid_grant", members)).load(expired()).save([](session& kept) {
            BOOST_TEST(kept.refresh_token.empty());
        }).unlock().ends(fails_with(server_errc::invalid_grant, advice::sign_in_again));
}

BOOST_AUTO_TEST_CASE(a_sibling_was_quicker)   // it has rotated the refresh token that the server refuses here: then its token is used
{
    parameters const names_it{{"grant_type", "refresh_token"}, {"refresh_token", "r2"}, {"scope", "Mail.Read"}};   // nobody knows what r2 was granted
    auto const refused = [] {
        auto script = renewing();
        script.load(expired()).lock().load(expired()).probe().ask(sends_r1, refusal("invalid_grant"));
        return script;
    };
    // Its token serves.
    refused().load(session_of("r2", {issued("sibling", start + 1h)})).unlock().ends(gives("sibling"));
    // However short it lives.
    refused().load(session_of("r2", {issued("sibling", start + 1s)})).unlock().ends(gives("sibling"));
    // It has none for us: its refresh token is tried, once.
    refused().load(session_of("r2", {issued("a1", start)})).ask(sends_r2, token_answer("a2", "r3")).save([](session& kept) {
        BOOST_TEST(kept.refresh_token.reveal() == "r3");
    }).unlock().ends(gives_new);
    // That is refused too, and still there: the session has ended.
    refused().load(session_of("r2")).ask(names_it, refusal("invalid_grant")).load(session_of("r2")).save([](session& kept) {
        BOOST_TEST(kept.refresh_token.empty());
    }).unlock().ends(fails_with(server_errc::invalid_grant, advice::sign_in_again));
    // It was changed once more: not a third time, but the session lives, and nothing is written.
    refused().load(session_of("r2")).ask(names_it, refusal("invalid_grant")).load(session_of("r3")).unlock().ends(fails_with(server_errc::invalid_grant, advice::retry));
    // The sibling found that it has ended.
    refused().load(session_of("")).save([](session& kept) { BOOST_TEST(kept.refresh_token.empty()); }).unlock().ends(
        fails_with(server_errc::invalid_grant, advice::sign_in_again));
    // The second try meets an outage.
    refused().load(session_of("r2")).ask(names_it, answer(503, "")).unlock().ends(fails_with(errc::unexpected_status, advice::retry));
}

BOOST_AUTO_TEST_CASE(what_can_not_be_saved_is_held)
{
    renewing().load(expired()).lock().load(expired()).probe().ask(sends_r1, token_answer("a2", "r2")).save(has_new).fails(broken).hold(held_as::successor, has_new).unlock().ends(
        [](result<renewed> outcome) {
            BOOST_TEST_REQUIRE(outcome.has_value());
            BOOST_TEST(outcome->token.reveal() == "a2");
            BOOST_TEST(outcome->answer.has_value());
            BOOST_TEST_REQUIRE(outcome->not_saved.has_value());
            BOOST_TEST(outcome->not_saved->code == errc::connection_lost);
        });
}

BOOST_AUTO_TEST_CASE(what_is_held_is_saved_as_soon_as_may_be)
{
    auto const held = session_of("r1", {issued("a1", start + 1h)});
    auto const same = [](session& kept) { BOOST_TEST(kept.refresh_token.reveal() == "r1"); };
    auto script = renewing();
    script.load(held, true).lock(false).load(held, true).save(same).unlock().ends(gives("a1"));
    // Whatever goes wrong, its token serves; that it is not saved was told before.
    script.fails_at_every_step([](result<renewed> outcome, failure const&) {
        if (outcome.has_error()) return;   // the first load had nothing to fall back on
        BOOST_TEST(outcome->token.reveal() == "a1");
        BOOST_TEST(!outcome->not_saved.has_value());
        BOOST_TEST(outcome->outage.has_value());
    });
    // It has expired: what is renewed is saved with it.
    renewing().load(expired(), true).lock().load(expired(), true).probe().ask(sends_r1, token_answer("a2", "r2")).save(has_new).unlock().ends(gives_new).fails_at_every_step(breaks);
    // Another thread has saved it meanwhile.
    renewing().load(held, true).lock(false).load(held, false).unlock().ends(gives("a1"));
}

BOOST_AUTO_TEST_CASE(a_response_over_the_limit_is_refused)
{
    auto const said = token_answer("a2", "r2");
    renewing(with([&](auto& w) { w.max_response_size = said.body.size() - 1; })).load(expired()).lock().load(expired()).probe().ask(sends_r1, said).unlock().ends(
        fails_with(errc::response_too_large, advice::retry));
}

// RFC 8693 2.2.1. What came beside it is kept; what was kept is not dropped for it.
BOOST_AUTO_TEST_CASE(another_kind_of_token_is_not_handed_out)
{
    auto const said = answer(200, R"({"token_type":"N_A","access_token":"of another kind","refresh_token":"r2"})");
    for (auto const when : {renew_when::needed, renew_when::replaced, renew_when::always})
    {
        auto const before = session_of("r1", {issued("a1", start + 1s)});
        renewing(with([&](auto& w) { w.when = when, w.strict_margin = true, w.answer_suffices = true; })).load(before).lock().load(before).probe().ask(sends_r1, said).save([](session& kept) {
            BOOST_TEST(kept.refresh_token.reveal() == "r2");
            BOOST_TEST_REQUIRE(kept.access_tokens.size() == 1U);
            BOOST_TEST(kept.access_tokens[0].reveal() == "a1");
        }).unlock().ends(fails_with(errc::unsupported_token_type, advice::give_up));
    }
}

BOOST_AUTO_TEST_SUITE_END()
