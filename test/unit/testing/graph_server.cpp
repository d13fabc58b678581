#include <oauth/testing/graph_server.hpp>

#include "server_probe.hpp"
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_graph_server)

using P = server_probe;

namespace {

struct graph_probe : P
{
    oauth::testing::graph_server<oauth::testing::manual_clock> graph{server};
    std::string bearer;

    explicit graph_probe(std::string scope = "openid User.Read Bookings.ReadWrite.All") : bearer("Bearer " + text(tokens(asks(std::move(scope))), "access_token")) {}

    oauth::http_response ask(std::string_view path, oauth::http_method method = oauth::http_method::get) const { return ask_as(bearer, path, method); }

    oauth::http_response ask_as(std::string_view authorization, std::string_view path, oauth::http_method method = oauth::http_method::get) const
    {
        return graph.handle({.method = method, .url = "https://graph.microsoft.com" + std::string(path), .authorization = oauth::secret(authorization)});
    }
};

constexpr char businesses[] = "/v1.0/solutions/bookingBusinesses";

/// "status code" of an error in Graph's shape.
std::string graph_error(oauth::http_response const& answer)
{
    auto const body = P::json(answer);
    auto const* const error = body.if_contains("error");
    return std::to_string(answer.status) + ' ' + (error != nullptr && error->is_object() ? P::text(error->as_object(), "code") : "(none)");
}

boost::json::object fixture(std::string const& name)
{
    std::ifstream file(std::string(OAUTH_TEST_FIXTURES) + "/microsoft/" + name);
    return boost::json::parse(std::string{std::istreambuf_iterator<char>(file), {}}).as_object();
}

} // namespace

BOOST_AUTO_TEST_CASE(the_businesses_come_in_two_pages)
{
    graph_probe probe;
    auto const answer = probe.ask(businesses);
    BOOST_TEST(answer.status == 200);
    auto const first = P::json(answer);
    auto const want = fixture("graph_bookingbusinesses_list.json");
    BOOST_TEST((first.at("value") == want.at("value")));
    BOOST_TEST((first.at("@odata.context") == want.at("@odata.context")));
    auto const next = P::text(first, "@odata.nextLink");
    BOOST_TEST(next == "https://graph.microsoft.com/v1.0/solutions/bookingBusinesses?$skiptoken=2");
    auto const second = P::json(probe.ask(next.substr(std::string("https://graph.microsoft.com").size())));
    BOOST_TEST(second.at("value").as_array().size() == 1u);
    BOOST_TEST(!second.contains("@odata.nextLink"));
    for (auto const* bad : {"x", "-1", "4", "1x", "99999999999999999999", ""})
        BOOST_TEST(graph_error(probe.ask(std::string(businesses) + "?$skiptoken=" + bad)) == "400 BadRequest", bad);
    BOOST_TEST(P::json(probe.ask(std::string(businesses) + "?$skiptoken=3")).at("value").as_array().empty());
}

BOOST_AUTO_TEST_CASE(the_next_page_can_be_said_to_be_elsewhere)
{
    graph_probe probe;
    probe.graph = oauth::testing::graph_server(probe.server, {.next_link_origin = "https://graph.evil.example"});
    auto const first = P::json(probe.ask(businesses));
    BOOST_TEST(P::text(first, "@odata.nextLink") == "https://graph.evil.example/v1.0/solutions/bookingBusinesses?$skiptoken=2");
    BOOST_TEST(P::text(first, "@odata.context").starts_with("https://graph.microsoft.com/"));
    BOOST_TEST(first.at("value").as_array().size() == 2u);
}

BOOST_AUTO_TEST_CASE(one_business_is_found_by_its_id)
{
    graph_probe probe;
    auto const answer = probe.ask(std::string(businesses) + "/Fabrikam%40contoso.onmicrosoft.com");
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(P::text(P::json(answer), "displayName") == "Fabrikam");
    BOOST_TEST(P::text(P::json(probe.ask(std::string(businesses) + "/Fabrikam@contoso.onmicrosoft.com")), "id") == "Fabrikam@contoso.onmicrosoft.com");
    BOOST_TEST(graph_error(probe.ask(std::string(businesses) + "/nobody")) == "404 ErrorNonExistentMailbox");
}

