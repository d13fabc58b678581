// Ctrl-C at an example: it ends at once with the exit status that its --help promises, and leaves nothing half-written.

#include "../support/example_program.hpp"
#include "../support/example_server.hpp"
#include <boost/test/unit_test.hpp>
#include <sys/file.h>
#include <sys/stat.h>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

constexpr auto terminal = example_program::place::terminal;
constexpr auto pipes = example_program::place::pipes;
constexpr std::string_view interrupt = "\x03";

/// Names of files in a store that end so.
std::vector<std::string> ending(std::string const& store, std::string_view end)
{
    std::vector<std::string> out;
    std::error_code ec;
    for (auto const& entry : std::filesystem::directory_iterator(store, ec))
        if (auto const name = entry.path().filename().string(); name.ends_with(end)) out.push_back(name);
    return out;
}

/// As a process that is about to replace a file in the store: a save has its temporary file written by then, and waits.
class stopped_saves
{
    int folder_;

public:
    explicit stopped_saves(std::string const& store) : folder_(::open(store.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC))
    {
        BOOST_REQUIRE(::flock(folder_, LOCK_EX | LOCK_NB) == 0);
    }
    stopped_saves(stopped_saves const&) = delete;
    stopped_saves& operator=(stopped_saves const&) = delete;
    ~stopped_saves() { ::close(folder_); }
};

template <class Condition>
bool comes(Condition holds)
{
    for (auto const end = std::chrono::steady_clock::now() + 30s; std::chrono::steady_clock::now() < end; std::this_thread::sleep_for(1ms))
        if (holds()) return true;
    return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(example_interrupted)

BOOST_AUTO_TEST_CASE(the_built_in_provider_while_it_waits_for_the_browser)
{
    if (examples_are_missing()) return;
    for (auto const* name : {"01_graph_tokens", "02_graph_bookings"})
    {
        scratch_folder here;
        example_program program(here, terminal, {name, "--no-browser"});
        BOOST_TEST_REQUIRE(!program.url().empty(), program.messages());
        // Not even now is anything there.
        BOOST_TEST(here.contents() == "");
        program.type(interrupt);
        BOOST_TEST(program.status() == 130, name << ": " << program.messages());
        BOOST_TEST(here.contents() == "");
    }
}

BOOST_AUTO_TEST_CASE(as_a_shell_reports_it)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    example_program shell(here, terminal,
                          {"/bin/sh", "-c", "trap : INT; \"$@\"; echo \"[status $?]\"", "sh", example_program::path_of("01_graph_tokens"), "--no-browser"});
    BOOST_TEST_REQUIRE(!shell.url().empty(), shell.messages());
    shell.type(interrupt);
    BOOST_TEST(shell.says("[status 130]"), shell.messages());
    BOOST_TEST(shell.status() == 0);
    BOOST_TEST(here.contents() == "");
}

BOOST_AUTO_TEST_CASE(the_built_in_provider_while_it_waits_for_a_paste)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    example_program program(here, terminal, {"01_graph_tokens", "--no-browser", "--paste"});
    BOOST_TEST_REQUIRE(program.says("only the code): "), program.messages());
    // The question is asked before the terminal is switched to read it.
    std::this_thread::sleep_for(50ms);
    program.type("half a URL");
    program.type(interrupt);
    BOOST_TEST(program.status() == 130, program.messages());
    BOOST_TEST(here.contents() == "");
}

BOOST_AUTO_TEST_CASE(the_built_in_provider_at_any_moment)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    auto const begin = std::chrono::steady_clock::now();
    {
        example_program whole(here, terminal, {"01_graph_tokens", "--auto", "--json"});
        BOOST_TEST_REQUIRE(whole.status() == 0, whole.messages());
    }
    auto takes = std::chrono::steady_clock::now() - begin;
    BOOST_TEST(here.contents() == "");
    constexpr int rounds = 10;
    int interrupted = 0;
    for (int round = 0; round < rounds; ++round)
    {
        example_program program(here, terminal, {"01_graph_tokens", "--auto", "--json"});
        std::this_thread::sleep_for(takes * round / rounds);
        program.type(interrupt);
        auto const status = program.status();
        BOOST_TEST((status == 130 || status == 0), status << ": " << program.messages());
        interrupted += status == 130;
        if (status == 0) takes /= 2;   // it was slow only then
        BOOST_TEST(here.contents() == "");
    }
    BOOST_TEST(interrupted > rounds / 4);
}

BOOST_AUTO_TEST_CASE(a_kept_session_while_it_waits_for_the_browser)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    example_server server;
    auto const store = here.path("tokens");
    {
        example_program program(here, terminal, server.words("01_graph_tokens", store));
        BOOST_TEST_REQUIRE(!program.url().empty(), program.messages());
        program.type(interrupt);
        BOOST_TEST(program.status() == 130, program.messages());
        // It has tried whether it could keep something there.
        BOOST_TEST(here.contents() == "tokens\n");
    }
    server.sign_in(here, server.words("01_graph_tokens", store));
    auto const kept = here.contents();
    BOOST_TEST(ending(store, ".json").size() == 1U, kept);
    {
        // Whoever breaks off a new sign-in keeps the old session.
        example_program program(here, terminal, server.words("01_graph_tokens", store, {"--new"}));
        BOOST_TEST_REQUIRE(!program.url().empty(), program.messages());
        program.type(interrupt);
        BOOST_TEST(program.status() == 130, program.messages());
        BOOST_TEST(here.contents() == kept);
    }
    example_program next(here, pipes, server.words("01_graph_tokens", store));
    BOOST_TEST(next.status() == 0, next.messages());
    BOOST_TEST(server.identity.refresh_count() == 1U);
}

