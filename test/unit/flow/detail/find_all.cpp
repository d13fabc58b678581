#include <oauth/flow/detail/find_all.hpp>
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

std::vector<std::size_t> places(std::string_view text, std::string_view pattern)
{
    std::vector<std::size_t> out;
    oauth::detail::find_all(text, pattern, [&out](std::size_t at) { out.push_back(at); });
    return out;
}

/// Every text of `length` characters of "ab".
std::vector<std::string> all_texts(std::size_t length)
{
    std::vector<std::string> out{""};
    for (std::size_t i = 0; i < length; ++i)
    {
        std::vector<std::string> longer;
        for (auto const& text : out)
            for (char const c : {'a', 'b'}) longer.push_back(text + c);
        out = std::move(longer);
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(flow_detail_find_all)

BOOST_AUTO_TEST_CASE(finds_what_a_plain_search_finds)
{
    for (std::size_t length = 0; length <= 10; ++length)
        for (auto const& text : all_texts(length))
            for (std::size_t size = 1; size <= 5; ++size)
                for (auto const& pattern : all_texts(size))
                {
                    std::vector<std::size_t> expected;
                    for (auto at = text.find(pattern); at != text.npos; at = text.find(pattern, at + 1)) expected.push_back(at);
                    BOOST_TEST_REQUIRE((places(text, pattern) == expected), pattern << " in " << text);
                }
}

BOOST_AUTO_TEST_SUITE_END()
