#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <oauth/policy/authentication/client_secret_jwt.hpp>
#include <oauth/policy/authentication/federated_assertion.hpp>
#include <oauth/policy/authentication/private_key_jwt.hpp>
#include <oauth/request/client_credentials.hpp>
#include "../../support/certificate.hpp"
#include "../../support/flow_fixture.hpp"
#include <string>
#include <utility>

// Clients that prove who they are by an assertion, against the strict server.
namespace {

using namespace oauth;
using namespace oauth::test;
using testing::personality;
using testing::registered_client;
using enum jws_algorithm;

struct certified
{
    std::string pem;
    private_key key;

    static certified make()
    {
        auto const made = test_support::make_identity({.alternative_names = "", .common_name = "daemon", .rsa = true});
        auto const certificate = made.certificate_pem();
        return {certificate, private_key::from_pem(made.key_pem()).value().with_certificate(certificate).value()};
    }
};

certified const& daemon_key()
{
    static certified const made = certified::make();
    return made;
}

client_credentials const graph{.scope = "https://graph.microsoft.com/.default"};

/// A server that knows one client, which signs in a user and asks for its own tokens.
template <class Authentication>
void works(personality kind, registered_client registered, secret own, Authentication how)
{
    testing::manual_clock clock;
    client who{.id = "the client", .secret = std::move(own), .redirect_uri = "http://localhost:8400/", .scope = "openid offline_access Mail.Read"};
    registered.redirect_uris = {who.redirect_uri};
    strict_server server{{.kind = kind, .clients = {std::move(registered)}}, clock};
    testing::server_transport line{server};
    flow app{server.metadata(), who, line, memory_store{}, clock, std::move(how)};
    auto pending = app.authorize().value();
    auto const redirect = server.sign_in(pending.url);
    auto const tokens = app.exchange(std::move(pending), redirect);
    BOOST_TEST_REQUIRE(tokens.has_value());
    BOOST_TEST(app.access_token({.renew = true}).has_value());   // a second assertion
    auto const own_token = app.access_token(graph);
    BOOST_TEST_REQUIRE(own_token.has_value());
    BOOST_TEST(server.accepts(own_token->reveal()));
    BOOST_TEST(server.counts().refusals == 0U);
}

/// Why the server takes the client not.
template <class Authentication>
failure refused(registered_client registered, Authentication how)
{
    testing::manual_clock clock;
    strict_server server{{.clients = {std::move(registered)}}, clock};
    testing::server_transport line{server};
    flow app{server.metadata(), client{.id = "the client"}, line, memory_store{}, clock, std::move(how)};
    return app.obtain(graph).error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_client_assertions)

BOOST_AUTO_TEST_CASE(by_the_secret)   // OpenID Connect Core 9, client_secret_jwt
{
    std::string const shared = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    for (auto const algorithm : {hs256, hs384, hs512}) works(personality::standard, {.id = "the client", .secret = shared}, secret(shared), client_secret_jwt{{.algorithm = algorithm}});
    works(personality::standard, {.id = "the client", .secret = shared}, secret(shared), client_secret_jwt{{.algorithm = hs256, .audience = assertion_audience::issuer}});
}

BOOST_AUTO_TEST_CASE(by_a_certificate)   // as Microsoft's documentation has it
{
    for (auto const kind : {personality::entra_v2, personality::standard})
        for (auto const& options : {private_key_jwt_options{}, private_key_jwt_options{.sends_certificate = true}, private_key_jwt_options{.audience = assertion_audience::issuer},
                                    private_key_jwt_options{.algorithm = rs256, .legacy_thumbprint = true},
                                    private_key_jwt_options{.algorithm = rs256, .sends_certificate = true, .legacy_thumbprint = true}})
            works(kind, {.id = "the client", .certificates = {daemon_key().pem}}, {}, private_key_jwt{daemon_key().key, options});
}

BOOST_AUTO_TEST_CASE(by_a_certificate_that_is_not_registered)
{
    auto const other = certified::make();
    for (auto const& options : {private_key_jwt_options{}, private_key_jwt_options{.sends_certificate = true}, private_key_jwt_options{.algorithm = rs256, .legacy_thumbprint = true}})
    {
        auto const why = refused({.id = "the client", .certificates = {other.pem}}, private_key_jwt{daemon_key().key, options});
        BOOST_TEST(why.code == server_errc::invalid_client);
        BOOST_TEST((why.next == advice::fix_configuration));
        // The key is right, and is not named by its certificate.
        BOOST_TEST(refused({.id = "the client", .keys = {daemon_key().key.public_key()}}, private_key_jwt{daemon_key().key, options}).code == server_errc::invalid_client);
    }
}

BOOST_AUTO_TEST_CASE(by_a_key)
{
    for (auto const algorithm : {ps256, es256, es384, eddsa})
    {
        auto const key = private_key::generate(algorithm).value().with_key_id("the key");
        works(personality::standard, {.id = "the client", .keys = {private_key::generate(es256).value().public_key().with_key_id("another"), key.public_key()}}, {},
              private_key_jwt{key, {.algorithm = algorithm, .audience = assertion_audience::endpoint}});
    }
}

BOOST_AUTO_TEST_CASE(by_another_s_word)   // workload identity federation
{
    auto const key = private_key::generate(rs256).value().with_key_id("of the cluster");
    testing::manual_clock const clock;
    auto const written = [&](std::string const& subject) {
        auto const token = sign_jwt({{"iss", "https://cluster.example"},
                                     {"sub", subject},
                                     {"aud", boost::json::array{"api://AzureADTokenExchange"}},
                                     {"exp", clock.now().time_since_epoch().count() + 3600}},
                                    key, rs256);
        return [token]() -> result<secret> { return token; };
    };
    registered_client const registered{.id = "the client", .federated = {{.issuer = "https://cluster.example", .subject = "system:serviceaccount:shop:till", .keys = {key.public_key()}}}};
    for (auto const kind : {personality::entra_v2, personality::standard}) works(kind, registered, {}, federated_assertion{written("system:serviceaccount:shop:till")});
    BOOST_TEST(refused(registered, federated_assertion{written("system:serviceaccount:shop:guest")}).code == server_errc::invalid_client);
}

BOOST_AUTO_TEST_SUITE_END()
