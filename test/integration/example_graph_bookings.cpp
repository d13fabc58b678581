// example/02_graph_bookings keeps its two promises: it takes its token to one host only, and says Graph's errors readably.

#include "../../example/support/graph_page.hpp"
#include "../support/example_program.hpp"
#include "../support/example_server.hpp"
#include <boost/test/unit_test.hpp>
#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;

constexpr auto pipes = example_program::place::pipes;

std::string fixture(std::string const& name)
{
    std::ifstream file(std::string(OAUTH_TEST_FIXTURES) + "/microsoft/" + name, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    BOOST_TEST_REQUIRE(!text.empty(), name);
    return text;
}

constexpr char request_id[] = "\n  request id, for Microsoft's support: 77777777-aaaa-4bbb-8ccc-888888888800";

// What is said of each error that was recorded of Graph.
struct
{
    char const* file;
    int status;
    std::vector<http_field> fields;
    std::string says;   // but for the request's id, which all have
    std::string next;
    int exits;
} const errors[] = {
    {"graph_error_401_invalid_token.json", 401, {}, ": InvalidAuthenticationToken\n  Graph says: Access token validation failure.", "\n  what to do next: sign in again (--new)", 3},
    {"graph_error_429.json", 429, {{"Retry-After", "10"}}, ": TooManyRequests\n  Graph says: Please retry again later.", "\n  what to do next: try again after 10 s", 1},
    {"graph_error_429_unknown.json", 429, {}, ": UnknownError", "\n  what to do next: try again later", 1},
    {"graph_error_500_bookings_empty_code.json", 500, {}, "\n  Graph says: An error has occurred.", "\n  what to do next: try again later", 1},
    {"graph_error_500_bookings_unknown.json", 500, {}, ": UnknownError", "\n  what to do next: try again later", 1},
    {"graph_error_bookings_folder_not_found.json", 404, {}, ": ErrorFolderNotFound\n  Graph says: The specified folder could not be found in the store.",
     "\n  what to do next: only members of a business see it; check the id", 6},
    {"graph_error_doc_shape.json", 416, {}, ": invalidRange\n  Graph says: Uploaded fragment overlaps with existing data.", "", 6},
};

/// A server that is signed in at, and a store that holds the session.
struct desk
{
    scratch_folder here;
    example_server server;
    std::string store = here.path("tokens");

    explicit desk(testing::graph_server_options graph = {}, std::string const& scope = "openid offline_access Bookings.ReadWrite.All") : server({}, std::move(graph))
    {
        server.sign_in(here, server.words("01_graph_tokens", store, {"--scope", scope}));
    }

    struct outcome
    {
        int status;
        std::string out, messages;
    };

    outcome run(std::vector<std::string> more = {})
    {
        example_program program(here, pipes, server.words("02_graph_bookings", store, std::move(more)));
        int const status = program.status();
        return {status, program.out(), program.messages()};
    }

    /// Let Graph answer so.
    void answer(int status, std::vector<http_field> fields, std::string body)
    {
        *server.instead = [=](http_request const&) { return std::optional(http_response{status, fields, secret(std::string_view(body))}); };
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(example_graph_bookings)

BOOST_AUTO_TEST_CASE(all_pages_of_the_one_host)
{
    if (examples_are_missing()) return;
    desk here;
    auto const listed = here.run();
    BOOST_TEST(listed.status == 0, listed.messages);
    BOOST_TEST(listed.out == "Contosolunchdelivery@contoso.onmicrosoft.com\tContoso lunch delivery\nFabrikam@contoso.onmicrosoft.com\tFabrikam\n"
                             "Tailspin@contoso.onmicrosoft.com\tTailspin Toys\n");
    BOOST_TEST(listed.messages == "3 businesses\n");
    BOOST_TEST(here.server.graph.requests() == 2U);
}

BOOST_AUTO_TEST_CASE(the_token_is_taken_to_no_other_host)
{
    if (examples_are_missing()) return;
    std::atomic<int> visits = 0;
    testing::loopback_server elsewhere([&visits](http_request const&) {
        ++visits;
        return http_response{200, {{"Content-Type", "application/json"}}, secret(R"({"value":[]})")};
    });
    desk here({.next_link_origin = elsewhere.origin()});
    auto const listed = here.run();
    BOOST_TEST(listed.status == 6, listed.messages);   // the next time it will be there again
    BOOST_TEST(std::count(listed.out.begin(), listed.out.end(), '\n') == 2);   // the first page
    BOOST_TEST(listed.messages.find("Failed: the next page is said to be on another host than http://127.0.0.1:") != std::string::npos, listed.messages);
    BOOST_TEST(listed.messages.find("the token is not sent there") != std::string::npos);
    BOOST_TEST(visits == 0);
    BOOST_TEST(here.server.graph.requests() == 1U);

    // The same host by another scheme or under another name is another, and so is what is no URL.
    for (std::string const link : {"https://graph.microsoft.com/v1.0/x", "http://graph.microsoft.com/v1.0/x", "//127.0.0.1/x", "/v1.0/x", "javascript:alert(1)", "https://\\u0000"})
    {
        here.answer(200, {}, R"({"value":[],"@odata.nextLink":")" + link + "\"}");
        auto const refused = here.run();
        BOOST_TEST(refused.status == 6, link);
        BOOST_TEST(refused.messages.find("the token is not sent there") != std::string::npos, link << ": " << refused.messages);
    }
    // As Graph documents it: a page without an item that has a next one.
    here.answer(200, {}, fixture("graph_page_nextlink.json"));
    auto const empty = here.run();
    BOOST_TEST(empty.status == 6);
    BOOST_TEST(empty.messages.find("the token is not sent there") != std::string::npos, empty.messages);
}

BOOST_AUTO_TEST_CASE(an_empty_page_is_not_the_last)
{
    if (examples_are_missing()) return;
    desk here;
    int asked = 0;
    *here.server.instead = [&](http_request const& request) -> std::optional<http_response> {
        if (asked++ != 0) return std::nullopt;
        return http_response{200, {}, secret(R"({"value":[],"@odata.nextLink":")" + request.url.url() + "?$skiptoken=2\"}")};
    };
    auto const listed = here.run();
    BOOST_TEST(listed.status == 0, listed.messages);
    BOOST_TEST(listed.out == "Tailspin@contoso.onmicrosoft.com\tTailspin Toys\n");
    BOOST_TEST(asked == 2);
}

BOOST_AUTO_TEST_CASE(a_permission_that_is_missing)
{
    BOOST_TEST(example::exit_code_of(http_response{403, {}, {}}) == example::not_signed_in);
    if (examples_are_missing()) return;
    desk here({}, "openid offline_access User.Read");
    auto const refused = here.run({"--scope", "openid offline_access User.Read"});
    BOOST_TEST(refused.status == 3, refused.messages);
    BOOST_TEST(refused.out == "");
    BOOST_TEST(refused.messages == "Failed: Graph answered with HTTP status 403: ErrorAccessDenied\n  Graph says: Access is denied. Check credentials and try again."
                                       + std::string(request_id) + "\n  what to do next: ask for Bookings.Read.All or Bookings.ReadWrite.All (--scope), and have it consented to\n");
}

BOOST_AUTO_TEST_CASE(too_many_requests)
{
    if (examples_are_missing()) return;
    desk here;
    here.server.graph.throttle_next(1, seconds{7});
    auto const busy = here.run();
    BOOST_TEST(busy.status == 1);
    BOOST_TEST(busy.messages == "Failed: Graph answered with HTTP status 429: TooManyRequests\n  Graph says: Please retry again later." + std::string(request_id)
                                    + "\n  what to do next: try again after 7 s\n");
    here.server.graph.throttle_next(1, seconds{0});
    BOOST_TEST(here.run().messages.ends_with("what to do next: try again later\n"));
    BOOST_TEST(here.run().status == 0);
}

BOOST_AUTO_TEST_CASE(the_errors_that_were_recorded)
{
    for (auto const& row : errors)
    {
        http_response const answer{row.status, row.fields, secret(fixture(row.file))};
        BOOST_TEST(example::describe_graph_error(answer) == "Graph answered with HTTP status " + std::to_string(row.status) + row.says + request_id + row.next, row.file);
    }
    if (examples_are_missing()) return;
    desk here;
    for (auto const& row : errors)
    {
        here.answer(row.status, row.fields, fixture(row.file));
        auto const failed = here.run();
        BOOST_TEST(failed.status == row.exits, row.file);
        BOOST_TEST(failed.out == "");
        BOOST_TEST(failed.messages == "Failed: Graph answered with HTTP status " + std::to_string(row.status) + row.says + request_id + row.next + "\n", row.file);
    }
}

BOOST_AUTO_TEST_CASE(answers_that_are_none_of_graph_s)
{
    struct
    {
        int status;
        char const *body, *says;
    } const rows[] = {
        {200, "", "Failed: Graph's answer is not a list\n"},
        {200, "<html>", "Failed: Graph's answer is not a list\n"},
        {200, "{\"value\":{}}", "Failed: Graph's answer is not a list\n"},
        {200, "[1]", "Failed: Graph's answer is not a list\n"},
        {502, "<html>Bad Gateway</html>", "Failed: Graph answered with HTTP status 502\n  what to do next: try again later\n"},
        {400, "{\"error\":\"text\"}", "Failed: Graph answered with HTTP status 400\n"},
        {400, R"({"error":{"code":1,"message":null,"innerError":"x"}})", "Failed: Graph answered with HTTP status 400\n"},
        {400, R"({"error":{"code":"\u001b[2Jx","message":"a\r\nb"}})", ""},
    };
    if (examples_are_missing()) return;
    desk here;
    for (auto const& row : rows)
    {
        here.answer(row.status, {}, row.body);
        auto const failed = here.run();
        BOOST_TEST(failed.status == (row.status == 502 ? 1 : 6), row.body);
        if (*row.says != '\0') BOOST_TEST(failed.messages == row.says, row.body);
        // Graph's words are another's words.
        BOOST_TEST(std::all_of(failed.messages.begin(), failed.messages.end(), [](char c) { return c == '\n' || static_cast<unsigned char>(c) >= 0x20; }), row.body);
        BOOST_TEST(failed.messages.find("\nb") == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
