#ifndef OAUTH_POLICY_RECEIVER_DETAIL_PASTED_LINE_HPP
#define OAUTH_POLICY_RECEIVER_DETAIL_PASTED_LINE_HPP

#include <oauth/core/detail/unwrapped.hpp>
#include <oauth/policy/receiver/detail/terminal_mode.hpp>
#include <oauth/policy/receiver/detail/wiping_allocator.hpp>
#include <cstddef>
#include <csignal>
#include <ostream>
#include <streambuf>
#include <string_view>
#include <vector>

namespace oauth::detail {

/// One line that somebody typed or pasted. It may hold a code, and is wiped.
class pasted_line
{
    std::vector<char, wiping_allocator<char>> text_;
    bool too_long_ = false;

public:
    /// The longest line that is taken.
    static constexpr std::size_t limit = 64 * 1024;

    /// How much is read in search of a line's end: what has none comes from no person.
    static constexpr std::size_t most_read = 1024 * 1024;

    enum class end { line, closed, cancelled };

    bool too_long() const noexcept { return too_long_; }

    /// The line without what comes along with a paste: blanks and quotes around it.
    std::string_view text() const noexcept { return unwrapped({text_.data(), text_.size()}); }

    /** Read to the end of the line, or of the input, or up to `most_read` bytes, which is too long a line. Terminal escapes, such as those around a bracketed paste, are left out.

        Where `terminal` gives characters instead of lines, they are echoed to `echo`, and the keys for erasing, ending and signals do what they always do.
    */
    end read(std::streambuf& in, std::ostream& echo, terminal_mode& terminal)
    {
        using traits = std::streambuf::traits_type;
        enum class escape { none, begun, sequence } escape = escape::none;
        text_.clear();
        too_long_ = false;
        for (std::size_t taken = 0;; ++taken)
        {
            if (taken == most_read)
            {
                too_long_ = true;
                break;
            }
            auto const got = in.sbumpc();
            // A last line without its end counts.
            if (traits::eq_int_type(got, traits::eof())) return text_.empty() && !too_long_ ? end::closed : end::line;
            char const c = traits::to_char_type(got);
            if (int const signal = terminal.signal_of(c); signal != 0)
            {
                echo << '\n' << std::flush;
                terminal.send(signal);
                if (signal == SIGINT) return end::cancelled;
                show(echo, {text_.data(), text_.size()});
                continue;
            }
            if (c == '\n') break;
            if (terminal.is_end(c))
            {
                if (text_.empty()) return end::closed;
            }
            else if (terminal.is_erase(c)) erase(echo);
            else if (terminal.is_kill(c))
            {
                while (!text_.empty()) erase(echo);
            }
            else if (c == '\x1b') escape = escape::begun;
            else if (escape == escape::begun) escape = c == '[' || c == 'O' ? escape::sequence : escape::none;
            else if (escape == escape::sequence)
            {
                if (c >= '@' && c <= '~') escape = escape::none;
            }
            else if (text_.size() == limit) too_long_ = true;
            else
            {
                text_.push_back(c);
                if (terminal) show(echo, {&c, 1});
            }
        }
        if (terminal) echo << '\n' << std::flush;
        return end::line;
    }

private:
    static void show(std::ostream& echo, std::string_view text)
    {
        for (char c : text)
            if (static_cast<unsigned char>(c) >= ' ') echo.put(c);
        echo.flush();
    }

    void erase(std::ostream& echo)
    {
        if (text_.empty()) return;
        // All bytes of one UTF-8 character.
        char gone = 0;
        do
        {
            gone = text_.back();
            text_.pop_back();
        } while (!text_.empty() && (static_cast<unsigned char>(gone) & 0xc0u) == 0x80u);
        echo << "\b \b" << std::flush;
    }
};

} // namespace oauth::detail

#endif
