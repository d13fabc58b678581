#include <oauth/provider/issuer.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/printing.hpp"
#include <string>

namespace {

using namespace oauth;

errc refused(std::string const& issuer)
{
    try
    {
        openid_issuer(issuer);
    }
    catch (error const& e)
    {
        return static_cast<errc>(e.code().value());
    }
    return errc{};
}

} // namespace

BOOST_AUTO_TEST_SUITE(provider_issuer)

// OpenID Connect Discovery 4.1: a slash at the end of the issuer's path is dropped, the issuer itself stays as it is.
BOOST_AUTO_TEST_CASE(of_openid_providers)
{
    struct row
    {
        char const* issuer;
        char const* document;
    };
    for (auto const& [issuer, document] : {row{"https://example.com", "https://example.com/.well-known/openid-configuration"},
                                           row{"https://example.eu.auth0.com/", "https://example.eu.auth0.com/.well-known/openid-configuration"},
                                           row{"https://example.com/issuer1", "https://example.com/issuer1/.well-known/openid-configuration"},
                                           row{"https://sso.example.com:8443/realms/main/", "https://sso.example.com:8443/realms/main/.well-known/openid-configuration"},
                                           row{"http://127.0.0.1:8080", "http://127.0.0.1:8080/.well-known/openid-configuration"}})
    {
        auto const made = openid_issuer(issuer);
        BOOST_TEST(made.issuer == issuer);
        BOOST_TEST(made.discovery_document.url() == document);
    }
}

// RFC 8414 3.1
BOOST_AUTO_TEST_CASE(of_authorization_servers)
{
    BOOST_TEST(oauth_issuer("https://example.com").discovery_document.url() == "https://example.com/.well-known/oauth-authorization-server");
    BOOST_TEST(oauth_issuer("https://example.com/issuer1").discovery_document.url() == "https://example.com/.well-known/oauth-authorization-server/issuer1");
    BOOST_TEST(oauth_issuer("https://example.com/a/b/").discovery_document.url() == "https://example.com/.well-known/oauth-authorization-server/a/b");
    BOOST_TEST(oauth_issuer("https://example.com/a/b/").issuer == "https://example.com/a/b/");
}

BOOST_AUTO_TEST_CASE(of_none)
{
    BOOST_TEST(refused("http://example.com") == errc::insecure_url);
    BOOST_TEST(refused("https://example.com?x=1") == errc::invalid_url);
    BOOST_TEST(refused("https://example.com/#x") == errc::url_has_fragment);
    BOOST_TEST(refused("example.com") == errc::invalid_url);
    BOOST_TEST(refused("") == errc::invalid_url);
}

BOOST_AUTO_TEST_SUITE_END()
