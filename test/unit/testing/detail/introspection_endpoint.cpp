#include <oauth/testing/detail/introspection_endpoint.hpp>

#include "../server_probe.hpp"
#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(testing_introspection_endpoint)

using oauth::testing::personality;
using P = server_probe;

namespace {

struct desk : P
{
    desk() : P(personality::standard) {}

    oauth::http_response ask(std::string token, std::string secret = "p+s %:w") const
    {
        auto list = oauth::form_parameters{{"client_id", "web app"}, {"client_secret", std::move(secret)}, {"token", std::move(token)}};
        return server.handle(form_request(server.metadata().introspection_endpoint.url(), encoded(list)));
    }
};

bool active(oauth::http_response const& answer)
{
    auto const body = P::json(answer);
    BOOST_TEST(answer.status == 200);
    BOOST_TEST_REQUIRE(body.contains("active"));
    // Nothing is said of a token that may not be used.
    if (!body.at("active").as_bool()) BOOST_TEST(body.size() == 1U);
    return body.at("active").as_bool();
}

} // namespace

BOOST_AUTO_TEST_CASE(what_an_access_token_stands_for)
{
    desk here;
    auto const tokens = here.tokens(P::with(P::asks(), "resource", "https://api.example/"));
    auto const body = P::json(here.ask(P::text(tokens, "access_token")));
    BOOST_TEST(body.at("active").as_bool());
    BOOST_TEST(P::text(body, "client_id") == "public-app");
    BOOST_TEST(P::text(body, "token_type") == "Bearer");
    BOOST_TEST(P::text(body, "username") == "alex@contoso.example");
    BOOST_TEST(P::text(body, "scope") == "openid offline_access Bookings.ReadWrite.All");
    BOOST_TEST(P::text(body, "iss") == "https://login.example.com");
    BOOST_TEST(P::text(body, "aud") == "https://api.example/");
    BOOST_TEST(body.at("exp").as_int64() - body.at("iat").as_int64() == 3599);
    BOOST_TEST(body.at("iat").as_int64() == here.clock.now().time_since_epoch().count());
    BOOST_TEST(here.server.counts().introspections == 1U);
    // A client's own token is nobody else's.
    auto const own = P::json(here.post({{"grant_type", "client_credentials"}, {"client_id", "web app"}, {"client_secret", "p+s %:w"}, {"scope", "a"}}));
    auto const its = P::json(here.ask(P::text(own, "access_token")));
    BOOST_TEST(P::text(its, "sub") == "web app");
    BOOST_TEST(!its.contains("username"));
}

BOOST_AUTO_TEST_CASE(what_may_not_be_used_is_not_active)
{
    desk here;
    auto const tokens = here.tokens();
    auto const token = P::text(tokens, "access_token");
    BOOST_TEST(active(here.ask(token)));
    BOOST_TEST(!active(here.ask("made up")));
    BOOST_TEST(!active(here.ask(P::text(tokens, "refresh_token"))));   // another client's
    here.clock.advance(oauth::seconds(3599));
    BOOST_TEST(!active(here.ask(token)));
    auto const later = P::text(here.tokens(), "access_token");
    here.server.revoke_access_tokens();
    BOOST_TEST(!active(here.ask(later)));
}

BOOST_AUTO_TEST_CASE(a_refresh_token_is_shown_to_its_own_client)
{
    desk here;
    auto list = P::with(P::with(P::asks(), "client_id", "web app"), "redirect_uri", "https://web.example/back");
    auto redeem = P::with(P::with(P::redeems(here.code(list)), "client_id", "web app"), "redirect_uri", "https://web.example/back");
    auto const tokens = P::json(here.post(P::with(redeem, "client_secret", "p+s %:w")));
    auto const token = P::text(tokens, "refresh_token");
    auto const body = P::json(here.ask(token));
    BOOST_TEST(body.at("active").as_bool());
    BOOST_TEST(!body.contains("token_type"));
    BOOST_TEST(P::text(body, "username") == "alex@contoso.example");
    here.post(P::with(P::with(P::renews(token), "client_id", "web app"), "client_secret", "p+s %:w"));
    BOOST_TEST(!active(here.ask(token)));   // spent
}

BOOST_AUTO_TEST_CASE(only_who_can_prove_who_it_is_may_ask)
{
    desk here;
    auto const token = P::text(here.tokens(), "access_token");
    BOOST_TEST(P::error(here.ask(token, "wrong")) == "401 invalid_client");
    auto const url = here.server.metadata().introspection_endpoint.url();
    auto const open = P::encoded({{"client_id", "public-app"}, {"token", token}});
    BOOST_TEST(P::error(here.server.handle(P::form_request(url, open))) == "401 invalid_client");
    BOOST_TEST(P::error(here.ask("")) == "400 invalid_request");
    BOOST_TEST(here.get(url).status == 405);
    BOOST_TEST(here.server.counts().introspections == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
