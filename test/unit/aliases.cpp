#include <oauth/aliases.hpp>
#include <boost/test/unit_test.hpp>
#include "../support/printing.hpp"
#include <concepts>

namespace {

struct own_config : oauth::default_config
{
    static constexpr oauth::seconds expiry_margin{60};
};

} // namespace

BOOST_AUTO_TEST_SUITE(aliases)

static_assert(std::same_as<oauth::desktop_flow, oauth::flow<oauth::beast_transport, oauth::file_store>>);
static_assert(std::same_as<oauth::memory_flow, oauth::flow<oauth::beast_transport>>);
static_assert(std::same_as<oauth::desktop_flow_with<oauth::default_config>, oauth::desktop_flow>);
static_assert(std::same_as<oauth::memory_flow_with<oauth::default_config>, oauth::memory_flow>);
static_assert(!std::same_as<oauth::desktop_flow_with<own_config>, oauth::desktop_flow>);

// A member of a class, an argument, without a line of template arguments.
BOOST_AUTO_TEST_CASE(name_what_can_be_used)
{
    oauth::server_metadata server;
    server.token_endpoint = "https://login.example/token";
    oauth::desktop_flow const desktop(server, {.id = "x"}, oauth::file_store("/nonexistent/tokens"));
    oauth::memory_flow_with<own_config> service(server, {.id = "x"});
    BOOST_TEST(desktop.registration().id == "x");
    BOOST_TEST(service.access_token().error().code == oauth::errc::no_session);
}

BOOST_AUTO_TEST_SUITE_END()
