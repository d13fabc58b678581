#include <oauth/policy/store/file_store.hpp>
#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

static std::atomic<bool> on_nfs = false;

// Takes the place of the system's own: NFS locks only what is open for writing, but for directories (flock(2)).
extern "C" int flock_here(int descriptor, int operation) __asm__("flock");

extern "C" int flock_here(int descriptor, int operation)
{
    struct stat found;
    bool const for_reading = (::fcntl(descriptor, F_GETFL) & O_ACCMODE) == O_RDONLY;
    if (on_nfs && for_reading && (operation & LOCK_EX) != 0 && ::fstat(descriptor, &found) == 0 && S_ISREG(found.st_mode))
    {
        errno = EBADF;
        return -1;
    }
    return static_cast<int>(::syscall(SYS_flock, descriptor, operation));
}

namespace {

namespace fs = std::filesystem;
using oauth::errc;

constexpr std::string_view canary = "canary-5d0c2f";

struct temporary_directory
{
    fs::path root = [] {
        auto pattern = (fs::temp_directory_path() / "oauth-file-store-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw fs::filesystem_error("mkdtemp", std::error_code(errno, std::generic_category()));
        return fs::path(pattern);
    }();
    fs::path path = root / "tokens";

    ~temporary_directory()
    {
        std::error_code ignored;
        fs::remove_all(root, ignored);
    }

    std::vector<std::string> names() const
    {
        std::vector<std::string> out;
        for (auto const& entry : fs::directory_iterator(path)) out.push_back(entry.path().filename().string());
        std::sort(out.begin(), out.end());
        return out;
    }

    std::size_t count(std::string_view part) const
    {
        auto const all = names();
        return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [part](std::string const& name) { return name.find(part) != name.npos; }));
    }
};

std::string file_of(std::string_view key) { return oauth::detail::stored_file_name(key); }

mode_t mode_of(fs::path const& path)
{
    struct stat found{};
    BOOST_TEST_REQUIRE(::lstat(path.c_str(), &found) == 0);
    return found.st_mode & 07777;
}

