#include <oauth/response/authorization_response.hpp>
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

// The first byte chooses the sign-in that the rest is to answer.
extern "C" int fuzz_choices() { return 48; }

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0) return 0;
    constexpr char const* redirect_uris[] = {"http://localhost:8400/", "http://localhost", "https://app.example:443/cb?tenant=1", "msal1234:auth"};
    constexpr char const* issuers[] = {"https://login.microsoftonline.com/{tenantid}/v2.0", ""};
    oauth::pending_authorization pending;
    pending.state = "abc";
    pending.redirect_uri = redirect_uris[data[0] & 3];
    pending.issuer = issuers[data[0] >> 2 & 1];
    pending.issuer_promised = (data[0] >> 3 & 1) != 0;
    pending.bare_code = static_cast<oauth::bare_code>((data[0] >> 4) % 3);

    std::string_view const text(reinterpret_cast<char const*>(data) + 1, size - 1);
    auto const came = oauth::parse_authorization_response(text, pending);
    if (came.has_error())
    {
        must(bool(came.error().code));
        oauth::describe(came.error());
        return 0;
    }
    must(!came->code.empty() && text.size() <= 64 * 1024);
    // "abc" may be written with escapes, but it can't be absent.
    if (came->state_checked) must(text.find("state") != text.npos || text.find('%') != text.npos);
    else must(came->extra.empty() && came->session_state.empty() && pending.bare_code != oauth::bare_code::refused
              && !(pending.issuer_promised && pending.bare_code == oauth::bare_code::unless_issuer_promised));
    return 0;
}
