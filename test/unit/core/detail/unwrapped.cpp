#include <oauth/core/detail/unwrapped.hpp>
#include <boost/test/unit_test.hpp>
#include <string_view>

BOOST_AUTO_TEST_SUITE(core_detail_unwrapped)

BOOST_AUTO_TEST_CASE(what_is_taken_off)
{
    for (std::string_view const text : {
             "x y", " x y\t\r\n", "\"x y\"", "'x y'", "<x y>", "`x y`", " < ' x y ' > ", "\xc2\xa0x y\xe2\x80\x8b", "\xef\xbb\xbfx y", "\xe2\x80\x9cx y\xe2\x80\x9d",
             "\xe2\x80\x98x y\xe2\x80\x99", "\"\"\"x y\"\"\"",
         })
        BOOST_TEST(oauth::detail::unwrapped(text) == "x y", text);
}

BOOST_AUTO_TEST_CASE(what_stays)
{
    for (std::string_view const text : {"", "x", "\"", "'", "<", "\"x", "x\"", "<x\"", ">x<", "'x>", "\xe2\x80\x9dx\xe2\x80\x9c", "\xe2\x80", "x\xa0", "(x)"})
        BOOST_TEST(oauth::detail::unwrapped(text) == text, text);
    for (std::string_view const text : {"\"\"", "<>", " ", "< >", "'\"\"'", "\xe2\x80\x9c\xe2\x80\x9d"}) BOOST_TEST(oauth::detail::unwrapped(text).empty(), text);
}

BOOST_AUTO_TEST_SUITE_END()
