// A file system that is really full, and one that is read-only: each failure says so, and what was kept before is still there.
//
// exit status 0: held, 1: broken, 77: skipped, since no file system may be mounted here

#include <oauth/policy/store/file_store.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#if defined(__linux__)
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace {

namespace fs = std::filesystem;

constexpr std::string_view canary = "canary-91aa3e";

int broken = 0;

void check(bool holds, std::string_view what)
{
    if (holds) return;
    ++broken;
    std::cout << "BROKEN: " << what << std::endl;
}

template <class Result>
void check_refused(Result const& outcome, std::string_view reason, std::string_view what)
{
    if (outcome.has_value()) return check(false, what);
    auto const& why = outcome.error();
    auto const text = oauth::describe(why);
    check(why.code == oauth::errc::store_not_writable && why.next == oauth::advice::fix_configuration, text);
    check(why.hint.find(reason) != std::string::npos, text);
    check(text.find(canary) == std::string::npos, "a secret in a failure");
}

oauth::session session_of(std::string text)
{
    oauth::session out;
    out.refresh_token = oauth::secret(std::string(canary) + std::move(text));
    return out;
}

void check_kept(oauth::file_store& store)
{
    auto const loaded = store.load("a");
    check(loaded && *loaded && (*loaded)->refresh_token.matches(std::string(canary) + "kept"), "what was kept is lost");
    auto const directory = fs::directory_iterator(store.directory());
    check(std::none_of(begin(directory), end(directory), [](auto const& entry) { return entry.path().extension() == ".tmp"; }), "a temporary file was left");
}

#if defined(__linux__)

int run(std::string const& root)
{
    // In a mount namespace of its own: it vanishes with this process.
    if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0
        || ::mount("tmpfs", root.c_str(), "tmpfs", 0, "size=64k,mode=700") != 0)
    {
        std::cout << "SKIPPED: no file system may be mounted here" << std::endl;
        return 77;
    }
    oauth::file_store store{root + "/tokens"};
    check(store.save("a", session_of("kept")).has_value(), "the first save");
    check(store.probe("a").has_value(), "a probe with room");
    check_refused(store.save("a", session_of(std::string(100000, 'x'))), "disk is full", "a session larger than the disk was saved");
    check_kept(store);
    {
        std::ofstream filler(root + "/filler", std::ios::binary);
        for (int i = 0; i < 64 && filler; ++i) filler << std::string(4096, 'x') << std::flush;
    }
    for (int i = 0; i < 3; ++i)
    {
        check_refused(store.probe("a"), "disk is full", "a probe on a full disk");
        check_refused(store.save("a", session_of("lost")), "disk is full", "a save on a full disk");
        check_refused(store.save("b", session_of("lost")), "disk is full", "a new save on a full disk");
        check_kept(store);
    }
    fs::remove(root + "/filler");
    check(store.probe("a").has_value() && store.save("a", session_of("kept")).has_value(), "a save after room was made");

    check(::mount(nullptr, root.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0, "read-only");
    check_refused(store.probe("a"), "read-only", "a probe on a read-only disk");
    check_refused(store.save("a", session_of("lost")), "read-only", "a save on a read-only disk");
    check_refused(store.erase("a"), "read-only", "an erase on a read-only disk");
    check_refused(store.try_lock("a"), "read-only", "a lock on a read-only disk");
    check_refused(oauth::file_store{root + "/other"}.save("a", session_of("lost")), "read-only", "a directory on a read-only disk");
    check_kept(store);
    return broken == 0 ? 0 : 1;
}

#endif

} // namespace

int main()
{
#if defined(__linux__)
    auto root = (fs::temp_directory_path() / "oauth-file-store-full-XXXXXX").string();
    if (::mkdtemp(root.data()) == nullptr) return 1;
    int status = 0;
    auto const child = ::fork();
    if (child == 0) ::_exit(run(root));
    ::waitpid(child, &status, 0);
    std::error_code ignored;
    fs::remove_all(root, ignored);
    int const outcome = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
#else
    int const outcome = 77;
#endif
    std::cout << (outcome == 0 ? "held" : outcome == 77 ? "SKIPPED" : "BROKEN") << std::endl;
    return outcome;
}
