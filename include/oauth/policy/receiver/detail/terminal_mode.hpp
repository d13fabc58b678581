#ifndef OAUTH_POLICY_RECEIVER_DETAIL_TERMINAL_MODE_HPP
#define OAUTH_POLICY_RECEIVER_DETAIL_TERMINAL_MODE_HPP

#if !defined(_WIN32)

#include <csignal>
#include <termios.h>
#include <unistd.h>

namespace oauth::detail {

/** Switches a terminal from lines to characters while it lives.

    A terminal that reads lines cuts them after 4095 bytes without a word, and a redirected URL may be longer. The keys for editing and for signals
    then come as characters too, so that no signal can end the process while the terminal is in this state.
*/
class terminal_mode
{
    int terminal_;
    termios before_{};
    bool changed_ = false;

public:
    /// Does nothing where `terminal` is no terminal.
    explicit terminal_mode(int terminal) : terminal_(terminal)
    {
        if (::isatty(terminal_) == 1 && ::tcgetattr(terminal_, &before_) == 0) enter();
    }

    terminal_mode(terminal_mode const&) = delete;
    terminal_mode& operator=(terminal_mode const&) = delete;
    ~terminal_mode() { leave(); }

    /// Do characters come one by one?
    explicit operator bool() const noexcept { return changed_; }

    bool is_erase(char c) const noexcept { return is_key(c, VERASE) || (changed_ && (c == '\b' || c == '\x7f')); }
    bool is_kill(char c) const noexcept { return is_key(c, VKILL); }
    bool is_end(char c) const noexcept { return is_key(c, VEOF); }

    /// Which signal the key sends, 0 for none.
    int signal_of(char c) const noexcept
    {
        if ((before_.c_lflag & ISIG) == 0) return 0;
        return is_key(c, VINTR) ? SIGINT : is_key(c, VQUIT) ? SIGQUIT : is_key(c, VSUSP) ? SIGTSTP : 0;
    }

    /// Send it, with the terminal as it was, to whom the terminal would send it: a script that runs this program must hear of it too.
    /// Returns if the process lives on.
    void send(int signal)
    {
        leave();
        ::kill(0, signal);
        enter();
    }

private:
    bool is_key(char c, int which) const noexcept
    {
        auto const key = before_.c_cc[which];
        return changed_ && key != _POSIX_VDISABLE && static_cast<unsigned char>(c) == key;
    }

    void enter()
    {
        auto raw = before_;
        raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG | IEXTEN);
        raw.c_cc[VMIN] = 1;
        raw.c_cc[VTIME] = 0;
        changed_ = ::tcsetattr(terminal_, TCSADRAIN, &raw) == 0;
    }

    void leave() noexcept
    {
        if (changed_) ::tcsetattr(terminal_, TCSADRAIN, &before_);
        changed_ = false;
    }
};

} // namespace oauth::detail

#else

namespace oauth::detail {

/// A Windows console has no such limit: nothing to switch.
class terminal_mode
{
public:
    explicit terminal_mode(int) {}
    explicit operator bool() const noexcept { return false; }
    bool is_erase(char) const noexcept { return false; }
    bool is_kill(char) const noexcept { return false; }
    bool is_end(char) const noexcept { return false; }
    int signal_of(char) const noexcept { return 0; }
    void send(int) {}
};

} // namespace oauth::detail

#endif

#endif
