#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../support/id_tokens.hpp"
#include "../../support/printing.hpp"
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Who signed in, when, and who is still signed in after a renewal: ID tokens in a whole flow, and what they may be signed with.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using enum jws_algorithm;
using testing::scripted_transport;
using claims_type = boost::json::object;

std::string const the_secret = "a client's secret of 32 bytes or more";

struct by_secret : default_config
{
    static constexpr jws_algorithms id_token_algorithms{hs256};
};

struct by_both : default_config
{
    static constexpr jws_algorithms id_token_algorithms{es256, hs256};
};

std::string signed_by(std::string const& shared, claims_type const& claims, jws_algorithm algorithm = hs256, claims_type header = {})
{
    return std::string(sign_jwt(claims, private_key::symmetric(secret(shared)).value(), algorithm, std::move(header)).value().reveal());
}

std::string unsigned_token(claims_type const& claims)
{
    return base64url_encode(std::string_view(R"({"alg":"none"})")) + '.' + base64url_encode(boost::json::serialize(claims)) + '.';
}

std::string published_keys(private_key const& by = server_key(), char const* key_id = "k1")
{
    auto key = by.public_key().json();
    key["kid"] = key_id;
    return boost::json::serialize(claims_type{{"keys", boost::json::array{key}}});
}

std::string answer(std::string const& number, std::string const& id_token)
{
    return R"({"token_type":"Bearer","expires_in":3600,"access_token":"a)" + number + R"(","refresh_token":"r)" + number + R"(","id_token":")" + id_token + "\"}";
}

/// A flow, and a server that says what the test has it say.
template <class Config = default_config>
struct desk
{
    using make_token = std::function<std::string(claims_type const&)>;

    testing::manual_clock clock;
    scripted_transport line;
    flow<scripted_transport, memory_store, testing::manual_clock, client_secret_post, Config> graph;

    explicit desk(std::string const& shared = the_secret)
        : graph(server(), client{.id = "the client", .secret = secret(shared), .redirect_uri = "http://localhost:8400/", .scope = "openid offline_access Mail.Read"}, line, clock)
    {
    }

    static server_metadata server()
    {
        server_metadata made;
        made.issuer = "https://login.example";
        made.authorization_endpoint = "https://login.example/authorize";
        made.token_endpoint = "https://login.example/token";
        made.jwks_uri = "https://login.example/keys";
        made.userinfo_endpoint = "https://login.example/userinfo";
        return made;
    }

    void expect_keys() { line.expect_get("https://login.example/keys").reply(200, published_keys()); }

    void expect_exchange(pending_authorization const& pending, make_token const& make)
    {
        auto claims = good_claims();
        claims["nonce"] = pending.nonce;
        line.expect_post("https://login.example/token").with("grant_type", "authorization_code").with("code", "c").reply(200, answer("1", make(claims)));
    }

    result<signed_in> exchange(pending_authorization pending)
    {
        auto const state = pending.state;
        return graph.exchange(std::move(pending), "http://localhost:8400/?code=c&state=" + state);
    }

    result<signed_in> sign_in(make_token const& make, bool fetches_keys = true)
    {
        auto pending = graph.authorize().value();
        if (fetches_keys) expect_keys();
        expect_exchange(pending, make);
        return exchange(std::move(pending));
    }

    /// The token has expired, and the answer to the renewal brings this.
    result<access_token> renewed_with(std::string const& number, std::string const& id_token)
    {
        clock.advance(3600s);
        line.expect_post("https://login.example/token").with("grant_type", "refresh_token").reply(200, answer(number, id_token));
        return graph.access_token();
    }

    /// A refresh token from elsewhere has brought this: nobody has verified it.
    void takes_over(std::string const& id_token)
    {
        line.expect_post("https://login.example/token").with("refresh_token", "from elsewhere").reply(200, answer("2", id_token));
        BOOST_TEST_REQUIRE(graph.obtain(oauth::refresh_token{secret("from elsewhere")}).has_value());
    }

