#include <oauth/flow/metadata_cache.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/flow/flow.hpp>
#include "../../support/flow_fixture.hpp"
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// A program that runs for weeks: its flow is made anew of what the cache has.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

/// As the documentation of metadata_cache shows it.
struct long_running
{
    using flow_type = flow<memory_line, failing_store, testing::manual_clock>;

    flow_fixture<> here;
    server_metadata const known{.issuer = here.server.metadata().issuer, .discovery_document = here.server.metadata().discovery_document};
    metadata_cache<memory_line, testing::manual_clock> cache{here.line, here.clock};
    std::mutex mutex;
    std::shared_ptr<server_metadata const> made_of;
    std::shared_ptr<flow_type> current;
    int made = 0;

    std::shared_ptr<flow_type> current_flow()
    {
        auto const server = cache.get(known).value();
        std::scoped_lock const lock(mutex);
        if (server != made_of)
        {
            current = std::make_shared<flow_type>(*server, example_client(), here.line, here.store, here.clock);
            made_of = server;
            ++made;
        }
        return current;
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(flow_metadata_cache, long_running)

BOOST_AUTO_TEST_CASE(sessions_go_on_in_a_flow_that_is_made_anew)
{
    here.sign_in(*current_flow()).value();
    auto const first = current_flow();
    for (int day = 0; day < 5; ++day)
    {
        BOOST_TEST(current_flow()->access_token().has_value());
        here.clock.advance(24h);
    }
    BOOST_TEST(made == 5);
    BOOST_TEST(current_flow() != first);
    BOOST_TEST(here.server.refresh_count() == 4U);
    // Whoever works with the old one still can finish: both share the session.
    BOOST_TEST(first->access_token().value().reveal() == current_flow()->access_token().value().reveal());
    BOOST_TEST(here.server.counts().reuses_detected == 0U);
}

BOOST_AUTO_TEST_CASE(in_an_outage_of_the_document_the_flow_stays)
{
    here.sign_in(*current_flow()).value();
    auto const first = current_flow();
    here.clock.advance(25h);
    here.server.fail_next(testing::fault::service_unavailable, 1, testing::server_place::discovery);
    BOOST_TEST(current_flow() == first);
    BOOST_TEST(current_flow()->access_token().has_value());
    here.clock.advance(5min);
    BOOST_TEST(current_flow() != first);
}

BOOST_AUTO_TEST_CASE(threads_go_on_while_it_is_made_anew)
{
    here.sign_in(*current_flow()).value();
    for (int day = 0; day < 3; ++day)
    {
        here.clock.advance(24h);
        std::atomic<int> good = 0;
        std::vector<std::jthread> threads;
        for (int i = 0; i < 6; ++i)
            threads.emplace_back([&] {
                for (int j = 0; j < 5; ++j) good += current_flow()->access_token().has_value();
            });
        threads.clear();
        BOOST_TEST(good == 30);
    }
    BOOST_TEST(here.server.counts().reuses_detected == 0U);
    BOOST_TEST(here.server.refresh_count() == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
