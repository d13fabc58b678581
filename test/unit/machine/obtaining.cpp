#include <oauth/machine/obtaining.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/id_tokens.hpp"
#include "../../support/machine_script.hpp"
#include "../../support/sessions.hpp"
#include <array>
#include <chrono>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

machine_script<obtaining>::parameters const sent{{"grant_type", "test"}, {"code", "c"}};

auto exchanging(earlier_session earlier, std::span<advice_rule const> rules = {}, std::size_t limit = 1 << 20)
{
    auto const make = [=] {
        form body;
        body.add("grant_type", "test").add("code", "c");
        return obtaining(std::move(body), {"Mail.Read", "", "", 600s}, earlier, rules, limit);
    };
    return machine_script(make, start);
}

auto const earlier = [] { return session_of("r0", {issued("a0", start + 1h), issued("calendar", start + 1h, "Calendars.Read")}); };

// The tokens of the answer alone.
void has_the_new_tokens(session& kept)
{
    BOOST_TEST(kept.refresh_token.reveal() == "r1");
    BOOST_TEST_REQUIRE(kept.access_tokens.size() == 1U);
    BOOST_TEST(kept.access_tokens[0].reveal() == "a1");
    BOOST_TEST((kept.access_tokens[0]->expires_at == start + 1h));
    BOOST_TEST((kept.access_tokens[0]->received_at == start));
}

void has_both(session& kept)
{
    BOOST_TEST(kept.refresh_token.reveal() == "r1");
    BOOST_TEST_REQUIRE(kept.access_tokens.size() == 2U);
    BOOST_TEST(kept.find("Mail.Read", "", "", "").reveal() == "a1");
    BOOST_TEST(kept.find("Calendars.Read", "", "", "").reveal() == "calendar");
}

void succeeded(result<exchanged> outcome)
{
    BOOST_TEST_REQUIRE(outcome.has_value());
    BOOST_TEST(outcome->answer.access_token.reveal() == "a1");
    BOOST_TEST(outcome->answer.refresh_token.reveal() == "r1");
    BOOST_TEST(!outcome->not_saved.has_value());
}

// Before the answer: the failure. After it: the tokens, and why they are not saved.
void broken(result<exchanged> outcome, failure const& why)
{
    if (outcome.has_error())
    {
        BOOST_TEST(outcome.error().code == why.code);
        BOOST_TEST(outcome.error().hint == why.hint);
        return;
    }
    BOOST_TEST(outcome->answer.access_token.reveal() == "a1");
    BOOST_TEST_REQUIRE(outcome->not_saved.has_value());
    BOOST_TEST(outcome->not_saved->hint == why.hint);
}

} // namespace

BOOST_AUTO_TEST_SUITE(machine_obtaining)

BOOST_AUTO_TEST_CASE(begins_a_session)
{
    exchanging(earlier_session::replaced)
        .probe()
        .ask(sent, token_answer("a1", "r1"))
        .at(start + 20s)   // a slow answer does not make the token live longer
        .lock()
        .save(has_the_new_tokens)
        .unlock()
        .ends(succeeded)
        .fails_at_every_step(broken);
}

BOOST_AUTO_TEST_CASE(adds_to_the_session)
{
    exchanging(earlier_session::kept)
        .probe()
        .ask(sent, token_answer("a1", "r1"))
        .lock()
        .load(earlier())
        .save(has_both)
        .unlock()
        .ends(succeeded)
        .fails_at_every_step(broken);
}

BOOST_AUTO_TEST_CASE(adds_to_what_is_held)
{
    exchanging(earlier_session::kept).probe().ask(sent, token_answer("a1", "r1")).lock().load(earlier(), true).save(has_both).unlock().ends(succeeded);
}

BOOST_AUTO_TEST_CASE(adds_to_nothing)
{
    exchanging(earlier_session::kept).probe().ask(sent, token_answer("a1", "r1")).lock().load({}).save(has_the_new_tokens).unlock().ends(succeeded);
}

BOOST_AUTO_TEST_CASE(an_answer_without_refresh_token_keeps_the_old_one)
{
    exchanging(earlier_session::kept)
        .probe()
        .ask(sent, token_answer("a1", ""))
        .lock()
        .load(earlier())
        .save([](session& kept) {
            BOOST_TEST(kept.refresh_token.reveal() == "r0");
            BOOST_TEST(kept.find("Mail.Read", "", "", "").reveal() == "a1");
        })
        .unlock()
        .ends([](result<exchanged> outcome) { BOOST_TEST(outcome.has_value()); });
}

