#include <oauth/policy/authentication/tls_client_auth.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/flow/flow.hpp>
#include <oauth/request/introspection.hpp>
#include <oauth/request/refresh_token.hpp>
#include <oauth/request/revocation.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include "../../../support/id_tokens.hpp"
#include "../../../support/printing.hpp"
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <string>
#include <utility>

namespace {

oauth::server_metadata server()
{
    oauth::server_metadata made;
    made.token_endpoint = "https://login.example/token";
    made.revocation_endpoint = "https://login.example/revoke";
    made.introspection_endpoint = "https://login.example/introspect";
    made.issuer = "https://login.example";
    made.jwks_uri = "https://login.example/keys";
    return made;
}

std::string published_keys()
{
    auto key = oauth::test::server_key().public_key().json();
    key["kid"] = "k1";
    return boost::json::serialize(boost::json::object{{"keys", boost::json::array{key}}});
}

struct outcome
{
    std::string url, body;
};

/// Tokens are got, the user's claims are asked for with them, and they are revoked and looked at.
template <class Authentication>
void check_flow(oauth::server_metadata const& to, oauth::client who, Authentication by, std::string const& origin)
{
    who.redirect_uri = "http://localhost/";
    who.scope = "openid accounts";
    oauth::testing::scripted_transport line;
    oauth::testing::manual_clock clock;
    oauth::flow bank{to, who, line, oauth::memory_store{}, clock, std::move(by)};
    auto const claims = oauth::test::claims_with("aud", "c");
    line.expect_post(origin + "/token").reply(200, R"({"token_type":"Bearer","expires_in":3600,"access_token":"a","id_token":")" + oauth::test::signed_token(claims) + "\"}");
    BOOST_TEST_REQUIRE(bank.obtain(oauth::refresh_token{oauth::secret("r")}).has_value());
    line.expect_get("https://login.example/keys").reply(200, published_keys());
    line.expect_get(origin + "/userinfo").with_authorization("Bearer a").reply(200, R"({"sub":"alex"})");
    auto const user = bank.userinfo();
    BOOST_TEST(user.has_value(), (user.has_error() ? describe(user.error()) : ""));
    line.expect_post("https://login.example/introspect").reply(200, R"({"active":true})");
    BOOST_TEST(bank.ask(oauth::introspection{.token = oauth::secret("a")}).has_value());
    line.expect_post(origin + "/revoke").reply(200, "");
    BOOST_TEST(bank.ask(oauth::revocation{.token = oauth::secret("a")}).has_value());
    BOOST_TEST(line.done(), line.report());
}

outcome authenticate(oauth::endpoint const& asked, oauth::server_metadata const& to)
{
    oauth::http_request request{.url = asked};
    oauth::form body;
    BOOST_TEST(oauth::tls_client_auth{}.authenticate(request, body, {.id = "the client", .secret = oauth::secret("not sent")}, to, {}).has_value());
    BOOST_TEST(request.authorization.empty());
    BOOST_TEST(request.fields.empty());
    return {request.url.url(), std::string(body.str())};
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_authentication_tls_client_auth)

// RFC 8705 2: the body names the client, the connection proves it.
BOOST_AUTO_TEST_CASE(names_the_client_and_sends_no_secret)
{
    auto const sent = authenticate("https://login.example/token", server());
    BOOST_TEST(sent.url == "https://login.example/token");
    BOOST_TEST(sent.body == "client_id=the%20client");
}

// RFC 8705 5: a flow asks where the server wants the certificate, at every endpoint; so does a client that authenticates otherwise, but wants its tokens bound to one.
BOOST_AUTO_TEST_CASE(asks_where_the_certificate_is_wanted)
{
    auto with_aliases = server();
    with_aliases.userinfo_endpoint = "https://login.example/userinfo";
    with_aliases.authorization_endpoint = "https://login.example/authorize";
    with_aliases.mtls_endpoint_aliases = {{&oauth::server_metadata::revocation_endpoint, "https://mtls.login.example/revoke"},
                                          {&oauth::server_metadata::token_endpoint, "https://mtls.login.example/token"},
                                          {&oauth::server_metadata::userinfo_endpoint, "https://mtls.login.example/userinfo"}};
    auto without_aliases = with_aliases;
    without_aliases.mtls_endpoint_aliases.clear();
    check_flow(with_aliases, {.id = "c"}, oauth::tls_client_auth{}, "https://mtls.login.example");
    check_flow(with_aliases, {.id = "c", .mtls_endpoints = true}, oauth::client_secret_post{}, "https://mtls.login.example");
    check_flow(with_aliases, {.id = "c"}, oauth::client_secret_post{}, "https://login.example");
    check_flow(without_aliases, {.id = "c", .mtls_endpoints = true}, oauth::tls_client_auth{}, "https://login.example");
    BOOST_TEST(endpoint_of(with_aliases, &oauth::server_metadata::introspection_endpoint, true).url() == "https://login.example/introspect");   // it has none
}

// An endpoint for certificates alone.
BOOST_AUTO_TEST_CASE(an_endpoint_may_have_nothing_but_its_alias)
{
    oauth::server_metadata to;
    to.mtls_endpoint_aliases = {{&oauth::server_metadata::token_endpoint, "https://mtls.login.example/token"}};
    BOOST_TEST(oauth::form_request(to, &oauth::server_metadata::token_endpoint, true).value().url.url() == "https://mtls.login.example/token");
    BOOST_TEST(oauth::form_request(to).error().code == make_error_code(oauth::errc::missing_endpoint));
}

BOOST_AUTO_TEST_SUITE_END()
