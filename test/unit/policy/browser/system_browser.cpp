#include <oauth/policy/browser/system_browser.hpp>

#include <boost/test/unit_test.hpp>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;
using commands = std::vector<std::vector<std::string>>;

std::string const url = "https://login.microsoftonline.com/t/oauth2/v2.0/authorize?client_id=1&scope=a%20b&state='$(x)';*!~";

/// A folder with scripts that stand for browsers.
class folder
{
public:
    std::filesystem::path path;

    folder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "oauth-browser-XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
        path = name;
    }
    folder(folder const&) = delete;
    ~folder() { std::filesystem::remove_all(path); }

    std::string file(char const* name) const { return (path / name).string(); }

    /// A script that does `what`; in it $OUT is this folder.
    std::string script(char const* name, std::string const& what) const
    {
        std::ofstream(file(name)) << "#!/bin/sh\nOUT='" << path.string() << "'\n" << what << '\n';
        std::filesystem::permissions(file(name), std::filesystem::perms::owner_all);
        return file(name);
    }

    std::string text(char const* name) const
    {
        std::ifstream in(file(name));
        return {std::istreambuf_iterator<char>(in), {}};
    }

    /// What stands in the file once it is there: scripts write to another and rename.
    std::string await(char const* name) const
    {
        auto const end = steady::now() + 10s;
        while (!std::filesystem::exists(file(name)) && steady::now() < end) std::this_thread::sleep_for(2ms);
        return text(name);
    }
};

/// Sets variables of the environment, and puts them back.
class environment
{
    std::vector<std::pair<std::string, std::optional<std::string>>> before_;

public:
    void set(char const* name, std::string const& value)
    {
        keep(name);
        ::setenv(name, value.c_str(), 1);
    }
    void unset(char const* name)
    {
        keep(name);
        ::unsetenv(name);
    }
    ~environment()
    {
        for (auto i = before_.rbegin(); i != before_.rend(); ++i)
            if (i->second) ::setenv(i->first.c_str(), i->second->c_str(), 1);
            else ::unsetenv(i->first.c_str());
    }

private:
    void keep(char const* name)
    {
        auto const* const value = std::getenv(name);
        before_.emplace_back(name, value == nullptr ? std::nullopt : std::optional<std::string>(value));
    }
};

std::string joined(commands const& list)
{
    std::string out;
    for (auto const& command : list)
    {
        for (auto const& argument : command) (out += '[') += argument + ']';
        out += ' ';
    }
    return out;
}

bool failed(oauth::result<void> const& opened) { return opened.has_error() && opened.error().code == oauth::errc::browser_unavailable; }

/// Have we a child that has ended and was not waited for, or any at all?
bool has_children()
{
    siginfo_t info{};
    return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_browser_system_browser)

BOOST_AUTO_TEST_CASE(the_url_is_one_argument)
{
    folder f;
    auto const show = f.script("show", "{ echo $#; for a in \"$@\"; do printf '%s\\n' \"$a\"; done; } > $OUT/t; mv $OUT/t $OUT/seen");
    oauth::system_browser browser(commands{{show, "first"}});
    BOOST_TEST(browser.open(url).has_value());
    BOOST_TEST(f.await("seen") == "2\nfirst\n" + url + "\n");
}

BOOST_AUTO_TEST_CASE(the_url_in_the_place_of_percent_s)
{
    struct
    {
        std::vector<std::string> command;
        std::string result;
    } const table[] = {
        {{"b"}, "[b][U] "},
        {{"b", "-x"}, "[b][-x][U] "},
        {{"b", "%s", "-x"}, "[b][U][-x] "},
        {{"b", "--url=%s"}, "[b][--url=U] "},
        {{"b", "%s", "%s"}, "[b][U][U] "},
        {{"b", "100%"}, "[b][100%][U] "},
        {{"%s"}, "[%s][U] "},
    };
    for (auto const& row : table) BOOST_TEST(joined({oauth::detail::with_url(row.command, "U")}) == row.result);
    // What the URL itself holds is not replaced again.
    BOOST_TEST(joined({oauth::detail::with_url({"b", "%s"}, "https://h/?a=%s")}) == "[b][https://h/?a=%s] ");
}

