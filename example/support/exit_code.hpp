#ifndef EXAMPLE_SUPPORT_EXIT_CODE_HPP
#define EXAMPLE_SUPPORT_EXIT_CODE_HPP

#include <oauth/error/failure.hpp>
#include <iostream>
#include <string_view>

namespace example {

/// What the programs exit with. Each says so in its --help.
enum exit_code
{
    succeeded = 0,
    failed = 1,              ///< it may pass: try again
    wrong_settings = 2,      ///< a setting is missing or wrong
    not_signed_in = 3,       ///< nobody is signed in: only the user, or who grants permissions, can help
    not_stored = 4,          ///< the session can't be stored, or not read
    not_printed = 5,         ///< standard output can't be written
    refused = 6,             ///< trying again will not help
};

inline constexpr std::string_view exit_codes_help = R"(
exit status:
  0  done
  1  something failed that may pass, or another program is using the session: try again
  2  a setting is missing or wrong
  3  nobody is signed in: the user refused, cancelled or did not come back; a permission is not granted; or the sign-in has to be done anew
  4  the session can't be stored, or is stored where it is not safe; what can't be read is put aside, and you sign in anew
  5  standard output can't be written: it is closed, full, or a pipe that nobody reads any more; the session is kept all the same
  6  trying again will not help: the server refuses for good (an account that is disabled, a policy), or gives an answer that is not to be believed
  130  interrupted by Ctrl-C, as a shell reports it; nothing is left half-written, and what the server gives meanwhile is stored first
)";

/// The exit status that stands for a failure. A script may try again on @ref failed alone.
inline exit_code exit_code_of(oauth::failure const& why)
{
    using oauth::errc;
    for (auto const store : {errc::store_unreadable, errc::store_not_writable, errc::store_insecure, errc::store_from_newer_version})
        if (why.code == store) return not_stored;
    if (why.code == errc::sign_in_timeout || why.code == errc::input_closed || why.code == errc::cancelled) return not_signed_in;
    switch (why.next)
    {
    case oauth::advice::retry:
    case oauth::advice::retry_after: return failed;
    case oauth::advice::sign_in_again:
    case oauth::advice::consent: return not_signed_in;
    case oauth::advice::fix_configuration: return wrong_settings;
    case oauth::advice::give_up: break;
    }
    return refused;
}

/// Say what went wrong, and which exit status stands for it.
inline int report(oauth::failure const& why)
{
    std::cerr << "Failed: " << why << '\n';
    return exit_code_of(why);
}

} // namespace example

#endif
