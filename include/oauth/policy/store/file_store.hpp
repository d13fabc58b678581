#ifndef OAUTH_POLICY_STORE_FILE_STORE_HPP
#define OAUTH_POLICY_STORE_FILE_STORE_HPP

#include <oauth/core/session_json.hpp>
#include <oauth/error/result.hpp>
#include <oauth/policy/store/detail/file_failure.hpp>
#include <oauth/policy/store/detail/file_handle.hpp>
#include <oauth/policy/store/detail/settled_file.hpp>
#include <oauth/policy/store/detail/store_directory.hpp>
#include <oauth/policy/store/detail/stored_file_name.hpp>
#include <oauth/policy/store/detail/temporary_file.hpp>
#include <oauth/policy/token_store.hpp>
#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** Keeps each session in a file of its own, in one directory that is this user's alone.

    A file is replaced whole or not at all: a process may be killed at any instruction, and the machine may lose its power. It is not encrypted; what protects it is
    that nobody else may read it (0600 in a directory of 0700; access lists beyond these bits are not looked at). No symbolic link is followed,
    neither for the directory itself nor for a file in it.

    In the directory there are, for each key, NAME.json; NAME.json.lock, empty, which stays; NAME.json.corrupt-1 and so on, which were put aside and stay
    till somebody has looked at them; and for moments NAME.json.RANDOM.tmp. What killed processes leave of the latter is removed by the first `save`, `probe` or
    `erase` of the next store on the directory, and once an hour.

    Works on any POSIX system, and across hosts where the file system carries flock between them (NFS does since Linux 2.6.12, but for files only): the key's
    lock holds there. Not so the directory's own, by which a file that can't be read is put aside: between hosts on NFS that may be, for the same name, what another one saves at that very moment.

    @par Errors
    All functions:
    @li errc::store_insecure where the directory, or a file that is looked at, is a symbolic link, another user's, open to others, or not a regular file. Nothing is touched.
    @li errc::store_not_writable, errc::store_unreadable where the system refuses (disk full, read-only, no permission, too many files open …).

    The hint says what was tried with which file, why it did not work, and what to do. It names paths, in which the beginning of the key can be read; never
    anything of a session. Only allocation throws.

    @par Thread safety
    Safe.

    @par Complexity
    Each call opens the directory and looks at it: some microseconds. `save` and `probe` wait for the disk.
*/
class file_store
{
    using clock = std::chrono::steady_clock;

    std::string directory_;
    std::unique_ptr<std::atomic<clock::rep>> next_sweep_ = std::make_unique<std::atomic<clock::rep>>(clock::now().time_since_epoch().count());

public:
    /// Keeps all others from the key's lock until it is destroyed, or its process ends. Does not refer to the store.
    class lock_type
    {
        detail::file_lock held_;

        friend file_store;
        explicit lock_type(detail::file_lock held) noexcept : held_(std::move(held)) {}
    };

    /** Keep sessions in `directory`. Touches nothing yet: it is made, with its parents, when the first session is saved.

        A relative path is meant from the present working directory; "~" is not special. Errors show at first use.
    */
    explicit file_store(std::string directory) : directory_(std::move(directory))
    {
        // A slash at the end, or the directory's own name for itself, would have a symbolic link followed.
        while (directory_.size() > 1 && (directory_.ends_with('/') || directory_.ends_with("/."))) directory_.pop_back();
        std::array<char, 4096> here;
        if (!directory_.empty() && directory_[0] != '/' && ::getcwd(here.data(), here.size()) != nullptr) directory_ = std::string(here.data()) + '/' + directory_;
    }

    /// The directory, as an absolute path.
    std::string const& directory() const noexcept { return directory_; }

    /** What was saved last under `key`; nothing where there is none.

        @return also errc::store_unreadable, with advice::sign_in_again, where the file is not a session: it is now called NAME.json.corrupt-N, never in place of an
        earlier one; the next `load` finds nothing. Or errc::store_from_newer_version; the file stays as it is.
    */
    result<std::optional<session>> load(std::string_view key)
    {
        auto const opened = detail::store_directory::open(directory_, detail::store_directory::missing::stays);
        if (!opened) return opened.error();
        if (!*opened) return std::optional<session>();
        auto const& directory = **opened;
        auto const name = detail::stored_file_name(key);
        auto const text = directory.read(name, session_json_limit);
        if (!text) return text.error();
        if (!*text) return std::optional<session>();
        if (auto value = session_from_json((*text)->reveal())) return std::optional<session>(std::move(*value));

        // Another may be replacing it right now: look again with everybody kept out, before anything is renamed.
        auto const guard = directory.guard();
        if (!guard) return guard.error();
        auto settled = detail::settle(directory, name);
        if (!settled) return settled.error();
        if (!settled->put_aside.empty())
            return failure(errc::store_unreadable, advice::sign_in_again, "it was put aside as " + escaped(settled->put_aside, 4096) + "; sign in again");
        return std::move(settled->value);
    }

