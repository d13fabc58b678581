#include <oauth/testing/detail/device_endpoint.hpp>

#include "../server_probe.hpp"
#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_device_endpoint)

using oauth::testing::personality;
using P = server_probe;

namespace {

oauth::form_parameters asks_for(personality kind)
{
    oauth::form_parameters list{{"client_id", "public-app"}, {"scope", "offline_access User.Read"}};
    return kind == personality::entra_v1 ? P::with(list, "resource", "https://graph.microsoft.com") : list;
}

oauth::http_response ask(P const& probe, oauth::form_parameters const& list)
{
    return probe.server.handle(P::form_request(probe.server.metadata().device_authorization_endpoint.url(), P::encoded(list)));
}

std::vector<std::string> shape(boost::json::object const& of)
{
    std::vector<std::string> out;
    for (auto const& member : of) out.push_back(std::string(member.key()) + ':' + (member.value().is_number() ? "number" : to_string(member.value().kind()).data()));
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace

BOOST_AUTO_TEST_CASE(the_answers_of_each_personality)
{
    std::ifstream file(std::string(OAUTH_TEST_FIXTURES) + "/microsoft/v2_devicecode_response.json");
    auto const want = boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {})).as_object();
    P v2, v1(personality::entra_v1), standard(personality::standard);
    auto const from_v2 = P::json(ask(v2, asks_for(personality::entra_v2)));
    BOOST_TEST(shape(from_v2) == shape(want), boost::test_tools::per_element());
    BOOST_TEST(P::text(from_v2, "verification_uri") == "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/deviceauth");
    BOOST_TEST(P::text(from_v2, "message").find(P::text(from_v2, "user_code")) != std::string::npos);
    BOOST_TEST(P::text(from_v2, "user_code").size() == 9u);

    auto const from_v1 = P::json(ask(v1, asks_for(personality::entra_v1)));
    BOOST_TEST(shape(from_v1) == (std::vector<std::string>{"device_code:string", "expires_in:string", "interval:string", "message:string", "user_code:string", "verification_url:string"}),
               boost::test_tools::per_element());
    BOOST_TEST(P::text(from_v1, "expires_in") == "900");

    auto const rfc = P::json(ask(standard, asks_for(personality::standard)));
    BOOST_TEST(shape(rfc) == (std::vector<std::string>{"device_code:string", "expires_in:number", "interval:number", "user_code:string", "verification_uri:string",
                                                       "verification_uri_complete:string"}),
               boost::test_tools::per_element());
    BOOST_TEST(P::text(rfc, "user_code").size() == 9u);
    BOOST_TEST(P::text(rfc, "user_code")[4] == '-');
    BOOST_TEST(P::text(rfc, "verification_uri_complete") == "https://login.example.com/device?user_code=" + P::text(rfc, "user_code"));
}

BOOST_AUTO_TEST_CASE(codes_are_new_each_time)
{
    P probe;
    std::set<std::string> seen;
    for (int i = 0; i < 20; ++i)
    {
        auto const body = P::json(ask(probe, asks_for(personality::entra_v2)));
        seen.insert(P::text(body, "user_code"));
        seen.insert(P::text(body, "device_code"));
    }
    BOOST_TEST(seen.size() == 40u);
}

BOOST_AUTO_TEST_CASE(b2c_has_none)
{
    P probe(personality::b2c);
    BOOST_TEST(probe.server.metadata().device_authorization_endpoint.empty());
    BOOST_TEST(probe.server.handle(P::form_request("https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com/B2C_1_signupsignin1/oauth2/v2.0/devicecode", "client_id=public-app")).status == 404);
    BOOST_TEST(!P::json(probe.get(probe.server.discovery_url())).contains("device_authorization_endpoint"));
}

BOOST_AUTO_TEST_CASE(each_fault_has_its_refusal)
{
    struct row
    {
        personality kind;
        char const* name;
        std::string value;
        std::string error;
        std::int64_t number;
    };
    for (auto const& wrong : std::vector<row>{
             {personality::entra_v2, "client_id", "", "400 invalid_request", 900144},
             {personality::entra_v2, "client_id", "nobody", "400 unauthorized_client", 700016},
             {personality::entra_v2, "client_secret", "x", "401 invalid_client", 700025},
             {personality::entra_v2, "scope", "", "400 invalid_request", 900144},
             {personality::entra_v2, "scope", "a\"b", "400 invalid_scope", 70011},
             {personality::entra_v2, "resource", "https://graph.microsoft.com", "400 invalid_request", 901002},
             {personality::entra_v1, "resource", "", "400 invalid_request", 900144},
             {personality::standard, "client_id", "nobody", "401 invalid_client", 0},
             {personality::standard, "scope", "a\\b", "400 invalid_scope", 0},
         })
        BOOST_TEST_CONTEXT(wrong.name << '=' << wrong.value)
        {
            P probe(wrong.kind);
            auto const answer = ask(probe, P::with(asks_for(wrong.kind), wrong.name, wrong.value));
            BOOST_TEST(P::error(answer) == wrong.error);
            BOOST_TEST(P::number(answer) == wrong.number);
        }
    P probe;
    auto const url = probe.server.metadata().device_authorization_endpoint.url();
    auto list = asks_for(personality::entra_v2);
    list.push_back({"scope", "again"});
    BOOST_TEST(P::number(ask(probe, list)) == 9000411);
    BOOST_TEST(P::number(probe.get(url)) == 900561);
    auto browser = P::form_request(url, P::encoded(asks_for(personality::entra_v2)));
    browser.fields.push_back({"Origin", "https://evil.example"});
    BOOST_TEST(P::number(probe.server.handle(browser)) == 9002326);
    BOOST_TEST(P::number(probe.server.handle(P::form_request(url + "?client_id=public-app", P::encoded(asks_for(personality::entra_v2))))) == 90023);
    auto text = P::form_request(url, P::encoded(asks_for(personality::entra_v2)));
    text.fields = {{"Content-Type", "text/plain"}};
    BOOST_TEST(P::number(probe.server.handle(text)) == 90023);
}

BOOST_AUTO_TEST_SUITE_END()
