#include <oauth/request/pushed_authorization.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(request_pushed_authorization)

BOOST_AUTO_TEST_CASE(writes_its_parameters_as_they_are)
{
    oauth::form body;
    oauth::pushed_authorization{"response_type=code&scope=a%20b"}.write(body);
    BOOST_TEST(body.str() == "response_type=code&scope=a%20b");
    BOOST_TEST((oauth::pushed_authorization::where == &oauth::server_metadata::pushed_authorization_request_endpoint));
}

BOOST_AUTO_TEST_CASE(reads_the_answer)
{
    oauth::http_response const answer{201, {{"Content-Type", "application/json"}}, oauth::secret(R"({"request_uri":"urn:x:y","expires_in":60})")};
    BOOST_TEST(oauth::pushed_authorization::read(answer, 100).value().request_uri == "urn:x:y");
    BOOST_TEST(oauth::pushed_authorization::read(answer, 10).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
