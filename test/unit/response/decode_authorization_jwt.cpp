#include <oauth/response/decode_authorization_jwt.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/json/serialize.hpp>
#include "../../support/id_tokens.hpp"
#include "../../support/jose.hpp"
#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using test_support::code_of;

pending_authorization begun()
{
    pending_authorization made;
    made.state = "S8NJ7uqk5fY4EjNvP_G_FtyJu6pUsvH9jsYni9dMAJw";
    made.redirect_uri = "https://client.example.com/cb";
    made.issuer = "https://accounts.example.com";
    made.signed_response = true;
    return made;
}

/// JARM 2.1
boost::json::object answer()
{
    return {{"iss", "https://accounts.example.com"}, {"aud", "s6BhdRkqt3"}, {"exp", issued_now.time_since_epoch().count() + 600}, {"code", "PyyFaux2o7Q0YfXBU32jhw.5FXSQpvr8akv9CeRDSd0QA"},
            {"state", "S8NJ7uqk5fY4EjNvP_G_FtyJu6pUsvH9jsYni9dMAJw"}};
}

boost::json::object answer_with(char const* name, boost::json::value value)
{
    auto made = answer();
    if (value.is_null()) made.erase(name);
    else made[name] = std::move(value);
    return made;
}

result<secret> decode(std::string_view text, pending_authorization const& pending = begun(), time_point now = issued_now)
{
    return decode_authorization_jwt(text, pending, "s6BhdRkqt3", *server_keys(), jws_algorithms::asymmetric(), now);
}

result<secret> decode_claims(boost::json::object const& claims, time_point now = issued_now) { return decode("https://client.example.com/cb?response=" + signed_token(claims), begun(), now); }

void refused(result<secret> const& outcome, errc why, advice next)
{
    BOOST_TEST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code == make_error_code(why), "it says " << outcome.error().code.message());
    BOOST_TEST((outcome.error().next == next));
    BOOST_TEST(describe(outcome.error()).find("PyyFaux") == std::string::npos);
    BOOST_TEST(describe(outcome.error()).find("S8NJ7") == std::string::npos);
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_decode_authorization_jwt)

BOOST_AUTO_TEST_CASE(every_form_of_the_same_answer)   // JARM 2.3: query.jwt, fragment.jwt, form_post.jwt
{
    auto const token = signed_token(answer());
    for (std::string const& text : {"https://client.example.com/cb?response=" + token, "https://client.example.com/cb#response=" + token, "response=" + token, "?response=" + token,
                                    "HTTPS://Client.Example.com:443/cb?response=" + token + "#", "https://client.example.com/cb?lang=de&response=" + token,
                                    " \t\nhttps://client.example.com/cb?response=" + token + " \r\n\t"})
    {
        auto const query = decode(text);
        BOOST_TEST_REQUIRE(query.has_value(), text << (query.has_error() ? describe(query.error()) : ""));
        auto const came = parse_authorization_response(query->reveal(), begun());
        BOOST_TEST_REQUIRE(came.has_value());
        BOOST_TEST(came->code.reveal() == "PyyFaux2o7Q0YfXBU32jhw.5FXSQpvr8akv9CeRDSd0QA");
        BOOST_TEST(came->state_checked);
    }
}

