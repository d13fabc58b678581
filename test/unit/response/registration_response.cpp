#include <oauth/response/registration_response.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/printing.hpp"
#include "../../support/sessions.hpp"
#include <string>
#include <vector>

namespace {

using namespace oauth;
using test::answer;
using list = std::vector<std::string>;

result<registration_response> read(std::string body, int status = 201) { return decode_registration_response(answer(status, std::move(body))); }

constexpr char const* example = R"({
      "client_id": "s6BhdRkqt3",
      "client_secret": "cf136dc3c1fc93f31185e5885805d",
      "client_id_issued_at": 2893256800,
      "client_secret_expires_at": 2893276800,
      "redirect_uris": [
        "https://client.example.org/callback",
        "https://client.example.org/callback2"],
      "grant_types": ["authorization_code", "refresh_token"],
      "client_name": "My Example Client",
      "client_name#ja-Jpan-JP":
         "\u30AF\u30E9\u30A4\u30A2\u30F3\u30C8\u540D",
      "token_endpoint_auth_method": "client_secret_basic",
      "logo_uri": "https://client.example.org/logo.png",
      "jwks_uri": "https://client.example.org/my_public_keys.jwks",
      "example_extension_parameter": "example_value"
     })";

} // namespace

BOOST_AUTO_TEST_SUITE(response_registration_response)

BOOST_AUTO_TEST_CASE(the_example_of_rfc_7591)
{
    auto const made = read(example).value();
    BOOST_TEST(made.client_id == "s6BhdRkqt3");
    BOOST_TEST(made.client_secret.reveal() == "cf136dc3c1fc93f31185e5885805d");
    BOOST_TEST((made.client_id_issued_at == time_point(seconds(2893256800))));
    BOOST_TEST((made.client_secret_expires_at == time_point(seconds(2893276800))));
    BOOST_TEST(made.registration_access_token.empty());
    BOOST_TEST(made.registration_client_uri == "");
    auto const& its = made.registered;
    BOOST_TEST((its.redirect_uris == list{"https://client.example.org/callback", "https://client.example.org/callback2"}));
    BOOST_TEST((its.grant_types == list{"authorization_code", "refresh_token"}));
    BOOST_TEST(its.client_name == "My Example Client");
    BOOST_TEST(its.token_endpoint_auth_method == "client_secret_basic");
    BOOST_TEST(its.logo_uri == "https://client.example.org/logo.png");
    BOOST_TEST(its.jwks_uri == "https://client.example.org/my_public_keys.jwks");
    BOOST_TEST(its.extra.size() == 2U);
    BOOST_TEST((its.extra.at("client_name#ja-Jpan-JP") == "\xe3\x82\xaf\xe3\x83\xa9\xe3\x82\xa4\xe3\x82\xa2\xe3\x83\xb3\xe3\x83\x88\xe5\x90\x8d"));
    BOOST_TEST((its.extra.at("example_extension_parameter") == "example_value"));

    auto const who = made.client();
    BOOST_TEST(who.id == "s6BhdRkqt3");
    BOOST_TEST(who.secret.reveal() == "cf136dc3c1fc93f31185e5885805d");
    BOOST_TEST(who.redirect_uri == "https://client.example.org/callback");
    BOOST_TEST(check(who).has_value());
}

BOOST_AUTO_TEST_CASE(every_other_member)
{
    auto const made = read(R"({"client_id":"c","registration_access_token":"t","registration_client_uri":"https://server.example/r","client_secret":"s","client_secret_expires_at":0,
        "scope":"a b","contacts":["x@example.com"],"tos_uri":"https://t","policy_uri":"https://p","client_uri":"https://c","software_id":"i","software_version":"v",
        "software_statement":"j.w.t","response_types":["code"],"jwks":{"keys":[]}})")
                          .value();
    BOOST_TEST(made.registration_access_token.reveal() == "t");
    BOOST_TEST(made.registration_client_uri == "https://server.example/r");
    BOOST_TEST(!made.client_secret_expires_at.has_value());   // 0: never
    BOOST_TEST(!made.client_id_issued_at.has_value());
    BOOST_TEST(made.client().scope.str() == "a b");
    BOOST_TEST(made.client().redirect_uri == "");
    BOOST_TEST((made.registered.contacts == list{"x@example.com"}));
    BOOST_TEST(made.registered.tos_uri == "https://t");
    BOOST_TEST(made.registered.policy_uri == "https://p");
    BOOST_TEST(made.registered.client_uri == "https://c");
    BOOST_TEST(made.registered.software_id == "i");
    BOOST_TEST(made.registered.software_version == "v");
    BOOST_TEST(made.registered.software_statement == "j.w.t");
    BOOST_TEST((made.registered.response_types == list{"code"}));
    BOOST_TEST(made.registered.jwks.contains("keys"));
    BOOST_TEST(made.registered.token_endpoint_auth_method == "");   // what the server did not say is not made up
    BOOST_TEST(made.registered.extra.empty());
    // The extra members keep the wiped memory of the answer.
    BOOST_TEST(read(example).value().registered.extra.storage().is_shared());
}

