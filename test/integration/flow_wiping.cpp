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

/// What a flow must not leave behind, and what a server says of it.
struct texts
{
    std::string code, password, access_text, refresh_text;
    std::string tokens = R"({"token_type":"Bearer","expires_in":3600,"access_token":")" + access_text + R"(","refresh_token":")" + refresh_text + "\"}";
    // A server may repeat what it was sent, in any spelling.
    std::string refused_code = R"({"error":"invalid_grant","error_description":")" + code + R"( \u0063)" + password.substr(1) + R"( &amp; %25"})";
    std::string refused_token = R"({"error":"invalid_grant","error_description":")" + refresh_text + ' ' + password + "\"}";
    std::string form = "error=invalid_grant&error_description=" + code + "+" + password;
};

// Short ones lie inside of the strings that hold them, long ones do not.
texts const long_ones{"canary-code-4b1c0e-canary-code-4b1c0e", "canary-password-4b1c0e-canary-password", "canary-access-4b1c0e-canary-access", "canary-refresh-4b1c0e-canary-refresh"};
texts const short_ones{"canary-c-4b1c", "canary-p-4b1c", "canary-a-4b1c", "canary-r-4b1c"};

struct talking_transport
{
    int status = 200;
    std::string_view body = {};
    bool broken = false;
    char const* type = "application/json";

    result<http_response> send(http_request) const
    {
        if (broken) return failure(errc::connection_lost, advice::retry);
        return http_response{status, {{"Content-Type", type}}, secret(body)};
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
    std::string_view code;

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

template <class Store>
void go(texts const& known, talking_transport transport, Store store)
{
    server_metadata server;
    server.issuer = "https://login.example";
    server.authorization_endpoint = "https://login.example/authorize";
    server.token_endpoint = "https://login.example/token";
    std::string url;
    flow<talking_transport, Store> graph{std::move(server), client{.id = "the client", .secret = secret(std::string_view(known.password)), .redirect_uri = "http://localhost:8400/", .scope = "a"}, transport,
                                         std::move(store)};
    try
    {
        static_cast<void>(graph.sign_in(fake_browser{&url}, fake_receiver{&url, known.code}));
    }
    catch (std::runtime_error const&)
    {
    }
    static_cast<void>(graph.access_token());
    graph.transport().status = 400;
    graph.transport().type = "application/json";
    graph.transport().body = known.refused_token;
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
        std::function<void(texts const&)> work;
        bool leaks = false;
    } const ways[] = {
        {"the search itself", [](texts const& known) { std::string const careless(known.code + known.password + known.access_text + known.refresh_text); }, true},
        {"a sign-in, a renewal that is refused", [](texts const& known) { go(known, {200, known.tokens}, memory_store()); }},
        {"a sign-in that is refused", [](texts const& known) { go(known, {400, known.refused_code}, memory_store()); }},
        {"a sign-in that is refused by a form", [](texts const& known) { go(known, {200, known.form, false, "application/x-www-form-urlencoded"}, memory_store()); }},
        {"a server that can't be reached", [](texts const& known) { go(known, {200, known.tokens, true}, memory_store()); }},
        {"an answer that is none", [](texts const& known) { go(known, {200, "<html>"}, memory_store()); }},
        {"a store that can't be written", [](texts const& known) { go(known, {200, known.tokens}, store_out_of_order{}); }},
        {"a store that throws", [](texts const& known) { go(known, {200, known.tokens}, store_out_of_order{{}, true}); }},
    };
    for (auto const* known : {&long_ones, &short_ones})
        for (auto const& way : ways)
            for (std::string_view const canary : {known->code, known->password, known->access_text, known->refresh_text})
            {
                auto const [freed, found] = oauth::test::freed_memory::search(canary, [&] { way.work(*known); });
                bool const holds = way.leaks ? found != 0 : found == 0 && freed != 0;
                broken += !holds;
                std::cout << (holds ? "held: " : "BROKEN: ") << way.what << ": " << freed << " blocks freed, " << found << " with " << canary << std::endl;
            }
    return broken == 0 ? 0 : 1;
}