BOOST_AUTO_TEST_CASE(a_new_session_does_not_inherit_the_refresh_token)
{
    exchanging(earlier_session::replaced)
        .probe()
        .ask(sent, token_answer("a1", ""))
        .lock()
        .save([](session& kept) { BOOST_TEST(kept.refresh_token.empty()); })
        .unlock()
        .ends([](result<exchanged> outcome) { BOOST_TEST(outcome.has_value()); });
}

// What the store can't take is held: whole where the session begins, else the new tokens alone, since others may change what the store has.
BOOST_AUTO_TEST_CASE(holds_what_the_store_can_not_take)
{
    failure const why(errc::store_not_writable, advice::retry, "full");
    auto const told = [](result<exchanged> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_value());
        BOOST_TEST(outcome->answer.refresh_token.reveal() == "r1");
        BOOST_TEST_REQUIRE(outcome->not_saved.has_value());
        BOOST_TEST(outcome->not_saved->code == errc::store_not_writable);
    };
    auto const replaced = [] { return exchanging(earlier_session::replaced).probe().ask(sent, token_answer("a1", "r1")); };
    auto const kept = [] { return exchanging(earlier_session::kept).probe().ask(sent, token_answer("a1", "r1")); };
    replaced().lock().fails(why).hold(held_as::replacement, has_the_new_tokens).ends(told);
    replaced().lock().save(has_the_new_tokens).fails(why).hold(held_as::replacement, has_the_new_tokens).unlock().ends(told);
    kept().lock().fails(why).hold(held_as::addition, has_the_new_tokens).ends(told);
    kept().lock().load({}).fails(why).hold(held_as::addition, has_the_new_tokens).unlock().ends(told);
    kept().lock().load(earlier()).save(has_both).fails(why).hold(held_as::addition, has_the_new_tokens).unlock().ends(told);
}

BOOST_AUTO_TEST_CASE(nothing_is_asked_where_nothing_can_be_saved)   // the code, or the refresh token, would be spent in vain
{
    auto machine = [] {
        form body;
        body.add("code", "c");
        return obtaining(std::move(body), {}, earlier_session::replaced, {}, 1 << 20);
    }();
    BOOST_TEST(std::holds_alternative<next::probe>(machine.resume({}, start)));
    BOOST_TEST(!machine.asked());
    BOOST_TEST(std::holds_alternative<next::done>(machine.resume(failure(errc::store_not_writable, advice::fix_configuration), start)));
    BOOST_TEST(!machine.asked());
    auto const outcome = std::move(machine).outcome();
    BOOST_TEST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code == errc::store_not_writable);
}

BOOST_AUTO_TEST_CASE(tells_when_it_has_asked)
{
    form body;
    obtaining machine(std::move(body), {}, earlier_session::replaced, {}, 1 << 20);
    machine.resume({}, start);
    BOOST_TEST(std::holds_alternative<next::ask>(machine.resume(std::monostate(), start)));
    BOOST_TEST(machine.asked());
}

BOOST_AUTO_TEST_CASE(what_the_server_refuses_is_not_saved)
{
    std::vector<std::pair<http_response, error_code>> const answers{
        {refusal("invalid_grant"), server_errc::invalid_grant},
        {refusal("invalid_client", "", 401), server_errc::invalid_client},
        {refusal("made_up"), server_errc::unrecognized},
        {answer(200, "<html>", {{"Content-Type", "text/html"}}), errc::unexpected_content_type},
        {answer(200, ""), errc::response_not_json},
        {answer(200, "{}"), errc::response_missing_member},
        {answer(503, "busy", {}), errc::unexpected_status},
        {answer(307, "", {{"Location", "https://elsewhere.example"}}), errc::redirect_refused},
    };
    for (auto const& [said, code] : answers)
        exchanging(earlier_session::replaced).probe().ask(sent, said).ends([&code](result<exchanged> outcome) {
            BOOST_TEST_REQUIRE(outcome.has_error());
            BOOST_TEST(outcome.error().code == code);
        });
}

BOOST_AUTO_TEST_CASE(a_response_over_the_limit_is_refused)
{
    auto const said = token_answer("a1", "r1");
    auto const size = said.body.size();
    exchanging(earlier_session::replaced, {}, size).probe().ask(sent, said).lock().save(has_the_new_tokens).unlock().ends(succeeded);
    exchanging(earlier_session::replaced, {}, size - 1).probe().ask(sent, said).ends([](result<exchanged> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == errc::response_too_large);
    });
}

