#include <oauth/response/retry_after.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

namespace {

// -1: nothing.
long long wait(std::string text, std::string date = "Fri, 02 Jan 2026 03:04:05 GMT")
{
    auto const found = oauth::retry_after({{"date", std::move(date)}, {"retry-AFTER", std::move(text)}});
    return found ? found->count() : -1;
}

long long date(std::string_view text)
{
    auto const found = oauth::detail::parse_http_date(text);
    return found ? found->time_since_epoch().count() : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_retry_after)

BOOST_AUTO_TEST_CASE(seconds)
{
    struct row
    {
        char const* text;
        long long expected;
    };
    for (auto const& [text, expected] : {
             row{"0", 0}, row{"1", 1}, row{"60", 60}, row{"0060", 60}, row{"86400", 86400}, row{"86401", 86400}, row{"9223372036854775807", 86400},
             row{"9223372036854775808", 86400}, row{"99999999999999999999999999", 86400},
             row{"", -1}, row{"-1", -1}, row{"+1", -1}, row{"1.5", -1}, row{" 1", -1}, row{"1 ", -1}, row{"1s", -1}, row{"soon", -1}, row{"0x10", -1},
         })
        BOOST_TEST(wait(text) == expected, text << ": " << wait(text));
}

BOOST_AUTO_TEST_CASE(dates)
{
    BOOST_TEST(wait("Fri, 02 Jan 2026 03:05:05 GMT") == 60);
    BOOST_TEST(wait("Fri, 02 Jan 2026 03:04:05 GMT") == 0);
    BOOST_TEST(wait("Fri, 02 Jan 2026 03:04:04 GMT") == 0);     // gone by
    BOOST_TEST(wait("Fri, 02 Jan 1970 03:04:04 GMT") == 0);
    BOOST_TEST(wait("Sat, 03 Jan 2026 03:04:05 GMT") == 86400);
    BOOST_TEST(wait("Sat, 03 Jan 9999 03:04:05 GMT") == 86400);
    BOOST_TEST(wait("Fri, 02 Jan 2026 03:05:05 GMT", "") == -1); // no Date to measure against
    BOOST_TEST(wait("Fri, 02 Jan 2026 03:05:05 GMT", "yesterday") == -1);
    BOOST_TEST((oauth::retry_after({{"Date", "Fri, 02 Jan 2026 03:04:05 GMT"}}) == std::nullopt));
    BOOST_TEST((oauth::retry_after({}) == std::nullopt));
}

// RFC 9110 5.6.7.
BOOST_AUTO_TEST_CASE(http_dates)
{
    BOOST_TEST(date("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777);
    BOOST_TEST(date("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
    BOOST_TEST(date("Thu, 29 Feb 2024 00:00:00 GMT") == 1709164800);
    BOOST_TEST(date("Sat, 31 Dec 2016 23:59:60 GMT") == 1483228800);   // a leap second
    BOOST_TEST(date("Fri, 31 Dec 9999 23:59:59 GMT") == 253402300799);
    for (char const* bad : {"", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                            "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT", "Sun, 29 Feb 2023 08:49:37 GMT",
                            "Sun, 06 Nov 1969 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
                            "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 -0:49:37 GMT", "Sun, 06 Nov 1994 08:49:3x GMT", "Sun, 06 Nov  199 08:49:37 GMT",
                            "Sun,006 Nov 1994 08:49:37 GMT", "Sun, 06-Nov 1994 08:49:37 GMT", "Sun, 06 Nov-1994 08:49:37 GMT", "Sun, 06 Nov 1994T08:49:37 GMT",
                            "Sun, 06 Nov 1994 08:49:37 GMT "})
        BOOST_TEST(date(bad) == -1, bad);
}

BOOST_AUTO_TEST_SUITE_END()
