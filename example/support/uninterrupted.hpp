#ifndef EXAMPLE_SUPPORT_UNINTERRUPTED_HPP
#define EXAMPLE_SUPPORT_UNINTERRUPTED_HPP

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <string_view>

#include <signal.h>   // sigaction
#include <unistd.h>   // write

namespace example {

/** While one lives, Ctrl-C, kill and a terminal that is closed wait; the last one to go lets them end the program as ever.

    It says so on standard error at once, so that nobody thinks that the program hangs. What ends it waits must be short, or have a deadline.

    A handler and not a mask: a signal may come to any thread, also to one that was there before. One thread at a time makes and destroys them.
*/
class uninterrupted
{
    static constexpr std::array signals{SIGHUP, SIGINT, SIGTERM};
    static constexpr std::string_view note = "\nInterrupted: the program ends as soon as what is under way has been stored.\n";

    inline static std::atomic<int> came_ = 0;
    inline static int living_ = 0;
    inline static std::array<struct sigaction, signals.size()> before_;
    static_assert(std::atomic<int>::is_always_lock_free, "else no signal handler may touch it");

    static void note_signal(int signal) noexcept
    {
        int const before = errno;
        int none = 0;
        if (came_.compare_exchange_strong(none, signal))
            if (auto const written = ::write(STDERR_FILENO, note.data(), note.size()); written < 0) {}   // nothing can be done about it
        errno = before;
    }

public:
    uninterrupted() noexcept
    {
        if (living_++ != 0) return;
        struct sigaction waits = {};
        waits.sa_handler = note_signal;
        waits.sa_flags = SA_RESTART;
        sigemptyset(&waits.sa_mask);
        for (std::size_t i = 0; i < signals.size(); ++i)
        {
            ::sigaction(signals[i], nullptr, &before_[i]);
            // Under nohup a closed terminal ends nothing, nor does it here.
            if (before_[i].sa_handler != SIG_IGN) ::sigaction(signals[i], &waits, nullptr);
        }
    }

    uninterrupted(uninterrupted const&) = delete;
    uninterrupted& operator=(uninterrupted const&) = delete;

    ~uninterrupted()
    {
        if (--living_ != 0) return;
        for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before_[i], nullptr);
        if (int const signal = came_.exchange(0); signal != 0) ::raise(signal);
    }
};

} // namespace example

#endif
