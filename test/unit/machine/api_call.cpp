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

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using parameters = machine_script<api_call>::parameters;

parameters const sends_r1{{"grant_type", "refresh_token"}, {"refresh_token", "r1"}};
parameters const sends_r2{{"grant_type", "refresh_token"}, {"refresh_token", "r2"}};

http_request request()
{
    return {http_method::patch, "https://graph.microsoft.com/v1.0/me?$select=id", {{"Accept", "application/json"}}, {}, secret("what to change")};
}

renewal_wish wish()
{
    renewal_wish made;
    made.terms = {"Mail.Read", "", "", 600s};
    return made;
}

auto calling(access_token token)
{
    return machine_script([=] { return api_call(request(), token, wish()); }, start);
}

auto calling_with(std::string token) { return calling(access_token(issued(std::move(token), start + 1h))); }

std::function<void(http_request&)> with_token(std::string token)
{
    return [token](http_request& sent) {
        BOOST_TEST(sent.authorization.reveal() == "Bearer " + token);
        BOOST_TEST(to_string(sent.method) == "PATCH");
        BOOST_TEST(sent.url.url() == request().url.url());
        BOOST_TEST(sent.body.reveal() == "what to change");
        BOOST_TEST(sent.fields.size() == 1U);
    };
}

http_response unauthorized(std::string challenge)
{
    http_response made{401, {}, {}};
    if (!challenge.empty()) made.fields.push_back({"WWW-Authenticate", std::move(challenge)});
    return made;
}

std::function<void(result<http_response>)> answers(int status)
{
    return [status](result<http_response> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_value());
        BOOST_TEST(outcome->status == status);
    };
}

std::function<void(result<http_response>)> fails_with(error_code why)
{
    return [why](result<http_response> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == why);
    };
}

void has_new(session& kept)
{
    BOOST_TEST(kept.refresh_token.reveal() == "r2");
    BOOST_TEST(kept.find("Mail.Read", "", "", "").reveal() == "a2");
}

void breaks(result<http_response> outcome, failure const& why)
{
    // A new token that is not saved is used all the same; the script then breaks the call itself.
    BOOST_TEST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().hint == why.hint);
}

session const kept = session_of("r1", {issued("a1", start + 1h)});

// A claims challenge, and what is sent for it.
std::string const c1 = R"({"access_token":{"nbf":{"essential":true,"value":"1"}}})", c2 = R"({"access_token":{"acrs":{"essential":true,"value":"c2"}}})",
                  both = R"({"access_token":{"nbf":{"essential":true,"value":"1"},"acrs":{"essential":true,"value":"c2"}}})";

http_response challenged(std::string const& claims, int status = 401)
{
    auto made = unauthorized("Bearer realm=\"\", error=\"insufficient_claims\", claims=\"" + base64url_encode(claims) + '"');
    made.status = status;
    return made;
}

parameters refreshing(std::string token, std::string claims)
{
    return {{"grant_type", "refresh_token"}, {"refresh_token", std::move(token)}, {"claims", std::move(claims)}};
}

/// The session holds this one token and no other, kept as one that was asked without claims.
std::function<void(session&)> has_only(std::string token, std::string asked_with)
{
    return [=](session& saved) {
        BOOST_TEST_REQUIRE(saved.access_tokens.size() == 1U);
        BOOST_TEST(saved.find("Mail.Read", "", "", "").reveal() == token);
        BOOST_TEST((saved.access_tokens[0]->claims_fingerprint == claims_fingerprint(asked_with)));
        BOOST_TEST(saved.access_tokens[0]->claims == "");
    };
}

std::function<void(result<http_response>)> wants_sign_in(error_code why, std::string claims)
{
    return [=](result<http_response> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == why);
        BOOST_TEST((outcome.error().next == advice::sign_in_again));
        BOOST_TEST(outcome.error().server.claims == claims);
    };
}

/// A call that was challenged once, and got a token for that: a2, asked with c1.
auto answered_once(session const& before = kept, int status = 401)
{
    auto script = calling_with("a1");
    script.send(with_token("a1"), challenged(c1, status))
        .load(before).lock().load(before).probe().ask(refreshing("r1", c1), token_answer("a2", "r2")).save(has_only("a2", c1)).unlock();
    return script;
}

