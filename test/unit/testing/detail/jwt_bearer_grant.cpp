#include <oauth/testing/detail/jwt_bearer_grant.hpp>

#include "../server_probe.hpp"
#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(testing_jwt_bearer_grant)

using oauth::testing::personality;
using P = server_probe;
using namespace std::chrono_literals;

namespace {

oauth::form_parameters asks(std::string assertion, std::string scope = "read")
{
    return {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"client_id", "public-app"}, {"assertion", std::move(assertion)}, {"scope", std::move(scope)}};
}

} // namespace

BOOST_AUTO_TEST_CASE(an_assertion_gives_a_token_once)   // RFC 7523 2.1
{
    P probe(personality::standard);
    auto const assertion = probe.server.assertion();
    auto const tokens = P::json(probe.post(asks(assertion, "offline_access read")));
    BOOST_TEST(probe.server.introspect(P::text(tokens, "access_token")).value().user.value().username == "alex@contoso.example");
    BOOST_TEST(!tokens.contains("refresh_token"));
    BOOST_TEST(P::error(probe.post(asks(assertion))) == "400 invalid_grant");
    BOOST_TEST(probe.server.counts().reuses_detected == 1u);
    BOOST_TEST(probe.server.counts().assertions == 1u);
    BOOST_TEST(probe.post(asks(probe.server.assertion())).status == 200);
}

BOOST_AUTO_TEST_CASE(what_it_says)   // RFC 7523 3
{
    P probe(personality::standard);
    auto const claims = P::part(probe.server.assertion(), 1);
    BOOST_TEST(P::text(claims, "iss") == "https://idp.example");
    BOOST_TEST(P::text(claims, "sub") == "33333333-aaaa-4bbb-8ccc-444444444444");
    BOOST_TEST(P::text(claims, "aud") == "https://login.example.com");
    BOOST_TEST(claims.at("exp").to_number<std::int64_t>() == 1'767'323'045 + 300);
    BOOST_TEST(P::text(claims, "jti") != P::text(P::part(probe.server.assertion(), 1), "jti"));
}

BOOST_AUTO_TEST_CASE(each_fault_has_its_refusal)
{
    P probe(personality::standard);
    BOOST_TEST(P::error(probe.post(P::with(asks("x"), "assertion", ""))) == "400 invalid_request");
    BOOST_TEST(P::error(probe.post(asks("made.up.token"))) == "400 invalid_grant");
    BOOST_TEST(P::error(probe.post(asks(probe.server.assertion(), "a\"b"))) == "400 invalid_scope");
    auto const old = probe.server.assertion();
    probe.clock.advance(5min);
    BOOST_TEST(P::error(probe.post(asks(old))) == "400 invalid_grant");
    BOOST_TEST(P::error(P(personality::b2c).post(asks("x"))) == "400 unsupported_grant_type");
}

BOOST_AUTO_TEST_SUITE_END()
