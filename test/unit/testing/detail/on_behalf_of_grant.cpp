#include <oauth/testing/detail/on_behalf_of_grant.hpp>

#include "../server_probe.hpp"
#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_on_behalf_of_grant)

using oauth::testing::personality;
using P = server_probe;
using namespace std::chrono_literals;

namespace {

/// The API "web app", called by "public-app".
struct middle_tier
{
    P probe;
    personality kind;

    explicit middle_tier(personality which = personality::entra_v2) : probe(options(which)), kind(which) {}

    static oauth::testing::authorization_server_options options(personality which)
    {
        auto made = P::options(which);
        made.clients[1].identifiers = {"api://web-api"};
        made.clients[1].permissions = "User.Read https://vault.example/read";
        return made;
    }

    /// What "public-app" calls the API with.
    std::string token(std::string scope = "api://web-api/access", std::string resource = "api://web-api") const
    {
        auto const asks = P::asks(std::move(scope));
        return P::text(probe.tokens(kind == personality::entra_v1 ? P::with(asks, "resource", resource) : asks), "access_token");
    }

    oauth::form_parameters asks(std::string assertion) const
    {
        oauth::form_parameters list{{"grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"}, {"client_id", "web app"}, {"client_secret", "p+s %:w"},
                                    {"assertion", std::move(assertion)}, {"requested_token_use", "on_behalf_of"}};
        if (kind == personality::entra_v1) list.push_back({"resource", "https://graph.microsoft.com"});
        else list.push_back({"scope", "https://graph.microsoft.com/User.Read"});
        return list;
    }
};

std::vector<std::string> names(boost::json::object const& of)
{
    std::vector<std::string> out;
    for (auto const& member : of) out.emplace_back(member.key());
    std::sort(out.begin(), out.end());
    return out;
}

boost::json::object fixture(std::string const& name)
{
    std::ifstream file(std::string(OAUTH_TEST_FIXTURES) + "/microsoft/" + name);
    return boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {})).as_object();
}

} // namespace

BOOST_AUTO_TEST_CASE(the_token_is_the_user_s_and_the_api_s)
{
    for (auto const kind : {personality::entra_v2, personality::entra_v1})
    {
        middle_tier here(kind);
        auto const tokens = P::json(here.probe.post(here.asks(here.token())));
        auto const accepted = here.probe.server.introspect(P::text(tokens, "access_token"));
        BOOST_TEST_REQUIRE(accepted.has_value());
        BOOST_TEST(accepted->client_id == "web app");
        BOOST_TEST(accepted->user.value().username == "alex@contoso.example");
        BOOST_TEST(accepted->resource == "https://graph.microsoft.com");
        BOOST_TEST(here.probe.server.counts().on_behalf_of == 1u);
    }
}

BOOST_AUTO_TEST_CASE(answers_have_the_shape_of_microsofts)
{
    middle_tier here;
    auto const token = here.token();
    auto const plain = P::json(here.probe.post(P::with(here.asks(token), "scope", "https://graph.microsoft.com/User.Read offline_access")));
    BOOST_TEST(names(plain) == names(fixture("v2_obo_success_ext0.json")), boost::test_tools::per_element());
    BOOST_TEST(here.probe.post({{"grant_type", "refresh_token"}, {"client_id", "web app"}, {"client_secret", "p+s %:w"}, {"refresh_token", P::text(plain, "refresh_token")}}).status == 200);

    auto saml = P::with(here.asks(token), "requested_token_type", "urn:ietf:params:oauth:token-type:saml2");
    auto const assertion = P::json(here.probe.post(P::with(saml, "scope", "https://graph.microsoft.com/User.Read offline_access")));
    BOOST_TEST(names(assertion) == names(fixture("v2_obo_saml_success.json")), boost::test_tools::per_element());
    BOOST_TEST(P::text(assertion, "issued_token_type") == "urn:ietf:params:oauth:token-type:saml2");
    BOOST_TEST(oauth::base64url_decode(P::text(assertion, "access_token")).value().starts_with("<saml:Assertion"));
    BOOST_TEST(!P::json(here.probe.post(saml)).contains("refresh_token"));
}

BOOST_AUTO_TEST_CASE(each_fault_has_its_refusal)
{
    middle_tier here;
    auto const good = here.asks(here.token());
    struct row
    {
        char const* name;
        std::string value;
        std::string error;
        std::int64_t number;
    };
    for (auto const& wrong : std::vector<row>{
             {"client_secret", "", "401 invalid_client", 7000218},
             {"client_secret", "wrong", "401 invalid_client", 7000215},
             {"assertion", "", "400 invalid_request", 900144},
             {"assertion", "made.up.token", "400 invalid_grant", 50013},
             {"assertion", here.token("User.Read"), "400 invalid_grant", 500131},
             {"requested_token_use", "", "400 invalid_request", 900144},
             {"requested_token_use", "on_behalf_of_me", "400 invalid_request", 90023},
             {"requested_token_type", "urn:ietf:params:oauth:token-type:jwt", "400 invalid_request", 90023},
             {"scope", "", "400 invalid_request", 900144},
             {"scope", "https://graph.microsoft.com/Mail.Send", "400 invalid_grant", 65001},
             {"scope", "https://graph.microsoft.com/User.Read https://vault.example/read", "400 invalid_scope", 700022},
             {"scope", "a\"b", "400 invalid_scope", 70011},
             {"resource", "https://graph.microsoft.com", "400 invalid_request", 901002},
         })
        BOOST_TEST_CONTEXT(wrong.name << '=' << wrong.value)
        {
            auto const answer = here.probe.post(P::with(good, wrong.name, wrong.value));
            BOOST_TEST(P::error(answer) == wrong.error);
            BOOST_TEST(P::number(answer) == wrong.number);
        }
    BOOST_TEST(here.probe.server.counts().on_behalf_of == 0u);
    // What the API asks for may be anything that it has a permission for.
    for (std::string const scope : {"https://graph.microsoft.com/.default", "User.Read", "https://vault.example/read", "https://vault.example/.default openid"})
        BOOST_TEST(here.probe.post(P::with(good, "scope", scope)).status == 200, scope);
}