BOOST_AUTO_TEST_CASE(the_provider_knows_what_helps)
{
    static constexpr std::array<advice_rule, 1> rules{advice_rule{.vendor = "AADSTS", .number = 54005, .next = advice::give_up, .hint = "used already"}};
    auto const said = refusal("invalid_grant", R"("error_description":"AADSTS54005: redeemed","error_codes":[54005])");
    exchanging(earlier_session::replaced, rules).probe().ask(sent, said).ends([](result<exchanged> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST((outcome.error().next == advice::give_up));
        BOOST_TEST(outcome.error().hint == "used already");
    });
}

BOOST_AUTO_TEST_CASE(an_identity_without_access_token_is_a_session_too)
{
    exchanging(earlier_session::replaced)
        .probe()
        .ask(sent, answer(200, R"({"id_token":"i1","refresh_token":"r1"})"))
        .lock()
        .save([](session& kept) {
            BOOST_TEST(kept.id_token.reveal() == "i1");
            BOOST_TEST(kept.refresh_token.reveal() == "r1");
            BOOST_TEST(kept.access_tokens.empty());
        })
        .unlock()
        .ends([](result<exchanged> outcome) { BOOST_TEST(outcome.has_value()); });
}

BOOST_AUTO_TEST_CASE(it_is_kept_what_the_refresh_token_was_granted)
{
    auto const has = [](std::string const& granted) {
        return [granted](session& kept) {
            BOOST_TEST(kept.refresh_token.reveal() == "r1");
            BOOST_TEST(kept.granted.str() == granted);
        };
    };
    auto ended = earlier();
    ended.refresh_token = {};
    ended.ended = "why";
    ended.granted = "x";
    auto const said = token_answer("a1", "r1", R"("scope":"Mail.Read Mail.Send")");
    exchanging(earlier_session::replaced).probe().ask(sent, said).lock().save(has("Mail.Read Mail.Send")).unlock().ends(succeeded);
    exchanging(earlier_session::replaced).probe().ask(sent, token_answer("a1", "r1")).lock().save(has("Mail.Read")).unlock().ends(succeeded);
    exchanging(earlier_session::kept).probe().ask(sent, said).lock().load(ended).save([&](session& kept) {
        has("Mail.Read Mail.Send")(kept);
        BOOST_TEST(kept.ended == "");
    }).unlock().ends(succeeded);
    failure const full(errc::store_not_writable, advice::retry);
    exchanging(earlier_session::kept).probe().ask(sent, said).lock().fails(full).hold(held_as::addition, has("Mail.Read Mail.Send")).ends([](result<exchanged> outcome) {
        BOOST_TEST(outcome->not_saved.has_value());
    });
    // Without a refresh token it stays as it was.
    exchanging(earlier_session::kept).probe().ask(sent, token_answer("a1", "", R"("scope":"Mail.Send")")).lock().load(ended).save([](session& kept) {
        BOOST_TEST(kept.granted.str() == "x");
        BOOST_TEST(kept.ended == "why");
    }).unlock().ends([](result<exchanged> outcome) { BOOST_TEST(outcome.has_value()); });
}

