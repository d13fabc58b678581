#include <oauth/response/device_authorization_response.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/fixture.hpp"
#include "../../support/printing.hpp"
#include "../../support/sessions.hpp"
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using oauth::test::answer;

auto decode(std::string body, int status = 200) { return decode_device_authorization_response(answer(status, std::move(body))); }

/// A good answer, with each of the members that `instead` names in place of its own; "" leaves one out.
std::string body_with(std::vector<std::pair<std::string, std::string>> const& instead = {})
{
    std::vector<std::pair<std::string, std::string>> members{
        {"device_code", R"("d")"}, {"user_code", R"("WDJB-MJHT")"}, {"verification_uri", R"("https://example.com/device")"}, {"expires_in", "1800"}};
    for (auto const& [name, json] : instead)
    {
        bool found = false;
        for (auto& member : members)
            if (member.first == name) found = true, member.second = json;
        if (!found) members.push_back({name, json});
    }
    std::string out;
    for (auto const& [name, json] : members)
        if (!json.empty()) out += (out.empty() ? "{\"" : ",\"") + name + "\":" + json;
    return out + "}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_device_authorization_response)

BOOST_AUTO_TEST_CASE(example_of_rfc_8628)   // 3.2
{
    auto const codes = decode(R"({
      "device_code": "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS",
      "user_code": "WDJB-MJHT",
      "verification_uri": "https://example.com/device",
      "verification_uri_complete": "https://example.com/device?user_code=WDJB-MJHT",
      "expires_in": 1800,
      "interval": 5
    })").value();
    BOOST_TEST(codes.device_code.reveal() == "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS");
    BOOST_TEST(codes.user_code == "WDJB-MJHT");
    BOOST_TEST(codes.verification_uri == "https://example.com/device");
    BOOST_TEST(codes.verification_uri_complete == "https://example.com/device?user_code=WDJB-MJHT");
    BOOST_TEST((codes.expires_in == seconds(1800)));
    BOOST_TEST((codes.interval == seconds(5)));
    BOOST_TEST(codes.message.empty());
    BOOST_TEST(describe(codes) == "To sign in, open https://example.com/device in a browser, on this device or any other, and enter the code WDJB-MJHT");
}

BOOST_AUTO_TEST_CASE(answers_of_real_servers)
{
    auto const v2 = decode(test_support::fixture("microsoft/v2_devicecode_response.json")).value();
    BOOST_TEST(v2.device_code.reveal() == "INVENTED.device-code.0001");
    BOOST_TEST(v2.user_code == "INVENT3D1");
    BOOST_TEST(v2.verification_uri == "https://microsoft.com/devicelogin");
    BOOST_TEST(v2.verification_uri_complete.empty());
    BOOST_TEST((v2.expires_in == seconds(900) && v2.interval == seconds(5)));
    BOOST_TEST(v2.message.starts_with("To sign in, use a web browser to open the page https://microsoft.com/devicelogin"));

    // Entra v1 and AD FS: another name, and numbers as strings.
    auto const v1 = decode(R"({"user_code":"INVENT3D1","device_code":"d1","verification_url":"https://microsoft.com/devicelogin","expires_in":"900","interval":"7","message":"Öffnen Sie\r\n…"})").value();
    BOOST_TEST(v1.verification_uri == "https://microsoft.com/devicelogin");
    BOOST_TEST((v1.expires_in == seconds(900) && v1.interval == seconds(7)));
    BOOST_TEST(v1.message == "Öffnen Sie\r\n…");

    // Google.
    auto const google = decode(R"({"device_code":"4/4-GMMhmHCXhWEzkobqIHGG_EnNYYsAkukHspeYUk9E8","user_code":"GQVQ-JKEC","verification_url":"https:\/\/www.google.com\/device","expires_in":1800,"interval":5})").value();
    BOOST_TEST(google.verification_uri == "https://www.google.com/device");
    BOOST_TEST(google.device_code.reveal() == "4/4-GMMhmHCXhWEzkobqIHGG_EnNYYsAkukHspeYUk9E8");
}

BOOST_AUTO_TEST_CASE(the_interval)
{
    struct
    {
        char const* json;
        int expected;
    } const rows[] = {{"", 5}, {"null", 5}, {"0", 5}, {"-3", 5}, {"\"\"", 5}, {"\"soon\"", 5}, {"true", 5}, {"[5]", 5}, {"{}", 5}, {"1", 1}, {"10", 10}, {"\"10\"", 10}, {"10.9", 10},
                      {"\" 10 \"", 10}, {"99999999999999999999", 2'147'483'647}, {"\"99999999999999999999\"", 2'147'483'647}};
    for (auto const& [json, expected] : rows) BOOST_TEST(decode(body_with({{"interval", json}})).value().interval.count() == expected, "interval " << json);
}

BOOST_AUTO_TEST_CASE(how_long_the_codes_are_good)
{
    for (auto const& [json, expected] : std::vector<std::pair<std::string, int>>{{"0", 0}, {"-1", -1}, {"\"900\"", 900}, {"900.5", 900}, {"1e30", 2'147'483'647}})
        BOOST_TEST(decode(body_with({{"expires_in", json}})).value().expires_in.count() == expected, "expires_in " << json);
    for (std::string const json : {"", "null", "true", "\"soon\"", "[]"})
    {
        auto const refused = decode(body_with({{"expires_in", json}})).error();
        BOOST_TEST(refused.code == errc::response_missing_member);
        BOOST_TEST(refused.hint == "expires_in");
    }
}

BOOST_AUTO_TEST_CASE(what_must_be_there)
{
    for (std::string const name : {"device_code", "user_code", "verification_uri"})
        for (std::string const json : {"", "null", "\"\"", "5", "true", "[\"x\"]", "{}"})
            BOOST_TEST_CONTEXT(name << " = " << json)
            {
                auto const refused = decode(body_with({{name, json}})).error();
                BOOST_TEST(refused.code == errc::response_missing_member);
                BOOST_TEST((refused.next == advice::give_up));
                BOOST_TEST(refused.hint == name);
                BOOST_TEST(refused.http_status == 200);
            }
    // verification_url only stands in.
    BOOST_TEST(decode(body_with({{"verification_url", R"("https://other.example/")"}})).value().verification_uri == "https://example.com/device");
}

// Whoever controls the server must not make the user open what they please, nor write to the terminal.
BOOST_AUTO_TEST_CASE(only_what_is_safe_to_show_and_to_open)
{
    struct
    {
        std::string uri;
        errc why;
    } const rows[] = {
        {R"("http://example.com/device")", errc::insecure_url},
        {R"("http://127.0.0.1.evil.example/")", errc::insecure_url},
        {R"("file:///etc/passwd")", errc::invalid_url},
        {R"x("javascript:alert(1)")x", errc::invalid_url},
        {R"("/device")", errc::invalid_url},
        {R"("https:///device")", errc::invalid_url},
        {R"("https://example.com/a b")", errc::invalid_url},
        {R"("https://example.com/\u001b[2J")", errc::invalid_url},
        {R"("https://example.com/\nRun this: rm")", errc::invalid_url},
        {R"("https://exämple.com/")", errc::invalid_url},
        {R"("https://example.com/'$(reboot)\"")", errc::invalid_url},
        {R"("-oProxyCommand=x")", errc::invalid_url},
        {R"("https://bank.example@evil.example/")", errc::url_has_userinfo},
        {"\"https://example.com/" + std::string(2100, 'a') + '"', errc::invalid_url},
    };
    for (auto const& [uri, why] : rows)
        BOOST_TEST_CONTEXT(uri.substr(0, 60))
        {
            auto const refused = decode(body_with({{"verification_uri", uri}}));
            BOOST_TEST_REQUIRE(refused.has_error());
            // Boost.URL 1.81 reads the second row as a loopback address with a path, which endpoint refuses too.
            BOOST_TEST((refused.error().code == why || refused.error().code == errc::invalid_url));
            BOOST_TEST(refused.error().hint == "verification_uri");
            BOOST_TEST(decode(body_with({{"verification_uri_complete", uri}})).value().verification_uri_complete.empty());
        }
    for (std::string const good : {"https://example.com", "https://example.com/#/device", "http://localhost:8080/device", "http://[::1]/d?x=y#z", "https://example.com:8443/a%20b"})
    {
        BOOST_TEST(decode(body_with({{"verification_uri", '"' + good + '"'}})).value().verification_uri == good);
        BOOST_TEST(decode(body_with({{"verification_uri_complete", '"' + good + '"'}})).value().verification_uri_complete == good);
    }
    for (std::string const code : {R"("AB\u001b]0;x\u0007")", R"("AB\nCD")", R"("АБВГ")", R"("\u007f")"})
        BOOST_TEST(decode(body_with({{"user_code", code}})).error().code == errc::response_wrong_type);
    BOOST_TEST(decode(body_with({{"user_code", '"' + std::string(257, 'A') + '"'}})).error().code == errc::response_wrong_type);
    BOOST_TEST(decode(body_with({{"user_code", '"' + std::string(256, 'A') + '"'}})).has_value());
    BOOST_TEST(decode(body_with({{"user_code", R"("a\"b\\c ~")"}})).value().user_code == "a\"b\\c ~");
}

BOOST_AUTO_TEST_CASE(errors_as_the_token_endpoint_s)
{
    struct
    {
        http_response said;
        error_code why;
        advice next;
    } const rows[] = {
        {answer(400, R"({"error":"invalid_client"})"), server_errc::invalid_client, advice::fix_configuration},
        {answer(200, R"({"error":"unauthorized_client"})"), server_errc::unauthorized_client, advice::fix_configuration},
        {answer(400, test_support::fixture("microsoft/err_invalid_scope_70011.json")), server_errc::invalid_scope, advice::fix_configuration},
        {answer(307, "", {{"Location", "https://evil.example"}}), errc::redirect_refused, advice::fix_configuration},
        {answer(404, ""), errc::unexpected_status, advice::fix_configuration},
        {answer(503, "busy", {}), errc::unexpected_status, advice::retry},
        {answer(503, "busy", {{"Retry-After", "7"}}), errc::unexpected_status, advice::retry_after},
        {answer(200, "<html>", {{"Content-Type", "text/html"}}), errc::unexpected_content_type, advice::retry},
        {answer(200, ""), errc::response_not_json, advice::retry},
        {answer(200, R"({"device_code":"d)"), errc::response_not_json, advice::retry},
        {answer(200, "[]"), errc::response_not_an_object, advice::retry},
        {answer(200, "{\"device_code\":\"\xff\"}"), errc::response_not_utf8, advice::retry},
        {answer(200, R"({"device_code":"d","device_code":"e"})"), errc::response_duplicate_member, advice::retry},
        {answer(200, R"({"a":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]})"), errc::response_too_deep, advice::retry},
    };
    for (auto const& [said, why, next] : rows)
    {
        auto const refused = decode_device_authorization_response(said);
        BOOST_TEST_REQUIRE(refused.has_error());
        BOOST_TEST(refused.error().code == why);
        BOOST_TEST((refused.error().next == next), why.message());
        BOOST_TEST(refused.error().http_status == said.status);
    }
    BOOST_TEST(decode(R"({"error":"x"})", 404).error().hint.empty());
    BOOST_TEST(decode("", 404).error().hint == "check the device authorization endpoint's URL");
    BOOST_TEST(decode_device_authorization_response(answer(302, "")).error().hint == "check the device authorization endpoint's URL");
}

BOOST_AUTO_TEST_CASE(never_reads_past_the_limit)
{
    auto const body = body_with();
    BOOST_TEST(decode_device_authorization_response(answer(200, body), body.size()).has_value());
    BOOST_TEST(decode_device_authorization_response(answer(200, body), body.size() - 1).error().code == errc::response_too_large);
    std::string many = body_with();
    many.pop_back();
    for (int i = 0; i < 100; ++i) many += ",\"m" + std::to_string(i) + "\":0";
    BOOST_TEST(decode(many + "}").error().code == errc::response_too_large);
}

BOOST_AUTO_TEST_CASE(no_failure_holds_a_code)
{
    for (std::string const uri : {"\"http://example.com/the-canary\"", "7", "\"\""})
    {
        auto const refused = decode(body_with({{"device_code", R"("the-canary")"}, {"user_code", R"("the-canary")"}, {"verification_uri", uri}})).error();
        BOOST_TEST(describe(refused).find("canary") == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
