#include <oauth/response/authorization_response.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/fixture.hpp"
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace std::string_literals;
using oauth::advice;
using oauth::errc;
using oauth::server_errc;

oauth::pending_authorization pending(std::string redirect_uri = "http://localhost:8400/")
{
    oauth::pending_authorization made;
    made.state = "abc";
    made.redirect_uri = std::move(redirect_uri);
    made.issuer = "https://login.microsoftonline.com/{tenantid}/v2.0";
    return made;
}

auto parse(std::string_view text) { return oauth::parse_authorization_response(text, pending()); }
auto parse(std::string_view text, oauth::pending_authorization const& begun) { return oauth::parse_authorization_response(text, begun); }

template <class Code>
void check_refused(oauth::result<oauth::authorization_response> const& came, Code expected, std::string_view what)
{
    BOOST_TEST_REQUIRE(came.has_error(), what);
    BOOST_TEST(came.error().code == oauth::error_code(expected), what << ": " << came.error().code.message());
    BOOST_TEST(came.error().http_status == 0, what);
}

void check_code(oauth::result<oauth::authorization_response> const& came, std::string_view code, bool state_checked, std::string_view what)
{
    BOOST_TEST_REQUIRE(came.has_value(), what << ": " << (came.has_error() ? came.error().code.message() : ""));
    BOOST_TEST(came->code.reveal() == code, what << ": " << came->code.reveal());
    BOOST_TEST(came->state_checked == state_checked, what);
}

} // namespace

BOOST_AUTO_TEST_SUITE(response_authorization_response)

// "takes the whole redirected URL, a bare query, a fragment, a form_post body, or a bare code"
BOOST_AUTO_TEST_CASE(every_form_of_the_same_answer)
{
    for (char const* text : {
             "http://localhost:8400/?code=C&state=abc",
             "http://localhost:8400?code=C&state=abc",
             "HTTP://LocalHost:8400/?code=C&state=abc",
             "http://localhost:8400/?state=abc&code=C",
             "http://localhost:8400/?code=C&state=abc#",
             "http://localhost:8400/?code=C&state=abc#anything",
             "http://localhost:8400/#code=C&state=abc",
             "http://localhost:8400#code=C&state=abc",
             "http://localhost:8400/?lang=de#code=C&state=abc",
             "http://localhost:8400/?#code=C&state=abc",
             "http://localhost:8400/?foo=bar&code=C&state=abc",
             "?code=C&state=abc",
             "code=C&state=abc",
             "state=abc&code=C",
             "code=C&state=abc#",
             "#code=C&state=abc",
             "foo=bar&code=C&state=abc",
             "?foo=bar&code=C&state=abc",
             "session_state=x&code=C&state=abc",
             "admin_consent=True&code=C&state=abc",
             "&code=C&&state=abc&",
             "code=%43&state=%61bc",
             "c%6fde=C&state=abc",
             "code=C&state=abc&redirected=http://localhost:8400/?x",
             "  \t\r\nhttp://localhost:8400/?code=C&state=abc \r\n",
             // as an address bar hands it out, whole or in part
             "localhost:8400/?code=C&state=abc",
             "localhost:8400?code=C&state=abc#",
             "LocalHost:8400/#code=C&state=abc",
             "//localhost:8400/?code=C&state=abc",
             "/?code=C&state=abc",
             "/#code=C&state=abc",
             "/?foo=bar&state=abc&code=C",
             // as terminals, mails and documents write it
             "\"http://localhost:8400/?code=C&state=abc\"",
             "'http://localhost:8400/?code=C&state=abc'",
             "<http://localhost:8400/?code=C&state=abc>",
             "`code=C&state=abc`",
             " < \"?code=C&state=abc\" > ",
             "\xe2\x80\x9chttp://localhost:8400/?code=C&state=abc\xe2\x80\x9d",
             "\xe2\x80\x98http://localhost:8400/?code=C&state=abc\xe2\x80\x99",
             "\xef\xbb\xbfhttp://localhost:8400/?code=C&state=abc\xc2\xa0\xe2\x80\x8b",
         })
        check_code(parse(text), "C", true, text);
}