/// What is kept after that.
session after_challenge()
{
    auto token = issued("a2", start + 1h);
    token.claims_fingerprint = claims_fingerprint(c1);
    return session_of("r2", {token});
}
failure const broken(errc::connection_lost, advice::retry, "broken");

} // namespace

BOOST_AUTO_TEST_SUITE(machine_api_call)

BOOST_AUTO_TEST_CASE(sends_with_the_token)
{
    for (int const status : {200, 204, 302, 400, 403, 404, 429, 500, 503})
        calling_with("a1").send(with_token("a1"), {status, {}, {}}).ends(answers(status)).fails_at_every_step(breaks);
}

BOOST_AUTO_TEST_CASE(gets_a_token_first)
{
    calling({}).load(kept).send(with_token("a1"), {200, {}, {}}).ends(answers(200)).fails_at_every_step(breaks);
    auto const expired = session_of("r1", {issued("a1", start)});
    calling({})
        .load(expired).lock().load(expired).probe().ask(sends_r1, token_answer("a2", "r2")).save(has_new).unlock()
        .send(with_token("a2"), {200, {}, {}})
        .ends(answers(200));
    calling({}).load({}).ends(fails_with(errc::no_session));
}

BOOST_AUTO_TEST_CASE(an_invalid_token_is_renewed_once)   // RFC 6750 3.1
{
    for (auto const* challenge : {"", "Bearer", R"(Bearer error="invalid_token", error_description="expired")", R"(bearer realm="x", error=invalid_token)"})
        BOOST_TEST_CONTEXT(challenge)
        {
            auto script = calling_with("a1");
            script.send(with_token("a1"), unauthorized(challenge))
                .load(kept).lock().load(kept).probe().ask(sends_r1, token_answer("a2", "r2")).save(has_new).unlock();
            auto again = script;
            script.send(with_token("a2"), {200, {}, {}}).ends(answers(200));
            again.send(with_token("a2"), unauthorized(challenge)).ends(answers(401));   // not for ever
        }
}

BOOST_AUTO_TEST_CASE(another_error_is_the_answer)
{
    for (auto const* error : {"insufficient_scope", "insufficient_claims", "invalid_request"})
        calling_with("a1").send(with_token("a1"), unauthorized(std::string("Bearer error=\"") + error + '"')).ends(answers(401));
    calling_with("a1").send(with_token("a1"), unauthorized(R"(PoP nonce="n", error="nonce_malformed")")).ends(answers(401));
    calling_with("a1").send(with_token("a1"), {403, {{"WWW-Authenticate", R"(Bearer error="invalid_token")"}}, {}}).ends(answers(403));
}

BOOST_AUTO_TEST_CASE(a_sibling_has_renewed_it_already)
{
    calling_with("a0").send(with_token("a0"), unauthorized("")).load(kept).send(with_token("a1"), {200, {}, {}}).ends(answers(200));
}

BOOST_AUTO_TEST_CASE(a_renewal_that_fails_is_the_outcome)
{
    calling_with("a1").send(with_token("a1"), unauthorized("")).load({}).ends(fails_with(errc::no_session));
    calling_with("a1").send(with_token("a1"), unauthorized("")).load(session_of("", {issued("a1", start + 1h)})).ends(fails_with(errc::not_renewable));
    calling_with("a1")
        .send(with_token("a1"), unauthorized("")).load(kept).lock().load(kept).probe().ask(sends_r1, refusal("invalid_grant")).load(kept)
        .save([](session& ended) { BOOST_TEST(ended.refresh_token.empty()); }).unlock()
        .ends(fails_with(server_errc::invalid_grant));
    calling_with("a1").send(with_token("a1"), unauthorized("")).load(kept).lock().fails(broken).ends(fails_with(errc::connection_lost));
}