BOOST_AUTO_TEST_CASE(the_browser_variable)
{
    folder f;
    auto const spaced = f.script("a browser", "exit 0");
    struct
    {
        std::string value;
        std::string result;
    } const table[] = {
        {"", ""},
        {":::", ""},
        {" \t ", ""},
        {"firefox", "[firefox] "},
        {"firefox --new-window %s", "[firefox][--new-window][%s] "},
        {"  a  b\tc ", "[a][b][c] "},
        {"one:two x: :three", "[one] [two][x] [three] "},
        {"sh -c 'rm -rf %s'", "[sh][-c]['rm][-rf][%s'] "},
        {"$(x) `y`", "[$(x)][`y`] "},
        {spaced, "[" + spaced + "] "},
        {spaced + ":two", "[" + spaced + "] [two] "},
    };
    for (auto const& row : table) BOOST_TEST(joined(oauth::detail::parse_browser_variable(row.value)) == row.result);
}

BOOST_AUTO_TEST_CASE(what_is_tried)
{
    using system = oauth::detail::browser_environment::system;
    std::string const linux_like = "[xdg-open] [gio][open] [x-www-browser] ";
    std::string const windows = "[wslview] [rundll32.exe][url.dll,FileProtocolHandler] [/mnt/c/Windows/System32/rundll32.exe][url.dll,FileProtocolHandler] ";
    struct
    {
        oauth::detail::browser_environment environment;
        std::string result;
    } const table[] = {
        {{system::linux_like, false, ""}, ""},
        {{system::linux_like, true, ""}, linux_like},
        {{system::linux_like, false, "mine"}, "[mine] "},
        {{system::linux_like, true, "mine"}, "[mine] " + linux_like},
        {{system::wsl, false, ""}, windows},
        {{system::wsl, true, "mine"}, "[mine] " + windows + linux_like},
        {{system::mac, false, ""}, "[/usr/bin/open] "},
        {{system::mac, false, "mine"}, "[mine] [/usr/bin/open] "},
    };
    for (auto const& row : table) BOOST_TEST(joined(oauth::detail::browser_commands(row.environment)) == row.result);
    BOOST_TEST(oauth::detail::is_wsl("Linux version 5.15.90.1-microsoft-standard-WSL2 (oe-user@oe-host)"));
    BOOST_TEST(oauth::detail::is_wsl("Linux version 4.4.0-19041-Microsoft (Microsoft@Microsoft.com)"));
    BOOST_TEST(!oauth::detail::is_wsl("Linux version 6.1.0-18-amd64 (builder@buildhost)"));
    BOOST_TEST(!oauth::detail::is_wsl(""));
}

BOOST_AUTO_TEST_CASE(refused_urls)
{
    folder f;
    auto const show = f.script("show", ": > $OUT/seen");
    oauth::system_browser browser(commands{{show}}, 20s);
    struct
    {
        std::string text;
        oauth::errc code;
    } const table[] = {
        {"", oauth::errc::invalid_url},
        {"login.example", oauth::errc::invalid_url},
        {"--help", oauth::errc::invalid_url},
        {"/etc/passwd", oauth::errc::invalid_url},
        {"file:///etc/passwd", oauth::errc::invalid_url},
        {"javascript:alert(1)", oauth::errc::invalid_url},
        {"ms-settings:", oauth::errc::invalid_url},
        {"ftp://h/", oauth::errc::invalid_url},
        {"http://login.example/", oauth::errc::insecure_url},
        {"https://user@login.example/", oauth::errc::url_has_userinfo},
        {"https://login.example/#a", oauth::errc::url_has_fragment},
        {"https://login.example/ --flag", oauth::errc::invalid_url},
        {"https://login.example/\" --flag", oauth::errc::invalid_url},
        {"https://login.example/\n", oauth::errc::invalid_url},
        {std::string("https://login.example/\0x", 24), oauth::errc::invalid_url},
        {"https://login.example/\x1b[0m", oauth::errc::invalid_url},
        {"https://login.example/\xc3\xa9", oauth::errc::invalid_url},
        {"https://login.example/`id`", oauth::errc::invalid_url},
        {"https://login.example/a|b", oauth::errc::invalid_url},
        {"https://login.example/%zz", oauth::errc::invalid_url},
        {"https://login.example/?CANARY " , oauth::errc::invalid_url},
        {"https://login.example/" + std::string(oauth::system_browser::longest_url, 'x'), oauth::errc::invalid_url},
    };
    for (auto const& row : table)
    {
        auto const opened = browser.open(row.text);
        BOOST_REQUIRE_MESSAGE(opened.has_error(), row.text);
        BOOST_TEST((opened.error().code == row.code), row.text);
        BOOST_TEST((opened.error().next == oauth::advice::fix_configuration), row.text);
        BOOST_TEST(opened.error().hint.find("CANARY") == std::string::npos);
    }
    BOOST_TEST(!std::filesystem::exists(f.file("seen")));
    for (auto const* good : {"https://login.example", "http://localhost:8080/a?b=c", "http://127.0.0.1/", "http://[::1]:1/"})
    {
        BOOST_TEST(browser.open(good).has_value(), good);
        BOOST_TEST(std::filesystem::remove(f.file("seen")), good);
    }
    auto const longest = "https://login.example/" + std::string(oauth::system_browser::longest_url - 22, 'x');
    BOOST_TEST(browser.open(longest).has_value());
}