// The code is opaque: any characters, decoded once.
BOOST_AUTO_TEST_CASE(codes_of_any_kind)
{
    struct row
    {
        std::string written, code;
    };
    std::vector<row> const rows{
        {"0.AXEAzj-_.x~y", "0.AXEAzj-_.x~y"},
        {"a%3Db%3d%3D", "a=b=="},
        {"a=b==", "a=b=="},
        {"4%2F0AX4", "4/0AX4"},
        {"4/0AX4", "4/0AX4"},
        {"a%2Bb", "a+b"},
        {"a+b", "a b"},
        {"a%20b", "a b"},
        {"%2541", "%41"},          // once, not twice
        {"%26state%3Dx", "&state=x"},
        {"a%23b", "a#b"},
        {"a?b", "a?b"},
        {"M.C1_BAY.2.U.x!y*z$$", "M.C1_BAY.2.U.x!y*z$$"},
        {"%00%ff", "\x00\xff"s},
        {"\xc3\xa9", "\xc3\xa9"},
        {std::string(5000, 'x'), std::string(5000, 'x')},
    };
    for (auto const& [written, code] : rows)
    {
        check_code(parse("http://localhost:8400/?code=" + written + "&state=abc"), code, true, written);
        check_code(parse("code=" + written + "&state=abc"), code, true, written);
        check_code(parse("state=abc&code=" + written), code, true, written);
    }
}

BOOST_AUTO_TEST_CASE(bare_codes_say_that_no_state_was_checked)
{
    struct row
    {
        std::string text, code;
    };
    std::vector<row> const rows{
        {"C", "C"},
        {"  C\r\n", "C"},
        {"C#", "C"},
        {"C#D", "C#D"},                             // not cut
        {"0.AXEAzj-_.x~y", "0.AXEAzj-_.x~y"},
        {"a=b", "a=b"},
        {"abc==", "abc=="},
        {"=", "="},
        {"4/0AX4-x", "4/0AX4-x"},
        {"4%2F0AX4%3d", "4/0AX4="},
        {"a+b", "a+b"},
        {"a+b%3D", "a+b="},                         // '+' is a '+' here: no code has a blank
        {"%2541", "%41"},
        {"a?b", "a?b"},
        {"a?b=c", "a?b=c"},
        {"M.C1_BAY.2.U.x!y*z$$&", "M.C1_BAY.2.U.x!y*z$$&"},
        {"mycode=1", "mycode=1"},
        {"\"C\"", "C"},
        {"\"C", "\"C"},                             // quotes are taken off on both sides, or not at all
        {"C>", "C>"},
        {"C%3A", "C:"},
        {"4%2F0A%3Fx", "4/0A?x"},
        {std::string(64 * 1024, 'x'), std::string(64 * 1024, 'x')},
    };
    for (auto const& [text, code] : rows)
    {
        auto const came = parse(text);
        check_code(came, code, false, text);
        BOOST_TEST(came->session_state.empty());
        BOOST_TEST(came->client_info.empty());
        BOOST_TEST(came->extra.empty());
    }
}

// RFC 9207 2.4: a client that was promised `iss` must refuse an answer without it.
BOOST_AUTO_TEST_CASE(whether_a_bare_code_will_do)
{
    using oauth::bare_code;
    struct row
    {
        bare_code policy;
        bool promised, taken;
        char const* hint = "";
    };
    for (auto const& [policy, promised, taken, hint] : {
             row{bare_code::unless_issuer_promised, false, true},
             row{bare_code::unless_issuer_promised, true, false, "it names the server that answers (`iss`)"},
             row{bare_code::accepted, false, true},
             row{bare_code::accepted, true, true},
             row{bare_code::refused, false, false, "paste the whole URL"},
             row{bare_code::refused, true, false, "paste the whole URL"},
         })
    {
        auto begun = pending();
        begun.bare_code = policy;
        begun.issuer = "https://a.example";
        begun.issuer_promised = promised;
        for (char const* text : {"C", "4%2F0A", "a+b"})
        {
            auto const came = parse(text, begun);
            BOOST_TEST(came.has_value() == taken, text);
            if (taken) continue;
            check_refused(came, errc::bare_code_refused, text);
            BOOST_TEST((came.error().next == advice::sign_in_again));
            BOOST_TEST(came.error().hint.find(hint) != std::string::npos, came.error().hint);
        }
        // What is no code is called by its name whatever the policy; and what brings state and issuer is taken.
        check_refused(parse("", begun), errc::code_empty, "empty");
        check_refused(parse("hello world", begun), errc::malformed_redirect, "words");
        check_code(parse("?code=C&state=abc&iss=https://a.example", begun), "C", true, "whole");
    }
}

