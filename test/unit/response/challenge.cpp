#include <oauth/response/challenge.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/fixture.hpp"
#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace oauth;
using namespace std::string_literals;

/// Challenges as one text: "Bearer{error=invalid_token|realm=x} Negotiate<YIIB==>".
std::string shown(std::vector<challenge> const& challenges)
{
    std::string out;
    for (auto const& one : challenges)
    {
        if (!out.empty()) out += ' ';
        out += one.scheme;
        if (!one.token68.empty()) out += '<' + one.token68 + '>';
        std::string inner;
        for (auto const& [name, value] : one.parameters) inner += (inner.empty() ? "" : "|") + name + '=' + value;
        if (!inner.empty()) out += '{' + inner + '}';
    }
    return out;
}

std::vector<challenge> parsed(std::string field) { return parse_challenges({{"WWW-Authenticate", std::move(field)}}); }

struct row
{
    std::string field;
    std::string expected;
};

void check(std::vector<row> const& rows)
{
    for (auto const& [field, expected] : rows)
    {
        auto const got = shown(parsed(field));
        BOOST_TEST(got == expected, field.substr(0, 100) << ": got " << got << ", not " << expected);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_challenge)

BOOST_AUTO_TEST_CASE(examples_of_the_rfcs)
{
    check({
        // RFC 9110 11.6.1
        {R"(Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"")", R"(Basic{realm=simple} Newauth{realm=apps|type=1|title=Login to "apps"})"},
        {R"(Newauth realm="apps", type=1, title="Login to \"apps\"", Basic realm="simple")", R"(Newauth{realm=apps|type=1|title=Login to "apps"} Basic{realm=simple})"},
        // RFC 6750 3
        {R"(Bearer realm="example")", "Bearer{realm=example}"},
        {R"(Bearer realm="example", error="invalid_token", error_description="The access token expired")",
         "Bearer{realm=example|error=invalid_token|error_description=The access token expired}"},
        // RFC 9449 7.1, 7.2 and 9
        {R"(DPoP error="invalid_token", error_description="Invalid DPoP key binding", algs="ES256")", "DPoP{error=invalid_token|error_description=Invalid DPoP key binding|algs=ES256}"},
        {R"(Bearer, DPoP algs="ES256 PS256")", "Bearer DPoP{algs=ES256 PS256}"},
        {R"(DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof")",
         "DPoP{error=use_dpop_nonce|error_description=Resource server requires nonce in DPoP proof}"},
        // RFC 9470 3
        {R"(Bearer error="insufficient_user_authentication", error_description="A different authentication level is required", acr_values="myACR")",
         "Bearer{error=insufficient_user_authentication|error_description=A different authentication level is required|acr_values=myACR}"},
        // RFC 4559 4.2, RFC 7235 errata 4.1
        {"Negotiate", "Negotiate"},
        {"Negotiate a87421000492aa874209af8bc028==", "Negotiate<a87421000492aa874209af8bc028==>"},
        {R"(Newauth realm="apps", type=1, title="x", Basic realm="simple", Negotiate oYG2/+-._~=)", "Newauth{realm=apps|type=1|title=x} Basic{realm=simple} Negotiate<oYG2/+-._~=>"},
    });
}

