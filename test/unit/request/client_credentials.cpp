#include <oauth/request/client_credentials.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/provider/microsoft/default_scope.hpp>

BOOST_AUTO_TEST_SUITE(request_client_credentials)

// RFC 6749 4.4.2.
BOOST_AUTO_TEST_CASE(example_of_rfc_6749)
{
    BOOST_TEST(oauth::token_request_body(oauth::client_credentials{}).str() == "grant_type=client_credentials");
}

BOOST_AUTO_TEST_CASE(writes_what_is_set_and_nothing_else)
{
    struct row
    {
        oauth::client_credentials grant;
        char const* expected;
    };
    for (auto const& [grant, expected] : {
             row{{.scope = "a b"}, "scope=a%20b"},
             row{{.scope = oauth::microsoft::default_scope("https://graph.microsoft.com")}, "scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"},
             // The resource's own slash stays (facts of Microsoft's scopes).
             row{{.scope = oauth::microsoft::default_scope("https://api.contoso.example/")}, "scope=https%3A%2F%2Fapi.contoso.example%2F%2F.default"},
             row{{.resource = "https://service.contoso.example/"}, "resource=https%3A%2F%2Fservice.contoso.example%2F"},
             row{{.claims = R"({"a":1})"}, "claims=%7B%22a%22%3A1%7D"},
             row{{.extra = {{"audience", "https://api.example/"}, {"organization", "org"}}}, "audience=https%3A%2F%2Fapi.example%2F&organization=org"},
             row{{.scope = "s", .resource = "r", .claims = "c", .extra = {{"e", ""}}}, "scope=s&resource=r&claims=c&e="},
         })
        BOOST_TEST(oauth::token_request_body(grant).str() == "grant_type=client_credentials&" + std::string(expected));
}

BOOST_AUTO_TEST_SUITE_END()
