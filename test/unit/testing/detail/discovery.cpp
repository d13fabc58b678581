#include <oauth/testing/detail/discovery.hpp>

#include "../server_probe.hpp"
#include <oauth/flow/discover.hpp>
#include <oauth/provider/issuer.hpp>
#include <oauth/testing/server_transport.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(testing_discovery)

using oauth::testing::personality;
using P = server_probe;

namespace {

P with_issuer(std::string issuer)
{
    auto options = P::options(personality::standard);
    options.issuer = std::move(issuer);
    return P(std::move(options));
}

} // namespace

BOOST_AUTO_TEST_CASE(both_documents_say_the_same)   // RFC 8414 3 and 5
{
    struct row
    {
        char const* issuer;
        char const* oauth;
        char const* openid;
    };
    for (auto const& row : {row{"", "/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"},
                            row{"https://login.example.com/tenant1", "/.well-known/oauth-authorization-server/tenant1", "/tenant1/.well-known/openid-configuration"},
                            row{"https://login.example.com/a/b/", "/.well-known/oauth-authorization-server/a/b", "/a/b/.well-known/openid-configuration"}})
    {
        auto here = with_issuer(row.issuer);
        oauth::testing::server_transport line{here.server};
        auto const known = here.server.metadata();
        BOOST_TEST(known.discovery_document.url() == "https://login.example.com" + std::string(row.openid));
        for (auto const* path : {row.oauth, row.openid}) BOOST_TEST(P::text(P::json(here.get("https://login.example.com" + std::string(path))), "issuer") == known.issuer, path);
        BOOST_TEST((P::json(here.get("https://login.example.com" + std::string(row.oauth))) == P::json(here.get(here.server.discovery_url()))));
        for (auto const& asked : {oauth::oauth_issuer(known.issuer), oauth::openid_issuer(known.issuer)})
        {
            auto const found = oauth::discover(line, asked);
            BOOST_TEST_REQUIRE(found.has_value());
            BOOST_TEST(found->issuer == known.issuer);
            for (auto const which : {&oauth::server_metadata::authorization_endpoint, &oauth::server_metadata::token_endpoint, &oauth::server_metadata::jwks_uri,
                                     &oauth::server_metadata::device_authorization_endpoint, &oauth::server_metadata::pushed_authorization_request_endpoint,
                                     &oauth::server_metadata::introspection_endpoint, &oauth::server_metadata::revocation_endpoint, &oauth::server_metadata::registration_endpoint})
                BOOST_TEST(((*found).*which).url() == (known.*which).url());
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_there)
{
    auto const rooted = with_issuer(""), tenant = with_issuer("https://login.example.com/tenant1"), elsewhere = with_issuer("https://issuer.example/x");
    auto const status = [](P const& of, std::string const& path) { return of.get("https://login.example.com" + path).status; };
    BOOST_TEST(status(rooted, "/.well-known/oauth-authorization-server/tenant1") == 404);
    BOOST_TEST(status(rooted, "/.well-known/oauth-authorization-server/") == 404);
    BOOST_TEST(status(rooted, "/tenant1/.well-known/openid-configuration") == 404);
    BOOST_TEST(status(rooted, "/tenant1/.well-known/oauth-authorization-server") == 404);
    BOOST_TEST(status(tenant, "/.well-known/oauth-authorization-server") == 404);
    BOOST_TEST(status(tenant, "/tenant1/.well-known/oauth-authorization-server") == 404);
    BOOST_TEST(status(tenant, "/.well-known/openid-configuration") == 404);
    BOOST_TEST(status(tenant, "/.well-known/openid-configuration/tenant1") == 404);
    // An issuer of another origin is not found here, and its document is where it was.
    BOOST_TEST(status(elsewhere, "/.well-known/oauth-authorization-server") == 200);
    BOOST_TEST(status(elsewhere, "/.well-known/oauth-authorization-server/x") == 404);
    // Microsoft publishes none.
    for (auto const kind : {personality::entra_v2, personality::entra_v1, personality::b2c})
    {
        P const other(kind);
        auto const origin = std::string(other.server.metadata().token_endpoint.origin());
        for (auto const* path : {"/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/contoso.onmicrosoft.com/v2.0"}) BOOST_TEST(other.get(origin + path).status == 404);
    }
    // A document of another issuer is refused by whoever asked.
    auto here = with_issuer("https://login.example.com/tenant1");
    oauth::testing::server_transport line{here.server};
    auto other = oauth::oauth_issuer("https://login.example.com/tenant1");
    other.issuer = "https://login.example.com/tenant2";
    BOOST_TEST(oauth::discover(line, other).has_error());
    BOOST_TEST(oauth::discover(line, oauth::oauth_issuer("https://login.example.com/tenant2")).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
