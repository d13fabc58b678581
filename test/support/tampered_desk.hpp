#ifndef OAUTH_TEST_SUPPORT_TAMPERED_DESK_HPP
#define OAUTH_TEST_SUPPORT_TAMPERED_DESK_HPP

#include "flow_fixture.hpp"
#include <boost/test/unit_test.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace oauth::test {

/// The server, and somebody in between who may change what one of its endpoints says.
struct tampered_server
{
    strict_server server;
    std::string target;   // of that endpoint
    std::shared_ptr<std::function<void(http_response&)>> tamper = std::make_shared<std::function<void(http_response&)>>();

    bool serves(endpoint const& url) const { return server.serves(url); }

    http_response handle(http_request const& request) const
    {
        auto answer = server.handle(request);
        if (*tamper && request.url.target() == target) (*tamper)(answer);
        return answer;
    }
};

/// A flow against that.
struct tampered_desk
{
    using line_type = testing::server_transport<tampered_server>;
    using flow_type = flow<line_type, memory_store, testing::manual_clock>;

    testing::manual_clock clock;
    strict_server server;
    tampered_server between;
    line_type line{between};
    flow_type graph;

    tampered_desk(testing::authorization_server_options given, client who, std::string target)
        : server(std::move(given), clock), between{server, std::move(target)}, graph(server.metadata(), std::move(who), line, memory_store{}, clock)
    {
    }

    result<signed_in> sign_in(authorization_options const& asks = {}, testing::user_choice choice = testing::user_choice::accept)
    {
        auto pending = graph.authorize(asks);
        if (pending.has_error()) return pending.error();
        auto const redirect = server.sign_in(pending->url, choice);
        return graph.exchange(std::move(*pending), redirect);
    }
};

template <class T>
void refused(result<T> const& outcome, error_code why)
{
    BOOST_TEST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code == why, "it says " << outcome.error().code.message());
}

} // namespace oauth::test

#endif
