#include <oauth/oidc/logout.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/printing.hpp"

namespace {

using namespace oauth;

client const who{.id = "the client"};

std::string url_of(char const* endpoint, logout_options const& options = {}) { return std::string(logout_url({.end_session_endpoint = endpoint}, who, options).value().reveal()); }

} // namespace

BOOST_AUTO_TEST_SUITE(oidc_logout)

BOOST_AUTO_TEST_CASE(names_the_client_and_what_else_is_set)
{
    BOOST_TEST(url_of("https://idp.example/logout") == "https://idp.example/logout?client_id=the%20client");
    logout_options options{.post_logout_redirect_uri = "https://app.example/bye?x=1", .state = "s&1", .id_token_hint = secret("a.b.c"), .logout_hint = "h", .ui_locales = "de en"};
    options.extra = {{"federated", "1"}};
    BOOST_TEST(url_of("https://idp.example/logout", options)
               == "https://idp.example/logout?id_token_hint=a.b.c&client_id=the%20client&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2Fbye%3Fx%3D1&state=s%261&logout_hint=h&"
                  "ui_locales=de%20en&federated=1");
}

BOOST_AUTO_TEST_CASE(an_endpoint_keeps_its_query)
{
    BOOST_TEST(url_of("https://c.b2clogin.com/t/oauth2/v2.0/logout?p=B2C_1_x") == "https://c.b2clogin.com/t/oauth2/v2.0/logout?p=B2C_1_x&client_id=the%20client");
}

BOOST_AUTO_TEST_CASE(needs_an_endpoint)
{
    auto const none = logout_url({}, who);
    BOOST_TEST_REQUIRE(none.has_error());
    BOOST_TEST(none.error().code == make_error_code(errc::missing_endpoint));
    BOOST_TEST(none.error().hint == "server_metadata.end_session_endpoint");
}

BOOST_AUTO_TEST_SUITE_END()
