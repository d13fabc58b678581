#include <oauth/core/claims_request.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/fixture.hpp"
#include <string>
#include <vector>

namespace {

using namespace oauth;

std::vector<std::string> const cp1{"cp1"};

std::string object_of(std::size_t size) { return "{\"a\":\"" + std::string(size - 8, 'x') + "\"}"; }

} // namespace

BOOST_AUTO_TEST_SUITE(core_claims_request)

BOOST_AUTO_TEST_CASE(as_microsofts_clients_merge)
{
    auto const merged = with_client_capabilities(R"({"access_token":{"acrs":{"essential":true,"value":"c25"}}})", cp1).value();
    BOOST_TEST((boost::json::parse(merged) == test_support::json_fixture("microsoft/claims_request_capabilities_merged.json")));
    BOOST_TEST(merged == R"({"access_token":{"xms_cc":{"values":["cp1"]},"acrs":{"essential":true,"value":"c25"}}})");
    BOOST_TEST(with_client_capabilities("", cp1).value() == R"({"access_token":{"xms_cc":{"values":["cp1"]}}})");
    BOOST_TEST(with_client_capabilities("", std::vector<std::string>{"cp1", "cp2"}).value() == R"({"access_token":{"xms_cc":{"values":["cp1","cp2"]}}})");
    // They are there already, so that it may be done twice.
    BOOST_TEST(with_client_capabilities(merged, cp1).value() == merged);
    BOOST_TEST(with_client_capabilities(R"({"access_token":{"xms_cc":{"values":["cp2"]}}})", cp1).value() == R"({"access_token":{"xms_cc":{"values":["cp1","cp2"]}}})");
    BOOST_TEST(with_client_capabilities("", std::vector<std::string>{"a\"b"}).value() == R"({"access_token":{"xms_cc":{"values":["a\"b"]}}})");
}

BOOST_AUTO_TEST_CASE(without_capabilities_the_text_stays)
{
    for (auto const* claims : {"", "{}", R"( { "a" : 1 } )"}) BOOST_TEST(with_client_capabilities(claims, {}).value() == claims);
    BOOST_TEST(with_client_capabilities("[]", {}).has_error());
}

BOOST_AUTO_TEST_CASE(merged_member_by_member)
{
    struct row
    {
        char const* claims;
        char const* more;
        char const* expected;
    };
    for (auto const& [claims, more, expected] : {
             row{"", "", "{}"},
             row{"{}", "", "{}"},
             row{"", R"( { "a" : 1 } )", R"({"a":1})"},
             row{R"({"a":1})", "{}", R"({"a":1})"},
             row{R"({"a":1})", R"({"b":2})", R"({"a":1,"b":2})"},
             row{R"({"a":{"b":{"c":1}}})", R"({"a":{"b":{"d":2},"e":3}})", R"({"a":{"b":{"c":1,"d":2},"e":3}})"},
             // What came later counts.
             row{R"({"a":1})", R"({"a":2})", R"({"a":2})"},
             row{R"({"a":{"b":1}})", R"({"a":"x"})", R"({"a":"x"})"},
             row{R"({"a":[1]})", R"({"a":{"b":1}})", R"({"a":{"b":1}})"},
             // But null asks for nothing special.
             row{R"({"a":{"essential":true}})", R"({"a":null})", R"({"a":{"essential":true}})"},
             row{R"({"a":null})", R"({"a":{"essential":true}})", R"({"a":{"essential":true}})"},
             row{R"({"a":null})", R"({"b":null})", R"({"a":null,"b":null})"},
             // Arrays: what is not there yet.
             row{R"({"a":["x","y"]})", R"({"a":["y","z","z"]})", R"({"a":["x","y","z"]})"},
             row{R"({"a":[1,{"b":[]}]})", R"({"a":[{"b":[]},{"b":[1]},"1"]})", R"({"a":[1,{"b":[]},{"b":[1]},"1"]})"},
             row{R"({"":{"":1}})", R"({"":{"":2}})", R"({"":{"":2}})"},
             row{"{\"a\":\"caf\\u00e9\"}", "{}", "{\"a\":\"caf\xc3\xa9\"}"},
         })
        BOOST_TEST_CONTEXT(claims << " and " << more)
        {
            auto const merged = merge_claims_requests(claims, more).value();
            BOOST_TEST(merged == expected);
            BOOST_TEST(merge_claims_requests(merged, more).value() == merged);
            BOOST_TEST(merge_claims_requests(claims, merged).value() == merged);
            BOOST_TEST(merge_claims_requests(merged, "").value() == merged);
        }
}

