// A key set as large as those of Microsoft: what the library reads, its own transport lets through.

#include <oauth/flow/remote_jwk_set.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/policy/transport/beast_transport.hpp>
#include <oauth/testing/loopback_server.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include "../support/printing.hpp"
#include <string>

BOOST_AUTO_TEST_SUITE(integration_large_key_set)

BOOST_AUTO_TEST_CASE(is_fetched_and_read)
{
    using namespace oauth;
    auto key = private_key::generate(jws_algorithm::es256).value().public_key().json();
    key["x5c"] = boost::json::array{std::string(1900, 'A')};
    boost::json::array keys;
    for (int i = 0; i < 1000; ++i)
    {
        key["kid"] = std::to_string(i);
        keys.push_back(key);
    }
    auto const text = boost::json::serialize(boost::json::object{{"keys", keys}});
    BOOST_TEST(text.size() > 2'000'000u);
    testing::loopback_server server{[&](http_request const&) { return http_response{200, {{"Content-Type", "application/json"}}, secret(std::string_view(text))}; }};
    remote_jwk_set<beast_transport> remote{endpoint(server.origin() + "/keys")};
    auto const got = remote.get();
    BOOST_TEST_REQUIRE(got.has_value(), (got.has_error() ? describe(got.error()) : ""));
    BOOST_TEST((*got)->candidates("999", jws_algorithm::es256).has_value());
}

BOOST_AUTO_TEST_CASE(is_let_through_up_to_the_limit_that_is_read)
{
    using namespace oauth;
    std::string const at_limit(beast_transport_options{}.max_body_size, ' '), over(at_limit.size() + 1, ' ');
    auto const why = [](std::string const& text) {
        auto const read = decode_jwk_set({200, {{"Content-Type", "application/json"}}, secret(std::string_view(text))});
        return read.error().code;
    };
    BOOST_TEST(why(at_limit) != make_error_code(errc::response_too_large));
    BOOST_TEST(why(over) == make_error_code(errc::response_too_large));
}

BOOST_AUTO_TEST_SUITE_END()
