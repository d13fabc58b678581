// What an example prints must arrive: where standard output is full, closed, or a pipe that nobody reads, it says so and ends with a status of its own; no session is lost.

#include "../support/example_program.hpp"
#include "../support/example_server.hpp"
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;

constexpr auto pipes = example_program::place::pipes;

// Ways to lose what is printed. The last word of each names the reason.
constexpr struct
{
    char const *shell, *says;
} losses[] = {
    {"\"$@\" >/dev/full; echo \"[status $?]\" >&2", "Failed: standard output could not be written: No space left on device"},
    {"\"$@\" >&-; echo \"[status $?]\" >&2", "Failed: standard output is closed"},
    // The reader is gone before the program begins.
    {"{ sleep 0.2; \"$@\"; echo \"[status $?]\" >&2; } | :", "Failed: standard output could not be written: Broken pipe"},
};

/// The words run by a shell that loses what they print, and says how they ended.
std::vector<std::string> lost(char const* shell, std::vector<std::string> words)
{
    words.front() = example_program::path_of(words.front());
    std::vector<std::string> out{"/bin/sh", "-c", shell, "sh"};
    out.insert(out.end(), words.begin(), words.end());
    return out;
}

bool contains(std::string const& text, std::string_view what) { return text.find(what) != std::string::npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(example_output)

BOOST_AUTO_TEST_CASE(of_the_built_in_provider)
{
    if (examples_are_missing()) return;
    for (auto const& loss : losses)
        for (std::vector<std::string> const& words : {std::vector<std::string>{"01_graph_tokens", "--help"}, {"01_graph_tokens", "--json"}, {"01_graph_tokens", "--table"},
                                                      {"02_graph_bookings", "--help"}, {"02_graph_bookings"}})
        {
            scratch_folder here;
            example_program shell(here, pipes, lost(loss.shell, words));
            BOOST_TEST(shell.status() == 0);
            BOOST_TEST(contains(shell.messages(), "[status 5]"), words.front() << ' ' << loss.shell << ": " << shell.messages());
            BOOST_TEST(contains(shell.messages(), loss.says), words.front() << ' ' << loss.shell << ": " << shell.messages());
            BOOST_TEST(shell.out() == "");
            BOOST_TEST(here.contents() == "");
        }
}

BOOST_AUTO_TEST_CASE(a_renewed_session_is_kept)
{
    if (examples_are_missing()) return;
    for (auto const& loss : losses)
        for (std::vector<std::string> const& more : {std::vector<std::string>{"--json"}, {"--table"}})
        {
            scratch_folder here;
            example_server server;   // it takes no refresh token twice
            auto const store = here.path("tokens");
            server.sign_in(here, server.words("01_graph_tokens", store));
            example_program shell(here, pipes, lost(loss.shell, server.words("01_graph_tokens", store, more)));
            BOOST_TEST(shell.status() == 0);
            BOOST_TEST(contains(shell.messages(), "[status 5]"), shell.messages());
            BOOST_TEST(contains(shell.messages(), loss.says), shell.messages());
            auto const renewed = server.identity.refresh_count();
            if (renewed == 1) BOOST_TEST(contains(shell.messages(), "The tokens are kept in " + store + ": run again to renew them."), shell.messages());
            example_program next(here, pipes, server.words("01_graph_tokens", store));
            BOOST_TEST(next.status() == 0, next.messages());
            BOOST_TEST(server.identity.refresh_count() == renewed + 1);
            BOOST_TEST(server.identity.counts().sign_ins == 1U);
        }
}

// Tokens are printed where they are asked for. What goes wrong is said without them.
BOOST_AUTO_TEST_CASE(no_failure_shows_a_secret)
{
    if (examples_are_missing()) return;
    auto const silent_about = [](example_program& program, std::vector<std::string> const& secrets) {
        BOOST_TEST(program.status() > 0, program.out());
        BOOST_TEST(contains(program.messages(), "Failed"), program.messages());
        for (auto const& one : secrets)
            for (auto const* said : {&program.messages(), &program.out()}) BOOST_TEST(!contains(*said, one), "a secret (" << one << ") is in: " << *said);
    };
    using testing::fault;
    for (auto const wrong : {fault::service_unavailable, fault::server_error, fault::html_page, fault::empty_body, fault::truncated_json, fault::huge_body, fault::redirect})
    {
        scratch_folder here;
        example_server server;
        auto const store = here.path("tokens");
        std::vector<std::string> secrets;
        {
            example_program first(here, pipes, server.words("01_graph_tokens", store));
            auto const url = first.url();
            BOOST_TEST_REQUIRE(!url.empty(), first.messages());
            server.sign_in(url);
            BOOST_TEST_REQUIRE(first.status() == 0, first.messages());
            auto const answer = boost::json::parse(first.out());
            for (auto const* name : {"access_token", "refresh_token", "id_token"})
            {
                auto const& text = answer.at(name).as_string();
                secrets.emplace_back(text.data(), text.size());
                BOOST_TEST(!contains(first.messages(), secrets.back()));
            }
        }
        server.identity.fail_next(wrong, 20);
        example_program renewing(here, pipes, server.words("01_graph_tokens", store));
        silent_about(renewing, secrets);
    }
    for (auto const wrong : {fault::invalid_grant, fault::consent_required, fault::html_page, fault::truncated_json})
    {
        scratch_folder here;
        example_server server;
        example_program program(here, pipes, server.words("01_graph_tokens", here.path("tokens"), {"--client-secret", "canary-client-secret"}));
        auto const url = program.url();
        BOOST_TEST_REQUIRE(!url.empty(), program.messages());
        server.identity.fail_next(wrong, 20);
        auto const came = server.sign_in(url);
        auto const& redirect = came.form.empty() ? came.url : came.form;
        auto const at = redirect.find("code=");
        BOOST_TEST_REQUIRE(at != redirect.npos);
        silent_about(program, {redirect.substr(at + 5, redirect.find('&', at) - at - 5), "canary-client-secret"});
    }
}

BOOST_AUTO_TEST_CASE(a_list_ends_when_nobody_reads_it)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    example_server server;
    auto const store = here.path("tokens");
    server.sign_in(here, server.words("01_graph_tokens", store));
    example_program shell(here, pipes, lost(losses[2].shell, server.words("02_graph_bookings", store)));
    BOOST_TEST(shell.status() == 0);
    BOOST_TEST(contains(shell.messages(), "[status 5]"), shell.messages());
    BOOST_TEST(server.graph.requests() == 1U);   // the second page is not asked for
}

BOOST_AUTO_TEST_CASE(nothing_is_written_where_a_closed_stream_was)
{
    if (examples_are_missing()) return;
    // A file that the program opens must not get the number of a stream that the caller has closed.
    for (auto const* closed : {"<&-", "2>&-", "<&- 2>&-"})
    {
        scratch_folder here;
        example_server server;
        auto const store = here.path("tokens");
        server.sign_in(here, server.words("01_graph_tokens", store));
        example_program shell(here, pipes, lost(("\"$@\" " + std::string(closed)).c_str(), server.words("01_graph_tokens", store)));
        BOOST_TEST(shell.status() == 0, shell.messages());
        BOOST_TEST(shell.out().starts_with("{\"token_type\":\"Bearer\""));
        for (auto const& entry : std::filesystem::directory_iterator(store))
        {
            std::ifstream file(entry.path(), std::ios::binary);
            std::string const text{std::istreambuf_iterator<char>(file), {}};
            BOOST_TEST(!contains(text, "A session is kept"), entry.path());
        }
        example_program next(here, pipes, server.words("01_graph_tokens", store));
        BOOST_TEST(next.status() == 0, next.messages());
    }
}

BOOST_AUTO_TEST_SUITE_END()
