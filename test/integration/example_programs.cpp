// example/04 to 08 as a user runs them: by themselves against the built-in provider, with --help, and against a server or a user who refuses.

#include "../../example/support/own_certificate.hpp"
#include "../support/example_program.hpp"
#include "../support/example_server.hpp"
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;

constexpr auto pipes = example_program::place::pipes;
constexpr auto terminal = example_program::place::terminal;

struct
{
    char const* name;
    char const* out;        // all of standard output
    char const* messages;   // something of standard error
} const programs[] = {
    {"04_device_login", R"(\{"token_type":"Bearer","expires_in":3599,.*"access_token":"at\..*"refresh_token":"rt\..*\}\n)", "and enter the code [A-Z]{9}"},
    {"05_daemon_certificate",
     R"(certificate \(x5t#S256\): [\w-]{43}\n\nasking for a token:\n  renewal_asked\n  renewal_saved\n  type:    Bearer\n  asked:   https://graph.microsoft.com/.default\n)"
     R"(  expires: .* UTC, in (59 min|1 h 0 min)\n\ncalling Graph:\n  served_from_memory\n  HTTP status 200\n)",
     "plays Microsoft"},
    {"06_web_application",
     R"(Ada@contoso.example: Hello, Ada\nBerta@contoso.example: Hello, Berta\nChandra@contoso.example: Hello, Chandra\n)"
     R"(Dilek@contoso.example: Hello, Dilek\nEva@contoso.example: Hello, Eva\nFatma@contoso.example: Hello, Fatma\n)",
     "plays Microsoft"},
    {"07_on_behalf_of_api", R"(\{"@odata.context":.*"displayName":"Alex Example".*\}\n)", R"(The API wants more of the user: .*"acrs")"},
    {"08_openid_sign_in",
     R"(Signed in. The verified claims of the ID token:\n\n  iss +http.*/v2.0\n[\s\S]*  preferred_username  alex@contoso.example\n[\s\S]*The userinfo endpoint adds:\n\n)"
     R"([\s\S]*  email +alex@contoso.example\n[\s\S]*\n  http.*/oauth2/v2.0/logout\?id_token_hint=eyJ.*\n)",
     "a built-in user agent signs in"},
};

void interrupt(example_program& program) { program.type("\x03"); }

/// A key and its certificate, in a file.
std::string key_file(scratch_folder const& here)
{
    auto const path = here.path("key.pem");
    std::ofstream(path) << example::own_key_and_certificate().reveal();
    return path;
}

http_response get(std::string const& url, std::string_view token = {})
{
    http_request request{.url = url};
    if (!token.empty()) request.authorization = secret("Bearer " + std::string(token));
    return beast_transport().send(std::move(request)).value();
}

/// As a browser with this cookie; `site` is what it says of the page that the request comes from.
http_response browse(http_method method, std::string const& url, std::string const& cookie, std::string const& site = {})
{
    http_request request{.method = method, .url = endpoint(url)};
    if (!cookie.empty()) request.fields.push_back({"Cookie", cookie});
    if (!site.empty()) request.fields.push_back({"Sec-Fetch-Site", site});
    return beast_transport().send(std::move(request)).value();
}

/// Name and value of the first cookie that an answer sets, "" where it sets none.
std::string cookie_of(http_response const& answer)
{
    auto const set = find_field(answer.fields, "Set-Cookie");
    return std::string(set.substr(0, set.find(';')));
}

} // namespace

BOOST_AUTO_TEST_SUITE(example_programs)

BOOST_AUTO_TEST_CASE(each_runs_by_itself)
{
    if (examples_are_missing()) return;
    for (auto const& one : programs)
        BOOST_TEST_CONTEXT(one.name)
        {
            scratch_folder here;
            example_program program(here, pipes, {one.name});
            BOOST_TEST(program.status() == 0, program.messages());
            BOOST_TEST(std::regex_match(program.out(), std::regex(one.out)), program.out());
            BOOST_TEST(std::regex_search(program.messages(), std::regex(one.messages)), program.messages());
            BOOST_TEST(here.contents() == "");   // nothing is kept of a provider that ends with the program
        }
}