    /** Keep `value` under `key`, on disk when it returns.

        What is there and can't be read is put aside first; what a newer version wrote is not replaced.

        @return also errc::store_from_newer_version; errc::store_not_writable where the session is beyond what @ref session_from_json reads. On failure the file is as it
        was, unless the hint says that the directory could not be written to disk: then it is replaced, but might not survive a loss of power.

        @par Complexity
        Two waits for the disk (file and directory).
    */
    result<void> save(std::string_view key, session const& value)
    {
        auto const text = to_json(value);
        if (!session_from_json(text.reveal()))
            return failure(errc::store_not_writable, advice::give_up, "the session is over 1 MiB, or a scope in it over 64 KiB or 1024 tokens");
        auto const opened = open_for_writing();
        if (!opened) return opened.error();
        auto const& directory = *opened;
        auto const name = detail::stored_file_name(key);
        auto made = detail::temporary_file::make(directory, name);
        if (!made) return made.error();
        if (auto written = made->write(text.reveal()); !written) return written;
        if (auto synced = made->sync(); !synced) return synced;
        {
            auto const guard = directory.guard();
            if (!guard) return guard.error();
            if (auto const settled = detail::settle(directory, name); !settled) return settled.error();
            if (auto replaced = made->replace(name); !replaced) return replaced;
        }
        if (int const error = directory.sync()) return detail::file_failure(errc::store_not_writable, error, "write to disk the directory", directory_);
        return {};
    }

    /** Forget what was saved under `key`, whatever it has become. No failure where there was none. What was put aside stays.

        The file's blocks are given back, not overwritten: that could not be done reliably on today's disks.
    */
    result<void> erase(std::string_view key)
    {
        auto const opened = detail::store_directory::open(directory_, detail::store_directory::missing::stays);
        if (!opened) return opened.error();
        if (!*opened) return {};
        auto const& directory = **opened;
        sweep_at_times(directory);
        auto const name = detail::stored_file_name(key);
        auto const guard = directory.guard();
        if (!guard) return guard.error();
        if (::unlinkat(directory.descriptor(), name.c_str(), 0) != 0)
        {
            if (errno == ENOENT) return {};
            return detail::file_failure(errc::store_not_writable, errno, "remove", directory.path_of(name));
        }
        if (int const error = directory.sync()) return detail::file_failure(errc::store_not_writable, error, "write to disk the directory", directory_);
        return {};
    }

    /** Could `save` succeed now? Writes a file as large as the one that is there, at least 16 KiB, has it on disk, and removes it again.

        So a full disk, a read-only directory, or a file that must not be replaced shows before a refresh token is spent. Makes the directory.

        @return as @ref save. What can't be read is no failure: `save` would put it aside.
    */
    result<void> probe(std::string_view key)
    {
        auto const opened = open_for_writing();
        if (!opened) return opened.error();
        auto const& directory = *opened;
        auto const name = detail::stored_file_name(key);
        auto const text = directory.read(name, session_json_limit);
        if (!text) return text.error();
        if (*text)
        {
            auto const value = session_from_json((*text)->reveal());
            if (!value && value.error().code == errc::store_from_newer_version) return value.error();
        }
        auto made = detail::temporary_file::make(directory, name);
        if (!made) return made.error();
        static constexpr std::array<char, 16 * 1024> zeros{};
        auto left = std::max(*text ? (*text)->size() : 0, zeros.size());
        while (left > 0)
        {
            auto const piece = std::min(left, zeros.size());
            if (auto written = made->write({zeros.data(), piece}); !written) return written;
            left -= piece;
        }
        return made->sync();
    }

    /** Take the key's lock, at once or not at all; nothing where another has it: a process, a thread, or this very thread.

        Makes the directory. The lock ends with its holder, also when that is killed.
    */
    result<std::optional<lock_type>> try_lock(std::string_view key)
    {
        auto const opened = detail::store_directory::open(directory_, detail::store_directory::missing::is_made);
        if (!opened) return opened.error();
        auto const& directory = **opened;
        auto const name = detail::stored_file_name(key) + ".lock";
        for (;;)
        {
            // Some systems lock only what is open for writing.
            auto file = detail::file_handle::open_at(directory.descriptor(), name.c_str(), O_RDWR | O_CREAT, 0600);
            if (!file) return detail::file_failure(errc::store_not_writable, errno, "open", directory.path_of(name));
            struct stat mine;
            if (::fstat(file.get(), &mine) != 0) return detail::file_failure(errc::store_not_writable, errno, "look at", directory.path_of(name));
            if (auto why = detail::insecurity_of(mine, directory.path_of(name))) return std::move(*why);
            auto taken = detail::file_lock::take(std::move(file));
            if (!taken && errno == EWOULDBLOCK) return std::optional<lock_type>();
            if (!taken) return detail::file_failure(errc::store_not_writable, errno, "lock", directory.path_of(name));
            // Somebody who tidies up may have removed it in between; then others lock another file by this name.
            struct stat named;
            bool const still_there = ::fstatat(directory.descriptor(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0;
            if (still_there && mine.st_ino == named.st_ino && mine.st_dev == named.st_dev) return std::optional<lock_type>(lock_type(std::move(*taken)));
        }
    }

private:
    result<detail::store_directory> open_for_writing()
    {
        auto opened = detail::store_directory::open(directory_, detail::store_directory::missing::is_made);
        if (!opened) return opened.error();
        sweep_at_times(**opened);
        return std::move(**opened);
    }

    void sweep_at_times(detail::store_directory const& directory) noexcept
    {
        auto const now = clock::now().time_since_epoch();
        auto due = next_sweep_->load(std::memory_order_relaxed);
        auto const next = (now + std::chrono::duration_cast<clock::duration>(std::chrono::hours{1})).count();
        if (now.count() >= due && next_sweep_->compare_exchange_strong(due, next, std::memory_order_relaxed)) detail::temporary_file::sweep(directory);
    }
};
static_assert(check_token_store<file_store>());

} // namespace oauth

#endif
