#include <oauth/flow/register_client.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/policy/authentication/client_secret_jwt.hpp>
#include <oauth/policy/authentication/private_key_jwt.hpp>
#include "../../support/flow_fixture.hpp"
#include <string>
#include <utility>

// A client that registers itself, and then proves who it is by what it has registered. Against the strict server.
namespace {

using namespace oauth;
using namespace oauth::test;
using enum jws_algorithm;

struct desk
{
    testing::manual_clock clock;
    strict_server server{{.kind = testing::personality::standard}, clock};
    testing::server_transport<strict_server> line{server};

    static client_metadata asks(std::string method)
    {
        return {.redirect_uris = {"http://localhost:8400/"}, .token_endpoint_auth_method = std::move(method), .grant_types = {"authorization_code", "refresh_token"},
                .scope = "openid offline_access Mail.Read"};
    }

    template <class Authentication>
    result<signed_in> signs_in(registration_response const& as, Authentication how)
    {
        flow graph{server.metadata(), as.client(), line, memory_store{}, clock, std::move(how)};
        auto pending = graph.authorize().value();
        auto const redirect = server.sign_in(pending.url);
        return graph.exchange(std::move(pending), redirect);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_registered_keys)

BOOST_AUTO_TEST_CASE(by_its_key)   // RFC 7591 2, private_key_jwt
{
    for (auto const algorithm : {ps256, es256, eddsa})
    {
        desk here;
        auto const key = private_key::generate(algorithm).value().with_key_id("k1"), another = private_key::generate(algorithm).value().with_key_id("k1");
        auto what = desk::asks("private_key_jwt");
        what.jwks = {{"keys", boost::json::array{key.public_key().json()}}};
        auto const made = register_client(here.line, here.server.metadata(), what).value();
        BOOST_TEST(made.client_secret.empty());
        BOOST_TEST((made.registered.jwks == what.jwks));
        BOOST_TEST(here.signs_in(made, private_key_jwt{key, {.algorithm = algorithm}}).has_value());
        BOOST_TEST(here.signs_in(made, private_key_jwt{another, {.algorithm = algorithm}}).error().code == server_errc::invalid_client);
        BOOST_TEST(here.signs_in(made, client_secret_post{}).error().code == server_errc::invalid_client);
        // The metadata say that this can be done.
        auto const found = read_registration(here.line, made).value();
        BOOST_TEST(found.registered.token_endpoint_auth_method == "private_key_jwt");
    }
}

BOOST_AUTO_TEST_CASE(by_its_secret_which_it_does_not_send)   // client_secret_jwt
{
    desk here;
    auto const made = register_client(here.line, here.server.metadata(), desk::asks("client_secret_jwt")).value();
    BOOST_TEST(made.client_secret.size() >= 32U);   // long enough for HS256
    BOOST_TEST(here.signs_in(made, client_secret_jwt{}).has_value());
}

BOOST_AUTO_TEST_CASE(a_key_that_is_not_one)
{
    desk here;
    auto what = desk::asks("private_key_jwt");
    for (auto const& jwks : {boost::json::object{}, boost::json::object{{"keys", {{{"kty", "RSA"}}}}}})
    {
        what.jwks = jwks;
        BOOST_TEST(register_client(here.line, here.server.metadata(), what).error().code == server_errc::invalid_client_metadata);
    }
}

BOOST_AUTO_TEST_SUITE_END()
