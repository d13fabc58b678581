#include <oauth/flow/detail/mask_echo.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/core/form.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace oauth;

std::string masked(int status, std::string body, std::string_view sent, std::string_view more = {})
{
    http_response response{status, {}, secret(std::move(body))};
    detail::mask_echo(response, sent, {more});
    return std::string(response.body.reveal());
}

std::string stars(std::size_t count) { return std::string(count, '*'); }

} // namespace

BOOST_AUTO_TEST_SUITE(flow_detail_mask_echo)

BOOST_AUTO_TEST_CASE(what_a_refusal_repeats_is_masked)
{
    std::string const sent = "grant_type=authorization_code&code=the-code&code_verifier=the-verifier&redirect_uri=http%3A%2F%2Flocalhost%2F&client_id=the-client"
                             "&client_secret=p%2Bw%26%C3%A4&refresh_token=the-refresh&scope=Mail.Read&my_own=something";
    struct
    {
        std::string body, expected;
    } const rows[] = {
        {R"({"error":"invalid_grant","error_description":"the-code is bad"})", R"({"error":"invalid_grant","error_description":")" + stars(8) + R"( is bad"})"},
        {R"({"error":"the-verifier"})", R"({"error":")" + stars(12) + "\"}"},
        {"the-refresh, the-refreshthe-refresh", stars(11) + ", " + stars(22)},
        {"secret p+w&\xc3\xa4!", "secret " + stars(6) + "!"},
        {"of my own grant: something", "of my own grant: " + stars(9)},
        {"the-client Mail.Read http://localhost/ authorization_code", "the-client Mail.Read http://localhost/ authorization_code"},
        {"the-cod", "the-cod"},
        {"", ""},
    };
    for (auto const& given : rows) BOOST_TEST(masked(400, given.body, sent) == given.expected);
    BOOST_TEST(masked(401, "Basic cDp3 of p:w", "grant_type=x", "cDp3") == "Basic **** of p:w");
    BOOST_TEST(masked(400, "abc", "code=abc") == "abc");   // too short to be a secret, and it would mask half the text
}

BOOST_AUTO_TEST_CASE(in_every_spelling)
{
    form sent;
    sent.add("code", R"(a/b"c\d+e f)");
    std::vector<std::string> const spellings{
        R"(a/b"c\d+e f)",                                               // plain text
        R"(a/b\"c\\d+e f)", R"(a\/b\"c\\d+e f)",                        // JSON
        R"(\u0061\u002fb\u0022c\u005cd\u002Be\u0020f)",                 // JSON, all of it
        "a%2Fb%22c%5Cd%2Be%20f", "a%2fb%22c%5cd%2be%20f",               // as it was sent
        R"(a\/b%22c\\d\u002be f)",                                      // anyhow
    };
    for (auto const& spelling : spellings)
        BOOST_TEST_CONTEXT(spelling)
        {
            BOOST_TEST(masked(400, '<' + spelling + '>', sent.str()) == '<' + stars(spelling.size()) + '>');
            BOOST_TEST(masked(400, spelling.substr(0, spelling.size() - 1), sent.str()) == spelling.substr(0, spelling.size() - 1));
        }
}

BOOST_AUTO_TEST_CASE(an_escape_is_never_cut_in_two)
{
    BOOST_TEST(masked(400, R"({"error":"\nabc"})", "code=nabc") == R"({"error":"\nabc"})");
    BOOST_TEST(masked(400, R"({"error":"\\nabc"})", "code=nabc") == R"({"error":"\\****"})");
    BOOST_TEST(masked(400, R"(\u0041\u00)", "code=u0041") == R"(\u0041\u00)");
    BOOST_TEST(masked(400, "abc\\", "code=abc%5C") == "****");
    BOOST_TEST(masked(400, "100%", "code=100%25") == "****");
    BOOST_TEST(masked(400, "%4", "code=abcd") == "%4");
    BOOST_TEST(masked(400, "a%41bc", "code=a%2541bc") == "******");   // a percent sign that stands for itself
}

