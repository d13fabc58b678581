#include <oauth/flow/detail/response_mode_for.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace oauth;

struct plain_receiver
{
    result<std::string> prepare(std::string const& registered) { return registered; }
    template <class Judge>
    result<std::string> receive(Judge)
    {
        return std::string();
    }
};
static_assert(check_redirect_receiver<plain_receiver>() && !prefers_response_mode<plain_receiver>);

struct posted_receiver : plain_receiver
{
    static constexpr std::string_view preferred_response_mode = "form_post";
};
static_assert(check_redirect_receiver<posted_receiver>() && prefers_response_mode<posted_receiver>);

struct fragment_receiver : plain_receiver
{
    static constexpr char preferred_response_mode[] = "fragment";
};
static_assert(check_redirect_receiver<fragment_receiver>() && prefers_response_mode<fragment_receiver>);

} // namespace

BOOST_AUTO_TEST_SUITE(flow_detail_response_mode_for)

BOOST_AUTO_TEST_CASE(the_preferred_one_where_the_server_has_it_and_nobody_named_another)
{
    struct
    {
        char const* endpoint;
        std::vector<std::string> supported;
        authorization_options options;
        char const *plain, *posted, *fragment;
    } const rows[] = {
        {"https://login.example/authorize", {"query", "fragment", "form_post"}, {}, "", "form_post", "fragment"},
        {"https://login.example/authorize", {"query", "form_post"}, {}, "", "form_post", ""},
        {"https://login.example", {"form_post"}, {}, "", "form_post", ""},
        {"https://login.example/authorize?", {"form_post"}, {}, "", "form_post", ""},
        {"https://login.example/authorize?p=B2C_1_x", {"form_post"}, {}, "", "form_post", ""},
        // What is not known is not asked for.
        {"https://login.example/authorize", {}, {}, "", "", ""},
        {"https://login.example/authorize", {"query", "form_post.jwt", "FORM_POST"}, {}, "", "", ""},
        // The caller knows better, in whatever way it is said.
        {"https://login.example/authorize", {"query", "form_post"}, {.response_mode = "query"}, "query", "query", "query"},
        {"https://login.example/authorize", {"query", "form_post"}, {.extra = {{"response_mode", "query"}}}, "", "", ""},
        {"https://login.example/authorize?response_mode=query", {"query", "form_post"}, {}, "", "", ""},
        {"https://login.example?response_mode=query", {"query", "form_post"}, {}, "", "", ""},
    };
    for (auto const& row : rows)
    {
        server_metadata server;
        server.authorization_endpoint = row.endpoint;
        server.response_modes_supported = row.supported;
        BOOST_TEST(oauth::detail::response_mode_for<plain_receiver>(server, row.options) == row.plain, row.endpoint);
        BOOST_TEST(oauth::detail::response_mode_for<posted_receiver>(server, row.options) == row.posted, row.endpoint);
        BOOST_TEST(oauth::detail::response_mode_for<fragment_receiver>(server, row.options) == row.fragment, row.endpoint);
    }
    BOOST_TEST(oauth::detail::response_mode_for<posted_receiver>({}, {}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
