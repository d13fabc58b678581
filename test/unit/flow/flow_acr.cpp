#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/core/pending_authorization_json.hpp>
#include "../../support/tampered_desk.hpp"
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

// What an ID token must say on demand of how the user was authenticated (OpenID Connect Core 5.5.1.1). Against the strict server.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using testing::personality;

client who(std::string claims = {})
{
    auto made = example_client();
    made.scope = "openid offline_access Mail.Read";
    made.claims = std::move(claims);
    return made;
}

testing::authorization_server_options options(std::string acr = {}, bool overlooks = false)
{
    testing::authorization_server_options made{.kind = personality::standard, .clients = {testing::registered_client::of(who())}};
    made.users[0].acr = std::move(acr);
    made.overlooks_essential_acr = overlooks;
    return made;
}

struct desk : tampered_desk
{
    explicit desk(testing::authorization_server_options given = options(), client of = who()) : tampered_desk(std::move(given), std::move(of), "/token") {}

    result<signed_in> device_sign_in(device_authorization asks = {})
    {
        return graph.device_sign_in([this](auto const& codes) { server.enter_code(codes.user_code); }, std::move(asks));
    }
};

std::string of_acr(std::string const& acr) { return R"({"id_token":{"acr":)" + acr + "}}"; }

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_acr)

BOOST_AUTO_TEST_CASE(a_demand_is_met)   // OpenID Connect Core 5.5.1.1
{
    desk here(options("gold"));
    for (auto const& asks : std::vector<authorization_options>{{.claims = essential_acr({"gold"})}, {.claims = essential_acr({"platinum", "gold"}), .acr_values = "platinum gold"},
                                                               {.claims = of_acr(R"({"essential":true,"value":"gold"})")}, {.claims = of_acr(R"({"essential":true})")}, {.acr_values = "platinum"}, {}})
    {
        auto const tokens = here.sign_in(asks);
        BOOST_TEST_REQUIRE(tokens.has_value(), asks.claims);
        BOOST_TEST(tokens->identity->acr.value() == "gold");
    }
    auto const url = here.graph.authorize({.acr_values = "platinum gold"}).value().url;
    BOOST_TEST(url.find("&acr_values=platinum%20gold") != url.npos);
    BOOST_TEST(here.graph.authorize({.acr_values = "a", .extra = {{"acr_values", "b"}}}).error().code == errc::duplicate_parameter);
}

BOOST_AUTO_TEST_CASE(a_demand_is_not_met)
{
    for (std::string const acr : {"", "silver"})
    {
        authorization_options const asks{.claims = essential_acr({"gold", "platinum"})};
        // The server says so, or it does not, and the client finds out: nothing is kept.
        desk strict(options(acr)), careless(options(acr, true));
        auto const why = strict.sign_in(asks);
        refused(why, server_errc::unmet_authentication_requirements);
        BOOST_TEST((why.error().next == advice::sign_in_again));
        refused(careless.sign_in(asks), errc::acr_mismatch);
        BOOST_TEST(!careless.graph.session().value().has_value());
        // Parked in between, it is still demanded.
        auto pending = pending_authorization_from_json(to_json(careless.graph.authorize(asks).value()).reveal()).value();
        auto const redirect = careless.server.sign_in(pending.url);
        refused(careless.graph.exchange(std::move(pending), redirect), errc::acr_mismatch);
        // A wish is none.
        BOOST_TEST(careless.sign_in({.acr_values = "gold"}).has_value());
        BOOST_TEST(careless.sign_in({.claims = of_acr(R"({"values":["gold"]})")}).has_value());
    }
}

// What comes to the registration's claims may be an API's or a server's: `failure.server.claims`.
BOOST_AUTO_TEST_CASE(a_demand_of_the_registration_stays)
{
    auto const here = [] { return desk(options("silver", true), who(essential_acr({"gold"}))); };
    refused(here().sign_in(), errc::acr_mismatch);
    refused(here().device_sign_in(), errc::acr_mismatch);
    struct row
    {
        std::string claims;
        errc why = errc::acr_mismatch;
    };
    for (auto const& [claims, why] : std::vector<row>{{R"({"userinfo":{"email":null}})"},
                                                      {R"({"id_token":null})"},
                                                      {of_acr("null")},
                                                      {of_acr(R"({"essential":false})")},
                                                      {of_acr(R"({"values":["silver"]})")},
                                                      {of_acr(R"({"value":"silver"})")},
                                                      {of_acr(R"({"essential":true})")},
                                                      {of_acr(R"({"essential":true,"values":["silver","gold"]})")},
                                                      {of_acr(R"({"essential":true,"values":["silver"]})"), errc::malformed_claims},
                                                      {of_acr(R"({"essential":true,"value":"silver"})"), errc::malformed_claims},
                                                      {of_acr(R"("x")"), errc::malformed_claims},
                                                      {R"({"id_token":"x"})", errc::malformed_claims}})
        BOOST_TEST_CONTEXT(claims)
        {
            refused(here().sign_in({.claims = claims}), why);
            refused(here().device_sign_in({.claims = claims}), why);
        }
    // It may become stricter.
    desk strict(options("silver", true), who(essential_acr({"gold", "silver"})));
    BOOST_TEST(strict.sign_in().has_value());
    refused(strict.sign_in({.claims = essential_acr({"gold"})}), errc::acr_mismatch);
}

