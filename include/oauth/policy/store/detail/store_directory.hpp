#ifndef OAUTH_POLICY_STORE_DETAIL_STORE_DIRECTORY_HPP
#define OAUTH_POLICY_STORE_DETAIL_STORE_DIRECTORY_HPP

#include <oauth/core/secret.hpp>
#include <oauth/error/result.hpp>
#include <oauth/policy/store/detail/file_failure.hpp>
#include <oauth/policy/store/detail/file_handle.hpp>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace oauth::detail {

/// Why what was `found` at `path` is not a directory, or else a regular file, of ours that nobody else can get at; nothing where it is.
inline std::optional<failure> insecurity_of(struct stat const& found, std::string const& path, bool directory = false)
{
    auto const refused = [&](char const* what, char const* cure) {
        return failure(errc::store_insecure, advice::fix_configuration, (escaped(path, 4096) += what) += cure);
    };
    if (!directory && !S_ISREG(found.st_mode)) return refused(" is not a regular file; ", "remove it");
    if (found.st_uid != ::geteuid()) return refused(" belongs to another user; ", directory ? "name a directory of your own" : "remove it");
    if ((found.st_mode & 077) == 0) return std::nullopt;
    return refused(" is open to other users; ", directory ? "chmod 700 it" : "find out who has read it, then chmod 600 it");
}

/** The directory of a file_store, held open, so that it stays the same one during an operation: no part of its path is looked up again.

    Files are named relative to it, and opened without following a symbolic link.
*/
class store_directory
{
    file_handle handle_;
    std::string path_;

    store_directory(file_handle handle, std::string const& path) : handle_(std::move(handle)), path_(path) {}

    static file_handle open_path(char const* path) noexcept { return file_handle::open_at(AT_FDCWD, path, O_RDONLY | O_DIRECTORY); }

    // errno, 0 for success. Makes the parents as well; each entry is on disk before the next is made in it.
    static int make(std::string const& path)
    {
        if (::mkdir(path.c_str(), 0700) != 0)
        {
            if (errno == EEXIST) return 0;
            if (errno != ENOENT) return errno;
            auto const slash = path.find_last_of('/');
            if (slash == 0 || slash == path.npos) return ENOENT;
            if (int const error = make(path.substr(0, slash))) return error;
            if (::mkdir(path.c_str(), 0700) != 0) return errno == EEXIST ? 0 : errno;
        }
        auto const slash = path.find_last_of('/');
        int const parent = ::open(slash == path.npos ? "." : path.substr(0, slash + 1).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (parent >= 0) sync_to_medium(file_handle(parent));
        return 0;
    }

public:
    enum class missing
    {
        stays,
        is_made,
    };

    /** Open the directory at `path`, which must not end with a slash; nothing where there is none and none is to be made.

        @return errc::store_insecure where it is a symbolic link, another's, or open to others; where it can't be opened, errc::store_unreadable, or
        errc::store_not_writable where it is to be made.
    */
    static result<std::optional<store_directory>> open(std::string const& path, missing what)
    {
        if (path.empty() || path.find('\0') != path.npos)
            return failure(errc::store_not_writable, advice::fix_configuration, "file_store: the directory's name is empty or not a name");
        auto const refused = what == missing::is_made ? errc::store_not_writable : errc::store_unreadable;
        auto handle = open_path(path.c_str());
        if (!handle && errno == ENOENT)
        {
            if (what == missing::stays) return std::optional<store_directory>();
            if (int const error = make(path)) return file_failure(refused, error, "make the directory", path);
            handle = open_path(path.c_str());
        }
        struct stat found;
        if (!handle)
        {
            int error = errno;
            // Systems differ in what they call a link where a directory was demanded.
            if ((error == ENOTDIR || error == EMLINK) && ::lstat(path.c_str(), &found) == 0 && S_ISLNK(found.st_mode)) error = ELOOP;
            return file_failure(refused, error, "open the directory", path);
        }
        if (::fstat(handle.get(), &found) != 0) return file_failure(refused, errno, "look at", path);
        if (auto why = insecurity_of(found, path, true)) return std::move(*why);
        return std::optional<store_directory>(store_directory(std::move(handle), path));
    }

    int descriptor() const noexcept { return handle_.get(); }

    /// How the file called `name` is spoken of.
    std::string path_of(std::string const& name) const { return path_ + '/' + name; }

    /// All of the file called `name`, or one byte more than `limit`; nothing where there is none.
    result<std::optional<secret>> read(std::string const& name, std::size_t limit) const
    {
        auto const file = file_handle::open_at(handle_.get(), name.c_str(), O_RDONLY);
        if (!file && errno == ENOENT) return std::optional<secret>();
        if (!file && errno == ENXIO)
            return failure(errc::store_insecure, advice::fix_configuration, escaped(path_of(name), 4096) + " is not a regular file; remove it");
        if (!file) return file_failure(errc::store_unreadable, errno, "open", path_of(name));
        struct stat found;
        if (::fstat(file.get(), &found) != 0) return file_failure(errc::store_unreadable, errno, "look at", path_of(name));
        if (auto why = insecurity_of(found, path_of(name))) return std::move(*why);
        std::string text(std::min(static_cast<std::size_t>(found.st_size), limit + 1), '\0');
        std::size_t size = 0;
        while (size < text.size())
        {
            auto const got = ::read(file.get(), text.data() + size, text.size() - size);
            if (got < 0 && errno == EINTR) continue;
            if (got < 0)
            {
                int const error = errno;
                secret const wiped(std::move(text));
                return file_failure(errc::store_unreadable, error, "read", path_of(name));
            }
            if (got == 0) break;
            size += static_cast<std::size_t>(got);
        }
        text.resize(size);
        return std::optional<secret>(secret(std::move(text)));
    }

    /** Keep out everybody who would replace or rename a file here, for the time of a few system calls.

        Another who is stopped in the midst of these is waited for, but not for ever. NFS locks a directory on its own host only.
    */
    result<file_lock> guard() const
    {
        using namespace std::chrono_literals;
        auto const until = std::chrono::steady_clock::now() + 5s;
        for (auto pause = 50us;; pause = std::min<std::chrono::microseconds>(2 * pause, 10ms))
        {
            auto own = file_handle::open_at(handle_.get(), ".", O_RDONLY | O_DIRECTORY);
            if (!own) return file_failure(errc::store_not_writable, errno, "open the directory", path_);
            if (auto taken = file_lock::take(std::move(own))) return std::move(*taken);
            if (errno != EWOULDBLOCK || std::chrono::steady_clock::now() >= until) return file_failure(errc::store_not_writable, errno, "lock", path_);
            std::this_thread::sleep_for(pause);
        }
    }

    /// Have it on disk which files there are. errno, 0 for success.
    int sync() const noexcept
    {
        // Some file systems can't and need not do that for a directory.
        return sync_to_medium(handle_) == 0 || errno == EINVAL || errno == EOPNOTSUPP ? 0 : errno;
    }
};

} // namespace oauth::detail

#endif
