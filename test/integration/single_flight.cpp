// One renewal, however many ask: threads of one flow, and threads of many processes that share a file_store, against a server that rotates strictly: there a
// refresh token that is spent twice ends the session.

#include <oauth/flow/flow.hpp>
#include <oauth/policy/store/file_store.hpp>
#include <oauth/policy/transport/beast_transport.hpp>
#include <oauth/testing/authorization_server.hpp>
#include <oauth/testing/loopback_server.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <oauth/testing/server_transport.hpp>
#include <boost/test/unit_test.hpp>
#include "../support/printing.hpp"
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <latch>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace std::chrono_literals;

constexpr int processes = 8, threads_each = 8;

/// The machine's clock, so much later.
struct later_clock
{
    seconds by{};
    time_point now() const noexcept { return system_clock().now() + by; }
};

using shared_flow = flow<beast_transport, file_store, later_clock>;

client example_client() { return {.id = "the-client", .redirect_uri = "http://localhost:8400/", .scope = "offline_access Mail.Read"}; }

server_metadata metadata_of(std::string const& issuer, std::string const& token_endpoint)
{
    server_metadata made;
    made.issuer = issuer;
    made.token_endpoint = token_endpoint;
    return made;
}

std::string ask(shared_flow& graph)
{
    auto const token = graph.access_token();
    return token.has_value() ? "token " + std::string(token->reveal()) : "failure " + token.error().code.message();
}

/// What `count` threads get that begin at the same time.
std::vector<std::string> ask_at_once(shared_flow& graph, int count)
{
    std::vector<std::string> got(static_cast<std::size_t>(count));
    std::latch begin(count);
    std::vector<std::thread> threads;
    for (auto& one : got)
        threads.emplace_back([&] {
            begin.arrive_and_wait();
            one = ask(graph);
        });
    for (auto& thread : threads) thread.join();
    return got;
}

/// This very program, run once more as a user of the store: waits for the word, asks with some threads, writes what they got.
class child
{
    pid_t id_ = 0;
    int to_ = -1, from_ = -1;

public:
    child(std::string const& directory, server_metadata const& server, seconds later, int threads)
    {
        std::vector<std::string> arguments{"single_flight", "--run_test=another_process", "--log_level=nothing", "--report_level=no", "--result_code=no", "--",
                                           directory, server.issuer, server.token_endpoint.url(), std::to_string(later.count()), std::to_string(threads)};
        std::vector<char*> pointers;
        for (auto& argument : arguments) pointers.push_back(argument.data());
        pointers.push_back(nullptr);
        int input[2], output[2];
        BOOST_TEST_REQUIRE(::pipe2(input, O_CLOEXEC) == 0);
        BOOST_TEST_REQUIRE(::pipe2(output, O_CLOEXEC) == 0);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, input[0], 3);
        ::posix_spawn_file_actions_adddup2(&actions, output[1], 4);
        BOOST_TEST_REQUIRE(::posix_spawn(&id_, "/proc/self/exe", &actions, nullptr, pointers.data(), environ) == 0);
        ::posix_spawn_file_actions_destroy(&actions);
        ::close(input[0]);
        ::close(output[1]);
        to_ = input[1];
        from_ = output[0];
    }

    child(child&& other) noexcept : id_(std::exchange(other.id_, 0)), to_(std::exchange(other.to_, -1)), from_(std::exchange(other.from_, -1)) {}

    ~child()
    {
        if (id_ == 0) return;
        kill();
        collect();
    }

    /// Wait till it is ready.
    void wait_until_ready() { BOOST_TEST_REQUIRE(read_line() == "ready"); }

    void go()
    {
        ::close(to_);
        to_ = -1;
    }

    void kill() { ::kill(id_, SIGKILL); }

    /// What its threads got.
    std::vector<std::string> collect()
    {
        std::vector<std::string> lines;
        for (auto line = read_line(); !line.empty(); line = read_line()) lines.push_back(std::move(line));
        if (to_ >= 0) ::close(to_);
        ::close(from_);
        ::waitpid(std::exchange(id_, 0), nullptr, 0);
        return lines;
    }

private:
    std::string read_line()
    {
        std::string line;
        for (char c; ::read(from_, &c, 1) == 1 && c != '\n';) line += c;
        return line;
    }
};