BOOST_AUTO_TEST_CASE(each_says_what_can_be_set)
{
    if (examples_are_missing()) return;
    for (auto const& one : programs)
        BOOST_TEST_CONTEXT(one.name)
        {
            scratch_folder here;
            example_program help(here, pipes, {one.name, "--help"});
            BOOST_TEST(help.status() == 0);
            BOOST_TEST(help.out().starts_with("usage: " + std::string(one.name) + " [FLAGS]\n"));
            BOOST_TEST(help.out().find("\nexit status:\n") != std::string::npos);
            BOOST_TEST(help.messages() == "");
            // Half of the settings are none.
            example_program half(here, pipes, {one.name, "--client-id", "the-program"});
            BOOST_TEST(half.status() == 2);
            BOOST_TEST(half.messages().find("TENANT_ID") != std::string::npos, half.messages());
            BOOST_TEST(half.out() == "");
        }
}

// A person at the built-in provider knows no more than what the terminal and the page say.
BOOST_AUTO_TEST_CASE(whoever_sits_before_the_built_in_provider_can_sign_in)
{
    if (examples_are_missing()) return;
    constexpr char says_so[] = "Sign in as alex@contoso.example; any password does.";
    for (auto const* name : {"01_graph_tokens", "08_openid_sign_in"})
    {
        scratch_folder here;
        example_program program(here, terminal, {name, "--no-browser"});
        auto const url = program.url();
        BOOST_TEST_REQUIRE(!url.empty(), program.messages());
        BOOST_TEST(program.messages().find(says_so) != std::string::npos, program.messages());
        BOOST_TEST(program.messages().find("With --auto a built-in user agent signs in.") != std::string::npos, program.messages());   // in a container, say
        BOOST_TEST(get(url).body.reveal().find("This server knows <strong>alex@contoso.example</strong>; any password does.") != std::string_view::npos);
        beast_transport line;
        auto const end = testing::user_agent(line, "", "hunter2").sign_in(url);   // the name is the page's
        BOOST_TEST_REQUIRE(end.has_value(), describe(end.error()));
        http_request last{.method = http_method::post, .url = endpoint(end->url), .fields = {{"Content-Type", "application/x-www-form-urlencoded"}}};
        last.body = secret(std::string_view(end->form));
        BOOST_TEST(line.send(last).value().status == 200);
        BOOST_TEST(program.status() == 0, program.messages());
    }
    scratch_folder here;
    example_program program(here, terminal, {"04_device_login"});
    BOOST_TEST_REQUIRE(program.says("enter the code "), program.messages());
    BOOST_TEST_REQUIRE(program.says(".\r\n\r\n"), program.messages());
    BOOST_TEST(program.messages().find(says_so) != std::string::npos, program.messages());
    std::smatch found;
    auto const said = program.messages();
    BOOST_TEST_REQUIRE(std::regex_search(said, found, std::regex("open (http\\S+) in a browser, .* and enter the code ([A-Z]+)")), said);
    beast_transport line;
    BOOST_TEST(testing::user_agent(line, "", "hunter2").enter_code(found[1].str(), found[2].str()).has_value());
    BOOST_TEST(program.status() == 0, program.messages());
    // Who is not asked need not know, nor does a program without a user.
    for (std::vector<std::string> const& words : {std::vector<std::string>{"01_graph_tokens", "--auto"}, {"05_daemon_certificate"}})
    {
        example_program silent(here, terminal, words);
        BOOST_TEST(silent.status() == 0, silent.messages());
        BOOST_TEST(silent.messages().find("Sign in as") == std::string::npos, silent.messages());
    }
}

BOOST_AUTO_TEST_CASE(a_device_whose_user_declines_and_one_whose_user_comes_back)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    testing::authorization_server_options options;
    options.device_interval = seconds{1};
    example_server server(options);
    auto const words = server.words_of("04_device_login", {"--store", here.path("tokens")});
    for (auto const choice : {testing::user_choice::cancel, testing::user_choice::accept})
    {
        example_program program(here, pipes, words);
        BOOST_TEST_REQUIRE(program.says("enter the code "), program.messages());
        BOOST_TEST_REQUIRE(program.says(".\n"), program.messages());
        auto const& said = program.messages();
        auto const begin = said.find("enter the code ") + 15;
        BOOST_TEST(server.identity.enter_code(said.substr(begin, said.find('.', begin) - begin), choice));
        BOOST_TEST(program.status() == (choice == testing::user_choice::accept ? 0 : 3), program.messages());
        BOOST_TEST(program.out().empty() == (choice == testing::user_choice::cancel));
    }
    // The session is kept: nobody is asked again.
    example_program again(here, pipes, words);
    BOOST_TEST(again.status() == 0, again.messages());
    BOOST_TEST(server.identity.counts().device_sign_ins == 1u);
    BOOST_TEST(server.identity.refresh_count() == 1u);
}