BOOST_AUTO_TEST_CASE(a_device_can_not_demand_it_in_vain)
{
    desk here(options({}, true));
    refused(here.device_sign_in({.claims = essential_acr({"gold"})}), errc::acr_mismatch);
    refused(here.device_sign_in({.claims = of_acr(R"({"essential":true})")}), errc::acr_mismatch);
    refused(here.device_sign_in({.scope = "Mail.Read", .claims = essential_acr({"gold"})}), errc::invalid_scope);
    refused(here.device_sign_in({.claims = "no JSON"}), errc::malformed_claims);
}

BOOST_AUTO_TEST_CASE(a_devices_claims_come_to_those_of_the_program)
{
    auto of = who();
    of.capabilities = {"cp1"};
    desk here(options(), of);
    BOOST_TEST(here.device_sign_in({.claims = R"({"access_token":{"nbf":null}})"}).has_value());
    auto const token = here.graph.access_token().value();   // serves whoever asks as the client does
    BOOST_TEST(here.server.refresh_count() == 0U);
    BOOST_TEST(here.server.introspect(token.reveal()).value().claims == R"({"access_token":{"xms_cc":{"values":["cp1"]},"nbf":null}})");
}

BOOST_AUTO_TEST_CASE(a_demand_that_can_not_be_read_is_refused)
{
    desk here;
    auto const sent = here.line.sent();
    for (auto const* acr : {R"({"essential":true,"values":"gold"})", R"({"essential":true,"values":[1]})", R"({"essential":true,"values":[]})", R"({"essential":"true"})", R"("gold")"})
    {
        refused(here.graph.authorize({.claims = of_acr(acr)}), errc::malformed_claims);
        refused(here.device_sign_in({.claims = of_acr(acr)}), errc::malformed_claims);
        refused(desk(options(), who(of_acr(acr))).graph.authorize(), errc::malformed_claims);
    }
    // Nor is one that the client would not see.
    refused(here.graph.authorize({.extra = {{"claims", essential_acr({"gold"})}}}), errc::duplicate_parameter);
    BOOST_TEST(here.line.sent() == sent);
}

BOOST_AUTO_TEST_CASE(any_acr_may_be_demanded)
{
    authorization_options const asks{.claims = of_acr(R"({"essential":true})")};
    refused(desk().sign_in(asks), server_errc::unmet_authentication_requirements);
    refused(desk(options({}, true)).sign_in(asks), errc::acr_mismatch);
    BOOST_TEST(desk(options("silver")).sign_in(asks).has_value());
}

BOOST_AUTO_TEST_CASE(a_server_that_sends_no_id_token_gets_round_nothing)
{
    auto const silent = [](http_response& answer) {
        auto said = boost::json::parse(answer.body.reveal());
        said.as_object().erase("id_token");
        said.as_object()["scope"] = "offline_access Mail.Read";
        answer.body = secret(boost::json::serialize(said));
    };
    for (auto const& asks : std::vector<authorization_options>{{.claims = essential_acr({"gold"})}, {.claims = of_acr(R"({"essential":true})")}, {.max_age = 60s}})
    {
        desk here(options("gold"));
        BOOST_TEST(here.sign_in(asks).has_value());
        *here.between.tamper = silent;
        refused(here.sign_in(asks), errc::response_missing_member);
    }
    desk here(options("gold"));
    *here.between.tamper = silent;
    refused(here.device_sign_in({.claims = essential_acr({"gold"})}), errc::response_missing_member);
    BOOST_TEST(!here.graph.session().value().has_value());
    BOOST_TEST(here.sign_in().has_value());   // nothing was demanded
}

BOOST_AUTO_TEST_CASE(a_demand_needs_an_id_token)
{
    desk here;
    auto const sent = here.line.sent();
    refused(here.graph.authorize({.scope = oauth::scope("Mail.Read"), .claims = essential_acr({"gold"})}), errc::invalid_scope);
    BOOST_TEST(here.line.sent() == sent);
    // Another host may have begun it.
    auto pending = here.graph.authorize({.scope = oauth::scope("Mail.Read")}).value();
    auto const redirect = here.server.sign_in(pending.url);
    pending.claims = essential_acr({"gold"});
    refused(here.graph.exchange(std::move(pending), redirect), errc::invalid_scope);
    pending.claims = "no JSON";
    refused(here.graph.exchange(std::move(pending), redirect), errc::malformed_claims);
    pending.claims.clear();
    BOOST_TEST(here.graph.exchange(std::move(pending), redirect).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