/// The server on loopback, which can be told to hold a token request back: before it is dealt with, or after.
class served
{
public:
    enum class hold { none, before, after };

private:
    using strict_server = testing::authorization_server<>;

    std::mutex mutex_;
    std::condition_variable changed_;
    hold hold_ = hold::none;
    bool holding_ = false;
    strict_server server_;
    testing::loopback_server<std::function<http_response(http_request const&)>> loopback_;

public:
    explicit served(testing::rotation rotation = testing::rotation::strict)
        : server_(options(rotation)), loopback_([this](http_request const& request) { return answer(request); })
    {
        server_.set_origin(loopback_.origin());
    }

    ~served() { release(); }

    strict_server const& server() const { return server_; }

    void hold_next(hold what)
    {
        std::lock_guard const lock(mutex_);
        hold_ = what;
    }

    void wait_until_holding()
    {
        std::unique_lock lock(mutex_);
        BOOST_TEST_REQUIRE(changed_.wait_for(lock, 30s, [this] { return holding_; }));
    }

    void release()
    {
        std::lock_guard const lock(mutex_);
        holding_ = false;
        changed_.notify_all();
    }

private:
    static testing::authorization_server_options options(testing::rotation rotation)
    {
        testing::authorization_server_options made;
        made.clients = {testing::registered_client::of(example_client())};
        made.rotation = rotation;
        return made;
    }

    http_response answer(http_request const& request)
    {
        std::unique_lock lock(mutex_);
        auto const what = std::exchange(hold_, hold::none);
        if (what == hold::none)
        {
            lock.unlock();
            return server_.handle(request);
        }
        auto said = what == hold::after ? server_.handle(request) : http_response{503, {}, {}};
        holding_ = true;
        changed_.notify_all();
        changed_.wait(lock, [this] { return !holding_; });
        return said;
    }
};

struct desk
{
    std::string root = [] {
        auto pattern = (std::filesystem::temp_directory_path() / "oauth-single-flight-XXXXXX").string();
        BOOST_TEST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        return pattern;
    }();
    served provider;
    server_metadata metadata = provider.server().metadata();

    explicit desk(testing::rotation rotation = testing::rotation::strict) : provider(rotation)
    {
        auto graph = flow_at(0s);
        auto pending = graph.authorize().value();
        auto const redirect = provider.server().sign_in(pending.url);
        graph.exchange(std::move(pending), redirect).value();
    }

    ~desk()
    {
        std::error_code ignored;
        std::filesystem::remove_all(root, ignored);
    }

    std::string directory() const { return root + "/tokens"; }
    shared_flow flow_at(seconds later) { return shared_flow{metadata, example_client(), beast_transport{}, file_store{directory()}, later_clock{later}}; }
    child spawn(seconds later, int threads) { return child(directory(), metadata, later, threads); }

    std::vector<child> spawn_all(int count, seconds later)
    {
        std::vector<child> made;
        made.reserve(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i) made.push_back(spawn(later, threads_each));
        for (auto& one : made) one.wait_until_ready();
        return made;
    }
};

/// How often each answer came.
std::map<std::string, int> collect(std::vector<child>& children)
{
    std::map<std::string, int> got;
    for (auto& one : children)
        for (auto& line : one.collect()) ++got[line];
    return got;
}

bool is_one_token(std::map<std::string, int> const& got, int count)
{
    bool const good = got.size() == 1 && got.begin()->first.starts_with("token ") && got.begin()->second == count;
    if (!good)
        for (auto const& [line, times] : got) BOOST_TEST_MESSAGE(times << " times " << line);
    return good;
}

} // namespace

BOOST_AUTO_TEST_SUITE(single_flight)

BOOST_AUTO_TEST_CASE(of_processes_and_threads)   // whoever waits shares what one has renewed
{
    desk here;
    std::string last;
    for (int round = 1; round <= 4; ++round)
    {
        auto children = here.spawn_all(processes, round * 2h);
        for (auto& one : children) one.go();
        auto const got = collect(children);
        BOOST_TEST(is_one_token(got, processes * threads_each), "round " << round);
        BOOST_TEST(here.provider.server().refresh_count() == static_cast<unsigned>(round));
        BOOST_TEST_REQUIRE(!got.empty());
        BOOST_TEST(got.begin()->first != last);
        last = got.begin()->first;
    }
    BOOST_TEST(here.provider.server().counts().reuses_detected == 0U);
    BOOST_TEST(here.provider.server().counts().token_requests == 5U);
}

