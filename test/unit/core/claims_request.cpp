#include <oauth/core/claims_request.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/fixture.hpp"
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace oauth;

std::vector<std::string> const cp1{"cp1"};

using list = std::vector<std::string>;

std::set<std::string> as_set(list const& of) { return {of.begin(), of.end()}; }

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
    BOOST_TEST(essential_acr({"a", "b\"c"}) == R"({"id_token":{"acr":{"essential":true,"values":["a","b\"c"]}}})");
    BOOST_TEST((demanded_acr(essential_acr({"a", "b\"c"})).value() == list{"a", "b\"c"}));
    struct row
    {
        char const* claims;
        std::optional<list> demanded;
    };
    for (auto const& [claims, demanded] : std::vector<row>{{"", {}},
                                                           {"{}", {}},
                                                           {R"({"id_token":{"acr":{"essential":true,"value":"a"}}})", list{"a"}},
                                                           {R"({"id_token":{"\u0061cr":{"essential":true,"value":"a","values":["b","c"]}},"userinfo":null})", list{"a", "b", "c"}},
                                                           // Any will do.
                                                           {R"({"id_token":{"acr":{"essential":true}}})", list{}},
                                                           // A wish, or nothing of the ID token.
                                                           {R"({"id_token":{"acr":{"values":["a"]}}})", {}},
                                                           {R"({"id_token":{"acr":{"essential":false,"values":"a"}}})", {}},
                                                           {R"({"id_token":{"acr":null}})", {}},
                                                           {R"({"id_token":null})", {}},
                                                           {R"({"userinfo":{"acr":{"essential":true,"values":["a"]}}})", {}}})
        BOOST_TEST((demanded_acr(claims).value() == demanded), claims);
    // Merged with others it stays.
    auto const merged = merge_claims_requests(R"({"id_token":{"auth_time":null},"access_token":{}})", essential_acr({"a"})).value();
    BOOST_TEST((demanded_acr(merged).value() == list{"a"}));
}

BOOST_AUTO_TEST_CASE(a_demand_that_can_not_be_read)
{
    for (char const* bad : {"[]", "{", "canary-7b1f", R"({"id_token":["canary-7b1f"]})", R"({"id_token":{"acr":"canary-7b1f"}})", R"({"id_token":{"acr":{"essential":"true","values":["a"]}}})",
                            R"({"id_token":{"acr":{"essential":null}}})", R"({"id_token":{"acr":{"essential":true,"value":null}}})", R"({"id_token":{"acr":{"essential":true,"value":["a"]}}})",
                            R"({"id_token":{"acr":{"essential":true,"values":"canary-7b1f"}}})", R"({"id_token":{"acr":{"essential":true,"values":[1]}}})",
                            R"({"id_token":{"acr":{"essential":true,"values":["a",null]}}})", R"({"id_token":{"acr":{"essential":true,"values":[]}}})"})
    {
        auto const check = [bad](auto const& got) {
            BOOST_TEST_REQUIRE(got.has_error(), bad);
            BOOST_TEST((got.error().code == errc::malformed_claims), bad);
            BOOST_TEST((got.error().next == advice::fix_configuration), bad);
            BOOST_TEST(describe(got.error()).find("canary") == std::string::npos);
        };
        check(demanded_acr(bad));
        check(merge_claims_requests(bad, essential_acr({"a"})));
        check(merge_claims_requests(essential_acr({"a"}), bad));
    }
    BOOST_TEST(demanded_acr(essential_acr({})).has_error());
}

BOOST_AUTO_TEST_CASE(what_is_demanded_can_not_be_taken_back)
{
    auto const of = [](std::string_view acr) { return R"({"id_token":{"acr":)" + std::string(acr) + R"(,"auth_time":null}})"; };
    struct row
    {
        char const* one;
        char const* other;
        char const* expected;   // none: no value suits both
    };
    char const* const gold = R"({"essential":true,"values":["gold"]})";
    for (auto const& [one, other, expected] : {
             row{gold, "null", gold},
             row{gold, R"({"essential":false})", gold},
             row{gold, R"({"values":["silver"]})", gold},
             row{gold, R"({"value":"silver"})", gold},
             row{gold, R"({"essential":true})", gold},
             row{gold, R"({"essential":true,"value":"gold"})", gold},
             row{R"({"essential":true,"value":"gold"})", R"({"essential":false,"values":["silver"]})", R"({"essential":true,"value":"gold"})"},
             row{R"({"essential":true})", R"({"values":["silver"]})", R"({"essential":true})"},
             row{R"({"essential":true,"values":["a","b","c","a"]})", R"({"essential":true,"values":["d","b","a"]})", R"({"essential":true,"values":["a","b","a"]})"},
             row{gold, R"({"essential":true,"values":["silver"]})", nullptr},
             row{gold, R"({"essential":true,"value":"silver"})", nullptr},
         })
        for (bool const turned : {false, true})
            BOOST_TEST_CONTEXT(one << " and " << other << (turned ? " turned" : ""))
            {
                auto const kept = of(turned ? other : one), more = of(turned ? one : other);
                auto const merged = merge_claims_requests(kept, more);
                if (!expected)
                {
                    BOOST_TEST_REQUIRE(merged.has_error());
                    BOOST_TEST((merged.error().code == errc::malformed_claims));
                    BOOST_TEST(describe(merged.error()).find("silver") == std::string::npos);
                    continue;
                }
                BOOST_TEST_REQUIRE(merged.has_value());
                auto const values = demanded_acr(*merged).value().value();
                if (!turned) BOOST_TEST(*merged == of(expected));
                BOOST_TEST((as_set(values) == as_set(demanded_acr(of(expected)).value().value())));
                // Again it changes nothing.
                BOOST_TEST(merge_claims_requests(*merged, more).value() == *merged);
                BOOST_TEST(merge_claims_requests(kept, *merged).value() == *merged);
            }
    // What is asked beside it stays, in its order.
    BOOST_TEST(merge_claims_requests(of(gold), R"({"id_token":{"acr":{"essential":false},"x":null,"y":null},"z":1})").value()
               == R"({"id_token":{"acr":{"essential":true,"values":["gold"]},"auth_time":null,"x":null,"y":null},"z":1})");
    // Two wishes are merged as all else is.
    BOOST_TEST(merge_claims_requests(R"({"id_token":{"acr":{"values":["a"]}}})", R"({"id_token":{"acr":{"values":["b"]}}})").value() == R"({"id_token":{"acr":{"values":["a","b"]}}})");
}

BOOST_AUTO_TEST_SUITE_END()
