// The lock of a file_store keeps out processes and threads alike, and ends with its holder.

#include <oauth/policy/store/file_store.hpp>
#include <boost/test/unit_test.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;

struct temporary_directory
{
    std::string root = [] {
        auto pattern = (std::filesystem::temp_directory_path() / "oauth-file-store-processes-XXXXXX").string();
        BOOST_TEST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        return pattern;
    }();
    std::string path = root + "/tokens";

    ~temporary_directory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(root, ignored);
    }
};

/// Read the number that is kept, and keep the next one: what is lost if two do it at once.
bool count_up(oauth::file_store& store, std::string_view key)
{
    auto const loaded = store.load(key);
    if (!loaded) return false;
    long const before = *loaded ? std::atol(std::string((*loaded)->refresh_token.reveal()).c_str()) : 0;
    std::this_thread::sleep_for(1ms);
    oauth::session next;
    next.refresh_token = oauth::secret(std::to_string(before + 1));
    return store.probe(key).has_value() && store.save(key, next).has_value();
}

bool count_up_under_the_lock(oauth::file_store& store, std::string_view key)
{
    for (auto const until = std::chrono::steady_clock::now() + 60s; std::chrono::steady_clock::now() < until; std::this_thread::sleep_for(1ms))
    {
        auto const lock = store.try_lock(key);
        if (!lock) return false;
        if (*lock) return count_up(store, key);
    }
    return false;
}

/// A child that holds the lock of "a" until it is killed.
struct holder
{
    pid_t child;

    explicit holder(std::string const& path)
    {
        int ends[2];
        BOOST_TEST_REQUIRE(::pipe(ends) == 0);
        child = ::fork();
        if (child == 0)
        {
            oauth::file_store store{path};
            auto const lock = store.try_lock("a");
            char const taken = lock && *lock ? 'y' : 'n';
            if (::write(ends[1], &taken, 1) != 1) ::_exit(1);
            for (;;) ::pause();
        }
        ::close(ends[1]);
        char taken = 'n';
        BOOST_TEST(::read(ends[0], &taken, 1) == 1);
        BOOST_TEST(taken == 'y');
        ::close(ends[0]);
    }

    void kill()
    {
        if (child <= 0) return;
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        child = 0;
    }

    ~holder() { kill(); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(file_store_processes)

BOOST_AUTO_TEST_CASE(nothing_is_lost_between_processes_and_threads)
{
    constexpr int processes = 8;
    constexpr int threads = 4;
    constexpr int rounds = 3;
    temporary_directory const where;
    std::vector<pid_t> children;
    for (int p = 0; p < processes; ++p)
    {
        auto const child = ::fork();
        if (child == 0)
        {
            std::atomic<bool> good{true};
            {
                oauth::file_store store{where.path};
                std::vector<std::thread> running;
                for (int t = 0; t < threads; ++t)
                    running.emplace_back([&] {
                        for (int i = 0; i < rounds; ++i)
                            if (!count_up_under_the_lock(store, "shared")) good = false;
                    });
                for (auto& thread : running) thread.join();
            }
            ::_exit(good ? 0 : 1);
        }
        children.push_back(child);
    }
    for (auto const child : children)
    {
        int status = 0;
        BOOST_TEST(::waitpid(child, &status, 0) == child);
        BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    }
    oauth::file_store store{where.path};
    BOOST_TEST(store.load("shared").value()->refresh_token.reveal() == std::to_string(processes * threads * rounds));
}

BOOST_AUTO_TEST_CASE(the_lock_ends_with_its_holder)
{
    temporary_directory const where;
    oauth::file_store store{where.path};
    for (int round = 0; round < 10; ++round)
    {
        holder other(where.path);
        BOOST_TEST(!store.try_lock("a").value().has_value());
        BOOST_TEST(store.try_lock("b").value().has_value());
        other.kill();
        BOOST_TEST(store.try_lock("a").value().has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_stopped_holder_holds_it_and_delays_nobody_else)
{
    temporary_directory const where;
    oauth::file_store store{where.path};
    holder const other(where.path);
    ::kill(other.child, SIGSTOP);
    auto const begin = std::chrono::steady_clock::now();
    BOOST_TEST(!store.try_lock("a").value().has_value());
    BOOST_TEST(store.save("a", oauth::session{}).has_value());
    BOOST_TEST(store.load("a").value().has_value());
    BOOST_TEST(store.erase("a").has_value());
    BOOST_TEST((std::chrono::steady_clock::now() - begin < 3s));
}

BOOST_AUTO_TEST_SUITE_END()
