#include <oauth/flow/discover.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/flow/flow.hpp>
#include <oauth/provider/github.hpp>
#include <oauth/provider/google.hpp>
#include <oauth/provider/microsoft.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../support/failing_store.hpp"
#include "../../support/fixture.hpp"
#include "../../support/printing.hpp"
#include <string>
#include <utility>
#include <vector>

// What each provider's functions say before discovery, and what is known after it.
namespace {

using namespace oauth;
using testing::scripted_transport;

std::string const contoso_id = "11111111-aaaa-4bbb-8ccc-222222222222";
std::string const msa = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// The document of a server that has little to say. `oauth2` is what precedes "token", `end` what follows it.
std::string document_of(std::string const& issuer, std::string const& oauth2, std::string const& end = {})
{
    return R"({"issuer":")" + issuer + R"(","authorization_endpoint":")" + oauth2 + "authorize" + end + R"(","token_endpoint":")" + oauth2 + "token" + end + "\"}";
}

std::string microsofts(char const* generation) { return test_support::fixture(std::string("microsoft/meta_openid_configuration_") + generation + ".json"); }

std::string replaced(std::string text, std::string const& from, std::string const& to)
{
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
    return text;
}

result<server_metadata> discovered(server_metadata const& known, std::string const& document)
{
    scripted_transport line;
    line.expect_get(known.discovery_document.url()).reply(200, document);
    auto found = discover(line, known);
    BOOST_TEST(line.done(), line.report());
    return found;
}

struct row
{
    server_metadata known;
    std::string url;        // that is asked
    std::string document;   // that answers
    std::string issuer;     // from then on
    std::string another;    // an issuer that such a document must not have
};

