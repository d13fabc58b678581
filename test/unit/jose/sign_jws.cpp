#include <oauth/jose/jws.hpp>
#include <oauth/jose/sign_jws.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/jose.hpp"
#include <string>
#include <string_view>

namespace {

using test_support::code_of;
using test_support::example;
using enum oauth::jws_algorithm;

std::string header_of(oauth::secret const& token) { return oauth::base64url_decode(token.reveal().substr(0, token.reveal().find('.'))).value(); }

} // namespace

BOOST_AUTO_TEST_SUITE(jose_sign_jws)

// Where neither a salt nor an order of the RFC's own stands in the way, the very same token comes out.
BOOST_AUTO_TEST_CASE(writes_the_examples_of_the_rfcs)
{
    int count = 0;
    for (auto const& each : test_support::signed_examples())
    {
        if (!each.reproducible) continue;
        auto const payload = std::string(oauth::parse_jws(each.compact).value().payload());
        BOOST_TEST(oauth::sign_jws({}, payload, each.private_key(), each.algorithm).value().reveal() == each.compact, each.source);
        ++count;
    }
    BOOST_TEST(count == 4);
}

BOOST_AUTO_TEST_CASE(the_header)
{
    auto const key = example("RFC 7515 A.1").private_key();
    BOOST_TEST(header_of(oauth::sign_jws({}, "", key, hs256).value()) == R"({"alg":"HS256"})");
    BOOST_TEST(header_of(oauth::sign_jws({{"typ", "at+jwt"}, {"x", boost::json::array{1}}}, "", key.with_key_id("k"), hs384).value()) == R"({"alg":"HS384","typ":"at+jwt","x":[1],"kid":"k"})");
    // The algorithm is what was asked for; the caller's kid stays.
    BOOST_TEST(header_of(oauth::sign_jws({{"kid", "mine"}, {"alg", "none"}}, "", key.with_key_id("k"), hs256).value()) == R"({"alg":"HS256","kid":"mine"})");
    BOOST_TEST(code_of(oauth::sign_jws({{"crit", boost::json::array{"b64"}}, {"b64", false}}, "", key, hs256)) == oauth::errc::unsupported_header);
    BOOST_TEST(code_of(oauth::sign_jws({{"b64", false}}, "", key, hs256)) == oauth::errc::unsupported_header);
}

BOOST_AUTO_TEST_CASE(any_payload)
{
    auto const key = example("RFC 7515 A.3").private_key();
    for (auto const& payload : {std::string(), std::string(1, '\0'), std::string("\xff\xfe"), std::string(30'000, 'x')})
    {
        auto const made = oauth::sign_jws({}, payload, key, es256).value();
        auto const read = oauth::parse_jws(made.reveal()).value();
        BOOST_TEST((read.payload() == payload));
        BOOST_TEST(verify(read, key.public_key(), {es256}).has_value());
    }
}

BOOST_AUTO_TEST_CASE(only_with_a_key_that_permits_it)
{
    for (auto const& each : test_support::signed_examples())
    {
        auto const key = each.private_key();
        for (auto const algorithm : {rs256, ps384, es256, es384, es512, eddsa, hs256, hs512})
        {
            auto const made = oauth::sign_jws({}, "x", key, algorithm);
            BOOST_TEST_CONTEXT(each.source << ", " << to_string(algorithm))
            {
                BOOST_TEST(made.has_value() == key.permits(algorithm));
                if (made.has_value()) continue;
                BOOST_TEST(code_of(made) == oauth::errc::key_not_fit);
                BOOST_TEST(made.error().next == oauth::advice::fix_configuration);
            }
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