// The process that renews is killed before the server has dealt with its request: the lock ends with it, another renews, nobody is signed out.
BOOST_AUTO_TEST_CASE(of_a_process_that_is_killed_before_its_request_is_dealt_with)
{
    desk here;
    for (int round = 1; round <= 2; ++round)
    {
        here.provider.hold_next(served::hold::before);
        auto first = here.spawn(round * 2h, 1);
        first.wait_until_ready();
        first.go();
        here.provider.wait_until_holding();
        auto others = here.spawn_all(processes - 1, round * 2h);
        for (auto& one : others) one.go();
        std::this_thread::sleep_for(50ms);
        first.kill();
        auto const got = collect(others);
        here.provider.release();
        BOOST_TEST(is_one_token(got, (processes - 1) * threads_each));
        BOOST_TEST(here.provider.server().refresh_count() == static_cast<unsigned>(round));
        BOOST_TEST(first.collect().empty());
    }
    BOOST_TEST(here.provider.server().counts().reuses_detected == 0U);
}

// Killed after the server has rotated: a server that lets the old token pass, as Entra does, is asked once more; nobody is signed out.
BOOST_AUTO_TEST_CASE(of_a_process_that_is_killed_before_it_saves_under_a_lenient_server)
{
    desk here(testing::rotation::lenient);
    here.provider.hold_next(served::hold::after);
    auto first = here.spawn(2h, 1);
    first.wait_until_ready();
    first.go();
    here.provider.wait_until_holding();
    auto others = here.spawn_all(processes - 1, 2h);
    for (auto& one : others) one.go();
    std::this_thread::sleep_for(50ms);
    first.kill();
    auto const got = collect(others);
    here.provider.release();
    BOOST_TEST(is_one_token(got, (processes - 1) * threads_each));
    BOOST_TEST(here.provider.server().refresh_count() == 2U);
    BOOST_TEST(first.collect().empty());
}

// The same under a strict one: its answer is lost, and with it the session. One request finds that out; then all know, and nobody asks in vain.
BOOST_AUTO_TEST_CASE(of_a_process_that_is_killed_before_it_saves_under_a_strict_server)
{
    desk here;
    here.provider.hold_next(served::hold::after);
    auto first = here.spawn(2h, 1);
    first.wait_until_ready();
    first.go();
    here.provider.wait_until_holding();
    auto others = here.spawn_all(processes - 1, 2h);
    for (auto& one : others) one.go();
    std::this_thread::sleep_for(50ms);
    first.kill();
    auto const got = collect(others);
    here.provider.release();
    std::map<std::string, int> const expected{{"failure " + make_error_code(server_errc::invalid_grant).message(), 1},
                                              {"failure " + make_error_code(errc::session_ended).message(), (processes - 1) * threads_each - 1}};
    BOOST_TEST((got == expected));
    BOOST_TEST(here.provider.server().counts().token_requests == 3U);
    // A new sign-in mends it for all.
    auto graph = here.flow_at(2h);
    auto pending = graph.authorize().value();
    auto const redirect = here.provider.server().sign_in(pending.url);
    BOOST_TEST(graph.exchange(std::move(pending), redirect).has_value());
    BOOST_TEST(ask(graph).starts_with("token "));
}