BOOST_AUTO_TEST_CASE(a_daemon_that_the_server_does_not_know)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    example_server server;
    auto words = server.words_of("05_daemon_certificate", {"--graph", server.origin(), "--key", key_file(here)});
    example_program program(here, pipes, words);
    BOOST_TEST(program.status() == 2, program.messages());
    BOOST_TEST(program.out().ends_with("  renewal_asked\n  renewal_failed\n"), program.out());
    words.back() = here.path("no-such-key.pem");
    example_program without(here, pipes, words);
    BOOST_TEST(without.status() == 2, without.messages());
    BOOST_TEST(without.messages().find("no-such-key.pem") != std::string::npos, without.messages());
}

BOOST_AUTO_TEST_CASE(a_web_application_lets_no_foreign_sign_in_come_back)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    example_program program(here, terminal, {"06_web_application"});
    auto const home = program.url();
    BOOST_TEST_REQUIRE(!home.empty(), program.messages());
    BOOST_TEST(get(home).body.reveal().find("<h1>Welcome</h1>") != std::string::npos);
    auto const begun = get(home + "sign_in");
    BOOST_TEST(begun.status == 303);
    // Signed in at the provider, but in a browser that has not begun it.
    beast_transport line;
    auto const end = testing::user_agent(line, "Ada@contoso.example").sign_in(find_field(begun.fields, "Location")).value();
    auto const refused = get(end.url.substr(0, end.url.find('#')));
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(refused.body.reveal().find("was not begun here") != std::string::npos);
    BOOST_TEST(get(home + "sign_out").status == 404);
    interrupt(program);
    BOOST_TEST(program.status() == 0, program.messages());

    example_program elsewhere(here, pipes, {"06_web_application", "--tenant-id", "contoso.onmicrosoft.com", "--client-id", "x", "--redirect-uri", "https://app.example/callback"});
    BOOST_TEST(elsewhere.status() == 2, elsewhere.messages());
}

BOOST_AUTO_TEST_CASE(a_web_application_signs_in_once_by_a_cookie_of_its_own_and_out_at_its_own_page)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    example_program program(here, terminal, {"06_web_application"});
    auto const home = program.url();
    BOOST_TEST_REQUIRE(!home.empty(), program.messages());
    beast_transport line;
    auto const begun = get(home + "sign_in");
    auto const parked = cookie_of(begun);
    BOOST_TEST_REQUIRE(parked.starts_with("sign_in."));
    auto const end = testing::user_agent(line, "Ada@contoso.example").sign_in(find_field(begun.fields, "Location")).value();
    auto const back = end.url.substr(0, end.url.find('#'));

    auto tampered = parked;
    auto& changed = tampered[parked.size() - 10];
    changed = changed == 'A' ? 'B' : 'A';
    BOOST_TEST(browse(http_method::get, back, tampered).status == 400);
    auto const other = cookie_of(get(home + "sign_in"));   // a good one, but of another sign-in
    BOOST_TEST(browse(http_method::get, back, other).status == 400);
    BOOST_TEST(browse(http_method::get, back, parked.substr(0, parked.find('=')) + other.substr(other.find('='))).status == 400);

    auto const signed_in = browse(http_method::get, back, parked);
    BOOST_TEST(signed_in.status == 303);
    auto const session = cookie_of(signed_in);
    BOOST_TEST_REQUIRE(session.starts_with("session="));
    auto const shows = [&](std::string_view heading) { return browse(http_method::get, home, session).body.reveal().find(heading) != std::string_view::npos; };
    BOOST_TEST(shows("<h1>Hello, Ada</h1>"));

    // The same once more, by whoever has seen both: the code is used up.
    auto const replayed = browse(http_method::get, back, parked);
    BOOST_TEST(replayed.status == 403);
    BOOST_TEST(cookie_of(replayed) == "");

    // Another site's form comes without the cookie; where a browser sends it nevertheless, it says whence. An id that nobody has is none.
    for (auto const& [cookie, site, status] : {std::tuple("", "cross-site", 403), {"", "", 303}, {"session=nobody", "same-origin", 303}, {session.c_str(), "cross-site", 403}, {session.c_str(), "same-site", 403}})
    {
        auto const answer = browse(http_method::post, home + "sign_out", cookie, site);
        BOOST_TEST(answer.status == status, cookie << ' ' << site);
        BOOST_TEST(cookie_of(answer) == "");
        if (status == 303) BOOST_TEST(find_field(answer.fields, "Location") == "/");
    }
    BOOST_TEST(!shows("<h1>Welcome</h1>"));
    auto const out = browse(http_method::post, home + "sign_out", session, "same-origin");
    BOOST_TEST(out.status == 303);
    BOOST_TEST(cookie_of(out) == "session=");
    BOOST_TEST(find_field(out.fields, "Location").find("/logout?") != std::string_view::npos);
    BOOST_TEST(shows("<h1>Welcome</h1>"));
    interrupt(program);
    BOOST_TEST(program.status() == 0, program.messages());
}