std::vector<row> rows()
{
    using namespace microsoft;
    std::string const ms = "https://login.microsoftonline.com/", v2_document = "/v2.0/.well-known/openid-configuration", v1_document = "/.well-known/openid-configuration";
    std::string const b2c_origin = "https://contosob2c.b2clogin.com/", b2c_base = b2c_origin + "contosob2c.onmicrosoft.com/";
    std::string const china = "https://login.partner.microsoftonline.cn/";
    std::string const fabrikam = "99999999-aaaa-4bbb-8ccc-222222222222";
    auto const of_consumers = replaced(replaced(microsofts("v2_common"), "{tenantid}", msa), "/common/", "/consumers/");
    auto const of_tenant_v1 = replaced(replaced(microsofts("v1_common"), "{tenantid}", contoso_id), "/common/", "/" + contoso_id + "/");
    auto const of_local = document_of("http://127.0.0.1:8080/" + contoso_id + "/v2.0", "http://127.0.0.1:8080/contoso.onmicrosoft.com/oauth2/v2.0/");
    return {
        {v2("common"), ms + "common" + v2_document, microsofts("v2_common"), ms + "{tenantid}/v2.0", ms + "{tenant}/v2.0"},
        {v2("organizations"), ms + "organizations" + v2_document, replaced(microsofts("v2_common"), "/common/", "/organizations/"), ms + "{tenantid}/v2.0", "https://sts.windows.net/{tenantid}/"},
        {v2("consumers"), ms + "consumers" + v2_document, of_consumers, ms + msa + "/v2.0", ms + "{tenantid}/v2.0"},
        {v2("contoso.onmicrosoft.com"), ms + "contoso.onmicrosoft.com" + v2_document, microsofts("v2_tenant"), ms + contoso_id + "/v2.0", ms + contoso_id},
        {v2(contoso_id), ms + contoso_id + v2_document, microsofts("v2_tenant"), ms + contoso_id + "/v2.0", ms + fabrikam + "/v2.0"},
        {v2("contoso.partner.onmschina.cn", cloud::china), china + "contoso.partner.onmschina.cn" + v2_document, document_of(china + contoso_id + "/v2.0", china + contoso_id + "/oauth2/v2.0/"),
         china + contoso_id + "/v2.0", ms + contoso_id + "/v2.0"},
        {v1("common"), ms + "common" + v1_document, microsofts("v1_common"), "https://sts.windows.net/{tenantid}/", ms + "{tenantid}/v2.0"},
        {v1("contoso.com"), ms + "contoso.com" + v1_document, of_tenant_v1, "https://sts.windows.net/" + contoso_id + "/", "https://sts.windows.net/" + contoso_id},
        {b2c("contosob2c", "B2C_1_si"), b2c_base + "B2C_1_si" + v2_document, document_of(b2c_origin + contoso_id + "/v2.0/", b2c_base + "b2c_1_si/oauth2/v2.0/"),
         b2c_origin + contoso_id + "/v2.0/", b2c_origin + "tfp/" + contoso_id + "/b2c_1_si/v2.0/"},
        {b2c_query_form("contosob2c", "B2C_1_si"), b2c_origin + "contosob2c.onmicrosoft.com" + v2_document + "?p=B2C_1_si",
         document_of(b2c_origin + contoso_id + "/v2.0/", b2c_base + "oauth2/v2.0/", "?p=b2c_1_si"), b2c_origin + contoso_id + "/v2.0/", "https://fabrikamb2c.b2clogin.com/" + contoso_id + "/v2.0/"},
        {external_id("contoso"), "https://contoso.ciamlogin.com/contoso.onmicrosoft.com" + v2_document,
         document_of("https://" + contoso_id + ".ciamlogin.com/" + contoso_id + "/v2.0", "https://contoso.ciamlogin.com/" + contoso_id + "/oauth2/v2.0/"),
         "https://" + contoso_id + ".ciamlogin.com/" + contoso_id + "/v2.0", "https://" + contoso_id + ".ciamlogin.com/" + fabrikam + "/v2.0"},
        {adfs("fs.contoso.com"), "https://fs.contoso.com/adfs" + v1_document, document_of("https://fs.contoso.com/adfs", "https://fs.contoso.com/adfs/oauth2/"), "https://fs.contoso.com/adfs",
         "http://fs.contoso.com/adfs/services/trust"},
        // Any other host that is laid out as Microsoft's are.
        {authority("http://127.0.0.1:8080/contoso.onmicrosoft.com").value(), "http://127.0.0.1:8080/contoso.onmicrosoft.com" + v2_document, of_local, "http://127.0.0.1:8080/" + contoso_id + "/v2.0",
         "http://127.0.0.1:8081/" + contoso_id + "/v2.0"},
        {authority("http://127.0.0.1:8080/contoso.onmicrosoft.com").value(), "http://127.0.0.1:8080/contoso.onmicrosoft.com" + v2_document,
         replaced(of_local, contoso_id, "contoso.onmicrosoft.com"), "http://127.0.0.1:8080/contoso.onmicrosoft.com/v2.0", "http://127.0.0.1:8080/{tenantid}/v2.0"},
        {authority("https://gate.example/entra/common", {}, version::v1).value(), "https://gate.example/entra/common" + v1_document,
         document_of("https://gate.example/entra/{tenantid}/", "https://gate.example/entra/common/oauth2/"), "https://gate.example/entra/{tenantid}/", "https://gate.example/entra/common/"},
        // External ID under its owner's domain has to be named as such: anybody else there is not believed to have its issuer.
        {external_id("login.contoso.com", contoso_id), "https://login.contoso.com/" + contoso_id + v2_document,
         document_of("https://" + contoso_id + ".ciamlogin.com/" + contoso_id + "/v2.0", "https://login.contoso.com/" + contoso_id + "/oauth2/v2.0/"),
         "https://" + contoso_id + ".ciamlogin.com/" + contoso_id + "/v2.0", "https://" + fabrikam + ".ciamlogin.com/" + fabrikam + "/v2.0"},
        {authority("https://login.contoso.com/" + contoso_id).value(), "https://login.contoso.com/" + contoso_id + v2_document,
         document_of("https://login.contoso.com/" + contoso_id + "/v2.0", "https://login.contoso.com/" + contoso_id + "/oauth2/v2.0/"), "https://login.contoso.com/" + contoso_id + "/v2.0",
         "https://" + contoso_id + ".ciamlogin.com/" + contoso_id + "/v2.0"},
        {google::accounts(), "https://accounts.google.com/.well-known/openid-configuration",
         R"({"issuer":"https://accounts.google.com","authorization_endpoint":"https://accounts.google.com/o/oauth2/v2/auth","device_authorization_endpoint":"https://oauth2.googleapis.com/device/code",
            "token_endpoint":"https://oauth2.googleapis.com/token","userinfo_endpoint":"https://openidconnect.googleapis.com/v1/userinfo","revocation_endpoint":"https://oauth2.googleapis.com/revoke",
            "jwks_uri":"https://www.googleapis.com/oauth2/v3/certs"})", "https://accounts.google.com", "accounts.google.com"},
    };
}

} // namespace

BOOST_AUTO_TEST_SUITE(flow_discover_at_providers)

