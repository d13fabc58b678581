#include <oauth/testing/scripted_transport.hpp>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_scripted_transport)

namespace {

constexpr char token_url[] = "https://login.example/token";

oauth::http_request post(std::string body, std::string url = token_url)
{
    return {.method = oauth::http_method::post,
            .url = url,
            .fields = {{"Content-Type", "application/x-www-form-urlencoded"}},
            .authorization = oauth::secret("Basic canary-credential"),
            .body = oauth::secret(std::move(body))};
}

} // namespace

BOOST_AUTO_TEST_CASE(it_answers_in_the_order_of_the_script)
{
    oauth::testing::scripted_transport transport;
    transport.expect_post(token_url).with("grant_type", "refresh_token").reply(200, "{\"a\":1}");
    transport.expect_get("https://api.example/me").reply(404, "", {});
    transport.expect_post(token_url).fail(oauth::errc::connection_lost);
    BOOST_TEST(!transport.done());

    auto const first = transport.send(post("grant_type=refresh_token&refresh_token=x"));
    BOOST_REQUIRE(first.has_value());
    BOOST_TEST(first->status == 200);
    BOOST_TEST(first->body.reveal() == "{\"a\":1}");
    BOOST_TEST(oauth::find_field(first->fields, "content-type") == "application/json");

    auto const second = transport.send({.url = "https://api.example/me"});
    BOOST_REQUIRE(second.has_value());
    BOOST_TEST(second->status == 404);
    BOOST_TEST(second->fields.empty());

    auto const third = transport.send(post(""));
    BOOST_REQUIRE(third.has_error());
    BOOST_TEST((third.error().code == oauth::errc::connection_lost));
    BOOST_TEST((third.error().next == oauth::advice::retry));
    BOOST_TEST(transport.done(), transport.report());
    BOOST_TEST(transport.report() == "");
}

BOOST_AUTO_TEST_CASE(a_failure_is_given_as_it_is)
{
    oauth::testing::scripted_transport transport;
    oauth::failure why(oauth::errc::exchange_timeout, oauth::advice::retry_after, "slow");
    why.retry_after = std::chrono::seconds{7};
    transport.expect_post(token_url).fail(why);
    auto const got = transport.send(post(""));
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code == oauth::errc::exchange_timeout));
    BOOST_TEST(got.error().retry_after->count() == 7);
    BOOST_TEST(got.error().hint == "slow");
}

