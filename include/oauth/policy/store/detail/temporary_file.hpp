#ifndef OAUTH_POLICY_STORE_DETAIL_TEMPORARY_FILE_HPP
#define OAUTH_POLICY_STORE_DETAIL_TEMPORARY_FILE_HPP

#include <oauth/error/result.hpp>
#include <oauth/policy/store/detail/file_failure.hpp>
#include <oauth/policy/store/detail/file_handle.hpp>
#include <oauth/policy/store/detail/store_directory.hpp>
#include <oauth/policy/store/detail/stored_file_name.hpp>
#include <dirent.h>
#include <openssl/rand.h>
#include <sys/resource.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/** A new file beside the one that it is going to replace. Removed with this object, unless it was renamed.

    Its maker holds a lock on it, which ends when the maker does: that is how one is known that was left behind.
*/
class temporary_file
{
    int directory_;
    file_handle handle_;
    std::string name_;   // empty once it was renamed
    std::string path_;
    std::size_t size_ = 0;

    temporary_file(store_directory const& in, file_handle handle, std::string name)
        : directory_(in.descriptor()), handle_(std::move(handle)), name_(std::move(name)), path_(in.path_of(name_))
    {
    }

    static std::string random_suffix()
    {
        std::array<unsigned char, 8> bytes{};
        // A name that is not random is refused by O_EXCL if it is there already, no more.
        RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
        std::array<char, 24> text;
        auto* end = text.data();
        *end++ = '.';
        for (auto byte : bytes) end += std::snprintf(end, 3, "%02x", static_cast<unsigned>(byte));
        return std::string(text.data(), end) + ".tmp";
    }

public:
    temporary_file(temporary_file&& other) noexcept
        : directory_(other.directory_), handle_(std::move(other.handle_)), name_(std::exchange(other.name_, {})), path_(std::move(other.path_)), size_(other.size_)
    {
    }
    temporary_file& operator=(temporary_file&&) = delete;

    ~temporary_file()
    {
        if (!name_.empty()) ::unlinkat(directory_, name_.c_str(), 0);
    }

    /// Make one for `target` in `directory`, which must outlive it. Empty, 0600.
    static result<temporary_file> make(store_directory const& directory, std::string const& target)
    {
        for (int attempt = 0;; ++attempt)
        {
            auto name = target + random_suffix();
            auto handle = file_handle::open_at(directory.descriptor(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
            if (!handle && errno == EEXIST && attempt < 8) continue;
            if (!handle) return file_failure(errc::store_not_writable, errno, "make a file in", directory.path_of({}));
            temporary_file made(directory, std::move(handle), std::move(name));
            // Where there are no locks, nobody sweeps either.
            int locked;
            do locked = ::flock(made.handle_.get(), LOCK_EX | LOCK_NB);
            while (locked != 0 && errno == EINTR);
            struct stat found;
            bool const swept = (locked != 0 && errno == EWOULDBLOCK) || (::fstat(made.handle_.get(), &found) == 0 && found.st_nlink == 0);
            if (swept && attempt < 8) continue;
            if (::fchmod(made.handle_.get(), 0600) != 0) return file_failure(errc::store_not_writable, errno, "chmod", made.path_);
            return made;
        }
    }

    /// Append all of `text`.
    result<void> write(std::string_view text)
    {
        // To write beyond the limit sends a signal that ends the program.
        struct rlimit limit;
        bool const limited = ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
        if (limited && text.size() > limit.rlim_cur - std::min<rlim_t>(size_, limit.rlim_cur)) return file_failure(errc::store_not_writable, EFBIG, "write", path_);
        size_ += text.size();
        while (!text.empty())
        {
            auto const written = ::write(handle_.get(), text.data(), text.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return file_failure(errc::store_not_writable, errno, "write", path_);
            text.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }

    /// Have it on disk. Not tried again: after a failed fsync the kernel may have dropped what it could not write.
    result<void> sync()
    {
        if (sync_to_medium(handle_) != 0) return file_failure(errc::store_not_writable, errno, "write", path_);
        return {};
    }

    /// Put it in the place of `target`.
    result<void> replace(std::string const& target)
    {
        if (::renameat(directory_, name_.c_str(), directory_, target.c_str()) != 0)
            return file_failure(errc::store_not_writable, errno, "rename", path_);
        name_.clear();
        return {};
    }

    /// Is `name` one that @ref make gives?
    static bool is_temporary(std::string_view name) noexcept
    {
        constexpr std::string_view end = ".tmp";
        if (name.size() < 17 + end.size() || !name.ends_with(end)) return false;
        name.remove_suffix(end.size());
        auto const target = name.substr(0, name.size() - 17);
        return is_hexadecimal(name.substr(target.size() + 1), 16) && name[target.size()] == '.' && is_stored_file_name(target);
    }

    /// Remove what killed processes have left behind, as far as that can be done. @par Complexity Files in the directory.
    static void sweep(store_directory const& directory) noexcept
    {
        int const own = ::openat(directory.descriptor(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        auto* const list = own >= 0 ? ::fdopendir(own) : nullptr;
        if (list == nullptr)
        {
            file_handle const closed(own);
            return;
        }
        while (auto const* const entry = ::readdir(list))
        {
            std::string_view const name = entry->d_name;
            if (!is_temporary(name)) continue;
            // NFS locks only what is open for writing.
            auto file = file_handle::open_at(directory.descriptor(), entry->d_name, O_WRONLY);
            struct stat found;
            if (!file || ::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode)) continue;
            if (auto const orphan = file_lock::take(std::move(file))) ::unlinkat(directory.descriptor(), entry->d_name, 0);
        }
        ::closedir(list);
    }
};

} // namespace oauth::detail

#endif