BOOST_AUTO_TEST_CASE(of_threads_of_one_flow)
{
    testing::manual_clock clock;
    testing::authorization_server_options options;
    options.clients = {testing::registered_client::of(example_client())};
    testing::authorization_server server(options, clock);
    flow graph{server.metadata(), example_client(), testing::server_transport{server}, memory_store{}, clock};
    auto pending = graph.authorize().value();
    auto const redirect = server.sign_in(pending.url);
    graph.exchange(std::move(pending), redirect).value();
    for (unsigned round = 1; round <= 5; ++round)
    {
        clock.advance(3600s);
        std::vector<std::string> got(64);
        std::latch begin(64);
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < got.size(); ++i)
            threads.emplace_back([&, i] {
                begin.arrive_and_wait();
                // All but those who name a minimum that no token has: for them too, another's new token is as good as one of their own.
                access_token_query const query{.minimum_life = i % 2 ? std::optional<seconds>(7200s) : std::nullopt};
                got[i] = std::string(graph.access_token(query).value().reveal());
            });
        for (auto& thread : threads) thread.join();
        for (auto const& token : got) BOOST_TEST(server.accepts(token));
        BOOST_TEST(server.refresh_count() >= round);
    }
    BOOST_TEST(server.counts().reuses_detected == 0U);

    auto const before = server.refresh_count();
    for (unsigned round = 1; round <= 5; ++round)
    {
        clock.advance(3600s);
        std::map<std::string, int> got;
        std::mutex mutex;
        std::latch begin(64);
        std::vector<std::thread> threads;
        for (int i = 0; i < 64; ++i)
            threads.emplace_back([&] {
                begin.arrive_and_wait();
                auto const token = graph.access_token().value();
                std::lock_guard const lock(mutex);
                ++got["token " + std::string(token.reveal())];
            });
        for (auto& thread : threads) thread.join();
        BOOST_TEST(is_one_token(got, 64));
        BOOST_TEST(server.refresh_count() == before + round);
    }
}

// All functions at once, for the thread sanitizer; and the session comes out of it whole.
BOOST_AUTO_TEST_CASE(of_everything_at_once)
{
    testing::manual_clock clock;
    testing::authorization_server_options options;
    options.clients = {testing::registered_client::of(example_client())};
    options.access_token_lifetime = 20s;   // the whole takes some minutes of its clock, in which no sign-in may expire
    testing::authorization_server server(options, clock);
    flow graph{server.metadata(), example_client(), testing::server_transport{server}, memory_store{}, clock};
    auto const sign_in = [&](account const& whose) {
        auto pending = graph.authorize().value();
        auto const redirect = server.sign_in(pending.url);
        return graph.exchange(std::move(pending), redirect, whose);
    };
    account const ann{"ann"}, bob{"bob"};
    sign_in(ann).value();
    sign_in(bob).value();
    std::mutex mutex;
    std::map<std::string, int> wrong;
    auto const check = [&](char const* what, auto const& outcome) {
        if (outcome.has_value()) return;
        std::lock_guard const lock(mutex);
        ++wrong[what + (": " + describe(outcome.error()))];
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, i] {
            auto const& whose = i % 2 ? ann : bob;
            for (int n = 0; n < 40; ++n)
                switch ((i + n) % 5)
                {
                case 0: check("refresh", graph.refresh({}, whose)); break;
                case 1: check("sign_in", sign_in(whose)); break;
                case 2: check("session", graph.session(whose)); break;
                case 3: clock.advance(5s); [[fallthrough]];
                default: check("access_token", graph.access_token(whose));
                }
        });
    for (auto& thread : threads) thread.join();
    for (auto const& [what, times] : wrong) BOOST_ERROR(times << " times " << what);
    clock.advance(3600s);
    BOOST_TEST(server.accepts(graph.access_token(ann).value().reveal()));
    BOOST_TEST(server.accepts(graph.access_token(bob).value().reveal()));
    BOOST_TEST(server.counts().reuses_detected == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

// Run by the tests above only: the word comes in by descriptor 3, the answers go out by 4.
BOOST_AUTO_TEST_SUITE(another_process, *boost::unit_test::disabled())

BOOST_AUTO_TEST_CASE(asks)
{
    auto const& suite = boost::unit_test::framework::master_test_suite();
    BOOST_TEST_REQUIRE(suite.argc >= 6);
    auto const argument = [&suite](int at) { return std::string(suite.argv[suite.argc - 5 + at]); };
    auto const write = [](std::string const& text) { return ::write(4, text.data(), text.size()) == static_cast<ssize_t>(text.size()); };
    shared_flow graph{metadata_of(argument(1), argument(2)), example_client(), beast_transport{}, file_store{argument(0)}, later_clock{seconds{std::stol(argument(3))}}};
    BOOST_TEST(write("ready\n"));
    char word;
    while (::read(3, &word, 1) == 1) continue;
    for (auto const& line : ask_at_once(graph, std::stoi(argument(4)))) BOOST_TEST(write(line + '\n'));
}

BOOST_AUTO_TEST_SUITE_END()
