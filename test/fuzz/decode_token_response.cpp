#include <oauth/response/client_info.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <oauth/response/profile_info.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void must(bool holds)
{
    if (!holds) std::abort();
}

} // namespace

// The first byte chooses status and Content-Type, the rest is the body.
extern "C" int fuzz_choices() { return 32; }

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0) return 0;
    constexpr int statuses[] = {200, 200, 200, 200, 400, 401, 429, 302};
    constexpr char const* types[] = {"application/json", "", "text/html", "application/x+json"};
    oauth::http_response response{statuses[data[0] & 7], {{"Content-Type", types[data[0] >> 3 & 3]}, {"Retry-After", "7"}}, {}};
    std::string_view const body(reinterpret_cast<char const*>(data) + 1, size - 1);
    response.body = oauth::secret(body);

    auto const decoded = oauth::decode_token_response(response, 1 << 16);
    if (decoded.has_error())
    {
        auto const& why = decoded.error();
        must(bool(why.code) && why.http_status == response.status && why.server.error.size() <= 4096 && why.server.error_description.size() <= 4096);
        must((why.code.category() == oauth::server_category()) == !why.server.error.empty());
        oauth::describe(why);
        return 0;
    }
    must(response.status == 200 && body.size() <= 1 << 16);
    must(!decoded->access_token.empty() || !decoded->id_token.empty());
    must(decoded->access_token.empty() || decoded->token_type.has_value());
    must(decoded->extra.size() <= 64 + 8 && decoded->unusable.size() <= decoded->extra.size());
    // What is kept is JSON, whatever the server wrote.
    for (auto const& member : decoded->extra)
    {
        oauth::error_code ec;
        boost::json::parse(boost::json::string_view(member.json.reveal().data(), member.json.size()), ec);
        must(!ec);
    }
    for (auto const& name : decoded->unusable) must(decoded->find_extra(name).has_value());
    if (decoded->profile_info) (void)oauth::decode_profile_info(*decoded->profile_info);
    if (decoded->client_info) (void)oauth::decode_client_info(*decoded->client_info);
    return 0;
}
