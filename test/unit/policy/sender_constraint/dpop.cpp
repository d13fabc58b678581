#include <oauth/policy/sender_constraint/dpop.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/flow/flow.hpp>
#include <oauth/policy/authentication/tls_client_auth.hpp>
#include <oauth/testing/authorization_server.hpp>
#include <oauth/testing/fixed_entropy.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <oauth/testing/server_transport.hpp>
#include "../../../support/flow_fixture.hpp"
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

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

/// What the proof of a request says; "" where it carries no nonce.
std::string nonce_of(http_request const& request)
{
    auto const proof = parse_jws_with_embedded_key(find_field(request.fields, "DPoP")).value();
    auto const claims = boost::json::parse(boost::json::string_view(proof.payload().data(), proof.payload().size())).as_object();
    return claims.contains("nonce") ? std::string(claims.at("nonce").as_string()) : "";
}

/// Wants this nonce. While a request without it is under way, somebody who shares the constraint learns it, if there is somebody.
struct wanting_line
{
    std::string nonce = "n1";
    std::shared_ptr<dpop> sibling = nullptr;
    std::shared_ptr<std::vector<std::string>> asked = std::make_shared<std::vector<std::string>>();

    result<http_response> send(http_request request)
    {
        asked->push_back(std::string(request.url.url()));
        bool const to_api = request.url.host() == "api.example";
        http_response refused{to_api ? 401 : 400, {{"Content-Type", "application/json"}, {"DPoP-Nonce", nonce}}, secret(to_api ? "" : R"({"error":"use_dpop_nonce"})")};
        if (to_api) refused.fields.push_back({"WWW-Authenticate", R"(DPoP error="use_dpop_nonce")"});
        if (nonce_of(request) != nonce)
        {
            if (sibling) sibling->learn(request.url, refused);
            return refused;
        }
        return http_response{200, {{"Content-Type", "application/json"}}, secret(R"({"access_token":"a","token_type":"DPoP","expires_in":3600})")};
    }
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

// RFC 9449 8 and 9: one nonce for each origin, one more try, on code, refresh and API alike.
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

// Nor is one that wants the nonce which it has got already.
BOOST_AUTO_TEST_CASE(a_server_that_is_never_content)
{
    struct deaf
    {
        std::shared_ptr<int> asked = std::make_shared<int>(0);
        result<http_response> send(http_request)
        {
            ++*asked;
            return http_response{400, {{"Content-Type", "application/json"}, {"DPoP-Nonce", "n"}}, secret(R"({"error":"use_dpop_nonce"})")};
        }
    };
    deaf line;
    server_metadata const server{.authorization_endpoint = "https://s.example/a", .token_endpoint = "https://s.example/t"};
    flow<deaf, memory_store, system_clock, client_secret_post, bound_config> bound{server, client{.id = "c"}, line, dpop{key()}};
    for (int const asked : {2, 4})
    {
        BOOST_TEST(bound.obtain(oauth::refresh_token{secret("r")}).error().code == make_error_code(server_errc::use_dpop_nonce));
        BOOST_TEST(*line.asked == asked);
    }
}

// The request went out without the nonce, and was refused when another thread knew it already.
BOOST_AUTO_TEST_CASE(another_thread_learns_the_nonce_meanwhile)
{
    dpop mine{key()};
    wanting_line line{.sibling = std::make_shared<dpop>(mine)};
    server_metadata const server{.authorization_endpoint = "https://s.example/a", .token_endpoint = "https://s.example/t"};
    flow<wanting_line, memory_store, system_clock, client_secret_post, bound_config> bound{server, client{.id = "c"}, line, mine};
    BOOST_TEST(bound.obtain(oauth::refresh_token{secret("r")}).has_value());
    BOOST_TEST((*line.asked == std::vector<std::string>{"https://s.example/t", "https://s.example/t"}));
    auto const answer = bound.call({.url = "https://api.example/"});
    BOOST_TEST_REQUIRE(answer.has_value());
    BOOST_TEST(answer->status == 200);
    BOOST_TEST(line.asked->size() == 4U);
}

// RFC 8705 5: who proves itself by a certificate asks another host, whose nonce is its own.
BOOST_AUTO_TEST_CASE(the_nonce_of_an_endpoint_for_certificates)
{
    wanting_line line;
    server_metadata server{.authorization_endpoint = "https://s.example/a", .token_endpoint = "https://s.example/t"};
    server.mtls_endpoint_aliases = {{&server_metadata::token_endpoint, "https://mtls.s.example/t"}};
    flow<wanting_line, memory_store, system_clock, tls_client_auth, bound_config> bound{server, client{.id = "c"}, line, dpop{key()}};
    BOOST_TEST(bound.obtain(oauth::refresh_token{secret("r")}).has_value());
    BOOST_TEST(bound.obtain(oauth::refresh_token{secret("r")}).has_value());
    BOOST_TEST((*line.asked == std::vector<std::string>(3, "https://mtls.s.example/t")));
}

BOOST_AUTO_TEST_CASE(forgets_the_nonce_that_was_not_used_for_longest)
{
    dpop mine{key()};
    auto const learn = [&](std::string const& host) { BOOST_TEST(mine.learn("https://" + host + "/t", {200, {{"DPoP-Nonce", "of-" + host}}, {}})); };
    auto const sent_to = [&](std::string const& host) {
        http_request request{.method = http_method::post, .url = "https://" + host + "/t"};
        BOOST_TEST(mine.bind(request, {}).has_value());
        return nonce_of(request);
    };
    learn("a.example");
    learn("b.example");
    learn("c.example");
    for (int i = 3; i < 64; ++i) learn("z" + std::to_string(i) + ".example");
    BOOST_TEST(sent_to("a.example") == "of-a.example");   // used
    learn("b.example");                                   // learned once more
    learn("new.example");
    learn("newer.example");
    BOOST_TEST(sent_to("c.example") == "");
    BOOST_TEST(sent_to("z3.example") == "");
    for (auto const* host : {"a.example", "b.example", "z4.example", "z63.example", "new.example", "newer.example"}) BOOST_TEST(sent_to(host) == "of-" + std::string(host));
}

BOOST_AUTO_TEST_CASE(learns_only_what_may_be_sent)
{
    dpop mine{key()};
    auto const says = [&](std::string nonce) { return mine.learn("https://s.example/t", {400, {{"DPoP-Nonce", std::move(nonce)}}, {}}); };
    BOOST_TEST(says("n1"));
    BOOST_TEST(says("n1"));   // known, but perhaps not to the request that was answered
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