BOOST_AUTO_TEST_CASE(hints_of_what_was_pasted_wrongly)
{
    auto begun = pending("http://localhost:8400/?tenant=1");
    begun.url = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x";
    struct row
    {
        char const* text;
        errc code;
        char const* hint;
    };
    char const* const begins = "paste the whole URL that the browser shows after the sign-in: it begins with http://localhost:8400/";
    char const* const encoded = "percent-encoded as a whole";
    for (auto const& [text, code, hint] : {
             row{"http//localhost:8400/?code=C&state=abc", errc::redirect_uri_mismatch, begins},
             row{"HTTPS//localhost:8400/", errc::redirect_uri_mismatch, begins},
             row{"localhost:8401/?code=C&state=abc", errc::redirect_uri_mismatch, begins},
             row{"/callback?code=C&state=abc", errc::redirect_uri_mismatch, begins},
             row{"ocalhost:8400/?code=C&state=abc", errc::redirect_uri_mismatch, begins},
             row{"https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x&state=abc", errc::redirect_uri_mismatch, "this is the URL that begins the sign-in"},
             row{"login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x&state=abc", errc::redirect_uri_mismatch, "this is the URL that begins the sign-in"},
             row{"http%3A%2F%2Flocalhost%3A8400%2F%3Fcode%3DC%26state%3Dabc", errc::malformed_encoding, encoded},
             row{"HTTP%3a%2f%2flocalhost%3a8400%2f%3fcode%3dC%26state%3dabc", errc::malformed_encoding, encoded},
             row{"http%3A//localhost%3A8400/%3Fcode%3DC%26state%3Dabc", errc::malformed_encoding, encoded},
             row{"http://localhost:8400/%3Fcode%3DC%26state%3Dabc", errc::malformed_encoding, encoded},
             row{"localhost%3A8400%2F%3Fcode%3DC%26state%3Dabc", errc::malformed_encoding, encoded},
             row{"%3Fcode%3DC%26state%3Dabc", errc::malformed_encoding, encoded},
             row{"code%3DC%26state%3Dabc", errc::malformed_encoding, encoded},
             row{"http%3A%2F%2Flocalhost%3A8400%2F", errc::malformed_encoding, encoded},
             row{"http%3A%2F%2Flocalhost%3A8400%2F%3Fcode%3D0.A%252D%26state%3Dabc", errc::malformed_encoding, encoded},
             row{"localhost:8400/", errc::code_missing, "paste the whole URL"},
             row{"localhost:8400", errc::code_missing, "paste the whole URL"},
             row{"localhost:8400/?", errc::code_missing, "paste the whole URL"},
             row{"/?foo=bar", errc::code_missing, "paste the whole URL"},
             row{"/", errc::code_missing, "paste the whole URL"},
         })
    {
        auto const came = parse(text, begun);
        check_refused(came, code, text);
        BOOST_TEST(came.error().hint.find(hint) != std::string::npos, text << ": " << came.error().hint);
        BOOST_TEST((came.error().next == advice::sign_in_again), text);
    }
}

BOOST_AUTO_TEST_CASE(redirects_of_microsoft)
{
    struct expected_answer
    {
        std::string redirect_uri;
        oauth::error_code code;       // success where it is none
        std::string suberror = {};
        std::vector<std::uint32_t> error_codes = {};
        advice next = advice::give_up;
    };
    std::map<std::string, expected_answer> const expected{
        {"success query", {"http://localhost:12345/", {}}},
        {"success with client_info", {"http://localhost:12345", {}}},
        {"success fragment hybrid", {"https://login.microsoftonline.com/common/oauth2/nativeclient", {}}},
        {"instance_aware", {"http://localhost:30662/", errc::state_missing, "", {}, advice::sign_in_again}},
        {"error full", {"http://localhost/myapp", server_errc::invalid_request, "", {900144}, advice::fix_configuration}},
        {"user cancel", {"http://localhost/myapp", errc::sign_in_cancelled, "cancel", {}, advice::sign_in_again}},
        {"consent denied", {"http://localhost", errc::state_missing, "", {}, advice::sign_in_again}},
        {"prompt=none", {"http://localhost/", server_errc::login_required, "", {50058}, advice::sign_in_again}},
        {"admin consent ok", {"http://localhost/myapp/permissions", errc::code_missing, "", {}, advice::sign_in_again}},
        {"admin consent refused", {"http://localhost/myapp/permissions", errc::state_missing, "", {}, advice::sign_in_again}},
        {"b2c forgot password", {"http://localhost/", server_errc::access_denied, "", {90118}, advice::consent}},
        {"b2c user cancel", {"http://localhost/", server_errc::access_denied, "", {90091}, advice::consent}},
    };
    auto const fixtures = test_support::json_fixture("microsoft/authorize_redirects.json");
    BOOST_TEST(fixtures.as_array().size() == expected.size());
    for (auto const& fixture : fixtures.as_array())
    {
        auto const name = test_support::text_at(fixture, "case"), url = test_support::text_at(fixture, "url");
        auto const at = expected.find(name);
        BOOST_TEST_REQUIRE((at != expected.end()), name);
        auto const& wanted = at->second;
        auto begun = pending(wanted.redirect_uri);
        if (name == "admin consent ok") begun.state = "12345";
        for (std::string const& text : {url, url + (url.find('#') == url.npos ? "#" : ""), url.substr(url.find_first_of("?#")), url.substr(url.find_first_of("?#") + 1)})
        {
            auto const came = parse(text, begun);
            if (!wanted.code)
            {
                check_code(came, "INVENTED.code", true, text);
                BOOST_TEST(came->session_state == (url.find("session_state") == url.npos ? "" : "a7c008dc-0000-4000-8000-000000000000"));
                BOOST_TEST(came->client_info.empty() == (url.find("client_info") == url.npos));
                BOOST_TEST(oauth::find_parameter(came->extra, "id_token").has_value() == (name == "success fragment hybrid"));
                continue;
            }
            BOOST_TEST_REQUIRE(came.has_error(), text);
            BOOST_TEST(came.error().code == wanted.code, name << ": " << came.error().code.message());
            BOOST_TEST((came.error().next == wanted.next), name);
            BOOST_TEST(came.error().server.suberror == wanted.suberror, name);
            BOOST_TEST(came.error().server.error_codes == wanted.error_codes, boost::test_tools::per_element());
        }
    }
}

