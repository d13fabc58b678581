#include <oauth/machine/api_call.hpp>
#include <oauth/core/base64url.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/machine_script.hpp"
#include "../../support/sessions.hpp"
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

// Calls with the tokens that a grant brings again and again.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using script = machine_script<grant_api_call>;
using parameters = script::parameters;

std::string const wanted = "https://graph.microsoft.com/.default";
std::string const able = R"({"access_token":{"xms_cc":{"values":["cp1"]}}})", c1 = R"({"access_token":{"nbf":{"essential":true,"value":"1"}}})",
                  c2 = R"({"access_token":{"acrs":{"essential":true,"value":"c2"}}})", both = R"({"access_token":{"nbf":{"essential":true,"value":"1"},"acrs":{"essential":true,"value":"c2"}}})",
                  able_c1 = R"({"access_token":{"xms_cc":{"values":["cp1"]},"nbf":{"essential":true,"value":"1"}}})";

enum class owner { user, client };

/// A token as this program has it kept.
issued_token token_of(owner whose, std::string value, seconds life = 1h, std::string claims = {})
{
    auto made = issued(std::move(value), start + life, wanted);
    made.of_client = whose == owner::client;
    made.claims = std::move(claims);
    return made;
}

parameters sent(std::string claims = {})
{
    parameters made{{"grant_type", "test"}, {"assertion", "what came"}};
    if (!claims.empty()) made["claims"] = std::move(claims);
    return made;
}

/// @param claims Those of the grant or the registration.
auto calling(owner whose, access_token at_hand = {}, std::string claims = {})
{
    return machine_script(
        [=] {
            renewal_wish wish;
            wish.terms = {wanted, "", claims, 600s};
            wish.terms.of_client = whose == owner::client;
            form body;
            body.add("grant_type", "test").add_if("claims", claims).add("assertion", "what came");
            return grant_api_call({.url = "https://graph.microsoft.com/v1.0/me"}, at_hand, wish, {body.release()});
        },
        start);
}

auto calling_with(owner whose, std::string token) { return calling(whose, access_token(token_of(whose, std::move(token)))); }

std::function<void(http_request&)> with(std::string token)
{
    return [token](http_request& request) { BOOST_TEST(request.authorization.reveal() == "Bearer " + token); };
}

http_response refused(std::string challenge, int status = 401)
{
    http_response made{status, {}, {}};
    if (!challenge.empty()) made.fields.push_back({"WWW-Authenticate", std::move(challenge)});
    return made;
}

http_response challenged(std::string const& claims) { return refused("Bearer error=\"insufficient_claims\", claims=\"" + base64url_encode(claims) + '"'); }

auto answers(int status)
{
    return [status](result<http_response> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_value());
        BOOST_TEST(outcome->status == status);
    };
}

auto fails_with(error_code why, advice next, std::string claims = {})
{
    return [=](result<http_response> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == why);
        BOOST_TEST((outcome.error().next == next));
        BOOST_TEST(outcome.error().server.claims == claims);
    };
}

/// The session holds this one token and no other, kept as one of these claims.
auto has_only(std::string value, std::string claims = {}, std::optional<std::string> asked_with = {})
{
    return [=](session& saved) {
        BOOST_TEST_REQUIRE(saved.access_tokens.size() == 1U);
        BOOST_TEST(saved.access_tokens[0].reveal() == value);
        BOOST_TEST(saved.access_tokens[0]->claims == claims);
        BOOST_TEST((saved.access_tokens[0]->claims_fingerprint == (asked_with ? std::optional(claims_fingerprint(*asked_with)) : std::nullopt)));
    };
}

void breaks(result<http_response> outcome, failure const& why)
{
    BOOST_TEST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().hint == why.hint);
}

session kept(owner whose, std::string value, seconds life = 1h) { return session_of("", {token_of(whose, std::move(value), life)}); }

constexpr owner owners[] = {owner::user, owner::client};

} // namespace

