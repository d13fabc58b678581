#include <oauth/provider/github.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/flow/flow.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../support/printing.hpp"
#include <chrono>
#include <string>
#include <utility>

namespace {

using namespace oauth;
using namespace std::chrono_literals;

client const app{.id = "Iv1.c", .secret = secret("the secret"), .redirect_uri = "http://localhost:8400/", .scope = "repo user user:email"};

struct fixture
{
    testing::scripted_transport line;
    testing::manual_clock clock;
    flow<testing::scripted_transport, memory_store, testing::manual_clock> hub{github::server(), app, line, memory_store{}, clock};

    result<signed_in> sign_in(std::string const& type, std::string const& body)
    {
        line.expect_post("https://github.com/login/oauth/access_token").with("code", "c").with_field("Accept", "application/json").reply(200, body, {{"Content-Type", type}});
        auto pending = hub.authorize().value();
        auto const redirect = "http://localhost:8400/?code=c&state=" + pending.state;
        return hub.exchange(std::move(pending), redirect);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(provider_github, fixture)

BOOST_AUTO_TEST_CASE(hosts)
{
    BOOST_TEST(github::server().authorization_endpoint.url() == "https://github.com/login/oauth/authorize");
    BOOST_TEST(github::server("ghe.example.com").token_endpoint.url() == "https://ghe.example.com/login/oauth/access_token");
    BOOST_TEST(github::server().device_authorization_endpoint.url() == "https://github.com/login/device/code");
    BOOST_CHECK_THROW(github::server("x@evil.example"), error);
}

// An OAuth App's token has no expiry and no refresh token, and its scope is written in GitHub's own way.
BOOST_AUTO_TEST_CASE(a_token_that_lives_until_it_is_revoked)
{
    for (auto const& [type, body] : {std::pair{"application/x-www-form-urlencoded", "access_token=gho_1&scope=repo%2Cuser&token_type=bearer"},
                                     std::pair{"application/json; charset=utf-8", R"({"access_token":"gho_1","scope":"repo,user","token_type":"bearer"})"}})
    {
        auto const tokens = sign_in(type, body);
        BOOST_TEST_REQUIRE(tokens.has_value());
        BOOST_TEST(!tokens->identity.has_value());
        clock.advance(24h * 30);
        auto const token = hub.access_token();
        BOOST_TEST_REQUIRE(token.has_value());
        BOOST_TEST(token->reveal() == "gho_1");
        BOOST_TEST((*token)->granted.str() == "repo user");
        BOOST_TEST(line.done(), line.report());
    }
}

BOOST_AUTO_TEST_CASE(a_token_that_is_renewed)
{
    BOOST_TEST_REQUIRE(sign_in("application/json", R"({"access_token":"ghu_1","expires_in":28800,"refresh_token":"ghr_1","refresh_token_expires_in":15897600,"scope":"","token_type":"bearer"})").has_value());
    clock.advance(8h);
    line.expect_post("https://github.com/login/oauth/access_token").with("refresh_token", "ghr_1").reply(200, R"({"access_token":"ghu_2","expires_in":28800,"refresh_token":"ghr_2","token_type":"bearer"})");
    BOOST_TEST(hub.access_token().value().reveal() == "ghu_2");
}

// It does not say invalid_grant: but for the provider's rule the dead token would be sent with each call.
BOOST_AUTO_TEST_CASE(a_refresh_token_that_is_refused)
{
    BOOST_TEST_REQUIRE(sign_in("application/json", R"({"access_token":"ghu_1","expires_in":28800,"refresh_token":"ghr_1","scope":"","token_type":"bearer"})").has_value());
    clock.advance(8h);
    line.expect_post("https://github.com/login/oauth/access_token").with("refresh_token", "ghr_1")
        .reply(200, R"({"error":"bad_refresh_token","error_description":"The refresh token passed is incorrect or expired."})");
    auto const refused = hub.access_token();
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().server.error == "bad_refresh_token");
    BOOST_TEST(refused.error().next == advice::sign_in_again);
    auto const later = hub.access_token();   // asks nobody
    BOOST_TEST_REQUIRE(later.has_error());
    BOOST_TEST(later.error().code == make_error_code(errc::session_ended));
    BOOST_TEST(later.error().next == advice::sign_in_again);
    BOOST_TEST(line.done(), line.report());
    // What is no word on the refresh token leaves the session be.
    BOOST_TEST_REQUIRE(sign_in("application/json", R"({"access_token":"ghu_2","expires_in":28800,"refresh_token":"ghr_2","scope":"","token_type":"bearer"})").has_value());
    clock.advance(8h);
    for (int i = 0; i < 2; ++i)
    {
        line.expect_post("https://github.com/login/oauth/access_token").with("refresh_token", "ghr_2").reply(200, R"({"error":"incorrect_client_credentials"})");
        BOOST_TEST(hub.access_token().error().next == advice::fix_configuration);
    }
    BOOST_TEST(line.done(), line.report());
}

BOOST_AUTO_TEST_CASE(errors_come_with_status_200)
{
    auto const wrong = sign_in("application/json", R"({"error":"incorrect_client_credentials","error_description":"The client_id and/or client_secret passed are incorrect."})");
    BOOST_TEST_REQUIRE(wrong.has_error());
    BOOST_TEST(wrong.error().code == make_error_code(server_errc::unrecognized));
    BOOST_TEST(wrong.error().server.error == "incorrect_client_credentials");
    BOOST_TEST(wrong.error().next == advice::fix_configuration);
    auto const late = sign_in("application/x-www-form-urlencoded", "error=bad_verification_code&error_description=The+code+passed+is+incorrect+or+expired.");
    BOOST_TEST_REQUIRE(late.has_error());
    BOOST_TEST(late.error().next == advice::sign_in_again);
}

// The redirect names it since 2026, which older servers of an enterprise do not.
BOOST_AUTO_TEST_CASE(the_redirect_may_name_the_issuer)
{
    auto const comes_back = [this](std::string const& more) {
        auto pending = hub.authorize().value();
        auto const redirect = "http://localhost:8400/?code=c&state=" + pending.state + more;
        return hub.exchange(std::move(pending), redirect);
    };
    for (auto const* more : {"", "&iss=https%3A%2F%2Fgithub.com%2Flogin%2Foauth"})
    {
        line.expect_post("https://github.com/login/oauth/access_token").reply(200, R"({"access_token":"gho_1","scope":"repo,user","token_type":"bearer"})");
        BOOST_TEST(comes_back(more).has_value());
    }
    for (auto const* more : {"&iss=https%3A%2F%2Fgithub.com", "&iss=https%3A%2F%2Fevil.example%2Flogin%2Foauth", "&iss="})
        BOOST_TEST(comes_back(more).error().code == make_error_code(errc::issuer_mismatch));
    BOOST_TEST(line.done(), line.report());
    BOOST_TEST(github::server("ghe.example.com").issuer == "https://ghe.example.com/login/oauth");
}

// Each answer is form-encoded, as GitHub does it unless JSON is asked for, or JSON; its errors come with status 200, and slow_down says the new interval.
BOOST_AUTO_TEST_CASE(a_device)
{
    constexpr char form[] = "application/x-www-form-urlencoded; charset=utf-8", json[] = "application/json; charset=utf-8";
    struct
    {
        char const *type, *codes, *pending, *slow_down, *tokens;
    } const rows[] = {
        {form, "device_code=3584d83530557fdd1f46af8289938c8ef79f9dc5&expires_in=900&interval=5&user_code=WDJB-MJHT&verification_uri=https%3A%2F%2Fgithub.com%2Flogin%2Fdevice",
         "error=authorization_pending&error_description=The+authorization+request+is+still+pending.", "error=slow_down&error_description=Too+many+requests&interval=10",
         "access_token=gho_1&scope=repo%2Cuser&token_type=bearer"},
        {json,
         R"({"device_code":"3584d83530557fdd1f46af8289938c8ef79f9dc5","user_code":"WDJB-MJHT","verification_uri":"https://github.com/login/device","expires_in":900,"interval":5})",
         R"({"error":"authorization_pending","error_description":"The authorization request is still pending."})",
         R"({"error":"slow_down","error_description":"Too many requests","interval":10})", R"({"access_token":"gho_1","scope":"repo,user","token_type":"bearer"})"},
    };
    for (auto const& row : rows)
    {
        auto const answers = [&](char const* body) {
            line.expect_post("https://github.com/login/oauth/access_token").with("grant_type", "urn:ietf:params:oauth:grant-type:device_code")
                .with("device_code", "3584d83530557fdd1f46af8289938c8ef79f9dc5").with_field("Accept", "application/json").reply(200, body, {{"Content-Type", row.type}});
        };
        line.expect_post("https://github.com/login/device/code").with("client_id", "Iv1.c").with("scope", "repo user user:email").with_field("Accept", "application/json")
            .reply(200, row.codes, {{"Content-Type", row.type}});
        for (auto const* body : {row.pending, row.slow_down, row.pending, row.tokens}) answers(body);
        auto const begin = clock.now();
        std::string shown;
        auto const tokens = hub.device_sign_in([&](device_authorization_response const& codes) { shown = describe(codes); });
        BOOST_TEST_REQUIRE(tokens.has_value());
        BOOST_TEST(shown.find("https://github.com/login/device") != std::string::npos);
        BOOST_TEST(shown.find("WDJB-MJHT") != std::string::npos);
        BOOST_TEST((clock.now() - begin == 5s + 5s + 10s + 10s));
        BOOST_TEST(hub.access_token().value().reveal() == "gho_1");
        BOOST_TEST(line.done(), line.report());
    }
}

BOOST_AUTO_TEST_CASE(a_device_that_is_refused)
{
    struct
    {
        char const* error;
        advice next;
    } const rows[] = {{"expired_token", advice::sign_in_again}, {"incorrect_device_code", advice::sign_in_again}, {"access_denied", advice::consent},
                      {"incorrect_client_credentials", advice::fix_configuration}, {"device_flow_disabled", advice::fix_configuration}};
    for (auto const& row : rows)
    {
        line.expect_post("https://github.com/login/device/code")
            .reply(200, R"({"device_code":"d","user_code":"WDJB-MJHT","verification_uri":"https://github.com/login/device","expires_in":900,"interval":5})");
        line.expect_post("https://github.com/login/oauth/access_token").reply(200, std::string(R"({"error":")") + row.error + "\"}");
        auto const refused = hub.device_sign_in([](device_authorization_response const&) {});
        BOOST_TEST_REQUIRE(refused.has_error());
        BOOST_TEST(refused.error().server.error == row.error);
        BOOST_TEST(refused.error().next == row.next, row.error);
    }
    // Already when the codes are asked for.
    line.expect_post("https://github.com/login/device/code").reply(200, R"({"error":"device_flow_disabled","error_description":"Device Flow must be explicitly enabled for this App"})");
    auto const disabled = hub.device_sign_in([](device_authorization_response const&) {});
    BOOST_TEST(disabled.error().next == advice::fix_configuration);
    BOOST_TEST(line.done(), line.report());
}

BOOST_AUTO_TEST_SUITE_END()