BOOST_AUTO_TEST_CASE(failure_is_noticed_at_once)
{
    folder f;
    auto const three = f.script("three", "exit 3");
    auto const killed = f.script("killed", "kill -9 $$");
    auto const late = f.script("late", "sleep 0.1; exit 4");
    std::ofstream(f.file("no program")) << "text";
    for (auto const& list : {commands{}, commands{{}}, commands{{"oauth-no-such-browser"}}, commands{{"/nonexistent/browser"}}, commands{{f.path.string()}},
                             commands{{f.file("no program")}}, commands{{three}}, commands{{killed}}, commands{{late}},
                             commands{{three}, {"oauth-no-such-browser"}}})
    {
        auto const start = steady::now();
        BOOST_TEST(failed(oauth::system_browser(list, 20s).open(url)), joined(list));
        BOOST_TEST((steady::now() - start < 10s), joined(list));
    }
    auto const why = oauth::system_browser(commands{{three}}, 20s).open(url).error();
    BOOST_TEST((why.next == oauth::advice::give_up));
    BOOST_TEST(why.hint.find("open the URL yourself") != std::string::npos);
    BOOST_TEST(!has_children());
}

BOOST_AUTO_TEST_CASE(the_next_one_is_tried)
{
    folder f;
    auto const bad = f.script("bad", "echo bad >> $OUT/seen; exit 1");
    auto const good = f.script("good", "echo good >> $OUT/seen");
    auto const other = f.script("other", "echo other >> $OUT/seen");
    BOOST_TEST(oauth::system_browser(commands{{"oauth-no-such-browser"}, {bad}, {good}, {other}}, 20s).open(url).has_value());
    BOOST_TEST(f.text("seen") == "bad\ngood\n");
}

BOOST_AUTO_TEST_CASE(a_browser_that_stays)
{
    folder f;
    // It stays until it is told to go, so that the test leaves nothing behind.
    auto const stays = f.script("stays", "while [ ! -e $OUT/go ]; do sleep 0.02; done; echo x > $OUT/t; mv $OUT/t $OUT/gone");
    auto const start = steady::now();
    BOOST_TEST(oauth::system_browser(commands{{stays}}, 50ms).open(url).has_value());
    auto const took = steady::now() - start;
    BOOST_TEST((took >= 50ms));
    BOOST_TEST((took < 2s));
    BOOST_TEST(has_children());
    std::ofstream(f.file("go")).put('\n');
    f.await("gone");
    // And then it is no zombie.
    auto const end = steady::now() + 5s;
    while (has_children() && steady::now() < end) std::this_thread::sleep_for(2ms);
    BOOST_TEST(!has_children());
}

