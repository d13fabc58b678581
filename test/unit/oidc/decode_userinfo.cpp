#include <oauth/oidc/decode_userinfo.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/fixture.hpp"
#include "../../support/id_tokens.hpp"
#include "../../support/printing.hpp"
#include <string>
#include <utility>

namespace {

using namespace oauth;
using namespace oauth::test;

userinfo_expectations const expected{.subject = "alex", .issuer = "https://login.example", .client_id = "the client"};

http_response answer(std::string body, std::string type = "application/json", int status = 200) { return {status, {{"Content-Type", std::move(type)}}, secret(std::move(body))}; }

void refused(http_response const& response, errc why)
{
    auto const outcome = decode_userinfo(response, expected, *server_keys(), 8192);
    BOOST_TEST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code == make_error_code(why), "it says " << outcome.error().code.message());
}

} // namespace

BOOST_AUTO_TEST_SUITE(oidc_decode_userinfo)

// OpenID Connect Core 5.3.2
BOOST_AUTO_TEST_CASE(example_of_the_specification)
{
    auto const who = decode_userinfo(answer(R"({"sub":"248289761001","name":"Jane Doe","given_name":"Jane","family_name":"Doe","preferred_username":"j.doe",
        "email":"janedoe@example.com","picture":"http://example.com/janedoe/me.jpg"})"), {.subject = "248289761001"});
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
    BOOST_TEST(decode_userinfo(answer(body, "application/json; charset=utf-8"), {.subject = subject}).has_value());
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
    BOOST_TEST(decode_userinfo(jwt({{"sub", "alex"}, {"iss", "https://login.example"}, {"aud", "the client"}, {"name", "Alex"}}), expected, *server_keys()).value().name.value() == "Alex");
    BOOST_TEST(decode_userinfo(jwt({{"sub", "alex"}}), expected, *server_keys()).has_value());
    refused(jwt({{"sub", "blake"}}), errc::subject_mismatch);
    refused(jwt({{"sub", "alex"}, {"iss", "https://other.example"}}), errc::token_issuer_mismatch);
    refused(jwt({{"sub", "alex"}, {"aud", "another"}}), errc::audience_mismatch);
    BOOST_TEST(decode_userinfo(jwt({{"sub", "alex"}}), expected, *other_keys()).error().code == make_error_code(errc::unknown_key));
    refused(answer(R"({"sub":"alex"})", "application/jwt"), errc::malformed_token);
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
