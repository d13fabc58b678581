#ifndef OAUTH_TEST_SUPPORT_EXAMPLE_PROGRAM_HPP
#define OAUTH_TEST_SUPPORT_EXAMPLE_PROGRAM_HPP

#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

namespace oauth::test {

/// Says so, and is true, where the built examples are not there: then there is nothing to test.
inline bool examples_are_missing()
{
    auto const* const folder = std::getenv("OAUTH_EXAMPLES");
    if (folder != nullptr && std::filesystem::exists(std::string(folder) + "/01_graph_tokens")) return false;
    std::cout << "skipped: the examples are not built (OAUTH_EXAMPLES names their folder)" << std::endl;
    return true;
}

/// A home and a folder for temporary files, for one program; gone with this object.
class scratch_folder
{
    std::filesystem::path path_;

public:
    scratch_folder()
    {
        auto name = (std::filesystem::temp_directory_path() / "oauth-example-test-XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        path_ = name;
        for (auto const* folder : {"home", "tmp"}) std::filesystem::create_directory(path_ / folder);
    }
    scratch_folder(scratch_folder const&) = delete;
    scratch_folder& operator=(scratch_folder const&) = delete;
    ~scratch_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string path(char const* name) const { return (path_ / name).string(); }

    /// Everything in there but the two folders themselves, one a line.
    std::string contents() const
    {
        std::string out;
        for (auto const& entry : std::filesystem::recursive_directory_iterator(path_))
            if (entry.path() != path_ / "home" && entry.path() != path_ / "tmp") (out += entry.path().lexically_relative(path_).string()) += '\n';
        return out;
    }
};

/// A built example, run as a user runs it: in pipes, with nothing on standard input, or on a terminal of its own.
class example_program
{
    using steady = std::chrono::steady_clock;
    static constexpr std::chrono::seconds patience{60};

    pid_t child_ = -1;
    int ended_ = -1;              // exit status, once it has ended
    std::array<int, 2> ends_{-1, -1};   // what is read: the screen or standard error, and standard output
    std::array<std::string, 2> read_;

public:
    enum class place { pipes, terminal };

