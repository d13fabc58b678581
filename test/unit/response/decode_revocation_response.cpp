#include <oauth/response/decode_revocation_response.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/printing.hpp"
#include "../../support/sessions.hpp"
#include <string>

using namespace oauth;
using test::answer;

BOOST_AUTO_TEST_SUITE(response_decode_revocation_response)

BOOST_AUTO_TEST_CASE(success_is_the_status_alone)
{
    // RFC 7009 2.2: the content is ignored.
    for (std::string const body : {"", "{}", "ok", R"({"error":"invalid_request"})", "\xff"})
        for (auto const* type : {"text/plain", "application/json", "text/html"}) BOOST_TEST(decode_revocation_response(answer(200, body, {{"Content-Type", type}})).has_value());
    BOOST_TEST(decode_revocation_response(answer(200, std::string(5 << 20, 'x'))).has_value());
}

BOOST_AUTO_TEST_CASE(the_servers_errors)
{
    auto const no = decode_revocation_response(answer(400, R"({"error":"unsupported_token_type"})")).error();
    BOOST_TEST(no.code == server_errc::unsupported_token_type);
    BOOST_TEST(no.next == advice::fix_configuration);
    BOOST_TEST(decode_revocation_response(answer(401, R"({"error":"invalid_client"})")).error().code == server_errc::invalid_client);
}

BOOST_AUTO_TEST_CASE(out_of_order_for_a_while)
{
    // RFC 7009 2.2.1: the token still exists; try again after a while.
    auto const later = decode_revocation_response(answer(503, "", {{"Retry-After", "120"}})).error();
    BOOST_TEST(later.code == errc::unexpected_status);
    BOOST_TEST(later.next == advice::retry_after);
    BOOST_TEST((later.retry_after == seconds(120)));
    BOOST_TEST(decode_revocation_response(answer(503, "")).error().next == advice::retry);
    auto const said = decode_revocation_response(answer(503, R"({"error":"temporarily_unavailable"})", {{"Retry-After", "1"}})).error();
    BOOST_TEST(said.code == server_errc::temporarily_unavailable);
    BOOST_TEST(said.next == advice::retry_after);
}

BOOST_AUTO_TEST_CASE(anything_else_is_no_success)
{
    for (int const status : {201, 202, 204, 302, 400, 404, 500}) BOOST_TEST(decode_revocation_response(answer(status, "")).has_error(), status);
    BOOST_TEST(decode_revocation_response(answer(302, "")).error().code == errc::redirect_refused);
    BOOST_TEST(decode_revocation_response(answer(404, "")).error().hint == "check the URL of the revocation endpoint");
}

BOOST_AUTO_TEST_SUITE_END()