BOOST_AUTO_TEST_CASE(me_is_who_signed_in)
{
    graph_probe probe;
    auto const body = P::json(probe.ask("/v1.0/me"));
    BOOST_TEST(P::text(body, "displayName") == "Alex Example");
    BOOST_TEST(P::text(body, "userPrincipalName") == "alex@contoso.example");
    BOOST_TEST(P::text(body, "id") == "33333333-aaaa-4bbb-8ccc-444444444444");
    auto const own = P::json(probe.post({{"grant_type", "client_credentials"}, {"client_id", "web app"}, {"client_secret", "p+s %:w"},
                                         {"scope", "https://graph.microsoft.com/.default"}}));
    auto const bearer = "Bearer " + P::text(own, "access_token");
    BOOST_TEST(graph_error(probe.ask_as(bearer, "/v1.0/me")) == "400 BadRequest");
    BOOST_TEST(probe.ask_as(bearer, businesses).status == 200);
}

BOOST_AUTO_TEST_CASE(without_a_good_token_it_challenges)
{
    graph_probe probe;
    std::string const begin = "Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/authorize\", "
                              "client_id=\"00000003-0000-0000-c000-000000000000\"";
    auto const challenge = [](oauth::http_response const& answer) { return std::string(oauth::find_field(answer.fields, "WWW-Authenticate")); };
    auto answer = probe.ask_as("", businesses);
    BOOST_TEST(graph_error(answer) == "401 InvalidAuthenticationToken");
    BOOST_TEST(challenge(answer) == begin);
    for (auto const* bad : {"Bearer ", "Bearer x", "bearer nothing"})
    {
        answer = probe.ask_as(bad, businesses);
        BOOST_TEST(graph_error(answer) == "401 InvalidAuthenticationToken");
        BOOST_TEST(challenge(answer) == begin + ", error=\"invalid_token\"");
    }
    BOOST_TEST(probe.ask_as("Basic eDp4", businesses).status == 401);
    BOOST_TEST(P::json(answer).at("error").as_object().at("message") == fixture("graph_error_401_invalid_token.json").at("error").as_object().at("message"));
    BOOST_TEST(probe.ask(businesses).status == 200);
    probe.clock.advance(oauth::seconds{3599});
    BOOST_TEST(probe.ask(businesses).status == 401);
}

