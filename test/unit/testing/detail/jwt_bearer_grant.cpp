#include <oauth/testing/detail/jwt_bearer_grant.hpp>

#include "../server_probe.hpp"
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_jwt_bearer_grant)

using oauth::testing::personality;
using P = server_probe;
using namespace std::chrono_literals;

namespace {

oauth::form_parameters asks(std::string assertion, std::string scope = "read")
{
    return {{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"client_id", "public-app"}, {"assertion", std::move(assertion)}, {"scope", std::move(scope)}};
}

/// A server that trusts somebody.
struct trusting : P
{
    static constexpr char issuer[] = "robot@project.iam.example";

    static oauth::private_key const& key()
    {
        static oauth::private_key const made = oauth::private_key::generate(oauth::jws_algorithm::rs256).value();
        return made;
    }

    static oauth::testing::authorization_server_options options()
    {
        auto made = P::options(personality::standard);
        made.trusted_issuers = {{.issuer = issuer, .keys = {key().public_key()}}};
        return made;
    }

    trusting() : P(options()) {}

    std::int64_t at() const { return clock.now().time_since_epoch().count(); }

    boost::json::object claims(std::string const& subject) const
    {
        static int count = 0;
        return {{"iss", issuer}, {"sub", subject}, {"aud", server.metadata().issuer}, {"iat", at()}, {"exp", at() + 300}, {"jti", std::to_string(++count)}};
    }

    static boost::json::object changed(boost::json::object claims, char const* name, boost::json::value const& to)
    {
        if (to.is_null()) claims.erase(name);
        else claims[name] = to;
        return claims;
    }

    static std::string sign(boost::json::object const& claims, oauth::private_key const& by = key())
    {
        return std::string(oauth::sign_jwt(claims, by, oauth::jws_algorithm::rs256).value().reveal());
    }
};

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

BOOST_AUTO_TEST_CASE(what_a_trusted_issuer_has_signed)   // RFC 7523 3
{
    trusting here;
    auto const at = here.at();
    struct row
    {
        char const* claim;
        boost::json::value to;
        char const* outcome;
        char const* says;
    };
    for (auto const& [claim, to, outcome, says] : std::vector<row>{
             {"extra", "x", "200 (none)", ""},
             {"sub", "33333333-aaaa-4bbb-8ccc-444444444444", "200 (none)", ""},
             {"aud", "https://login.example.com/token", "200 (none)", ""},
             {"aud", boost::json::array{"https://another.example", "https://login.example.com"}, "200 (none)", ""},
             {"jti", nullptr, "200 (none)", ""},
             {"nbf", at + 60, "200 (none)", ""},
             {"exp", at + 3600, "200 (none)", ""},
             {"iss", nullptr, "400 invalid_grant", "The key was not found"},
             {"iss", "https://another.example", "400 invalid_grant", "The key was not found"},
             {"iss", "https://idp.example", "400 invalid_grant", "The key was not found"},   // the server's own, which it knows by heart
             {"sub", nullptr, "400 invalid_grant", "The subject was not found"},
             {"sub", "", "400 invalid_grant", "The subject was not found"},
             {"sub", "nobody@contoso.example", "400 invalid_grant", "The subject was not found"},
             {"aud", nullptr, "400 invalid_grant", "audience"},
             {"aud", "https://another.example", "400 invalid_grant", "audience"},
             {"aud", "https://login.example.com/authorize", "400 invalid_grant", "audience"},
             {"exp", nullptr, "400 invalid_grant", "time range"},
             {"exp", at, "400 invalid_grant", "time range"},
             {"exp", at + 3601, "400 invalid_grant", "time range"},
             {"exp", "tomorrow", "400 invalid_grant", "time range"},
             {"nbf", at + 61, "400 invalid_grant", "time range"},
             {"iat", at + 61, "400 invalid_grant", "time range"},
             {"scope", "write", "400 invalid_scope", ""},
         })
    {
        auto const answer = here.post(asks(here.sign(trusting::changed(here.claims("alex@contoso.example"), claim, to))));
        BOOST_TEST(P::error(answer) == outcome, claim << " = " << boost::json::serialize(to));
        if (answer.status == 200) BOOST_TEST(here.server.introspect(P::text(P::json(answer), "access_token")).value().user.value().username == "alex@contoso.example");
        else BOOST_TEST(P::text(P::json(answer), "error_description").find(says) != std::string::npos, says);
    }
    BOOST_TEST(P::error(here.post(asks(here.sign(here.claims("alex@contoso.example"), oauth::private_key::generate(oauth::jws_algorithm::rs256).value())))) == "400 invalid_grant");
    auto const once = here.sign(here.claims("alex@contoso.example"));
    BOOST_TEST(here.post(asks(once)).status == 200);
    BOOST_TEST(P::error(here.post(asks(once))) == "400 invalid_grant");
    BOOST_TEST(here.server.counts().reuses_detected == 1u);
    auto spoilt = here.sign(here.claims("alex@contoso.example"));
    spoilt[spoilt.size() - 10] = spoilt[spoilt.size() - 10] == 'A' ? 'B' : 'A';
    BOOST_TEST(P::error(here.post(asks(spoilt))) == "400 invalid_grant");
}

BOOST_AUTO_TEST_CASE(an_issuer_that_speaks_for_itself)   // as Google's service accounts do
{
    trusting here;
    auto claims = here.claims(trusting::issuer);
    claims["scope"] = "read write";
    auto const all = here.post(asks(here.sign(claims), ""));
    BOOST_TEST(all.status == 200);
    auto const accepted = here.server.introspect(P::text(P::json(all), "access_token")).value();
    BOOST_TEST(!accepted.user.has_value());
    BOOST_TEST(accepted.scope.str() == "read write");
    BOOST_TEST(!P::json(all).contains("refresh_token"));
    claims["jti"] = "a part";
    BOOST_TEST(here.server.introspect(P::text(P::json(here.post(asks(here.sign(claims), "read"))), "access_token")).value().scope.str() == "read");
    claims["jti"] = "more";
    BOOST_TEST(P::error(here.post(asks(here.sign(claims), "admin"))) == "400 invalid_scope");
    claims["jti"] = "bad";
    claims["scope"] = "a\"b";
    BOOST_TEST(P::error(here.post(asks(here.sign(claims), ""))) == "400 invalid_scope");
}

BOOST_AUTO_TEST_SUITE_END()
