#include <oauth/response/challenge.hpp>
#include <oauth/response/retry_after.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void must(bool holds)
{
    if (!holds) std::abort();
}

} // namespace

// The same bytes as each of the header fields that are read.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string const text(reinterpret_cast<char const*>(data), size);
    oauth::http_fields const fields{{"WWW-Authenticate", text}, {"Retry-After", text}, {"Date", "Fri, 02 Jan 2026 03:04:05 GMT"}};
    must(oauth::challenge_error(fields).size() <= text.size());
    must(oauth::detail::challenge_parameter(text, "claims").size() <= text.size());
    auto const wait = oauth::retry_after(fields);
    must(!wait || (wait->count() >= 0 && wait->count() <= 86400));
    (void)oauth::retry_after({{"Retry-After", "Fri, 02 Jan 2026 03:04:05 GMT"}, {"Date", text}});
    return 0;
}
