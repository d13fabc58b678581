#include <oauth/oidc/decode_userinfo.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/fixture.hpp"
#include "../../support/id_tokens.hpp"
#include "../../support/printing.hpp"
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;

userinfo_expectations const expected{.subject = "alex", .issuer = "https://login.example", .client_id = "the client"};

http_response answer(std::string body, std::string type = "application/json", int status = 200) { return {status, {{"Content-Type", std::move(type)}}, secret(std::move(body))}; }

void refused(http_response const& response, errc why)
{
    auto const outcome = decode_userinfo(response, expected, issued_now, *server_keys(), 8192);
    BOOST_TEST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code == make_error_code(why), "it says " << outcome.error().code.message());
}

} // namespace

BOOST_AUTO_TEST_SUITE(oidc_decode_userinfo)

// OpenID Connect Core 5.3.2
BOOST_AUTO_TEST_CASE(example_of_the_specification)
{
    auto const who = decode_userinfo(answer(R"({"sub":"248289761001","name":"Jane Doe","given_name":"Jane","family_name":"Doe","preferred_username":"j.doe",
        "email":"janedoe@example.com","picture":"http://example.com/janedoe/me.jpg"})"), {.subject = "248289761001"}, issued_now);
    BOOST_TEST_REQUIRE(who.has_value());
    BOOST_TEST(who->subject == "248289761001");
    BOOST_TEST(who->name.value() == "Jane Doe");
    BOOST_TEST(who->preferred_username.value() == "j.doe");
    BOOST_TEST(who->email.value() == "janedoe@example.com");
    BOOST_TEST(who->picture.value() == "http://example.com/janedoe/me.jpg");
    BOOST_TEST(!who->email_verified.has_value());
    BOOST_TEST(who->extra.empty());
}

BOOST_AUTO_TEST_CASE(graphs_answer)
{
    auto const body = test_support::fixture("microsoft/graph_userinfo.json");
    auto const subject = test_support::text_at(test_support::json_fixture("microsoft/graph_userinfo.json"), "sub");
    BOOST_TEST(decode_userinfo(answer(body, "application/json; charset=utf-8"), {.subject = subject}, issued_now).has_value());
}

BOOST_AUTO_TEST_CASE(is_about_nobody_else)
{
    refused(answer(R"({"sub":"blake"})"), errc::subject_mismatch);
    refused(answer(R"({"name":"Alex"})"), errc::claim_missing);
    refused(answer(R"({"sub":1})"), errc::malformed_claims);
}

BOOST_AUTO_TEST_CASE(a_signed_answer)
{
    auto const jwt = [](boost::json::object const& claims) { return answer(signed_token(claims), "application/jwt"); };
    BOOST_TEST(decode_userinfo(jwt({{"sub", "alex"}, {"iss", "https://login.example"}, {"aud", "the client"}, {"name", "Alex"}}), expected, issued_now, *server_keys()).value().name.value() == "Alex");
    BOOST_TEST(decode_userinfo(jwt({{"sub", "alex"}}), expected, issued_now, *server_keys()).has_value());
    refused(jwt({{"sub", "blake"}}), errc::subject_mismatch);
    refused(jwt({{"sub", "alex"}, {"iss", "https://other.example"}}), errc::token_issuer_mismatch);
    refused(jwt({{"sub", "alex"}, {"aud", "another"}}), errc::audience_mismatch);
    BOOST_TEST(decode_userinfo(jwt({{"sub", "alex"}}), expected, issued_now, *other_keys()).error().code == make_error_code(errc::unknown_key));
    refused(answer(R"({"sub":"alex"})", "application/jwt"), errc::malformed_token);
}

BOOST_AUTO_TEST_CASE(when_a_signed_answer_holds)   // RFC 7519 4.1.4 to 4.1.6
{
    auto const at = issued_now.time_since_epoch().count();
    auto const says = [](char const* name, boost::json::value value) { return answer(signed_token({{"sub", "alex"}, {name, std::move(value)}}), "application/jwt"); };
    for (auto const& [name, value] : std::vector<std::pair<char const*, boost::json::value>>{
             {"exp", at + 60}, {"exp", at - 299}, {"exp", static_cast<double>(at) + 60.5}, {"exp", nullptr}, {"nbf", at}, {"nbf", at + 300}, {"iat", at - 86400}, {"iat", at + 300}})
        BOOST_TEST_CONTEXT(name << " = " << value)
        {
            auto const who = decode_userinfo(says(name, value), expected, issued_now, *server_keys());
            BOOST_TEST_REQUIRE(who.has_value());
            BOOST_TEST(who->extra.empty());   // it says nothing of the user
        }
    refused(says("exp", 1000), errc::token_expired);
    refused(says("exp", at - 300), errc::token_expired);
    refused(says("exp", "soon"), errc::malformed_claims);
    refused(says("nbf", at + 301), errc::token_not_yet_valid);
    refused(says("nbf", true), errc::malformed_claims);
    refused(says("iat", at + 301), errc::token_not_yet_valid);
    refused(says("iat", -1), errc::malformed_claims);
    auto exact = expected;
    exact.leeway = seconds(0);
    auto const late = decode_userinfo(says("exp", at - 7), exact, issued_now, *server_keys());
    BOOST_TEST_REQUIRE(late.has_error());
    BOOST_TEST(late.error().code == make_error_code(errc::token_expired));
    BOOST_TEST((late.error().next == advice::fix_configuration));
    BOOST_TEST(late.error().hint.find("by 7 s") != std::string::npos);
    // Unsigned, they are claims as any other.
    BOOST_TEST(decode_userinfo(answer(R"({"sub":"alex","exp":1000})"), expected, issued_now).value().extra.contains("exp"));
}

BOOST_AUTO_TEST_CASE(a_token_of_another_type)   // RFC 8725 3.11
{
    auto const typed = [](char const* type) { return answer(signed_token({{"sub", "alex"}}, {{"typ", type}}), "application/jwt"); };
    for (auto const* type : {"at+jwt", "logout+jwt", "oauth-authz-req+jwt", "dpop+jwt", "JOSE"}) BOOST_TEST_CONTEXT(type) refused(typed(type), errc::malformed_token);
    for (auto const* type : {"JWT", "jwt", "application/jwt"}) BOOST_TEST(decode_userinfo(typed(type), expected, issued_now, *server_keys()).has_value(), type);
    BOOST_TEST((decode_userinfo(typed("at+jwt"), expected, issued_now, *server_keys()).error().next == advice::give_up));
}

BOOST_AUTO_TEST_CASE(answers_that_are_none)
{
    refused(answer("", "application/json", 401), errc::unexpected_status);
    refused(answer("<html>", "text/html"), errc::unexpected_content_type);
    refused(answer(std::string(9000, ' ')), errc::response_too_large);
    refused(answer(R"({"sub":"alex","sub":"alex"})"), errc::response_duplicate_member);
    refused(answer("[]"), errc::response_not_an_object);
}

BOOST_AUTO_TEST_SUITE_END()
