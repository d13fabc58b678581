#ifndef OAUTH_POLICY_STORE_DETAIL_FILE_HANDLE_HPP
#define OAUTH_POLICY_STORE_DETAIL_FILE_HANDLE_HPP

#if defined(_WIN32)
#error "oauth::file_store needs POSIX; on Windows use oauth::memory_store or a store of your own (see oauth/policy/token_store.hpp)"
#endif

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>
#include <cerrno>
#include <optional>
#include <utility>

namespace oauth::detail {

/// Owns a file descriptor.
class file_handle
{
    int descriptor_ = -1;

public:
    file_handle() = default;
    explicit file_handle(int descriptor) noexcept : descriptor_(descriptor) {}
    file_handle(file_handle&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

    file_handle& operator=(file_handle&& other) noexcept
    {
        file_handle old(std::move(*this));
        descriptor_ = std::exchange(other.descriptor_, -1);
        return *this;
    }

    ~file_handle()
    {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    int get() const noexcept { return descriptor_; }
    explicit operator bool() const noexcept { return descriptor_ >= 0; }

    /// Open `name` in `directory`. Never follows a symbolic link, never waits for the other end of a pipe. Empty on failure, see errno.
    static file_handle open_at(int directory, char const* name, int flags, mode_t mode = 0) noexcept
    {
        int descriptor;
        do descriptor = ::openat(directory, name, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode);
        while (descriptor < 0 && errno == EINTR);
        return file_handle(descriptor);
    }
};

/// Have what was written to it on the medium: as fsync does, also where that stops at the drive's own cache (macOS). Returns what fsync does, and sets errno.
inline int sync_to_medium(file_handle const& file) noexcept
{
#if defined(F_FULLFSYNC)
    if (::fcntl(file.get(), F_FULLFSYNC) == 0) return 0;
    // Not every file system has it. What it could not write is lost, though: fsync may not say so any more.
    if (errno == EIO) return -1;
#endif
    return ::fsync(file.get());
}

/** An advisory lock on an open file (flock), which ends with the process that holds it.

    It belongs to the open file, so it keeps out other threads that opened the file for themselves.
*/
class file_lock
{
    file_handle handle_;
    pid_t owner_;

    explicit file_lock(file_handle handle) noexcept : handle_(std::move(handle)), owner_(::getpid()) {}

public:
    file_lock(file_lock&&) = default;

    file_lock& operator=(file_lock&& other) noexcept
    {
        file_lock old(std::move(*this));
        handle_ = std::move(other.handle_);
        owner_ = other.owner_;
        return *this;
    }

    ~file_lock()
    {
        // Closing is not enough: a forked child holds the same open file. Nor may that child give back what is not its own.
        if (handle_ && owner_ == ::getpid()) ::flock(handle_.get(), LOCK_UN);
    }

    /// Take it at once or not at all. Where it is not to be had, errno is EWOULDBLOCK if another holds it.
    static std::optional<file_lock> take(file_handle handle) noexcept
    {
        int failed;
        do failed = ::flock(handle.get(), LOCK_EX | LOCK_NB);
        while (failed != 0 && errno == EINTR);
        if (failed != 0)
        {
            int const why = errno;
            handle = file_handle();
            errno = why;
            return std::nullopt;
        }
        return file_lock(std::move(handle));
    }
};

} // namespace oauth::detail

#endif