    std::string refresh_token() { return std::string(graph.session().value()->refresh_token.reveal()); }
};

template <class T>
void refused(result<T> const& outcome, errc why, advice next)
{
    BOOST_TEST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code == make_error_code(why), "it says " << outcome.error().code.message());
    BOOST_TEST(outcome.error().next == next);
}

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_identity)

BOOST_AUTO_TEST_CASE(who_signed_in_and_who_is_signed_in)
{
    desk here;
    BOOST_TEST(!here.graph.identity().value().has_value());
    auto const tokens = here.sign_in([](claims_type const& claims) { return signed_token(claims); });
    BOOST_TEST_REQUIRE(tokens.has_value());
    BOOST_TEST(tokens->identity.value().subject == "alex");
    here.clock.advance(24h - 1s);   // however old
    BOOST_TEST(here.graph.identity().value().value().subject == "alex");
    BOOST_TEST(here.line.done(), here.line.report());
}

// A server that changes its keys: the kept ID token, the signed answer of the userinfo endpoint and the signed redirect may be of a key that was not there when they were fetched.
BOOST_AUTO_TEST_CASE(keys_that_change)
{
    auto const second = private_key::generate(es256).value();
    auto const by_second = [&](claims_type const& claims, char const* key_id = "k2") { return std::string(sign_jwt(claims, second, es256, {{"kid", key_id}}).value().reveal()); };
    auto const signed_in = [](desk<>& here) { BOOST_TEST_REQUIRE(here.sign_in([](claims_type const& claims) { return signed_token(claims); }).has_value()); };
    auto const expect = [&](desk<>& here, std::string const& keys) { here.line.expect_get("https://login.example/keys").reply(200, keys); };
    auto const after = [](claims_type claims, seconds age) {
        claims["exp"] = (issued_now + age + 60s).time_since_epoch().count();
        return claims;
    };
    // Also where the new key has the name of the old one.
    for (char const* const key_id : {"k2", "k1"})
    {
        desk here;
        signed_in(here);
        here.clock.advance(300s);
        here.takes_over(by_second(claims_with("nonce", nullptr), key_id));
        expect(here, published_keys(second, key_id));
        auto const who = here.graph.identity();
        BOOST_TEST_REQUIRE(who.has_value(), (who.has_error() ? describe(who.error()) : ""));
        BOOST_TEST(who->value().subject == "alex");
        BOOST_TEST(here.graph.identity().has_value());   // they are known now
        BOOST_TEST(here.line.done(), here.line.report());
    }
    {
        desk here;
        signed_in(here);
        here.clock.advance(600s);
        here.line.expect_get("https://login.example/userinfo").reply(200, by_second({{"sub", "alex"}, {"name", "Alex"}}), {{"Content-Type", "application/jwt"}});
        expect(here, published_keys(second, "k2"));
        auto const user = here.graph.userinfo();
        BOOST_TEST_REQUIRE(user.has_value(), (user.has_error() ? describe(user.error()) : ""));
        BOOST_TEST(user->name.value() == "Alex");
        BOOST_TEST(here.line.done(), here.line.report());
    }
    {
        desk here;
        signed_in(here);
        here.clock.advance(600s);
        auto pending = here.graph.authorize({.response_mode = "query.jwt"}).value();
        claims_type const redirect{{"iss", "https://login.example"}, {"aud", "the client"}, {"code", "c"}, {"state", pending.state}};
        expect(here, published_keys(second, "k2"));
        here.expect_exchange(pending, [&](claims_type const& claims) { return by_second(claims); });
        auto const tokens = here.graph.exchange(std::move(pending), "http://localhost:8400/?response=" + by_second(after(redirect, 600s)));
        BOOST_TEST_REQUIRE(tokens.has_value(), (tokens.has_error() ? describe(tokens.error()) : ""));
        BOOST_TEST(here.line.done(), here.line.report());
    }
    // The newer keys will not do either, or there are none: they are asked for once, and not again for five minutes.
    {
        desk here;
        signed_in(here);
        here.clock.advance(300s);
        here.takes_over(by_second(claims_with("nonce", nullptr)));
        here.expect_keys();
        refused(here.graph.identity(), errc::unknown_key, advice::sign_in_again);
        refused(here.graph.identity(), errc::unknown_key, advice::retry);
        here.clock.advance(300s);
        here.line.expect_get("https://login.example/keys").fail(errc::connect_failed, advice::retry);
        refused(here.graph.userinfo(), errc::unknown_key, advice::retry);
        BOOST_TEST(here.line.done(), here.line.report());
    }
}