BOOST_AUTO_TEST_CASE(what_could_not_be_saved_is_held_and_used)
{
    auto const expired = session_of("r1", {issued("a1", start)});
    auto const held = session_of("r2", {issued("a2", start + 1h)});
    auto script = calling({});
    script.load(expired).lock().load(expired).probe().ask(sends_r1, token_answer("a2", "r2")).save(has_new).fails(broken).hold(held_as::successor, has_new).unlock();
    auto again = script, lost = script;
    script.send(with_token("a2"), {200, {}, {}}).ends(answers(200));
    lost.send(with_token("a2"), {}).fails(broken).ends(fails_with(errc::connection_lost));
    // Refused: the second renewal goes on from what is held, and does not spend r1 again.
    again.send(with_token("a2"), unauthorized(""))
        .load(held, true).lock().load(held, true).probe().ask(sends_r2, token_answer("a3", "r3"))
        .save([](session& saved) { BOOST_TEST(saved.refresh_token.reveal() == "r3"); }).unlock()
        .send(with_token("a3"), {200, {}, {}})
        .ends(answers(200));
}

// How a token is presented is the driver's business: it knows whether it is bound to a key.
BOOST_AUTO_TEST_CASE(a_token_that_can_not_be_presented)
{
    failure const why(errc::unsupported_token_type, advice::fix_configuration);
    calling(access_token(issued("a1", start + 1h))).send(with_token("a1"), {}).fails(why).ends(fails_with(errc::unsupported_token_type));
}

BOOST_AUTO_TEST_CASE(the_bearer_challenge_counts)
{
    for (auto const* challenge : {R"(PoP error="nonce_malformed", Bearer error="invalid_token")", R"(PoP error="nonce_malformed", Bearer)", R"(Basic realm="x")", "Negotiate"})
        calling_with("a0").send(with_token("a0"), unauthorized(challenge)).load(kept).send(with_token("a1"), {200, {}, {}}).ends(answers(200));
    calling_with("a0").send(with_token("a0"), unauthorized(R"(PoP error="invalid_token", Bearer error="insufficient_scope")")).ends(answers(401));
}

BOOST_AUTO_TEST_CASE(the_challenge_of_the_token_s_own_scheme_counts_first)   // RFC 9449 7.1
{
    auto const shown_as = [](std::string type) {
        auto token = issued("a0", start + 1h);
        token.token_type = std::move(type);
        return calling(access_token(std::move(token)));
    };
    for (std::string const type : {"DPoP", "dpop"})
    {
        for (auto const* challenge : {R"(Bearer error="invalid_request", DPoP error="invalid_token", algs="ES256")", R"(DPoP error="invalid_token", Bearer error="invalid_request")",
                                      R"(Bearer error="invalid_request", DPoP algs="ES256")", R"(Bearer error="invalid_token")", R"(Basic realm="x")", ""})
            BOOST_TEST_CONTEXT(challenge) shown_as(type).send(with_token("a0"), unauthorized(challenge)).load(kept).send(with_token("a1"), {200, {}, {}}).ends(answers(200));
        for (auto const* challenge : {R"(Bearer realm="api", DPoP error="invalid_dpop_proof", algs="ES256")", R"(DPoP error="invalid_dpop_proof", Bearer error="invalid_token")",
                                      R"(Bearer error="invalid_request")", R"(Basic realm="x", Bearer error="insufficient_scope")"})
            BOOST_TEST_CONTEXT(challenge) shown_as(type).send(with_token("a0"), unauthorized(challenge)).ends(answers(401));
    }
    shown_as("Bearer").send(with_token("a0"), unauthorized(R"(DPoP error="invalid_token", Bearer error="insufficient_scope")")).ends(answers(401));
    shown_as("bearer").send(with_token("a0"), unauthorized(R"(DPoP error="invalid_dpop_proof", Bearer)")).load(kept).send(with_token("a1"), {200, {}, {}}).ends(answers(200));
}

