#include <oauth/machine/device_login.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/machine_script.hpp"
#include "../../support/printing.hpp"
#include "../../support/sessions.hpp"
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

// What was shown; a replay shows anew.
std::vector<std::string> shown;

struct display
{
    void operator()(device_authorization_response const& codes) const { shown.push_back(codes.user_code); }
};

struct broken_display
{
    result<void> operator()(device_authorization_response const&) const { return failure(errc::browser_unavailable, advice::give_up, "no screen"); }
};

struct good_display
{
    result<void> operator()(device_authorization_response const&) const { return {}; }
};

struct odd_display
{
    bool operator()(device_authorization_response const&) const { return true; }
};

static_assert(device_display<display> && device_display<broken_display> && !device_display<odd_display> && !device_display<int>);
static_assert(machine<device_login<display>> && machine<device_login<broken_display>>);

using script = machine_script<device_login<display>>;
script::parameters const asked{{"scope", "Mail.Read"}};
script::parameters const question{{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"}, {"device_code", "d1"}};
constexpr auto codes_endpoint = &server_metadata::device_authorization_endpoint;

template <class Show = display>
auto login(seconds longest = 1h, device_authorization message = {.scope = "Mail.Read"}, std::span<advice_rule const> rules = {}, std::size_t limit = 1 << 20)
{
    return machine_script([=] { return device_login<Show>(message, Show{}, {"Mail.Read", "", "", 600s}, longest, rules, limit); }, start);
}

http_response codes(std::string const& expires_in = "900", std::string const& interval = "5")
{
    return answer(200, R"({"device_code":"d1","user_code":"WDJB-MJHT","verification_uri":"https://example.com/device","expires_in":)" + expires_in + ",\"interval\":" + interval + "}");
}

auto const pending = [] { return refusal("authorization_pending"); };

/// Up to the first wait.
template <class Show = display>
auto begun(std::string const& expires_in = "900", std::string const& interval = "5", seconds longest = 1h)
{
    auto made = login<Show>(longest);
    made.probe().ask_at(codes_endpoint, asked, codes(expires_in, interval));
    return made;
}

void has_the_tokens(session& kept)
{
    BOOST_TEST(kept.refresh_token.reveal() == "r1");
    BOOST_TEST(kept.find("Mail.Read", "", "", "").reveal() == "a1");
}

void succeeded(result<exchanged> outcome)
{
    BOOST_TEST_REQUIRE(outcome.has_value());
    BOOST_TEST(outcome->answer.access_token.reveal() == "a1");
    BOOST_TEST(!outcome->not_saved.has_value());
}

auto fails_with(error_code why, advice next = advice::sign_in_again)
{
    return [=](result<exchanged> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == why);
        BOOST_TEST(outcome.error().next == next);
    };
}

} // namespace

BOOST_AUTO_TEST_SUITE(machine_device_login)

BOOST_AUTO_TEST_CASE(from_the_codes_to_the_tokens)
{
    shown.clear();
    auto whole = begun();
    whole.wait(5s)
        .at(start + 5s).probe().ask(question, pending()).wait(5s)
        .at(start + 10s).probe().ask(question, pending()).wait(5s)
        .at(start + 15s).probe().ask(question, token_answer("a1", "r1"))
        .lock().save([](session& kept) {
            has_the_tokens(kept);
            // It lives from when it was asked for.
            BOOST_TEST((kept.access_tokens[0]->expires_at == start + 15s + 1h));
        }).unlock()
        .ends(succeeded);
    BOOST_TEST((shown == std::vector<std::string>{"WDJB-MJHT"}));   // once
    whole.fails_at_every_step(
        [](result<exchanged> outcome, failure const& why) {
            if (outcome.has_error())
            {
                BOOST_TEST(outcome.error().hint == why.hint);
                return;
            }
            BOOST_TEST(outcome->answer.refresh_token.reveal() == "r1");
            BOOST_TEST_REQUIRE(outcome->not_saved.has_value());
            BOOST_TEST(outcome->not_saved->hint == why.hint);
        },
        advice::give_up);
}

BOOST_AUTO_TEST_CASE(what_is_sent)
{
    login(1h, {.scope = "a b", .resource = "https://api.example", .claims = "{}", .extra = {{"mkt", "de-DE"}}})
        .probe()
        .ask_at(codes_endpoint, {{"scope", "a b"}, {"resource", "https://api.example"}, {"mkt", "de-DE"}}, codes())
        .wait(5s)
        .probe()
        .ask({{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"}, {"device_code", "d1"}, {"code", "d1"}, {"resource", "https://api.example"}, {"claims", "{}"}},
             token_answer("a1", "r1"))
        .lock().save([](session&) {}).unlock().ends(succeeded);
}

BOOST_AUTO_TEST_CASE(the_default_interval_is_five_seconds)
{
    login().probe()
        .ask_at(codes_endpoint, asked, answer(200, R"({"device_code":"d1","user_code":"u","verification_uri":"https://example.com/device","expires_in":900})"))
        .wait(5s).probe().ask(question, token_answer("a1", "r1")).lock().save(has_the_tokens).unlock().ends(succeeded);
}

BOOST_AUTO_TEST_CASE(slow_down_is_five_seconds_more_from_then_on)   // RFC 8628 3.5
{
    begun()
        .wait(5s).probe().ask(question, refusal("slow_down"))
        .wait(10s).probe().ask(question, pending())
        .wait(10s).probe().ask(question, refusal("slow_down", "", 429))
        .wait(15s).probe().ask(question, pending())
        .wait(15s).probe().ask(question, token_answer("a1", "r1")).lock().save(has_the_tokens).unlock().ends(succeeded);
}

BOOST_AUTO_TEST_CASE(an_outage_doubles_the_wait_while_it_lasts)   // RFC 8628 3.5
{
    failure const timeout(errc::connect_timeout, advice::retry);
    begun()
        .wait(5s).probe().ask(question, {}).fails(timeout)
        .wait(10s).probe().ask(question, answer(503, "busy", {}))
        .wait(20s).probe().ask(question, answer(200, "<html>", {{"Content-Type", "text/html"}}))
        .wait(40s).probe().ask(question, refusal("temporarily_unavailable", "", 503))
        .wait(60s).probe().ask(question, {}).fails(timeout)
        .wait(60s).probe().ask(question, pending())   // it is back
        .wait(5s).probe().ask(question, {}).fails(failure(errc::connection_lost, advice::retry))
        .wait(10s).probe().ask(question, refusal("slow_down"))
        .wait(10s).probe().ask(question, token_answer("a1", "r1")).lock().save(has_the_tokens).unlock().ends(succeeded);
    // An interval that is longer than a minute is not shortened.
    begun("900", "90").wait(90s).probe().ask(question, {}).fails(timeout).wait(90s).probe().ask(question, token_answer("a1", "r1")).lock().save(has_the_tokens).unlock().ends(succeeded);
}

BOOST_AUTO_TEST_CASE(retry_after_is_obeyed)
{
    begun()
        .wait(5s).probe().ask(question, answer(429, "Too Many Requests", {{"Retry-After", "30"}}))
        .wait(30s).probe().ask(question, answer(400, R"({"error":"authorization_pending"})", {{"Retry-After", "12"}}))
        .wait(12s).probe().ask(question, answer(503, "busy", {{"Retry-After", "1"}}))
        .wait(10s).probe().ask(question, answer(429, "no", {{"Retry-After", "4000"}}))
        .ends(fails_with(errc::authorization_expired));
}

// By the client's clock, from when the codes were asked for.
BOOST_AUTO_TEST_CASE(it_ends_when_the_codes_do)
{
    begun("12").wait(5s)
        .at(start + 5s).probe().ask(question, pending()).wait(5s)
        .at(start + 10s).probe().ask(question, pending())
        .ends(fails_with(errc::authorization_expired));
    // The last question may fall on the end.
    begun("10").wait(5s)
        .at(start + 5s).probe().ask(question, pending()).wait(5s)
        .at(start + 10s).probe().ask(question, token_answer("a1", "r1")).lock().save(has_the_tokens).unlock().ends(succeeded);
    // A long pause is cut, so that there is one.
    begun("30").wait(5s)
        .at(start + 5s).probe().ask(question, {}).fails(failure(errc::connect_timeout, advice::retry)).wait(10s)
        .at(start + 15s).probe().ask(question, {}).fails(failure(errc::connect_timeout, advice::retry)).wait(15s)
        .at(start + 30s).probe().ask(question, pending())
        .ends(fails_with(errc::authorization_expired));
    // The machine slept, and the wait took longer.
    begun("900").wait(5s).at(start + 901s).ends(fails_with(errc::authorization_expired));
    begun("900").wait(5s).at(start + 900s).probe().ask(question, pending()).ends(fails_with(errc::authorization_expired));
    // A slow answer to the first request is a part of it.
    login().probe().ask_at(codes_endpoint, asked, codes("20")).at(start + 12s).wait(5s).at(start + 17s).probe().ask(question, pending()).ends(fails_with(errc::authorization_expired));
    // The program's own limit.
    begun("100000", "5", 10s).wait(5s).at(start + 6s).probe().ask(question, pending()).ends(fails_with(errc::authorization_expired));
}

BOOST_AUTO_TEST_CASE(codes_that_are_no_good_are_not_shown)
{
    shown.clear();
    for (char const* expires_in : {"0", "-1", "4", "-99999999999"}) begun(expires_in).ends(fails_with(errc::authorization_expired));
    begun("99999999999", "99999999999").ends(fails_with(errc::authorization_expired));
    login().probe().ask_at(codes_endpoint, asked, answer(200, "{}")).ends(fails_with(errc::response_missing_member, advice::give_up));
    login().probe().ask_at(codes_endpoint, asked, refusal("invalid_scope")).ends(fails_with(server_errc::invalid_scope, advice::fix_configuration));
    login().probe().ask_at(codes_endpoint, asked, answer(503, "busy", {})).ends(fails_with(errc::unexpected_status, advice::retry));
    login(1h, {.scope = "Mail.Read"}, {}, 10).probe().ask_at(codes_endpoint, asked, codes()).ends(fails_with(errc::response_too_large, advice::retry));
    BOOST_TEST(shown.empty());
}

BOOST_AUTO_TEST_CASE(what_the_server_says_of_the_user)
{
    struct
    {
        http_response said;
        error_code why;
        advice next;
    } const rows[] = {
        {refusal("access_denied"), server_errc::access_denied, advice::consent},
        {refusal("authorization_declined"), server_errc::authorization_declined, advice::consent},
        {refusal("expired_token"), server_errc::expired_token, advice::sign_in_again},
        {refusal("bad_verification_code"), server_errc::bad_verification_code, advice::sign_in_again},
        {refusal("invalid_grant"), server_errc::invalid_grant, advice::sign_in_again},
        {refusal("invalid_client", "", 401), server_errc::invalid_client, advice::fix_configuration},
        {refusal("made_up"), server_errc::unrecognized, advice::give_up},
        // Any other error ends it, whatever may help against it elsewhere.
        {refusal("server_error"), server_errc::server_error, advice::retry},
        {answer(307, "", {{"Location", "https://elsewhere.example"}}), errc::redirect_refused, advice::fix_configuration},
        {answer(404, ""), errc::unexpected_status, advice::fix_configuration},
        {answer(200, "{}"), errc::response_missing_member, advice::give_up},
    };
    for (auto const& [said, why, next] : rows) begun().wait(5s).probe().ask(question, said).ends(fails_with(why, next));
}

BOOST_AUTO_TEST_CASE(the_provider_knows_what_helps)
{
    static constexpr std::array<advice_rule, 2> rules{advice_rule{.vendor = "AADSTS", .number = 70016, .next = advice::retry, .hint = "not yet"},
                                                      advice_rule{.vendor = "AADSTS", .number = 70017, .next = advice::give_up, .hint = "they said no"}};
    login(1h, {.scope = "Mail.Read"}, rules)
        .probe().ask_at(codes_endpoint, asked, codes())
        .wait(5s).probe().ask(question, refusal("authorization_pending", R"("error_description":"AADSTS70016: wait","error_codes":[70016])"))
        .wait(5s).probe().ask(question, refusal("authorization_declined", R"("error_description":"AADSTS70017: no","error_codes":[70017])"))
        .ends([](result<exchanged> outcome) {
            BOOST_TEST(outcome.error().next == advice::give_up);
            BOOST_TEST(outcome.error().hint == "they said no");
        });
    login(1h, {.scope = "Mail.Read"}, rules)
        .probe().ask_at(codes_endpoint, asked, refusal("invalid_client", R"("error_description":"AADSTS70017: no","error_codes":[70017])", 401))
        .ends([](result<exchanged> outcome) { BOOST_TEST(outcome.error().hint == "they said no"); });
}

BOOST_AUTO_TEST_CASE(cancelled_while_it_waits)
{
    failure const stopped(errc::cancelled, advice::give_up);
    begun().wait(5s).fails(stopped).ends(fails_with(errc::cancelled, advice::give_up));
    begun().wait(5s).probe().ask(question, pending()).wait(5s).fails(stopped).ends(fails_with(errc::cancelled, advice::give_up));
}

BOOST_AUTO_TEST_CASE(a_display_that_fails)
{
    begun<broken_display>().ends(fails_with(errc::browser_unavailable, advice::give_up));
    begun<good_display>().wait(5s).fails(failure(errc::cancelled, advice::give_up)).ends(fails_with(errc::cancelled, advice::give_up));
}

// The code is not spent whose tokens could not be kept, and the user is not bothered in vain.
BOOST_AUTO_TEST_CASE(the_store_is_probed_first_and_before_each_question)
{
    failure const full(errc::store_not_writable, advice::retry, "full");
    shown.clear();
    login().probe().fails(full).ends(fails_with(errc::store_not_writable, advice::retry));
    BOOST_TEST(shown.empty());
    begun().wait(5s).probe().fails(full).ends(fails_with(errc::store_not_writable, advice::retry));
}

BOOST_AUTO_TEST_CASE(what_can_not_be_saved_is_held)
{
    begun().wait(5s).probe().ask(question, token_answer("a1", "r1")).lock().save(has_the_tokens).fails(failure(errc::store_not_writable, advice::retry, "full"))
        .hold(held_as::replacement, has_the_tokens).unlock()
        .ends([](result<exchanged> outcome) {
            BOOST_TEST_REQUIRE(outcome.has_value());
            BOOST_TEST(outcome->answer.refresh_token.reveal() == "r1");
            BOOST_TEST_REQUIRE(outcome->not_saved.has_value());
            BOOST_TEST(outcome->not_saved->code == errc::store_not_writable);
        });
}

BOOST_AUTO_TEST_SUITE_END()
