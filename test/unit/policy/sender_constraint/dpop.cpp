#include <oauth/policy/sender_constraint/dpop.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/flow/flow.hpp>
#include <oauth/testing/authorization_server.hpp>
#include <oauth/testing/fixed_entropy.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <oauth/testing/server_transport.hpp>
#include "../../../support/flow_fixture.hpp"
#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

struct bound_config : default_config
{
    using sender_constraint = dpop;
};

private_key key() { return private_key::generate(jws_algorithm::es256).value(); }

/// An API that wants the proof as well.
struct careful_api
{
    strict_server server;
    std::shared_ptr<int> calls = std::make_shared<int>(0);

    bool serves(endpoint const& url) const { return url.url().starts_with("https://api.example/"); }

    http_response handle(http_request const& request) const
    {
        ++*calls;
        if (auto refusal = server.refuse(request)) return std::move(*refusal);
        return {200, {}, secret("hello")};
    }
};

struct fixture
{
    using line_type = testing::server_transport<strict_server, careful_api>;
    using flow_type = flow<line_type, memory_store, testing::manual_clock, client_secret_post, bound_config>;

    static client who() { return {.id = "the client", .redirect_uri = "http://localhost:8400/", .scope = "openid offline_access"}; }

    static testing::authorization_server_options options(bool nonce)
    {
        testing::authorization_server_options made{.kind = testing::personality::standard, .clients = {testing::registered_client::of(who())}};
        made.clients[0].dpop_bound_access_tokens = true;
        made.require_dpop_nonce = nonce;
        return made;
    }

    testing::manual_clock clock;
    strict_server server;
    careful_api api{server};
    line_type line{server, api};
    private_key mine = key();
    flow_type bound{server.metadata(), who(), line, memory_store{}, clock, dpop{mine}};

    explicit fixture(bool nonce = false) : server(options(nonce), clock) {}

    result<signed_in> sign_in(flow_type& with)
    {
        auto pending = with.authorize().value();
        auto const redirect = server.sign_in(pending.url);
        return with.exchange(std::move(pending), redirect);
    }

    http_request get() const { return {.url = "https://api.example/me?x=1"}; }
};

struct fixture_with_nonce : fixture
{
    fixture_with_nonce() : fixture(true) {}
};

} // namespace

BOOST_AUTO_TEST_SUITE(policy_sender_constraint_dpop)

// RFC 9449 4.2: what a proof says, and what it is signed with.
BOOST_AUTO_TEST_CASE(a_proof)
{
    testing::manual_clock clock;
    auto const mine = key();
    std::array<std::byte, dpop_proof_entropy> const random{};
    http_request const request{.method = http_method::post, .url = "https://server.example.com/token?x=1"};
    auto const proof = dpop_proof(request, mine, jws_algorithm::es256, "", "", random, clock.now()).value();
    auto const parsed = parse_jws_with_embedded_key(proof).value();
    BOOST_TEST(parsed.header().has_type("dpop+jwt"));
    auto const embedded = jwk::parse(parsed.header().members.at("jwk").as_object()).value();
    BOOST_TEST(embedded.thumbprint() == mine.public_key().thumbprint());
    BOOST_TEST(verify(parsed, embedded, {jws_algorithm::es256}).has_value());
    auto const claims = boost::json::parse(boost::json::string_view(parsed.payload().data(), parsed.payload().size())).as_object();
    BOOST_TEST(claims.at("htm").as_string() == "POST");
    BOOST_TEST(claims.at("htu").as_string() == "https://server.example.com/token");
    BOOST_TEST(claims.at("iat").as_int64() == clock.now().time_since_epoch().count());
    BOOST_TEST(!claims.contains("ath"));
    BOOST_TEST(!claims.contains("nonce"));
    BOOST_TEST(!parsed.header().members.at("jwk").as_object().contains("d"));

    // RFC 9449 7.1
    auto const with_token = dpop_proof(request, mine, jws_algorithm::es256, "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU", "eyJ7S_zG.eyJH0-Z.HX4w-7v", random, clock.now()).value();
    auto const payload = parse_jws_with_embedded_key(with_token).value();
    auto const more = boost::json::parse(boost::json::string_view(payload.payload().data(), payload.payload().size())).as_object();
    BOOST_TEST(more.at("ath").as_string() == "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
    BOOST_TEST(more.at("nonce").as_string() == "eyJ7S_zG.eyJH0-Z.HX4w-7v");
}

BOOST_FIXTURE_TEST_CASE(tokens_are_bound, fixture)
{
    auto const tokens = sign_in(bound);
    BOOST_TEST_REQUIRE(tokens.has_value());
    BOOST_TEST(tokens->token_type.value() == "DPoP");
    BOOST_TEST(tokens->identity.has_value());
    BOOST_TEST(bound.call(get()).value().status == 200);
    BOOST_TEST(*api.calls == 1);
    BOOST_TEST(bound.userinfo().has_value());
    // Whoever steals the token can't use it: not as a bearer token, and not with a key of their own.
    auto stolen = get();
    stolen.authorization = secret("Bearer " + std::string(tokens->access_token.reveal()));
    BOOST_TEST(server.refuse(stolen).has_value());
    dpop thief{key()};
    issued_token token;
    token.value = tokens->access_token;
    token.token_type = "DPoP";
    BOOST_TEST_REQUIRE(thief.present(stolen, access_token(token), clock.now()).has_value());
    BOOST_TEST(server.refuse(stolen).has_value());
}

BOOST_FIXTURE_TEST_CASE(a_public_clients_refresh_token_is_bound_too, fixture)
{
    BOOST_TEST_REQUIRE(sign_in(bound).has_value());
    clock.advance(3600s);
    BOOST_TEST(bound.call(get()).value().status == 200);
    BOOST_TEST(server.refresh_count() == 1u);
    auto const refresh_token = bound.session().value()->refresh_token;
    flow_type other{server.metadata(), who(), line, memory_store{}, clock, dpop{key()}};
    auto const refused = other.obtain(oauth::refresh_token{refresh_token});
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().code == make_error_code(server_errc::invalid_grant));
}

