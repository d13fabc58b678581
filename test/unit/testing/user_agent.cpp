#include <oauth/testing/user_agent.hpp>

#include "server_probe.hpp"
#include <oauth/testing/scripted_transport.hpp>
#include <oauth/testing/server_transport.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_user_agent)

using oauth::testing::user_choice;
using P = server_probe;

BOOST_AUTO_TEST_CASE(it_signs_in_over_a_transport)
{
    P probe;
    oauth::testing::server_transport transport{probe.server};
    oauth::testing::user_agent agent(transport);
    auto const end = agent.sign_in(probe.authorize_url(P::asks()));
    BOOST_REQUIRE(end.has_value());
    BOOST_TEST(end->url.starts_with("http://localhost:8400/?code="));
    BOOST_TEST(end->form == "");
    BOOST_TEST(transport.sent() == 3u);
    auto const tokens = probe.post(P::redeems(P::value(P::parameters_of(end->url), "code")));
    BOOST_TEST(tokens.status == 200);
}

// As a person does who knows no more of this server than what it shows.
BOOST_AUTO_TEST_CASE(it_signs_in_as_whom_the_page_proposes)
{
    for (auto const kind : {oauth::testing::personality::entra_v2, oauth::testing::personality::b2c, oauth::testing::personality::standard})
    {
        auto options = P::options(kind);
        options.users = {{.username = "a \"first\" <one>"}, {.username = "another"}};
        P probe(options);
        oauth::testing::server_transport transport{probe.server};
        auto const end = oauth::testing::user_agent(transport, "", "anything").sign_in(probe.authorize_url(P::asks()));
        BOOST_TEST_REQUIRE(end.has_value(), describe(end.error()));
        BOOST_TEST(end->url.find("code=") != std::string::npos);
        BOOST_TEST(transport.sent() == 3u);
    }
}

BOOST_AUTO_TEST_CASE(it_cancels)
{
    P probe;
    oauth::testing::server_transport transport{probe.server};
    auto const end = oauth::testing::user_agent(transport).sign_in(probe.authorize_url(P::asks()), user_choice::cancel);
    BOOST_REQUIRE(end.has_value());
    BOOST_TEST(end->url == "http://localhost:8400/?error=access_denied&error_subcode=cancel&state=the+state#");
}

BOOST_AUTO_TEST_CASE(a_form_post_is_given_as_url_and_form)
{
    P probe;
    oauth::testing::server_transport transport{probe.server};
    auto const end = oauth::testing::user_agent(transport).sign_in(probe.authorize_url(P::with(P::asks(), "response_mode", "form_post")));
    BOOST_REQUIRE(end.has_value());
    BOOST_TEST(end->url == "http://localhost:8400/");
    BOOST_TEST(end->form.starts_with("code="));
    BOOST_TEST(P::value(oauth::parse_form(end->form).value(), "state") == "the state");
}

BOOST_AUTO_TEST_CASE(an_error_page_is_a_failure)
{
    P probe;
    oauth::testing::server_transport transport{probe.server};
    auto const end = oauth::testing::user_agent(transport).sign_in(probe.authorize_url(P::with(P::asks(), "client_id", "nobody")));
    BOOST_REQUIRE(end.has_error());
    BOOST_TEST((end.error().code == oauth::errc::unexpected_status));
    BOOST_TEST((end.error().next == oauth::advice::fix_configuration));
    BOOST_TEST(end.error().http_status == 400);
}

BOOST_AUTO_TEST_CASE(a_password_that_is_not_liked_is_a_failure)
{
    auto options = P::options(oauth::testing::personality::standard);
    options.users = {{.username = "alex", .password = "right"}};
    P probe(options);
    oauth::testing::server_transport transport{probe.server};
    auto const url = probe.authorize_url(P::asks());
    auto const end = oauth::testing::user_agent(transport, "alex", "canary").sign_in(url);
    BOOST_REQUIRE(end.has_error());
    BOOST_TEST((end.error().code == oauth::errc::sign_in_cancelled));
    BOOST_TEST(describe(end.error()).find("canary") == std::string::npos);
    BOOST_TEST(oauth::testing::user_agent(transport, "alex", "right").sign_in(url).has_value());
    BOOST_TEST(probe.server.sign_in(url) != "");
}

BOOST_AUTO_TEST_CASE(failures_of_url_and_transport_are_passed_on)
{
    P probe;
    oauth::testing::server_transport transport{probe.server};
    oauth::testing::user_agent agent(transport);
    BOOST_TEST((agent.sign_in("no url").error().code == oauth::errc::invalid_url));
    BOOST_TEST((agent.sign_in("http://login.example/authorize").error().code == oauth::errc::insecure_url));
    transport.refuse_next();
    BOOST_TEST((agent.sign_in(probe.authorize_url(P::asks())).error().code == oauth::errc::connect_failed));
}

BOOST_AUTO_TEST_CASE(a_broken_page_is_a_failure)
{
    struct row
    {
        char const* page;
        oauth::errc why;
    };
    for (auto const& row : std::vector<row>{
             {"", oauth::errc::unexpected_status},
             {"<form ", oauth::errc::unexpected_status},
             {"<form action=\"", oauth::errc::unexpected_status},
             {"<form action=\"\"></form>", oauth::errc::unexpected_status},
             {"<form action=\"/a b\"></form>", oauth::errc::invalid_url},
             {"<form action=\"/x\"><input ", oauth::errc::sign_in_cancelled},
             {"<form action=\"/x\"><input type=\"text\"></form>", oauth::errc::sign_in_cancelled},
         })
    {
        oauth::testing::scripted_transport script;
        script.expect_get("https://x.example/a").reply(200, row.page, {});
        for (int i = 0; i < 3; ++i) script.expect_post("https://x.example/x").with("choice", "accept").reply(200, row.page, {});
        auto const end = oauth::testing::user_agent(script).sign_in("https://x.example/a");
        BOOST_REQUIRE_MESSAGE(end.has_error(), row.page);
        BOOST_TEST((end.error().code == row.why), row.page << ": " << end.error());
        BOOST_TEST(script.done() == (row.why == oauth::errc::sign_in_cancelled), row.page << ": " << script.report());
    }
}

BOOST_AUTO_TEST_SUITE_END()
