#include <oauth/testing/server_transport.hpp>

#include "server_probe.hpp"
#include <oauth/testing/graph_server.hpp>
#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_server_transport)

using P = server_probe;

namespace {

/// A user's own API: two members are enough.
struct own_api
{
    bool serves(oauth::endpoint const& url) const { return url.host() == "api.example"; }
    oauth::http_response handle(oauth::http_request const& request) const { return {.status = 299, .body = oauth::secret(request.url.target())}; }
};

static_assert(oauth::check_transport<oauth::testing::server_transport<>>());
static_assert(oauth::check_transport<oauth::testing::server_transport<own_api>>());
static_assert(oauth::check_transport<oauth::testing::server_transport<oauth::testing::authorization_server<>, own_api>>());
static_assert(!oauth::testing::memory_server<int>);

oauth::http_request renewal(P const& probe, std::string const& token)
{
    return P::form_request(probe.server.metadata().token_endpoint.url(), P::encoded(P::renews(token)));
}

} // namespace

BOOST_AUTO_TEST_CASE(each_request_goes_to_the_server_of_its_origin)
{
    P probe;
    oauth::testing::server_transport transport{probe.server, oauth::testing::graph_server{probe.server}, own_api{}};
    BOOST_TEST(transport.send({.url = probe.server.discovery_url()}).value().status == 200);
    BOOST_TEST(transport.send({.url = "https://graph.microsoft.com/v1.0/me"}).value().status == 401);
    auto const answer = transport.send({.url = "https://api.example/x?y"}).value();
    BOOST_TEST(answer.status == 299);
    BOOST_TEST(answer.body.reveal() == "/x?y");
    auto const nobody = transport.send({.url = "https://other.example/secret-path", .body = oauth::secret("canary")});
    BOOST_REQUIRE(nobody.has_error());
    BOOST_TEST((nobody.error().code == oauth::errc::connect_failed));
    BOOST_TEST((nobody.error().next == oauth::advice::fix_configuration));
    BOOST_TEST(nobody.error().hint.find("https://other.example") != std::string::npos);
    BOOST_TEST(describe(nobody.error()).find("canary") == std::string::npos);
    BOOST_TEST(transport.sent() == 4u);
}

BOOST_AUTO_TEST_CASE(a_refused_connection_reaches_nobody)
{
    P probe;
    oauth::testing::server_transport transport{probe.server};
    auto const token = P::text(probe.tokens(), "refresh_token");
    auto const before = probe.server.counts();
    transport.refuse_next(2);
    for (int i = 0; i < 2; ++i)
    {
        auto const got = transport.send(renewal(probe, token));
        BOOST_REQUIRE(got.has_error());
        BOOST_TEST((got.error().code == oauth::errc::connect_failed));
        BOOST_TEST((got.error().next == oauth::advice::retry));
    }
    BOOST_TEST((probe.server.counts() == before));
    BOOST_TEST(transport.send(renewal(probe, token)).value().status == 200);
}

BOOST_AUTO_TEST_CASE(a_lost_answer_has_had_its_effect)
{
    P probe;
    oauth::testing::server_transport transport{probe.server};
    auto const token = P::text(probe.tokens(), "refresh_token");
    transport.lose_next();
    auto const got = transport.send(renewal(probe, token));
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code == oauth::errc::connection_lost));
    BOOST_TEST(probe.server.refresh_count() == 1u);
    BOOST_TEST(P::error(transport.send(renewal(probe, token)).value()) == "400 invalid_grant");
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_too_late_is_a_timeout_and_nobody_waits)
{
    P probe;
    oauth::testing::server_transport transport{probe.server};
    probe.server.fail_next(oauth::testing::fault::slow, 2);
    auto const got = transport.send({.method = oauth::http_method::post, .url = probe.server.metadata().token_endpoint});
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code == oauth::errc::exchange_timeout));
    transport.set_timeout(std::chrono::seconds{2});
    BOOST_TEST(transport.send({.method = oauth::http_method::post, .url = probe.server.metadata().token_endpoint}).has_value());
}

BOOST_AUTO_TEST_CASE(copies_share_servers_and_plans)
{
    P probe;
    oauth::testing::server_transport kept{probe.server};
    auto given = kept;
    kept.refuse_next();
    BOOST_TEST(given.send({.url = probe.server.discovery_url()}).has_error());
    BOOST_TEST(kept.sent() == 1u);
}

BOOST_AUTO_TEST_CASE(threads_may_share_it)
{
    P probe;
    oauth::testing::server_transport transport{probe.server};
    transport.refuse_next(10);
    std::atomic<int> refused = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&, mine = transport]() mutable {
                for (int n = 0; n < 20; ++n)
                    if (!mine.send({.url = probe.server.discovery_url()})) ++refused;
            });
    }
    BOOST_TEST(refused == 10);
    BOOST_TEST(transport.sent() == 80u);
}

BOOST_AUTO_TEST_SUITE_END()