// The ID token of the sign-in is good for as long as the session lives, though its key is gone by then; so is one that came with a renewal. No key is asked for.
BOOST_AUTO_TEST_CASE(keys_that_are_gone)
{
    auto const second = private_key::generate(es256).value();
    auto const by_second = [&](claims_type const& claims) { return std::string(sign_jwt(claims, second, es256, {{"kid", "k2"}}).value().reveal()); };
    for (bool const renewal_brings_one : {false, true})
    {
        desk here;
        BOOST_TEST_REQUIRE(here.sign_in([](claims_type const& claims) { return signed_token(claims); }).has_value());
        here.clock.advance(std::chrono::days{40});
        here.line.expect_post("https://login.example/token")
            .with("grant_type", "refresh_token")
            .reply(200, renewal_brings_one ? answer("2", by_second(claims_with("nonce", nullptr))) : R"({"token_type":"Bearer","expires_in":3600,"access_token":"a2"})");
        BOOST_TEST(here.graph.access_token().value().reveal() == "a2");
        here.clock.advance(600s);
        auto const who = here.graph.identity();
        BOOST_TEST_REQUIRE(who.has_value(), (who.has_error() ? describe(who.error()) : ""));
        BOOST_TEST(who->value().subject == "alex");
        here.line.expect_get("https://login.example/userinfo").with_authorization("Bearer a2").reply(200, R"({"sub":"alex","name":"Alex"})");
        BOOST_TEST(here.graph.userinfo().value().name.value() == "Alex");
        here.line.expect_get("https://login.example/userinfo").reply(200, R"({"sub":"blake"})");
        refused(here.graph.userinfo(), errc::subject_mismatch, advice::sign_in_again);
        BOOST_TEST(here.line.done(), here.line.report());
    }
}

// max_age: since when the user must have proved who they are. It goes by the time of the request, not by that of the answer.
BOOST_AUTO_TEST_CASE(how_long_ago_the_user_proved_it)
{
    auto const at = issued_now.time_since_epoch().count();
    struct row
    {
        std::optional<seconds> max_age;
        boost::json::value auth_time;
        seconds user_takes;
        std::optional<errc> why;
        advice next = advice::sign_in_again;
    };
    for (auto const& [max_age, auth_time, user_takes, why, next] : std::vector<row>{
             {{}, nullptr, 0s, {}},
             {{}, at - 99999, 0s, {}},
             {60s, nullptr, 0s, errc::claim_missing, advice::give_up},
             {60s, "soon", 0s, errc::malformed_claims, advice::give_up},
             {60s, at, 0s, {}},
             {60s, at - 360, 0s, {}},   // clocks may be five minutes apart
             {60s, at - 361, 0s, errc::authentication_too_old},
             {60s, at + 301, 0s, errc::token_not_yet_valid, advice::fix_configuration},
             {0s, at, 0s, {}},
             {0s, at - 301, 0s, errc::authentication_too_old},
             {60s, at - 60, 600s, {}},
             {60s, at - 361, 600s, errc::authentication_too_old},
             {60s, at + 300, 600s, {}},
         })
    {
        desk here;
        auto pending = here.graph.authorize({.max_age = max_age}).value();
        BOOST_TEST((find_parameter(parse_form(pending.url.substr(pending.url.find('?') + 1)).value(), "max_age").has_value()) == max_age.has_value());
        here.expect_keys();
        here.expect_exchange(pending, [&when = auth_time](claims_type claims) {
            if (!when.is_null()) claims["auth_time"] = when;
            return signed_token(claims);
        });
        here.clock.advance(user_takes);
        auto const outcome = here.exchange(std::move(pending));
        BOOST_TEST_CONTEXT("auth_time " << auth_time << ", max_age " << (max_age ? max_age->count() : -1) << ", after " << user_takes.count())
        {
            if (why) refused(outcome, *why, next);
            else BOOST_TEST(outcome.has_value());
            // Of an answer that is not to be believed nothing is kept.
            BOOST_TEST(here.graph.session().value().has_value() == !why);
            BOOST_TEST(here.line.done(), here.line.report());
        }
    }
}

