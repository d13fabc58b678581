#include <oauth/response/detail/json_members.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include "../../../support/printing.hpp"
#include <string>
#include <vector>

namespace {

using namespace oauth;
using detail::json_members;

boost::json::object object(std::string const& value) { return boost::json::parse("{\"m\":" + value + ",\"other\":1}").as_object(); }

/// Take `m`, whose JSON is `value`: what becomes of it, and of the object?
template <class T>
struct taken
{
    T out{};
    bool set = false;
    bool failed = false;
    bool left = false;

    explicit taken(std::string const& value)
    {
        auto from = object(value);
        json_members members(from);
        set = members.take("m", out);
        failed = members.failed().has_value();
        if (failed)
        {
            BOOST_TEST(members.failed()->code == errc::response_wrong_type);
            BOOST_TEST(members.failed()->hint == "m");
            BOOST_TEST(members.failed()->next == advice::give_up);
        }
        left = from.contains("m");
        BOOST_TEST(from.contains("other"));
        BOOST_TEST(set + failed <= 1);
        BOOST_TEST(left == failed);
    }
};

template <class T>
void refuses(std::vector<std::string> const& values)
{
    for (auto const& value : values) BOOST_TEST(taken<T>(value).failed, value);
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_detail_json_members)

BOOST_AUTO_TEST_CASE(texts)
{
    BOOST_TEST(taken<std::string>(R"("a\u0000b")").out == std::string("a\0b", 3));
    BOOST_TEST(taken<std::string>(R"("")").set);
    BOOST_TEST(taken<secret>(R"("token")").out.reveal() == "token");
    BOOST_TEST(taken<oauth::scope>(R"(" b  a b ")").out.str() == "b a");
    refuses<std::string>({"1", "true", "[]", "{}", "[\"a\"]"});
    refuses<secret>({"1", "true", "[]", "{}"});
    // What would take long to take apart is not taken apart.
    std::string many, long_one(64 * 1024, 'x');
    for (int i = 0; i < 1025; ++i) many += "a" + std::to_string(i) + ' ';
    refuses<oauth::scope>({"1", "[]", "\"" + many + "\"", "\"" + long_one + "x\""});
    BOOST_TEST(taken<oauth::scope>("\"" + long_one + "\"").set);
}

BOOST_AUTO_TEST_CASE(truths)
{
    BOOST_TEST(taken<bool>("true").out);
    BOOST_TEST(taken<bool>("false").set);
    refuses<bool>({"\"true\"", "1", "0", "[]", "{}"});
}

BOOST_AUTO_TEST_CASE(numbers)
{
    struct row
    {
        char const* json;
        std::int64_t duration, moment;
    };
    for (auto const& [json, duration, moment] : std::vector<row>{
             {"60", 60, 60},
             {"\"60\"", 60, 60},
             {"\" 60 \"", 60, 60},
             {"60.9", 60, 60},
             {"6e1", 60, 60},
             {"0", 0, 0},
             {"-5", -5, 0},
             {"\"-5\"", -5, 0},
             {"2147483648", 2'147'483'647, 2'147'483'648},
             {"253402300800", 2'147'483'647, 253'402'300'799},
             {"9223372036854775807", 2'147'483'647, 253'402'300'799},
             {"9223372036854775808", 2'147'483'647, 253'402'300'799},
             {"18446744073709551616", 2'147'483'647, 253'402'300'799},
             {"1e300", 2'147'483'647, 253'402'300'799},
             {"-9223372036854775808", -2'147'483'647, 0},
             {"-1e300", -2'147'483'647, 0},
             {"\"99999999999999999999999\"", 2'147'483'647, 253'402'300'799},
         })
    {
        taken<std::optional<seconds>> const life(json);
        BOOST_TEST_REQUIRE(life.out.has_value(), json);
        BOOST_TEST(life.out->count() == duration, json);
        taken<std::optional<time_point>> const at(json);
        BOOST_TEST_REQUIRE(at.out.has_value(), json);
        BOOST_TEST(at.out->time_since_epoch().count() == moment, json);
    }
    std::vector<std::string> const bad{"true", "[]", "{}", "\"\"", "\"soon\"", "\"1 2\"", "\"0x10\"", "\"1e3\"", "[60]"};
    refuses<std::optional<seconds>>(bad);
    refuses<std::optional<time_point>>(bad);
}

BOOST_AUTO_TEST_CASE(lists_and_objects)
{
    using list = std::vector<std::string>;
    BOOST_TEST((taken<list>(R"(["a","b"])").out == list{"a", "b"}));
    BOOST_TEST(taken<list>("[]").set);
    refuses<list>({"\"a\"", "[1]", R"(["a",null])", R"([["a"]])", "{}", "1"});
    BOOST_TEST(taken<boost::json::object>(R"({"x":1})").out.size() == 1U);
    refuses<boost::json::object>({"[]", "\"{}\"", "1"});

    auto one = object("\"a\""), several = object(R"(["a","b"])"), wrong = object("[1]"), absent = object("null");
    list out;
    BOOST_TEST(json_members(one).take_list("m", out));
    BOOST_TEST((out == list{"a"}));
    BOOST_TEST(json_members(several).take_list("m", out));
    BOOST_TEST((out == list{"a", "b"}));
    BOOST_TEST(!json_members(absent).take_list("m", out));
    json_members bad(wrong);
    BOOST_TEST(!bad.take_list("m", out));
    BOOST_TEST(bad.failed().has_value());
}

BOOST_AUTO_TEST_CASE(null_is_absent)
{
    taken<std::string> const text("null");
    BOOST_TEST((!text.set && !text.failed && !text.left));
    taken<bool> const truth("null");
    BOOST_TEST((!truth.set && !truth.failed));
}

BOOST_AUTO_TEST_CASE(what_is_needed_and_not_there)
{
    boost::json::object from{{"a", nullptr}, {"b", 1}, {"c", "x"}};
    json_members members(from);
    std::string out;
    BOOST_TEST(members.need("c", out));
    BOOST_TEST(!members.failed().has_value());
    BOOST_TEST(!members.need("a", out));
    BOOST_TEST(members.failed()->code == errc::response_missing_member);
    BOOST_TEST(members.failed()->hint == "a");
    // The first fault is the one that is told.
    BOOST_TEST(!members.need("b", out));
    members.refuse("c");
    BOOST_TEST(members.failed()->hint == "a");

    json_members other(from);
    BOOST_TEST(!other.need("b", out));
    BOOST_TEST(other.failed()->code == errc::response_wrong_type);
    json_members third(from);
    third.refuse("c");
    BOOST_TEST(third.failed()->code == errc::response_bad_value);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_may_be_left)
{
    auto from = object("1");
    json_members members(from);
    std::string out;
    BOOST_TEST(!members.take_if_fit("m", out));
    BOOST_TEST(!members.failed().has_value());
    BOOST_TEST(from.contains("m"));
    BOOST_TEST(!members.take_if_fit("absent", out));
}

BOOST_AUTO_TEST_SUITE_END()
