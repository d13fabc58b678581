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

BOOST_AUTO_TEST_SUITE_END()
