#include <oauth/policy/receiver/pasted.hpp>

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

struct asked
{
    oauth::result<std::string> got;
    std::vector<std::string> seen;
    std::string said;
};

/// What comes of `input` where the answer holds "good".
asked ask(std::string const& input, oauth::reception verdict = oauth::reception::granted)
{
    std::istringstream in(input);
    std::ostringstream out;
    std::vector<std::string> seen;
    oauth::pasted receiver(in, out);
    auto got = receiver.receive([&](std::string_view text) {
        seen.emplace_back(text);
        return text.find("good") == std::string_view::npos ? oauth::reception::stranger : verdict;
    });
    return {std::move(got), std::move(seen), out.str()};
}

/// Ends once it has given more than anybody may want, so that a test comes to an end.
class endless_input : public std::streambuf
{
    std::string block_;
    char filler_;
    std::size_t read_ = 0;

    int_type underflow() override
    {
        if (read_ > 64'000'000) return traits_type::eof();
        if (read_ != 0 || block_.empty()) block_.assign(64 * 1024, filler_);
        read_ += block_.size();
        setg(block_.data(), block_.data(), block_.data() + block_.size());
        return traits_type::to_int_type(block_.front());
    }

public:
    endless_input(std::string start, char filler) : block_(std::move(start)), filler_(filler) {}
    std::size_t read() const { return read_; }
};

std::size_t count_of(std::string const& text, std::string_view what)
{
    std::size_t count = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
    return count;
}

volatile std::sig_atomic_t interrupted = 0;

/// A program on a terminal of its own, which pastes once and then says what came of it.
class on_a_terminal
{
    int master_ = -1;
    pid_t child_ = -1;
    std::string screen_;

public:
    explicit on_a_terminal(bool handles_interrupts = false)
    {
        child_ = ::forkpty(&master_, nullptr, nullptr, nullptr);
        BOOST_REQUIRE(child_ >= 0);
        if (child_ == 0)
        {
            // No core dump of a program that is to be ended by Ctrl-\.
            rlimit const none{0, 0};
            ::setrlimit(RLIMIT_CORE, &none);
            // Whoever runs the tests in the background may have these ignored, which is inherited: then nothing would end the program here.
            for (int const ends : {SIGINT, SIGQUIT}) std::signal(ends, SIG_DFL);
            if (handles_interrupts) std::signal(SIGINT, [](int) { interrupted = 1; });
            oauth::pasted receiver;
            auto const got = receiver.receive(
                [](std::string_view text) { return text.find("good") == std::string_view::npos ? oauth::reception::stranger : oauth::reception::granted; });
            termios now{};
            ::tcgetattr(0, &now);
            bool const restored = (now.c_lflag & ICANON) != 0 && (now.c_lflag & ECHO) != 0 && (now.c_lflag & ISIG) != 0;
            std::cout << "\n[" << (got ? std::to_string(got->size()) + " " + got->substr(0, 20) : got.error().code.message()) << "]"
                      << (restored ? "restored" : "raw") << (interrupted ? " interrupted" : "") << "[end]" << std::flush;
            ::_exit(0);
        }
        // Nothing here waits in the kernel for a terminal: there one may wait for ever.
        ::fcntl(master_, F_SETFL, ::fcntl(master_, F_GETFL) | O_NONBLOCK);
        BOOST_REQUIRE(until("only the code): "));
        // The question is asked before the terminal is switched.
        for (int i = 0; i != 15000 && !is_raw(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(2));
        BOOST_REQUIRE(is_raw());
    }
    on_a_terminal(on_a_terminal const&) = delete;
    ~on_a_terminal()
    {
        if (child_ > 0) ::kill(child_, SIGKILL);
        ::close(master_);   // so that it waits for its terminal no longer
        if (child_ > 0) ::waitpid(child_, nullptr, 0);
    }

    bool is_raw() const
    {
        termios now{};
        return ::tcgetattr(master_, &now) == 0 && (now.c_lflag & ICANON) == 0;
    }

    /// Never waits for room in the terminal without looking again: who waits in write() is not always woken up.
    void type(std::string_view text)
    {
        auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!text.empty() && std::chrono::steady_clock::now() < end)
        {
            look(0);
            auto const wrote = ::write(master_, text.data(), std::min<std::size_t>(text.size(), 512));
            if (wrote > 0) text.remove_prefix(static_cast<std::size_t>(wrote));
            else if (errno == EAGAIN) std::this_thread::sleep_for(std::chrono::milliseconds(2));
            else return;
        }
    }

    /// Read the screen until `text` stands there.
    bool until(std::string_view text)
    {
        auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (screen_.find(text) == std::string::npos)
            if (std::chrono::steady_clock::now() > end || !look(100)) return screen_.find(text) != std::string::npos;
        return true;
    }