BOOST_AUTO_TEST_CASE(what_is_repeated_in_part)   // a gateway that shows the beginning of a request
{
    std::string const sent = "code=abcdefghijklmnop&grant_type=x";
    BOOST_TEST(masked(400, "code=abcdefghijkl...", sent) == "code=" + stars(12) + "...");
    BOOST_TEST(masked(400, "code=abcdefghijklm", sent) == "code=" + stars(13));
    BOOST_TEST(masked(400, "code=abcdefghijk...", sent) == "code=abcdefghijk...");   // what is shorter may be anything
    BOOST_TEST(masked(400, R"(\u0061bcdefghijkl\u0020)", sent) == stars(17) + R"(\u0020)");
    // URLs begin alike: they would mask half the text.
    BOOST_TEST(masked(400, "https://login.example/error", "own=https%3A%2F%2Flogin.example%2Fticket") == "https://login.example/error");
    BOOST_TEST(masked(400, "https://login.example/ticket", "own=https%3A%2F%2Flogin.example%2Fticket") == stars(28));
}

// Each of them stands in answers that are none of its echo.
BOOST_AUTO_TEST_CASE(the_words_of_the_protocol_are_not_masked)
{
    std::string const sent = "response_type=code&response_mode=form_post&code_challenge_method=S256&prompt=login&token_type_hint=refresh_token&state=the-state&code_challenge=the-challenge"
                             "&token=the-token&resource=https%3A%2F%2Fapi.example";
    BOOST_TEST(masked(400, R"({"error":"login_required","error_description":"code form_post S256 refresh_token https://api.example"})", sent)
               == R"({"error":"login_required","error_description":"code form_post S256 refresh_token https://api.example"})");
    BOOST_TEST(masked(400, "the-state the-challenge the-token", sent) == stars(9) + ' ' + stars(13) + ' ' + stars(9));
}

BOOST_AUTO_TEST_CASE(a_success_is_one_of_any_kind)
{
    for (int const status : {200, 201, 204})
    {
        BOOST_TEST(masked(status, R"({"request_uri":"urn:the-state"})", "state=the-state") == R"({"request_uri":"urn:the-state"})", status);
        BOOST_TEST(masked(status, R"({"error":"the-state"})", "state=the-state") == R"({"error":"*********"})", status);
    }
    BOOST_TEST(masked(300, R"({"request_uri":"urn:the-state"})", "state=the-state") == R"({"request_uri":"urn:*********"})");
}

BOOST_AUTO_TEST_CASE(characters_beyond_ascii_in_every_spelling)
{
    form sent;
    sent.add("client_secret", "s3cr\xc3\xa9t-\xe2\x82\xac-\xf0\x9f\x98\x80.");   // é, the euro, a face
    std::vector<std::string> const spellings{
        "s3cr\xc3\xa9t-\xe2\x82\xac-\xf0\x9f\x98\x80.",
        R"(s3cr\u00e9t-\u20ac-\ud83d\ude00.)", R"(s3cr\u00E9t-\u20AC-\uD83D\uDE00.)",
        R"(\u0073\u0033\u0063\u0072\u00e9\u0074\u002d\u20ac\u002d\ud83d\ude00\u002e)",
        "s3cr%c3%A9t-%e2%82%ac-%F0%9F%98%80.", "s3cr&#233;t-&#x20AC;-&#128512;.", "s3cr\xc3\xa9t-&#8364;-%F0%9F%98%80.",
    };
    for (auto const& spelling : spellings) BOOST_TEST(masked(400, '<' + spelling + '>', sent.str()) == '<' + stars(spelling.size()) + '>', spelling);
    BOOST_TEST(masked(400, R"(s3cr\u00e8t-\u20ac-\ud83d\ude00.)", sent.str()) == R"(s3cr\u00e8t-\u20ac-\ud83d\ude00.)");
    // Half a pair is no character: what comes before it is the beginning of the secret, the rest is not.
    for (std::string const rest : {R"(\ud83d.)", R"(\ude00\ud83d.)", R"(\ud83d\u)", R"(\ud83d\ude0)", R"(\u00)"})
        BOOST_TEST(masked(400, R"(s3cr\u00e9t-\u20ac-)" + rest, sent.str()) == stars(19) + rest);
    // The tail of the last escape goes along, so that the text stays JSON.
    BOOST_TEST(masked(400, R"("caf\u00e9")", "code=caf%C3") == "\"" + stars(9) + "\"");
}

BOOST_AUTO_TEST_CASE(escaped_for_html)
{
    form sent;
    sent.add("code", R"(a<b>&"c'd)");
    for (std::string const spelling : {"a&lt;b&gt;&amp;&quot;c&#39;d", "a&lt;b&gt;&amp;&quot;c&#x27;d", "a&lt;b>&amp;\"c&apos;d", R"(a&lt;b&gt;&amp;&quot;c\u0026#39;d)", "%61&lt;b%3e&amp;%22c'd"})
        BOOST_TEST(masked(400, '(' + spelling + ')', sent.str()) == '(' + stars(spelling.size()) + ')', spelling);
    for (std::string const other : {"a&lt;b&gt;&amp;&quot;c&#40;d", "a&lt;b&gt;&amp;&quot;c&#39d", "a&lt;b&gt;&amp;&quot;c&#;d", "a&lt;b&gt;&amp;&quot;c&#x110000;d", "a&"})
        BOOST_TEST(masked(400, other, sent.str()) == other);
}

BOOST_AUTO_TEST_CASE(what_overlaps_is_masked_whole)
{
    BOOST_TEST(masked(400, "aaaaa|aaa|aaaa", "code=aaaa") == "*****|aaa|****");
    BOOST_TEST(masked(400, "xababab", "code=abab") == "x******");
    BOOST_TEST(masked(400, "onetwothree", "code=onetwo&refresh_token=twothree") == stars(11));
    BOOST_TEST(masked(400, "the-code", "code=the-code&refresh_token=code") == stars(8));
}

// The server chooses its answer, and most of what we send it: so it may choose texts that are nearly each other.
BOOST_AUTO_TEST_CASE(no_texts_take_long)
{
    std::string const many(200'000, 'a');
    std::string escaped;
    for (int i = 0; i < 30'000; ++i) escaped += R"(\u0061)";
    auto const began = std::chrono::steady_clock::now();
    BOOST_TEST((masked(400, many, "code=" + std::string(60'000, 'a') + "b&refresh_token=b" + std::string(60'000, 'a')) == stars(many.size())));
    BOOST_TEST((masked(400, many, "code=" + std::string(100'000, 'a')) == stars(many.size())));
    BOOST_TEST((masked(400, escaped, "code=" + std::string(15'000, 'a') + "b") == stars(escaped.size())));
    BOOST_TEST((masked(400, escaped, "code=" + std::string(15'000, 'a')) == stars(escaped.size())));
    BOOST_TEST((masked(400, std::string(200'000, '\\'), "code=" + std::string(60'000, 'a')).size() == 200'000U));
    BOOST_TEST((std::chrono::steady_clock::now() - began < std::chrono::seconds{20}));
}

BOOST_AUTO_TEST_CASE(a_success_is_left_alone)
{
    // The refresh token that was sent may well be given again, and must come through.
    for (std::string const body : {R"({"access_token":"a","token_type":"Bearer","refresh_token":"the-refresh"})",
                                   R"({"access_token":"a","token_type":"Bearer","refresh_token":"the-refresh","x":"\u0041"})",
                                   R"({"access_token":"a","token_type":"Bearer","refresh_token":"the-refresh","error_note":"x"})",
                                   R"({"access_token":"a","token_type":"Bearer","refresh_token":"the-refresh","error":null})", R"(not JSON, the-refresh "error" \u0041)"})
        BOOST_TEST(masked(200, body, "refresh_token=the-refresh") == body);
}

BOOST_AUTO_TEST_CASE(an_error_with_status_200_is_masked)
{
    BOOST_TEST(masked(200, R"({"error":"the-refresh"})", "refresh_token=the-refresh") == R"({"error":"***********"})");
    BOOST_TEST(masked(200, R"({"\u0065rror":"the-refresh"})", "refresh_token=the-refresh") == R"({"\u0065rror":"***********"})");
}

// GitHub's older servers answer every request with 200 and a form.
BOOST_AUTO_TEST_CASE(a_form_with_status_200_is_masked_where_it_is_an_error)
{
    for (std::string const type : {"application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-8"})
        for (auto const& [body, expected] : std::vector<std::pair<std::string, std::string>>{
                 {"error=bad_verification_code&error_description=no+the-refresh+here", "error=bad_verification_code&error_description=no+***********+here"},
                 {"%65rror=the%2drefresh", "%65rror=*************"},
                 {"access_token=a&token_type=bearer&refresh_token=the-refresh", "access_token=a&token_type=bearer&refresh_token=the-refresh"},
                 {"error=&access_token=a&refresh_token=the-refresh", "error=&access_token=a&refresh_token=the-refresh"},
             })
        {
            http_response response{200, {{"Content-Type", type}}, secret(std::string_view(body))};
            detail::mask_echo(response, "refresh_token=the-refresh");
            BOOST_TEST(response.body.reveal() == expected);
        }
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_form_hides_nothing_but_the_rest)
{
    BOOST_TEST(masked(400, "the-secret", "code=%zz", "the-secret") == stars(10));
    BOOST_TEST(masked(400, "x", "code=%zz") == "x");
}

BOOST_AUTO_TEST_SUITE_END()
