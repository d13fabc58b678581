#include <oauth/testing/detail/device_code_grant.hpp>

#include "../server_probe.hpp"
#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(testing_device_code_grant)

using oauth::testing::personality;
using oauth::testing::user_choice;
using P = server_probe;
using namespace std::chrono_literals;

namespace {

/// A device that has its codes.
struct device
{
    P probe;
    personality kind;
    std::string user_code, device_code;

    explicit device(personality which = personality::entra_v2, std::string scope = "openid offline_access User.Read", std::string client = "public-app")
        : device(P::options(which), std::move(scope), std::move(client))
    {
    }

    device(oauth::testing::authorization_server_options options, std::string scope, std::string client) : probe(options), kind(options.kind)
    {
        oauth::form_parameters list{{"client_id", client}, {"scope", std::move(scope)}};
        if (client == "web app") list.push_back({"client_secret", "p+s %:w"});
        if (kind == personality::entra_v1) list.push_back({"resource", "https://graph.microsoft.com"});
        auto const codes = P::json(probe.server.handle(P::form_request(probe.server.metadata().device_authorization_endpoint.url(), P::encoded(list))));
        user_code = P::text(codes, "user_code");
        device_code = P::text(codes, "device_code");
    }

    oauth::form_parameters question() const
    {
        oauth::form_parameters list{{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"}, {"client_id", "public-app"}};
        list.push_back({kind == personality::entra_v1 ? "code" : "device_code", device_code});
        if (kind == personality::entra_v1) list.push_back({"resource", "https://graph.microsoft.com"});
        return list;
    }

    oauth::http_response ask() const { return probe.post(question()); }
};

} // namespace

BOOST_AUTO_TEST_CASE(from_pending_to_the_tokens)
{
    for (auto const kind : {personality::entra_v2, personality::entra_v1, personality::standard})
    {
        device here(kind);
        BOOST_TEST(P::error(here.ask()) == "400 authorization_pending");
        BOOST_TEST(here.probe.server.enter_code(here.user_code));
        here.probe.clock.advance(5s);
        auto const tokens = P::json(here.ask());
        BOOST_TEST(here.probe.server.accepts(P::text(tokens, "access_token")));
        BOOST_TEST(P::text(tokens, "refresh_token") != "(none)");
        BOOST_TEST(P::text(P::part(P::text(tokens, "id_token"), 1), "name") == "Alex Example");
        BOOST_TEST(here.probe.server.counts().device_sign_ins == 1u);
        BOOST_TEST(here.probe.post(P::renews(P::text(tokens, "refresh_token"))).status == 200);
    }
    device without(personality::standard, "read");
    without.probe.server.enter_code(without.user_code);
    auto const tokens = P::json(without.ask());
    BOOST_TEST(!tokens.contains("refresh_token"));
    BOOST_TEST(!tokens.contains("id_token"));
}

BOOST_AUTO_TEST_CASE(the_refusals_are_microsoft_s)
{
    device pending, declined, expired;
    BOOST_TEST(P::number(pending.ask()) == 70016);
    BOOST_TEST(P::error(pending.ask()) == "400 authorization_pending");   // Entra has no slow_down
    BOOST_TEST(declined.probe.server.enter_code(declined.user_code, user_choice::cancel));
    BOOST_TEST(P::error(declined.ask()) == "400 authorization_declined");
    BOOST_TEST(P::number(declined.ask()) == 70017);
    BOOST_TEST(declined.probe.server.counts().cancellations == 1u);
    expired.probe.clock.advance(15min);
    BOOST_TEST(P::error(expired.ask()) == "400 expired_token");
    BOOST_TEST(!expired.probe.server.enter_code(expired.user_code));
    auto const unknown = pending.probe.post(P::with(pending.question(), "device_code", "made up"));
    BOOST_TEST(P::error(unknown) == "400 bad_verification_code");
    BOOST_TEST(P::number(unknown) == 70018);
    BOOST_TEST(P::number(pending.probe.post(P::with(pending.question(), "device_code", ""))) == 900144);
    // Both names of the grant.
    BOOST_TEST(P::error(pending.probe.post(P::with(pending.question(), "grant_type", "device_code"))) == "400 authorization_pending");
    device v1(personality::entra_v1);
    BOOST_TEST(P::number(v1.probe.post(P::with(v1.question(), "code", ""))) == 900144);
    BOOST_TEST(v1.probe.post(P::with(v1.question(), "resource", "https://other.example")).status == 400);
}

BOOST_AUTO_TEST_CASE(the_refusals_of_the_standard)
{
    device declined(personality::standard), unknown(personality::standard);
    BOOST_TEST(declined.probe.server.enter_code(declined.user_code, user_choice::cancel));
    BOOST_TEST(P::error(declined.ask()) == "400 access_denied");
    BOOST_TEST(P::error(unknown.probe.post(P::with(unknown.question(), "device_code", "made up"))) == "400 invalid_grant");
    BOOST_TEST(P::error(unknown.probe.post(P::with(unknown.question(), "grant_type", "device_code"))) == "400 unsupported_grant_type");
    BOOST_TEST(P::error(P(personality::b2c).post(unknown.question())) == "400 unsupported_grant_type");
}

BOOST_AUTO_TEST_CASE(whoever_asks_too_soon_is_slowed_down)   // RFC 8628 3.5
{
    device here(personality::standard);
    BOOST_TEST(P::error(here.ask()) == "400 authorization_pending");   // the first is free
    here.probe.clock.advance(4s);
    BOOST_TEST(P::error(here.ask()) == "400 slow_down");
    here.probe.clock.advance(9s);
    BOOST_TEST(P::error(here.ask()) == "400 slow_down");               // it is 10 s now, and 15 from here
    here.probe.clock.advance(15s);
    BOOST_TEST(P::error(here.ask()) == "400 authorization_pending");
    BOOST_TEST(here.probe.server.enter_code(here.user_code));
    here.probe.clock.advance(14s);
    BOOST_TEST(P::error(here.ask()) == "400 slow_down");
    here.probe.clock.advance(20s);
    BOOST_TEST(here.ask().status == 200);
}

BOOST_AUTO_TEST_CASE(a_device_code_is_good_for_one_use_and_one_client)
{
    for (auto const kind : {personality::entra_v2, personality::standard})
    {
        device here(kind);
        auto const foreign = here.probe.post(P::with(P::with(here.question(), "client_id", "web app"), "client_secret", "p+s %:w"));
        BOOST_TEST(P::error(foreign) == (kind == personality::standard ? "400 invalid_grant" : "400 bad_verification_code"));
        BOOST_TEST(here.probe.server.enter_code(here.user_code));
        auto const tokens = P::json(here.ask());
        BOOST_TEST(P::error(here.ask()) == "400 invalid_grant");
        BOOST_TEST(here.probe.server.counts().reuses_detected == 1u);
        BOOST_TEST(!here.probe.server.accepts(P::text(tokens, "access_token")));   // what came of it has ended
    }
    device elsewhere;
    auto const other = elsewhere.probe.server.handle(P::form_request("https://login.microsoftonline.com/common/oauth2/v2.0/token", P::encoded(elsewhere.question())));
    BOOST_TEST(P::number(other) == 700005);
}

BOOST_AUTO_TEST_CASE(what_was_consented_to_is_the_limit)
{
    device here(personality::entra_v2, "User.Read");
    BOOST_TEST(here.probe.server.enter_code(here.user_code));
    BOOST_TEST(P::number(here.probe.post(P::with(here.question(), "scope", "Mail.Send"))) == 65001);
    BOOST_TEST(here.ask().status == 200);   // nothing was spent by that
}

BOOST_AUTO_TEST_CASE(the_lifetime_and_the_interval_are_options)
{
    auto options = P::options(personality::standard);
    options.device_code_lifetime = 10s;
    options.device_interval = 2s;
    device here(options, "read", "public-app");
    BOOST_TEST(P::error(here.ask()) == "400 authorization_pending");
    here.probe.clock.advance(2s);
    BOOST_TEST(P::error(here.ask()) == "400 authorization_pending");
    here.probe.clock.advance(8s);
    BOOST_TEST(P::error(here.ask()) == "400 expired_token");
}

BOOST_AUTO_TEST_SUITE_END()