BOOST_AUTO_TEST_CASE(a_request_that_is_not_expected_is_refused_and_says_why)
{
    using expectation = oauth::testing::scripted_transport::expectation;
    struct row
    {
        char const* what_differs;
        std::function<void(expectation)> rule;
        oauth::http_request request;
    };
    auto get = [](std::string url) { return oauth::http_request{.url = url}; };
    auto const rows = std::vector<row>{
        {"expected POST https://login.example/token", [](expectation) {}, get(token_url)},
        {"expected the URL https://login.example/token", [](expectation) {}, post("", "https://login.example/other")},
        {"expected the URL https://login.example/token", [](expectation) {}, post("", "https://login.example/token?x=canary")},
        {"parameter scope is missing", [](expectation one) { one.with("scope"); }, post("a=canary")},
        {"parameter scope is missing", [](expectation one) { one.with("scope", "x"); }, post("a=canary")},
        {"parameter scope has another value", [](expectation one) { one.with("scope", "x"); }, post("scope=canary")},
        {"parameter scope came more than once", [](expectation one) { one.with("scope", "x"); }, post("scope=x&scope=x")},
        {"parameter scope must not be there", [](expectation one) { one.without("scope"); }, post("scope=canary")},
        {"its parameters can't be decoded", [](expectation one) { one.with("scope", "x"); }, post("scope=%zz")},
        {"field Origin must not be there", [](expectation one) { one.without_field("Origin"); },
         [] {
             auto request = post("");
             request.fields.push_back({"origin", "canary"});
             return request;
         }()},
        {"field Accept is missing", [](expectation one) { one.with_field("Accept", "application/json"); }, post("")},
        {"field content-type has another value", [](expectation one) { one.with_field("content-type", "text/plain"); }, post("")},
        {"Authorization has another value", [](expectation one) { one.with_authorization(""); }, post("")},
    };
    for (auto const& row : rows)
    {
        oauth::testing::scripted_transport transport;
        auto step = transport.expect_post(token_url);
        row.rule(step);
        step.reply(200, "{}");
        auto const got = transport.send(row.request);
        BOOST_REQUIRE_MESSAGE(got.has_error(), row.what_differs);
        BOOST_TEST((got.error().code == oauth::errc::unexpected_request));
        BOOST_TEST((got.error().next == oauth::advice::give_up));
        BOOST_TEST(got.error().hint.find(row.what_differs) != std::string::npos, got.error().hint << " should say: " << row.what_differs);
        BOOST_TEST(describe(got.error()).find("canary") == std::string::npos);
        BOOST_TEST(transport.report().find("canary") == std::string::npos);
        BOOST_TEST(transport.report().find("never asked for: POST") != std::string::npos);
        BOOST_TEST(!transport.done());
        BOOST_TEST(transport.sent().size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(a_surprise_leaves_the_script_where_it_was_and_is_not_forgotten)
{
    oauth::testing::scripted_transport transport;
    transport.expect_post(token_url).reply(200, "{}");
    BOOST_TEST(transport.send({.url = "https://other.example/"}).has_error());
    BOOST_TEST(transport.send(post("")).has_value());
    BOOST_TEST(!transport.done());
    auto const after_the_end = transport.send(post(""));
    BOOST_REQUIRE(after_the_end.has_error());
    BOOST_TEST(after_the_end.error().hint.find("the script is at its end") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_step_without_an_end_is_named)
{
    oauth::testing::scripted_transport transport;
    transport.expect_post(token_url).with("a");
    auto const got = transport.send(post("a=1"));
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST(got.error().hint.find("the script has no reply for it") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_get_may_have_a_query_that_the_script_does_not_name)
{
    oauth::testing::scripted_transport transport;
    transport.expect_get("https://api.example/list").with("page", "a b").without("x").reply(200, "{}");
    transport.expect_get("https://api.example/list?page=2").reply(200, "{}");
    transport.expect_get("https://api.example/list?page=2").reply(200, "{}");
    BOOST_TEST(transport.send({.url = "https://api.example/list?page=a+b"}).has_value());
    BOOST_TEST(transport.send({.url = "https://api.example/list?page=2"}).has_value());
    BOOST_TEST(transport.send({.url = "https://api.example/list?page=3"}).has_error());
}

BOOST_AUTO_TEST_CASE(what_was_sent_is_kept_and_copies_share_it)
{
    oauth::testing::scripted_transport kept;
    auto given = kept;
    kept.expect_post(token_url).with_authorization("Basic canary-credential").with_field("content-TYPE", "application/x-www-form-urlencoded").reply(200, "{}");
    BOOST_TEST(given.send(post("code=a%2Bb&x=")).has_value());
    BOOST_TEST(kept.done(), kept.report());
    BOOST_REQUIRE(kept.sent().size() == 1u);
    auto const parameters = oauth::testing::scripted_transport::form_of(kept.sent()[0]);
    BOOST_REQUIRE(parameters.size() == 2u);
    BOOST_TEST(parameters[0].value == "a+b");
    BOOST_TEST(oauth::testing::scripted_transport::form_of(post("%zz")).empty());
}

BOOST_AUTO_TEST_CASE(threads_may_share_it)
{
    oauth::testing::scripted_transport transport;
    for (int i = 0; i < 200; ++i) transport.expect_post(token_url).reply(200, "{}");
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([transport]() mutable {
                for (int n = 0; n < 50; ++n) (void)transport.send(post(""));
            });
    }
    BOOST_TEST(transport.done(), transport.report());
}

BOOST_AUTO_TEST_SUITE_END()
