#ifndef EXAMPLE_SUPPORT_STANDARD_OUTPUT_HPP
#define EXAMPLE_SUPPORT_STANDARD_OUTPUT_HPP

#include <cerrno>
#include <cstring>
#include <iostream>
#include <string>
#include <string_view>

#include <fcntl.h>    // open
#include <signal.h>   // sigaction
#include <unistd.h>   // close

namespace example {

/** Get standard streams ready, before any file or socket is opened. Returns whether standard output is open.

    - The number of a stream that the caller has closed would go to the next file or socket; what is printed would then be written into that.
    - A pipe that nobody reads any more is an error of the write, and not the end of the program.
*/
inline bool prepare_standard_streams()
{
    bool const open = ::fcntl(STDOUT_FILENO, F_GETFD) >= 0;
    // Each gets the lowest number that is free, until one beyond the three is. What is read from there is at its end; what is written to standard output is refused.
    for (int at = STDIN_FILENO; at <= STDERR_FILENO; ++at)
        if (::fcntl(at, F_GETFD) < 0 && ::open("/dev/null", at == STDERR_FILENO ? O_WRONLY : O_RDONLY) != at) break;
    // A handler, since programs that are started inherit what is ignored.
    struct sigaction nothing = {};
    nothing.sa_handler = [](int) {};
    nothing.sa_flags = SA_RESTART;
    ::sigaction(SIGPIPE, &nothing, nullptr);
    return open;
}

/// Why standard output could not be written; 0 where it could, or where that is not known.
inline int output_error = 0;

/// Write all that was printed, and `text`, to standard output now. Returns whether that could be done, now and ever before.
inline bool print_out(std::string_view text = {})
{
    bool const was_good = std::cout.good();
    errno = 0;
    std::cout << text << std::flush;
    if (was_good && !std::cout.good()) output_error = errno;
    return std::cout.good();
}

/// "Failed: standard output could not be written: No space left on device"
inline std::string output_failure()
{
    return "Failed: standard output could not be written" + (output_error != 0 ? std::string(": ") + std::strerror(output_error) : std::string());
}

} // namespace example

#endif