    std::string const& screen() const { return screen_; }

    /// Which signal ended the program, 0 for none, -1 where it does not end.
    int signal()
    {
        int status = 0;
        for (int i = 0; i != 10000; ++i)
        {
            auto const ended = ::waitpid(child_, &status, WNOHANG);
            if (ended == 0)
            {
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
                continue;
            }
            if (ended != child_) return -1;
            child_ = -1;
            return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        }
        return -1;
    }

private:
    bool look(int wait)
    {
        for (;;)
        {
            pollfd ready{master_, POLLIN, 0};
            if (::poll(&ready, 1, wait) <= 0) return true;
            std::array<char, 4096> block;
            auto const got = ::read(master_, block.data(), block.size());
            if (got < 0 && errno == EAGAIN) return true;
            if (got <= 0) return false;
            screen_.append(block.data(), static_cast<std::size_t>(got));
            wait = 0;
        }
    }
};

} // namespace

static_assert(oauth::pasted::takes_bare_codes && !oauth::prefers_response_mode<oauth::pasted>);

BOOST_AUTO_TEST_SUITE(policy_receiver_pasted)

BOOST_AUTO_TEST_CASE(prepare_changes_nothing)
{
    oauth::pasted receiver;
    for (auto const* uri : {"", "https://app.example/cb", "http://localhost:8400/", "urn:ietf:wg:oauth:2.0:oob"})
        BOOST_TEST(receiver.prepare(uri).value() == uri);
}

BOOST_AUTO_TEST_CASE(what_is_taken_off)
{
    std::string const url = "http://localhost/?code=good&state=x";
    for (auto const& input : {
             url + "\n",
             url + "\r\n",
             url,
             "  \t" + url + "  \t\r\n",
             "\"" + url + "\"\n",
             " ' " + url + " ' \n",
             "<" + url + ">\n",
             "`" + url + "`\n",
             "\"<" + url + ">\"\n",
             "\x1b[200~" + url + "\x1b[201~\n",
             "\x1b[A\x1b[1;5D" + url + "\x1bOC\n",
             "\n\n" + url + "\n",
             "   \n" + url + "\nmore\n",
         })
    {
        auto const result = ask(input);
        BOOST_REQUIRE_MESSAGE(result.got.has_value(), input);
        BOOST_TEST(*result.got == url, input);
        BOOST_TEST(result.seen.size() == 1u, input);
    }
}

BOOST_AUTO_TEST_CASE(what_stays)
{
    for (std::string const text : {"0.AAAgood-_.~", "a\"good", "\"good", "good#", "?code=good&state=x#", "go od good", "\xc3\xa9good", "'good\""})
        BOOST_TEST(ask(text + "\n").got.value() == text);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_an_answer) { BOOST_TEST(ask("error=good\n", oauth::reception::refused).got.value() == "error=good"); }

