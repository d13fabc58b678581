// The exit statuses of the examples are those of their --help: a script may try again on 1, and on nothing else.

#include "../support/example_program.hpp"
#include "../support/example_server.hpp"
#include <boost/test/unit_test.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace oauth;
using namespace oauth::test;

constexpr auto pipes = example_program::place::pipes;

// What the token endpoint answers, and what 01 exits with: where a code is exchanged, which is spent by that, and where a session is renewed, which is not. 0: a user is asked for then.
constexpr struct
{
    int status;
    char const *type, *body;
    int exchanging, renewing;
} answers[] = {
    {503, "text/html", "<html>Service Unavailable</html>", 3, 1},
    {429, "text/plain", "Too many requests", 3, 1},
    {500, "text/plain", "Internal error", 3, 1},
    {201, "application/json", "{}", 3, 1},
    {200, "text/plain", "hello", 3, 1},
    {200, "application/json", "{\"access_token\":\"", 3, 1},
    {400, "application/json", R"({"error":"invalid_grant","error_description":"AADSTS53003: Blocked by Conditional Access.","error_codes":[53003],"suberror":"message_only"})", 6, 6},
    {400, "application/json", R"({"error":"invalid_grant","error_description":"AADSTS50057: The user account is disabled.","error_codes":[50057]})", 6, 6},
    {401, "application/json", R"({"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.","error_codes":[7000215]})", 2, 2},
    {400, "application/json", R"({"error":"invalid_grant","error_description":"AADSTS65001: Consent.","error_codes":[65001],"suberror":"consent_required"})", 3, 0},
    {400, "application/json", R"({"error":"invalid_grant","error_description":"AADSTS50173: Revoked.","error_codes":[50173]})", 3, 0},
};

// What comes back from the browser beside the right state.
constexpr struct
{
    char const* form;
    int exits;
} redirects[] = {
    {"error=access_denied", 3},
    {"error=access_denied&error_subcode=cancel", 3},
    {"error=access_denied&error_description=AADSTS53003%3A+Blocked", 6},
    {"code=1.AbCdEfGhIjKl&iss=https%3A%2F%2Fother.example%2F", 6},
    {"code=1.AbCdEfGhIjKl&error=access_denied", 6},
};

std::string parameter(std::string const& url, std::string const& name)
{
    auto const begin = url.find('&' + name + '=');
    BOOST_TEST_REQUIRE(begin != url.npos, url);
    auto const value = begin + name.size() + 2;
    return url.substr(value, url.find('&', value) - value);
}

} // namespace

BOOST_AUTO_TEST_SUITE(example_exit_status)

BOOST_AUTO_TEST_CASE(of_what_the_token_endpoint_answers)
{
    if (examples_are_missing()) return;
    for (auto const& row : answers)
        BOOST_TEST_CONTEXT(row.status << ' ' << row.body)
        {
            scratch_folder here;
            example_server server;
            auto const fails = [&row](http_request const&) { return std::optional(http_response{row.status, {{"Content-Type", row.type}}, secret(std::string_view(row.body))}); };
            auto const words = server.words("01_graph_tokens", here.path("tokens"));
            {
                example_program program(here, pipes, words);
                auto const url = program.url();
                BOOST_TEST_REQUIRE(!url.empty(), program.messages());
                *server.of_tokens = fails;
                server.sign_in(url);
                BOOST_TEST(program.status() == row.exchanging, program.messages());
            }
            *server.of_tokens = nullptr;
            server.sign_in(here, words);
            *server.of_tokens = fails;
            example_program renewing(here, pipes, words);
            if (row.renewing == 0) BOOST_TEST(!renewing.url().empty(), renewing.messages());
            else BOOST_TEST(renewing.status() == row.renewing, renewing.messages());
        }
}

BOOST_AUTO_TEST_CASE(of_what_the_browser_brings_back)
{
    if (examples_are_missing()) return;
    example_server server;
    for (auto const& row : redirects)
    {
        scratch_folder here;
        example_program program(here, pipes, server.words("01_graph_tokens", here.path("tokens"), {"--response-mode", "query"}));
        auto const url = program.url();
        BOOST_TEST_REQUIRE(!url.empty(), program.messages());
        auto const parsed = parse_form(url.substr(url.find('?') + 1)).value();
        auto const home = std::string(find_parameter(parsed, "redirect_uri").value());
        beast_transport().send(http_request{.url = home + "?state=" + parameter(url, "state") + '&' + row.form}).value();
        BOOST_TEST(program.status() == row.exits, row.form << program.messages());
        BOOST_TEST(program.out() == "");
    }
    BOOST_TEST(server.identity.counts().token_requests == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