BOOST_AUTO_TEST_CASE(the_servers_words_are_kept)
{
    auto const came = parse("http://localhost:8400/?error=interaction_required&error_description=AADSTS50076%3a+Use+MFA.%0d%0aTrace+ID%3a+x"
                            "&error_uri=https%3a%2f%2flogin.microsoftonline.com%2ferror%3fcode%3d50076&suberror=basic_action&claims=%7B%7D&trace_id=t&correlation_id=c"
                            "&timestamp=2026-01-02+03%3A04%3A05Z&state=abc");
    check_refused(came, server_errc::interaction_required, "all of it");
    auto const& said = came.error().server;
    BOOST_TEST(said.error == "interaction_required");
    BOOST_TEST(said.error_description == "AADSTS50076: Use MFA.\r\nTrace ID: x");
    BOOST_TEST(said.error_uri == "https://login.microsoftonline.com/error?code=50076");
    BOOST_TEST(said.suberror == "basic_action");
    BOOST_TEST(said.claims == "{}");
    BOOST_TEST(said.trace_id == "t");
    BOOST_TEST(said.correlation_id == "c");
    BOOST_TEST(said.timestamp == "2026-01-02 03:04:05Z");
    BOOST_TEST((said.error_codes == std::vector<std::uint32_t>{50076}));
    BOOST_TEST(oauth::error(came.error()).what() != ""s);
    BOOST_TEST(std::string_view(oauth::error(came.error()).what()).find("MFA") == std::string_view::npos);

    // Each text is cut after 4096 bytes.
    auto const long_one = parse("error=" + std::string(9000, 'e') + "&error_description=" + std::string(9000, 'd') + "&state=abc");
    check_refused(long_one, server_errc::unrecognized, "long");
    BOOST_TEST(long_one.error().server.error.size() == 4096u);
    BOOST_TEST(long_one.error().server.error_description.size() == 4096u);
    BOOST_TEST((long_one.error().next == advice::give_up));
}

