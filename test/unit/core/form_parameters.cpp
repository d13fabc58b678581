#include <oauth/core/form_parameters.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(core_form_parameters)

BOOST_AUTO_TEST_CASE(decodes)
{
    using pairs = std::vector<std::pair<std::string, std::string>>;
    struct row
    {
        std::string_view text;
        pairs expected;
    };
    using namespace std::string_literals;
    for (auto const& [text, expected] : {
             row{"", {}},
             row{"&", {}},
             row{"a=1", {{"a", "1"}}},
             row{"a=1&b=2", {{"a", "1"}, {"b", "2"}}},
             row{"&a=1&&b=2&", {{"a", "1"}, {"b", "2"}}},
             row{"a", {{"a", ""}}},
             row{"a=", {{"a", ""}}},
             row{"=1", {{"", "1"}}},
             row{"=", {{"", ""}}},
             row{"a=1=2", {{"a", "1=2"}}},
             row{"a=1&a=2", {{"a", "1"}, {"a", "2"}}},
             row{"a+b=c+d", {{"a b", "c d"}}},
             row{"a=%2B%20%26%3d", {{"a", "+ &="}}},
             row{"a=%3a%3A", {{"a", "::"}}},
             row{"%61=1", {{"a", "1"}}},
             row{"a=%00x", {{"a", "\0x"s}}},
             row{"a=%C3%A9", {{"a", "\xc3\xa9"}}},
             row{"a=\xc3\xa9;b", {{"a", "\xc3\xa9;b"}}},
             row{"a=b?c#d", {{"a", "b?c#d"}}},
         })
    {
        auto const parsed = oauth::parse_form(text);
        BOOST_TEST_REQUIRE(parsed.has_value(), text);
        BOOST_TEST_REQUIRE(parsed->size() == expected.size(), text);
        for (std::size_t i = 0; i < expected.size(); ++i)
        {
            BOOST_TEST((*parsed)[i].name == expected[i].first, text);
            BOOST_TEST((*parsed)[i].value == expected[i].second, text);
        }
    }
}

BOOST_AUTO_TEST_CASE(refuses_broken_encoding_without_repeating_it)
{
    for (std::string_view text : {"a=%", "a=%4", "a=%zz", "a=%4z", "a=%z4", "%=1", "%4=1", "a=1&b=CANARY%", "a=%%20", "a=% 1", "a=%+1", "a=%u0041"})
    {
        auto const parsed = oauth::parse_form(text);
        BOOST_TEST_REQUIRE(parsed.has_error(), text);
        BOOST_TEST((parsed.error().code == oauth::errc::malformed_encoding), text);
        BOOST_TEST(oauth::describe(parsed.error()).find("CANARY") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(at_most_256_parameters)
{
    std::string text;
    for (int i = 0; i < 256; ++i) text += "a=1&";
    BOOST_TEST(oauth::parse_form(text).value().size() == 256u);
    text += "b";
    auto const more = oauth::parse_form(text);
    BOOST_TEST_REQUIRE(more.has_error());
    BOOST_TEST((more.error().code == oauth::errc::too_many_parameters));
}

BOOST_AUTO_TEST_CASE(find_gives_the_first)
{
    auto const parsed = oauth::parse_form("a=1&b=&a=2").value();
    BOOST_TEST(oauth::find_parameter(parsed, "a").value() == "1");
    BOOST_TEST(oauth::find_parameter(parsed, "b").value() == "");
    BOOST_TEST(!oauth::find_parameter(parsed, "c").has_value());
    BOOST_TEST(!oauth::find_parameter(parsed, "A").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
