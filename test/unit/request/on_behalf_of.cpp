#include <oauth/request/on_behalf_of.hpp>
#include <oauth/request/token_type_uri.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(request_on_behalf_of)

BOOST_AUTO_TEST_CASE(writes_what_is_set_and_nothing_else)
{
    using oauth::secret;
    std::string const begin = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=a.b.c&requested_token_use=on_behalf_of";
    struct row
    {
        oauth::on_behalf_of grant;
        char const* expected;
    };
    for (auto const& [grant, expected] : {
             row{{.assertion = secret("a.b.c")}, ""},
             // Microsoft's first case, with an access token.
             row{{.assertion = secret("a.b.c"), .scope = "https://graph.microsoft.com/user.read offline_access"}, "&scope=https%3A%2F%2Fgraph.microsoft.com%2Fuser.read%20offline_access"},
             row{{.assertion = secret("a.b.c"), .resource = "https://graph.microsoft.com"}, "&resource=https%3A%2F%2Fgraph.microsoft.com"},
             row{{.assertion = secret("a.b.c"), .claims = "{}"}, "&claims=%7B%7D"},
             row{{.assertion = secret("a.b.c"), .scope = "api/.default", .requested_token_type = oauth::token_type_uri::saml2},
                 "&scope=api%2F.default&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Asaml2"},
         })
        BOOST_TEST(oauth::token_request_body(grant).str() == begin + expected);
}

BOOST_AUTO_TEST_SUITE_END()
