#include <oauth/request/client_registration.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/printing.hpp"
#include <string>
#include <vector>

namespace {

using namespace oauth;

server_metadata server() { return {.registration_endpoint = "https://server.example.com/register"}; }

boost::json::value body_of(http_request const& request) { return boost::json::parse({request.body.reveal().data(), request.body.size()}); }

registration_response registered()
{
    registration_response made;
    made.client_id = "s6BhdRkqt3";
    made.client_secret = secret("cf136dc3c1fc93f31185e5885805d");
    made.registration_access_token = secret("reg-23410913-abewfq.123483");
    made.registration_client_uri = "https://server.example.com/register/s6BhdRkqt3";
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(request_client_registration)

// RFC 7591 3.1
BOOST_AUTO_TEST_CASE(the_example_of_rfc_7591)
{
    client_metadata what{.redirect_uris = {"https://client.example.org/callback", "https://client.example.org/callback2"},
                         .token_endpoint_auth_method = "client_secret_basic",
                         .client_name = "My Example Client",
                         .logo_uri = "https://client.example.org/logo.png",
                         .jwks_uri = "https://client.example.org/my_public_keys.jwks"};
    what.extra["client_name#ja-Jpan-JP"] = "\xe3\x82\xaf\xe3\x83\xa9\xe3\x82\xa4\xe3\x82\xa2\xe3\x83\xb3\xe3\x83\x88\xe5\x90\x8d";
    what.extra["example_extension_parameter"] = "example_value";
    auto const made = client_registration(server(), what).value();
    BOOST_TEST((made.method == http_method::post));
    BOOST_TEST(made.url.url() == "https://server.example.com/register");
    BOOST_TEST(find_field(made.fields, "Content-Type") == "application/json");
    BOOST_TEST(find_field(made.fields, "Accept") == "application/json");
    BOOST_TEST(made.authorization.empty());
    BOOST_TEST((body_of(made) == boost::json::parse(R"({
      "redirect_uris": ["https://client.example.org/callback", "https://client.example.org/callback2"],
      "client_name": "My Example Client",
      "client_name#ja-Jpan-JP": "\u30AF\u30E9\u30A4\u30A2\u30F3\u30C8\u540D",
      "token_endpoint_auth_method": "client_secret_basic",
      "logo_uri": "https://client.example.org/logo.png",
      "jwks_uri": "https://client.example.org/my_public_keys.jwks",
      "example_extension_parameter": "example_value"
     })")));
    BOOST_TEST(client_registration(server(), what, secret("ey23f2.adfj230.af32-developer321")).value().authorization.reveal() == "Bearer ey23f2.adfj230.af32-developer321");
}

BOOST_AUTO_TEST_CASE(every_member_has_its_place)
{
    BOOST_TEST((body_of(client_registration(server(), {}).value()) == boost::json::parse(R"({"token_endpoint_auth_method":"client_secret_post"})")));
    client_metadata const all{.redirect_uris = {"a"},
                              .token_endpoint_auth_method = "none",
                              .grant_types = {"g", "h"},
                              .response_types = {"r"},
                              .client_name = "\"n\\\n",
                              .client_uri = "c",
                              .logo_uri = "l",
                              .scope = "s t",
                              .contacts = {"k"},
                              .tos_uri = "t",
                              .policy_uri = "p",
                              .jwks_uri = "j",
                              .jwks = {{"keys", boost::json::array{}}},
                              .software_id = "i",
                              .software_version = "v",
                              .software_statement = "x.y.z",
                              .extra = {{"e", true}}};
    BOOST_TEST((body_of(client_registration(server(), all).value()) == boost::json::parse(R"({"redirect_uris":["a"],"token_endpoint_auth_method":"none","grant_types":["g","h"],
        "response_types":["r"],"client_name":"\"n\\\n","client_uri":"c","logo_uri":"l","scope":"s t","contacts":["k"],"tos_uri":"t","policy_uri":"p","jwks_uri":"j","jwks":{"keys":[]},
        "software_id":"i","software_version":"v","software_statement":"x.y.z","e":true})")));
    // What has a place of its own wins.
    client_metadata twice{.client_name = "right"};
    twice.extra["client_name"] = "wrong";
    BOOST_TEST((body_of(client_registration(server(), twice).value()).at("client_name") == "right"));
    // Longer than a piece of the writer.
    client_metadata const big{.client_name = std::string(5000, 'x')};
    BOOST_TEST(body_of(client_registration(server(), big).value()).at("client_name").as_string().size() == 5000U);
}

BOOST_AUTO_TEST_CASE(needs_an_endpoint)
{
    auto const why = client_registration({}, {}).error();
    BOOST_TEST(why.code == errc::missing_endpoint);
    BOOST_TEST(why.next == advice::fix_configuration);
    BOOST_TEST(why.hint == "server_metadata.registration_endpoint");
}

// RFC 7592 2.1, 2.2, 2.3
BOOST_AUTO_TEST_CASE(the_examples_of_rfc_7592)
{
    for (auto const method : {http_method::get, http_method::delete_})
    {
        auto const made = client_configuration(method, registered()).value();
        BOOST_TEST((made.method == method));
        BOOST_TEST(made.url.url() == "https://server.example.com/register/s6BhdRkqt3");
        BOOST_TEST(made.authorization.reveal() == "Bearer reg-23410913-abewfq.123483");
        BOOST_TEST(find_field(made.fields, "Content-Type") == "");
        BOOST_TEST(made.body.empty());
    }
    client_metadata const what{.redirect_uris = {"https://client.example.org/callback", "https://client.example.org/alt"},
                               .token_endpoint_auth_method = "client_secret_basic",
                               .grant_types = {"authorization_code", "refresh_token"},
                               .client_name = "My New Example"};
    auto const made = client_configuration(http_method::put, registered(), what).value();
    BOOST_TEST((made.method == http_method::put));
    BOOST_TEST(find_field(made.fields, "Content-Type") == "application/json");
    BOOST_TEST((body_of(made) == boost::json::parse(R"({
      "client_id": "s6BhdRkqt3",
      "client_secret": "cf136dc3c1fc93f31185e5885805d",
      "redirect_uris": ["https://client.example.org/callback", "https://client.example.org/alt"],
      "grant_types": ["authorization_code", "refresh_token"],
      "token_endpoint_auth_method": "client_secret_basic",
      "client_name": "My New Example"
     })")));
    auto public_one = registered();
    public_one.client_secret.clear();
    BOOST_TEST(!body_of(client_configuration(http_method::put, public_one, what).value()).as_object().contains("client_secret"));
}

BOOST_AUTO_TEST_CASE(what_the_server_does_not_allow)
{
    auto nowhere = registered(), no_token = registered(), plain = registered(), broken = registered();
    nowhere.registration_client_uri.clear();
    no_token.registration_access_token.clear();
    plain.registration_client_uri = "http://server.example.com/register/1";
    broken.registration_client_uri = "register/1";
    BOOST_TEST(client_configuration(http_method::get, nowhere).error().code == errc::missing_endpoint);
    BOOST_TEST(client_configuration(http_method::get, no_token).error().code == errc::missing_endpoint);
    BOOST_TEST(client_configuration(http_method::get, plain).error().code == errc::insecure_url);   // the token is for nobody to read
    BOOST_TEST(client_configuration(http_method::get, broken).error().code == errc::invalid_url);
}

BOOST_AUTO_TEST_SUITE_END()