BOOST_AUTO_TEST_CASE(public_clients_have_no_apis)
{
    middle_tier here;
    auto list = P::with(here.asks(here.token()), "client_id", "public-app");
    BOOST_TEST(P::number(here.probe.post(P::with(list, "client_secret", ""))) == 7000218);
}

BOOST_AUTO_TEST_CASE(the_assertion_must_be_a_user_s_and_alive)
{
    middle_tier here;
    auto const by_itself = P::json(here.probe.post({{"grant_type", "client_credentials"}, {"client_id", "web app"}, {"client_secret", "p+s %:w"}, {"scope", "api://web-api/.default"}}));
    BOOST_TEST(P::number(here.probe.post(here.asks(P::text(by_itself, "access_token")))) == 50013);
    auto const token = here.token();
    here.probe.clock.advance(1h);
    BOOST_TEST(P::number(here.probe.post(here.asks(token))) == 500133);
    auto const revoked = here.token();
    here.probe.server.revoke_access_tokens();
    BOOST_TEST(P::number(here.probe.post(here.asks(revoked))) == 50173);
}

BOOST_AUTO_TEST_CASE(an_api_checks_its_tokens_by_itself)
{
    for (auto const kind : {personality::entra_v2, personality::entra_v1})
    {
        bool const v2 = kind == personality::entra_v2;
        middle_tier here(kind);
        auto const keys = oauth::jwk::parse(oauth::testing::detail::signing_key::instance().jwk()).value();
        auto const first = here.token(), second = here.token();
        BOOST_TEST(first != second);
        auto const token = oauth::verify_jwt(first, keys, oauth::jws_algorithms::asymmetric()).value();
        BOOST_TEST(P::text(token.claims, "aud") == (v2 ? "web app" : "api://web-api"));
        BOOST_TEST(P::text(token.claims, v2 ? "azp" : "appid") == "public-app");
        BOOST_TEST(P::text(token.claims, "iss") == here.probe.server.metadata().issuer);
        BOOST_TEST(P::text(token.claims, "ver") == (v2 ? "2.0" : "1.0"));
        BOOST_TEST(P::text(token.claims, "name") == "Alex Example");
        BOOST_TEST(P::text(token.claims, "oid") == "33333333-aaaa-4bbb-8ccc-444444444444");
        if (v2) BOOST_TEST(P::text(token.claims, "scp") == "access");
        BOOST_TEST(token.claims.at("exp").as_int64() - token.claims.at("iat").as_int64() == 3599 + 300);   // dated five minutes back
        // Those of others are for nobody to read.
        BOOST_TEST(here.token("User.Read", "https://graph.microsoft.com").starts_with("at."));
    }
    // A client's own has no user, and no scope that one could have granted.
    middle_tier here;
    auto const own = P::json(here.probe.post({{"grant_type", "client_credentials"}, {"client_id", "web app"}, {"client_secret", "p+s %:w"}, {"scope", "api://web-api/.default"}}));
    auto const token = oauth::decode_unverified_jwt(P::text(own, "access_token")).value();
    BOOST_TEST(P::text(token.claims, "sub") == "web app");
    BOOST_TEST(!token.claims.contains("scp"));
}

BOOST_AUTO_TEST_CASE(a_user_who_must_do_more)
{
    std::string const factor = R"({"access_token":{"acrs":{"essential":true,"value":"c25"}}})";
    auto options = middle_tier::options(personality::entra_v2);
    options.interactive_claims = factor;
    middle_tier here;
    here.probe = P(options);
    auto const refused = here.probe.post(here.asks(here.token()));
    BOOST_TEST(P::error(refused) == "400 interaction_required");
    BOOST_TEST(P::text(P::json(refused), "claims") == factor);
    auto const done = here.probe.tokens(P::with(P::asks("api://web-api/access"), "claims", factor));
    BOOST_TEST(here.probe.post(here.asks(P::text(done, "access_token"))).status == 200);
}

BOOST_AUTO_TEST_CASE(an_application_has_several_names)
{
    oauth::testing::registered_client const client{.id = "the-id", .identifiers = {"https://api.example"}};
    for (auto const* name : {"the-id", "api://the-id", "https://api.example"}) BOOST_TEST(oauth::testing::detail::is_audience(client, name), name);
    for (auto const* name : {"", "api://", "https://api.example/", "THE-ID"}) BOOST_TEST(!oauth::testing::detail::is_audience(client, name), name);
}

BOOST_AUTO_TEST_SUITE_END()
