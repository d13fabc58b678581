#include <oauth/provider/google.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/oidc/check_id_token.hpp>
#include <oauth/request/authorization_request.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <oauth/response/device_authorization_response.hpp>
#include "../../support/id_tokens.hpp"
#include "../../support/printing.hpp"
#include <array>
#include <string>

namespace {

using namespace oauth;

failure refused(char const* body, int status = 400)
{
    auto why = decode_token_response({status, {{"Content-Type", "application/json"}}, secret(body)}).error();
    advise(google::advice_rules, why);
    return why;
}

} // namespace

BOOST_AUTO_TEST_SUITE(provider_google)

// The parameter that brings a refresh token is part of the endpoint.
BOOST_AUTO_TEST_CASE(asks_for_offline_access_in_googles_way)
{
    auto const server = google::accounts();
    client const who{.id = "c", .redirect_uri = "http://localhost:8400/", .scope = "openid email"};
    std::array<std::byte, authorization_request_entropy> const random{};
    auto const pending = authorization_request(server, who)(server, who, {.prompt = "consent"}, random, {}).value();
    BOOST_TEST(pending.url.starts_with("https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&response_type=code&"), pending.url);
    BOOST_TEST(pending.url.find("offline_access") == std::string::npos);
}

// Google's ID tokens may name the issuer without its scheme; nobody else's may.
BOOST_AUTO_TEST_CASE(two_spellings_of_the_issuer)
{
    auto expected = oauth::test::expectations();
    expected.issuer = google::accounts().issuer;
    expected.issuer_alias = google::accounts().issuer_alias;
    auto const check = [&](char const* issuer) {
        return check_id_token(oauth::test::signed_token(oauth::test::claims_with("iss", issuer)), *oauth::test::server_keys(), expected, oauth::test::issued_now).has_value();
    };
    BOOST_TEST(check("https://accounts.google.com"));
    BOOST_TEST(check("accounts.google.com"));
    BOOST_TEST(!check("http://accounts.google.com"));
    BOOST_TEST(!check(""));
    expected.issuer_alias.clear();
    BOOST_TEST(!check("accounts.google.com"));
}

BOOST_AUTO_TEST_CASE(what_its_codes_mean)
{
    auto const revoked = refused(R"({"error":"invalid_grant","error_description":"Token has been expired or revoked."})");
    BOOST_TEST(revoked.next == advice::sign_in_again);
    BOOST_TEST(revoked.hint.find("seven days") != std::string::npos);
    // It may as well be the assertion of a service account, for whom nobody signs in.
    BOOST_TEST(refused(R"({"error":"invalid_grant","error_description":"Invalid JWT Signature."})").hint.find("service account") != std::string::npos);
    BOOST_TEST(refused(R"({"error":"redirect_uri_mismatch"})").next == advice::fix_configuration);
    BOOST_TEST(refused(R"({"error":"deleted_client"})", 401).next == advice::fix_configuration);
    BOOST_TEST(refused(R"({"error":"admin_policy_enforced"})").next == advice::consent);
    // The device flow's states come with statuses of Google's own.
    BOOST_TEST(refused(R"({"error":"authorization_pending","error_description":"Precondition Required"})", 428).code == make_error_code(server_errc::authorization_pending));
    BOOST_TEST(refused(R"({"error":"slow_down"})", 403).code == make_error_code(server_errc::slow_down));
}

// It names the page by Google's own word.
BOOST_AUTO_TEST_CASE(a_device_s_codes)
{
    BOOST_TEST(google::accounts().device_authorization_endpoint.url() == "https://oauth2.googleapis.com/device/code");
    auto const codes = decode_device_authorization_response(
        {200, {{"Content-Type", "application/json"}}, secret(R"({"device_code":"d","user_code":"GQVQ-JKEC","expires_in":1800,"interval":5,"verification_url":"https://www.google.com/device"})")});
    BOOST_TEST_REQUIRE(codes.has_value());
    BOOST_TEST(codes->verification_uri == "https://www.google.com/device");
}

// A renewal's answer has no refresh token, and writes its scope in full.
BOOST_AUTO_TEST_CASE(a_renewal)
{
    auto const tokens = decode_token_response({200, {{"Content-Type", "application/json; charset=utf-8"}},
        secret(R"({"access_token":"ya29.1","expires_in":3599,"scope":"https://www.googleapis.com/auth/userinfo.email openid","token_type":"Bearer","id_token":"i"})")});
    BOOST_TEST_REQUIRE(tokens.has_value());
    BOOST_TEST(tokens->refresh_token.empty());
    BOOST_TEST(tokens->scope.value() == "https://www.googleapis.com/auth/userinfo.email openid");
}

BOOST_AUTO_TEST_SUITE_END()