BOOST_AUTO_TEST_CASE(what_microsoft_sends)
{
    auto const fixtures = test_support::json_fixture("microsoft/www_authenticate_headers.json");
    std::vector<std::string> schemes;
    for (auto const& fixture : fixtures.as_array())
    {
        auto const name = test_support::text_at(fixture, "case");
        auto const got = parsed(test_support::text_at(fixture, "value"));
        BOOST_TEST_REQUIRE(got.size() == 1U, name);
        schemes.push_back(got[0].scheme);
        BOOST_TEST(got[0].find("claims").has_value() == !fixture.at("claims_decoded").is_null(), name);
        if (name == "graph CAE")
        {
            BOOST_TEST((got[0].find("realm") == ""));
            BOOST_TEST((got[0].find("authorization_uri") == "https://login.microsoftonline.com/common/oauth2/authorize"));
            BOOST_TEST((got[0].find("client_id") == "00000003-0000-0000-c000-000000000000"));
            BOOST_TEST((got[0].find("error") == "insufficient_claims"));
            BOOST_TEST(got[0].find("claims")->ends_with("fX0="));
        }
        if (name == "v1 missing token, trailing comma") BOOST_TEST((got[0].find("error_description") == "The access token is missing."));
        if (name == "PoP nonce") BOOST_TEST(shown(got) == "PoP{nonce=INVENTED.nonce|error=nonce_malformed}");
    }
    BOOST_TEST((schemes == std::vector<std::string>{"Bearer", "Bearer", "Bearer", "Bearer", "Bearer", "PoP"}));
    // Azure Storage: no quotes, no commas.
    check({{"Bearer authorization_uri=https://login.microsoftonline.com/t/oauth2/authorize resource_id=https://storage.azure.com",
            "Bearer{authorization_uri=https://login.microsoftonline.com/t/oauth2/authorize|resource_id=https://storage.azure.com}"},
           {"Bearer claims=eyJhIjoxfQ==, error=insufficient_claims", "Bearer{claims=eyJhIjoxfQ==|error=insufficient_claims}"}});
}

