#ifndef EXAMPLE_SUPPORT_SERVING_HPP
#define EXAMPLE_SUPPORT_SERVING_HPP

#include <csignal>
#include <cstdint>
#include <ctime>

#include <signal.h>   // pthread_sigmask, sigtimedwait

namespace example {

/// Ctrl-C ends the waiting, not the program. Make it before any thread is started: they inherit it.
class serving
{
    sigset_t ends_;

public:
    serving()
    {
        sigemptyset(&ends_);
        for (int signal : {SIGINT, SIGTERM}) sigaddset(&ends_, signal);
        pthread_sigmask(SIG_BLOCK, &ends_, nullptr);
    }

    /// Wait for Ctrl-C, at most so many seconds; 0 is no limit.
    void wait(std::uint16_t seconds) const
    {
        timespec const limit{seconds, 0};
        if (seconds == 0) while (sigwaitinfo(&ends_, nullptr) < 0) continue;
        else sigtimedwait(&ends_, nullptr, &limit);
    }
};

} // namespace example

#endif
