#include <oauth/response/step_up_challenge.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <optional>
#include <string>

namespace {

using namespace oauth;
using namespace std::chrono_literals;

std::optional<step_up_challenge> found(std::string challenge, int status = 401)
{
    return step_up_challenge::find(http_response{status, {{"WWW-Authenticate", std::move(challenge)}}, {}});
}

std::optional<seconds> age(std::string const& text) { return found("Bearer error=insufficient_user_authentication, max_age=" + text).value().max_age; }

} // namespace

BOOST_AUTO_TEST_SUITE(response_step_up_challenge)

BOOST_AUTO_TEST_CASE(examples_of_the_specification)   // RFC 9470 3
{
    auto const level = found(R"(Bearer error="insufficient_user_authentication", error_description="A different authentication level is required", acr_values="myACR")");
    BOOST_TEST_REQUIRE(level.has_value());
    BOOST_TEST(level->acr_values == "myACR");
    BOOST_TEST(!level->max_age.has_value());
    auto const recent = found(R"(Bearer error="insufficient_user_authentication", error_description="More recent authentication is required", max_age="5")");
    BOOST_TEST_REQUIRE(recent.has_value());
    BOOST_TEST(recent->acr_values == "");
    BOOST_TEST((recent->max_age == 5s));
}

BOOST_AUTO_TEST_CASE(any_scheme_and_place)
{
    BOOST_TEST(found(R"(DPoP error="insufficient_user_authentication", acr_values="a b")")->acr_values == "a b");
    BOOST_TEST(found(R"(Basic realm="x", Bearer error="insufficient_user_authentication", acr_values="second")", 403)->acr_values == "second");
    BOOST_TEST(!found(R"(Bearer error="insufficient_user_authentication")", 400).has_value());
    BOOST_TEST(!found(R"(Bearer error="invalid_token", acr_values="a")").has_value());
    BOOST_TEST(!found("Bearer").has_value());
    BOOST_TEST(!found("").has_value());
    BOOST_TEST(!step_up_challenge::find(http_response{401, {}, {}}).has_value());
}

BOOST_AUTO_TEST_CASE(an_age_is_a_number_of_seconds)
{
    BOOST_TEST((age("0") == 0s));
    BOOST_TEST((age("3155760000") == 3155760000s));
    for (auto const* text : {"-1", "5.0", "1e3", "soon", "0x5", "3155760001", "99999999999999999999999", "\"\"", "\" 5\""}) BOOST_TEST(!age(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(what_is_too_long_is_passed_over)
{
    auto const of = [](std::size_t size) { return found(R"(Bearer error="insufficient_user_authentication", acr_values=")" + std::string(size, 'a') + '"')->acr_values.size(); };
    BOOST_TEST(of(4096) == 4096U);
    BOOST_TEST(of(4097) == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