// "Duplicate parameters, wrong or missing state, error (with error_subcode=cancel, suberror), iss mismatch, both code and error, empty code, a trailing #,
// percent-encoding faults: each has its own error."
BOOST_AUTO_TEST_CASE(each_fault_has_its_own_error)
{
    struct row
    {
        std::string text;
        oauth::error_code expected;
    };
    std::string const issuer = "&iss=https%3A%2F%2Flogin.microsoftonline.com%2F11111111-aaaa-4bbb-8ccc-222222222222%2Fv2.0";
    std::vector<row> const rows{
        // duplicates, of any name, however they are written
        {"code=C&code=C&state=abc", errc::duplicate_parameter},
        {"code=C&state=abc&state=abc", errc::duplicate_parameter},
        {"code=C&state=abc&c%6fde=D", errc::duplicate_parameter},
        {"code=C&state=abc&x=1&x=2", errc::duplicate_parameter},
        {"code=C&state=abc&x&x", errc::duplicate_parameter},
        {"code=C&state=abc" + issuer + issuer, errc::duplicate_parameter},
        {"error=a&error=b&state=abc", errc::duplicate_parameter},
        // state
        {"code=C", errc::state_missing},
        {"error=access_denied", errc::state_missing},
        {"error=access_denied&error_subcode=cancel", errc::state_missing},
        {"code=C&error=x", errc::state_missing},
        {"code=C&State=abc", errc::state_missing},
        {"code=C&state=", errc::state_mismatch},
        {"code=C&state", errc::state_mismatch},
        {"code=C&state=abC", errc::state_mismatch},
        {"code=C&state=ab", errc::state_mismatch},
        {"code=C&state=abcd", errc::state_mismatch},
        {"code=C&state=abc%00", errc::state_mismatch},
        {"code=C&state=+abc", errc::state_mismatch},
        {"error=access_denied&error_subcode=cancel&state=xyz", errc::state_mismatch},
        {"code=&state=xyz", errc::state_mismatch},
        // issuer
        {"code=C&state=abc&iss=https%3A%2F%2Fevil.example", errc::issuer_mismatch},
        {"code=C&state=abc&iss=", errc::issuer_mismatch},
        {"code=C&state=abc" + issuer + "%2F", errc::issuer_mismatch},
        {"error=access_denied&state=abc&iss=https%3A%2F%2Fevil.example", errc::issuer_mismatch},
        {"code=C&state=abc&iss=https://login.microsoftonline.com/%7Btenantid%7D/v2.0", errc::issuer_mismatch},
        {"code=C&state=abc&iss=https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0", errc::issuer_mismatch},
        // code and error
        {"code=C&error=access_denied&state=abc", errc::code_and_error},
        {"code=&error=access_denied&state=abc", errc::code_and_error},
        {"code=C&error=&state=abc", errc::code_and_error},
        {"code=&state=abc", errc::code_empty},
        {"code&state=abc", errc::code_empty},
        {"", errc::code_empty},
        {" \r\n\t", errc::code_empty},
        {"#", errc::code_empty},
        {"state=abc", errc::code_missing},
        {"?", errc::code_missing},
        {"?foo=bar", errc::code_missing},
        {"http://localhost:8400/", errc::code_missing},
        {"http://localhost:8400/#", errc::code_missing},
        {"http://localhost:8400/?", errc::code_missing},
        {"http://localhost:8400/?foo=bar", errc::code_missing},
        {"state=abc&session_state=x", errc::code_missing},
        {"error_description=x&state=abc", errc::code_missing},
        {"Code=C&state=abc", errc::code_missing},
        {"C&state=abc&session_state=x", errc::code_missing},   // a code with what follows it in the URL
        // what the server says
        {"error=access_denied&state=abc", server_errc::access_denied},
        {"error=access_denied&error_subcode=cancel&state=abc", errc::sign_in_cancelled},
        {"error=access_denied&suberror=cancel&state=abc", errc::sign_in_cancelled},
        {"error=server_error&state=abc", server_errc::server_error},
        {"error=temporarily_unavailable&state=abc", server_errc::temporarily_unavailable},
        {"error=consent_required&state=abc", server_errc::consent_required},
        {"error=nobody_knows&state=abc", server_errc::unrecognized},
        {"error=&state=abc", server_errc::unrecognized},
        {"error=access_denied&state=abc" + issuer, server_errc::access_denied},
        // encoding
        {"code=%&state=abc", errc::malformed_encoding},
        {"code=%4&state=abc", errc::malformed_encoding},
        {"code=C&state=abc%", errc::malformed_encoding},
        {"code=C&state=abc&x=%4", errc::malformed_encoding},
        {"code=%4G&state=abc", errc::malformed_encoding},
        {"code=%G4&state=abc", errc::malformed_encoding},
        {"code=%-1&state=abc", errc::malformed_encoding},
        {"code=%%41&state=abc", errc::malformed_encoding},
        {"code=%u0041&state=abc", errc::malformed_encoding},
        {"code=C&state=abc&%zz=1", errc::malformed_encoding},
        {"4%2F0A%", errc::malformed_encoding},
        {"4%zz", errc::malformed_encoding},
        // redirect URI
        {"http://localhost:8401/?code=C&state=abc", errc::redirect_uri_mismatch},
        {"http://127.0.0.1:8400/?code=C&state=abc", errc::redirect_uri_mismatch},
        {"https://localhost:8400/?code=C&state=abc", errc::redirect_uri_mismatch},
        {"http://localhost:8400/x?code=C&state=abc", errc::redirect_uri_mismatch},
        {"http://localhost:8400//?code=C&state=abc", errc::redirect_uri_mismatch},
        {"http://localhost:8400.evil.example/?code=C&state=abc", errc::redirect_uri_mismatch},
        {"http://x@localhost:8400/?code=C&state=abc", errc::redirect_uri_mismatch},
        {"http://localhost:84000/?code=C&state=abc", errc::redirect_uri_mismatch},
        {"https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=x&state=abc", errc::redirect_uri_mismatch},
        {"https://login.microsoftonline.com/common/oauth2/v2.0/authorize", errc::redirect_uri_mismatch},
        {"javascript:alert(1)?code=C&state=abc", errc::redirect_uri_mismatch},
        {"msal1234:auth?x=y", errc::redirect_uri_mismatch},
        // neither
        {"hello world", errc::malformed_redirect},
        // A signed answer, which nobody has asked for (JARM).
        {"http://localhost:8400/?response=a.b.c", errc::malformed_redirect},
        {"http://localhost:8400/?response=a.b.c&code=C&state=abc", errc::malformed_redirect},
        {"code=C&state=abc&response=", errc::malformed_redirect},
        {"C\xc3\xa9", errc::malformed_redirect},
        {"\xff", errc::malformed_redirect},
        {"code=C\n&state=abc", errc::malformed_redirect},
        {"http://localhost:8400/?code=C\r\n&state=abc", errc::malformed_redirect},
        {"code=C\0&state=abc"s, errc::malformed_redirect},
        {"\0"s, errc::malformed_redirect},
        {"C\x7f", errc::malformed_redirect},
        {"C\x1b[2J", errc::malformed_redirect},
        {std::string(64 * 1024 + 1, 'x'), errc::malformed_redirect},
        {"code=C&state=abc&x=" + std::string(64 * 1024, 'x'), errc::malformed_redirect},
    };
    for (auto const& [text, expected] : rows)
    {
        auto const came = parse(text);
        BOOST_TEST_REQUIRE(came.has_error(), text.substr(0, 200));
        BOOST_TEST(came.error().code == expected, text.substr(0, 200) << ": " << came.error().code.message());
        // Nothing here passes by itself but a server's own trouble.
        bool const passing = expected == server_errc::server_error || expected == server_errc::temporarily_unavailable;
        BOOST_TEST((came.error().next == advice::retry) == passing, text.substr(0, 200));
    }
}

