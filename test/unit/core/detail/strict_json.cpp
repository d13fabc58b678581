#include <oauth/core/detail/strict_json.hpp>
#include <oauth/core/detail/wiping_resource.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include "../../../support/printing.hpp"
#include <string>
#include <string_view>

namespace {

using oauth::detail::strict_json;
using oauth::detail::strict_json_object;

struct refused
{
    std::string text;
    oauth::errc why;
};

} // namespace

BOOST_AUTO_TEST_SUITE(core_detail_strict_json)

BOOST_AUTO_TEST_CASE(what_it_takes)
{
    for (std::string_view text : {R"({})", R"([])", R"(0)", R"("")", R"(null)", R"({"a":1})", R"({"a":{"a":{"a":[]}},"b":[{"a":1},{"a":2}]})",
                                  R"({"a:b":"c:d","\":":"\\","\\\":":1})", R"({"":{"":""}})", "\t{ \"a\" : [ 1 , 2.5 , -3e2 , true ] }\r\n", R"({"\u0061":1,"A":2})",
                                  "{\"\xc3\xa9\":\"\xf0\x9f\x98\x80\"}", R"({"a":"\ud83d\ude00"})"})
    {
        auto const read = strict_json(text);
        BOOST_TEST_CONTEXT(text) BOOST_TEST(read.has_value());
    }
    auto const object = strict_json_object(R"({"b":1,"a":[true,{"c":null}]})");
    BOOST_TEST_REQUIRE(object.has_value());
    BOOST_TEST(boost::json::serialize(*object) == R"({"b":1,"a":[true,{"c":null}]})");
}

BOOST_AUTO_TEST_CASE(what_it_refuses)
{
    using enum oauth::errc;
    refused const table[] = {
        {"", response_not_json},
        {" ", response_not_json},
        {"{", response_not_json},
        {"{\"a\":1", response_not_json},
        {"{\"a\":1}x", response_not_json},
        {"{\"a\":1}{}", response_not_json},
        {"{\"a\":1,}", response_not_json},
        {"{'a':1}", response_not_json},
        {"{\"a\":01}", response_not_json},
        {"{\"a\":NaN}", response_not_json},
        {"{/**/}", response_not_json},
        {"{\"a\":\"\n\"}", response_not_json},
        {"{\"a\":\"\\ud800\"}", response_not_json},
        {"\xef\xbb\xbf{}", response_not_json},
        {std::string("{\"a\":1}\0", 8), response_not_json},
        {"{\"a\":\"\xff\"}", response_not_utf8},
        {"{\"a\":\"\xc0\xaf\"}", response_not_utf8},
        {"{\"a\":\"\xed\xa0\x80\"}", response_not_utf8},
        {R"({"a":1,"a":1})", response_duplicate_member},
        {R"({"a":1,"\u0061":2})", response_duplicate_member},
        {R"({"":1,"":2})", response_duplicate_member},
        {R"({"x":{"a":1,"b":2,"a":3}})", response_duplicate_member},
        {R"([[[{"a":1},{"a":1,"a":{"b":{"c":1}}}]]])", response_duplicate_member},
        {R"({"a":{"b":1,"c":2},"a":{}})", response_duplicate_member},
        {R"({"a":{},"a":{"b":1,"c":2}})", response_duplicate_member},
        {std::string(17, '[') + std::string(17, ']'), response_too_deep},
        {std::string(100'000, '['), response_too_large},
        {std::string(60'000, '['), response_too_deep},
        {std::string(64 * 1024, ' ') + "1", response_too_large},
    };
    for (auto const& [text, why] : table)
    {
        auto const read = strict_json(text);
        BOOST_TEST_CONTEXT(text.substr(0, 60))
        {
            BOOST_TEST_REQUIRE(read.has_error());
            BOOST_TEST((read.error().code == oauth::error_code(why)), "is " << read.error().code.message());
            BOOST_TEST(read.error().next == oauth::advice::give_up);
            BOOST_TEST(read.error().hint.empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(only_objects_where_one_is_asked_for)
{
    for (std::string_view text : {"[]", "1", "\"{}\"", "null", "true", "[{}]"})
        BOOST_TEST((strict_json_object(text).error().code == oauth::error_code(oauth::errc::response_not_an_object)), text);
}

BOOST_AUTO_TEST_CASE(the_limits_are_exact)
{
    BOOST_TEST(strict_json(std::string(16, '[') + std::string(16, ']')).has_value());
    BOOST_TEST(strict_json("[[]]", {.depth = 2}).has_value());
    BOOST_TEST(strict_json("[[]]", {.depth = 1}).has_error());
    BOOST_TEST(strict_json("[[]]", {.size = 4}).has_value());
    BOOST_TEST(strict_json("[[]]", {.size = 3}).has_error());
}

BOOST_AUTO_TEST_CASE(stays_in_the_memory_that_it_is_given)
{
    oauth::detail::wiping_resource memory;
    auto const read = strict_json_object(R"({"a":"a text that is longer than a small one"})", {}, &memory);
    BOOST_TEST_REQUIRE(read.has_value());
    BOOST_TEST((read->storage().get() == &memory));
    BOOST_TEST((read->at("a").storage().get() == &memory));
}

BOOST_AUTO_TEST_SUITE_END()