BOOST_AUTO_TEST_SUITE(machine_grant_api_call)

BOOST_AUTO_TEST_CASE(sends_with_the_kept_token)
{
    for (auto const whose : owners)
    {
        for (int const status : {200, 204, 403, 404, 429, 503}) calling_with(whose, "a1").send(with("a1"), {status, {}, {}}).ends(answers(status)).fails_at_every_step(breaks);
        calling(whose).load(kept(whose, "a1")).send(with("a1"), {200, {}, {}}).ends(answers(200)).fails_at_every_step(breaks);
        calling(whose).load({}).lock().load({}).ask(sent(), token_answer("a1", "")).save(has_only("a1")).unlock().send(with("a1"), {200, {}, {}}).ends(answers(200))
            .fails_at_every_step(breaks);
    }
}

BOOST_AUTO_TEST_CASE(an_invalid_token_is_replaced_once)
{
    for (auto const whose : owners)
    {
        auto script = calling_with(whose, "a1");
        script.send(with("a1"), refused(R"(Bearer error="invalid_token")")).load(kept(whose, "a1")).lock().load(kept(whose, "a1"))
            .ask(sent(), token_answer("a2", "")).save(has_only("a2")).unlock();
        auto again = script;
        script.send(with("a2"), {200, {}, {}}).ends(answers(200)).fails_at_every_step(breaks);
        again.send(with("a2"), refused("")).ends(answers(401));   // not for ever
        // Another has got one already, before or while it waits.
        calling_with(whose, "a0").send(with("a0"), refused("")).load(kept(whose, "a1")).send(with("a1"), {200, {}, {}}).ends(answers(200));
        calling_with(whose, "a0").send(with("a0"), refused("")).load(kept(whose, "a0")).lock().load(kept(whose, "a1")).unlock().send(with("a1"), {200, {}, {}}).ends(answers(200));
        // The refused one bridges no outage.
        calling_with(whose, "a1").send(with("a1"), refused("")).load(kept(whose, "a1")).lock().load(kept(whose, "a1")).ask(sent(), answer(503, "")).unlock()
            .ends(fails_with(errc::unexpected_status, advice::retry));
    }
}

BOOST_AUTO_TEST_CASE(the_challenge_of_the_token_s_own_scheme_counts_first)   // RFC 9449 7.1
{
    for (auto const whose : owners)
    {
        auto bound = token_of(whose, "a0");
        bound.token_type = "DPoP";
        access_token const token(bound);
        calling(whose, token).send(with("a0"), refused(R"(Bearer realm="api", DPoP error="invalid_dpop_proof", algs="ES256")")).ends(answers(401));
        calling(whose, token).send(with("a0"), refused(R"(Bearer error="invalid_request", DPoP error="invalid_token")")).load(kept(whose, "a1"))
            .send(with("a1"), {200, {}, {}}).ends(answers(200));
    }
}

