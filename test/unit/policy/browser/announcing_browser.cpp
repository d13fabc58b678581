#include <oauth/policy/browser/announcing_browser.hpp>
#include <boost/test/unit_test.hpp>
#include <concepts>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr char url[] = "https://login.example/authorize?client_id=x&state=y";

/// Opens nothing, but remembers; fails as it was told.
struct fake_browser
{
    std::shared_ptr<std::vector<std::string>> opened = std::make_shared<std::vector<std::string>>();
    oauth::errc fails = oauth::errc{};
    char const* hint = "";

    oauth::result<void> open(std::string const& which)
    {
        opened->push_back(which);
        if (fails != oauth::errc{}) return oauth::failure(fails, oauth::advice::give_up, hint);
        return {};
    }
};
static_assert(oauth::check_browser<oauth::announcing_browser<fake_browser>>());

/// One that no default can be made of.
struct numbered_browser : fake_browser
{
    explicit numbered_browser(int) {}
};
static_assert(oauth::check_browser<oauth::announcing_browser<numbered_browser>>() && !std::default_initializable<oauth::announcing_browser<numbered_browser>>);

} // namespace

BOOST_AUTO_TEST_SUITE(policy_browser_announcing_browser)

BOOST_AUTO_TEST_CASE(prints_and_opens)
{
    std::ostringstream screen;
    fake_browser inner;
    oauth::announcing_browser browser(inner, screen);
    BOOST_TEST(browser.open(url).has_value());
    BOOST_TEST((*inner.opened == std::vector<std::string>{url}));
    BOOST_TEST(screen.str() == "Sign in with your browser at\n\n  " + std::string(url) + "\n\n");
}

BOOST_AUTO_TEST_CASE(goes_on_where_there_is_no_browser)
{
    for (auto const& [hint, printed] : {std::pair{"there is no screen here: open the URL yourself", "\n(there is no screen here: open the URL yourself)\n\n"},
                                        std::pair{"", ": open the URL yourself)\n\n"}})
    {
        std::ostringstream screen;
        oauth::announcing_browser browser(fake_browser{.fails = oauth::errc::browser_unavailable, .hint = hint}, screen);
        BOOST_TEST(browser.open(url).has_value());
        BOOST_TEST(screen.str().find(std::string("\n  ") + url + "\n\n") != std::string::npos);
        BOOST_TEST(screen.str().ends_with(printed), screen.str());
    }
}

BOOST_AUTO_TEST_CASE(the_system_s_browser_that_is_not_there)
{
    std::ostringstream screen;
    oauth::announcing_browser browser(oauth::system_browser(std::vector<std::vector<std::string>>{}), screen);
    BOOST_TEST(browser.open(url).has_value());
    BOOST_TEST(screen.str().find(url) != std::string::npos);
    BOOST_TEST(screen.str().find("open the URL yourself") != std::string::npos);
    BOOST_TEST(oauth::announcing_browser{}.open("no url").has_error());
}

BOOST_AUTO_TEST_CASE(other_failures_are_passed_on)
{
    std::ostringstream screen;
    fake_browser inner{.fails = oauth::errc::cancelled};
    BOOST_TEST((oauth::announcing_browser(inner, screen).open(url).error().code == oauth::errc::cancelled));
    // What is no URL is neither printed nor opened.
    screen.str("");
    inner.opened->clear();
    auto const refused = oauth::announcing_browser(inner, screen).open("http://login.example/");
    BOOST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code == oauth::errc::insecure_url));
    BOOST_TEST(inner.opened->empty());
    BOOST_TEST(screen.str() == "");
}

BOOST_AUTO_TEST_CASE(a_stream_that_takes_nothing_matters_only_without_a_browser)
{
    std::ostream nowhere(nullptr);
    BOOST_TEST(oauth::announcing_browser(fake_browser(), nowhere).open(url).has_value());
    auto const lost = oauth::announcing_browser(fake_browser{.fails = oauth::errc::browser_unavailable}, nowhere).open(url);
    BOOST_REQUIRE(lost.has_error());
    BOOST_TEST((lost.error().code == oauth::errc::browser_unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
