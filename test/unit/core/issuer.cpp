#include <oauth/core/issuer.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

namespace {

static_assert(oauth::issuer_matches("https://a.example", "https://a.example"));   // usable in a constant expression

constexpr std::string_view one = "11111111-aaaa-4bbb-8ccc-222222222222";
constexpr std::string_view two = "33333333-aaaa-4bbb-8ccc-444444444444";

std::string with(std::string text, std::string_view first, std::string_view second = {})
{
    if (second.empty()) second = first;
    auto const replace = [&text](std::string_view by) {
        if (auto const at = text.find('*'); at != text.npos) text.replace(at, 1, by);
    };
    replace(first);
    replace(second);
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_issuer)

BOOST_AUTO_TEST_CASE(guids)
{
    for (auto text : {one, two, std::string_view("9188040d-6c67-4c5b-b112-36a304b66dad"), std::string_view("AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE")}) BOOST_TEST(oauth::is_guid(text), text);
    for (std::string_view text : {"", "common", "{11111111-aaaa-4bbb-8ccc-222222222222}", "11111111-aaaa-4bbb-8ccc-22222222222", "11111111-aaaa-4bbb-8ccc-2222222222222",
             "1111111-1aaaa-4bbb-8ccc-222222222222", "11111111aaaaa-4bbb-8ccc-222222222222", "g1111111-aaaa-4bbb-8ccc-222222222222", "11111111-aaaa-4bbb-8ccc-22222222222 ",
             "11111111_aaaa_4bbb_8ccc_222222222222", "------------------------------------", "11111111/aaaa/4bbb/8ccc/222222222222"})
        BOOST_TEST(!oauth::is_guid(text), text);
}

BOOST_AUTO_TEST_CASE(exactly_without_a_placeholder)
{
    BOOST_TEST(oauth::issuer_matches("https://login.example/t/v2.0", "https://login.example/t/v2.0"));
    for (std::string_view other : {"", "https://login.example/t/v2.0/", "https://login.example/t/v2", "https://LOGIN.example/t/v2.0", "http://login.example/t/v2.0",
             "https://login.example/u/v2.0", "https://login.example.evil.example/t/v2.0", " https://login.example/t/v2.0"})
        BOOST_TEST(!oauth::issuer_matches("https://login.example/t/v2.0", other), other);
}

BOOST_AUTO_TEST_CASE(nothing_is_the_issuer_of_an_unknown_server)
{
    BOOST_TEST(!oauth::issuer_matches("", ""));
    BOOST_TEST(!oauth::issuer_matches("", "https://login.example"));
}

BOOST_AUTO_TEST_CASE(templates)
{
    for (std::string_view text : {"https://login.example/{tenantid}/v2.0", "{tenantid}"}) BOOST_TEST(oauth::is_issuer_template(text), text);
    for (std::string_view text : {"", "https://login.example/11111111-aaaa-4bbb-8ccc-222222222222/v2.0", "https://login.example/{tenant}/v2.0", "https://login.example/{TenantId}/v2.0"})
        BOOST_TEST(!oauth::is_issuer_template(text), text);
}

BOOST_AUTO_TEST_CASE(the_placeholder_is_one_guid)
{
    std::string_view const v2 = "https://login.microsoftonline.com/{tenantid}/v2.0";
    BOOST_TEST(oauth::issuer_matches(v2, with("https://login.microsoftonline.com/*/v2.0", one)));
    BOOST_TEST(oauth::issuer_matches("https://sts.windows.net/{tenantid}/", with("https://sts.windows.net/*/", one)));
    BOOST_TEST(oauth::issuer_matches("{tenantid}", one));
    for (auto const& other : {
             std::string(v2),
             with("https://login.microsoftonline.com/*/v2.0/", one),
             with("https://login.microsoftonline.com/*", one),
             with("https://login.microsoftonline.com/*/*/v2.0", one),
             with("https://login.microsoftonline.com/x*/v2.0", one),
             with("https://login.microsoftonline.com/*x/v2.0", one),
             with("https://login.microsoftonline.com/{*}/v2.0", one),
             with("https://login.microsoftonline.us/*/v2.0", one),
             with("https://evil.example/*/v2.0", one),
             with("https://login.microsoftonline.com/*/v2.0#x", one),
             std::string("https://login.microsoftonline.com//v2.0"),
             std::string("https://login.microsoftonline.com/common/v2.0"),
             std::string("https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0"),
             std::string("https://login.microsoftonline.com/../evil.example/1111-22222222222222/v2.0"),
             std::string("https://login.microsoftonline.com/"),
             std::string(),
         })
        BOOST_TEST(!oauth::issuer_matches(v2, other), other);
}

// External ID names the tenant twice.
BOOST_AUTO_TEST_CASE(all_placeholders_are_the_same_guid)
{
    std::string_view const expected = "https://{tenantid}.ciamlogin.com/{tenantid}/v2.0";
    BOOST_TEST(oauth::issuer_matches(expected, with("https://*.ciamlogin.com/*/v2.0", one)));
    BOOST_TEST(!oauth::issuer_matches(expected, with("https://*.ciamlogin.com/*/v2.0", one, two)));
    BOOST_TEST(!oauth::issuer_matches(expected, with("https://contoso.ciamlogin.com/*/v2.0", one)));
    BOOST_TEST(!oauth::issuer_matches(expected, with("https://*.ciamlogin.com/v2.0", one)));
}

// Only the placeholder that Microsoft uses is one.
BOOST_AUTO_TEST_CASE(other_braces_are_plain_text)
{
    BOOST_TEST(!oauth::issuer_matches("https://login.example/{tenant}/", with("https://login.example/*/", one)));
    BOOST_TEST(oauth::issuer_matches("https://login.example/{tenant}/", "https://login.example/{tenant}/"));
}

BOOST_AUTO_TEST_SUITE_END()
