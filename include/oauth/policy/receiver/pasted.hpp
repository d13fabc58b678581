#ifndef OAUTH_POLICY_RECEIVER_PASTED_HPP
#define OAUTH_POLICY_RECEIVER_PASTED_HPP

#include <oauth/error/result.hpp>
#include <oauth/policy/receiver/detail/pasted_line.hpp>
#include <oauth/policy/receiver/detail/terminal_mode.hpp>
#include <oauth/policy/redirect_receiver.hpp>
#include <iostream>
#include <istream>
#include <ostream>
#include <string>

namespace oauth {

/** Has the user paste where the browser was sent: the whole URL, or only the code. For redirect URIs that this program can't serve,
    and where there is no browser.

    Reads lines from a stream, as a rule standard input, and asks on another, as a rule standard error, so that standard output stays the program's.
    Blanks, quotes and terminal escapes around a paste are taken off. What is typed is seen: a code is good for one use, and only together with
    this program's verifier.

    On a terminal lines of up to 64 KiB can be pasted: a terminal by itself cuts them after 4095 bytes. It is switched for that while a line is read, and
    back again before anything else happens, Ctrl-C and Ctrl-Z included.

    @par Lifetime
    The streams must outlive it. What standard input itself buffers is not wiped.

    @par Thread safety
    One thread at a time, and nobody else may use the streams meanwhile.
*/
class pasted
{
    std::istream* in_ = &std::cin;
    std::ostream* out_ = &std::cerr;

public:
    /// A person may copy the code alone: it is taken, though its state can't be checked, where @ref bare_code allows it.
    static constexpr bool takes_bare_codes = true;

    /// How many lines are read, empty ones and wrong ones included, until it gives up.
    static constexpr int most_lines = 10;

    /// Standard input and standard error.
    pasted() = default;

    /// Other streams.
    pasted(std::istream& in, std::ostream& out) : in_(&in), out_(&out) {}

    /// Returns the registered URI: nothing listens there, so any will do. Never fails.
    result<std::string> prepare(std::string const& registered) { return registered; }

    /** Ask until something is pasted that is no stranger to the judge.

        @return What was pasted; it holds the code: wipe it. Or
            @li errc::input_closed at the end of the input,
            @li errc::cancelled after a Ctrl-C that did not end the program,
            @li errc::receiver_failed when ten lines were not the answer.

        @par Exception safety
        Basic; what the judge throws passes through, and the terminal is as it was.
    */
    template <class Judge>
    result<std::string> receive(Judge judge)
    {
        for (int tries = 0; tries != most_lines; ++tries)
        {
            *out_ << "Paste the whole URL that the browser was sent to, even if no page is shown there (or only the code): " << std::flush;
            detail::pasted_line line;
            switch (read(line))
            {
            case detail::pasted_line::end::closed:
                return failure(errc::input_closed, advice::sign_in_again, "the redirected URL, or the code, is read as one line of input");
            case detail::pasted_line::end::cancelled: return failure(errc::cancelled, advice::give_up, "the user interrupted the program");
            case detail::pasted_line::end::line: break;
            }
            if (line.too_long())
            {
                *out_ << "That is longer than 64 KiB, and can't be right.\n";
                continue;
            }
            if (line.text().empty()) continue;
            if (judge(line.text()) != reception::stranger) return std::string(line.text());
            *out_ << "That is not the answer to this sign-in, or not the whole of it.\n";
        }
        return failure(errc::receiver_failed, advice::sign_in_again, "what was pasted is not the answer to this sign-in");
    }

private:
    detail::pasted_line::end read(detail::pasted_line& line)
    {
        auto* const characters = in_->rdbuf();
        if (characters == nullptr) return detail::pasted_line::end::closed;
        detail::terminal_mode terminal(in_ == &std::cin ? 0 : -1);
        return line.read(*characters, *out_, terminal);
    }
};
static_assert(check_redirect_receiver<pasted>());

} // namespace oauth

#endif