BOOST_AUTO_TEST_CASE(a_claims_challenge_is_answered_and_the_new_token_replaces_the_old_one)
{
    for (auto const whose : owners)
    {
        calling_with(whose, "a1").send(with("a1"), challenged(c1))
            .load(kept(whose, "a1")).lock().load(kept(whose, "a1")).ask(sent(c1), token_answer("a2", "")).save(has_only("a2", "", c1)).unlock()
            .send(with("a2"), {200, {}, {}}).ends(answers(200)).fails_at_every_step(breaks);
        // What the client can do is said with it.
        auto const before = session_of("", {token_of(whose, "a1", 1h, able)});
        calling(whose, access_token(token_of(whose, "a1", 1h, able)), able).send(with("a1"), challenged(c1))
            .load(before).lock().load(before).ask(sent(able_c1), token_answer("a2", "")).save(has_only("a2", able, able_c1)).unlock()
            .send(with("a2"), {200, {}, {}}).ends(answers(200)).fails_at_every_step(breaks);
        // A sibling has answered it: its token serves. One that was got without these claims does not.
        auto answered = token_of(whose, "a2");
        answered.claims_fingerprint = claims_fingerprint(c1);
        calling_with(whose, "a1").send(with("a1"), challenged(c1)).load(session_of("", {answered})).send(with("a2"), {200, {}, {}}).ends(answers(200)).fails_at_every_step(breaks);
        calling_with(whose, "a1").send(with("a1"), challenged(c1)).load(kept(whose, "a9")).lock().load(session_of("", {answered})).unlock()
            .send(with("a2"), {200, {}, {}}).ends(answers(200));
        // Then not valid: the claims are wanted still.
        calling_with(whose, "a1").send(with("a1"), challenged(c1))
            .load(kept(whose, "a1")).lock().load(kept(whose, "a1")).ask(sent(c1), token_answer("a2", "")).save(has_only("a2", "", c1)).unlock()
            .send(with("a2"), refused("")).load(session_of("", {answered})).lock().load(session_of("", {answered})).ask(sent(c1), token_answer("a3", ""))
            .save(has_only("a3", "", c1)).unlock().send(with("a3"), {200, {}, {}}).ends(answers(200)).fails_at_every_step(breaks);
    }
}

BOOST_AUTO_TEST_CASE(the_refused_token_is_dropped_under_whatever_scope_it_is_kept)
{
    auto wide = token_of(owner::user, "a1");
    wide.granted = wide.requested = wanted + " offline_access";
    auto const before = session_of("", {wide, issued("other", start + 1h, "Calendars.Read")});
    calling_with(owner::user, "a1").send(with("a1"), challenged(c1)).load(before).lock().load(before).ask(sent(c1), token_answer("a2", "")).save([](session& saved) {
        BOOST_TEST(saved.access_tokens.size() == 2U);
        BOOST_TEST(saved.find("Calendars.Read", "", "", "", token_owner::user).reveal() == "other");
    }).unlock().send(with("a2"), {200, {}, {}}).ends(answers(200));
}

BOOST_AUTO_TEST_CASE(where_only_the_user_can_help_the_failure_has_the_claims_to_hand_on)
{
    auto const asked = [](owner whose, http_response said) {
        auto script = calling_with(whose, "a1");
        script.send(with("a1"), challenged(c1)).load(kept(whose, "a1")).lock().load(kept(whose, "a1")).ask(sent(c1), std::move(said)).unlock();
        return script;
    };
    auto const more = R"("claims":"{\"access_token\":{\"acrs\":{\"essential\":true,\"value\":\"c2\"}}}")";
    asked(owner::user, refusal("interaction_required")).ends(fails_with(server_errc::interaction_required, advice::sign_in_again, c1));
    asked(owner::user, refusal("interaction_required", more)).ends(fails_with(server_errc::interaction_required, advice::sign_in_again, both));
    asked(owner::user, refusal("invalid_grant")).ends(fails_with(server_errc::invalid_grant, advice::sign_in_again, c1));   // the assertion has expired
    asked(owner::user, answer(503, "")).ends(fails_with(errc::unexpected_status, advice::retry));
    // Nobody signs in for the client's own token: what the server says is all there is.
    asked(owner::client, refusal("interaction_required")).ends(fails_with(server_errc::interaction_required, advice::sign_in_again));
    asked(owner::client, refusal("invalid_client", "", 401)).ends(fails_with(server_errc::invalid_client, advice::fix_configuration));
    // The API is not content.
    for (auto const whose : owners)
    {
        auto script = calling_with(whose, "a1");
        script.send(with("a1"), challenged(c1)).load(kept(whose, "a1")).lock().load(kept(whose, "a1")).ask(sent(c1), token_answer("a2", "")).save(has_only("a2", "", c1)).unlock()
            .send(with("a2"), challenged(c2)).ends(fails_with(server_errc::insufficient_claims, whose == owner::user ? advice::sign_in_again : advice::give_up, both));
    }
}

