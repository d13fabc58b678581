// The main job by the core alone: no flow, and a transport of the program's own, here one that answers from a file. What it takes to compile is measured beside raw_beast.cpp.
//   core_only BODY     prints how long the access token of that recorded answer is
#include <oauth/provider/microsoft.hpp>
#include <oauth/request/authorization_code.hpp>
#include <oauth/request/authorization_request.hpp>
#include <oauth/request/form_request.hpp>
#include <oauth/request/grant.hpp>
#include <oauth/response/authorization_response.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

namespace {

oauth::http_response send_to_file(oauth::http_request const& request, char const* path)
{
    std::ifstream file(path);
    oauth::http_response answer;
    answer.status = file && request.url.secure() ? 200 : 503;
    answer.fields = {{"Content-Type", "application/json"}};
    answer.body = oauth::secret(std::string(std::istreambuf_iterator<char>(file), {}));
    return answer;
}

oauth::result<oauth::token_response> sign_in(oauth::client const& who, std::string const& scope, char const* path)
{
    auto const server = oauth::microsoft::v2("contoso.onmicrosoft.com");
    oauth::authorization_request const request(server, who);
    std::array<std::byte, oauth::authorization_request_entropy> const random{};
    auto const pending = request(server, who, {.scope = scope}, random, oauth::time_point());
    if (pending.has_error()) return pending.error();
    // A browser would go to pending->url, and come back with this.
    auto const came = oauth::parse_authorization_response(who.redirect_uri + "?code=0.AXoA&state=" + pending->state, *pending);
    if (came.has_error()) return came.error();
    auto posted = oauth::form_request(server);
    if (posted.has_error()) return posted.error();
    auto body = oauth::token_request_body(oauth::authorization_code{came->code, pending->redirect_uri, pending->code_verifier});
    body.add("client_id", who.id);
    posted->body = body.release();
    return oauth::decode_token_response(send_to_file(*posted, path));
}

} // namespace

int main(int count, char** words)
{
    oauth::client const who{.id = "6731de76-14a6-49ae-97bc-6eba6914391e", .redirect_uri = "http://localhost:8400/"};
    auto const tokens = sign_in(who, "offline_access Bookings.ReadWrite.All", count > 1 ? words[1] : "");
    if (tokens.has_error())
    {
        std::cerr << tokens.error() << '\n';
        return 1;
    }
    std::cout << tokens->access_token.size() << '\n';
}
