#include <oauth/request/token_exchange.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(request_token_exchange)

namespace {

namespace uri = oauth::token_type_uri;
using oauth::secret;
std::string const grant_type = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange";
std::string const type_prefix = "urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3A";

} // namespace

// RFC 8693 2.3 and appendix A; their order of parameters is another, which means nothing.
BOOST_AUTO_TEST_CASE(examples_of_rfc_8693)
{
    struct row
    {
        char const* where;
        oauth::token_exchange grant;
        std::string expected;
    };
    std::string const jwt = "eyJhbGciOiJFUzI1NiIsImtpZCI6IjE2In0.eyJhdWQiOiJo.4rPRSWih";
    for (auto const& [where, grant, expected] : {
             row{"2.3", {.subject_token = secret("accVkjcJyb4BWCxGsndESCJQbdFMogUC5PbRDqceLTC"), .resource = "https://backend.example.com/api"},
                 "&subject_token=accVkjcJyb4BWCxGsndESCJQbdFMogUC5PbRDqceLTC&subject_token_type=" + type_prefix + "access_token"
                     "&resource=https%3A%2F%2Fbackend.example.com%2Fapi"},
             row{"A.1.1", {.subject_token = secret(jwt), .subject_token_type = uri::jwt, .audience = "urn:example:cooperation-context"},
                 "&subject_token=" + jwt + "&subject_token_type=" + type_prefix + "jwt&audience=urn%3Aexample%3Acooperation-context"},
             row{"A.2.1", {.subject_token = secret(jwt), .subject_token_type = uri::jwt, .actor_token = secret("a.b.c"), .actor_token_type = uri::jwt,
                           .audience = "urn:example:cooperation-context"},
                 "&subject_token=" + jwt + "&subject_token_type=" + type_prefix + "jwt&actor_token=a.b.c&actor_token_type=" + type_prefix
                     + "jwt&audience=urn%3Aexample%3Acooperation-context"},
         })
        BOOST_TEST(oauth::token_request_body(grant).str() == grant_type + expected, where);
}

BOOST_AUTO_TEST_CASE(writes_what_is_set_and_nothing_else)
{
    std::string const subject = grant_type + "&subject_token=s&subject_token_type=" + type_prefix;
    struct row
    {
        oauth::token_exchange grant;
        std::string expected;
    };
    for (auto const& [grant, expected] : {
             row{{.subject_token = secret("s")}, "access_token"},
             row{{.subject_token = secret("s"), .subject_token_type = uri::refresh_token, .scope = "r w"}, "refresh_token&scope=r%20w"},
             // RFC 8693 2.1: no type without its token.
             row{{.subject_token = secret("s"), .actor_token_type = uri::jwt}, "access_token"},
             row{{.subject_token = secret("s"), .subject_token_type = uri::id_token, .requested_token_type = uri::saml2},
                 "id_token&requested_token_type=" + type_prefix + "saml2"},
             row{{.subject_token = secret("s"), .audience = "one", .extra = {{"audience", "two"}}}, "access_token&audience=one&audience=two"},
         })
        BOOST_TEST(oauth::token_request_body(grant).str() == subject + expected);
}

BOOST_AUTO_TEST_CASE(names_of_token_types)
{
    std::string const prefix = "urn:ietf:params:oauth:token-type:";
    BOOST_TEST(uri::access_token == prefix + "access_token");
    BOOST_TEST(uri::refresh_token == prefix + "refresh_token");
    BOOST_TEST(uri::id_token == prefix + "id_token");
    BOOST_TEST(uri::saml1 == prefix + "saml1");
    BOOST_TEST(uri::saml2 == prefix + "saml2");
    BOOST_TEST(uri::jwt == prefix + "jwt");
}

BOOST_AUTO_TEST_SUITE_END()
