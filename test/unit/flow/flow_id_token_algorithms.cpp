#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/oidc/logout.hpp>
#include "../../support/tampered_desk.hpp"
#include <chrono>
#include <string>
#include <utility>
#include <vector>

// What the server signs ID tokens with, and what stands in them because it was asked for. Against the strict server.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using testing::personality;
using enum jws_algorithm;

constexpr std::string_view long_secret = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

client who()
{
    auto made = example_client();
    made.secret = secret(long_secret);
    made.scope = "openid offline_access Mail.Read";
    return made;
}

testing::authorization_server_options options(personality kind = personality::standard, jws_algorithm algorithm = rs256)
{
    return {.kind = kind, .clients = {testing::registered_client::of(who())}, .id_token_algorithm = algorithm};
}

struct by_secret : default_config
{
    static constexpr jws_algorithms id_token_algorithms{hs256, hs384, hs512};
};

struct desk : tampered_desk
{
    explicit desk(testing::authorization_server_options given = options()) : tampered_desk(std::move(given), who(), "/token") {}
};

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_id_token_algorithms)

BOOST_AUTO_TEST_CASE(each_algorithm_signs_in)   // OpenID Connect Core 3.1.3.6 and 3.1.3.7
{
    for (auto const algorithm : {rs256, rs384, rs512, ps256, ps384, ps512, es256, es384, es512, eddsa})
        BOOST_TEST_CONTEXT(to_string(algorithm))
        {
            desk here(options(personality::standard, algorithm));
            auto const tokens = here.sign_in();
            BOOST_TEST_REQUIRE(tokens.has_value());
            BOOST_TEST_REQUIRE(tokens->identity.has_value());
            BOOST_TEST(tokens->identity->access_token_hash.has_value());
            BOOST_TEST(tokens->identity->code_hash.has_value());
            BOOST_TEST((decode_unverified_jwt(tokens->id_token.reveal()).value().header.algorithm == algorithm));
            // At a refresh there is no code.
            BOOST_TEST(here.graph.access_token({.renew = true}).has_value());
            BOOST_TEST(here.graph.identity().value().has_value());
            auto const out = logout_url(here.server.metadata(), here.graph.registration(), {.post_logout_redirect_uri = "http://localhost:8400/", .id_token_hint = tokens->id_token}).value();
            BOOST_TEST(here.server.handle({.url = out.reveal()}).status == 302);
        }
}

BOOST_AUTO_TEST_CASE(the_secret_signs_where_the_client_takes_that)   // OpenID Connect Core 10.1
{
    for (auto const algorithm : {hs256, hs384, hs512})
    {
        desk here(options(personality::standard, algorithm));
        refused(here.sign_in(), errc::algorithm_not_allowed);   // not by default
        flow<desk::line_type, memory_store, testing::manual_clock, client_secret_post, by_secret> shared{here.server.metadata(), who(), here.line, memory_store{}, here.clock};
        auto pending = shared.authorize().value();
        auto const redirect = here.server.sign_in(pending.url);
        auto const tokens = shared.exchange(std::move(pending), redirect);
        BOOST_TEST_REQUIRE(tokens.has_value());
        BOOST_TEST((decode_unverified_jwt(tokens->id_token.reveal()).value().header.algorithm == algorithm));
    }
}

BOOST_AUTO_TEST_CASE(another_access_token_does_not_fit)   // OpenID Connect Core 3.1.3.8
{
    for (auto const algorithm : {rs256, es384, eddsa})
    {
        desk here(options(personality::standard, algorithm));
        *here.between.tamper = [](http_response& answer) {
            std::string text(answer.body.reveal());
            if (auto const at = text.find("\"at."); at != text.npos) text[at + 6] = text[at + 6] == 'A' ? 'B' : 'A';
            answer.body = secret(std::move(text));
        };
        refused(here.sign_in(), errc::token_hash_mismatch);
    }
}

BOOST_AUTO_TEST_CASE(several_audiences)   // OpenID Connect Core 2, azp
{
    auto given = options();
    given.id_token_audiences = {"https://api.example", "another"};
    desk here(given);
    auto const tokens = here.sign_in();
    BOOST_TEST_REQUIRE(tokens.has_value());
    BOOST_TEST(tokens->identity->audience.size() == 3U);
    BOOST_TEST(tokens->identity->authorized_party.value() == "the client");
}

BOOST_AUTO_TEST_CASE(when_the_user_signed_in)   // max_age, OpenID Connect Core 3.1.2.1
{
    for (auto const kind : {personality::standard, personality::entra_v2, personality::entra_v1, personality::b2c})
    {
        desk here(options(kind));
        auto const now = here.clock.now();
        std::string const resource = kind == personality::entra_v1 ? "https://graph.microsoft.com" : "";
        auto const asked = here.sign_in({.max_age = 60s, .resource = resource});
        BOOST_TEST_REQUIRE(asked.has_value(), describe(asked.error()));
        BOOST_TEST((asked->identity->auth_time == now));
        BOOST_TEST(here.sign_in({.claims = R"({"id_token":{"auth_time":{"essential":true}}})", .resource = resource}).value().identity->auth_time.has_value());
        // Entra says it to those alone who ask.
        bool const entra = kind == personality::entra_v2 || kind == personality::entra_v1;
        auto const plain = here.sign_in({.resource = resource}).value();
        BOOST_TEST(plain.identity->auth_time.has_value() == !entra);
        BOOST_TEST((plain.identity->issued_at == now - (entra ? 5min : 0min)));
        BOOST_TEST((plain.identity->not_before == now - (entra ? 5min : 0min)));
        BOOST_TEST((plain.identity->expires_at == now + 1h));
    }
}

BOOST_AUTO_TEST_SUITE_END()
