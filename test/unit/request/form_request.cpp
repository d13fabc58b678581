#include <oauth/request/form_request.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(request_form_request)

BOOST_AUTO_TEST_CASE(posts_a_form_and_wants_json)
{
    oauth::server_metadata const server{.token_endpoint = "https://login.microsoftonline.com/contoso/oauth2/v2.0/token?p=B2C_1_x"};
    auto const made = oauth::form_request(server).value();
    BOOST_TEST((made.method == oauth::http_method::post));
    BOOST_TEST(made.url.url() == "https://login.microsoftonline.com/contoso/oauth2/v2.0/token?p=B2C_1_x");
    BOOST_TEST(oauth::find_field(made.fields, "content-type") == "application/x-www-form-urlencoded");
    BOOST_TEST(oauth::find_field(made.fields, "accept") == "application/json");
    BOOST_TEST(made.authorization.empty());
    BOOST_TEST(made.body.empty());
}

// AADSTS9002326: whoever sends it is taken for a browser.
BOOST_AUTO_TEST_CASE(never_sends_an_origin_or_a_cookie)
{
    auto const made = oauth::form_request({.token_endpoint = "https://a.example/token"}).value();
    BOOST_TEST(made.fields.size() == 2u);
    for (auto const& field : made.fields) BOOST_TEST((field.name != "Origin" && field.name != "Referer" && field.name != "Cookie"));
}

BOOST_AUTO_TEST_CASE(needs_an_endpoint)
{
    auto const made = oauth::form_request({.authorization_endpoint = "https://a.example/authorize"});
    BOOST_TEST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().code == oauth::error_code(oauth::errc::missing_endpoint));
    BOOST_TEST((made.error().next == oauth::advice::fix_configuration));
    BOOST_TEST(made.error().hint == "server_metadata.token_endpoint");
}

BOOST_AUTO_TEST_SUITE_END()
