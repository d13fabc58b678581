#include <oauth/response/challenge.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/fixture.hpp"
#include <openssl/evp.h>
#include <map>
#include <string>
#include <string_view>

namespace {

std::string error_of(std::string field) { return oauth::challenge_error({{"www-authenticate", std::move(field)}}); }

std::string base64_decoded(std::string_view text)
{
    std::string out(text.size() / 4 * 3, '\0');
    BOOST_TEST_REQUIRE(EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()))
                       == static_cast<int>(out.size()));
    for (; text.ends_with('='); text.remove_suffix(1)) out.pop_back();
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_challenge)

BOOST_AUTO_TEST_CASE(what_microsoft_sends)
{
    std::map<std::string, std::string> const errors{
        {"graph CAE", "insufficient_claims"},  {"auth context, padded base64", "insufficient_claims"}, {"no realm, login.windows.net", "insufficient_claims"},
        {"v1 missing token, trailing comma", "invalid_token"}, {"easyauth/resource_id", ""}, {"PoP nonce", "nonce_malformed"},
    };
    auto const fixtures = test_support::json_fixture("microsoft/www_authenticate_headers.json");
    BOOST_TEST(fixtures.as_array().size() == errors.size());
    for (auto const& fixture : fixtures.as_array())
    {
        auto const name = test_support::text_at(fixture, "case"), value = test_support::text_at(fixture, "value");
        BOOST_TEST(error_of(value) == errors.at(name), name);
        auto const claims = oauth::detail::challenge_parameter(value, "claims");
        if (fixture.at("claims_decoded").is_null()) BOOST_TEST(claims == "", name);
        else BOOST_TEST(base64_decoded(claims) == test_support::text_at(fixture, "claims_decoded"), name);
    }
}

BOOST_AUTO_TEST_CASE(fields_of_all_kinds)
{
    struct row
    {
        std::string field;
        char const* expected;
    };
    using namespace std::string_literals;
    for (auto const& [field, expected] : {
             row{"", ""},
             row{"Bearer", ""},
             // RFC 6750 3
             row{R"(Bearer realm="example", error="invalid_token", error_description="The access token expired")", "invalid_token"},
             row{R"(Bearer error=invalid_token)", "invalid_token"},
             row{R"(Bearer error=invalid_token,realm=x)", "invalid_token"},
             row{R"(Bearer error = "invalid_token")", "invalid_token"},
             row{R"(Bearer ERROR="invalid_token")", "invalid_token"},
             row{R"(Basic realm="x", Bearer error="invalid_token")", "invalid_token"},
             row{R"(Negotiate YIIB+/==, Bearer error="invalid_token")", "invalid_token"},
             row{R"(Bearer realm="error=\"no\", error=no", error="yes")", "yes"},
             row{R"(Bearer realm="a, error=no", error="yes")", "yes"},
             row{R"(Bearer "error=no", error="yes")", "yes"},
             row{R"(Bearer error="a\"b\\c")", R"(a"b\c)"},
             row{R"(Bearer error_description="x", error_uri="y")", ""},
             row{R"(Bearer x_error="no")", ""},
             row{R"(Bearer x.error="no", x-error="no", error*="no")", ""},
             row{R"(Bearer error="")", ""},
             row{R"(Bearer error)", ""},
             row{R"(Bearer error=)", ""},
             row{R"(Bearer error=")", ""},
             row{R"(Bearer error="invalid)", "invalid"},
             row{"Bearer error=\"invalid\\", "invalid\\"},
             row{"Bearer \"\\", ""},
             row{R"(Bearer ,,, error="x",,)", "x"},
             row{R"(error="x")", "x"},
             row{R"(=)", ""},
             row{"Bearer\terror\t=\t\"x\"", "x"},
             row{"Bearer \0error=x"s, "x"},
             row{std::string(100'000, '"') + "error=x", "x"},
         })
        BOOST_TEST(error_of(field) == expected, field.substr(0, 80) << ": " << error_of(field));
}

BOOST_AUTO_TEST_CASE(several_fields)
{
    BOOST_TEST(oauth::challenge_error({}) == "");
    BOOST_TEST(oauth::challenge_error({{"X-Other", "Bearer error=no"}}) == "");
    BOOST_TEST(oauth::challenge_error({{"WWW-Authenticate", "Negotiate"}, {"Server", "x"}, {"Www-Authenticate", "Bearer error=\"invalid_token\""}}) == "invalid_token");
    BOOST_TEST(oauth::challenge_error({{"WWW-Authenticate", "Bearer error=first"}, {"WWW-Authenticate", "Bearer error=second"}}) == "first");
}

BOOST_AUTO_TEST_CASE(cut_anywhere_it_is_read_to_its_end)
{
    std::string const whole = R"(Bearer realm="", authorization_uri="https://x/y?z=\"", error="insufficient_claims", claims="e30=")";
    for (std::size_t size = 0; size <= whole.size(); ++size)
        BOOST_TEST(std::string_view("insufficient_claims").starts_with(error_of(whole.substr(0, size))), whole.substr(0, size));
}

BOOST_AUTO_TEST_SUITE_END()