// OpenID Connect Core 12.2
BOOST_AUTO_TEST_CASE(a_renewal_does_not_change_who_is_signed_in)
{
    desk here;
    std::string first;
    BOOST_TEST_REQUIRE(here.sign_in([&](claims_type const& claims) { return first = signed_token(claims); }).has_value());
    auto const kept = [&] { return std::string(here.graph.session().value()->id_token.reveal()); };
    refused(here.renewed_with("2", signed_token(claims_with("sub", "blake"))), errc::subject_mismatch, advice::sign_in_again);
    BOOST_TEST(here.refresh_token() == "r1");
    BOOST_TEST(kept() == first);
    BOOST_TEST(here.graph.identity().value().value().subject == "alex");
    // One that nobody signed says nothing, and takes nothing away: neither the new tokens, nor what is known of the user.
    BOOST_TEST(here.renewed_with("3", unsigned_token(claims_with("sub", "blake"))).value().reveal() == "a3");
    BOOST_TEST(here.refresh_token() == "r3");
    BOOST_TEST(kept() == first);
    // One that agrees is the newest.
    auto const newer = signed_token(claims_with("nonce", nullptr));
    BOOST_TEST(here.renewed_with("4", newer).value().reveal() == "a4");
    BOOST_TEST(here.refresh_token() == "r4");
    BOOST_TEST(kept() == newer);
    BOOST_TEST(here.graph.identity().value().value().subject == "alex");
    // An explicit renewal is judged as well.
    here.line.expect_post("https://login.example/token").with("refresh_token", "r4").reply(200, answer("5", signed_token(claims_with("iss", "https://other.example"))));
    refused(here.graph.refresh(), errc::token_issuer_mismatch, advice::sign_in_again);
    BOOST_TEST(here.graph.access_token().value().reveal() == "a4");
    BOOST_TEST(here.line.done(), here.line.report());
}

BOOST_AUTO_TEST_CASE(a_signed_redirect)   // JARM
{
    auto const run = [](auto& here, auto const& sign, bool fetches_keys) {
        auto pending = here.graph.authorize({.response_mode = "query.jwt"}).value();
        if (fetches_keys) here.expect_keys();
        here.expect_exchange(pending, [&](claims_type const& claims) { return sign(claims); });
        claims_type const redirect{{"iss", "https://login.example"}, {"aud", "the client"}, {"exp", issued_now.time_since_epoch().count() + 60}, {"code", "c"}, {"state", pending.state}};
        // An unsigned one does not do, and uses nothing up.
        refused(here.graph.exchange(std::move(pending), "http://localhost:8400/?code=c&state=" + pending.state), errc::malformed_redirect, advice::sign_in_again);
        auto const tokens = here.graph.exchange(std::move(pending), "http://localhost:8400/?response=" + sign(redirect));
        BOOST_TEST_REQUIRE(tokens.has_value(), (tokens.has_error() ? describe(tokens.error()) : ""));
        BOOST_TEST(tokens->identity.value().subject == "alex");
        BOOST_TEST(here.line.done(), here.line.report());
    };
    desk by_key;
    run(by_key, [](claims_type const& claims) { return signed_token(claims); }, true);
    desk<by_secret> shared;
    run(shared, [](claims_type const& claims) { return signed_by(the_secret, claims); }, false);
}

