#include <oauth/request/revocation.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(request_revocation)

// RFC 7009 2.1
BOOST_AUTO_TEST_CASE(the_example_of_rfc_7009)
{
    oauth::form body;
    oauth::revocation{.token = oauth::secret("45ghiukldjahdnhzdauz"), .token_type_hint = "refresh_token"}.write(body);
    BOOST_TEST(body.str() == "token=45ghiukldjahdnhzdauz&token_type_hint=refresh_token");
    BOOST_TEST((oauth::revocation::where == &oauth::server_metadata::revocation_endpoint));
}

BOOST_AUTO_TEST_CASE(the_hint_may_be_left_out)
{
    oauth::form body;
    oauth::revocation{.token = oauth::secret("a/b+c")}.write(body);
    BOOST_TEST(body.str() == "token=a%2Fb%2Bc");
}

BOOST_AUTO_TEST_CASE(reads_the_answer)
{
    BOOST_TEST(oauth::revocation::read({200, {}, {}}, 0).has_value());
    BOOST_TEST(oauth::revocation::read({503, {}, {}}, 100).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