BOOST_AUTO_TEST_CASE(more_than_the_grammar_wants)
{
    check({
        {"", ""},
        {" \t , ,, ", ""},
        {", ,Bearer ,,, error=\"x\",,", "Bearer{error=x}"},
        {"Bearer   realm=\"a\"  ,   error=\"b\"", "Bearer{realm=a|error=b}"},
        {"Bearer\terror\t=\t\"x\"", "Bearer{error=x}"},
        {"Bearer error = x , realm= y", "Bearer{error=x|realm=y}"},
        {R"(Bearer realm="a" error="b")", "Bearer{realm=a|error=b}"},
        {R"(Bearer realm="a"error="b")", "Bearer{realm=a|error=b}"},
        {R"(Bearer realm="a, error=no, Basic x=\"1\"", error="yes")", R"(Bearer{realm=a, error=no, Basic x="1"|error=yes})"},
        {R"(Bearer realm="a=b==", error="c")", "Bearer{realm=a=b==|error=c}"},
        {R"(Bearer realm="a\\b\c\"")", R"(Bearer{realm=a\bc"})"},
        {"Bearer realm=\"caf\xc3\xa9\t\xff\"", "Bearer{realm=caf\xc3\xa9\t\xff}"},
        {R"(Bearer realm="", error="")", "Bearer{realm=|error=}"},
        {"!#$%&'*+-.^_`|~09azAZ x=1", "!#$%&'*+-.^_`|~09azAZ{x=1}"},
        {"Bearer error*=\"x\"", "Bearer{error*=x}"},
        {"Basic, Bearer, Negotiate", "Basic Bearer Negotiate"},
        {"Negotiate YII=, Bearer error=x", "Negotiate<YII=> Bearer{error=x}"},
        // Looks like a parameter without a value, but is token68.
        {"Bearer error=", "Bearer<error=>"},
        {"Bearer error", "Bearer<error>"},
        {"Bearer error, realm=x", "Bearer<error>{realm=x}"},
    });
}

BOOST_AUTO_TEST_CASE(what_is_sound_before_a_fault_counts)
{
    check({
        {"=", ""},
        {"\"", ""},
        {"error=\"x\"", ""},   // of which scheme?
        {"error = x, Bearer", ""},
        {"Bearer\"x\", Basic", ""},
        {"Bearer/x", ""},
        {"Bearer:x", ""},
        {"Bearer \"error=no\", error=\"yes\"", "Bearer"},
        {"Bearer realm=\"a\", \"b\", error=c", "Bearer{realm=a}"},
        {"Bearer realm=\"a\", error=\"b", "Bearer{realm=a}"},
        {"Bearer realm=\"a\", error=\"b\\", "Bearer{realm=a}"},
        {"Bearer realm=\"a\", error=\"b\\\"", "Bearer{realm=a}"},
        {"Bearer realm=\"a\", error=\"", "Bearer{realm=a}"},
        {"Bearer realm=\"a\", error=", "Bearer{realm=a}"},
        {"Bearer realm=\"a\", error=,x=y", "Bearer{realm=a}"},
        {"Bearer realm=\"a\", error=b\"c\"", "Bearer{realm=a}"},
        {"Bearer realm=\"a\", =b", "Bearer{realm=a}"},
        {"Bearer realm=\"a\" Basic realm=\"b\"", "Bearer{realm=a}"},
        {"Bearer realm=\"a\", Basic\"b\"", "Bearer{realm=a}"},
        {"Bearer realm=\"a\", (comment), error=b", "Bearer{realm=a}"},
        {"Bearer realm=\"a\", error=\"b\0c\", x=y"s, "Bearer{realm=a}"},
        {"Bearer realm=\"a\", error=\"b\r\n c\"", "Bearer{realm=a}"},
        {"Bearer realm=\"a\", error=\"b\\\x01\"", "Bearer{realm=a}"},
        {"Bearer realm=\"a\", error=b\x7f", "Bearer{realm=a}"},
        {"Bearer realm=\"a\", error=caf\xc3\xa9", "Bearer{realm=a}"},
        {"Bearer \0error=x"s, "Bearer"},
        {"\xff", ""},
    });
}

BOOST_AUTO_TEST_CASE(names_and_schemes_without_case)
{
    auto const got = parsed(R"(bEARER Error="a", ERROR="b", ReAlm="")");
    BOOST_TEST_REQUIRE(got.size() == 1U);
    BOOST_TEST(got[0].is("Bearer"));
    BOOST_TEST(!got[0].is("Bearer2"));
    BOOST_TEST((got[0].find("error") == "a"));   // the first
    BOOST_TEST((got[0].find("REALM") == ""));
    BOOST_TEST(!got[0].find("claims").has_value());
    BOOST_TEST(got[0].parameters.size() == 3U);
    BOOST_TEST(find_challenge(got, "BEARER") == &got[0]);
    BOOST_TEST(find_challenge(got, "Basic") == nullptr);
    BOOST_TEST(find_challenge({}, "Basic") == nullptr);
}

BOOST_AUTO_TEST_CASE(several_fields)
{
    BOOST_TEST(parse_challenges({}).empty());
    BOOST_TEST(parse_challenges({{"Proxy-Authenticate", "Bearer error=no"}, {"Authorization", "Bearer x"}}).empty());
    http_fields const fields{{"WWW-Authenticate", "Negotiate, Bearer realm=\"broken"}, {"Server", "x"}, {"www-authenticate", R"(Bearer error="a", DPoP error="b")"}, {"Www-Authenticate", "Basic"}};
    BOOST_TEST(shown(parse_challenges(fields)) == "Negotiate Bearer Bearer{error=a} DPoP{error=b} Basic");
}

BOOST_AUTO_TEST_CASE(limits)
{
    auto const repeated = [](std::string const& text, std::size_t times) {
        std::string out;
        for (std::size_t i = 0; i < times; ++i) out += text;
        return out;
    };
    BOOST_TEST(parsed(repeated("Basic,", max_challenges + 10)).size() == max_challenges);
    BOOST_TEST(parse_challenges(http_fields(100, {"WWW-Authenticate", "Basic"})).size() == max_challenges);
    auto const many = parsed("Bearer " + repeated("a=b,", max_challenge_parameters + 10));
    BOOST_TEST(many.size() == 1U);
    BOOST_TEST(many[0].parameters.size() == max_challenge_parameters);

    // What goes beyond the limit of bytes is cut off before the parameter that does not fit.
    for (std::size_t const over : {0U, 1U, 2U, 3U, 100U})
    {
        std::string const begin = "Bearer error=x,realm=", end = ",last=yes";
        auto const got = parsed(begin + std::string(max_challenge_bytes - begin.size() - end.size() + over, 'a') + end);
        BOOST_TEST_REQUIRE(got.size() == 1U);
        BOOST_TEST((got[0].find("error") == "x"));
        BOOST_TEST(got[0].find("last").has_value() == (over == 0));
        BOOST_TEST(got[0].find("realm").has_value() == (over < end.size()));
    }
    auto const long_value = parsed("Bearer error=x,realm=\"" + std::string(max_challenge_bytes, 'a') + "\",last=yes");
    BOOST_TEST(shown(long_value) == "Bearer{error=x}");
    BOOST_TEST(parsed("Bearer" + std::string(max_challenge_bytes, 'a')).empty());
    // All fields together.
    std::string const half = "Basic realm=\"" + std::string(max_challenge_bytes / 2, 'a') + '"';
    BOOST_TEST(parse_challenges({{"WWW-Authenticate", half}, {"WWW-Authenticate", half}, {"WWW-Authenticate", "Bearer"}}).size() == 1U);   // the second is cut within its value
    BOOST_TEST(parse_challenges({{"WWW-Authenticate", std::string(max_challenge_bytes, ' ')}, {"WWW-Authenticate", "Bearer"}}).empty());
}

BOOST_AUTO_TEST_CASE(time_is_linear)
{
    // 64 KiB of whatever might be read again and again; a quadratic reader would take minutes for all of them.
    auto const begin = std::chrono::steady_clock::now();
    for (std::string const& piece : {","s, " "s, "\""s, "\\"s, "="s, "a"s, "a "s, "a,"s, "a=,"s, "a=b "s, "a=\"\","s, "a=\"\\\"\\\\"s, "Basic a=b,"s, "a b=,"s, "=="s, "\t,"s})
    {
        std::string text = "Bearer ";
        while (text.size() < max_challenge_bytes) text += piece;
        auto const got = parsed(text);
        BOOST_TEST(got.size() <= max_challenges);
        BOOST_TEST(parsed(piece + text).size() <= max_challenges);
    }
    BOOST_TEST((std::chrono::steady_clock::now() - begin < std::chrono::seconds{20}));
}

BOOST_AUTO_TEST_CASE(cut_anywhere_nothing_is_made_up)
{
    std::string const whole = R"(Negotiate YII/+=, Bearer realm="", authorization_uri="https://x/y?z=\"", error="insufficient_claims", claims="e30=")";
    for (std::size_t size = 0; size <= whole.size(); ++size)
        for (auto const& one : parsed(whole.substr(0, size)))
        {
            // But for what stands at the cut: nobody can tell a name from a scheme then, nor a part of either from the whole.
            for (auto const& [name, value] : one.parameters)
                BOOST_TEST((value == "" || value == "https://x/y?z=\"" || value == "insufficient_claims" || value == "e30="), whole.substr(0, size));
            bool const at_the_cut = whole.substr(0, size).ends_with(one.scheme) || whole.substr(0, size).ends_with(one.scheme + ' ');
            BOOST_TEST((one.scheme == "Negotiate" || one.scheme == "Bearer" || at_the_cut), whole.substr(0, size));
        }
}

BOOST_AUTO_TEST_CASE(any_bytes)
{
    std::mt19937 random(7);
    std::string const alphabet = "Bearer =\"\\,\t abc=/+~\x01\xff";
    for (int i = 0; i < 20'000; ++i)
    {
        std::string text(random() % 40, '\0');
        for (auto& c : text) c = alphabet[random() % alphabet.size()];
        for (auto const& one : parsed(text))
        {
            BOOST_TEST(!one.scheme.empty());
            std::size_t size = one.scheme.size() + one.token68.size();
            for (auto const& [name, value] : one.parameters)
            {
                BOOST_TEST(!name.empty());
                size += name.size() + value.size();
            }
            BOOST_TEST(size <= text.size());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