BOOST_AUTO_TEST_CASE(a_claims_challenge_is_answered)
{
    answered_once().send(with_token("a2"), {200, {}, {}}).ends(answers(200)).fails_at_every_step(breaks);
    answered_once(kept, 403).send(with_token("a2"), {200, {}, {}}).ends(answers(200)).fails_at_every_step(breaks);
    answered_once().send(with_token("a2"), {403, {}, {}}).ends(answers(403));
    // Also where a token had to be got first.
    calling({})
        .load(kept)
        .send(with_token("a1"), challenged(c1))
        .load(kept).lock().load(kept).probe().ask(refreshing("r1", c1), token_answer("a2", "r2")).save(has_only("a2", c1)).unlock()
        .send(with_token("a2"), {200, {}, {}})
        .ends(answers(200)).fails_at_every_step(breaks);
}

BOOST_AUTO_TEST_CASE(it_comes_to_the_claims_that_are_asked_for_anyway)
{
    std::string const own = R"({"access_token":{"xms_cc":{"values":["cp1"]}}})", merged = R"({"access_token":{"xms_cc":{"values":["cp1"]},"nbf":{"essential":true,"value":"1"}}})";
    auto token = issued("a1", start + 1h);
    token.claims = own;
    auto const before = session_of("r1", {token});
    auto wanted = wish();
    wanted.terms.claims = own;
    machine_script([=] { return api_call(request(), access_token(token), wanted); }, start)
        .send(with_token("a1"), challenged(c1))
        .load(before).lock().load(before).probe().ask(refreshing("r1", merged), token_answer("a2", "r2")).save([&](session& saved) {
            BOOST_TEST_REQUIRE(saved.access_tokens.size() == 1U);
            BOOST_TEST(saved.find("Mail.Read", "", own, "").reveal() == "a2");
            BOOST_TEST((saved.access_tokens[0]->claims_fingerprint == claims_fingerprint(merged)));
        }).unlock()
        .send(with_token("a2"), {200, {}, {}})
        .ends(answers(200)).fails_at_every_step(breaks);
}

BOOST_AUTO_TEST_CASE(the_refused_token_is_dropped_under_whatever_scope_it_is_kept)
{
    auto const wide = session_of("r1", {issued("a1", start + 1h, "Mail.Read Mail.Send offline_access"), issued("other", start + 1h, "Calendars.Read")});
    calling_with("a1")
        .send(with_token("a1"), challenged(c1))
        .load(wide).lock().load(wide).probe().ask(refreshing("r1", c1), token_answer("a2", "r2")).save([](session& saved) {
            BOOST_TEST(saved.access_tokens.size() == 2U);
            BOOST_TEST(saved.find("Mail.Read", "", "", "").reveal() == "a2");
            BOOST_TEST(saved.find("Mail.Send", "", "", "").empty());
            BOOST_TEST(saved.find("Calendars.Read", "", "", "").reveal() == "other");
        }).unlock()
        .send(with_token("a2"), {200, {}, {}})
        .ends(answers(200));
    // Likewise a token that is not valid.
    calling_with("a1")
        .send(with_token("a1"), unauthorized(""))
        .load(wide).lock().load(wide).probe().ask(sends_r1, token_answer("a2", "r2")).save([](session& saved) {
            BOOST_TEST(saved.find("Mail.Send", "", "", "").empty());
        }).unlock()
        .send(with_token("a2"), {200, {}, {}})
        .ends(answers(200));
}

