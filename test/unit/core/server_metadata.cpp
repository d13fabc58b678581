#include <oauth/core/server_metadata.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(core_server_metadata)

BOOST_AUTO_TEST_CASE(is_written_with_designated_initialisers)
{
    oauth::server_metadata const server{.issuer = "https://login.example", .authorization_endpoint = "https://login.example/authorize",
        .token_endpoint = "https://login.example/token"};
    BOOST_TEST(server.token_endpoint.host() == "login.example");
    BOOST_TEST(server.jwks_uri.empty());
    BOOST_TEST(!server.authorization_response_iss_parameter_supported);
    BOOST_TEST(!server.asks_by_resource);
    BOOST_TEST(server.advice_rules.empty());
}

BOOST_AUTO_TEST_CASE(each_url_is_checked_where_it_is_set)
{
    oauth::server_metadata server;
    BOOST_CHECK_THROW(server.token_endpoint = "http://login.example/token", oauth::error);
    BOOST_CHECK_THROW(server.jwks_uri = "not a URL", oauth::error);
    BOOST_TEST(server.token_endpoint.empty());
}

BOOST_AUTO_TEST_SUITE_END()
