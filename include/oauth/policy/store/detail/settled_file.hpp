#ifndef OAUTH_POLICY_STORE_DETAIL_SETTLED_FILE_HPP
#define OAUTH_POLICY_STORE_DETAIL_SETTLED_FILE_HPP

#include <oauth/core/session_json.hpp>
#include <oauth/error/result.hpp>
#include <oauth/policy/store/detail/file_failure.hpp>
#include <oauth/policy/store/detail/store_directory.hpp>
#include <cerrno>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace oauth::detail {

/// What became of a file that was looked at with everybody kept out.
struct settled_file
{
    std::optional<session> value;   ///< what it holds; nothing where there is none, or none any more
    std::string put_aside;          ///< where to, if it could not be read
};

/** Read the file called `name`, and put it aside if it is not a session: under a name that is not taken, however many there are. Needs the directory's guard.

    @return also errc::store_from_newer_version, and errc::store_unreadable where it can't be put aside; then it stays where it is.
*/
inline result<settled_file> settle(store_directory const& directory, std::string const& name)
{
    auto const text = directory.read(name, session_json_limit);
    if (!text) return text.error();
    if (!*text) return settled_file{};
    auto value = session_from_json((*text)->reveal());
    if (value) return settled_file{std::move(*value), {}};
    if (value.error().code != errc::store_unreadable)
    {
        auto why = value.error();
        why.hint = escaped(directory.path_of(name), 4096) + ": " + why.hint;
        return why;
    }
    for (std::size_t number = 1;; ++number)
    {
        auto const aside = name + ".corrupt-" + std::to_string(number);
        struct stat taken;
        if (::fstatat(directory.descriptor(), aside.c_str(), &taken, AT_SYMLINK_NOFOLLOW) == 0) continue;
        if (errno != ENOENT || ::renameat(directory.descriptor(), name.c_str(), directory.descriptor(), aside.c_str()) != 0)
            return file_failure(errc::store_unreadable, errno, "put aside what is not a session,", directory.path_of(name));
        return settled_file{std::nullopt, directory.path_of(aside)};
    }
}

} // namespace oauth::detail

#endif