BOOST_AUTO_TEST_CASE(a_clean_start)
{
    folder f;
    // Field 6 of stat is the session, field 1 the process: a leader of its own session.
    auto const look = f.script("look", "{ ls /proc/$$/fd | tr '\\n' ' '; echo; readlink /proc/$$/fd/0 /proc/$$/fd/1 2>/dev/null; "
                                       "cut -d' ' -f1,6 /proc/$$/stat; grep -E '^Sig(Blk|Ign)' /proc/self/status; } 2>&1 > $OUT/t; mv $OUT/t $OUT/seen");
    // A number that no shell uses for itself.
    int const low = ::open("/dev/null", O_RDONLY);
    int const leaky = ::fcntl(low, F_DUPFD, 200);
    BOOST_REQUIRE(leaky >= 200);
    ::close(low);
    sigset_t some;
    sigset_t before;
    ::sigemptyset(&some);
    ::sigaddset(&some, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &some, &before);
    auto* const ignored = std::signal(SIGPIPE, SIG_IGN);
    BOOST_TEST(oauth::system_browser(commands{{look}}).open(url).has_value());
    std::signal(SIGPIPE, ignored);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    std::istringstream seen(f.await("seen"));
    ::close(leaky);
    std::string files;
    std::string in;
    std::string session;
    std::string blocked;
    std::string ignores;
    std::getline(seen, files);
    // The shell itself has its script open, and pipes; nothing of ours.
    BOOST_TEST(files.find(" " + std::to_string(leaky) + " ") == std::string::npos, files);
    BOOST_TEST(files.starts_with("0 1 "), files);
    std::getline(seen, in);
    BOOST_TEST(in == "/dev/null");
    std::getline(seen, in);
    std::getline(seen, session);
    auto const blank = session.find(' ');
    BOOST_TEST(session.substr(0, blank) == session.substr(blank + 1), session);
    std::getline(seen, blocked);
    std::getline(seen, ignores);
    // The signals that have names; glibc keeps two more for itself.
    auto const named = [](std::string const& line) { return std::strtoull(line.c_str() + line.find('\t'), nullptr, 16) & 0x7fffffffu; };
    BOOST_TEST(blocked.starts_with("SigBlk:\t"), blocked);
    BOOST_TEST(named(blocked) == 0u, blocked);
    BOOST_TEST(ignores.starts_with("SigIgn:\t"), ignores);
    BOOST_TEST(named(ignores) == 0u, ignores);
}

BOOST_AUTO_TEST_CASE(by_the_environment)
{
    folder f;
    auto const show = f.script("show", "echo \"$0 $*\" > $OUT/t; mv $OUT/t $OUT/seen");
    environment e;
    e.unset("DISPLAY");
    e.unset("WAYLAND_DISPLAY");
    e.unset("WSL_DISTRO_NAME");
    e.unset("BROWSER");
    oauth::system_browser browser;
    auto const none = browser.open(url);
    BOOST_TEST(failed(none));
    BOOST_TEST(none.error().hint.find("DISPLAY") != std::string::npos);

    e.set("BROWSER", "oauth-no-such-browser:" + show + " -n %s -x");
    BOOST_TEST(browser.open(url).has_value());
    BOOST_TEST(f.await("seen") == show + " -n " + url + " -x\n");

    // With a screen: xdg-open, here one of ours.
    std::filesystem::remove(f.file("seen"));
    e.unset("BROWSER");
    e.set("DISPLAY", ":99");
    e.set("PATH", f.path.string() + ":/usr/bin:/bin");
    auto const xdg = f.script("xdg-open", "echo \"xdg $*\" > $OUT/t; mv $OUT/t $OUT/seen");
    BOOST_TEST(browser.open(url).has_value());
    BOOST_TEST(f.await("seen") == "xdg " + url + "\n");

    std::filesystem::remove(f.file("seen"));
    e.unset("DISPLAY");
    e.set("WSL_DISTRO_NAME", "Debian");
    f.script("wslview", "echo \"wsl $*\" > $OUT/t; mv $OUT/t $OUT/seen");
    BOOST_TEST(browser.open(url).has_value());
    BOOST_TEST(f.await("seen") == "wsl " + url + "\n");
}

BOOST_AUTO_TEST_CASE(children_that_nobody_may_wait_for)
{
    folder f;
    auto const show = f.script("show", "echo x > $OUT/t; mv $OUT/t $OUT/seen");
    auto* const before = std::signal(SIGCHLD, SIG_IGN);
    auto const opened = oauth::system_browser(commands{{show}}).open(url);
    std::signal(SIGCHLD, before);
    BOOST_TEST(opened.has_value());
    BOOST_TEST(f.await("seen") == "x\n");
}

BOOST_AUTO_TEST_SUITE_END()
