// A confidential client that authenticates by HTTP Basic: signs in by a pasted redirect, and renews.
//   basic_client AUTHORITY ID encoded|unencoded     the secret is in $CLIENT_SECRET
// Prints the URL to open, reads the redirect from standard input, prints "signed in", then "renewed". Exit status 1 and what went wrong on standard error where something did.

#include <oauth.hpp>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

namespace {

/// Either policy, chosen when the program starts.
struct chosen
{
    bool encoded = true;

    oauth::result<void> authenticate(oauth::http_request& request, oauth::form& body, oauth::client const& who, oauth::server_metadata const& server, oauth::time_point now) const
    {
        return encoded ? oauth::client_secret_basic{}.authenticate(request, body, who, server, now) : oauth::client_secret_basic_unencoded{}.authenticate(request, body, who, server, now);
    }
};
static_assert(oauth::check_client_authentication<chosen>());

int failed(oauth::failure const& why)
{
    std::cerr << why << '\n';
    return 1;
}

} // namespace

int main(int count, char** words)
{
    char const* const secret = std::getenv("CLIENT_SECRET");
    if (count != 4 || secret == nullptr) return 2;
    auto const server = oauth::microsoft::authority(words[1]);
    if (server.has_error()) return failed(server.error());
    oauth::flow<oauth::beast_transport, oauth::memory_store, oauth::system_clock, chosen> flow{*server,
        oauth::client{.id = words[2], .secret = oauth::secret(secret), .redirect_uri = "https://app.example/cb", .scope = {"openid", "offline_access", "Bookings.ReadWrite.All"}},
        chosen{std::string_view(words[3]) == "encoded"}};

    auto pending = flow.authorize({.prompt = "consent"});
    if (pending.has_error()) return failed(pending.error());
    std::cout << pending->url << std::endl;
    std::string redirect;
    std::getline(std::cin, redirect);
    auto const tokens = flow.exchange(std::move(*pending), redirect);
    if (tokens.has_error()) return failed(tokens.error());
    std::cout << "signed in" << std::endl;
    auto const renewed = flow.refresh();
    if (renewed.has_error()) return failed(renewed.error());
    if (renewed->access_token == tokens->access_token || renewed->refresh_token == tokens->refresh_token) return std::cerr << "the same tokens again\n", 1;
    std::cout << "renewed" << std::endl;
}
