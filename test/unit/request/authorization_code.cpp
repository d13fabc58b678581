#include <oauth/request/authorization_code.hpp>
#include <oauth/core/form_parameters.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

BOOST_AUTO_TEST_SUITE(request_authorization_code)

// RFC 6749 4.1.3 and RFC 7636 appendix B.
BOOST_AUTO_TEST_CASE(examples_of_the_rfcs)
{
    oauth::authorization_code const grant{oauth::secret("SplxlOBeZQQYbYS6WxSbIA"), "https://client.example.com/cb", oauth::secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")};
    BOOST_TEST(oauth::token_request_body(grant).str()
               == "grant_type=authorization_code&code=SplxlOBeZQQYbYS6WxSbIA&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb"
                  "&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
}

BOOST_AUTO_TEST_CASE(writes_what_is_set_and_nothing_else)
{
    using oauth::secret;
    struct row
    {
        oauth::authorization_code grant;
        char const* expected;
    };
    for (auto const& [grant, expected] : {
             row{{secret("c"), "", secret()}, "grant_type=authorization_code&code=c"},
             row{{secret(""), "", secret()}, "grant_type=authorization_code&code="},
             row{{secret("c"), "u", secret("v"), "a b", "r"}, "grant_type=authorization_code&code=c&redirect_uri=u&code_verifier=v&scope=a%20b&resource=r"},
             row{{secret("c"), "", secret(), {}, "https://graph.microsoft.com"}, "grant_type=authorization_code&code=c&resource=https%3A%2F%2Fgraph.microsoft.com"},
         })
        BOOST_TEST(oauth::token_request_body(grant).str() == expected);
}

// The code is opaque, and encoded once.
BOOST_AUTO_TEST_CASE(any_character_in_a_code)
{
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    for (auto const& code : {all, std::string("M.C1_BAY.2.U.x!y*z$$"), std::string("4/0AX4%2F=="), std::string(4096, '+')})
    {
        auto const body = oauth::token_request_body(oauth::authorization_code{oauth::secret(code), "", oauth::secret()});
        BOOST_TEST((oauth::find_parameter(oauth::parse_form(body.str()).value(), "code") == code));
    }
}

BOOST_AUTO_TEST_SUITE_END()
