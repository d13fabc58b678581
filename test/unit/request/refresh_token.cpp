#include <oauth/request/refresh_token.hpp>
#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(request_refresh_token)

// RFC 6749 6.
BOOST_AUTO_TEST_CASE(example_of_rfc_6749)
{
    BOOST_TEST(oauth::token_request_body(oauth::refresh_token{oauth::secret("tGzv3JOkF0XG5Qx2TlKWIA")}).str() == "grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA");
}

BOOST_AUTO_TEST_CASE(writes_what_is_set_and_nothing_else)
{
    using oauth::secret;
    struct row
    {
        oauth::refresh_token grant;
        char const* expected;
    };
    for (auto const& [grant, expected] : {
             row{{secret("t"), "User.Read offline_access"}, "grant_type=refresh_token&refresh_token=t&scope=User.Read%20offline_access"},
             row{{secret("t"), {}, "https://graph.microsoft.com/"}, "grant_type=refresh_token&refresh_token=t&resource=https%3A%2F%2Fgraph.microsoft.com%2F"},
             row{{secret("t"), {}, "", R"({"a":1})"}, "grant_type=refresh_token&refresh_token=t&claims=%7B%22a%22%3A1%7D"},
             row{{secret("0.A+/=&"), "s", "r", "c"}, "grant_type=refresh_token&refresh_token=0.A%2B%2F%3D%26&scope=s&resource=r&claims=c"},
             row{{secret("")}, "grant_type=refresh_token&refresh_token="},
         })
        BOOST_TEST(oauth::token_request_body(grant).str() == expected);
}

BOOST_AUTO_TEST_SUITE_END()
