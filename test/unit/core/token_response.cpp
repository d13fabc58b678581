#include <oauth/core/token_response.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_token_response)

BOOST_AUTO_TEST_CASE(starts_with_nothing)
{
    oauth::token_response const nothing;
    BOOST_TEST(!nothing.token_type.has_value());
    BOOST_TEST(!nothing.expires_in.has_value());
    BOOST_TEST(nothing.access_token.empty());
    BOOST_TEST(nothing.refresh_token.empty());
    BOOST_TEST(nothing.id_token.empty());
    BOOST_TEST(!nothing.find_extra("").has_value());
}

BOOST_AUTO_TEST_CASE(find_extra_gives_the_json_of_the_first)
{
    oauth::token_response response;
    response.extra.push_back({"pwd_exp", oauth::secret("\"6553342\"")});
    response.extra.push_back({"pwd_exp", oauth::secret("2")});
    response.extra.push_back({"empty", oauth::secret()});
    BOOST_TEST(response.find_extra("pwd_exp").value() == "\"6553342\"");
    BOOST_TEST(response.find_extra("empty").value() == "");
    BOOST_TEST(!response.find_extra("pwd").has_value());
    BOOST_TEST(!response.find_extra("PWD_EXP").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