BOOST_AUTO_TEST_CASE(what_the_claims_say_is_what_the_query_says)
{
    auto claims = answer();
    claims["code"] = "a&state=evil%26=+ \"\xc3\xa4";
    claims["session_state"] = "x=y&z";
    claims["number"] = 7;   // no text: of no use here
    claims["jti"] = "unique";
    auto const query = decode_claims(claims);
    BOOST_TEST_REQUIRE(query.has_value());
    auto const parameters = parse_form(query->reveal()).value();
    BOOST_TEST((find_parameter(parameters, "code") == "a&state=evil%26=+ \"\xc3\xa4"));
    BOOST_TEST((find_parameter(parameters, "state") == begun().state));
    BOOST_TEST((find_parameter(parameters, "session_state") == "x=y&z"));
    BOOST_TEST((find_parameter(parameters, "iss") == begun().issuer));
    BOOST_TEST(parameters.size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_signed_too)
{
    auto claims = answer();
    claims.erase("code");
    claims["error"] = "access_denied";
    claims["error_description"] = "The user said no";
    auto const query = decode_claims(claims);
    BOOST_TEST_REQUIRE(query.has_value());
    auto const came = parse_authorization_response(query->reveal(), begun());
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST(came.error().code == error_code(server_errc::access_denied));
    BOOST_TEST(came.error().server.error_description == "The user said no");
}

BOOST_AUTO_TEST_CASE(the_state_and_the_code_are_still_looked_at)
{
    struct row
    {
        char const* claim;
        boost::json::value value;
        errc why;
    };
    for (auto const& [claim, value, why] : std::vector<row>{{"state", nullptr, errc::state_missing},
                                                            {"state", "another", errc::state_mismatch},
                                                            {"state", 7, errc::state_missing},
                                                            {"code", nullptr, errc::code_missing},
                                                            {"code", "", errc::code_empty},
                                                            {"error", "access_denied", errc::code_and_error}})
    {
        auto const query = decode_claims(answer_with(claim, value));
        BOOST_TEST_REQUIRE(query.has_value());
        BOOST_TEST(code_of(parse_authorization_response(query->reveal(), begun())) == why);
    }
}

BOOST_AUTO_TEST_CASE(claims_that_are_wrong)   // JARM 2.4
{
    auto const at = issued_now.time_since_epoch().count();
    using boost::json::array;
    struct row
    {
        char const* claim;
        boost::json::value value;
        errc why;
        advice next = advice::give_up;
    };
    std::vector<row> const rows{
        {"iss", nullptr, errc::issuer_mismatch},
        {"iss", "https://accounts.example.com/", errc::issuer_mismatch},
        {"iss", 7, errc::issuer_mismatch},
        {"aud", nullptr, errc::audience_mismatch},
        {"aud", "another", errc::audience_mismatch},
        {"aud", "", errc::audience_mismatch},
        {"aud", array{}, errc::audience_mismatch},
        {"aud", array{"another", 7}, errc::audience_mismatch},
        {"exp", nullptr, errc::claim_missing},
        {"exp", "soon", errc::malformed_claims},
        {"exp", -1, errc::malformed_claims},
        {"exp", 0, errc::token_expired, advice::sign_in_again},
        {"exp", at - 300, errc::token_expired, advice::sign_in_again},
        {"exp", std::int64_t{253'402'300'800}, errc::malformed_claims},
        {"exp", std::numeric_limits<std::int64_t>::max(), errc::malformed_claims},
        {"exp", 1e300, errc::malformed_claims},
        {"nbf", at + 301, errc::token_not_yet_valid, advice::fix_configuration},
        {"nbf", "now", errc::malformed_claims},
        {"iat", at + 301, errc::token_not_yet_valid, advice::fix_configuration},
        {"iat", true, errc::malformed_claims},
    };
    for (auto const& [claim, value, why, next] : rows) BOOST_TEST_CONTEXT(claim << " = " << value) refused(decode_claims(answer_with(claim, value)), why, next);
    for (auto const& [claim, value] : std::vector<std::pair<char const*, boost::json::value>>{{"exp", at - 299}, {"exp", static_cast<double>(at) + 60.5}, {"exp", std::int64_t{253'402'300'799}}, {"nbf", at + 300},
                                                                                           {"iat", at + 300}, {"iat", 0.5}, {"aud", array{"another", "s6BhdRkqt3"}}})
        BOOST_TEST_CONTEXT(claim << " = " << value) BOOST_TEST(decode_claims(answer_with(claim, value)).has_value());
    auto nobody = begun();
    nobody.issuer.clear();
    refused(decode("response=" + signed_token(answer_with("iss", "")), nobody), errc::issuer_mismatch, advice::give_up);
}

BOOST_AUTO_TEST_CASE(a_token_of_another_type)   // RFC 8725 3.11
{
    auto const typed = [](char const* type) { return decode("response=" + signed_token(answer(), {{"typ", type}})); };
    for (auto const* type : {"at+jwt", "logout+jwt", "oauth-authz-req+jwt", "JOSE"}) BOOST_TEST_CONTEXT(type) refused(typed(type), errc::malformed_token, advice::give_up);
    for (auto const* type : {"JWT", "jwt", "application/jwt"}) BOOST_TEST(typed(type).has_value(), type);
}

BOOST_AUTO_TEST_CASE(signatures_that_are_wrong)
{
    auto const at_cb = [](std::string const& token) { return decode("https://client.example.com/cb?response=" + token); };
    auto const token = signed_token(answer());
    auto const payload = token.substr(token.find('.') + 1, token.rfind('.') - token.find('.') - 1);
    auto forged = token;
    forged[token.rfind('.') + 4] = forged[token.rfind('.') + 4] == 'A' ? 'B' : 'A';
    refused(at_cb(forged), errc::bad_signature, advice::give_up);
    refused(at_cb(base64url_encode(std::string_view(R"({"alg":"none"})")) + '.' + payload + '.'), errc::unsigned_token, advice::give_up);
    refused(at_cb("a.b.c.d.e"), errc::encrypted_token, advice::fix_configuration);
    refused(at_cb("a.b"), errc::malformed_token, advice::give_up);
    auto const by_another = std::string(sign_jwt(answer(), private_key::generate(jws_algorithm::es256).value().with_key_id("k9"), jws_algorithm::es256).value().reveal());
    refused(at_cb(by_another), errc::unknown_key, advice::retry);
    // The public key as the secret of an HMAC.
    auto const confused = private_key::symmetric(secret(boost::json::serialize(server_key().public_key().json())), "k1").value();
    auto const by_hmac = std::string(sign_jwt(answer(), confused, jws_algorithm::hs256).value().reveal());
    refused(at_cb(by_hmac), errc::algorithm_not_allowed, advice::fix_configuration);
    auto const allowed = decode_authorization_jwt("response=" + by_hmac, begun(), "s6BhdRkqt3", *server_keys(), {jws_algorithm::es256, jws_algorithm::hs256}, issued_now);
    refused(allowed, errc::key_not_fit, advice::give_up);
}

BOOST_AUTO_TEST_CASE(what_is_no_signed_answer)
{
    auto const token = signed_token(answer());
    struct row
    {
        std::string text;
        errc why;
    };
    for (auto const& [text, why] : std::vector<row>{
             {"", errc::malformed_redirect},
             {" \t\r\n", errc::malformed_redirect},
             {"PyyFaux2o7Q0YfXBU32jhw", errc::malformed_redirect},
             {token, errc::malformed_redirect},   // alone it says nothing of where it came to
             {"https://client.example.com/cb", errc::malformed_redirect},
             {"https://client.example.com/cb?code=C&state=S8NJ7uqk5fY4EjNvP_G_FtyJu6pUsvH9jsYni9dMAJw", errc::malformed_redirect},   // unsigned: a signature can't be left out
             {"https://client.example.com/cb?error=access_denied&state=S8NJ7uqk5fY4EjNvP_G_FtyJu6pUsvH9jsYni9dMAJw", errc::malformed_redirect},
             {"https://client.example.com/cb?response=", errc::malformed_redirect},
             {"https://client.example.com/cb?response=" + token + "&response=" + token, errc::duplicate_parameter},
             {"https://client.example.com/cb?response=&response=" + token, errc::duplicate_parameter},
             {"https://client.example.com/cb?response=%4", errc::malformed_encoding},
             {"https://evil.example/cb?response=" + token, errc::redirect_uri_mismatch},
             {"http://client.example.com/cb?response=" + token, errc::redirect_uri_mismatch},
             {"https://client.example.com/cb/?response=" + token, errc::redirect_uri_mismatch},
             {"https://client.example.com/cb?response=" + std::string(64 * 1024, 'x'), errc::malformed_redirect},
         })
        BOOST_TEST_CONTEXT(text.substr(0, 80)) refused(decode(text), why, advice::sign_in_again);
}

// Anybody can reach a loopback port: the wait goes on until an answer names the state.
BOOST_AUTO_TEST_CASE(whose_answer_it_claims_to_be)
{
    auto const names = [](boost::json::object const& claims, std::string_view state) {
        return detail::names_state("https://client.example.com/cb?response=" + signed_token(claims), state);
    };
    BOOST_TEST(names(answer(), begun().state));
    BOOST_TEST(!names(answer(), "another"));
    BOOST_TEST(!names(answer_with("state", nullptr), begun().state));
    BOOST_TEST(!names(answer_with("state", ""), ""));
    BOOST_TEST(!names(answer_with("state", 7), "7"));
    BOOST_TEST(!detail::names_state("https://client.example.com/cb?code=c&state=" + begun().state, begun().state));
    BOOST_TEST(!detail::names_state("https://client.example.com/cb?response=x", begun().state));
    BOOST_TEST(!detail::names_state("", begun().state));
}

BOOST_AUTO_TEST_SUITE_END()