BOOST_AUTO_TEST_CASE(a_sibling_has_answered_the_same_challenge)   // single flight
{
    auto const siblings = after_challenge();
    calling_with("a1").send(with_token("a1"), challenged(c1)).load(siblings).send(with_token("a2"), {200, {}, {}}).ends(answers(200)).fails_at_every_step(breaks);
    calling_with("a1").send(with_token("a1"), challenged(c1)).load(kept).lock().load(siblings).unlock().send(with_token("a2"), {200, {}, {}}).ends(answers(200));
    // Written with other blanks and another alphabet, it is the same challenge.
    auto const spelled = unauthorized(R"(Bearer error="insufficient_claims", claims="{ \"access_token\": {\"nbf\": {\"essential\": true, \"value\": \"1\"}} }")");
    calling_with("a1").send(with_token("a1"), spelled).load(siblings).send(with_token("a2"), {200, {}, {}}).ends(answers(200));
    // A token that was got meanwhile without these claims, or with others, will not do.
    for (auto const& fingerprint : {std::optional<std::string>(), std::optional(claims_fingerprint(c2))})
    {
        auto token = issued("a9", start + 1h);
        token.claims_fingerprint = fingerprint;
        auto const others = session_of("r2", {token});
        calling_with("a1")
            .send(with_token("a1"), challenged(c1))
            .load(others).lock().load(others).probe().ask(refreshing("r2", c1), token_answer("a3", "r3")).save(has_only("a3", c1)).unlock()
            .send(with_token("a3"), {200, {}, {}})
            .ends(answers(200));
    }
}

BOOST_AUTO_TEST_CASE(a_challenge_of_a_token_that_was_got_with_these_claims_already)
{
    auto const before = after_challenge();
    auto token = issued("a2", start + 1h);
    token.claims_fingerprint = claims_fingerprint(c1);
    for (auto const& again : {c1, c2})
        calling(access_token(token))
            .send(with_token("a2"), challenged(again))
            .load(before).lock().load(before).probe().ask(refreshing("r2", again), token_answer("a3", "r3")).save(has_only("a3", again)).unlock()
            .send(with_token("a3"), {200, {}, {}})
            .ends(answers(200)).fails_at_every_step([](result<http_response> outcome, failure const& why) { BOOST_TEST(outcome.error().hint == why.hint); });
}

BOOST_AUTO_TEST_CASE(one_round_of_each_kind)
{
    auto const before = after_challenge();
    // Challenged again: not for ever, but said.
    answered_once().send(with_token("a2"), challenged(c1)).ends(wants_sign_in(server_errc::insufficient_claims, c1));
    answered_once().send(with_token("a2"), challenged(c2, 403)).ends([](result<http_response> outcome) {
        wants_sign_in(server_errc::insufficient_claims, both)(outcome);
        BOOST_TEST(outcome.error().http_status == 403);
        BOOST_TEST(outcome.error().server.error == "insufficient_claims");
    });
    // Then not valid: the claims that were wanted are wanted still.
    auto script = answered_once();
    script.send(with_token("a2"), unauthorized(""))
        .load(before).lock().load(before).probe().ask(refreshing("r2", c1), token_answer("a3", "r3")).save(has_only("a3", c1)).unlock();
    auto again = script, invalid = script;
    script.send(with_token("a3"), {200, {}, {}}).ends(answers(200)).fails_at_every_step(breaks);
    again.send(with_token("a3"), challenged(c2)).ends(wants_sign_in(server_errc::insufficient_claims, both));
    invalid.send(with_token("a3"), unauthorized("")).ends(answers(401));
    // The other way round.
    auto const renewed = session_of("r2", {issued("a2", start + 1h)});
    auto other = calling_with("a1");
    other.send(with_token("a1"), unauthorized("")).load(kept).lock().load(kept).probe().ask(sends_r1, token_answer("a2", "r2")).save(has_new).unlock()
        .send(with_token("a2"), challenged(c1))
        .load(renewed).lock().load(renewed).probe().ask(refreshing("r2", c1), token_answer("a3", "r3")).save(has_only("a3", c1)).unlock();
    auto third = other;
    other.send(with_token("a3"), {200, {}, {}}).ends(answers(200)).fails_at_every_step(breaks);
    third.send(with_token("a3"), unauthorized("")).ends(answers(401));
}

BOOST_AUTO_TEST_CASE(where_only_the_user_can_help_the_failure_has_the_claims)
{
    auto const refused = [](http_response said) {
        auto script = calling_with("a1");
        script.send(with_token("a1"), challenged(c1)).load(kept).lock().load(kept).probe().ask(refreshing("r1", c1), std::move(said));
        return script;
    };
    refused(refusal("interaction_required")).unlock().ends(wants_sign_in(server_errc::interaction_required, c1));
    // What the server wants comes to what the API wants.
    refused(refusal("interaction_required", R"("claims":"{\"access_token\":{\"acrs\":{\"essential\":true,\"value\":\"c2\"}}}")")).unlock().ends(
        wants_sign_in(server_errc::interaction_required, both));
    refused(refusal("interaction_required", R"("claims":"no JSON")")).unlock().ends(wants_sign_in(server_errc::interaction_required, c1));
    // The session has ended, or can't be renewed, or is gone.
    refused(refusal("invalid_grant")).load(kept).save([](session& ended) {
        BOOST_TEST(ended.refresh_token.empty());
        BOOST_TEST(ended.find("Mail.Read", "", "", "").reveal() == "a1");   // other APIs may take it
    }).unlock().ends(wants_sign_in(server_errc::invalid_grant, c1));
    calling_with("a1").send(with_token("a1"), challenged(c1)).load(session_of("", {issued("a1", start + 1h)})).ends(wants_sign_in(errc::not_renewable, c1));
    calling_with("a1").send(with_token("a1"), challenged(c1)).load({}).ends(wants_sign_in(errc::no_session, c1));
    // Anything else is what it is.
    for (auto const& said : {answer(503, ""), refusal("temporarily_unavailable"), refusal("invalid_client"), answer(200, "<html>")})
        refused(said).unlock().ends([](result<http_response> outcome) {
            BOOST_TEST_REQUIRE(outcome.has_error());
            BOOST_TEST(outcome.error().server.claims == "");
        });
    calling_with("a1").send(with_token("a1"), challenged(c1)).load(kept).lock().fails(broken).ends(fails_with(errc::connection_lost));
}

BOOST_AUTO_TEST_CASE(a_challenge_that_can_not_be_used_is_the_answer)
{
    for (auto const* challenge : {R"(Bearer error="insufficient_claims")", R"(Bearer error="insufficient_claims", claims="!")", R"(Bearer error="insufficient_claims", claims="W10=")",
                                  R"(Bearer error="insufficient_claims", claims="bnVsbA==")"})
        calling_with("a1").send(with_token("a1"), unauthorized(challenge)).ends(answers(401));
    // Whatever repeats the token, in whatever spelling, is not carried on.
    for (auto const* claims : {R"({"x":"a1"})", R"({"x":[{"y":"before a1 behind"}]})", R"({"a1":1})", R"({"x":"\u00611"})", R"({"x":{"\u0061\u0031":null}})",
                               R"({"x":"what to change"})", R"({"x":["what to \u0063hange!"]})"})
        calling_with("a1").send(with_token("a1"), challenged(claims)).ends(answers(401));
    // Nor is what repeats the token before.
    answered_once().send(with_token("a2"), challenged(R"({"x":"a1"})")).ends(answers(401));
    // The program's own claims are none: that is its fault, and said.
    auto wrong = wish();
    wrong.terms.claims = "none";
    machine_script([=] { return api_call(request(), access_token(issued("a1", start + 1h)), wrong); }, start)
        .send(with_token("a1"), challenged(c1)).ends([](result<http_response> outcome) {
            BOOST_TEST(outcome.error().code == errc::malformed_claims);
            BOOST_TEST((outcome.error().next == advice::fix_configuration));
        });
}

BOOST_AUTO_TEST_CASE(what_was_got_for_a_challenge_and_could_not_be_saved_is_held_and_used)
{
    auto const held = after_challenge();
    auto script = calling_with("a1");
    script.send(with_token("a1"), challenged(c1))
        .load(kept).lock().load(kept).probe().ask(refreshing("r1", c1), token_answer("a2", "r2")).save(has_only("a2", c1)).fails(broken)
        .hold(held_as::successor, has_only("a2", c1)).unlock();
    auto again = script;
    script.send(with_token("a2"), {200, {}, {}}).ends(answers(200));
    again.send(with_token("a2"), unauthorized(""))
        .load(held, true).lock().load(held, true).probe().ask(refreshing("r2", c1), token_answer("a3", "r3")).save(has_only("a3", c1)).unlock()
        .send(with_token("a3"), {200, {}, {}})
        .ends(answers(200));
}

BOOST_AUTO_TEST_SUITE_END()