// R52: one nonce for each origin, one more try, on code, refresh and API alike.
BOOST_FIXTURE_TEST_CASE(the_servers_nonce, fixture_with_nonce)
{
    BOOST_TEST_REQUIRE(sign_in(bound).has_value());
    BOOST_TEST(server.counts().token_requests == 2u);   // the first without it
    BOOST_TEST(bound.call(get()).value().status == 200);
    BOOST_TEST(*api.calls == 2);
    BOOST_TEST(bound.call(get()).value().status == 200);
    BOOST_TEST(*api.calls == 3);
    server.renew_dpop_nonce();
    clock.advance(3600s);
    BOOST_TEST(bound.call(get()).value().status == 200);
    BOOST_TEST(server.counts().token_requests == 4u);
    BOOST_TEST(server.refresh_count() == 1u);
    BOOST_TEST(*api.calls == 5);
}

// A server that wants another nonce each time is asked twice, not for ever.
BOOST_AUTO_TEST_CASE(two_who_do_not_agree)
{
    struct moody
    {
        std::shared_ptr<int> asked = std::make_shared<int>(0);
        result<http_response> send(http_request)
        {
            return http_response{400, {{"Content-Type", "application/json"}, {"DPoP-Nonce", "n" + std::to_string(++*asked)}}, secret(R"({"error":"use_dpop_nonce"})")};
        }
    };
    moody line;
    server_metadata const server{.authorization_endpoint = "https://s.example/a", .token_endpoint = "https://s.example/t"};
    flow<moody, memory_store, system_clock, client_secret_post, bound_config> bound{server, client{.id = "c"}, line, dpop{key()}};
    auto const refused = bound.obtain(oauth::refresh_token{secret("r")});
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().code == make_error_code(server_errc::use_dpop_nonce));
    BOOST_TEST(refused.error().next == advice::retry);
    BOOST_TEST(*line.asked == 2);
}

BOOST_AUTO_TEST_CASE(learns_only_what_may_be_sent)
{
    dpop mine{key()};
    auto const says = [&](std::string nonce) { return mine.learn("https://s.example/t", {400, {{"DPoP-Nonce", std::move(nonce)}}, {}}); };
    BOOST_TEST(says("n1"));
    BOOST_TEST(!says("n1"));
    BOOST_TEST(says("n2"));
    BOOST_TEST(!says(""));
    BOOST_TEST(!says("a\r\nX: y"));
    BOOST_TEST(!says("a b"));
    BOOST_TEST(!says(std::string(513, 'n')));
    BOOST_TEST(!mine.learn("https://s.example/t", {200, {}, {}}));
}

BOOST_AUTO_TEST_CASE(a_token_that_is_not_bound_is_not_presented)
{
    dpop mine{key()};
    issued_token token;
    token.value = secret("t");
    http_request request{.url = "https://api.example/"};
    auto const refused = mine.present(request, access_token(token), {});
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().code == make_error_code(errc::unsupported_token_type));
    BOOST_TEST(request.authorization.empty());
    BOOST_TEST(bearer().present(request, access_token(token), {}).has_value());
    BOOST_TEST(request.authorization.reveal() == "Bearer t");
    token.token_type = "DPoP";
    BOOST_TEST(bearer().present(request, access_token(token), {}).error().code == make_error_code(errc::unsupported_token_type));
}

BOOST_AUTO_TEST_SUITE_END()