BOOST_AUTO_TEST_CASE(each_says_where_its_document_is_and_believes_no_others)
{
    for (auto const& [known, url, document, issuer, another] : rows())
        BOOST_TEST_CONTEXT(url)
        {
            BOOST_TEST(known.discovery_document.url() == url);
            auto const found = discovered(known, document);
            BOOST_TEST_REQUIRE(found.has_value(), (found.has_error() ? describe(found.error()) : ""));
            BOOST_TEST(found->issuer == issuer);
            // What is a template was one for want of knowledge: no other tenant is let in.
            BOOST_TEST(found->issuer_alias.find('{') == std::string::npos, found->issuer_alias);
            BOOST_TEST(found->advice_rules.data() == known.advice_rules.data());
            BOOST_TEST(found->default_resource == known.default_resource);
            BOOST_TEST(found->asks_by_resource == known.asks_by_resource);
            BOOST_TEST(found->discovery_document.url() == url);
            auto const refused = discovered(known, replaced(document, "\"" + issuer + "\"", "\"" + another + "\""));
            BOOST_TEST_REQUIRE(refused.has_error());
            BOOST_TEST(refused.error().code == make_error_code(errc::token_issuer_mismatch));
        }
}

// The endpoints of the published documents are those that were known; Microsoft's names a tenant by its GUID.
BOOST_AUTO_TEST_CASE(what_was_known_is_confirmed)
{
    for (auto const& [known, url, document, issuer, another] : rows())
        BOOST_TEST_CONTEXT(url)
        {
            auto const found = discovered(known, document).value();
            bool const renamed = !(found.token_endpoint == known.token_endpoint);
            BOOST_TEST(found.stored_under.url() == (renamed ? known.token_endpoint.url() : ""));
            if (renamed) continue;
            for (auto const& [name, member] : server_endpoints) BOOST_TEST((found.*member).url() == (known.*member).url(), name);
        }
    // Without the parameter Google gives no refresh token.
    BOOST_TEST(discovered(google::accounts(), rows().back().document)->authorization_endpoint.url() == "https://accounts.google.com/o/oauth2/v2/auth?access_type=offline");
    BOOST_TEST(discovered(google::accounts(), rows().back().document)->issuer_alias == "accounts.google.com");
}

BOOST_AUTO_TEST_CASE(github_has_none)
{
    scripted_transport line;
    BOOST_TEST(discover(line, github::server()).error().code == make_error_code(errc::missing_endpoint));
}

// Whoever begins to discover, or leaves it, has the same sessions; but never those of another host.
BOOST_AUTO_TEST_CASE(sessions_outlive_discovery)
{
    testing::manual_clock clock;
    auto const known = microsoft::v2("contoso.onmicrosoft.com");
    auto const found = discovered(known, microsofts("v2_tenant")).value();
    auto const again = discovered(found, microsofts("v2_tenant")).value();
    auto const moved = discovered(known, replaced(microsofts("v2_tenant"), "https://login.microsoftonline.com/" + contoso_id + "/oauth2", "https://elsewhere.example/oauth2")).value();
    BOOST_TEST(moved.stored_under.empty());
    test::failing_store store;   // one that two flows can share
    auto const flow_at = [&](server_metadata const& server, scripted_transport const& line) {
        return flow<scripted_transport, test::failing_store, testing::manual_clock>(server, client{.id = "c", .redirect_uri = "http://localhost/", .scope = "offline_access Mail.Read"}, line, store, clock);
    };
    scripted_transport line;
    {
        auto before = flow_at(known, line);
        auto pending = before.authorize().value();
        line.expect_post(known.token_endpoint.url()).reply(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"a","refresh_token":"r1"})");
        auto const redirect = "http://localhost/?code=c&state=" + pending.state;
        BOOST_TEST_REQUIRE(before.exchange(std::move(pending), redirect).has_value());
    }
    std::string spent = "r1";
    for (auto const* const server : {&found, &again, &known})
    {
        auto after = flow_at(*server, line);
        clock.advance(seconds{3600});
        auto const next = spent + "+";
        line.expect_post(server->token_endpoint.url()).with("refresh_token", spent).reply(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"b","refresh_token":")" + next + "\"}");
        auto const token = after.access_token();
        BOOST_TEST(token.has_value(), (token.has_error() ? describe(token.error()) : ""));
        spent = next;
    }
    auto elsewhere = flow_at(moved, line);
    BOOST_TEST(elsewhere.access_token().error().code == make_error_code(errc::no_session));
    BOOST_TEST(line.done(), line.report());
}

BOOST_AUTO_TEST_SUITE_END()
