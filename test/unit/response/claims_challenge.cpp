#include <oauth/response/claims_challenge.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/fixture.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace oauth;

std::string encoded(std::string_view text) { return base64url_encode(text); }

http_response refused(std::string challenge, int status = 401) { return {status, {{"WWW-Authenticate", std::move(challenge)}}, {}}; }

} // namespace

BOOST_AUTO_TEST_SUITE(response_claims_challenge)

BOOST_AUTO_TEST_CASE(what_microsoft_sends)
{
    int challenges = 0;
    auto const fixtures = test_support::json_fixture("microsoft/www_authenticate_headers.json");
    for (auto const& fixture : fixtures.as_array())
    {
        auto const name = test_support::text_at(fixture, "case");
        auto const got = claims_challenge(refused(test_support::text_at(fixture, "value")));
        BOOST_TEST_REQUIRE(got.has_value() == !fixture.at("claims_decoded").is_null(), name);
        if (!got) continue;
        ++challenges;
        BOOST_TEST(*got == test_support::text_at(fixture, "claims_decoded"), name);
    }
    BOOST_TEST(challenges == 3);
}

BOOST_AUTO_TEST_CASE(either_alphabet_padded_or_not_or_plain)
{
    // {"a":"??>>~"} has all the digits that differ, {"a":1} and the next have one and two '=' of padding.
    std::string const claims = R"({"a":"??>>~"})";
    for (auto const* text : {"eyJhIjoiPz8+Pn4ifQ==", "eyJhIjoiPz8-Pn4ifQ==", "eyJhIjoiPz8+Pn4ifQ", "eyJhIjoiPz8-Pn4ifQ", R"({"a":"??>>~"})"})
        BOOST_TEST((decode_claims_challenge(text).value() == claims), text);
    BOOST_TEST(decode_claims_challenge(" \t{\"a\":1}\n").value() == " \t{\"a\":1}\n");
    BOOST_TEST(decode_claims_challenge("e30=").value() == "{}");
    BOOST_TEST(decode_claims_challenge("e30").value() == "{}");
    BOOST_TEST(decode_claims_challenge("e30==").value() == "{}");
    std::string slashes;
    for (char c : encoded(R"({"a":"??????>>>>>"})")) slashes += c == '_' ? '/' : c;
    BOOST_TEST((slashes.find('/') != slashes.npos));
    BOOST_TEST(decode_claims_challenge(slashes).value() == R"({"a":"??????>>>>>"})");
}

BOOST_AUTO_TEST_CASE(what_is_no_claims_request)
{
    std::string deep = "{\"a\":", end = "}";
    for (int i = 0; i < 1000; ++i) deep += "[", end = "]" + end;
    std::string const canary = "canary-7b1f";
    std::vector<std::string> const rows{
        "", " ", "=", "====", "!", "e", "e30 =", "e3 0=", "e30=e30=", encoded("null"), encoded("[]"), encoded("\"text\""), encoded("1"), encoded(""), encoded("{"),
        encoded("{}x"), encoded("{\"a\":\"" + canary), encoded("{\"a\":\"\xff\"}"), encoded(deep + end), "{", "{\"a\":1", "{\"" + canary + "\"}", deep + end, "%7B%7D", "ey!", canary,
        "ey JhIjoxfQ", "eyJhIjoxfR" /* bits left over */, "[]", "x{}",
    };
    for (auto const& text : rows)
    {
        auto const got = decode_claims_challenge(text);
        BOOST_TEST_REQUIRE(got.has_error(), text.substr(0, 60));
        BOOST_TEST((got.error().code == errc::malformed_claims), text.substr(0, 60));
        BOOST_TEST(describe(got.error()).find("canary") == std::string::npos);
        BOOST_TEST(!claims_challenge(refused("Bearer error=\"insufficient_claims\", claims=\"" + text + "\"")).has_value(), text.substr(0, 60));
    }
}

BOOST_AUTO_TEST_CASE(at_most_16_kib)
{
    auto const of = [](std::size_t size) { return "{\"a\":\"" + std::string(size - 8, 'x') + "\"}"; };
    for (auto const size : {claims_request_limit - 2, claims_request_limit - 1, claims_request_limit})
    {
        BOOST_TEST(decode_claims_challenge(of(size)).value().size() == size);
        BOOST_TEST(decode_claims_challenge(encoded(of(size)) + "==").value().size() == size);
    }
    for (auto const size : {claims_request_limit + 1, claims_request_limit + 100, claims_request_limit * 8})
    {
        BOOST_TEST(decode_claims_challenge(of(size)).has_error());
        BOOST_TEST(decode_claims_challenge(encoded(of(size))).has_error());
    }
}

BOOST_AUTO_TEST_CASE(which_challenge_of_an_answer)
{
    struct row
    {
        char const* what;
        http_response answer;
        char const* expected;   // none: ""
    };
    for (auto const& [what, answer, expected] : {
             row{"401", refused("Bearer error=insufficient_claims, claims=e30"), "{}"},
             row{"403", refused("Bearer error=insufficient_claims, claims=e30", 403), "{}"},
             row{"200", refused("Bearer error=insufficient_claims, claims=e30", 200), ""},
             row{"400", refused("Bearer error=insufficient_claims, claims=e30", 400), ""},
             row{"another error", refused("Bearer error=invalid_token, claims=e30"), ""},
             row{"no error", refused("Bearer claims=e30"), ""},
             row{"no claims", refused("Bearer error=insufficient_claims"), ""},
             row{"empty claims", refused("Bearer error=insufficient_claims, claims=\"\""), ""},
             row{"error and claims of two challenges", refused("Bearer error=insufficient_claims, PoP claims=e30"), ""},
             row{"the second challenge", refused("PoP error=nonce_malformed, Bearer error=insufficient_claims, claims=e30"), "{}"},
             row{"the second has claims that can be decoded", refused(R"(Bearer error=insufficient_claims, claims="!", DPoP error=insufficient_claims, claims="eyJhIjoxfQ")"), R"({"a":1})"},
             row{"the second field", {401, {{"WWW-Authenticate", "Negotiate"}, {"www-authenticate", "Bearer error=insufficient_claims, claims=e30"}}, {}}, "{}"},
             row{"before the fault", refused("Bearer error=insufficient_claims, claims=e30, realm=\"x"), "{}"},
             row{"none", {401, {}, {}}, ""},
         })
        BOOST_TEST(claims_challenge(answer).value_or("") == expected, what);
}

BOOST_AUTO_TEST_SUITE_END()
