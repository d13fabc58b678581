#include <oauth/response/decode_revocation_response.hpp>
#include <oauth/response/introspection_response.hpp>
#include <oauth/response/pushed_authorization_response.hpp>
#include <oauth/response/registration_response.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace {

void must(bool holds)
{
    if (!holds) std::abort();
}

template <class T>
void check(oauth::result<T> const& decoded, oauth::http_response const& response)
{
    if (!decoded.has_error()) return;
    auto const& why = decoded.error();
    must(bool(why.code) && why.http_status == response.status && why.server.error.size() <= 4096 && why.server.error_description.size() <= 4096);
    must((why.code.category() == oauth::server_category()) == !why.server.error.empty());
    oauth::describe(why);
}

} // namespace

// The first byte chooses status and Content-Type, the rest is the body.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    if (size == 0) return 0;
    constexpr int statuses[] = {200, 201, 200, 201, 204, 400, 401, 503};
    constexpr char const* types[] = {"application/json", "", "text/html", "application/x+json"};
    oauth::http_response response{statuses[data[0] & 7], {{"Content-Type", types[data[0] >> 3 & 3]}, {"Retry-After", "7"}}, {}};
    response.body = oauth::secret(std::string_view(reinterpret_cast<char const*>(data) + 1, size - 1));
    constexpr std::size_t limit = 1 << 16;

    auto const token = oauth::decode_introspection_response(response, limit);
    check(token, response);
    if (token.has_value() && !token->active) must(token->scope.empty() && token->subject.empty() && token->extra.empty() && token->audience.empty() && !token->bound_to);
    if (token.has_value()) must(response.status == 200 && !token->extra.contains("active") && !token->extra.contains("exp"));

    auto const pushed = oauth::decode_pushed_authorization_response(response, limit);
    check(pushed, response);
    if (pushed.has_value()) must(response.status == 201 && !pushed->request_uri.empty() && pushed->request_uri.size() <= 2048 && pushed->expires_in > oauth::seconds(0));

    auto const client = oauth::decode_registration_response(response, limit);
    check(client, response);
    if (client.has_value())
    {
        must(!client->client_id.empty() && !client->registered.extra.contains("client_secret"));
        auto const later = oauth::decode_configuration_response(response, *client, limit);
        must(later.has_value() && later->client_id == client->client_id);
    }

    check(oauth::decode_revocation_response(response, limit), response);
    check(oauth::decode_deletion_response(response, limit), response);
    return 0;
}
