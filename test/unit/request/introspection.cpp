#include <oauth/request/introspection.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(request_introspection)

// RFC 7662 2.1
BOOST_AUTO_TEST_CASE(the_examples_of_rfc_7662)
{
    oauth::form first, second;
    oauth::introspection{.token = oauth::secret("2YotnFZFEjr1zCsicMWpAA")}.write(first);
    BOOST_TEST(first.str() == "token=2YotnFZFEjr1zCsicMWpAA");
    oauth::introspection{.token = oauth::secret("mF_9.B5f-4.1JqM"), .token_type_hint = "access_token"}.write(second);
    BOOST_TEST(second.str() == "token=mF_9.B5f-4.1JqM&token_type_hint=access_token");
    BOOST_TEST((oauth::introspection::where == &oauth::server_metadata::introspection_endpoint));
}

BOOST_AUTO_TEST_CASE(reads_the_answer)
{
    oauth::http_response const answer{200, {{"Content-Type", "application/json"}}, oauth::secret(R"({"active":true,"sub":"x"})")};
    BOOST_TEST(oauth::introspection::read(answer, 100).value().subject == "x");
    BOOST_TEST(oauth::introspection::read(answer, 10).has_error());
}

BOOST_AUTO_TEST_SUITE_END()