BOOST_AUTO_TEST_CASE(a_token_for_another_api_is_refused)
{
    graph_probe probe("https://other.example/api/Bookings.ReadWrite.All");
    auto const answer = probe.ask(businesses);
    BOOST_TEST(graph_error(answer) == "401 InvalidAuthenticationToken");
    BOOST_TEST(answer.body.reveal().find("Invalid audience") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(permissions_are_those_that_were_granted)
{
    struct row
    {
        char const* scope;
        int businesses_status;
        int me_status;
    };
    for (auto const& row : std::vector<row>{
             {"User.Read", 403, 200},
             {"openid", 403, 403},
             {"Bookings.Read.All", 200, 403},
             {"Bookings.Manage.All User.Read", 200, 200},
             {"https://graph.microsoft.com/Bookings.ReadWrite.All", 200, 403},
             {"https://graph.microsoft.com/.default", 200, 200},
         })
    {
        graph_probe probe(row.scope);
        BOOST_TEST(probe.ask(businesses).status == row.businesses_status, row.scope);
        BOOST_TEST(probe.ask("/v1.0/me").status == row.me_status, row.scope);
    }
    graph_probe probe("User.Read");
    BOOST_TEST(graph_error(probe.ask(businesses)) == "403 ErrorAccessDenied");
    BOOST_TEST(graph_error(graph_probe("openid").ask("/v1.0/me")) == "403 Authorization_RequestDenied");
}

BOOST_AUTO_TEST_CASE(it_throttles_and_challenges_as_often_as_it_was_told)
{
    graph_probe probe;
    probe.graph.throttle_next(2, oauth::seconds{7});
    for (int i = 0; i < 2; ++i)
    {
        auto const answer = probe.ask(businesses);
        BOOST_TEST(graph_error(answer) == "429 TooManyRequests");
        BOOST_TEST(oauth::find_field(answer.fields, "Retry-After") == "7");
    }
    BOOST_TEST(probe.ask(businesses).status == 200);
    probe.graph.throttle_next(1, oauth::seconds{0});
    BOOST_TEST(oauth::find_field(probe.ask(businesses).fields, "Retry-After") == "");

    probe.graph.challenge_next();
    auto const answer = probe.ask(businesses);
    BOOST_TEST(answer.status == 401);
    auto const value = std::string(oauth::find_field(answer.fields, "WWW-Authenticate"));
    BOOST_TEST(value.find("error=\"insufficient_claims\"") != std::string::npos);
    auto const mark = value.find("claims=\"eyJ");
    BOOST_REQUIRE(mark != std::string::npos);
    auto const claims = value.substr(mark + 8, value.find('"', mark + 8) - mark - 8);
    BOOST_TEST(oauth::testing::detail::base64_decode(claims).value_or("") == R"({"access_token":{"nbf":{"essential":true,"value":"1604106651"}}})");
    BOOST_TEST(probe.ask(businesses).status == 200);
    BOOST_TEST(probe.graph.requests() == 6u);
}

BOOST_AUTO_TEST_CASE(it_can_want_claims_until_a_token_was_asked_with_them)
{
    std::string const wanted = R"({"access_token":{"acrs":{"essential":true,"value":"c25"}}})";
    graph_probe probe;
    probe.graph.require_claims(wanted);
    for (int i = 0; i < 2; ++i)
    {
        auto const answer = probe.ask(businesses);
        BOOST_TEST(answer.status == 401);
        BOOST_TEST(oauth::find_field(answer.fields, "WWW-Authenticate").find("error=\"insufficient_claims\", claims=\"eyJ") != std::string::npos);
    }
    auto const asked = probe.asks("User.Read Bookings.ReadWrite.All");
    for (auto const& [claims, status] : std::vector<std::pair<std::string, int>>{
             {wanted, 200}, {R"({"access_token":{"xms_cc":{"values":["cp1"]},"acrs":{"value":"c25","essential":true},"nbf":null}})", 200}, {R"({"access_token":{"acrs":null}})", 401},
             {R"({"access_token":{"acrs":{"essential":true,"value":"c1"}}})", 401}, {"{}", 401}})
    {
        auto const token = P::text(probe.tokens(P::with(asked, "claims", claims)), "access_token");
        BOOST_TEST(probe.ask_as("Bearer " + token, "/v1.0/me").status == status, claims);
    }
    BOOST_TEST(probe.ask_as("Bearer x", businesses).status == 401);
    probe.graph.require_claims("");
    BOOST_TEST(probe.ask(businesses).status == 200);
}

BOOST_AUTO_TEST_CASE(what_it_does_not_have_is_said_in_its_own_way)
{
    graph_probe probe;
    for (auto const* path : {"/", "", "/v1.0", "/v1.0/users", "/v1.0/solutions/bookingBusinessesX", "/v1.0/solutions/bookingBusinesses/"})
        BOOST_TEST(graph_error(probe.ask(path)) == "404 ResourceNotFound", path);
    BOOST_TEST(graph_error(probe.ask(businesses, oauth::http_method::post)) == "405 Request_BadRequest");
}

BOOST_AUTO_TEST_CASE(it_serves_its_origin_and_can_move)
{
    graph_probe probe;
    BOOST_TEST(probe.graph.serves("https://graph.microsoft.com/v1.0"));
    BOOST_TEST(!probe.graph.serves("https://graph.microsoft.us/v1.0"));
    auto copy = probe.graph;
    copy.set_origin("http://127.0.0.1:4711");
    BOOST_TEST(probe.graph.serves("http://127.0.0.1:4711/v1.0"));
    BOOST_TEST(P::text(P::json(probe.ask(businesses)), "@odata.nextLink").starts_with("http://127.0.0.1:4711/v1.0/"));
}

BOOST_AUTO_TEST_SUITE_END()
