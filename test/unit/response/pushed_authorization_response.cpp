#include <oauth/response/pushed_authorization_response.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/printing.hpp"
#include "../../support/sessions.hpp"
#include <string>
#include <vector>

namespace {

using namespace oauth;
using test::answer;

result<pushed_authorization_response> read(std::string body, int status = 201) { return decode_pushed_authorization_response(answer(status, std::move(body))); }

std::string with_uri(std::string const& uri) { return R"({"request_uri":")" + uri + R"(","expires_in":60})"; }

} // namespace

BOOST_AUTO_TEST_SUITE(response_pushed_authorization_response)

BOOST_AUTO_TEST_CASE(the_example_of_rfc_9126)
{
    auto const made = read(R"({
     "request_uri":
       "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c",
     "expires_in": 60
    })").value();
    BOOST_TEST(made.request_uri == "urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c");
    BOOST_TEST(made.expires_in.count() == 60);
}

BOOST_AUTO_TEST_CASE(the_error_of_rfc_9126)
{
    auto const why = read(R"({"error": "invalid_request", "error_description": "The redirect_uri is not valid for the given client"})", 400).error();
    BOOST_TEST(why.code == server_errc::invalid_request);
    BOOST_TEST(why.server.error_description == "The redirect_uri is not valid for the given client");
    // RFC 9126 2.3: 405, 413 and 429 need no body.
    BOOST_TEST(read("", 405).error().next == advice::fix_configuration);
    BOOST_TEST(read("", 413).error().code == errc::unexpected_status);
    auto const later = decode_pushed_authorization_response(answer(429, "", {{"Retry-After", "3"}})).error();
    BOOST_TEST(later.next == advice::retry_after);
}

BOOST_AUTO_TEST_CASE(only_201_is_a_success)
{
    for (int const status : {200, 202, 204, 302, 404, 500}) BOOST_TEST(read(with_uri("urn:x:y"), status).has_error(), status);
    BOOST_TEST(read(with_uri("urn:x:y"), 200).error().code == errc::unexpected_status);
    BOOST_TEST(read(with_uri("urn:x:y"), 200).error().next == advice::give_up);
    BOOST_TEST(read(R"({"error":"invalid_request"})", 201).error().code == server_errc::invalid_request);
}

BOOST_AUTO_TEST_CASE(the_request_uri_is_an_absolute_uri)
{
    for (auto const* good : {"urn:x:y", "https://server.example/requests/1?a=b", "URN:X:Y", "a+b:c"}) BOOST_TEST(read(with_uri(good)).has_value(), good);
    BOOST_TEST(read(with_uri("urn:x:" + std::string(2042, 'y'))).has_value());
    for (std::string const& bad : std::vector<std::string>{"x", "/requests/1", "//server.example/1", "urn:x y", "urn:x\\ny", "urn:x%zz", "ü:x", "urn:ü", "1:x", "urn:x:" + std::string(2043, 'y')})
    {
        auto const why = read(with_uri(bad)).error();
        BOOST_TEST(why.code == errc::response_bad_value, bad);
        BOOST_TEST(why.hint == "request_uri");
        BOOST_TEST(why.http_status == 201);
    }
    BOOST_TEST(read(with_uri("")).error().code == errc::response_bad_value);
    BOOST_TEST(read(R"({"expires_in":60})").error().code == errc::response_missing_member);
    BOOST_TEST(read(R"({"request_uri":["urn:x:y"],"expires_in":60})").error().code == errc::response_wrong_type);
}

BOOST_AUTO_TEST_CASE(it_lives_for_a_while)
{
    auto const life = [](std::string const& json) { return read(R"({"request_uri":"urn:x:y","expires_in":)" + json + '}'); };
    BOOST_TEST(life("\"90\"").value().expires_in.count() == 90);
    BOOST_TEST(life("99999999999").value().expires_in.count() == 2'147'483'647);
    for (auto const* bad : {"0", "-1", "0.5", "\"0\""}) BOOST_TEST(life(bad).error().code == errc::response_bad_value, bad);
    for (auto const* bad : {"true", "[60]", "\"soon\""}) BOOST_TEST(life(bad).error().code == errc::response_wrong_type, bad);
    BOOST_TEST(life("null").error().code == errc::response_missing_member);
}

BOOST_AUTO_TEST_SUITE_END()
