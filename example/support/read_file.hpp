#ifndef EXAMPLE_SUPPORT_READ_FILE_HPP
#define EXAMPLE_SUPPORT_READ_FILE_HPP

#include <oauth/core/secret.hpp>
#include <oauth/error/errc.hpp>
#include <oauth/error/result.hpp>
#include <fstream>
#include <string>

namespace example {

/// All of a file that is small; 256 KiB at most.
inline oauth::result<oauth::secret> read_file(std::string const& path)
{
    std::ifstream file(path, std::ios::binary);
    std::string text(256 * 1024 + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    auto const size = file.gcount();
    if (size <= 0 || size > 256 * 1024) return oauth::failure(oauth::errc::key_unreadable, oauth::advice::fix_configuration, oauth::escaped(path));
    oauth::secret whole(std::move(text));
    return oauth::secret(whole.reveal().substr(0, static_cast<std::size_t>(size)));
}

} // namespace example

#endif
