#include <oauth/policy/authentication/client_secret_basic.hpp>
#include <oauth/core/form_parameters.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>
#include <string>
#include <string_view>

namespace {

std::string base64_decoded(std::string_view text)
{
    BOOST_TEST_REQUIRE(text.size() % 4 == 0u);
    std::string out(text.size() / 4 * 3, '\0');
    auto const written = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<unsigned char const*>(text.data()), static_cast<int>(text.size()));
    BOOST_TEST_REQUIRE(written == static_cast<int>(out.size()));
    for (; text.ends_with('='); text.remove_suffix(1)) out.pop_back();
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_authentication_client_secret_basic)

BOOST_AUTO_TEST_CASE(example_of_rfc_6749)
{
    oauth::http_request request;
    oauth::form body;
    oauth::client const who{.id = "s6BhdRkqt3", .secret = oauth::secret("7Fjfp0ZBr1KtDRbnfVdmIw")};
    BOOST_TEST(oauth::client_secret_basic{}.authenticate(request, body, who, {}, {}).has_value());
    // RFC 6749 4.1.3 and 6 print 'czZCaGRSa3F0MzpnWDFmQmF0M2JW' for another password; 2.3.1 prints this pair.
    BOOST_TEST(request.authorization.reveal() == "Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3");
    BOOST_TEST(body.empty());
    BOOST_TEST(request.fields.empty());
}

// RFC 6749 2.3.1: each part is form-encoded before they are joined.
BOOST_AUTO_TEST_CASE(odd_characters)
{
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    struct row
    {
        std::string id, password, pair;   // pair: "" where only the way back is looked at
    };
    for (auto const& [id, password, pair] : {
             row{"web basic:1", "p+a%s s&:=", "web%20basic%3A1:p%2Ba%25s%20s%26%3A%3D"},
             row{"a:b", "c:d", "a%3Ab:c%3Ad"},
             row{"1", "2", "1:2"}, row{"12", "2", "12:2"}, row{"12", "23", "12:23"},   // every padding
             row{"\xc3\xa9", "\xe2\x82\xac", "%C3%A9:%E2%82%AC"},
             row{all, all, ""},
             row{std::string(3000, '+'), std::string(3001, '%'), ""},
         })
    {
        oauth::http_request request;
        oauth::form body;
        BOOST_TEST(oauth::client_secret_basic{}.authenticate(request, body, {.id = id, .secret = oauth::secret(password)}, {}, {}).has_value());
        auto const value = request.authorization.reveal();
        BOOST_TEST_REQUIRE(value.starts_with("Basic "));
        auto const decoded = base64_decoded(value.substr(6));
        if (!pair.empty()) BOOST_TEST(decoded == pair);
        auto const colon = decoded.find(':');
        BOOST_TEST_REQUIRE(colon != std::string::npos);
        BOOST_TEST((decoded.find(':', colon + 1) == std::string::npos));
        BOOST_TEST((oauth::detail::form_decode(std::string_view(decoded).substr(0, colon)) == id));
        BOOST_TEST((oauth::detail::form_decode(std::string_view(decoded).substr(colon + 1)) == password));
        BOOST_TEST(value.find_first_of("\r\n") == std::string_view::npos);
        BOOST_TEST(body.empty());
    }
}

BOOST_AUTO_TEST_CASE(needs_a_secret)
{
    oauth::http_request request;
    oauth::form body;
    auto const done = oauth::client_secret_basic{}.authenticate(request, body, {.id = "public"}, {}, {});
    BOOST_TEST_REQUIRE(done.has_error());
    BOOST_TEST(done.error().code == oauth::error_code(oauth::errc::invalid_client));
    BOOST_TEST((done.error().next == oauth::advice::fix_configuration));
    BOOST_TEST(!done.error().hint.empty());
    BOOST_TEST(request.authorization.empty());
    BOOST_TEST(body.empty());
}

BOOST_AUTO_TEST_SUITE_END()
