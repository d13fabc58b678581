#include <oauth/response/decode_server_metadata.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/provider/issuer.hpp>
#include <oauth/provider/microsoft.hpp>
#include "../../support/fixture.hpp"
#include "../../support/printing.hpp"
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace oauth;

http_response json(std::string body, int status = 200, std::string type = "application/json") { return {status, {{"Content-Type", std::move(type)}}, secret(std::move(body))}; }

server_metadata const known = openid_issuer("https://idp.example");

void refused(http_response const& answer, errc why, advice next, std::string const& hint = "*", server_metadata const& server = known)
{
    auto const outcome = decode_server_metadata(answer, server, 4096);
    BOOST_TEST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code == make_error_code(why), "it says " << outcome.error().code.message());
    BOOST_TEST(outcome.error().next == next);
    if (hint != "*") BOOST_TEST(outcome.error().hint == hint);
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_decode_server_metadata)

// RFC 8414 3.2
BOOST_AUTO_TEST_CASE(example_of_the_rfc)
{
    auto const answer = json(R"({"issuer":"https://server.example.com","authorization_endpoint":"https://server.example.com/authorize",
        "token_endpoint":"https://server.example.com/token","token_endpoint_auth_methods_supported":["client_secret_basic","private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported":["RS256","ES256"],"userinfo_endpoint":"https://server.example.com/userinfo",
        "jwks_uri":"https://server.example.com/jwks.json","registration_endpoint":"https://server.example.com/register",
        "scopes_supported":["openid","profile","email","address","phone","offline_access"],"response_types_supported":["code","code token"],
        "service_documentation":"http://server.example.com/service_documentation.html","ui_locales_supported":["en-US","en-GB","en-CA","fr-FR","fr-CA"]})");
    auto const made = decode_server_metadata(answer, oauth_issuer("https://server.example.com"));
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->authorization_endpoint.url() == "https://server.example.com/authorize");
    BOOST_TEST(made->token_endpoint.url() == "https://server.example.com/token");
    BOOST_TEST(made->userinfo_endpoint.url() == "https://server.example.com/userinfo");
    BOOST_TEST(made->jwks_uri.url() == "https://server.example.com/jwks.json");
    BOOST_TEST(made->registration_endpoint.url() == "https://server.example.com/register");
    BOOST_TEST(made->revocation_endpoint.empty());
    BOOST_TEST((made->token_endpoint_auth_methods_supported == std::vector<std::string>{"client_secret_basic", "private_key_jwt"}));
    BOOST_TEST(made->scopes_supported.size() == 6u);
    BOOST_TEST(!made->authorization_response_iss_parameter_supported);
}

