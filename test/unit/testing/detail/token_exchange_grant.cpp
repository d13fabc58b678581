#include <oauth/testing/detail/token_exchange_grant.hpp>

#include "../server_probe.hpp"
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_token_exchange_grant)

using oauth::testing::personality;
using P = server_probe;
using namespace std::chrono_literals;
namespace uri = oauth::token_type_uri;

namespace {

constexpr char grant_type[] = "urn:ietf:params:oauth:grant-type:token-exchange";

struct service
{
    P probe{personality::standard};
    boost::json::object user = probe.tokens(P::asks("offline_access read write"));

    std::string token() const { return P::text(user, "access_token"); }

    oauth::form_parameters asks(std::string subject, std::string type = uri::access_token) const
    {
        return {{"grant_type", grant_type}, {"client_id", "web app"}, {"client_secret", "p+s %:w"}, {"subject_token", std::move(subject)}, {"subject_token_type", std::move(type)}};
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(one_token_for_another)   // RFC 8693 2.3
{
    service here;
    auto const answer = P::json(here.probe.post(P::with(P::with(here.asks(here.token()), "resource", "https://backend.example.com/api"), "scope", "read")));
    BOOST_TEST(P::text(answer, "issued_token_type") == "urn:ietf:params:oauth:token-type:access_token");
    BOOST_TEST(P::text(answer, "token_type") == "Bearer");
    BOOST_TEST(P::text(answer, "access_token") != here.token());
    auto const accepted = here.probe.server.introspect(P::text(answer, "access_token")).value();
    BOOST_TEST(accepted.client_id == "web app");
    BOOST_TEST(accepted.user.value().username == "alex@contoso.example");
    BOOST_TEST(accepted.scope.str() == "read");
    BOOST_TEST(accepted.resource == "https://backend.example.com/api");
    BOOST_TEST(here.probe.server.counts().token_exchanges == 1u);
    // All of its scope, where none is named.
    auto const all = P::json(here.probe.post(here.asks(here.token())));
    BOOST_TEST(here.probe.server.introspect(P::text(all, "access_token")).value().scope.contains("write"));
}

BOOST_AUTO_TEST_CASE(for_several_services)   // RFC 8693 2.1
{
    service here;
    auto list = here.asks(here.token());
    for (auto const& [name, value] : oauth::form_parameters{{"resource", "https://a.example/"}, {"audience", "public-app"}, {"resource", "https://b.example/"}, {"audience", "web app"}}) list.push_back({name, value});
    auto const token = P::text(P::json(here.probe.post(list)), "access_token");
    auto const accepted = here.probe.server.introspect(token).value();
    BOOST_TEST(accepted.resource == "https://a.example/");
    std::vector<std::string> const others{"https://b.example/", "public-app", "web app"};
    BOOST_TEST(accepted.also_resources == others, boost::test_tools::per_element());
    auto const said = P::json(here.probe.server.handle(P::form_request(here.probe.server.metadata().introspection_endpoint.url(),
                                                                       P::encoded({{"client_id", "web app"}, {"client_secret", "p+s %:w"}, {"token", token}}))));
    BOOST_TEST((said.at("aud") == boost::json::array{"https://a.example/", "https://b.example/", "public-app", "web app"}));
    // Each must be good.
    for (auto const& [name, value] : oauth::form_parameters{{"resource", "backend"}, {"audience", "nobody"}})
    {
        auto wrong = list;
        wrong.push_back({name, value});
        BOOST_TEST(P::error(here.probe.post(wrong)) == "400 invalid_target", name << '=' << value);
    }
    // Nothing else may repeat, nor these anywhere else.
    for (auto const* name : {"subject_token", "client_id"})
    {
        auto wrong = list;
        wrong.push_back({name, P::value(list, name)});
        BOOST_TEST(P::error(here.probe.post(wrong)) == "400 invalid_request", name);
    }
    for (auto const* name : {"resource", "audience"})
        BOOST_TEST(P::error(here.probe.post({{"grant_type", "client_credentials"}, {"client_id", "web app"}, {"client_secret", "p+s %:w"}, {"scope", "read"}, {name, "https://a.example/"}, {name, "https://a.example/"}}))
                   == "400 invalid_request");
}

BOOST_AUTO_TEST_CASE(other_subjects)
{
    service here;
    BOOST_TEST(here.probe.post(here.asks(here.probe.server.assertion(), uri::jwt)).status == 200);
    // A refresh token is its client's alone.
    BOOST_TEST(P::error(here.probe.post(here.asks(P::text(here.user, "refresh_token"), uri::refresh_token))) == "400 invalid_request");
    auto const own = P::text(P::json(here.probe.post({{"grant_type", "client_credentials"}, {"client_id", "web app"}, {"client_secret", "p+s %:w"}, {"scope", "read"}})), "access_token");
    auto const exchanged = P::json(here.probe.post(here.asks(own)));
    BOOST_TEST(!here.probe.server.introspect(P::text(exchanged, "access_token")).value().user.has_value());
    auto acting = P::with(P::with(here.asks(here.token()), "actor_token", own), "actor_token_type", uri::access_token);
    BOOST_TEST(here.probe.post(acting).status == 200);
    BOOST_TEST(P::error(here.probe.post(P::with(acting, "actor_token", "made up"))) == "400 invalid_request");
    BOOST_TEST(P::error(here.probe.post(P::with(acting, "actor_token_type", ""))) == "400 invalid_request");
}

BOOST_AUTO_TEST_CASE(each_fault_has_its_refusal)
{
    service here;
    auto const good = here.asks(here.token());
    struct row
    {
        char const* name;
        std::string value;
        std::string error;
    };
    for (auto const& wrong : std::vector<row>{
             {"client_secret", "wrong", "401 invalid_client"},
             {"subject_token", "", "400 invalid_request"},
             {"subject_token", "made up", "400 invalid_request"},
             {"subject_token_type", "", "400 invalid_request"},
             {"subject_token_type", uri::refresh_token, "400 invalid_request"},
             {"subject_token_type", uri::saml2, "400 invalid_request"},
             {"subject_token_type", "access_token", "400 invalid_request"},
             {"actor_token_type", uri::jwt, "400 invalid_request"},   // RFC 8693 2.1: not without its token
             {"requested_token_type", uri::saml2, "400 invalid_request"},
             {"scope", "read admin", "400 invalid_scope"},            // more than the subject's
             {"scope", "a\"b", "400 invalid_scope"},
             {"resource", "backend", "400 invalid_target"},
             {"resource", "https://backend.example.com/#x", "400 invalid_target"},
             {"audience", "nobody", "400 invalid_target"},
         })
        BOOST_TEST(P::error(here.probe.post(P::with(good, wrong.name, wrong.value))) == wrong.error, wrong.name << '=' << wrong.value);
    BOOST_TEST(here.probe.server.counts().token_exchanges == 0u);
    BOOST_TEST(here.probe.post(P::with(good, "audience", "public-app")).status == 200);
    BOOST_TEST(here.probe.post(P::with(good, "requested_token_type", uri::access_token)).status == 200);
}

BOOST_AUTO_TEST_CASE(the_subject_s_token_must_be_alive)
{
    service old, revoked;
    old.probe.clock.advance(1h);
    BOOST_TEST(P::error(old.probe.post(old.asks(old.token()))) == "400 invalid_request");
    auto const assertion = old.probe.server.assertion();
    old.probe.clock.advance(5min);
    BOOST_TEST(P::error(old.probe.post(old.asks(assertion, uri::jwt))) == "400 invalid_request");
    revoked.probe.server.revoke_all();
    BOOST_TEST(P::error(revoked.probe.post(revoked.asks(revoked.token()))) == "400 invalid_request");
}

BOOST_AUTO_TEST_CASE(for_confidential_clients_of_the_standard_alone)
{
    service here;
    auto const open = P::with(P::with(here.asks(here.token()), "client_id", "public-app"), "client_secret", "");
    BOOST_TEST(P::error(here.probe.post(open)) == "400 unauthorized_client");
    for (auto const kind : {personality::entra_v2, personality::entra_v1, personality::b2c})
        BOOST_TEST(P::error(P(kind).post(here.asks("x"))) == "400 unsupported_grant_type");
}

BOOST_AUTO_TEST_SUITE_END()
