#include <oauth/testing/authorization_server.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/oidc/logout.hpp>
#include <oauth/testing/manual_clock.hpp>
#include "../../support/flow_fixture.hpp"
#include <string>

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

BOOST_AUTO_TEST_SUITE_END()
