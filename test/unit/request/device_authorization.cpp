#include <oauth/request/device_authorization.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/printing.hpp"
#include "../../support/sessions.hpp"
#include <string>

BOOST_AUTO_TEST_SUITE(request_device_authorization)

namespace {

std::string written(oauth::device_authorization const& message)
{
    oauth::form body;
    message.write(body);
    return std::string(body.str());
}

} // namespace

// RFC 8628 3.1; the client's id is added by its authentication.
BOOST_AUTO_TEST_CASE(example_of_rfc_8628)
{
    BOOST_TEST(written({.scope = "example_scope"}) == "scope=example_scope");
}

BOOST_AUTO_TEST_CASE(writes_what_is_set_and_nothing_else)
{
    BOOST_TEST(written({}) == "");
    BOOST_TEST(written({.scope = "a b", .resource = "https://graph.microsoft.com", .extra = {{"mkt", "de-DE"}}}) == "scope=a%20b&resource=https%3A%2F%2Fgraph.microsoft.com&mkt=de-DE");
    BOOST_TEST(written({.claims = "{}"}) == "");   // they go with the device code
}

BOOST_AUTO_TEST_CASE(goes_to_its_endpoint_and_reads_the_answer)
{
    BOOST_TEST(oauth::name_of(oauth::device_authorization::where) == "device_authorization_endpoint");
    auto const good = oauth::test::answer(200, R"({"device_code":"d","user_code":"u","verification_uri":"https://a.example/","expires_in":9})");
    BOOST_TEST(oauth::device_authorization::read(good, 1000).value().user_code == "u");
    BOOST_TEST(oauth::device_authorization::read(good, 10).error().code == oauth::errc::response_too_large);
}

BOOST_AUTO_TEST_SUITE_END()