// Microsoft's documents, by what its provider functions know beforehand.
BOOST_AUTO_TEST_CASE(microsofts_documents)
{
    auto const document = [](char const* name) { return json(test_support::fixture(std::string("microsoft/") + name)); };
    auto const common = decode_server_metadata(document("meta_openid_configuration_v2_common.json"), microsoft::v2("common"));
    BOOST_TEST_REQUIRE(common.has_value());
    BOOST_TEST(common->issuer == "https://login.microsoftonline.com/{tenantid}/v2.0");
    BOOST_TEST(common->userinfo_endpoint.url() == "https://graph.microsoft.com/oidc/userinfo");
    BOOST_TEST((common->token_endpoint == microsoft::v2("common").token_endpoint));
    BOOST_TEST((common->jwks_uri == microsoft::v2("common").jwks_uri));
    BOOST_TEST((common->end_session_endpoint == microsoft::v2("common").end_session_endpoint));
    BOOST_TEST((common->device_authorization_endpoint == microsoft::v2("common").device_authorization_endpoint));
    BOOST_TEST(common->default_resource == "https://graph.microsoft.com/");
    BOOST_TEST(!common->advice_rules.empty());

    // A tenant that was named by its domain has its exact issuer now.
    auto const tenant = decode_server_metadata(document("meta_openid_configuration_v2_tenant.json"), microsoft::v2("contoso.onmicrosoft.com"));
    BOOST_TEST_REQUIRE(tenant.has_value());
    BOOST_TEST(tenant->issuer.find("{tenantid}") == std::string::npos);
    BOOST_TEST(issuer_matches(microsoft::v2("common").issuer, tenant->issuer));

    auto const v1 = decode_server_metadata(document("meta_openid_configuration_v1_common.json"), microsoft::v1("common"));
    BOOST_TEST_REQUIRE(v1.has_value());
    BOOST_TEST(v1->issuer == "https://sts.windows.net/{tenantid}/");
    BOOST_TEST(v1->asks_by_resource);
    // The documents of two generations are not those of one another.
    refused(json(R"({"issuer":"https://sts.windows.net/{tenantid}/"})"), errc::token_issuer_mismatch, advice::fix_configuration, "*", microsoft::v2("common"));
}

// External ID's issuer has another host than the document, B2C's has no policy in it: each fits what its provider function says.
BOOST_AUTO_TEST_CASE(issuers_that_are_not_where_the_document_is)
{
    std::string const guid = "11111111-aaaa-4bbb-8ccc-222222222222";
    auto const b2c = microsoft::b2c("contosob2c", "B2C_1_sign_in");
    BOOST_TEST(decode_server_metadata(json(R"({"issuer":"https://contosob2c.b2clogin.com/)" + guid + R"(/v2.0/"})"), b2c).has_value());
    refused(json(R"({"issuer":"https://fabrikamb2c.b2clogin.com/)" + guid + R"(/v2.0/"})"), errc::token_issuer_mismatch, advice::fix_configuration, "*", b2c);
    auto const external = microsoft::external_id("contoso");
    BOOST_TEST(decode_server_metadata(json(R"({"issuer":"https://)" + guid + ".ciamlogin.com/" + guid + R"(/v2.0"})"), external).has_value());
}

// What ID tokens may have for an issuer is no server that was asked.
BOOST_AUTO_TEST_CASE(an_alias_is_no_other_server)
{
    auto server = known;
    for (std::string const alias : {"https://other.example", "https://idp.example/", "idp.example"})
    {
        server.issuer_alias = alias;
        refused(json(R"({"issuer":")" + alias + "\"}"), errc::token_issuer_mismatch, advice::fix_configuration, "*", server);
        BOOST_TEST(decode_server_metadata(json(R"({"issuer":"https://idp.example"})"), server)->issuer_alias == alias);
    }
    // But a template is a tenant that is not known yet.
    server.issuer_alias = "https://idp.example/{tenantid}";
    auto const found = decode_server_metadata(json(R"({"issuer":"https://idp.example/11111111-aaaa-4bbb-8ccc-222222222222"})"), server);
    BOOST_TEST_REQUIRE(found.has_value());
    BOOST_TEST(found->issuer_alias == "");
    refused(json(R"({"issuer":"https://other.example/11111111-aaaa-4bbb-8ccc-222222222222"})"), errc::token_issuer_mismatch, advice::fix_configuration, "*", server);
}

BOOST_AUTO_TEST_CASE(what_the_document_does_not_name_stays)
{
    auto server = known;
    server.token_endpoint = "https://idp.example/known";
    server.default_resource = "https://api.example/";
    auto const made = decode_server_metadata(json(R"({"issuer":"https://idp.example","token_endpoint":null,"jwks_uri":"https://keys.example/k","require_pushed_authorization_requests":true,"require_signed_request_object":true,
        "authorization_response_iss_parameter_supported":true,"scopes_supported":"openid","code_challenge_methods_supported":["S256",7],
        "mtls_endpoint_aliases":{"token_endpoint":"https://mtls.idp.example/token","elsewhere":"x"}})"), server);
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->token_endpoint.url() == "https://idp.example/known");
    BOOST_TEST(made->default_resource == "https://api.example/");
    BOOST_TEST(made->jwks_uri.host() == "keys.example");
    BOOST_TEST(made->require_pushed_authorization_requests);
    BOOST_TEST(made->require_signed_request_object);
    BOOST_TEST(made->authorization_response_iss_parameter_supported);
    BOOST_TEST(made->scopes_supported.empty());
    BOOST_TEST(made->code_challenge_methods_supported == std::vector<std::string>{"S256"});
    BOOST_TEST_REQUIRE(made->mtls_endpoint_aliases.size() == 1u);
    BOOST_TEST((made->mtls_endpoint_aliases[0].first == &server_metadata::token_endpoint));
    BOOST_TEST(made->mtls_endpoint_aliases[0].second.host() == "mtls.idp.example");
}

BOOST_AUTO_TEST_CASE(documents_that_are_none)
{
    refused(json(R"({"issuer":"https://idp.example/"})"), errc::token_issuer_mismatch, advice::fix_configuration);   // compared exactly
    refused(json(R"({"issuer":"https://evil.example"})"), errc::token_issuer_mismatch, advice::fix_configuration);
    refused(json(R"({"issuer":"https://idp.example"})"), errc::token_issuer_mismatch, advice::fix_configuration, "*", server_metadata{});
    refused(json("{}"), errc::response_missing_member, advice::give_up, "the member issuer of the server's metadata");
    refused(json(R"({"issuer":["https://idp.example"]})"), errc::response_missing_member, advice::give_up);
    refused(json(R"({"issuer":"https://idp.example","issuer":"https://idp.example"})"), errc::response_duplicate_member, advice::retry);
    refused(json("[]"), errc::response_not_an_object, advice::retry);
    refused(json("{"), errc::response_not_json, advice::retry);
    refused(json("{\"issuer\":\"\xff\"}"), errc::response_not_utf8, advice::retry);
    refused(json(std::string(5000, ' ')), errc::response_too_large, advice::retry);
    refused(json("<html>", 200, "text/html"), errc::unexpected_content_type, advice::retry);
    refused(json("", 404), errc::unexpected_status, advice::fix_configuration, "check the URL of the discovery document");
    refused(json("", 503), errc::unexpected_status, advice::retry);
    refused(json("", 302), errc::redirect_refused, advice::fix_configuration);
}

BOOST_AUTO_TEST_CASE(endpoints_that_are_not_fit_for_use)
{
    auto const with = [](std::string const& url) { return json(R"({"issuer":"https://idp.example","token_endpoint":)" + url + "}"); };
    refused(with("7"), errc::response_wrong_type, advice::give_up, "the member token_endpoint of the server's metadata");
    refused(with(R"("http://idp.example/token")"), errc::insecure_url, advice::give_up, "the member token_endpoint of the server's metadata");
    refused(with(R"("https://idp.example/#f")"), errc::url_has_fragment, advice::give_up);
    refused(with(R"("https://u:p@idp.example/")"), errc::url_has_userinfo, advice::give_up);
    refused(with(R"("file:///etc/passwd")"), errc::invalid_url, advice::give_up);
    refused(with(R"("")"), errc::invalid_url, advice::give_up);
}

BOOST_AUTO_TEST_SUITE_END()