// OpenID Connect Core 10.1: the client's secret is the key, and no key is fetched.
BOOST_AUTO_TEST_CASE(signed_with_the_client_secret)
{
    for (claims_type const& header : {claims_type{}, claims_type{{"kid", "whatever"}}})
    {
        desk<by_secret> here;
        auto const tokens = here.sign_in([&](claims_type const& claims) { return signed_by(the_secret, claims, hs256, header); }, false);
        BOOST_TEST_REQUIRE(tokens.has_value(), (tokens.has_error() ? describe(tokens.error()) : ""));
        BOOST_TEST(tokens->identity.value().subject == "alex");
        BOOST_TEST(here.graph.identity().value().value().subject == "alex");
        here.line.expect_get("https://login.example/userinfo").with_authorization("Bearer a1").reply(
            200, signed_by(the_secret, {{"iss", "https://login.example"}, {"aud", "the client"}, {"sub", "alex"}, {"name", "Alex"}}), {{"Content-Type", "application/jwt"}});
        BOOST_TEST(here.graph.userinfo().value().name.value() == "Alex");
        BOOST_TEST(here.line.done(), here.line.report());
    }
    desk<by_both> either;
    BOOST_TEST(either.sign_in([](claims_type const& claims) { return signed_by(the_secret, claims); }).has_value());
    BOOST_TEST(either.sign_in([](claims_type const& claims) { return signed_token(claims); }, false).has_value());   // the keys are known
    BOOST_TEST(either.line.done(), either.line.report());
}

BOOST_AUTO_TEST_CASE(signed_with_anything_else)
{
    struct row
    {
        char const* what;
        std::function<std::string(claims_type const&)> make;
        errc why;
        advice next = advice::give_up;
    };
    auto const public_text = boost::json::serialize(server_key().public_key().json());
    for (auto const& [what, make, why, next] : std::vector<row>{
             {"another secret", [](claims_type const& claims) { return signed_by(the_secret + "x", claims); }, errc::bad_signature},
             {"another hash", [](claims_type const& claims) { return signed_by(std::string(64, 's'), claims, hs512); }, errc::algorithm_not_allowed, advice::fix_configuration},
             {"the server's key", [](claims_type const& claims) { return signed_token(claims); }, errc::algorithm_not_allowed, advice::fix_configuration},
             {"nothing", unsigned_token, errc::unsigned_token},
             {"the server's public key as a secret", [&](claims_type const& claims) { return signed_by(public_text, claims, hs256, {{"kid", "k1"}}); }, errc::bad_signature},
         })
        BOOST_TEST_CONTEXT(what)
        {
            desk<by_secret> here;
            refused(here.sign_in(make, false), why, next);
            BOOST_TEST(!here.graph.session().value().has_value());
            BOOST_TEST(here.line.done(), here.line.report());
        }
    // Off by default: the client's own secret signs nothing.
    desk usual;
    refused(usual.sign_in([](claims_type const& claims) { return signed_by(the_secret, claims); }), errc::algorithm_not_allowed, advice::fix_configuration);
    desk<by_both> either;
    refused(either.sign_in([&](claims_type const& claims) { return signed_by(public_text, claims, hs256, {{"kid", "k1"}}); }), errc::bad_signature, advice::give_up);
    desk<by_both> without_secret("");
    refused(without_secret.sign_in([&](claims_type const& claims) { return signed_by(public_text, claims, hs256, {{"kid", "k1"}}); }), errc::key_not_fit, advice::give_up);
}

// A code is not spent where its ID token could never be checked.
BOOST_AUTO_TEST_CASE(a_secret_that_is_no_key)
{
    for (auto const& [shared, why] : {std::pair(std::string(), errc::invalid_client), std::pair(std::string(31, 's'), errc::key_not_fit)})
    {
        desk<by_secret> here(shared);
        auto pending = here.graph.authorize().value();
        auto const redirect = "http://localhost:8400/?code=c&state=" + pending.state;
        refused(here.graph.exchange(std::move(pending), redirect), why, advice::fix_configuration);
        BOOST_TEST(!pending.state.empty());
        BOOST_TEST(here.line.sent().empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
