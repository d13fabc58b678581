#include <oauth/machine/api_call.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/machine_script.hpp"
#include "../../support/sessions.hpp"
#include <chrono>
#include <functional>
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

BOOST_AUTO_TEST_CASE(what_could_not_be_saved_is_held_and_used)   // R20
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

BOOST_AUTO_TEST_CASE(only_bearer_tokens_are_presented)
{
    for (auto const& [type, taken] : std::vector<std::pair<std::string, bool>>{{"Bearer", true}, {"bearer", true}, {"BEARER", true}, {"pop", false}, {"", false}, {"Bearer2", false}})
        BOOST_TEST_CONTEXT(type)
        {
            auto token = issued("a1", start + 1h);
            token.token_type = type;
            auto script = calling(access_token(token));
            if (taken) script.send(with_token("a1"), {200, {}, {}}).ends(answers(200));
            else script.ends(fails_with(errc::unsupported_token_type));
        }
}

BOOST_AUTO_TEST_SUITE_END()
