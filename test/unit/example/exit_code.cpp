#include "../../../example/support/exit_code.hpp"
#include <oauth/core/http_message.hpp>
#include <oauth/core/pending_authorization.hpp>
#include <oauth/error/advice_rule.hpp>
#include <oauth/provider/microsoft/advice_rules.hpp>
#include <oauth/response/authorization_response.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

namespace {

using namespace oauth;

int status_of(failure why)
{
    advise(microsoft::advice_rules, why);
    return example::exit_code_of(why);
}

int of_redirect(std::string_view query)
{
    pending_authorization pending;
    pending.state = "the-state-of-this-sign-in";
    pending.issuer = "https://login.example/tenant/v2.0";
    pending.redirect_uri = "http://localhost/";
    auto const answer = parse_authorization_response("http://localhost/?state=the-state-of-this-sign-in&" + std::string(query), pending);
    BOOST_TEST_REQUIRE(answer.has_error(), query);
    return status_of(answer.error());
}

int of_token_endpoint(int status, std::string_view body)
{
    auto const answer = decode_token_response({status, {{"Content-Type", "application/json"}}, secret(body)});
    BOOST_TEST_REQUIRE(answer.has_error(), body);
    return status_of(answer.error());
}

} // namespace

BOOST_AUTO_TEST_SUITE(example_exit_code)

BOOST_AUTO_TEST_CASE(is_by_what_to_do_next)
{
    struct
    {
        advice next;
        int status;
    } const rows[] = {{advice::retry, 1}, {advice::retry_after, 1}, {advice::fix_configuration, 2}, {advice::sign_in_again, 3}, {advice::consent, 3}, {advice::give_up, 6}};
    for (auto const& row : rows)
    {
        BOOST_TEST(example::exit_code_of(failure(errc::unexpected_status, row.next)) == row.status, to_string(row.next));
        // What became of the session goes before that, and so does a user who did not come back.
        for (auto const code : {errc::store_unreadable, errc::store_not_writable, errc::store_insecure, errc::store_from_newer_version})
            BOOST_TEST(example::exit_code_of(failure(code, row.next)) == 4);
        for (auto const code : {errc::sign_in_timeout, errc::input_closed, errc::cancelled}) BOOST_TEST(example::exit_code_of(failure(code, row.next)) == 3);
    }
    // It passes when the other program is done.
    BOOST_TEST(example::exit_code_of(failure(errc::lock_timeout, advice::retry)) == 1);
}

// A script that tries again on 1 must not hammer an account that is blocked.
BOOST_AUTO_TEST_CASE(of_what_stays_as_it_is_is_none_to_try_again)
{
    for (std::string const number : {"53003", "530032", "50057"})
    {
        BOOST_TEST(of_token_endpoint(400, R"({"error":"invalid_grant","error_description":"AADSTS)" + number + R"(: Blocked.","error_codes":[)" + number + "]}") == 6, number);
        BOOST_TEST(of_redirect("error=interaction_required&error_description=AADSTS" + number + "%3A%20Blocked.") == 6, number);
    }
    BOOST_TEST(of_redirect("code=1.AbCdEfGh&iss=https%3A%2F%2Fother.example") == 6);
    BOOST_TEST(of_redirect("code=1.AbCdEfGh&error=access_denied") == 6);
    BOOST_TEST(of_redirect("error=access_denied") == 3);
    BOOST_TEST(of_redirect("error=access_denied&error_subcode=cancel") == 3);
    BOOST_TEST(of_redirect("error=temporarily_unavailable") == 1);
    BOOST_TEST(of_token_endpoint(503, R"({"error":"temporarily_unavailable","error_description":"AADSTS90033: A transient error.","error_codes":[90033]})") == 1);
    BOOST_TEST(of_token_endpoint(400, R"({"error":"invalid_grant","error_description":"AADSTS50173: Revoked.","error_codes":[50173]})") == 3);
    BOOST_TEST(of_token_endpoint(401, R"({"error":"invalid_client","error_description":"AADSTS7000215: Wrong.","error_codes":[7000215]})") == 2);
}

BOOST_AUTO_TEST_CASE(has_a_line_in_the_help)
{
    for (auto const code : {example::succeeded, example::failed, example::wrong_settings, example::not_signed_in, example::not_stored, example::not_printed, example::refused})
        BOOST_TEST(example::exit_codes_help.find("\n  " + std::to_string(code) + "  ") != std::string_view::npos, code);
    BOOST_TEST(example::exit_codes_help.find("\n  1  something failed that may pass, or another program is using the session: try again\n") != std::string_view::npos);
    BOOST_TEST(example::exit_codes_help.find("\n  6  trying again will not help: ") != std::string_view::npos);
    BOOST_TEST(example::exit_codes_help.find("or the sign-in has to be done anew\n") != std::string_view::npos);
}

BOOST_AUTO_TEST_SUITE_END()
