#include <oauth/core/pending_authorization_json.hpp>
#include <oauth/core/session_json.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

void must(bool holds)
{
    if (!holds) std::abort();
}

} // namespace

// What can be read is written the same way again, and read back as the same.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    std::string_view const text(reinterpret_cast<char const*>(data), size);
    auto const session = oauth::session_from_json(text);
    if (session.has_value())
    {
        auto const written = oauth::to_json(*session);
        auto const again = oauth::session_from_json(written.reveal());
        must(again.has_value() && oauth::to_json(*again) == written);
    }
    else must(bool(session.error().code));

    auto const pending = oauth::pending_authorization_from_json(text);
    if (pending.has_value())
    {
        auto const written = oauth::to_json(*pending);
        auto const again = oauth::pending_authorization_from_json(written.reveal());
        must(again.has_value() && oauth::to_json(*again) == written);
    }
    else must(bool(pending.error().code));
    return 0;
}