BOOST_AUTO_TEST_CASE(strangers_are_asked_again)
{
    auto const result = ask("wrong\nworse\ngood\n");
    BOOST_TEST(result.got.value() == "good");
    BOOST_TEST(result.seen.size() == 3u);
    BOOST_TEST(count_of(result.said, "Paste the whole URL") == 3u);
    BOOST_TEST(count_of(result.said, "not the answer to this sign-in") == 2u);
    // On a stream that is no terminal nothing is echoed.
    BOOST_TEST(result.said.find("wrong") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(not_for_ever)
{
    for (auto const* line : {"wrong\n", "\n", "''\n"})
    {
        std::string many;
        for (int i = 0; i != 1000; ++i) many += line;
        auto const result = ask(many + "good\n");
        BOOST_REQUIRE(result.got.has_error());
        BOOST_TEST((result.got.error().code == oauth::errc::receiver_failed));
        BOOST_TEST((result.got.error().next == oauth::advice::sign_in_again));
        BOOST_TEST(count_of(result.said, "Paste the whole URL") == static_cast<std::size_t>(oauth::pasted::most_lines));
    }
}

BOOST_AUTO_TEST_CASE(the_end_of_the_input)
{
    for (auto const* input : {"", "\n", "wrong\n", "wrong", "\x1b[200~"})
    {
        auto const result = ask(input);
        BOOST_REQUIRE_MESSAGE(result.got.has_error(), input);
        BOOST_TEST((result.got.error().code == oauth::errc::input_closed), input);
    }
    std::ostringstream out;
    std::istream none(nullptr);
    oauth::pasted receiver(none, out);
    BOOST_TEST((receiver.receive([](std::string_view) { return oauth::reception::granted; }).error().code == oauth::errc::input_closed));
}

BOOST_AUTO_TEST_CASE(long_lines)
{
    std::string const most = "good" + std::string(64 * 1024 - 4, 'x');
    BOOST_TEST((ask(most + "\n").got.value() == most));
    auto const result = ask(most + "x\n" + std::string(1 << 20, 'y') + "\ngood\n");
    BOOST_TEST((result.got.value() == "good"));
    BOOST_TEST(result.seen.size() == 1u);
    BOOST_TEST(count_of(result.said, "longer than 64 KiB") == 2u);
    // An endless line is read, not kept.
    BOOST_TEST((ask(std::string(8 << 20, 'z')).got.error().code == oauth::errc::input_closed));
}

BOOST_AUTO_TEST_CASE(a_line_without_end)
{
    // An escape that does not end either is looked at, but not kept.
    for (std::string const start : {"", "good", "\x1b[", "\x1b[200~good"})
    {
        endless_input input(start, start == "\x1b[" ? '1' : 'x');
        std::istream in(&input);
        std::ostringstream out;
        oauth::pasted receiver(in, out);
        int judged = 0;
        auto const got = receiver.receive([&judged](std::string_view) { return ++judged, oauth::reception::granted; });
        BOOST_REQUIRE(got.has_error());
        BOOST_TEST((got.error().code == oauth::errc::receiver_failed));
        BOOST_TEST(judged == 0);
        BOOST_TEST(input.read() < 16'000'000u);
    }
}

BOOST_AUTO_TEST_CASE(what_the_judge_throws_passes)
{
    std::istringstream in("text\n");
    std::ostringstream out;
    oauth::pasted receiver(in, out);
    BOOST_CHECK_THROW((void)receiver.receive([](std::string_view) -> oauth::reception { throw std::runtime_error("judge"); }), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(failures_hold_nothing_that_was_pasted)
{
    std::string many;
    for (int i = 0; i != 20; ++i) many += "code=CANARY\n";
    for (auto const& input : {std::string("code=CANARY\n"), many, std::string("code=CANARY")})
    {
        auto const result = ask(input);
        BOOST_REQUIRE(result.got.has_error());
        BOOST_TEST(oauth::describe(result.got.error()).find("CANARY") == std::string::npos);
        BOOST_TEST(result.said.find("CANARY") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_terminal_does_not_cut_long_pastes)
{
    on_a_terminal t;
    t.type("good" + std::string(20000, 'x') + "\r");
    BOOST_TEST(t.until("[end]"));
    BOOST_TEST(t.screen().find("[20004 goodxxxxxxxxxxxxxxxx]restored") != std::string::npos);
    // It was echoed.
    BOOST_TEST(t.screen().find(std::string(15000, 'x')) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(keys_of_a_terminal)
{
    struct
    {
        char const* what;
        std::string keys;
        char const* result;
    } const table[] = {
        {"erase", "goox\x7f" "d\r", "[4 good]"},
        {"backspace", "goox\b" "d\r", "[4 good]"},
        {"erase more than there is", "ab\x7f\x7f\x7f\x7fgood\r", "[4 good]"},
        {"erase a character of two bytes", "good\xc3\xa9\x7f\r", "[4 good]"},
        {"kill", "something else\x15good\r", "[4 good]"},
        {"arrows", "\x1b[D\x1b[Cgood\x1b[A\r", "[4 good]"},
        {"bracketed paste", "\x1b[200~good\x1b[201~\r", "[4 good]"},
        {"end in a line", "go\x04od\r", "[4 good]"},
        {"end", "\x04", "[the input ended before a code was pasted]"},
        {"a stranger first", "bad\rgood\r", "[4 good]"},
    };
    for (auto const& row : table)
    {
        on_a_terminal t;
        t.type(row.keys);
        BOOST_TEST_REQUIRE(t.until("[end]"), row.what << ": " << t.screen());   // not so long again for each row: all of them are given two minutes
        BOOST_TEST((t.screen().find(std::string(row.result) + "restored[end]") != std::string::npos), row.what << ": " << t.screen());
    }
}

BOOST_AUTO_TEST_CASE(interrupted_on_a_terminal)
{
    {
        on_a_terminal t;
        BOOST_TEST(t.is_raw());
        t.type("half a li\x03");
        BOOST_TEST(t.signal() == SIGINT);
        BOOST_TEST(!t.is_raw());
    }
    {
        on_a_terminal t(true);
        t.type("half a li\x03");
        BOOST_TEST(t.until("[end]"));
        BOOST_TEST(t.screen().find("[the wait was cancelled]restored interrupted") != std::string::npos);
    }
    {
        on_a_terminal t;
        t.type("\x1c");
        BOOST_TEST(t.signal() == SIGQUIT);
        BOOST_TEST(!t.is_raw());
    }
}

BOOST_AUTO_TEST_SUITE_END()
