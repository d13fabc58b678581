#ifndef OAUTH_POLICY_BROWSER_DETAIL_LAUNCH_HPP
#define OAUTH_POLICY_BROWSER_DETAIL_LAUNCH_HPP

#if !defined(_WIN32)

#include <oauth/core/detail/deadline_after.hpp>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <exception>
#include <string>
#include <thread>
#include <vector>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" char** environ;

namespace oauth::detail {

/// What a program is started with: nothing open but /dev/null, no signal blocked or ignored, and a session of its own,
/// so that a Ctrl-C in our terminal does not end the user's browser.
class detached_start
{
    posix_spawn_file_actions_t files_;
    posix_spawnattr_t attributes_;
    bool ok_ = false;

public:
    detached_start()
    {
        ::posix_spawn_file_actions_init(&files_);
        ::posix_spawnattr_init(&attributes_);
        ok_ = ::posix_spawn_file_actions_addopen(&files_, 0, "/dev/null", O_RDONLY, 0) == 0
           && ::posix_spawn_file_actions_addopen(&files_, 1, "/dev/null", O_WRONLY, 0) == 0
           && ::posix_spawn_file_actions_addopen(&files_, 2, "/dev/null", O_WRONLY, 0) == 0;
        int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
#if defined(POSIX_SPAWN_SETSID)
        flags |= POSIX_SPAWN_SETSID;
#else
        flags |= POSIX_SPAWN_SETPGROUP;
#endif
        // Descriptors that the program did not mark itself stay out of the browser where the system can do that.
#if defined(POSIX_SPAWN_CLOEXEC_DEFAULT)
        flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#elif defined(__GLIBC__)
        // Not in one condition: where there is no such macro, what looks like its call is an error though it does not count.
#if __GLIBC_PREREQ(2, 34)
        ok_ = ok_ && ::posix_spawn_file_actions_addclosefrom_np(&files_, 3) == 0;
#endif
#endif
        sigset_t none;
        sigset_t usual;
        ::sigemptyset(&none);
        ::sigemptyset(&usual);
        for (int signal : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM, SIGTERM, SIGCHLD, SIGUSR1, SIGUSR2}) ::sigaddset(&usual, signal);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &usual);
        ok_ = ok_ && ::posix_spawnattr_setflags(&attributes_, static_cast<short>(flags)) == 0;
    }

    detached_start(detached_start const&) = delete;
    detached_start& operator=(detached_start const&) = delete;

    ~detached_start()
    {
        ::posix_spawn_file_actions_destroy(&files_);
        ::posix_spawnattr_destroy(&attributes_);
    }

    /// Start it. Returns its id, or -1 where there is no such program.
    pid_t operator()(std::vector<std::string> const& command) const
    {
        if (!ok_ || command.empty()) return -1;
        std::vector<char*> arguments;
        for (auto const& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
        arguments.push_back(nullptr);
        pid_t id = -1;
        return ::posix_spawnp(&id, arguments[0], &files_, &attributes_, arguments.data(), environ) == 0 ? id : -1;
    }
};

/// Take the status of `id` when it ends, whenever that is, so that it does not stay a zombie.
inline void reap_later(pid_t id) noexcept
{
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    // The thread inherits the mask: signals that the program waits for must not end here.
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    try
    {
        std::thread([id] {
            while (::waitpid(id, nullptr, 0) < 0 && errno == EINTR) {}
        }).detach();
    }
    catch (std::exception const&)
    {
        // Without a thread a zombie stays until this process ends: harmless.
    }
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

/** Start `command` and watch its first moments.

    @return true when it ended well, or still runs after `watch`; false when there is no such program or it ended with a fault.
*/
inline bool launch(std::vector<std::string> const& command, std::chrono::milliseconds watch)
{
    auto const id = detached_start()(command);
    if (id < 0) return false;
    auto const end = deadline_after(watch);
    for (auto pause = std::chrono::milliseconds(1);; pause = std::min(pause * 2, std::chrono::milliseconds(20)))
    {
        int status = 0;
        auto const ended = ::waitpid(id, &status, WNOHANG);
        if (ended == id) return WIFEXITED(status) && WEXITSTATUS(status) == 0;
        // A program that ignores SIGCHLD, or waits for all of its children, leaves nothing for us to see.
        if (ended < 0 && errno != EINTR) return true;
        if (std::chrono::steady_clock::now() >= end) break;
        std::this_thread::sleep_for(pause);
    }
    reap_later(id);
    return true;
}

} // namespace oauth::detail

#endif

#endif
