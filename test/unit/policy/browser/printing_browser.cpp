#include <oauth/policy/browser/printing_browser.hpp>
#include <boost/test/unit_test.hpp>
#include <sstream>
#include <string>

BOOST_AUTO_TEST_SUITE(policy_browser_printing_browser)

BOOST_AUTO_TEST_CASE(the_url_stands_on_a_line_of_its_own)
{
    for (auto const* url : {"https://login.example/authorize?a=b&c=%20", "http://localhost:8400/", "http://[::1]:1/?x"})
    {
        std::ostringstream screen;
        BOOST_TEST(oauth::printing_browser(screen).open(url).has_value(), url);
        BOOST_TEST(screen.str().find("\n  " + std::string(url) + "\n") != std::string::npos, screen.str());
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_url_for_a_browser_is_not_printed)
{
    struct
    {
        char const* url;
        oauth::errc why;
    } const rows[] = {
        {"", oauth::errc::invalid_url},
        {"login.example", oauth::errc::invalid_url},
        {"javascript:alert(1)", oauth::errc::invalid_url},
        {"https://login.example/\x1b[2J", oauth::errc::invalid_url},
        {"https://login.example/\r\nhttps://evil.example/", oauth::errc::invalid_url},
        {"http://login.example/", oauth::errc::insecure_url},
        {"https://login.example/#CANARY", oauth::errc::url_has_fragment},
        {"https://CANARY@login.example/", oauth::errc::url_has_userinfo},
    };
    for (auto const& row : rows)
    {
        std::ostringstream screen;
        auto const opened = oauth::printing_browser(screen).open(row.url);
        BOOST_REQUIRE_MESSAGE(opened.has_error(), row.url);
        BOOST_TEST((opened.error().code == row.why), row.url);
        BOOST_TEST((opened.error().next == oauth::advice::fix_configuration));
        BOOST_TEST(describe(opened.error()).find("CANARY") == std::string::npos);
        BOOST_TEST(screen.str() == "");
    }
}

BOOST_AUTO_TEST_CASE(a_stream_that_takes_nothing)
{
    std::ostream nowhere(nullptr);
    auto const opened = oauth::printing_browser(nowhere).open("https://login.example/");
    BOOST_REQUIRE(opened.has_error());
    BOOST_TEST((opened.error().code == oauth::errc::browser_unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
