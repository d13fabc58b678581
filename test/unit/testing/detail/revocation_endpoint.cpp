#include <oauth/testing/detail/revocation_endpoint.hpp>

#include "../server_probe.hpp"
#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(testing_revocation_endpoint)

using oauth::testing::personality;
using P = server_probe;

namespace {

struct desk : P
{
    explicit desk(oauth::testing::authorization_server_options given = P::options(personality::standard)) : P(std::move(given)) {}

    oauth::http_response revoke(oauth::form_parameters const& list) const { return server.handle(form_request(server.metadata().revocation_endpoint.url(), encoded(list))); }
};

oauth::form_parameters of(std::string token, std::string client_id = "public-app") { return {{"client_id", std::move(client_id)}, {"token", std::move(token)}}; }

} // namespace

BOOST_AUTO_TEST_CASE(a_refresh_token_takes_its_family_along)
{
    desk here;
    auto const first = here.tokens();
    auto const second = P::json(here.post(P::renews(P::text(first, "refresh_token"))));
    auto const stranger = here.tokens();
    // Also one that is spent: it names the family all the same.
    auto const answer = here.revoke(of(P::text(first, "refresh_token")));
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(answer.body.empty());
    for (auto const* tokens : {&first, &second})
    {
        BOOST_TEST(!here.server.accepts(P::text(*tokens, "access_token")));
        BOOST_TEST(P::error(here.post(P::renews(P::text(*tokens, "refresh_token")))) == "400 invalid_grant");
    }
    BOOST_TEST(here.server.accepts(P::text(stranger, "access_token")));
    BOOST_TEST(here.server.counts().revocations == 1U);
}

BOOST_AUTO_TEST_CASE(an_access_token_goes_alone)
{
    desk here;
    auto const tokens = here.tokens();
    BOOST_TEST(here.revoke(of(P::text(tokens, "access_token"))).status == 200);
    BOOST_TEST(!here.server.accepts(P::text(tokens, "access_token")));
    BOOST_TEST(here.post(P::renews(P::text(tokens, "refresh_token"))).status == 200);

    auto options = P::options(personality::standard);
    options.revokes_access_tokens = false;
    desk other{options};
    auto const theirs = other.tokens();
    BOOST_TEST(P::error(other.revoke(of(P::text(theirs, "access_token")))) == "400 unsupported_token_type");
    BOOST_TEST(other.server.accepts(P::text(theirs, "access_token")));
}

BOOST_AUTO_TEST_CASE(whatever_the_hint_says)
{
    desk here;
    for (auto const* hint : {"access_token", "refresh_token", "made_up"})
    {
        auto const tokens = here.tokens();
        BOOST_TEST(here.revoke(P::with(of(P::text(tokens, "refresh_token")), "token_type_hint", hint)).status == 200);
        BOOST_TEST(!here.server.accepts(P::text(tokens, "access_token")), hint);
    }
}

BOOST_AUTO_TEST_CASE(a_token_that_nobody_knows_is_revoked)
{
    desk here;
    auto const tokens = here.tokens();
    BOOST_TEST(here.revoke(of("made up")).status == 200);
    BOOST_TEST(here.revoke(of(P::text(tokens, "refresh_token"))).status == 200);
    BOOST_TEST(here.revoke(of(P::text(tokens, "refresh_token"))).status == 200);
    BOOST_TEST(P::error(here.revoke({{"client_id", "public-app"}})) == "400 invalid_request");
}

BOOST_AUTO_TEST_CASE(only_its_own_client_may)
{
    desk here;
    auto const tokens = here.tokens();
    auto const by_other = [&](std::string_view member) { return P::with(of(P::text(tokens, member), "web app"), "client_secret", "p+s %:w"); };
    BOOST_TEST(P::error(here.revoke(by_other("refresh_token"))) == "400 invalid_grant");
    BOOST_TEST(P::error(here.revoke(by_other("access_token"))) == "400 invalid_grant");
    BOOST_TEST(P::error(here.revoke(P::with(by_other("access_token"), "client_secret", "wrong"))) == "401 invalid_client");
    BOOST_TEST(P::error(here.revoke(P::with(by_other("access_token"), "client_secret", ""))) == "401 invalid_client");
    BOOST_TEST(here.server.accepts(P::text(tokens, "access_token")));
    BOOST_TEST(here.get(here.server.metadata().revocation_endpoint.url()).status == 405);
}

BOOST_AUTO_TEST_SUITE_END()
