#ifndef EXAMPLE_SUPPORT_BUILT_IN_PROVIDER_HPP
#define EXAMPLE_SUPPORT_BUILT_IN_PROVIDER_HPP

#include <oauth/core/client.hpp>
#include <oauth/testing/authorization_server.hpp>
#include <oauth/testing/graph_server.hpp>
#include <oauth/testing/loopback_server.hpp>
#include <string>
#include <utility>

namespace example {

/// An identity provider on this machine that plays Microsoft, with a sign-in page, a consent page and a Graph. Only its address differs from the real one.
class built_in_provider
{
    struct handler
    {
        oauth::testing::authorization_server<> identity;
        oauth::testing::graph_server<> graph;

        oauth::http_response operator()(oauth::http_request const& request) const
        {
            return request.url.target().starts_with("/v1.0/") ? graph.handle(request) : identity.handle(request);
        }
    };

    oauth::testing::authorization_server<> identity_;
    oauth::testing::graph_server<> graph_;
    oauth::testing::loopback_server<handler> server_;

public:
    static constexpr char const* tenant = "contoso.onmicrosoft.com";

    static oauth::client registration(oauth::scope scope)
    {
        return {.id = "11111111-2222-4333-8444-555555555555", .redirect_uri = "http://localhost/", .scope = std::move(scope)};
    }

    /// @param options Without clients there is the one of @ref registration.
    explicit built_in_provider(oauth::testing::authorization_server_options options = {})
        : identity_(completed(std::move(options))), graph_(identity_), server_(handler{identity_, graph_})
    {
        identity_.set_origin(server_.origin());
        graph_.set_origin(server_.origin());
    }

    std::string origin() const { return server_.origin(); }

    std::string issuer() const { return identity_.metadata().issuer; }

    /// What it does can be looked at there, and bent.
    oauth::testing::authorization_server<>& identity() { return identity_; }
    oauth::testing::graph_server<>& graph() { return graph_; }

private:
    static oauth::testing::authorization_server_options completed(oauth::testing::authorization_server_options options)
    {
        options.tenant = tenant;
        options.device_interval = oauth::seconds{1};
        if (options.clients.empty()) options.clients = {oauth::testing::registered_client::of(registration({}))};
        return options;
    }
};

} // namespace example

#endif
