// No memory that once held a code, a password or a token is given back with it: every block that a flow frees is searched, whichever way a sign-in ends.
//
// exit status 0: held, 1: broken

#include <oauth/flow/flow.hpp>
#include "../support/freed_memory.hpp"
#include <cstddef>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace oauth;

constexpr char code[] = "canary-code-4b1c0e-canary-code-4b1c0e", password[] = "canary-password-4b1c0e-canary-password", access_text[] = "canary-access-4b1c0e-canary-access",
               refresh_text[] = "canary-refresh-4b1c0e-canary-refresh";

struct talking_transport
{
    int status = 200;
    std::string_view body = {};
    bool broken = false;

    result<http_response> send(http_request) const
    {
        if (broken) return failure(errc::connection_lost, advice::retry);
        return http_response{status, {{"Content-Type", "application/json"}}, secret(body)};
    }
};

/// Refuses to save, or throws.
struct store_out_of_order : memory_store
{
    bool throws = false;

    result<void> save(std::string_view key, session const& value)
    {
        if (throws) throw std::runtime_error("out of order");
        static_cast<void>(key), static_cast<void>(value);
        return failure(errc::store_not_writable, advice::fix_configuration);
    }
};

struct fake_browser
{
    std::string* url;

    result<void> open(std::string const& opened) const
    {
        *url = opened;
        return {};
    }
};

struct fake_receiver
{
    std::string* url;

    result<std::string> prepare(std::string const& registered) const { return registered; }

    template <class Judge>
    result<std::string> receive(Judge judge) const
    {
        auto const begin = url->find("&state=") + 7;
        std::string came;
        came.reserve(1000);
        came.append("http://localhost:8400/?code=").append(code).append("&state=").append(*url, begin, url->find('&', begin) - begin);
        if (judge(came) != reception::granted) return failure(errc::sign_in_timeout, advice::retry);
        return came;
    }
};

constexpr std::string_view tokens = R"({"token_type":"Bearer","expires_in":3600,"access_token":"canary-access-4b1c0e-canary-access","refresh_token":"canary-refresh-4b1c0e-canary-refresh"})";
// A server may repeat what it was sent.
constexpr std::string_view refused_code = R"({"error":"invalid_grant","error_description":"canary-code-4b1c0e-canary-code-4b1c0e \u0063anary-password-4b1c0e-canary-password &amp; %25"})";
constexpr std::string_view refused_token = R"({"error":"invalid_grant","error_description":"canary-refresh-4b1c0e-canary-refresh canary-password-4b1c0e-canary-password"})";

template <class Store>
void go(talking_transport transport, Store store)
{
    server_metadata server;
    server.issuer = "https://login.example";
    server.authorization_endpoint = "https://login.example/authorize";
    server.token_endpoint = "https://login.example/token";
    std::string url;
    flow<talking_transport, Store> graph{std::move(server), client{.id = "the client", .secret = secret(password), .redirect_uri = "http://localhost:8400/", .scope = "a"}, transport,
                                         std::move(store)};
    try
    {
        static_cast<void>(graph.sign_in(fake_browser{&url}, fake_receiver{&url}));
    }
    catch (std::runtime_error const&)
    {
    }
    static_cast<void>(graph.access_token());
    graph.transport().status = 400;
    graph.transport().body = refused_token;
    try
    {
        static_cast<void>(graph.refresh());
    }
    catch (std::runtime_error const&)
    {
    }
    static_cast<void>(graph.forget());
}

} // namespace

int main()
{
    int broken = 0;
    struct
    {
        char const* what;
        std::function<void()> work;
        bool leaks = false;
    } const ways[] = {
        {"the search itself", [] { std::string const careless(std::string(code) + password + access_text + refresh_text); }, true},
        {"a sign-in, a renewal that is refused", [] { go({200, tokens}, memory_store()); }},
        {"a sign-in that is refused", [] { go({400, refused_code}, memory_store()); }},
        {"a server that can't be reached", [] { go({200, tokens, true}, memory_store()); }},
        {"an answer that is none", [] { go({200, "<html>"}, memory_store()); }},
        {"a store that can't be written", [] { go({200, tokens}, store_out_of_order{}); }},
        {"a store that throws", [] { go({200, tokens}, store_out_of_order{{}, true}); }},
    };
    for (auto const& way : ways)
        for (std::string_view const canary : {code, password, access_text, refresh_text})
        {
            auto const [freed, found] = oauth::test::freed_memory::search(canary, way.work);
            bool const holds = way.leaks ? found != 0 : found == 0 && freed != 0;
            broken += !holds;
            std::cout << (holds ? "held: " : "BROKEN: ") << way.what << ": " << freed << " blocks freed, " << found << " with " << canary.substr(0, 14) << std::endl;
        }
    return broken == 0 ? 0 : 1;
}