BOOST_AUTO_TEST_CASE(while_it_saves)
{
    if (examples_are_missing()) return;
    for (bool const renews : {false, true})
    {
        scratch_folder here;
        example_server server;   // it takes no refresh token twice: what was lost would show
        auto const store = here.path("tokens");
        if (renews) server.sign_in(here, server.words("01_graph_tokens", store));
        else BOOST_REQUIRE(::mkdir(store.c_str(), 0700) == 0);
        std::uint64_t const before = renews ? 1 : 0;
        auto const answered = [&] { return renews ? server.identity.refresh_count() : server.identity.counts().code_exchanges; };
        {
            std::optional<stopped_saves> stop(std::in_place, store);
            example_program program(here, terminal, server.words("01_graph_tokens", store));
            if (!renews) server.sign_in(program.url());
            // The tokens have come, and there is a file that they are written to.
            BOOST_TEST_REQUIRE(comes([&] { return answered() == 1U && !ending(store, ".tmp").empty(); }), program.messages());
            program.type(interrupt);
            std::this_thread::sleep_for(300ms);
            BOOST_TEST(program.runs());
            stop.reset();
            BOOST_TEST(program.status() == 130, program.messages());
        }
        BOOST_TEST(ending(store, ".tmp").empty(), here.contents());
        BOOST_TEST(ending(store, ".json").size() == 1U, here.contents());
        example_program next(here, pipes, server.words("01_graph_tokens", store));
        BOOST_TEST(next.status() == 0, next.messages());
        BOOST_TEST(server.identity.refresh_count() == before + 1);
    }
}

BOOST_AUTO_TEST_CASE(while_the_server_answers)
{
    if (examples_are_missing()) return;
    constexpr std::string_view note = "Interrupted: the program ends as soon as what is under way has been stored.";
    struct
    {
        bool renews;
        int signal;   // 0: the key
        char const* name;
        std::vector<std::string> how;
    } const rows[] = {
        {true, 0, "01_graph_tokens", {}},
        {true, SIGTERM, "01_graph_tokens", {}},
        {true, SIGINT, "02_graph_bookings", {}},
        {false, 0, "01_graph_tokens", {}},
        {false, 0, "01_graph_tokens", {"--paste"}},
        {false, SIGHUP, "02_graph_bookings", {}},
    };
    for (auto const& row : rows)
    {
        scratch_folder here;
        testing::authorization_server_options options;
        options.delay = 1500ms;
        options.access_token_lifetime = seconds{1};   // 02 has to renew, too
        example_server server(options);               // it takes no refresh token twice
        auto const store = here.path("tokens");
        if (row.renews)
        {
            server.sign_in(here, server.words("01_graph_tokens", store));
            std::this_thread::sleep_for(1200ms);
        }
        server.identity.fail_next(testing::fault::slow);
        std::uint64_t const before = row.renews ? 1 : 0;
        {
            example_program program(here, terminal, server.words(row.name, store, row.how));
            if (!row.renews)
            {
                auto const url = program.url();
                if (row.how.empty()) server.sign_in(url);
                else
                {
                    BOOST_TEST_REQUIRE(program.says("only the code): "), program.messages());
                    std::this_thread::sleep_for(50ms);
                    beast_transport line;
                    program.type(testing::user_agent(line).sign_in(url).value().url + "\n");
                }
            }
            // The server has given the tokens, and its answer is on the way for a while.
            BOOST_TEST_REQUIRE(comes([&] { return (row.renews ? server.identity.refresh_count() : server.identity.counts().code_exchanges) == 1U; }), program.messages());
            if (row.signal == 0) program.type(interrupt);
            else program.send(row.signal);
            // Whoever is impatient is told, and loses nothing.
            BOOST_TEST(program.says(note), program.messages());
            if (row.signal == 0) program.type(interrupt);
            else program.send(row.signal);
            BOOST_TEST(program.runs());
            BOOST_TEST(program.status() == 128 + (row.signal == 0 ? SIGINT : row.signal), program.messages());
            BOOST_TEST(program.messages().find("token_type") == std::string::npos);   // it ended before it printed
        }
        BOOST_TEST(ending(store, ".tmp").empty(), here.contents());
        example_program next(here, pipes, server.words("01_graph_tokens", store));
        BOOST_TEST(next.status() == 0, row.name << ' ' << row.signal << ": " << next.messages());
        BOOST_TEST(server.identity.refresh_count() == before + 1);
    }
}

BOOST_AUTO_TEST_CASE(once_the_server_has_refused)
{
    if (examples_are_missing()) return;
    scratch_folder here;
    testing::authorization_server_options options;
    example_server server(options);
    auto const store = here.path("tokens");
    server.sign_in(here, server.words("01_graph_tokens", store));
    server.identity.fail_next(testing::fault::invalid_grant);
    example_program program(here, terminal, server.words("01_graph_tokens", store));
    BOOST_TEST_REQUIRE(!program.url().empty(), program.messages());
    // Nothing is under way while it waits for the browser.
    program.type(interrupt);
    BOOST_TEST(program.status() == 130, program.messages());
    BOOST_TEST(program.messages().find("Interrupted") == std::string::npos, program.messages());
}

BOOST_AUTO_TEST_SUITE_END()
