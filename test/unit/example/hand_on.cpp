#include "../../../example/07_on_behalf_of_api/hand_on.hpp"
#include <oauth/core/http_message.hpp>
#include <oauth/response/challenge.hpp>
#include <oauth/response/claims_challenge.hpp>
#include <oauth/response/step_up_challenge.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace oauth;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

constexpr std::string_view sign_in_at = "https://login.example/authorize";

failure step_up(std::string acr_values, std::optional<seconds> max_age = {})
{
    failure why(server_errc::insufficient_user_authentication, advice::sign_in_again);
    why.server.acr_values = std::move(acr_values);
    why.server.max_age = max_age;
    return why;
}

std::string header_of(failure const& why)
{
    auto const answer = example::hand_on(why, sign_in_at);
    BOOST_TEST(answer.status == 401);
    return std::string(find_field(answer.fields, "WWW-Authenticate"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(example_hand_on)

BOOST_AUTO_TEST_CASE(another_sign_in_is_the_caller_s_to_see_to)
{
    BOOST_TEST(header_of(step_up("myACR other", 5s)) ==
               R"(Bearer authorization_uri="https://login.example/authorize", error="insufficient_user_authentication", acr_values="myACR other", max_age="5")");
    BOOST_TEST(header_of(step_up("")) == R"(Bearer authorization_uri="https://login.example/authorize", error="insufficient_user_authentication")");
    auto const understood = step_up_challenge::find(example::hand_on(step_up("urn:example:gold", 0s), sign_in_at)).value();
    BOOST_TEST(understood.acr_values == "urn:example:gold");
    BOOST_TEST((understood.max_age == 0s));
}

// They are another API's words, and this is a header.
BOOST_AUTO_TEST_CASE(what_can_not_stand_between_quotes_is_left_out)
{
    for (std::string_view const values : {"a\r\nSet-Cookie: x=y"sv, "a\nb"sv, "a\", max_age=\"0"sv, "a\\"sv, "a\tb"sv, "a\x7f"sv, "\xc3\xa4"sv, "a\0b"sv})
        BOOST_TEST(header_of(step_up(std::string(values), 5s)) == R"(Bearer authorization_uri="https://login.example/authorize", error="insufficient_user_authentication", max_age="5")");
}

BOOST_AUTO_TEST_CASE(all_else)
{
    failure claims(server_errc::insufficient_claims, advice::sign_in_again);
    claims.server.claims = R"({"access_token":{"acrs":{"essential":true,"value":"c1"}}})";
    BOOST_TEST(claims_challenge(parse_challenges({{"WWW-Authenticate", header_of(claims)}})).value() == claims.server.claims);
    BOOST_TEST(header_of(failure(server_errc::invalid_grant, advice::sign_in_again)) == R"(Bearer authorization_uri="https://login.example/authorize", error="invalid_token")");
    auto const outage = example::hand_on(failure(errc::connect_failed, advice::retry), sign_in_at);
    BOOST_TEST(outage.status == 502);
    BOOST_TEST(find_field(outage.fields, "WWW-Authenticate") == "");
}

BOOST_AUTO_TEST_SUITE_END()