BOOST_AUTO_TEST_CASE(more_parameters_than_anybody_needs)
{
    std::string text = "code=C&state=abc";
    for (int i = 2; i < 256; ++i) text += "&p" + std::to_string(i) + "=1";
    auto const came = parse(text);
    check_code(came, "C", true, "256");
    BOOST_TEST(came->extra.size() == 254u);
    check_refused(parse(text + "&p256=1"), errc::too_many_parameters, "257");
}

BOOST_AUTO_TEST_CASE(a_strangers_error_is_passed_on_but_not_believed)
{
    auto const came = parse("http://localhost:8400/?error=access_denied&error_description=the+user+canceled");
    check_refused(came, errc::state_missing, "no state");
    BOOST_TEST((came.error().next == advice::sign_in_again));
    BOOST_TEST(came.error().server.error == "access_denied");
    BOOST_TEST(came.error().server.error_description == "the user canceled");
    BOOST_TEST(parse("error=x&state=wrong").error().server.empty());
}

BOOST_AUTO_TEST_CASE(issuers)
{
    struct row
    {
        char const* expected;
        bool promised;
        char const* came;   // nullptr: no iss
        oauth::error_code outcome;
        advice next = advice::give_up;
    };
    for (auto const& [expected, promised, came, outcome, next] : {
             row{"https://a.example", false, nullptr, {}},
             row{"https://a.example", false, "https://a.example", {}},
             row{"https://a.example", true, "https://a.example", {}},
             row{"https://a.example", true, "https%3a%2F%2fa.example", {}},
             row{"https://a.example", true, nullptr, errc::issuer_missing},
             row{"https://a.example", true, "https://a.example/", errc::issuer_mismatch},
             row{"https://a.example", true, "https://A.example", errc::issuer_mismatch},
             row{"https://a.example", true, "http://a.example", errc::issuer_mismatch},
             row{"https://login.microsoftonline.com/{tenantid}/v2.0", true, "https://login.microsoftonline.com/11111111-aaaa-4bbb-8ccc-222222222222/v2.0", {}},
             row{"https://login.microsoftonline.com/{tenantid}/v2.0", true, "https://login.microsoftonline.com/common/v2.0", errc::issuer_mismatch},
             row{"https://sts.windows.net/{tenantid}/", true, "https://sts.windows.net/11111111-aaaa-4bbb-8ccc-222222222222/", {}},
             row{"https://sts.windows.net/{tenantid}/", true, "https://sts.windows.net/11111111-aaaa-4bbb-8ccc-222222222222", errc::issuer_mismatch},
             row{"", false, nullptr, {}},
             row{"", false, "https://a.example", errc::issuer_mismatch, advice::fix_configuration},
         })
    {
        auto begun = pending();
        begun.issuer = expected;
        begun.issuer_promised = promised;
        auto const answer = parse("code=C&state=abc" + (came == nullptr ? ""s : "&iss="s + came), begun);
        if (!outcome) check_code(answer, "C", true, expected);
        else
        {
            check_refused(answer, outcome, expected);
            BOOST_TEST((answer.error().next == next));
        }
    }
}