BOOST_AUTO_TEST_CASE(an_api_takes_none_but_its_own_tokens)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    testing::authorization_server_options options;
    example_server server(options);
    example_program program(here, terminal, server.words_of("07_on_behalf_of_api", {"--graph", server.origin()}));
    auto const api = program.url();
    BOOST_TEST_REQUIRE(!api.empty(), program.messages());
    for (std::string_view const token : {"", "nonsense", "eyJhbGciOiJub25lIn0.eyJzY3AiOiJhY2Nlc3NfYXNfdXNlciJ9."})
    {
        auto const answer = get(api, token);
        BOOST_TEST(answer.status == 401, token);
        auto const wants = find_field(answer.fields, "WWW-Authenticate");
        BOOST_TEST(wants.starts_with("Bearer authorization_uri=\""), wants);
        BOOST_TEST((wants.find("error=\"invalid_token\"") != wants.npos) == !token.empty(), wants);
    }
    BOOST_TEST(server.identity.counts().token_requests == 0u);
    interrupt(program);
    BOOST_TEST(program.status() == 0, program.messages());
}

BOOST_AUTO_TEST_CASE(a_user_who_cancels_and_a_provider_that_is_another)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    example_server server;
    std::vector<std::string> words{"08_openid_sign_in", "--issuer", server.identity.metadata().issuer, "--client-id", "the-program", "--redirect-uri", "http://localhost/", "--no-browser"};
    for (auto const choice : {testing::user_choice::cancel, testing::user_choice::accept})
    {
        example_program program(here, pipes, words);
        auto const url = program.url();
        BOOST_TEST_REQUIRE(!url.empty(), program.messages());
        example_server::sign_in(url, choice);
        BOOST_TEST(program.status() == (choice == testing::user_choice::accept ? 0 : 3), program.messages());
        BOOST_TEST(program.out().empty() == (choice == testing::user_choice::cancel));
    }
    // Microsoft's documents are found by the tenant's name.
    {
        auto const by_authority = server.words_of("08_openid_sign_in", {"--redirect-uri", "http://localhost/", "--no-browser"});
        example_program program(here, pipes, by_authority);
        auto const url = program.url();
        BOOST_TEST_REQUIRE(!url.empty(), program.messages());
        example_server::sign_in(url);
        BOOST_TEST(program.status() == 0, program.messages());
        BOOST_TEST(program.out().find("\n  iss                 " + server.identity.metadata().issuer + "\n") != std::string::npos, program.out());
        BOOST_TEST(program.out().find("The userinfo endpoint adds:") != std::string::npos, program.out());
    }
    words[2] += "/";
    example_program other(here, pipes, words);
    BOOST_TEST(other.status() != 0);
    BOOST_TEST(other.out() == "");
    BOOST_TEST(other.messages().find("Failed: ") != std::string::npos, other.messages());
}

BOOST_AUTO_TEST_SUITE_END()
