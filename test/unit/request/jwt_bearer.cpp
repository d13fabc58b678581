#include <oauth/request/jwt_bearer.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(request_jwt_bearer)

// RFC 7523 4, whose JWT is cut short there.
BOOST_AUTO_TEST_CASE(example_of_rfc_7523)
{
    std::string const jwt = "eyJhbGciOiJFUzI1NiIsImtpZCI6IjE2In0.eyJpc3Mi.J9l-ZhwP";
    BOOST_TEST(oauth::token_request_body(oauth::jwt_bearer{oauth::secret(jwt)}).str() == "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + jwt);
}

BOOST_AUTO_TEST_CASE(writes_what_is_set_and_nothing_else)
{
    std::string const begin = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=a";
    BOOST_TEST(oauth::token_request_body(oauth::jwt_bearer{oauth::secret("a"), "r w"}).str() == begin + "&scope=r%20w");
    BOOST_TEST(oauth::token_request_body(oauth::jwt_bearer{oauth::secret("a"), {}, "https://api.example"}).str() == begin + "&resource=https%3A%2F%2Fapi.example");
}

BOOST_AUTO_TEST_SUITE_END()
