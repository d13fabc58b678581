#include <oauth/policy/authentication/client_secret_post.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(policy_authentication_client_secret_post)

BOOST_AUTO_TEST_CASE(writes_the_body_alone)
{
    struct row
    {
        oauth::client who;
        char const* expected;
    };
    for (auto const& [who, expected] : {
             // RFC 6749 2.3.1
             row{{.id = "s6BhdRkqt3", .secret = oauth::secret("7Fjfp0ZBr1KtDRbnfVdmIw")}, "grant_type=x&client_id=s6BhdRkqt3&client_secret=7Fjfp0ZBr1KtDRbnfVdmIw"},
             row{{.id = "public"}, "grant_type=x&client_id=public"},
             row{{.id = "web basic:1", .secret = oauth::secret("p+a%s s&:=~")}, "grant_type=x&client_id=web%20basic%3A1&client_secret=p%2Ba%25s%20s%26%3A%3D~"},
         })
    {
        oauth::http_request request;
        oauth::form body;
        body.add("grant_type", "x");
        BOOST_TEST(oauth::client_secret_post{}.authenticate(request, body, who, {}, {}).has_value());
        BOOST_TEST(body.str() == expected);
        BOOST_TEST(request.authorization.empty());
        BOOST_TEST(request.fields.empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
