#include <oauth/response/detail/body_excerpt.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

namespace {

using oauth::detail::body_excerpt;

std::string times(std::size_t count, char c) { return std::string(count, c); }

} // namespace

BOOST_AUTO_TEST_SUITE(response_detail_body_excerpt)

BOOST_AUTO_TEST_CASE(the_beginning)
{
    BOOST_TEST(body_excerpt("") == "");
    BOOST_TEST(body_excerpt("Too Many Requests") == "Too Many Requests");
    BOOST_TEST(body_excerpt("<html>\r\n\x01") == "<html>\r\n\x01");   // as it came: whoever prints it escapes it
    std::string const words = "no key, ", many = [&] {
        std::string made;
        while (made.size() < 2000) made += words;
        return made;
    }();
    BOOST_TEST(body_excerpt(many) == many.substr(0, 512));
    BOOST_TEST(body_excerpt(many.substr(0, 512)) == many.substr(0, 512));
}

BOOST_AUTO_TEST_CASE(what_might_be_a_key_is_overwritten)
{
    BOOST_TEST(body_excerpt("id " + times(39, 'a') + '.') == "id " + times(39, 'a') + '.');
    BOOST_TEST(body_excerpt("id " + times(40, 'a') + '.') == "id " + times(40, '*') + '.');
    BOOST_TEST(body_excerpt("request 11111111-aaaa-4bbb-8ccc-222222222222") == "request 11111111-aaaa-4bbb-8ccc-222222222222");
    BOOST_TEST(body_excerpt(times(60, 'A') + '.' + times(41, '_') + '.' + times(43, '9') + '/') == times(60, '*') + '.' + times(41, '*') + '.' + times(43, '*') + '/');
    // The cut makes it no shorter.
    auto const text = times(500, ' ') + times(60, 'k');
    BOOST_TEST(body_excerpt(text) == times(500, ' ') + times(12, '*'));
    BOOST_TEST(body_excerpt(times(511, ' ') + times(40, 'k')) == times(511, ' ') + '*');
    BOOST_TEST(body_excerpt(times(511, ' ') + times(39, 'k')) == times(511, ' ') + 'k');
}

BOOST_AUTO_TEST_CASE(nothing_of_what_speaks_of_secrets)
{
    for (std::string const body : {R"({"access_token":"a)", "refresh_token=abc", R"({"ID_TOKEN":1})", "your Client-Secret is", "wrong PASSWORD", "client_assertion=x", "code_verifier=x",
                                   "SeCrEt"})
    {
        BOOST_TEST(body_excerpt(body) == "", body);
        BOOST_TEST(body_excerpt(times(100'000, ' ') + body) == "", body);   // wherever it stands
    }
    BOOST_TEST(body_excerpt("token, secre, passwor") == "token, secre, passwor");
}

BOOST_AUTO_TEST_SUITE_END()