BOOST_AUTO_TEST_CASE(redirect_uris)
{
    struct row
    {
        char const* sent;
        char const* came;
        bool same;
    };
    for (auto const& [sent, came, same] : {
             row{"http://localhost", "http://localhost/", true},            // browsers write the slash
             row{"http://localhost/", "http://localhost", true},
             row{"http://localhost/a", "http://localhost/a/", false},
             row{"http://localhost/a", "http://localhost/A", false},
             row{"http://localhost/%2a", "http://localhost/%2A", false},
             row{"http://LOCALHOST:80/a", "http://localhost/a", true},
             row{"https://App.example:443/a", "https://app.example/a", true},
             row{"https://app.example/a", "https://app.example:443/a", true},
             row{"https://app.example:80/a", "https://app.example/a", false},
             row{"http://localhost:8080/", "http://localhost:80/", false},
             row{"http://[::1]:8400/", "http://[::1]:8400/", true},
             row{"http://[::1]:8400/", "http://[::1]:8401/", false},
             row{"https://app.example/cb?tenant=1", "https://app.example/cb", true},   // its own query comes back among the parameters
             row{"msal1234://auth", "msal1234://auth", true},
             row{"msal1234://auth", "MSAL1234://auth/", true},
             row{"msal1234://auth", "msal1234://other", false},
             row{"com.example.app:/oauth", "com.example.app:/oauth", true},
             row{"com.example.app:/oauth", "com.example.app:/oauth2", false},
             row{"msal1234:auth", "msal1234:auth", true},
             row{"msal1234:auth", "msal1235:auth", false},
             row{"http://localhost:8400/cb", "localhost:8400/cb", true},    // without its scheme, as address bars show it
             row{"http://localhost:8400/cb", "//localhost:8400/cb", true},
             row{"http://localhost:8400/cb", "/cb", true},
             row{"http://localhost/cb", "localhost:80/cb", true},
             row{"https://app.example/cb", "App.example/cb", true},
             row{"https://app.example/cb", "app.example:80/cb", false},
             row{"http://localhost:8400/cb", "localhost:8401/cb", false},
             row{"http://localhost:8400/cb", "localhost:8400/", false},
             row{"http://localhost:8400/cb", "//evil.example/cb", false},
             row{"http://localhost:8400/cb", "/", false},
             row{"http://localhost:8400/cb", "cb", false},
             row{"msal1234:auth", "auth", false},
             row{"", "http://localhost/", false},
         })
    {
        auto const begun = pending(sent);
        for (char const* parameters : {"?code=C&state=abc", "#code=C&state=abc", "?code=C&state=abc#"})
        {
            auto const answer = parse(std::string(came) + parameters, begun);
            if (same) check_code(answer, "C", true, came);
            else check_refused(answer, errc::redirect_uri_mismatch, came);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_sign_in_without_a_state_takes_none)
{
    oauth::pending_authorization empty;
    check_refused(parse("code=C&state=", empty), errc::state_mismatch, "both empty");
    check_refused(parse("code=C", empty), errc::state_missing, "none");
}

BOOST_AUTO_TEST_CASE(everything_else_is_kept)
{
    auto const came = parse("code=C&state=abc&cloud_instance_name=microsoftonline.us&session_state=s+s&client_info=ci&empty=").value();
    BOOST_TEST(came.session_state == "s s");
    BOOST_TEST(came.client_info == "ci");
    BOOST_TEST_REQUIRE(came.extra.size() == 2u);
    BOOST_TEST(came.extra[0].name == "cloud_instance_name");
    BOOST_TEST(came.extra[0].value == "microsoftonline.us");
    BOOST_TEST(came.extra[1].name == "empty");
    BOOST_TEST(came.extra[1].value == "");
}

BOOST_AUTO_TEST_CASE(cut_or_changed_anywhere_it_is_never_taken_for_another)
{
    std::string const whole = "http://localhost:8400/?code=0.AXEA%2Dlong.code&session_state=a7c008dc&state=abc&iss=https%3A%2F%2Fa.example#";
    auto begun = pending();
    begun.issuer = "https://a.example";
    begun.issuer_promised = true;
    BOOST_TEST_REQUIRE(parse(whole, begun).has_value());
    for (std::size_t size = 0; size + 1 < whole.size(); ++size)
    {
        auto const came = parse(std::string_view(whole).substr(0, size), begun);
        BOOST_TEST(came.has_error(), whole.substr(0, size));
    }
    std::size_t taken = 0;
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (int byte = 0; byte < 256; ++byte)
        {
            auto changed = whole;
            changed[at] = static_cast<char>(byte);
            auto const came = parse(changed, begun);
            if (came.has_error() || !came->state_checked) continue;
            ++taken;
            bool const in_code = at >= whole.find("0.AXEA") && at <= whole.find("&session");
            BOOST_TEST_REQUIRE((in_code || came->code.reveal() == "0.AXEA-long.code"), changed);
        }
    BOOST_TEST(taken > whole.size());
}

// No secret ever enters an error.
BOOST_AUTO_TEST_CASE(no_failure_holds_a_code_or_a_state)
{
    std::string const canary = "CaNaRy7b1f";
    auto begun = pending();
    begun.state = "st-" + canary;
    begun.code_verifier = oauth::secret("cv-" + canary);
    begun.nonce = "n-" + canary;
    for (auto const& text : {
             "code=" + canary, "code=" + canary + "&state=wrong", "code=" + canary + "&code=" + canary, "code=" + canary + "&state=st-" + canary + "&iss=https://evil.example",
             "code=" + canary + "&error=access_denied&state=st-" + canary, "code=" + canary + "%zz", canary + "%zz", canary + " " + canary, canary + "\x01",
             "http://evil.example/?code=" + canary + "&state=st-" + canary, canary + "&state=st-" + canary, "http://localhost:8400/" + canary + "?code=" + canary,
             "state=st-" + canary, "id_token=" + canary + "&error=access_denied&state=st-" + canary, "error=access_denied&id_token=" + canary,
             "error=access_denied&error_subcode=cancel&state=st-" + canary, std::string(70'000, 'x') + canary,
         })
    {
        auto const came = parse(text, begun);
        BOOST_TEST_REQUIRE(came.has_error(), text.substr(0, 100));
        BOOST_TEST(oauth::describe(came.error()).find(canary) == std::string::npos, text.substr(0, 100));
        BOOST_TEST(std::string_view(oauth::error(came.error()).what()).find(canary) == std::string_view::npos, text.substr(0, 100));
        auto const& said = came.error().server;
        for (auto const* part : {&said.error, &said.error_description, &said.error_uri, &said.suberror, &said.claims, &said.trace_id, &said.correlation_id, &said.timestamp})
            BOOST_TEST(part->find(canary) == std::string::npos, text.substr(0, 100));
    }
}

BOOST_AUTO_TEST_CASE(a_server_s_words_that_repeat_the_code_or_the_state_are_left_out)
{
    oauth::pending_authorization pending;
    pending.state = "a-state-of-many-characters";
    pending.redirect_uri = "http://localhost/";
    auto const strange = parse_authorization_response("error=access_denied&code=0.AXoA-the-code&error_description=spent:+0.AXoA-the-code&error_uri=https://login.example/e", pending).error();
    BOOST_TEST(strange.server.error == "access_denied");
    BOOST_TEST(strange.server.error_description == "");
    BOOST_TEST(strange.server.error_uri == "https://login.example/e");
    auto const own = parse_authorization_response("error=server_error&state=a-state-of-many-characters&error_description=no:+a-state-of-many-characters&suberror=x", pending).error();
    BOOST_TEST((own.code == server_errc::server_error));
    BOOST_TEST(own.server.error_description == "");
    BOOST_TEST(own.server.suberror == "x");
}

BOOST_AUTO_TEST_SUITE_END()
