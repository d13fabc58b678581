#include <oauth/provider/auth0.hpp>
#include <oauth/provider/keycloak.hpp>
#include <oauth/provider/okta.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/flow/discover.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../support/printing.hpp"
#include <string>

namespace {

using namespace oauth;

/// The server's document, as it names itself there, leads to its token endpoint.
void check_discovery(server_metadata const& known, std::string const& document, std::string const& issuer, std::string const& token_endpoint)
{
    BOOST_TEST(known.discovery_document.url() == document);
    testing::scripted_transport line;
    line.expect_get(document).reply(200, R"({"issuer":")" + issuer + R"(","token_endpoint":")" + token_endpoint + "\"}");
    auto const found = discover(line, known);
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->issuer == issuer);
    BOOST_TEST(found->token_endpoint.url() == token_endpoint);
    BOOST_TEST(found->advice_rules.data() == known.advice_rules.data());
}

failure refused(std::span<advice_rule const> rules, char const* body, int status)
{
    auto why = decode_token_response({status, {{"Content-Type", "application/json"}}, secret(body)}).error();
    advise(rules, why);
    return why;
}

} // namespace

// Those that are reached through discovery: each has an issuer of its own kind.
BOOST_AUTO_TEST_SUITE(provider_discovered)

BOOST_AUTO_TEST_CASE(at_okta)
{
    check_discovery(okta::authorization_server("dev-1.okta.com"), "https://dev-1.okta.com/oauth2/default/.well-known/openid-configuration", "https://dev-1.okta.com/oauth2/default",
                    "https://dev-1.okta.com/oauth2/default/v1/token");
    check_discovery(okta::org("dev-1.okta.com"), "https://dev-1.okta.com/.well-known/openid-configuration", "https://dev-1.okta.com", "https://dev-1.okta.com/oauth2/v1/token");
    BOOST_TEST(okta::authorization_server("dev-1.okta.com", "aus1").issuer == "https://dev-1.okta.com/oauth2/aus1");
    BOOST_TEST(refused(okta::advice_rules, R"({"error":"access_denied","error_description":"Policy evaluation failed for this request"})", 400).next == advice::consent);
    auto const spent = refused(okta::advice_rules, R"({"error":"invalid_grant","error_description":"The refresh token is invalid or expired."})", 400);
    BOOST_TEST(spent.next == advice::sign_in_again);
    for (auto const* cause : {"code", "refresh token", "PKCE", "sign in again"}) BOOST_TEST(spent.hint.find(cause) != std::string::npos, cause);
    BOOST_TEST(refused(okta::advice_rules, R"({"error":"invalid_scope","error_description":"One or more scopes are not configured for the authorization server resource."})", 400).next
               == advice::fix_configuration);
    BOOST_CHECK_THROW(okta::org("dev-1.okta.com#x"), error);
}

// Auth0's issuer ends with a slash, and it is compared.
BOOST_AUTO_TEST_CASE(at_auth0)
{
    check_discovery(auth0::tenant("example.eu.auth0.com"), "https://example.eu.auth0.com/.well-known/openid-configuration", "https://example.eu.auth0.com/",
                    "https://example.eu.auth0.com/oauth/token");
    testing::scripted_transport line;
    line.expect_get("https://example.eu.auth0.com/.well-known/openid-configuration").reply(200, R"({"issuer":"https://example.eu.auth0.com"})");
    BOOST_TEST(discover(line, auth0::tenant("example.eu.auth0.com")).error().code == make_error_code(errc::token_issuer_mismatch));
    auto const mfa = refused(auth0::advice_rules, R"({"error":"mfa_required","error_description":"Multifactor authentication required","mfa_token":"m"})", 403);
    BOOST_TEST(mfa.next == advice::sign_in_again);
    BOOST_TEST(describe(mfa).find("mfa_token") == std::string::npos);
    BOOST_TEST(refused(auth0::advice_rules, R"({"error":"too_many_requests","error_description":"Global limit has been reached"})", 429).next == advice::retry);
    BOOST_TEST(refused(auth0::advice_rules, R"({"error":"unauthorized_client","error_description":"Grant type 'client_credentials' not allowed for the client."})", 403).next
               == advice::fix_configuration);
}

BOOST_AUTO_TEST_CASE(at_keycloak)
{
    check_discovery(keycloak::realm("https://sso.example.com", "main"), "https://sso.example.com/realms/main/.well-known/openid-configuration", "https://sso.example.com/realms/main",
                    "https://sso.example.com/realms/main/protocol/openid-connect/token");
    check_discovery(keycloak::realm("https://sso.example.com/auth/", "main"), "https://sso.example.com/auth/realms/main/.well-known/openid-configuration",
                    "https://sso.example.com/auth/realms/main", "https://sso.example.com/auth/realms/main/protocol/openid-connect/token");
    BOOST_TEST(refused(keycloak::advice_rules, R"({"error":"invalid_grant","error_description":"Session not active"})", 400).hint.find("offline_access") != std::string::npos);
    BOOST_TEST(refused(keycloak::advice_rules, R"({"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"})", 401).next == advice::fix_configuration);
}

BOOST_AUTO_TEST_SUITE_END()