BOOST_AUTO_TEST_CASE(claims_that_can_not_be_merged)
{
    calling(owner::user, access_token(token_of(owner::user, "a1", 1h, "none")), "none").send(with("a1"), challenged(c1)).ends(fails_with(errc::malformed_claims, advice::fix_configuration));
    for (auto const* claims : {R"({"x":"a1"})", R"({"a1":1})"}) calling_with(owner::user, "a1").send(with("a1"), challenged(claims)).ends(answers(401));
}

BOOST_AUTO_TEST_CASE(what_could_not_be_saved_is_held_and_used)
{
    failure const broken(errc::store_not_writable, advice::retry, "full");
    for (auto const whose : owners)
        calling_with(whose, "a1").send(with("a1"), challenged(c1)).load(kept(whose, "a1")).lock().load(kept(whose, "a1")).ask(sent(c1), token_answer("a2", ""))
            .save(has_only("a2", "", c1)).fails(broken).hold(held_as::addition, has_only("a2", "", c1)).unlock().send(with("a2"), {200, {}, {}}).ends(answers(200));
}

// RFC 9470: the caller has stepped up, and calls with another assertion, under the same account. The kept token is of the one before.
BOOST_AUTO_TEST_CASE(a_stronger_sign_in_s_assertion_is_used)
{
    auto const step_up = [] { return refused(R"(Bearer error="insufficient_user_authentication", acr_values="strong", max_age="60")"); };
    auto const says_so = [](result<http_response> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == server_errc::insufficient_user_authentication);
        BOOST_TEST((outcome.error().next == advice::sign_in_again));
        BOOST_TEST(outcome.error().server.acr_values == "strong");
        BOOST_TEST((outcome.error().server.max_age == 60s));
    };
    auto const same = kept(owner::user, "a1");
    auto const kept_token = [&] { return calling_with(owner::user, "a1").send(with("a1"), step_up()); };
    auto const asked_anew = [&](auto script, session const& before) {
        return script.load(before).lock().load(before).ask(sent(), token_answer("a2", "")).save(has_only("a2")).unlock();
    };
    asked_anew(kept_token().load(same), same).send(with("a2"), {200, {}, {}}).ends(answers(200)).fails_at_every_step(breaks);
    asked_anew(kept_token().load(same), same).send(with("a2"), step_up()).ends(says_so);
    asked_anew(kept_token().load({}), {}).send(with("a2"), {200, {}, {}}).ends(answers(200)).fails_at_every_step(breaks);
    asked_anew(calling(owner::user).load(same).send(with("a1"), step_up()).load(same), same).send(with("a2"), {200, {}, {}}).ends(answers(200));   // kept in the store
    // Once is enough.
    asked_anew(kept_token().load(same), same).send(with("a2"), refused("")).ends(answers(401));
    // The server does not take the assertion, or wants more itself.
    kept_token().load(same).load(same).lock().load(same).ask(sent(), refusal("invalid_grant")).unlock().ends(fails_with(server_errc::invalid_grant, advice::sign_in_again));
    // What another has got meanwhile is tried first.
    auto newer = token_of(owner::user, "a3");
    newer.received_at += 10s;
    kept_token().load(session_of("", {newer})).send(with("a3"), {200, {}, {}}).ends(answers(200));
    // The token is this very assertion's.
    asked_anew(calling(owner::user), {}).send(with("a2"), step_up()).load(kept(owner::user, "a2")).ends(says_so);
    asked_anew(calling_with(owner::user, "a1").send(with("a1"), refused("")), same).send(with("a2"), step_up()).load(kept(owner::user, "a2")).ends(says_so);
    // Nobody signs in for the client's own token.
    calling_with(owner::client, "a1").send(with("a1"), step_up()).ends(fails_with(server_errc::insufficient_user_authentication, advice::give_up));
}

BOOST_AUTO_TEST_SUITE_END()