// OpenID Connect Core 12.2, where the refresh token is the session's own.
BOOST_AUTO_TEST_CASE(a_refresh_token_brings_no_other_sign_in)
{
    auto const id_token = [](char const* subject) { return signed_token(claims_with("sub", subject)); };
    auto const spending = [](std::string token) {
        return machine_script(
            [=] {
                form body;
                body.add("grant_type", "test").add("code", "c");
                return obtaining(std::move(body), {"Mail.Read", "", "", 600s}, earlier_session::kept, {}, 1 << 20, secret(token));
            },
            start);
    };
    auto const brings = [](std::string const& token) { return token_answer("a1", "r1", R"("expires_in":3600,"id_token":")" + token + '"'); };
    auto const alex = id_token("alex");
    auto kept = earlier();
    kept.id_token = secret(alex);
    auto const has_id_token = [](std::string const& expected) {
        return [=](session& saved) {
            has_both(saved);
            BOOST_TEST(saved.id_token.reveal() == expected);
        };
    };
    auto renewed = claims_with("sub", "alex");
    renewed["iat"] = renewed.at("iat").as_int64() + 60;
    auto const newer = signed_token(renewed);
    spending("r0").probe().ask(sent, brings(newer)).lock().load(kept).save(has_id_token(newer)).unlock().ends(succeeded).fails_at_every_step(broken);
    // Another user's: nothing of it is kept.
    spending("r0").probe().ask(sent, brings(id_token("mallory"))).lock().load(kept).unlock().ends([](result<exchanged> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == errc::subject_mismatch);
        BOOST_TEST((outcome.error().next == advice::sign_in_again));
    }).fails_at_every_step(broken);
    // One that can't be read does not take the place of the earlier one, which none does either.
    spending("r0").probe().ask(sent, brings("unreadable")).lock().load(kept).save(has_id_token(alex)).unlock().ends(succeeded).fails_at_every_step(broken);
    spending("r0").probe().ask(sent, token_answer("a1", "r1")).lock().load(kept).save(has_id_token(alex)).unlock().ends(succeeded);
    // Taken over from elsewhere, or a session without one: no sign-in is known to compare with.
    auto const others = id_token("berta");
    spending("from elsewhere").probe().ask(sent, brings(others)).lock().load(kept).save(has_id_token(others)).unlock().ends(succeeded);
    spending("r0").probe().ask(sent, brings(others)).lock().load(earlier()).save(has_id_token(others)).unlock().ends(succeeded);
    // It is trusted where it agrees with one that is: not where there is none to compare with.
    auto trusted = kept;
    trusted.id_token_trusted = true;
    for (auto const& [token, brought, is_trusted] : {std::tuple("r0", newer, true), {"r0", std::string("unreadable"), true}, {"from elsewhere", newer, false}})
        spending(token).probe().ask(sent, brings(brought)).lock().load(trusted).save([&](session& saved) { BOOST_TEST(saved.id_token_trusted == is_trusted); }).unlock().ends(succeeded);
    spending("r0").probe().ask(sent, brings(newer)).lock().load(kept).save([](session& saved) { BOOST_TEST(!saved.id_token_trusted); }).unlock().ends(succeeded);

    // What is held lacks an ID token that was compared with none, or that may not take the earlier one's place. It is handed out all the same.
    failure const why(errc::store_not_writable, advice::retry, "full");
    auto const holds = [](std::string const& expected) {
        return [=](session& held) {
            has_the_new_tokens(held);
            BOOST_TEST(held.id_token.reveal() == expected);
        };
    };
    auto const told = [](std::string const& expected) {
        return [=](result<exchanged> outcome) {
            BOOST_TEST_REQUIRE(outcome.has_value());
            BOOST_TEST(outcome->not_saved.has_value());
            BOOST_TEST(outcome->answer.id_token.reveal() == expected);
        };
    };
    for (auto const& brought : {id_token("mallory"), newer, std::string("unreadable")})
        for (auto const* token : {"r0", "from elsewhere"})
        {
            spending(token).probe().ask(sent, brings(brought)).lock().fails(why).hold(held_as::addition, holds("")).ends(told(brought));
            spending(token).probe().ask(sent, brings(brought)).lock().load({}).fails(why).hold(held_as::addition, holds("")).unlock().ends(told(brought));
        }
    auto const not_saved = [&](std::string const& token, session const& before, std::string const& brought, std::string const& saved, std::string const& held) {
        spending(token).probe().ask(sent, brings(brought)).lock().load(before).save(has_id_token(saved)).fails(why).hold(held_as::addition, holds(held)).unlock().ends(told(brought));
    };
    not_saved("r0", kept, newer, newer, newer);
    not_saved("r0", kept, "unreadable", alex, "");
    not_saved("r0", earlier(), others, others, others);
    not_saved("from elsewhere", kept, others, others, others);
}

// RFC 8693 2.2.1: whoever asked for it gets it, and nobody else.
BOOST_AUTO_TEST_CASE(another_kind_of_token_is_not_kept)
{
    auto const another = [](std::string const& more) { return answer(200, R"({"token_type":"N_A","access_token":"of another kind")" + more + '}'); };
    auto const given = [](result<exchanged> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_value());
        BOOST_TEST(outcome->answer.access_token.reveal() == "of another kind");
        BOOST_TEST(!outcome->not_saved.has_value());
    };
    exchanging(earlier_session::kept).probe().ask(sent, another("")).ends(given);
    // What comes beside it is kept.
    exchanging(earlier_session::kept).probe().ask(sent, another(R"(,"refresh_token":"r1")")).lock().load(earlier()).save([](session& kept) {
        BOOST_TEST(kept.refresh_token.reveal() == "r1");
        BOOST_TEST(kept.access_tokens.size() == 2U);
        BOOST_TEST(kept.find("Mail.Read", "", "", "").reveal() == "a0");
    }).unlock().ends(given);
    // Where a session ends, it ends.
    exchanging(earlier_session::replaced).probe().ask(sent, another("")).lock().save([](session& kept) { BOOST_TEST(kept.access_tokens.empty()); }).unlock().ends(given);
}

BOOST_AUTO_TEST_SUITE_END()
