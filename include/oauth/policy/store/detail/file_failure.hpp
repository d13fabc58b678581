#ifndef OAUTH_POLICY_STORE_DETAIL_FILE_FAILURE_HPP
#define OAUTH_POLICY_STORE_DETAIL_FILE_FAILURE_HPP

#include <oauth/error/result.hpp>
#include <cerrno>
#include <string>
#include <string_view>

namespace oauth::detail {

/// The failure of a system call, in words: what was done with which file, why that did not work, and what to do about it.
inline failure file_failure(errc code, int error, std::string_view doing, std::string_view path)
{
    auto const because = [&](std::string_view reason, advice next) {
        return failure(code, next, ((std::string("can't ") += doing).append(" ") += escaped(path, 4096)).append(": ") += reason);
    };
    switch (error)
    {
    case ENOSPC: return because("the disk is full; free some space", advice::fix_configuration);
    case EDQUOT: return because("the disk quota is used up; free some space", advice::fix_configuration);
    case EFBIG: return because("the limit on file sizes is too small (ulimit -f)", advice::fix_configuration);
    case EROFS: return because("the file system is read-only; name another directory", advice::fix_configuration);
    case EACCES:
    case EPERM: return because("permission denied; directory and files must belong to the user who runs the program", advice::fix_configuration);
    case ENOTDIR: return because("a part of the path is not a directory", advice::fix_configuration);
    case ENOENT: return because("a part of the path does not exist any more", advice::fix_configuration);
    case EISDIR: return because("it is a directory", advice::fix_configuration);
    case ENAMETOOLONG: return because("the path is too long", advice::fix_configuration);
    case ELOOP:
        code = errc::store_insecure;
        return because("there is a symbolic link; name the place itself", advice::fix_configuration);
    case EMFILE:
    case ENFILE: return because("too many files are open; close some or raise the limit (ulimit -n)", advice::retry);
    case ENOMEM: return because("the system is out of memory", advice::retry);
    case ESTALE: return because("the network file system lost it", advice::retry);
    case EWOULDBLOCK: return because("another process is at it for too long", advice::retry);
    case EIO: return because("the disk reports an error; look at the system's log", advice::give_up);
    case ENOLCK:
    case EOPNOTSUPP:
    case ENOSYS: return because("the file system has no locks (flock); name a directory on another one", advice::fix_configuration);
    default: return because("system error " + std::to_string(error), advice::give_up);
    }
}

} // namespace oauth::detail

#endif
