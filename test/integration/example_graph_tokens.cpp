// example/01_graph_tokens as a user sees it: its table, how the code comes back, and what it does when a permission is missing.

#include "../../example/support/show_tokens.hpp"
#include "../support/example_program.hpp"
#include "../support/example_server.hpp"
#include <oauth/response/decode_token_response.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;

constexpr auto terminal = example_program::place::terminal;
constexpr auto pipes = example_program::place::pipes;

// The eleven parameters, each with a word of its meaning.
constexpr struct
{
    char const *name, *meaning;
} parameters[] = {
    {"token_type", "type of the token"},
    {"expires_in", "how long the access token is valid"},
    {"ext_expires_in", "while the token service is out of order"},
    {"access_token", "authenticates requests to Microsoft Graph"},
    {"refresh_token", "obtains a new access token after expiry"},
    {"scope", "what the access token is good for"},
    {"id_token", "who the user is"},
    {"not_before", "the token can't be used before"},
    {"expires_on", "the token expires"},
    {"resource", "what the token is for"},
    {"profile_info", "more about the user's profile"},
};

/// What the table says of a parameter: the value, when the line under it tells the meaning; "(none)" where it is not so.
std::string value_of(std::string const& table, char const* name, char const* meaning)
{
    std::smatch found;
    std::regex const row("(^|\n)  " + std::string(name) + " +([^\n]*)\n +- [^\n]*" + meaning);
    return std::regex_search(table, found, row) ? found[2].str() : "(none)";
}

std::string value_of(std::string const& table, char const* name)
{
    auto const* const row = std::find_if(std::begin(parameters), std::end(parameters), [&](auto const& one) { return std::string_view(one.name) == name; });
    return value_of(table, name, row->meaning);
}

bool matches(std::string const& text, char const* pattern) { return std::regex_match(text, std::regex(pattern)); }

std::string shown(token_response const& answer, time_point now)
{
    std::ostringstream out;
    example::show(out, answer, now, false);
    return out.str();
}

