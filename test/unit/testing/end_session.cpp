#include <oauth/testing/authorization_server.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <oauth/oidc/logout.hpp>
#include <oauth/testing/detail/signing_key.hpp>
#include <oauth/testing/manual_clock.hpp>
#include "../../support/flow_fixture.hpp"
#include "server_probe.hpp"
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace oauth;
using namespace oauth::test;

struct fixture : flow_fixture<>
{
    static client who()
    {
        auto made = example_client();
        made.scope = "openid offline_access Mail.Read";
        return made;
    }

    fixture() : flow_fixture<>(example_options(), who()) {}

    http_response open(logout_options const& options)
    {
        auto const url = logout_url(server.metadata(), graph.registration(), options).value();
        return server.handle({.url = url.reveal()});
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(testing_end_session, fixture)

BOOST_AUTO_TEST_CASE(sends_the_user_home)
{
    auto const tokens = sign_in().value();
    auto const answer = open({.post_logout_redirect_uri = "http://localhost:8400/", .state = "s 1", .id_token_hint = tokens.id_token});
    BOOST_TEST(answer.status == 302);
    BOOST_TEST(find_field(answer.fields, "Location") == "http://localhost:8400/?state=s+1");
    BOOST_TEST(server.counts().sign_outs == 1u);
    BOOST_TEST(open({}).status == 200);
}

BOOST_AUTO_TEST_CASE(sends_nobody_elsewhere)
{
    auto const tokens = sign_in().value();
    BOOST_TEST(open({.post_logout_redirect_uri = "https://evil.example/"}).status == 400);
    auto forged = std::string(tokens.id_token.reveal());
    forged[forged.find('.') + 5] ^= 1;
    BOOST_TEST(open({.post_logout_redirect_uri = "http://localhost:8400/", .id_token_hint = secret(forged)}).status == 400);
    auto other = graph.registration();
    other.id = "another";
    auto const url = logout_url(server.metadata(), other, {.id_token_hint = tokens.id_token}).value();
    BOOST_TEST(server.handle({.url = url.reveal()}).status == 400);
}

BOOST_AUTO_TEST_CASE(takes_none_but_its_own_id_tokens)   // OpenID Connect RP-Initiated Logout 2
{
    auto const now = clock.now().time_since_epoch().count();
    auto const claims = [&](strict_server const& of) -> boost::json::object {
        return {{"iss", of.metadata().issuer}, {"aud", "the client"}, {"sub", "a user"}, {"exp", now + 3600}, {"iat", now}};
    };
    auto const without = [](boost::json::object from, char const* name) {
        from.erase(name);
        return from;
    };
    auto const and_with = [](boost::json::object from, char const* name, boost::json::value const& what) {
        from[name] = what;
        return from;
    };
    auto const& key = testing::detail::signing_key::instance();
    for (auto const kind : {testing::personality::entra_v2, testing::personality::entra_v1, testing::personality::b2c, testing::personality::standard})
    {
        auto options = example_options();
        options.kind = kind;
        strict_server const here{options, clock};
        auto const status = [&](boost::json::object const& token) {
            auto const url = logout_url(here.metadata(), who(), {.post_logout_redirect_uri = "http://localhost:8400/", .id_token_hint = secret(key.sign(token))}).value();
            return here.handle({.url = url.reveal()}).status;
        };
        auto const good = claims(here);
        boost::json::array const both{"another", "the client"};
        BOOST_TEST(status(good) == 302);
        BOOST_TEST(status(and_with(and_with(good, "aud", both), "azp", "the client")) == 302);
        BOOST_TEST(status(and_with(good, "exp", now - 1)) == 302);   // of a session that is over
        for (auto const* missing : {"iss", "aud", "sub", "exp", "iat"}) BOOST_TEST(status(without(good, missing)) == 400, missing);
        BOOST_TEST(status(and_with(good, "iss", "https://another.example")) == 400);
        BOOST_TEST(status(and_with(and_with(good, "aud", boost::json::array{"another"}), "azp", "the client")) == 400);
        BOOST_TEST(status(and_with(and_with(good, "aud", "another"), "azp", "the client")) == 400);
        BOOST_TEST(status(and_with(good, "azp", "the client")) == 400);     // an access token for the client itself, as Entra v2 writes it
        BOOST_TEST(status(and_with(good, "appid", "the client")) == 400);   // and v1
    }
}

BOOST_AUTO_TEST_CASE(takes_no_token_of_another_kind_or_server)
{
    using P = server_probe;
    using testing::personality;
    auto const ends = [](P const& here, std::string const& hint) { return here.get(here.server.metadata().end_session_endpoint.url() + "?id_token_hint=" + hint).status == 200; };
    for (auto const kind : {personality::entra_v2, personality::entra_v1, personality::b2c, personality::standard})
    {
        auto const openid = P::with(P::asks("openid offline_access"), "resource", kind == personality::entra_v1 ? "https://graph.microsoft.com" : "");
        P const here(kind);
        auto options = P::options(kind);
        options.tenant_id = "22222222-2222-4222-8222-222222222222";
        if (kind == personality::standard) options.origin = "https://another.example";
        P const elsewhere(std::move(options));
        BOOST_TEST(ends(here, P::text(here.tokens(openid), "id_token")));
        BOOST_TEST(ends(elsewhere, P::text(elsewhere.tokens(openid), "id_token")));
        BOOST_TEST(!ends(here, P::text(elsewhere.tokens(openid), "id_token")));
    }
    // What calls an API, be it the client's own.
    struct row
    {
        personality kind;
        char const* scope;
        char const* resource;
        char const* audience;
    };
    for (auto const& [kind, scope, resource, audience] : {row{personality::entra_v2, "openid api://web-api/read", "", "web app"},
                                                          row{personality::entra_v2, "openid api://public-app/read", "", "public-app"},
                                                          row{personality::entra_v1, "openid", "web app", "web app"},
                                                          row{personality::entra_v1, "openid", "public-app", "public-app"}})
    {
        auto options = P::options(kind);
        options.clients[1].identifiers = {"api://web-api"};
        P const here(std::move(options));
        auto const token = P::text(here.tokens(P::with(P::asks(scope), "resource", resource)), "access_token");
        BOOST_TEST(P::text(P::part(token, 1), "aud") == audience);
        BOOST_TEST(!ends(here, token), scope << ' ' << resource);
    }
    // What else a standard server signs for the client.
    auto options = P::options(personality::standard);
    options.clients[0].signed_userinfo = true;
    P const here(std::move(options));
    auto const tokens = here.tokens();
    auto const userinfo = std::string(here.get(here.server.metadata().userinfo_endpoint.url(), "Bearer " + P::text(tokens, "access_token")).body.reveal());
    auto const answer = P::value(here.redirect(P::with(P::asks(), "response_mode", "jwt")), "response");
    BOOST_TEST(P::text(P::part(userinfo, 1), "aud") == "public-app");
    BOOST_TEST(P::text(P::part(answer, 1), "aud") == "public-app");
    BOOST_TEST(!ends(here, userinfo));
    BOOST_TEST(!ends(here, answer));
}

BOOST_AUTO_TEST_SUITE_END()
