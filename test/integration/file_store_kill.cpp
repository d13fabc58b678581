// A process that saves sessions is killed with SIGKILL: at random points, then at every system call of a save in turn. Whatever the point, what is
// loaded afterwards is a session that was saved whole, not older than the last one acknowledged.
//
// usage: file_store_kill [ROUNDS]       exit status 0: held, 1: broken

#include <oauth/policy/store/file_store.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#if defined(__linux__)
#include <sys/ptrace.h>
#endif

namespace {

namespace fs = std::filesystem;

constexpr std::string_view key = "somebody@example.com";

int broken = 0;

void check(bool holds, std::string_view what, std::string_view more = {})
{
    if (holds) return;
    ++broken;
    std::cout << "BROKEN: " << what << ' ' << more << std::endl;
}

/// Session number `generation`: its size and every byte follow from the number.
oauth::session session_of(std::uint64_t generation)
{
    auto const size = static_cast<std::size_t>(generation * 2654435761u % 70000);
    oauth::session out;
    out.refresh_token = oauth::secret(std::to_string(generation) + ':' + std::string(size, static_cast<char>('a' + generation % 26)));
    return out;
}

/// Which session is it? Nothing where it is none that was ever saved whole.
std::optional<std::uint64_t> generation_of(oauth::session const& value)
{
    auto const text = value.refresh_token.reveal();
    std::uint64_t generation = 0;
    std::from_chars(text.data(), text.data() + text.size(), generation);
    if (value.refresh_token != session_of(generation).refresh_token) return std::nullopt;
    return generation;
}

std::size_t count(fs::path const& directory, std::string_view part)
{
    std::size_t found = 0;
    for (auto const& entry : fs::directory_iterator(directory)) found += entry.path().filename().string().find(part) != std::string::npos;
    return found;
}

/// Load, check that it is a whole one, and say which.
std::uint64_t loaded_generation(oauth::file_store& store)
{
    auto const loaded = store.load(key);
    if (!loaded) check(false, "load fails:", oauth::describe(loaded.error()));
    else if (!*loaded) return 0;
    else if (auto const generation = generation_of(**loaded)) return *generation;
    else check(false, "a session that was never saved");
    return 0;
}

[[noreturn]] void save_for_ever(std::string const& directory, std::uint64_t generation, int acknowledge)
{
    oauth::file_store store{directory};
    for (;;)
    {
        auto const lock = store.try_lock(key);
        if (!lock || !*lock || !store.save(key, session_of(++generation))) ::_exit(1);
        if (::write(acknowledge, &generation, sizeof generation) != sizeof generation) ::_exit(1);
    }
}

void at_random_points(std::string const& directory, int rounds)
{
    std::mt19937 random(std::random_device{}());
    oauth::file_store store{directory};
    std::uint64_t newest = 0;
    int in_the_midst = 0;
    int ahead = 0;
    for (int round = 0; round < rounds; ++round)
    {
        int ends[2];
        if (::pipe(ends) != 0) return check(false, "no pipe");
        auto const child = ::fork();
        if (child == 0)
        {
            ::close(ends[0]);
            save_for_ever(directory, newest, ends[1]);
        }
        ::close(ends[1]);
        std::this_thread::sleep_for(std::chrono::microseconds(random() % 25000));
        ::kill(child, SIGKILL);
        int status = 0;
        ::waitpid(child, &status, 0);
        check(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "the child could not save");
        auto acknowledged = newest;
        for (std::uint64_t next; ::read(ends[0], &next, sizeof next) == sizeof next;) acknowledged = next;
        ::close(ends[0]);

        in_the_midst += fs::exists(directory) && count(directory, ".tmp") != 0;
        auto const generation = loaded_generation(store);
        check(generation == acknowledged || generation == acknowledged + 1, "not the last one:",
            std::to_string(generation) + ", acknowledged: " + std::to_string(acknowledged));
        ahead += generation == acknowledged + 1;
        auto const lock = store.try_lock(key);
        check(lock && *lock, "the lock outlived its holder");
        newest = generation;
    }
    check(newest > 0, "nothing was ever saved");
    check(oauth::file_store{directory}.save(key, session_of(newest + 1)).has_value(), "no save at the end");
    check(count(directory, ".tmp") == 0, "files left behind were not swept");
    check(count(directory, ".corrupt") == 0, "a file was put aside");
    std::cout << "killed at random: " << rounds << " times, " << newest << " sessions saved, " << in_the_midst << " times a temporary file was left, " << ahead
              << " times between rename and acknowledgement" << std::endl;
}

#if defined(__linux__)

void at_every_system_call(std::string const& directory)
{
    oauth::file_store store{directory};
    auto newest = loaded_generation(store);
    int before = 0;
    int after = 0;
    for (int stop = 0;; ++stop)
    {
        if (stop == 10000) return check(false, "a save makes no end of system calls");
        auto const child = ::fork();
        if (child == 0)
        {
            oauth::file_store mine{directory};
            if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(77);
            std::raise(SIGSTOP);
            ::_exit(mine.save(key, session_of(newest + 1)) ? 0 : 1);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        {
            std::cout << "SKIPPED: killing at every system call: ptrace is not allowed here" << std::endl;
            return;
        }
        // Each system call stops twice: before and after it does its work.
        for (int i = 0; i <= stop && WIFSTOPPED(status); ++i)
        {
            ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
            ::waitpid(child, &status, 0);
        }
        bool const ended = WIFEXITED(status);
        if (ended) check(WEXITSTATUS(status) == 0, "save failed");
        else
        {
            ::kill(child, SIGKILL);
            ::waitpid(child, &status, 0);
        }
        auto const generation = loaded_generation(store);
        check(generation == newest || generation == newest + 1, "neither the old one nor the new one at stop", std::to_string(stop));
        check(generation == newest + 1 || !ended, "a save that returned is lost");
        ++(generation == newest ? before : after);
        check(oauth::file_store{directory}.save(key, session_of(generation + 1)).has_value(), "no save after stop", std::to_string(stop));
        check(count(directory, ".tmp") == 0, "a file was not swept after stop", std::to_string(stop));
        newest = generation + 1;
        if (ended) break;
    }
    check(before > 10 && after > 2, "the save was not seen");
    check(count(directory, ".corrupt") == 0, "a file was put aside");
    std::cout << "killed at every system call of a save: " << before << " times the old session stayed, " << after << " times the new one was there" << std::endl;
}

#endif

} // namespace

int main(int argc, char** argv)
{
    int const rounds = argc > 1 ? std::atoi(argv[1]) : 250;
    auto root = (fs::temp_directory_path() / "oauth-file-store-kill-XXXXXX").string();
    if (::mkdtemp(root.data()) == nullptr)
    {
        std::cout << "BROKEN: no temporary directory" << std::endl;
        return 1;
    }
    auto const directory = root + "/tokens";
    at_random_points(directory, rounds);
#if defined(__linux__)
    at_every_system_call(directory);
#endif
    std::error_code ignored;
    fs::remove_all(root, ignored);
    std::cout << (broken == 0 ? "held" : "BROKEN") << std::endl;
    return broken == 0 ? 0 : 1;
}