BOOST_AUTO_TEST_CASE(only_objects)
{
    for (auto const* bad : {" ", "null", "[]", "1", "\"x\"", "{", "{}{}", "{a:1}", "{\"a\":\"\xff\"}", "{\"a\":1e400}", "{\"a\":[{\"b\":-17e4005}]}", "canary-7b1f", "{\"canary-7b1f\"}"})
    {
        for (auto const& got : {merge_claims_requests(bad, "{}"), merge_claims_requests("{}", bad), with_client_capabilities(bad, cp1), with_client_capabilities(bad, {})})
        {
            BOOST_TEST_REQUIRE(got.has_error(), bad);
            BOOST_TEST((got.error().code == errc::malformed_claims), bad);
            BOOST_TEST((got.error().next == advice::fix_configuration), bad);
            BOOST_TEST(describe(got.error()).find("canary") == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(limits)
{
    auto const longest = object_of(claims_request_limit);
    BOOST_TEST(merge_claims_requests(longest, "").value() == longest);
    BOOST_TEST(merge_claims_requests("", longest).value() == longest);
    BOOST_TEST(merge_claims_requests(longest, longest).value() == longest);
    BOOST_TEST(merge_claims_requests(longest, R"({"b":1})").has_error());
    BOOST_TEST(merge_claims_requests(object_of(claims_request_limit + 1), "").has_error());
    BOOST_TEST(merge_claims_requests("", object_of(claims_request_limit + 1)).has_error());
    std::string nested;
    for (int i = 0; i < 8000; ++i) nested += "{\"\":";
    BOOST_TEST(merge_claims_requests(nested, nested).has_error());
    // Many elements: not each compared with each.
    std::string numbers = "{\"a\":[0";
    while (numbers.size() < claims_request_limit - 8) numbers += ',' + std::to_string(numbers.size());
    numbers += "]}";
    BOOST_TEST(merge_claims_requests(numbers, numbers).value() == numbers);
}

BOOST_AUTO_TEST_CASE(an_acr_that_is_demanded)   // OpenID Connect Core 5.5.1.1
{
    using list = std::vector<std::string>;
    BOOST_TEST(oauth::essential_acr({"a", "b\"c"}) == R"({"id_token":{"acr":{"essential":true,"values":["a","b\"c"]}}})");
    BOOST_TEST((oauth::demanded_acr(oauth::essential_acr({"a", "b\"c"})).value() == list{"a", "b\"c"}));
    struct row
    {
        char const* claims;
        list demanded;
    };
    for (auto const& [claims, demanded] : std::vector<row>{{"", {}},
                                                           {"{}", {}},
                                                           {R"({"id_token":{"acr":{"essential":true,"value":"a"}}})", {"a"}},
                                                           {R"({"id_token":{"\u0061cr":{"essential":true,"value":"a","values":["b","c"]}},"userinfo":null})", {"a", "b", "c"}},
                                                           {R"({"id_token":{"acr":{"essential":true,"values":["a",1,null]}}})", {"a"}},
                                                           // A wish, or nothing that could be held against a token.
                                                           {R"({"id_token":{"acr":{"values":["a"]}}})", {}},
                                                           {R"({"id_token":{"acr":{"essential":false,"values":["a"]}}})", {}},
                                                           {R"({"id_token":{"acr":{"essential":"true","values":["a"]}}})", {}},
                                                           {R"({"id_token":{"acr":{"essential":true}}})", {}},
                                                           {R"({"id_token":{"acr":{"essential":true,"values":"a"}}})", {}},
                                                           {R"({"id_token":{"acr":null}})", {}},
                                                           {R"({"id_token":[]})", {}},
                                                           {R"({"userinfo":{"acr":{"essential":true,"values":["a"]}}})", {}}})
        BOOST_TEST((oauth::demanded_acr(claims).value() == demanded), claims);
    // Merged with others it stays.
    auto const merged = merge_claims_requests(R"({"id_token":{"auth_time":null},"access_token":{}})", oauth::essential_acr({"a"})).value();
    BOOST_TEST((oauth::demanded_acr(merged).value() == list{"a"}));
    for (char const* bad : {"[]", "{", "canary-7b1f"})
    {
        auto const got = oauth::demanded_acr(bad);
        BOOST_TEST_REQUIRE(got.has_error());
        BOOST_TEST((got.error().code == errc::malformed_claims));
        BOOST_TEST(describe(got.error()).find("canary") == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
