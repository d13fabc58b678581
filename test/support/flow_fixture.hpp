#ifndef OAUTH_TEST_SUPPORT_FLOW_FIXTURE_HPP
#define OAUTH_TEST_SUPPORT_FLOW_FIXTURE_HPP

#include <oauth/flow/flow.hpp>
#include <oauth/testing/authorization_server.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <oauth/testing/server_transport.hpp>
#include "failing_store.hpp"
#include "printing.hpp"
#include "sessions.hpp"
#include <atomic>
#include <memory>
#include <string>
#include <utility>

namespace oauth::test {

using strict_server = testing::authorization_server<testing::manual_clock>;

/// An API that takes the server's tokens, and says what it was asked.
struct small_api
{
    strict_server server;
    std::shared_ptr<std::atomic<int>> calls = std::make_shared<std::atomic<int>>(0);
    std::string challenge = R"(Bearer error="invalid_token")";

    bool serves(endpoint const& url) const { return url.url().starts_with("https://api.example/"); }

    http_response handle(http_request const& request) const
    {
        ++*calls;
        auto const credentials = request.authorization.reveal();
        bool const good = credentials.starts_with("Bearer ") && server.accepts(credentials.substr(7));
        if (!good) return {401, {{"WWW-Authenticate", challenge}}, secret("no")};
        return {200, {}, secret("hello " + std::string(request.body.reveal()))};
    }
};

using memory_line = testing::server_transport<strict_server, small_api>;

inline client example_client() { return {.id = "the client", .secret = secret("the client's secret"), .redirect_uri = "http://localhost:8400/", .scope = "offline_access Mail.Read"}; }

inline testing::authorization_server_options example_options()
{
    testing::authorization_server_options made;
    made.clients = {testing::registered_client::of(example_client())};
    return made;
}

/// A flow against the strict server, with a store that can fail. All in memory.
template <class Config = default_config>
struct flow_fixture
{
    using flow_type = flow<memory_line, failing_store, testing::manual_clock, client_secret_post, Config>;

    testing::manual_clock clock;
    strict_server server;
    small_api api{server};
    memory_line line{server, api};
    failing_store store;
    flow_type graph;

    explicit flow_fixture(testing::authorization_server_options options = example_options(), client who = example_client())
        : server(std::move(options), clock), graph(server.metadata(), std::move(who), line, store, clock)
    {
    }

    /// Another process, as far as that goes: it shares the store and nothing else.
    flow_type sibling(client who = example_client()) { return flow_type(server.metadata(), std::move(who), line, store, clock); }

    result<token_response> sign_in(account const& whose = {}) { return sign_in(graph, whose); }

    result<token_response> sign_in(flow_type& with, account const& whose = {})
    {
        auto pending = with.authorize().value();
        auto const redirect = server.sign_in(pending.url);
        return with.exchange(std::move(pending), redirect, whose);
    }

    /// Until the token is in the expiry margin, or has expired.
    void let_it_expire() { clock.advance(seconds{3600}); }

    std::string token() { return std::string(graph.access_token().value().reveal()); }
};

} // namespace oauth::test

#endif