    /// The first of `words` is the example's name; or, with a slash in it, another program.
    example_program(scratch_folder const& home, place where, std::vector<std::string> words)
    {
        if (words.front().find('/') == std::string::npos) words.front() = path_of(words.front());
        std::vector<std::string> environment{"PATH=" + variable("PATH"), "HOME=" + home.path("home"), "TMPDIR=" + home.path("tmp"), "TZ=UTC", "LC_ALL=C"};
        for (auto const* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"})
            if (auto const value = variable(name); !value.empty()) environment.push_back(std::string(name) + '=' + value);
        auto arguments = pointers(words), variables = pointers(environment);
        auto const folder = home.path("home");

        std::array<int, 4> pipes{-1, -1, -1, -1};
        if (where == place::terminal) child_ = ::forkpty(&ends_[0], nullptr, nullptr, nullptr);
        else
        {
            BOOST_REQUIRE(::pipe2(pipes.data(), O_CLOEXEC) == 0 && ::pipe2(pipes.data() + 2, O_CLOEXEC) == 0);
            child_ = ::fork();
        }
        BOOST_REQUIRE(child_ >= 0);
        if (child_ == 0)
        {
            // Only what may be called between fork and exec: this process has threads.
            if (where == place::pipes)
            {
                ::dup2(::open("/dev/null", O_RDONLY), 0);
                ::dup2(pipes[3], 1);
                ::dup2(pipes[1], 2);
            }
            if (::chdir(folder.c_str()) == 0) ::execve(arguments[0], arguments.data(), variables.data());
            ::_exit(126);
        }
        if (where == place::terminal) ::fcntl(ends_[0], F_SETFD, FD_CLOEXEC);
        else
        {
            ends_ = {pipes[0], pipes[2]};
            ::close(pipes[1]);
            ::close(pipes[3]);
        }
    }
    example_program(example_program const&) = delete;
    example_program& operator=(example_program const&) = delete;
    ~example_program()
    {
        if (ended_ < 0)
        {
            ::kill(child_, SIGKILL);
            ::waitpid(child_, nullptr, 0);
        }
        for (int const end : ends_) if (end >= 0) ::close(end);
    }

    static std::string path_of(std::string const& name) { return variable("OAUTH_EXAMPLES") + '/' + name; }

    /// What stands on the screen; in pipes, what came on standard error.
    std::string const& messages() const noexcept { return read_[0]; }

    /// What came on standard output; on a terminal that is among the messages.
    std::string const& out() const noexcept { return read_[1]; }

    /// Wait until `text` stands in the messages.
    bool says(std::string_view text)
    {
        auto const end = steady::now() + patience;
        while (read_[0].find(text) == std::string::npos)
            if (steady::now() > end || !look(100)) return read_[0].find(text) != std::string::npos;
        return true;
    }

    /// Wait for the URL to sign in at: it stands on a line of its own.
    std::string url()
    {
        constexpr std::string_view before = "\n  http";
        if (!says(before)) return {};
        auto const begin = read_[0].find(before) + 3;
        auto const end = steady::now() + patience;
        while (read_[0].find('\n', begin) == std::string::npos && steady::now() < end && look(100)) {}
        return read_[0].substr(begin, read_[0].find_first_of("\r\n", begin) - begin);
    }

    /// On its terminal.
    void type(std::string_view keys) { BOOST_REQUIRE(::write(ends_[0], keys.data(), keys.size()) == static_cast<ssize_t>(keys.size())); }

    /// As `kill` does it.
    void send(int signal) { BOOST_REQUIRE(::kill(child_, signal) == 0); }

    bool runs()
    {
        take_status(WNOHANG);
        return ended_ < 0;
    }

    /// Wait for its end: the exit status as a shell reports it, 128 and the signal where one ended it; -1 where it does not end.
    int status()
    {
        auto const end = steady::now() + patience;
        while (look(100) && runs() && steady::now() < end) {}
        while (runs() && steady::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(5));
        if (ended_ >= 0) while (look(0) && has_more()) {}
        return ended_;
    }

private:
    static std::string variable(char const* name)
    {
        auto const* const value = std::getenv(name);
        return value == nullptr ? "" : value;
    }

    static std::vector<char*> pointers(std::vector<std::string>& texts)
    {
        std::vector<char*> out;
        for (auto& text : texts) out.push_back(text.data());
        out.push_back(nullptr);
        return out;
    }

    void take_status(int how)
    {
        int status = 0;
        if (ended_ < 0 && ::waitpid(child_, &status, how) == child_) ended_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }

    bool has_more() const
    {
        pollfd ready[2] = {{ends_[0], POLLIN, 0}, {ends_[1], POLLIN, 0}};
        return ::poll(ready, 2, 0) > 0 && ((ready[0].revents | ready[1].revents) & POLLIN) != 0;
    }

    /// Read what there is, waiting at most `milliseconds`. False once all is closed.
    bool look(int milliseconds)
    {
        pollfd ready[2] = {{ends_[0], POLLIN, 0}, {ends_[1], POLLIN, 0}};
        if (ends_[0] < 0 && ends_[1] < 0) return false;
        if (::poll(ready, 2, milliseconds) <= 0) return true;
        for (std::size_t i = 0; i < 2; ++i)
        {
            if (ready[i].revents == 0 || ends_[i] < 0) continue;
            std::array<char, 4096> block;
            auto const got = ::read(ends_[i], block.data(), block.size());
            if (got > 0) read_[i].append(block.data(), static_cast<std::size_t>(got));
            else ::close(std::exchange(ends_[i], -1));
        }
        return ends_[0] >= 0 || ends_[1] >= 0;
    }
};

} // namespace oauth::test

#endif
