#include <oauth/response/decode_token_response.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/printing.hpp"
#include <string>

namespace {

using namespace oauth;

result<token_response> decode(std::string body, std::string type = "application/x-www-form-urlencoded; charset=utf-8", int status = 200, std::size_t limit = 4096)
{
    return decode_token_response({status, {{"Content-Type", std::move(type)}}, secret(std::move(body))}, limit);
}

errc fault(result<token_response> const& outcome)
{
    BOOST_TEST_REQUIRE(outcome.has_error());
    return static_cast<errc>(outcome.error().code.value());
}

} // namespace

// GitHub's default answer.
BOOST_AUTO_TEST_SUITE(response_form_token_response)

BOOST_AUTO_TEST_CASE(githubs_example)
{
    auto const made = decode("access_token=gho_16C7e42F292c6912E7710c838347Ae178B4a&scope=repo%2Cgist&token_type=bearer");
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST(made->access_token.reveal() == "gho_16C7e42F292c6912E7710c838347Ae178B4a");
    BOOST_TEST(made->scope.value() == "repo,gist");
    BOOST_TEST(made->token_type.value() == "bearer");
    BOOST_TEST(!made->expires_in.has_value());
}

BOOST_AUTO_TEST_CASE(numbers_and_unknown_members)
{
    auto const made = decode("access_token=a&token_type=bearer&expires_in=28800&refresh_token=r%2B1&refresh_token_expires_in=15897600&more=x+y&expires_on=soon");
    BOOST_TEST_REQUIRE(made.has_value());
    BOOST_TEST((made->expires_in == seconds(28800)));
    BOOST_TEST((made->refresh_token_expires_in == seconds(15897600)));
    BOOST_TEST(made->refresh_token.reveal() == "r+1");
    BOOST_TEST(made->find_extra("more").value() == "\"x y\"");
    BOOST_TEST(made->unusable == std::vector<std::string>{"expires_on"});
}

BOOST_AUTO_TEST_CASE(an_error_with_status_200)
{
    auto const made = decode("error=bad_verification_code&error_description=The+code+passed+is+incorrect+or+expired.&error_uri=https%3A%2F%2Fdocs.github.com");
    BOOST_TEST_REQUIRE(made.has_error());
    BOOST_TEST(made.error().code == make_error_code(server_errc::bad_verification_code));
    BOOST_TEST(made.error().server.error_description == "The code passed is incorrect or expired.");
}

BOOST_AUTO_TEST_CASE(answers_that_are_none)
{
    BOOST_TEST(fault(decode("access_token=a&access_token=b&token_type=bearer")) == errc::response_duplicate_member);
    BOOST_TEST(fault(decode("access_token=%zz&token_type=bearer")) == errc::malformed_encoding);
    BOOST_TEST(fault(decode("")) == errc::response_missing_member);
    BOOST_TEST(fault(decode("access_token=a")) == errc::response_missing_member);
    BOOST_TEST(fault(decode(R"({"access_token":"a","token_type":"bearer"})")) == errc::response_missing_member);
    BOOST_TEST(fault(decode(std::string(5000, 'a'))) == errc::response_too_large);
    BOOST_TEST(fault(decode("access_token=a&token_type=bearer", "text/html")) == errc::unexpected_content_type);
    BOOST_TEST(decode("error=invalid_client", "application/x-www-form-urlencoded", 401).error().code == make_error_code(server_errc::invalid_client));
}

BOOST_AUTO_TEST_SUITE_END()
