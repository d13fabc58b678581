// What a store promises to be on disk is handed to the disk before anything relies on it: seen from outside, by the system calls that it makes.

#include <oauth/policy/store/file_store.hpp>
#include <boost/test/unit_test.hpp>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>
#if defined(__linux__)
#include <sys/ptrace.h>
#include <sys/syscall.h>
#endif
#include "../support/sessions.hpp"

#if defined(PTRACE_GET_SYSCALL_INFO)

namespace {

using namespace oauth;
namespace fs = std::filesystem;
using calls = std::vector<std::string>;

constexpr std::string_view key = "somebody@example.com";

struct own_folder
{
    std::string path = (fs::temp_directory_path() / "oauth-file-store-on-disk-XXXXXX").string();

    own_folder() { BOOST_TEST_REQUIRE(::mkdtemp(path.data()) != nullptr); }
    own_folder(own_folder const&) = delete;
    ~own_folder()
    {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }
};

/// The name of what `process` has open as `descriptor`, temporary files as one; empty where it is not in `root`.
std::string name_of(pid_t process, std::uint64_t descriptor, std::string const& root)
{
    std::error_code ec;
    auto const opened = fs::read_symlink("/proc/" + std::to_string(process) + "/fd/" + std::to_string(descriptor), ec);
    if (ec || !opened.string().starts_with(root)) return {};
    return opened == root ? "root" : opened.extension() == ".tmp" ? "*.tmp" : opened.filename().string();
}

/// What a system call does to files in `root`, in a word or two; empty where it does nothing that matters here.
std::string word_for(pid_t process, std::uint64_t number, std::uint64_t first, std::string const& root)
{
    auto const to_file = [&](std::string const& verb) {
        auto const name = name_of(process, first, root);
        return name.empty() ? name : verb + ' ' + name;
    };
    switch (number)
    {
    case SYS_write:
    case SYS_writev:
    case SYS_pwrite64:
    case SYS_pwritev:
    case SYS_ftruncate: return to_file("write");
    case SYS_fsync:
    case SYS_fdatasync: return to_file("sync");
#if defined(SYS_rename)
    case SYS_rename:
#endif
#if defined(SYS_renameat)
    case SYS_renameat:
#endif
    case SYS_renameat2: return "rename";
#if defined(SYS_unlink)
    case SYS_unlink:
#endif
    case SYS_unlinkat: return "unlink";
#if defined(SYS_mkdir)
    case SYS_mkdir:
#endif
    case SYS_mkdirat: return "mkdir";
    }
    return {};
}

/// The calls that matter of `work`, done by a process of its own, as far as they succeed; "not allowed" alone where processes can't be looked at here.
calls calls_of(std::string const& root, std::function<bool()> const& work)
{
    auto const child = ::fork();
    BOOST_TEST_REQUIRE(child >= 0);
    if (child == 0)
    {
        if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(77);
        std::raise(SIGSTOP);
        ::_exit(work() ? 0 : 1);
    }
    calls out;
    std::string begun;
    int status = 0;
    ::waitpid(child, &status, 0);
    if (WIFSTOPPED(status)) ::ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
    while (WIFSTOPPED(status))
    {
        __ptrace_syscall_info info{};
        auto const got = WSTOPSIG(status) == (SIGTRAP | 0x80) ? ::ptrace(PTRACE_GET_SYSCALL_INFO, child, reinterpret_cast<void*>(sizeof info), &info) : 1;
        if (got <= 0)   // a kernel before 5.3
        {
            ::kill(child, SIGKILL);
            ::waitpid(child, &status, 0);
            return {"not allowed"};
        }
        if (info.op == PTRACE_SYSCALL_INFO_ENTRY) begun = word_for(child, info.entry.nr, info.entry.args[0], root);
        // A long text may take several writes.
        if (info.op == PTRACE_SYSCALL_INFO_EXIT && info.exit.is_error == 0 && !begun.empty() && (out.empty() || out.back() != begun || !begun.starts_with("write"))) out.push_back(begun);
        if (info.op != PTRACE_SYSCALL_INFO_ENTRY) begun.clear();
        ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
        ::waitpid(child, &status, 0);
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77) return {"not allowed"};
    BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    return out;
}

std::string listed(calls const& them)
{
    std::string out;
    for (auto const& one : them) (out += one) += "; ";
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(file_store_on_disk)

BOOST_AUTO_TEST_CASE(what_is_promised_is_on_disk)
{
    own_folder const root;
    auto const folder = root.path + "/of/tokens";
    auto const save = [&](std::size_t size) {
        return [&folder, size] { return file_store{folder}.save(key, test::session_of(std::string(size, 'r'))).has_value(); };
    };
    struct
    {
        char const* what;
        std::function<bool()> work;
        calls expected;
    } const rows[] = {
        // A folder that is lost takes along what lies in it.
        {"save, where there is no folder", save(10), {"mkdir", "sync root", "mkdir", "sync of", "write *.tmp", "sync *.tmp", "rename", "sync tokens"}},
        {"save in place of another", save(20), {"write *.tmp", "sync *.tmp", "rename", "sync tokens"}},
        {"save much", save(500'000), {"write *.tmp", "sync *.tmp", "rename", "sync tokens"}},
        {"probe", [&] { return file_store{folder}.probe(key).has_value(); }, {"write *.tmp", "sync *.tmp", "unlink"}},
        {"load", [&] { return file_store{folder}.load(key).has_value(); }, {}},
        {"erase", [&] { return file_store{folder}.erase(key).has_value(); }, {"unlink", "sync tokens"}},
        {"erase what is not there", [&] { return file_store{folder}.erase(key).has_value(); }, {}},
    };
    for (auto const& row : rows)
    {
        auto const made = calls_of(root.path, row.work);
        BOOST_TEST_MESSAGE(row.what << ": " << listed(made));
        if (made == calls{"not allowed"})
        {
            std::cout << "skipped: which system calls a store makes: ptrace is not allowed here" << std::endl;
            return;
        }
        BOOST_TEST(listed(made) == listed(row.expected), row.what << ": " << listed(made) << "instead of: " << listed(row.expected));
    }
}

BOOST_AUTO_TEST_SUITE_END()

#endif
