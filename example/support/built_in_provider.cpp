#include "built_in_provider.hpp"
#include <oauth/testing/authorization_server.hpp>
#include <oauth/testing/graph_server.hpp>
#include <oauth/testing/loopback_server.hpp>

namespace example {

namespace {

oauth::testing::authorization_server_options completed(oauth::testing::authorization_server_options options)
{
    options.tenant = built_in_provider::tenant;
    options.device_interval = oauth::seconds{1};
    if (options.clients.empty()) options.clients = {oauth::testing::registered_client::of(built_in_provider::registration({}))};
    return options;
}

} // namespace

struct built_in_provider::servers
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

    oauth::testing::authorization_server<> identity;
    oauth::testing::graph_server<> graph{identity};
    oauth::testing::loopback_server<handler> line{handler{identity, graph}};
};

built_in_provider::built_in_provider(oauth::testing::authorization_server_options options)
    : account_(options.users.empty() ? "" : options.users.front().username), servers_(new servers{oauth::testing::authorization_server<>(completed(std::move(options)))})
{
    servers_->identity.set_origin(origin());
    servers_->graph.set_origin(origin());
}

built_in_provider::~built_in_provider() = default;

std::string built_in_provider::origin() const { return servers_->line.origin(); }
std::string built_in_provider::issuer() const { return servers_->identity.metadata().issuer; }
void built_in_provider::challenge_next() { servers_->graph.challenge_next(); }

} // namespace example