std::string content_of(fs::path const& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(fs::path const& path, std::string_view text, mode_t mode = 0600)
{
    std::ofstream(path, std::ios::binary) << text;
    BOOST_TEST_REQUIRE(::chmod(path.c_str(), mode) == 0);
}

oauth::session with_refresh_token(std::string text)
{
    oauth::session out;
    out.refresh_token = oauth::secret(std::move(text));
    return out;
}

oauth::session large(std::size_t size) { return with_refresh_token(std::string(canary) + std::string(size, 'x')); }

// Each failure that a test meets goes through here.
template <class Result>
oauth::failure check_failed(Result const& outcome, errc expected, oauth::advice next, std::string_view word = {})
{
    BOOST_TEST_REQUIRE(!outcome.has_value());
    auto const& why = outcome.error();
    BOOST_TEST((why.code == expected), "it is: " << oauth::describe(why));
    BOOST_TEST((why.next == next), "advice: " << oauth::to_string(why.next));
    BOOST_TEST(why.hint.find(word) != std::string::npos, "\"" << word << "\" is not in: " << why.hint);
    BOOST_TEST(oauth::describe(why).find(canary) == std::string::npos);
    return why;
}

constexpr auto fix = oauth::advice::fix_configuration;

/// Run `body` in a child process; its return value, or 100 + the signal that ended it.
template <class Body>
int in_child(Body body)
{
    auto const child = ::fork();
    if (child == 0) ::_exit(body());
    int status = 0;
    BOOST_TEST_REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

/// In a child: 0 if the failure is as expected and holds no canary.
template <class Result>
int verdict(Result const& outcome, errc expected, std::string_view word)
{
    if (outcome.has_value()) return 2;
    if (outcome.error().code != expected) return 3;
    if (outcome.error().hint.find(word) == std::string::npos) return 4;
    return oauth::describe(outcome.error()).find(canary) == std::string::npos ? 0 : 5;
}

/// What must be as it was before: one good file, and nothing half-written.
void check_untouched(temporary_directory const& where, std::string_view key, std::string_view token)
{
    oauth::file_store store{where.path.string()};
    BOOST_TEST(store.load(key).value()->refresh_token.reveal() == token);
    BOOST_TEST(where.count(".tmp") == 0u);
    BOOST_TEST(where.count(".corrupt") == 0u);
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_store_file_store)

static_assert(oauth::token_store<oauth::file_store>);
static_assert(!std::is_copy_constructible_v<oauth::file_store::lock_type> && std::is_nothrow_move_constructible_v<oauth::file_store::lock_type>);

BOOST_AUTO_TEST_CASE(keeps_replaces_and_forgets)
{
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    BOOST_TEST(store.directory() == where.path.string());
    BOOST_TEST(!store.load("a").value().has_value());
    BOOST_TEST(store.erase("a").has_value());
    BOOST_TEST(!fs::exists(where.path), "nothing is made before something is kept");

    BOOST_TEST(store.save("a", with_refresh_token("first")).has_value());
    BOOST_TEST(store.save("b", with_refresh_token("other")).has_value());
    BOOST_TEST(store.save("a", with_refresh_token("second")).has_value());
    BOOST_TEST(store.load("a").value()->refresh_token.reveal() == "second");
    BOOST_TEST(oauth::file_store{where.path.string()}.load("b").value()->refresh_token.reveal() == "other");
    BOOST_TEST(content_of(where.path / file_of("a")) == oauth::to_json(with_refresh_token("second")).reveal());

    BOOST_TEST(store.erase("a").has_value());
    BOOST_TEST(store.erase("a").has_value());
    BOOST_TEST(!store.load("a").value().has_value());
    BOOST_TEST(store.load("b").value().has_value());
    BOOST_TEST(where.names() == std::vector<std::string>{file_of("b")}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(file_names)
{
    using namespace std::string_literals;
    BOOST_TEST(file_of("") == "_-e3b0c44298fc1c149afbf4c8996fb924.json");
    BOOST_TEST(file_of("abc") == "abc-ba7816bf8f01cfea414140de5dae2223.json");
    BOOST_TEST(file_of("Alice.B-1@example.com").starts_with("Alice.B-1_example.com-"));
    BOOST_TEST(file_of("../../etc/passwd").starts_with("_._.._etc_passwd-"));
    BOOST_TEST(file_of(".hidden").starts_with("_hidden-"));
    BOOST_TEST(file_of("-rf").starts_with("_rf-"));
    BOOST_TEST(file_of(std::string(1024, 'k')).size() == 78u);
    std::vector<std::string> names;
    for (auto const& key : {"a/b"s, "a_b"s, "a\\b"s, "a\0b"s, "A_b"s, "a\nb"s, std::string(1024, 'k'), std::string(1023, 'k'), ""s})
    {
        names.push_back(file_of(key));
        BOOST_TEST(names.back().find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos);
    }
    std::sort(names.begin(), names.end());
    BOOST_TEST((std::adjacent_find(names.begin(), names.end()) == names.end()));
}

BOOST_AUTO_TEST_CASE(modes_whatever_the_umask)
{
    for (mode_t mask : {mode_t{0}, mode_t{022}, mode_t{0177}})
    {
        temporary_directory where;
        where.path = where.root / "made" / "on" / "the" / "way";
        auto const old = ::umask(mask & ~mode_t{0100});
        oauth::file_store store{where.path.string()};
        auto const saved = store.save("a", with_refresh_token("x"));
        auto const locked = store.try_lock("a");
        ::umask(old);
        BOOST_TEST_REQUIRE(saved.has_value());
        BOOST_TEST_REQUIRE(locked.has_value());
        for (auto path = where.path; path != where.root; path = path.parent_path()) BOOST_TEST(mode_of(path) == 0700u);
        BOOST_TEST(mode_of(where.path / file_of("a")) == 0600u);
        BOOST_TEST(mode_of(where.path / (file_of("a") + ".lock")) == 0600u);
    }
}

BOOST_AUTO_TEST_CASE(paths)
{
    temporary_directory const where;
    BOOST_TEST(oauth::file_store{where.path.string() + "///"}.directory() == where.path.string());
    BOOST_TEST(oauth::file_store{"/"}.directory() == "/");
    BOOST_TEST(oauth::file_store{"tokens"}.directory() == (fs::current_path() / "tokens").string());

    check_failed(oauth::file_store{""}.load("a"), errc::store_not_writable, fix, "name");
    check_failed(oauth::file_store{std::string("/tmp/a\0b", 8)}.load("a"), errc::store_not_writable, fix, "name");
    check_failed(oauth::file_store{where.root.string() + '/' + std::string(300, 'x')}.save("a", large(1)), errc::store_not_writable, fix, "too long");
    check_failed(oauth::file_store{where.root.string() + '/' + std::string(300, 'x')}.load("a"), errc::store_unreadable, fix, "too long");

    write_file(where.root / "file", "x");
    for (auto const* path : {"file", "file/tokens"})
    {
        oauth::file_store store{(where.root / path).string()};
        check_failed(store.save("a", large(1)), errc::store_not_writable, fix, "not a directory");
        check_failed(store.probe("a"), errc::store_not_writable, fix, "not a directory");
        check_failed(store.try_lock("a"), errc::store_not_writable, fix, "not a directory");
        check_failed(store.load("a"), errc::store_unreadable, fix, "not a directory");
        check_failed(store.erase("a"), errc::store_unreadable, fix, "not a directory");
    }
    BOOST_TEST(content_of(where.root / "file") == "x");
}

BOOST_AUTO_TEST_CASE(a_working_directory_that_changes_does_not_move_the_store)
{
    temporary_directory const where;
    auto const before = fs::current_path();
    fs::current_path(where.root);
    oauth::file_store store{"tokens"};
    fs::current_path(before);
    BOOST_TEST(store.save("a", with_refresh_token("x")).has_value());
    BOOST_TEST(fs::exists(where.path / file_of("a")));
}

BOOST_AUTO_TEST_CASE(a_session_of_any_size_up_to_the_limit)
{
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    for (std::size_t size : {0u, 1u, 4095u, 4096u, 65536u, 1000000u})
    {
        BOOST_TEST(store.save("a", large(size)).has_value());
        BOOST_TEST(store.load("a").value()->refresh_token.size() == canary.size() + size);
        BOOST_TEST(store.probe("a").has_value());
    }
    check_failed(store.save("a", large(1 << 20)), errc::store_not_writable, oauth::advice::give_up, "1 MiB");
    oauth::session value;
    oauth::issued_token token;
    std::string scope;
    for (int i = 0; i < 1025; ++i) scope += std::to_string(i) + ' ';
    token.granted = scope;
    value.keep(oauth::access_token(token));
    check_failed(store.save("a", value), errc::store_not_writable, oauth::advice::give_up, "1024");
    BOOST_TEST(store.load("a").value()->refresh_token.size() == canary.size() + 1000000u);
    BOOST_TEST(where.count(".tmp") == 0u);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_put_aside_once_and_kept)
{
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    auto const name = file_of("a");
    auto const good = std::string(oauth::to_json(with_refresh_token(std::string(canary))).reveal());
    std::vector<std::string> const faults = {"", "{", std::string(canary), good.substr(0, good.size() - 1), good + "x", std::string(good.size(), '\0'),
        good + std::string(1 << 20, ' ')};
    for (std::size_t i = 0; i < faults.size(); ++i)
    {
        BOOST_TEST(store.save("a", with_refresh_token("x")).has_value());
        write_file(where.path / name, faults[i]);
        auto const aside = name + ".corrupt-" + std::to_string(i + 1);
        auto const why = check_failed(store.load("a"), errc::store_unreadable, oauth::advice::sign_in_again, (where.path / aside).string());
        BOOST_TEST(!store.load("a").value().has_value());
        BOOST_TEST(mode_of(where.path / aside) == 0600u);
    }
    for (std::size_t i = 0; i < faults.size(); ++i) BOOST_TEST((content_of(where.path / (name + ".corrupt-" + std::to_string(i + 1))) == faults[i]));

    // A gap in the numbers, and a dangling link in it, which is taken as well.
    fs::remove(where.path / (name + ".corrupt-2"));
    fs::create_symlink("nowhere", where.path / (name + ".corrupt-2"));
    write_file(where.path / name, "again");
    check_failed(store.load("a"), errc::store_unreadable, oauth::advice::sign_in_again, ".corrupt-8");
    BOOST_TEST(fs::is_symlink(where.path / (name + ".corrupt-2")));

    BOOST_TEST(store.save("a", with_refresh_token("new")).has_value());
    BOOST_TEST(store.erase("a").has_value());
    BOOST_TEST(where.count(".corrupt") == faults.size() + 1);
}

BOOST_AUTO_TEST_CASE(save_puts_aside_what_it_would_overwrite)
{
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    BOOST_TEST(store.save("a", with_refresh_token("x")).has_value());
    write_file(where.path / file_of("a"), "broken");
    BOOST_TEST(store.probe("a").has_value());
    BOOST_TEST(content_of(where.path / file_of("a")) == "broken");
    BOOST_TEST(store.save("a", with_refresh_token("new")).has_value());
    BOOST_TEST(store.load("a").value()->refresh_token.reveal() == "new");
    BOOST_TEST(content_of(where.path / (file_of("a") + ".corrupt-1")) == "broken");
}

BOOST_AUTO_TEST_CASE(a_newer_version_is_left_in_place)
{
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    BOOST_TEST(store.save("a", with_refresh_token("x")).has_value());
    auto const newer = "{\"version\":2,\"x\":\"" + std::string(canary) + "\"}";
    write_file(where.path / file_of("a"), newer);
    for (int i = 0; i < 2; ++i)
    {
        check_failed(store.load("a"), errc::store_from_newer_version, fix, file_of("a"));
        check_failed(store.probe("a"), errc::store_from_newer_version, fix, "update");
        check_failed(store.save("a", large(1)), errc::store_from_newer_version, fix, "update");
    }
    BOOST_TEST(content_of(where.path / file_of("a")) == newer);
    BOOST_TEST(where.names() == std::vector<std::string>{file_of("a")}, boost::test_tools::per_element());
    BOOST_TEST(store.erase("a").has_value());
    BOOST_TEST(!store.load("a").value().has_value());
}

BOOST_AUTO_TEST_CASE(a_directory_that_is_a_link_is_refused)
{
    temporary_directory const where;
    fs::create_directory(where.root / "real");
    ::chmod((where.root / "real").c_str(), 0700);
    fs::create_directory_symlink("real", where.path);
    for (auto const* end : {"", "/", "//", "/.", "/./", "/.//.", "//./."})
    {
        oauth::file_store store{where.path.string() + end};
        check_failed(store.save("a", large(1)), errc::store_insecure, fix, "symbolic link");
        check_failed(store.load("a"), errc::store_insecure, fix, "symbolic link");
        check_failed(store.erase("a"), errc::store_insecure, fix, "symbolic link");
        check_failed(store.probe("a"), errc::store_insecure, fix, "symbolic link");
        check_failed(store.try_lock("a"), errc::store_insecure, fix, "symbolic link");
    }
    BOOST_TEST(fs::is_empty(where.root / "real"));
    fs::remove(where.path);
    fs::create_directory_symlink("nowhere", where.path);
    check_failed(oauth::file_store{where.path.string()}.save("a", large(1)), errc::store_insecure, fix, "symbolic link");
    check_failed(oauth::file_store{(where.path / "below").string()}.save("a", large(1)), errc::store_not_writable, fix, "does not exist");
    BOOST_TEST(!fs::exists(where.root / "nowhere"));

    // A parent may be one: home directories often are.
    fs::create_directory_symlink("real", where.root / "parent");
    oauth::file_store store{(where.root / "parent" / "tokens").string()};
    BOOST_TEST(store.save("a", with_refresh_token("x")).has_value());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_a_link_is_refused)
{
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    BOOST_TEST(store.save("b", with_refresh_token("x")).has_value());
    auto const before = content_of(where.path / file_of("b"));
    auto const target = where.root / "elsewhere";
    write_file(target, before);
    for (auto const& to : {target, where.path / file_of("b"), fs::path("nowhere")})
    {
        fs::create_symlink(to, where.path / file_of("a"));
        fs::create_symlink(to, where.path / (file_of("a") + ".lock"));
        check_failed(store.load("a"), errc::store_insecure, fix, "symbolic link");
        check_failed(store.save("a", large(1)), errc::store_insecure, fix, "symbolic link");
        check_failed(store.probe("a"), errc::store_insecure, fix, "symbolic link");
        check_failed(store.try_lock("a"), errc::store_insecure, fix, "symbolic link");
        BOOST_TEST(store.erase("a").has_value());
        BOOST_TEST(!fs::is_symlink(where.path / file_of("a")));
        fs::remove(where.path / (file_of("a") + ".lock"));
    }
    BOOST_TEST(content_of(target) == before);
    BOOST_TEST(content_of(where.path / file_of("b")) == before);
    BOOST_TEST(!fs::exists(where.path / "nowhere"));
    BOOST_TEST(where.count(".tmp") == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_open_to_others_is_refused)
{
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    BOOST_TEST(store.save("a", with_refresh_token("x")).has_value());
    BOOST_TEST(store.try_lock("a").value().has_value());
    for (mode_t bits : {mode_t{001}, mode_t{002}, mode_t{004}, mode_t{010}, mode_t{020}, mode_t{040}, mode_t{077}})
    {
        ::chmod(where.path.c_str(), 0700 | bits);
        check_failed(store.load("a"), errc::store_insecure, fix, "chmod 700");
        check_failed(store.save("a", large(1)), errc::store_insecure, fix, "chmod 700");
        check_failed(store.probe("a"), errc::store_insecure, fix, "chmod 700");
        check_failed(store.erase("a"), errc::store_insecure, fix, "chmod 700");
        check_failed(store.try_lock("a"), errc::store_insecure, fix, "chmod 700");
        ::chmod(where.path.c_str(), 0700);

        ::chmod((where.path / file_of("a")).c_str(), 0600 | bits);
        ::chmod((where.path / (file_of("a") + ".lock")).c_str(), 0600 | bits);
        check_failed(store.load("a"), errc::store_insecure, fix, "chmod 600");
        check_failed(store.save("a", large(1)), errc::store_insecure, fix, "chmod 600");
        check_failed(store.probe("a"), errc::store_insecure, fix, "chmod 600");
        check_failed(store.try_lock("a"), errc::store_insecure, fix, "chmod 600");
        ::chmod((where.path / file_of("a")).c_str(), 0600);
        ::chmod((where.path / (file_of("a") + ".lock")).c_str(), 0600);
    }
    check_untouched(where, "a", "x");
}

BOOST_AUTO_TEST_CASE(what_is_not_a_regular_file_is_refused)
{
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    BOOST_TEST(store.save("b", with_refresh_token("x")).has_value());
    auto const name = where.path / file_of("a");
    auto const refused = [&](std::string_view word) {
        check_failed(store.load("a"), errc::store_insecure, fix, word);
        check_failed(store.save("a", large(1)), errc::store_insecure, fix, word);
        check_failed(store.probe("a"), errc::store_insecure, fix, word);
    };
    // A pipe must not make anybody wait.
    BOOST_TEST_REQUIRE(::mkfifo(name.c_str(), 0600) == 0);
    refused("not a regular file");
    fs::remove(name);
    BOOST_TEST_REQUIRE(::mkfifo((name.string() + ".lock").c_str(), 0600) == 0);
    check_failed(store.try_lock("a"), errc::store_insecure, fix, "not a regular file");

    int const socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    BOOST_TEST_REQUIRE(name.string().size() < sizeof address.sun_path);
    name.string().copy(address.sun_path, sizeof address.sun_path - 1);
    BOOST_TEST_REQUIRE(::bind(socket, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0);
    refused("not a regular file");
    ::close(socket);
    fs::remove(name);

    fs::create_directory(name);
    ::chmod(name.c_str(), 0700);
    refused("not a regular file");
    check_failed(store.erase("a"), errc::store_not_writable, fix, "directory");
    BOOST_TEST(fs::is_directory(name));
    BOOST_TEST(where.count(".tmp") == 0u);
}

BOOST_AUTO_TEST_CASE(what_belongs_to_another_is_refused)
{
    if (::geteuid() != 0)
    {
        BOOST_TEST_MESSAGE("SKIPPED: only root can give files to another user");
        return;
    }
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    BOOST_TEST(store.save("a", with_refresh_token("x")).has_value());
    BOOST_TEST(store.try_lock("a").value().has_value());
    auto const file = where.path / file_of("a");
    auto const lock = where.path / (file_of("a") + ".lock");
    BOOST_TEST_REQUIRE(::chown(file.c_str(), 65534, 65534) == 0);
    BOOST_TEST_REQUIRE(::chown(lock.c_str(), 65534, 65534) == 0);
    check_failed(store.load("a"), errc::store_insecure, fix, "another user");
    check_failed(store.save("a", large(1)), errc::store_insecure, fix, "another user");
    check_failed(store.probe("a"), errc::store_insecure, fix, "another user");
    check_failed(store.try_lock("a"), errc::store_insecure, fix, "another user");
    BOOST_TEST_REQUIRE(::chown(file.c_str(), 0, 0) == 0);
    BOOST_TEST_REQUIRE(::chown(where.path.c_str(), 65534, 65534) == 0);
    check_failed(store.load("a"), errc::store_insecure, fix, "another user");
    check_failed(store.save("a", large(1)), errc::store_insecure, fix, "another user");
    check_failed(store.erase("a"), errc::store_insecure, fix, "another user");
    BOOST_TEST_REQUIRE(::chown(where.path.c_str(), 0, 0) == 0);
    check_untouched(where, "a", "x");
}

// Root may do everything, so this needs a child that is nobody.
BOOST_AUTO_TEST_CASE(no_permission)
{
    temporary_directory const where;
    bool const root = ::geteuid() == 0;
    if (root) BOOST_TEST_REQUIRE(::chown(where.root.c_str(), 65534, 65534) == 0);
    auto const as_user = [&](auto body) {
        return in_child([&] {
            if (root && (::setresgid(65534, 65534, 65534) != 0 || ::setresuid(65534, 65534, 65534) != 0)) return 90;
            oauth::file_store store{where.path.string()};
            return body(store);
        });
    };
    auto const set_mode = [&](fs::path const& path, mode_t mode) { BOOST_TEST_REQUIRE(::chmod(path.c_str(), mode) == 0); };
    BOOST_TEST(as_user([](auto& store) { return store.save("a", with_refresh_token("x")).has_value() && store.try_lock("a").value() ? 0 : 1; }) == 0);

    set_mode(where.path, 0500);
    BOOST_TEST(as_user([](auto& store) { return verdict(store.save("a", large(1)), errc::store_not_writable, "permission denied"); }) == 0);
    BOOST_TEST(as_user([](auto& store) { return verdict(store.probe("a"), errc::store_not_writable, "permission denied"); }) == 0);
    BOOST_TEST(as_user([](auto& store) { return verdict(store.erase("a"), errc::store_not_writable, "permission denied"); }) == 0);
    BOOST_TEST(as_user([](auto& store) { return verdict(store.try_lock("new"), errc::store_not_writable, "permission denied"); }) == 0);
    BOOST_TEST(as_user([](auto& store) { return store.load("a").value()->refresh_token.reveal() == "x" ? 0 : 1; }) == 0);
    BOOST_TEST(as_user([](auto& store) { return store.try_lock("a").value().has_value() ? 0 : 1; }) == 0);

    // A corrupt file that can't be put aside stays, and goes on being reported.
    auto const good = content_of(where.path / file_of("a"));
    write_file(where.path / file_of("a"), canary);
    for (int i = 0; i < 2; ++i) BOOST_TEST(as_user([](auto& store) { return verdict(store.load("a"), errc::store_unreadable, "permission denied"); }) == 0);
    write_file(where.path / file_of("a"), good);
    set_mode(where.path, 0700);

    set_mode(where.path / file_of("a"), 0200);
    BOOST_TEST(as_user([](auto& store) { return verdict(store.load("a"), errc::store_unreadable, "permission denied"); }) == 0);
    BOOST_TEST(as_user([](auto& store) { return verdict(store.save("a", large(1)), errc::store_unreadable, "permission denied"); }) == 0);
    set_mode(where.path / file_of("a"), 0600);
    set_mode(where.path / (file_of("a") + ".lock"), 0400);
    BOOST_TEST(as_user([](auto& store) { return verdict(store.try_lock("a"), errc::store_not_writable, "permission denied"); }) == 0);

    set_mode(where.path, 0000);
    BOOST_TEST(as_user([](auto& store) { return verdict(store.load("a"), errc::store_unreadable, "permission denied"); }) == 0);
    BOOST_TEST(as_user([](auto& store) { return verdict(store.save("a", large(1)), errc::store_not_writable, "permission denied"); }) == 0);
    set_mode(where.path, 0700);
    set_mode(where.root, 0500);
    BOOST_TEST(as_user([&](auto&) {
        return verdict(oauth::file_store{(where.root / "new").string()}.save("a", large(1)), errc::store_not_writable, "permission denied");
    }) == 0);
    set_mode(where.root, 0700);
    BOOST_TEST(where.count(".tmp") == 0u);
    BOOST_TEST(where.count(".corrupt") == 0u);
}

BOOST_AUTO_TEST_CASE(the_disk_does_not_take_it_all)
{
    temporary_directory const where;
    BOOST_TEST(oauth::file_store{where.path.string()}.save("a", with_refresh_token("x")).has_value());
    // Neither the limit nor the signal that comes of it ends the program.
    auto const limited = [&](rlim_t size, auto body) {
        int worst = 0;
        for (auto const handler : {SIG_IGN, SIG_DFL})
            worst = std::max(worst, in_child([&] {
                rlimit const limit{size, size};
                if (std::signal(SIGXFSZ, handler) == SIG_ERR || ::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 90;
                oauth::file_store store{where.path.string()};
                return body(store);
            }));
        return worst;
    };
    for (rlim_t size : {rlim_t{0}, rlim_t{1}, rlim_t{100}, rlim_t{4096}, rlim_t{8191}})
    {
        BOOST_TEST(limited(size, [](auto& store) { return verdict(store.save("a", large(8192)), errc::store_not_writable, "limit on file sizes"); }) == 0);
        BOOST_TEST(limited(size, [](auto& store) { return verdict(store.save("new", large(8192)), errc::store_not_writable, "limit on file sizes"); }) == 0);
        BOOST_TEST(limited(size, [](auto& store) { return verdict(store.probe("a"), errc::store_not_writable, "limit on file sizes"); }) == 0);
        check_untouched(where, "a", "x");
    }
    BOOST_TEST(where.names() == std::vector<std::string>{file_of("a")}, boost::test_tools::per_element());

    // The probe asks for as much as is there already.
    BOOST_TEST(oauth::file_store{where.path.string()}.save("a", large(100000)).has_value());
    BOOST_TEST(limited(99999, [](auto& store) { return verdict(store.probe("a"), errc::store_not_writable, "limit on file sizes"); }) == 0);
    BOOST_TEST(limited(16384, [](auto& store) { return store.probe("new").has_value() ? 0 : 1; }) == 0);
    BOOST_TEST(limited(16383, [](auto& store) { return verdict(store.probe("new"), errc::store_not_writable, "limit on file sizes"); }) == 0);
    BOOST_TEST(where.count(".tmp") == 0u);
}

BOOST_AUTO_TEST_CASE(too_many_open_files)
{
    temporary_directory const where;
    BOOST_TEST(oauth::file_store{where.path.string()}.save("a", with_refresh_token("x")).has_value());
    BOOST_TEST(oauth::file_store{where.path.string()}.try_lock("a").value().has_value());
    // However many descriptors are left, each call works or says why; none is left open.
    auto const exhausted = [&](int left, auto body) {
        return in_child([&] {
            oauth::file_store store{where.path.string()};
            std::vector<int> taken;
            rlimit const limit{64, 64};
            if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) return 90;
            for (int next; (next = ::open("/dev/null", O_RDONLY)) >= 0;) taken.push_back(next);
            for (int i = 0; i < left; ++i) ::close(taken[taken.size() - 1 - static_cast<std::size_t>(i)]);
            for (int round = 0; round < 3; ++round)
            {
                auto const outcome = body(store);
                if (outcome.has_value()) continue;
                auto const& why = outcome.error();
                if (why.next != oauth::advice::retry || why.hint.find("too many files") == std::string::npos) return 3;
                if (oauth::describe(why).find(canary) != std::string::npos) return 5;
            }
            int free = 0;
            while (::open("/dev/null", O_RDONLY) >= 0) ++free;
            return free == left ? body(store).has_value() ? 1 : 0 : 6;
        });
    };
    for (int left = 0; left <= 4; ++left)
    {
        BOOST_TEST_CONTEXT("descriptors left: " << left)
        {
            BOOST_TEST(exhausted(left, [](auto& store) { return store.load("a"); }) == 0);
            BOOST_TEST(exhausted(left, [](auto& store) { return store.save("a", with_refresh_token("x")); }) == 0);
            BOOST_TEST(exhausted(left, [](auto& store) { return store.probe("a"); }) == 0);
            BOOST_TEST(exhausted(left, [](auto& store) { return store.try_lock("a"); }) == 0);
            BOOST_TEST(exhausted(left, [](auto& store) { return store.erase("none"); }) == 0);
        }
        check_untouched(where, "a", "x");
    }
}

BOOST_AUTO_TEST_CASE(what_killed_processes_left_is_swept)
{
    temporary_directory const where;
    BOOST_TEST(oauth::file_store{where.path.string()}.save("a", with_refresh_token("x")).has_value());
    auto const leave = [&] {
        write_file(where.path / (file_of("a") + ".0123456789abcdef.tmp"), canary);
        write_file(where.path / (file_of("b") + ".1123456789abcdef.tmp"), canary);
    };
    std::vector<std::string> strangers{"notes.tmp", "notes.json.tmp", "report.json.1.tmp", "report.json.0123456789abcdef.tmp", file_of("a") + ".tmp", file_of("a") + ".0123456789abcde.tmp",
        file_of("a") + ".0123456789abcdeF.tmp", file_of("a") + ".0123456789abcdef0.tmp", file_of("a") + ".0123456789abcdef.tmp~", file_of("a") + ".corrupt-1.0123456789abcdef.tmp",
        file_of("a").substr(1) + ".0123456789abcdef.tmp", file_of("a").substr(0, 10) + ".json.0123456789abcdef.tmp"};
    for (auto const& stranger : strangers) write_file(where.path / stranger, "not ours");
    auto const before = where.names().size();
    for (int function = 0; function < 3; ++function)
    {
        leave();
        oauth::file_store store{where.path.string()};
        BOOST_TEST(store.load("a").value().has_value());
        BOOST_TEST(where.names().size() == before + 2u, "load only reads");
        if (function == 0) BOOST_TEST(store.save("c", with_refresh_token("x")).has_value());
        if (function == 1) BOOST_TEST(store.probe("c").has_value());
        if (function == 2) BOOST_TEST(store.erase("c").has_value());
        BOOST_TEST(where.names().size() == before + (function == 0 ? 1u : 0u));
        fs::remove(where.path / file_of("c"));
    }
    for (auto const& stranger : strangers) BOOST_TEST(content_of(where.path / stranger) == "not ours", stranger);

    // One that is being written is left alone.
    auto const directory = oauth::detail::store_directory::open(where.path.string(), oauth::detail::store_directory::missing::stays);
    auto const busy = oauth::detail::temporary_file::make(**directory, file_of("a"));
    BOOST_TEST_REQUIRE(busy.has_value());
    BOOST_TEST(oauth::file_store{where.path.string()}.save("a", with_refresh_token("y")).has_value());
    BOOST_TEST(where.names().size() == before + 1u);
}

BOOST_AUTO_TEST_CASE(what_killed_processes_left_is_swept_over_nfs)
{
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    BOOST_TEST(store.try_lock("a").value().has_value());   // which makes the directory
    write_file(where.path / (file_of("a") + ".0123456789abcdef.tmp"), canary);
    on_nfs = true;
    auto const saved = store.save("a", with_refresh_token("x"));
    on_nfs = false;
    BOOST_TEST(saved.has_value());
    BOOST_TEST(where.count(".tmp") == 0u);
}

BOOST_AUTO_TEST_CASE(locks)
{
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    oauth::file_store other{where.path.string()};
    auto first = store.try_lock("a").value();
    BOOST_TEST_REQUIRE(first.has_value());
    BOOST_TEST(!store.try_lock("a").value().has_value());
    BOOST_TEST(!other.try_lock("a").value().has_value());
    BOOST_TEST(other.try_lock("b").value().has_value());
    BOOST_TEST(in_child([&] { return other.try_lock("a").value().has_value() ? 1 : 0; }) == 0);

    // None of these waits for it.
    BOOST_TEST(store.save("a", with_refresh_token("x")).has_value());
    BOOST_TEST(other.load("a").value().has_value());
    BOOST_TEST(other.probe("a").has_value());
    BOOST_TEST(store.erase("a").has_value());
    BOOST_TEST(!other.try_lock("a").value().has_value());

    // It outlives the move and the end of the store that gave it.
    {
        oauth::file_store const moved(std::move(store));
    }
    BOOST_TEST(!other.try_lock("a").value().has_value());
    {
        auto const moved = std::move(*first);
        first.reset();
        BOOST_TEST(!other.try_lock("a").value().has_value());
    }
    auto again = other.try_lock("a").value();
    BOOST_TEST_REQUIRE(again.has_value());
    auto second = other.try_lock("b").value();
    BOOST_TEST_REQUIRE(second.has_value());
    *again = std::move(*second);
    BOOST_TEST(other.try_lock("a").value().has_value());
    BOOST_TEST(!other.try_lock("b").value().has_value());
}

BOOST_AUTO_TEST_CASE(a_forked_child_neither_keeps_nor_ends_its_parents_lock)
{
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    auto held = store.try_lock("a").value();
    BOOST_TEST_REQUIRE(held.has_value());
    BOOST_TEST(in_child([&] {
        held.reset();
        return 0;
    }) == 0);
    BOOST_TEST(!store.try_lock("a").value().has_value());

    int ends[2];
    BOOST_TEST_REQUIRE(::pipe(ends) == 0);
    auto const child = ::fork();
    if (child == 0)
    {
        ::close(ends[1]);
        char byte;
        ::_exit(::read(ends[0], &byte, 1) == 0 ? 0 : 1);
    }
    ::close(ends[0]);
    held.reset();
    BOOST_TEST(store.try_lock("a").value().has_value());
    ::close(ends[1]);
    int status = 0;
    BOOST_TEST(::waitpid(child, &status, 0) == child);
}

BOOST_AUTO_TEST_CASE(a_lock_file_that_was_tidied_away)
{
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    auto const lock = where.path / (file_of("a") + ".lock");
    {
        auto const held = store.try_lock("a").value();
        BOOST_TEST(held.has_value());
    }
    BOOST_TEST(fs::exists(lock), "it stays: to remove it would race with who opens it");
    fs::remove(lock);
    BOOST_TEST(store.try_lock("a").value().has_value());

    // Each holder removes it at the end: who had opened it before must notice that he locked a file without a name.
    std::atomic<int> inside{0};
    std::atomic<int> entered{0};
    std::atomic<int> broken{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 3000; ++i)
            {
                auto const held = store.try_lock("a");
                if (!held) ++broken;
                if (!held || !*held) continue;
                if (++inside != 1) ++broken;
                ++entered;
                std::this_thread::yield();
                --inside;
                ::unlink(lock.c_str());
            }
        });
    for (auto& thread : threads) thread.join();
    BOOST_TEST(broken == 0);
    BOOST_TEST(entered > 0);
}

BOOST_AUTO_TEST_CASE(nothing_is_replaced_or_renamed_while_another_decides_about_it)
{
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    auto const path = where.path / file_of("a");
    for (int function = 0; function < 3; ++function)
    {
        BOOST_TEST(store.save("a", with_refresh_token("x")).has_value());
        write_file(path, "broken");
        auto const opened = oauth::detail::store_directory::open(where.path.string(), oauth::detail::store_directory::missing::stays);
        auto guard = std::optional((**opened).guard().value());
        std::atomic<bool> done{false};
        std::thread other([&] {
            if (function == 0) (void)store.load("a");
            if (function == 1) (void)store.save("a", with_refresh_token("y"));
            if (function == 2) (void)store.erase("a");
            done = true;
        });
        std::this_thread::sleep_for(std::chrono::milliseconds{60});
        BOOST_TEST(!done);
        BOOST_TEST(content_of(path) == "broken");
        // What another saved meanwhile is found, and not put aside.
        if (function == 0) write_file(path, oauth::to_json(with_refresh_token("good")).reveal());
        guard.reset();
        other.join();
        if (function == 0) BOOST_TEST(store.load("a").value()->refresh_token.reveal() == "good");
        BOOST_TEST(where.count(".corrupt") == (function == 0 ? 0u : 1u));
    }
}

BOOST_AUTO_TEST_CASE(threads_that_save_and_load_at_once_see_whole_sessions)
{
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    std::atomic<int> broken{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 25; ++i)
            {
                if (!store.save("a", large(static_cast<std::size_t>(1 + (t * 25 + i) * 97))).has_value()) ++broken;
                auto const loaded = store.load("a");
                if (!loaded || !*loaded || (*loaded)->refresh_token.size() <= canary.size()) ++broken;
                if (i % 5 == 0 && !store.probe("a").has_value()) ++broken;
            }
        });
    for (auto& thread : threads) thread.join();
    BOOST_TEST(broken == 0);
    BOOST_TEST(where.names() == std::vector<std::string>{file_of("a")}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(of_threads_that_find_it_corrupt_one_says_so)
{
    temporary_directory const where;
    oauth::file_store store{where.path.string()};
    for (int round = 0; round < 10; ++round)
    {
        BOOST_TEST(store.save("a", with_refresh_token("x")).has_value());
        write_file(where.path / file_of("a"), "broken");
        std::atomic<int> told{0};
        std::atomic<int> wrong{0};
        std::vector<std::thread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                auto const loaded = store.load("a");
                if (!loaded) ++(loaded.error().code == errc::store_unreadable ? told : wrong);
                else if (*loaded) ++wrong;
            });
        for (auto& thread : threads) thread.join();
        BOOST_TEST(told == 1);
        BOOST_TEST(wrong == 0);
    }
    BOOST_TEST(where.count(".corrupt") == 10u);
}

BOOST_AUTO_TEST_SUITE_END()