// The secret in it may be the only copy.
BOOST_AUTO_TEST_CASE(only_what_is_vital_can_make_it_fail)
{
    auto const made = read(R"({"client_id":"c","client_secret":"s","client_secret_expires_at":"never","client_id_issued_at":[],"redirect_uris":"https://a","grant_types":[1],"scope":7,
        "client_name":null,"registration_client_uri":5,"jwks":"x"})")
                          .value();
    BOOST_TEST(made.client_secret.reveal() == "s");
    BOOST_TEST(made.registered.redirect_uris.empty());
    BOOST_TEST(made.registered.extra.size() == 7U);
    BOOST_TEST(made.registered.extra.contains("redirect_uris"));
    for (auto const* body : {R"({"client_id":1})", R"({"client_id":"c","client_secret":1})", R"({"client_id":"c","registration_access_token":{}})"})
        BOOST_TEST(read(body).error().code == errc::response_wrong_type, body);
    BOOST_TEST(read(R"({"client_secret":"s"})").error().code == errc::response_missing_member);
    BOOST_TEST(read(R"({"client_id":""})").error().code == errc::response_bad_value);
    BOOST_TEST(read(R"({"client_id":"c","client_id":"d"})").error().code == errc::response_duplicate_member);
}

BOOST_AUTO_TEST_CASE(the_error_of_rfc_7591)
{
    auto const why = read(R"({"error": "invalid_redirect_uri", "error_description": "The redirection URI http://sketchy.example.com is not allowed by this server."})", 400).error();
    BOOST_TEST(why.code == server_errc::invalid_redirect_uri);
    BOOST_TEST(why.next == advice::fix_configuration);
    for (auto const* error : {"invalid_client_metadata", "invalid_software_statement", "unapproved_software_statement"})
    {
        auto const other = read(std::string(R"({"error":")") + error + "\"}", 400).error();
        BOOST_TEST(other.code == to_server_errc(error));
        BOOST_TEST(other.code != server_errc::unrecognized);
        BOOST_TEST(other.next == advice::fix_configuration);
    }
    // No user can sign in for this token.
    auto const token = read(R"({"error":"invalid_token"})", 401).error();
    BOOST_TEST(token.code == server_errc::invalid_token);
    BOOST_TEST(token.next == advice::fix_configuration);
    BOOST_TEST(read("", 401).error().next == advice::fix_configuration);
    BOOST_TEST(read(example, 202).error().code == errc::unexpected_status);
}

BOOST_AUTO_TEST_CASE(what_a_later_answer_does_not_repeat_holds_on)
{
    registration_response earlier;
    earlier.client_id = "c";
    earlier.client_secret = secret("s");
    earlier.client_secret_expires_at = time_point(seconds(9));
    earlier.registration_access_token = secret("t");
    earlier.registration_client_uri = "https://server.example/r";
    auto const later = [&earlier](std::string body) { return decode_configuration_response(answer(200, std::move(body)), earlier); };

    auto const bare = later(R"({"client_id":"c"})").value();
    BOOST_TEST(bare.client_secret.reveal() == "s");
    BOOST_TEST((bare.client_secret_expires_at == time_point(seconds(9))));
    BOOST_TEST(bare.registration_access_token.reveal() == "t");
    BOOST_TEST(bare.registration_client_uri == "https://server.example/r");

    auto const fresh = later(R"({"client_id":"c","client_secret":"s2","registration_access_token":"t2","registration_client_uri":"https://server.example/r2"})").value();
    BOOST_TEST(fresh.client_secret.reveal() == "s2");
    BOOST_TEST(!fresh.client_secret_expires_at.has_value());
    BOOST_TEST(fresh.registration_access_token.reveal() == "t2");
    BOOST_TEST(fresh.registration_client_uri == "https://server.example/r2");

    for (auto const* method : {"none", "private_key_jwt"})
        BOOST_TEST(later(R"({"client_id":"c","token_endpoint_auth_method":")" + std::string(method) + "\"}").value().client_secret.empty(), method);
    BOOST_TEST(later(R"({"client_id":"d"})").error().code == errc::response_bad_value);
    BOOST_TEST(later(R"({})").error().code == errc::response_missing_member);
}

BOOST_AUTO_TEST_CASE(deletion)
{
    BOOST_TEST(decode_deletion_response(answer(204, "")).has_value());
    for (int const status : {200, 201, 302, 403, 404, 405, 500}) BOOST_TEST(decode_deletion_response(answer(status, "")).has_error(), status);
    BOOST_TEST(decode_deletion_response(answer(401, R"({"error":"invalid_token"})")).error().next == advice::fix_configuration);
}

BOOST_AUTO_TEST_SUITE_END()
