#include <oauth/policy/authentication/client_secret_jwt.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/jose/jwt.hpp>
#include "../../../support/jose.hpp"
#include <string>
#include <utility>
#include <vector>

namespace {

using oauth::errc;
using oauth::secret;
using test_support::code_of;
using enum oauth::jws_algorithm;

constexpr oauth::time_point now{oauth::seconds{1'767'323'045}};

struct outcome
{
    oauth::result<void> done;
    std::string body;
};

outcome authenticate(std::string const& shared, oauth::client_secret_jwt method = oauth::client_secret_jwt())
{
    oauth::server_metadata server;
    server.token_endpoint = "https://login.example/token";
    oauth::http_request request{.url = server.token_endpoint};
    oauth::form body;
    auto done = method.authenticate(request, body, {.id = "the client", .secret = secret(shared)}, server, now);
    BOOST_TEST(request.authorization.empty());
    return {std::move(done), std::string(body.str())};
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_authentication_client_secret_jwt)

BOOST_AUTO_TEST_CASE(the_secret_signs_and_is_not_sent)
{
    struct row
    {
        oauth::jws_algorithm algorithm;
        std::size_t length;   // the shortest secret that will do
    };
    for (auto const& [algorithm, length] : {row{hs256, 32}, row{hs384, 48}, row{hs512, 64}})
    {
        std::string const shared = "canary" + std::string(length - 6, '+');
        auto const made = authenticate(shared, oauth::client_secret_jwt({.algorithm = algorithm}));
        BOOST_TEST_REQUIRE(made.done.has_value());
        BOOST_TEST(made.body.find("canary") == std::string::npos);
        auto const parameters = oauth::parse_form(made.body).value();
        BOOST_TEST(parameters.size() == 3U);
        BOOST_TEST((oauth::find_parameter(parameters, "client_id") == "the client"));
        BOOST_TEST((oauth::find_parameter(parameters, "client_assertion_type") == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
        auto const assertion = *oauth::find_parameter(parameters, "client_assertion");
        auto const token = oauth::verify_jwt(assertion, oauth::jwk::symmetric(secret(shared)).value(), {algorithm});
        BOOST_TEST_REQUIRE(token.has_value());
        BOOST_TEST(token->claims.at("iss").as_string() == "the client");
        BOOST_TEST(token->claims.at("sub").as_string() == "the client");
        BOOST_TEST(token->claims.at("aud").as_string() == "https://login.example/token");
        BOOST_TEST(token->claims.at("exp").as_int64() == now.time_since_epoch().count() + 300);
        BOOST_TEST(!token->header.members.contains("kid"));
        BOOST_TEST(oauth::verify_jwt(assertion, oauth::jwk::symmetric(secret(shared + "x")).value(), {algorithm}).has_error());

        auto const shorter = authenticate(shared.substr(0, length - 1), oauth::client_secret_jwt({.algorithm = algorithm}));
        BOOST_TEST(code_of(shorter.done) == errc::key_not_fit);
        BOOST_TEST(shorter.body == "");
        BOOST_TEST(oauth::describe(shorter.done.error()).find("canary") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(what_can_not_be)
{
    std::string const good(64, 's');
    struct row
    {
        std::string shared;
        oauth::private_key_jwt_options options;
        errc why;
    };
    for (auto const& [shared, options, why] : std::vector<row>{
             {"", {.algorithm = hs256}, errc::invalid_client},
             {good, {}, errc::key_not_fit},                        // PS256
             {good, {.algorithm = es256}, errc::key_not_fit},
             {good, {.algorithm = hs256, .sends_certificate = true}, errc::malformed_certificate},
             {good, {.algorithm = hs256, .audience = oauth::assertion_audience::issuer}, errc::missing_endpoint},
         })
    {
        auto const made = authenticate(shared, oauth::client_secret_jwt(options));
        BOOST_TEST(code_of(made.done) == why);
        BOOST_TEST(made.done.error().next == oauth::advice::fix_configuration);
        BOOST_TEST(made.body == "");
    }
}

BOOST_AUTO_TEST_SUITE_END()