/// Without the carriage returns that a terminal adds.
std::string plain(std::string text)
{
    std::erase(text, '\r');
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(example_graph_tokens)

BOOST_AUTO_TEST_CASE(the_table_of_an_answer_with_numbers)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    example_program program(here, pipes, {"01_graph_tokens", "--table"});
    BOOST_TEST_REQUIRE(program.status() == 0, program.messages());
    auto const& table = program.out();
    BOOST_TEST(table.starts_with("The answer of the token endpoint:\n\n"));
    for (auto const& row : parameters) BOOST_TEST(value_of(table, row.name) != "(none)", row.name << " is not in\n" << table);
    BOOST_TEST(value_of(table, "token_type") == "Bearer");
    constexpr char duration[] = "3599 s, till \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC, 59 min left";
    BOOST_TEST(matches(value_of(table, "expires_in"), duration), value_of(table, "expires_in"));
    BOOST_TEST(matches(value_of(table, "ext_expires_in"), duration));
    BOOST_TEST(value_of(table, "access_token").starts_with("at."));
    BOOST_TEST(value_of(table, "refresh_token").starts_with("rt."));
    BOOST_TEST(matches(value_of(table, "id_token"), "eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+"));
    BOOST_TEST(value_of(table, "scope") == "Bookings.ReadWrite.All profile openid email");
    for (auto const* absent : {"not_before", "expires_on", "resource", "profile_info"}) BOOST_TEST(value_of(table, absent) == "(not sent)", absent);
    // Tokens are printed where they are asked for, and nowhere else.
    BOOST_TEST(program.messages().find(value_of(table, "access_token")) == std::string::npos);
    BOOST_TEST(program.messages().find(value_of(table, "refresh_token")) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_table_of_an_answer_with_strings_and_moments)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    testing::authorization_server_options options;
    options.kind = testing::personality::entra_v1;
    example_server server(options);
    auto const store = here.path("tokens");
    server.sign_in(here, server.words("01_graph_tokens", store, {"--v1", "--graph", "https://graph.microsoft.com"}));
    example_program program(here, pipes, server.words("01_graph_tokens", store, {"--v1", "--graph", "https://graph.microsoft.com", "--table"}));
    BOOST_TEST_REQUIRE(program.status() == 0, program.messages());
    auto const& table = program.out();
    BOOST_TEST(matches(value_of(table, "expires_on"), "\\d{10}, \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC, in (1 h 0 min|59 min|60 min)"), value_of(table, "expires_on"));
    BOOST_TEST(matches(value_of(table, "not_before"), "\\d{10}, \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC, (\\d+ (s|min) ago|in \\d s)"), value_of(table, "not_before"));
    BOOST_TEST(value_of(table, "resource") == "https://graph.microsoft.com");
    BOOST_TEST(matches(value_of(table, "expires_in"), "3599 s, till .* UTC, 59 min left"));
    // Where it is kept, and what the next run does.
    BOOST_TEST(table.find("Kept in " + store + ", readable by you alone. The next run renews them.\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_server_wrote_plays_no_tricks_with_the_terminal)
{
    std::string const trick = "a\x1b[2J\x07\r\nb\xc2\x9b" "31m";
    token_response answer;
    answer.token_type = trick;
    answer.access_token = secret(trick);
    answer.refresh_token = secret(trick);
    answer.id_token = secret(trick);
    answer.scope = trick;
    answer.resource = trick;
    answer.profile_info = trick;
    answer.client_info = trick;
    answer.issued_token_type = trick;
    answer.foci = trick;
    answer.extra.push_back({trick, secret("\"" + trick + "\"")});
    auto const table = shown(answer, time_point{seconds{1'767'323'045}});
    BOOST_TEST(std::all_of(table.begin(), table.end(), [](char c) { return c == '\n' || static_cast<unsigned char>(c) >= 0x20; }));
    BOOST_TEST(table.find('\x1b') == std::string::npos);
    BOOST_TEST(table.find("\xc2\x9b") == std::string::npos);
    BOOST_TEST(table.find("\nb") == std::string::npos);
    for (auto const* name : {"token_type", "access_token", "refresh_token", "id_token", "scope", "resource", "profile_info"})
        BOOST_TEST(value_of(table, name).starts_with("a"), name);
}

BOOST_AUTO_TEST_CASE(an_id_token_is_verified_at_a_sign_in_that_asks_for_it_and_else_not)
{
    token_response answer;
    answer.id_token = secret("eyJ.eyJ.x");
    BOOST_TEST(shown(answer, {}).find("- who the user is: a signed JWT, not verified\n") != std::string::npos);
    BOOST_TEST(shown({}, {}).find("- who the user is: a signed JWT\n") != std::string::npos);
    if (examples_are_missing()) return;
    scratch_folder here;
    example_server server;
    auto const row_of = [&](std::vector<std::string> const& more, bool signs_in) {
        auto words = server.words("01_graph_tokens", here.path("tokens"), {"--table"});
        words.insert(words.end(), more.begin(), more.end());
        example_program program(here, pipes, words);
        if (signs_in) server.sign_in(program.url());
        BOOST_TEST(program.status() == 0, program.messages());
        BOOST_TEST(value_of(program.out(), "id_token").starts_with("eyJ"), program.out());
        auto const meaning = program.out().find("- who the user is: ");
        return program.out().substr(meaning, program.out().find('\n', meaning) - meaning);
    };
    BOOST_TEST(row_of({}, true) == "- who the user is: a signed JWT, verified");
    BOOST_TEST(row_of({}, false) == "- who the user is: a signed JWT, not verified");   // a renewal
    // Entra's v1 sends one though nobody has asked for it.
    *server.of_tokens = [](http_request const&) {
        return std::optional(http_response{200, {{"Content-Type", "application/json"}}, secret(R"({"token_type":"Bearer","expires_in":3599,"access_token":"at","refresh_token":"rt",)"
            R"("scope":"Bookings.ReadWrite.All","id_token":"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4Iiwic3ViIjoieSJ9.c2ln"})")});
    };
    BOOST_TEST(row_of({"--new", "--scope", "offline_access Bookings.ReadWrite.All"}, true) == "- who the user is: a signed JWT, not verified");
}

BOOST_AUTO_TEST_CASE(times_and_what_is_beside_the_eleven)
{
    time_point const now{seconds{1'767'323'045}};
    token_response answer;
    answer.expires_in = seconds{-5};
    answer.ext_expires_in = seconds{0};
    answer.expires_on = now + seconds{2 * 86400 + 3600};
    answer.not_before = now - seconds{300};
    answer.refresh_in = seconds{7200};
    answer.refresh_token_expires_in = seconds{1'209'600};
    answer.id_token_expires_in = seconds{59};
    answer.foci = "1";
    answer.extra.push_back({"x_unknown", secret(R"({"kept":[1,true,null]})")});
    auto const table = shown(answer, now);
    auto const ends = [](std::string const& value, char const* end) { return value.ends_with(end); };
    BOOST_TEST(ends(value_of(table, "expires_in"), ", -5 s left"));
    BOOST_TEST(ends(value_of(table, "ext_expires_in"), ", 0 s left"));
    BOOST_TEST(ends(value_of(table, "expires_on"), ", in 2 days"));
    BOOST_TEST(ends(value_of(table, "not_before"), ", 5 min ago"));
    BOOST_TEST(ends(value_of(table, "refresh_in", "better renew it"), ", 2 h 0 min left"));
    BOOST_TEST(ends(value_of(table, "refresh_token_expires_in", "how long the refresh token is valid"), ", 14 days left"));
    BOOST_TEST(ends(value_of(table, "id_token_expires_in", "how long the ID token is valid"), ", 59 s left"));
    BOOST_TEST(value_of(table, "foci", "the client is of Microsoft's own family") == "1");
    BOOST_TEST(value_of(table, "x_unknown", "kept as it came") == R"({"kept":[1,true,null]})");
    // Nothing of it: eleven rows all the same.
    auto const empty = shown({}, now);
    for (auto const& row : parameters) BOOST_TEST(value_of(empty, row.name) == "(not sent)", row.name);
}

// A value that the library does not know, as the server writes it: in JSON to the last digit, and the same on a terminal but for what is not ASCII.
constexpr struct
{
    char const *json, *shown;
} unknown_values[] = {
    {"123456789012345678901234567890", "123456789012345678901234567890"},
    {"1.10", "1.10"},
    {"-0.0", "-0.0"},
    {"1E400", "1E400"},
    {R"("a\u0000b")", R"("a\u0000b")"},
    {R"("C:\\temp \"x\"")", R"("C:\\temp \"x\"")"},
    {"\"Zo\xc3\xab \xc2\x9b" "31m \xe2\x80\xae \xf0\x9f\x98\x80 \x7f\"", R"("Zo\u00eb \u009b31m \u202e \ud83d\ude00 \u007f")"},
    {R"([1,{"b":2.50,"a":[]},null])", R"([1,{"b":2.50,"a":[]},null])"},
    {"null", "null"},
};

BOOST_AUTO_TEST_CASE(what_is_not_known_is_printed_as_it_came)
{
    for (auto const& row : unknown_values)
    {
        http_response const answer{200, {{"Content-Type", "application/json"}}, secret(R"({"token_type":"Bearer","expires_in":"3599","access_token":"a","x_\u00e9":)" + std::string(row.json) + "}")};
        auto const tokens = decode_token_response(answer);
        BOOST_TEST_REQUIRE(tokens.has_value(), row.json);
        BOOST_TEST(example::to_json(*tokens) == "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"a\",\"x_\xc3\xa9\":" + std::string(row.json) + "}");
        BOOST_TEST(shown(*tokens, time_point{}).find(std::string("  ") + row.shown + "\n" + std::string(18, ' ') + "- not known to this library") != std::string::npos,
                   shown(*tokens, time_point{}));
    }
    // A known one that can't be used stands there by its own name; one without a value does not.
    http_response const odd{200, {{"Content-Type", "application/json"}}, secret(R"({"token_type":"Bearer","access_token":"a","refresh_token":"","id_token":null,"expires_in":true,"scope":""})")};
    BOOST_TEST(example::to_json(decode_token_response(odd).value()) == R"({"token_type":"Bearer","access_token":"a","scope":"","expires_in":true})");
    BOOST_TEST(example::to_json({}) == "{}");
    BOOST_TEST(example::json_for_terminal("\"0123456789\"", 5) == "\"0123...");
    BOOST_TEST(example::json_for_terminal("\xf0\x9f", 5).starts_with("\\u"));   // never beyond the end
}

BOOST_AUTO_TEST_CASE(a_terminal_gets_the_table_and_a_pipe_gets_json)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    {
        example_program program(here, terminal, {"01_graph_tokens", "--auto"});
        BOOST_TEST(program.status() == 0);
        BOOST_TEST(value_of(plain(program.messages()), "token_type") == "Bearer");
    }
    {
        example_program program(here, terminal, {"01_graph_tokens", "--auto", "--json"});
        BOOST_TEST(program.status() == 0);
        BOOST_TEST(program.messages().find("The answer of the token endpoint") == std::string::npos);
        BOOST_TEST(program.messages().find("\n{\"token_type\":\"Bearer\"") != std::string::npos);
    }
    example_program program(here, pipes, {"01_graph_tokens"});
    BOOST_TEST(program.status() == 0);
    boost::system::error_code ec;
    auto const json = boost::json::parse(program.out(), ec);
    BOOST_TEST_REQUIRE(json.is_object());
    BOOST_TEST(json.as_object().at("expires_in").as_int64() == 3599);
    for (auto const* absent : {"not_before", "expires_on", "resource", "profile_info"}) BOOST_TEST(!json.as_object().contains(absent));
}

BOOST_AUTO_TEST_CASE(the_code_is_posted_to_loopback)   // so that no address bar and no history shows it
{
    if (examples_are_missing()) return;
    scratch_folder here;
    {
        // The built-in provider too.
        example_program program(here, pipes, {"01_graph_tokens"});
        BOOST_TEST(program.url().find("&response_mode=form_post") != std::string::npos, program.messages());
        BOOST_TEST(program.status() == 0);
    }
    example_server server;
    auto const end = server.sign_in(here, server.words("01_graph_tokens", here.path("tokens")));
    BOOST_TEST(end.form.starts_with("code=1.A"));
    BOOST_TEST(end.url.find('?') == std::string::npos);
    BOOST_TEST(end.url.find('#') == std::string::npos);
    // As it was, for a server that is like Microsoft's in all but this.
    auto const query = server.sign_in(here, server.words("01_graph_tokens", here.path("tokens"), {"--new", "--response-mode", "query"}));
    BOOST_TEST(query.form == "");
    BOOST_TEST(query.url.find("/?code=1.A") != std::string::npos);
    BOOST_TEST(query.url.ends_with('#'));
}

BOOST_AUTO_TEST_CASE(a_session_that_needs_the_user_asks_for_a_sign_in)
{
    if (examples_are_missing()) return;
    struct
    {
        testing::fault what;
        char const* says;
    } const rows[] = {{testing::fault::consent_required, "A permission has to be granted: "}, {testing::fault::invalid_grant, "The session has ended: "}};
    for (auto const& row : rows)
    {
        scratch_folder here;
        testing::authorization_server_options options;
        options.access_token_lifetime = seconds{1};
        example_server server(options);
        auto const store = here.path("tokens");
        server.sign_in(here, server.words("01_graph_tokens", store));
        for (auto const* name : {"01_graph_tokens", "02_graph_bookings"})
        {
            std::this_thread::sleep_for(std::chrono::milliseconds(1200));
            server.identity.fail_next(row.what);
            example_program program(here, pipes, server.words(name, store));
            auto const url = program.url();
            BOOST_TEST_REQUIRE(!url.empty(), program.messages());
            BOOST_TEST(program.messages().find(row.says) != std::string::npos, program.messages());
            server.sign_in(url);
            BOOST_TEST(program.status() == 0, program.messages());
        }
        // And the next run has no need of anybody.
        example_program next(here, pipes, server.words("01_graph_tokens", store));
        BOOST_TEST(next.status() == 0, next.messages());
    }
}

BOOST_AUTO_TEST_CASE(nobody_signs_in_for_tokens_that_can_not_be_kept)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    example_server server;
    // Not even root makes a folder there.
    for (std::vector<std::string> const& how : {std::vector<std::string>{}, {"--paste"}, {"--new"}, {"--new", "--paste"}})
        for (auto const* name : {"01_graph_tokens", "02_graph_bookings"})
        {
            example_program program(here, pipes, server.words(name, "/proc/oauth-example/tokens", how));
            BOOST_TEST(program.status() == 4, program.messages());
            BOOST_TEST(program.messages().find("/proc/oauth-example") != std::string::npos, program.messages());
            BOOST_TEST(program.messages().find("\n  http") == std::string::npos, program.messages());   // no URL to sign in at
        }
    BOOST_TEST(server.identity.counts().authorization_requests == 0U);
}

BOOST_AUTO_TEST_CASE(a_session_file_that_can_not_be_read_is_put_aside)
{
    if (examples_are_missing()) return;
    for (auto const* name : {"01_graph_tokens", "02_graph_bookings"})
    {
        scratch_folder here;
        example_server server;
        auto const store = here.path("tokens");
        server.sign_in(here, server.words("01_graph_tokens", store));
        int broken = 0;
        for (auto const& entry : std::filesystem::directory_iterator(store))
            if (entry.path().extension() == ".json" && ++broken) std::ofstream(entry.path(), std::ios::trunc) << "{\"half\":";
        BOOST_TEST_REQUIRE(broken == 1);
        example_program program(here, pipes, server.words(name, store));
        auto const url = program.url();
        BOOST_TEST_REQUIRE(!url.empty(), program.messages());
        BOOST_TEST(program.messages().starts_with("The session that was kept is lost: "), program.messages());
        BOOST_TEST(program.messages().find("it was put aside as " + store) != std::string::npos, program.messages());
        server.sign_in(url);
        BOOST_TEST(program.status() == 0, program.messages());
        BOOST_TEST(here.contents().find(".json.corrupt-1\n") != std::string::npos, here.contents());
        example_program next(here, pipes, server.words(name, store));
        BOOST_TEST(next.status() == 0, next.messages());
    }
}

BOOST_AUTO_TEST_SUITE_END()
