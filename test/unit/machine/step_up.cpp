#include <oauth/machine/api_call.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/machine_script.hpp"
#include "../../support/sessions.hpp"
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

// An API that wants another authentication of the user (RFC 9470).
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

char const* const challenge_text = R"(Bearer error="insufficient_user_authentication", error_description="a different level is required", acr_values="myACR other", max_age="5")";

http_response wants_more(std::string challenge = challenge_text, int status = 401) { return {status, {{"WWW-Authenticate", std::move(challenge)}}, {}}; }

issued_token token_of(std::string value, seconds got_before = 60s)
{
    auto made = issued(std::move(value), start + 1h);
    made.received_at = start - got_before;
    return made;
}

auto calling(issued_token token, std::string body = "what to change", std::string parameters_fingerprint = {})
{
    return machine_script(
        [=] {
            renewal_wish wish;
            wish.terms = {"Mail.Read", "", "", 600s};
            wish.terms.parameters_fingerprint = parameters_fingerprint;
            return api_call({.method = http_method::post, .url = "https://api.example/", .body = secret(body)}, access_token(token), wish);
        },
        start);
}

std::function<void(http_request&)> with(std::string token)
{
    return [token](http_request& request) { BOOST_TEST(request.authorization.reveal() == "Bearer " + token); };
}

void says_so(result<http_response> outcome)
{
    BOOST_TEST_REQUIRE(outcome.has_error());
    auto const& why = outcome.error();
    BOOST_TEST(why.code == server_errc::insufficient_user_authentication);
    BOOST_TEST((why.next == advice::sign_in_again));
    BOOST_TEST(why.http_status == 401);
    BOOST_TEST(why.server.error == "insufficient_user_authentication");
    BOOST_TEST(why.server.acr_values == "myACR other");
    BOOST_TEST((why.server.max_age == 5s));
    BOOST_TEST(why.server.error_description == "");
}

auto answers(int status)
{
    return [status](result<http_response> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_value());
        BOOST_TEST(outcome->status == status);
    };
}

auto const same = session_of("r1", {token_of("a1")});

} // namespace

BOOST_AUTO_TEST_SUITE(machine_step_up)

BOOST_AUTO_TEST_CASE(no_renewal_helps_and_it_is_said)
{
    calling(token_of("a1")).send(with("a1"), wants_more()).load(same).ends(says_so).fails_at_every_step([](result<http_response> outcome, failure const& why) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        // That nobody knows whether there is a newer token changes nothing.
        BOOST_TEST((outcome.error().hint == why.hint || outcome.error().code == server_errc::insufficient_user_authentication));
    });
    calling(token_of("a1")).send(with("a1"), wants_more()).load({}).ends(says_so);
    calling(token_of("a1")).send(with("a1"), wants_more("DPoP algs=\"ES256\", error=insufficient_user_authentication", 403)).load(same).ends([](result<http_response> outcome) {
        BOOST_TEST(outcome.error().code == server_errc::insufficient_user_authentication);
        BOOST_TEST(outcome.error().server.acr_values == "");
        BOOST_TEST(!outcome.error().server.max_age.has_value());
        BOOST_TEST(outcome.error().http_status == 403);
    });
}

BOOST_AUTO_TEST_CASE(a_sign_in_that_came_meanwhile_is_tried_once)
{
    auto const newer = session_of("r2", {token_of("a2", 10s)});
    calling(token_of("a1")).send(with("a1"), wants_more()).load(newer).send(with("a2"), {200, {}, {}}).ends(answers(200));
    calling(token_of("a1")).send(with("a1"), wants_more()).load(newer).send(with("a2"), wants_more()).ends(says_so);
    // An older one is no newer sign-in's, one that has expired none that serves.
    calling(token_of("a1")).send(with("a1"), wants_more()).load(session_of("r1", {token_of("a0", 70s)})).ends(says_so);
    auto dead = token_of("a2", 10s);
    dead.expires_at = start;
    calling(token_of("a1")).send(with("a1"), wants_more()).load(session_of("r1", {dead})).ends(says_so);
    auto for_others = token_of("a2", 10s);
    for_others.parameters_fingerprint = "another audience";
    calling(token_of("a1")).send(with("a1"), wants_more()).load(session_of("r1", {for_others})).ends(says_so);
    calling(token_of("a1"), "what to change", "another audience").send(with("a1"), wants_more()).load(session_of("r1", {for_others})).send(with("a2"), {200, {}, {}}).ends(answers(200));
}

BOOST_AUTO_TEST_CASE(it_comes_after_a_renewal_as_well)
{
    calling(token_of("a0")).send(with("a0"), {401, {}, {}}).load(same).send(with("a1"), wants_more()).load(same).ends(says_so);
    // The newer sign-in's token has been revoked: it is renewed, as any other.
    auto const newer = session_of("r2", {token_of("a2", 10s)});
    calling(token_of("a1")).send(with("a1"), wants_more()).load(newer).send(with("a2"), {401, {}, {}}).load(newer).lock().load(newer).probe()
        .ask({{"grant_type", "refresh_token"}, {"refresh_token", "r2"}}, token_answer("a3", "r3")).save([](session&) {}).unlock()
        .send(with("a3"), wants_more()).ends(says_so);
}

BOOST_AUTO_TEST_CASE(for_the_client_s_own_token_nobody_can_sign_in)
{
    auto own = token_of("a1");
    own.of_client = true;
    calling(own).send(with("a1"), wants_more()).ends([](result<http_response> outcome) {
        BOOST_TEST(outcome.error().code == server_errc::insufficient_user_authentication);
        BOOST_TEST((outcome.error().next == advice::give_up));
    });
}

BOOST_AUTO_TEST_CASE(what_repeats_a_secret_is_not_carried_on)
{
    for (auto const* values : {"a1", "x a1y", "what to change"})
        calling(token_of("a1")).send(with("a1"), wants_more(std::string(R"(Bearer error="insufficient_user_authentication", acr_values=")") + values + '"')).ends(answers(401));
}

BOOST_AUTO_TEST_SUITE_END()
