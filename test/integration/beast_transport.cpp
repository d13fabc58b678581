#include <oauth/policy/transport/beast_transport.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <oauth/testing/loopback_server.hpp>
#include <functional>
#include <string>
#include <vector>
#include "../support/transport_fixture.hpp"

using namespace test_support;
using namespace std::chrono_literals;
using oauth::testing::loopback_server;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(integration_beast_transport)

// ── what is sent ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

struct sent_row
{
    char const* what;
    std::function<void(http_request&)> change;
    beast_transport_options options;
    std::string expected;   // $H stands for the host
};
std::ostream& operator<<(std::ostream& out, sent_row const& row) { return out << row.what; }

std::vector<sent_row> const sent_rows{
    {"a get", [](http_request&) {}, {}, "GET /a?b=c HTTP/1.1\r\nHost: $H\r\nUser-Agent: oauth-cpp\r\n\r\n"},
    {"a post", [](http_request& r) { r.method = http_method::post, r.body = secret("x=y"); }, {},
     "POST /a?b=c HTTP/1.1\r\nHost: $H\r\nUser-Agent: oauth-cpp\r\nContent-Length: 3\r\n\r\n"},
    {"an empty post", [](http_request& r) { r.method = http_method::post; }, {},
     "POST /a?b=c HTTP/1.1\r\nHost: $H\r\nUser-Agent: oauth-cpp\r\nContent-Length: 0\r\n\r\n"},
    {"fields in order", [](http_request& r) { r.fields = {{"Accept", "a/b"}, {"X", ""}, {"X", "2"}}, r.authorization = secret("Bearer t"); }, {},
     "GET /a?b=c HTTP/1.1\r\nHost: $H\r\nUser-Agent: oauth-cpp\r\nAccept: a/b\r\nX: \r\nX: 2\r\nAuthorization: Bearer t\r\n\r\n"},
    {"the caller's user agent", [](http_request& r) { r.fields = {{"user-agent", "mine"}}; }, {}, "GET /a?b=c HTTP/1.1\r\nHost: $H\r\nuser-agent: mine\r\n\r\n"},
    {"no user agent", [](http_request&) {}, {.user_agent = ""}, "GET /a?b=c HTTP/1.1\r\nHost: $H\r\n\r\n"},
    {"no keep-alive", [](http_request& r) { r.method = http_method::delete_; }, {.user_agent = "", .keep_alive = false},
     "DELETE /a?b=c HTTP/1.1\r\nHost: $H\r\nConnection: close\r\n\r\n"},
};

BOOST_DATA_TEST_CASE(what_goes_over_the_wire, data::make(sent_rows), row)
{
    std::string seen;
    raw_server server([&seen](tcp::socket& socket) {
        seen = read_head(socket);
        send_text(socket, "HTTP/1.1 204 No Content\r\n\r\n");
        until_client_goes(socket);
    });
    std::string host = "127.0.0.1:" + std::to_string(server.port());
    {
        beast_transport transport{row.options};
        http_request request{.url = server.origin() + "/a?b=c"};
        row.change(request);
        BOOST_TEST(transport.send(std::move(request)).value().status == 204);
    }
    auto expected = row.expected;
    expected.replace(expected.find("$H"), 2, host);
    BOOST_TEST(seen.substr(0, seen.find("\r\n\r\n") + 4) == expected);
    BOOST_TEST(seen.find("Origin") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(paths_of_every_form)
{
    loopback_server const server{[](http_request const& request) { return http_response{200, {}, secret(request.url.target())}; }};
    beast_transport transport;
    for (auto [given, sent] : {std::pair("", "/"), std::pair("?a=b", "/?a=b"), std::pair("/", "/"), std::pair("/x%20y?q=%2f", "/x%20y?q=%2f")})
        BOOST_TEST(transport.send({.url = server.origin() + given}).value().body.reveal() == sent);
}

struct unsendable_row
{
    char const* what;
    std::function<void(http_request&)> change;
    errc code;
};
std::ostream& operator<<(std::ostream& out, unsendable_row const& row) { return out << row.what; }

std::vector<unsendable_row> const unsendable_rows{
    {"no URL", [](http_request& r) { r.url = {}; }, errc::missing_endpoint},
    {"a line break in a value", [](http_request& r) { r.fields.push_back({"X", "canary\r\nY: z"}); }, errc::invalid_field},
    {"a NUL in a value", [](http_request& r) { r.fields.push_back({"X", std::string("canary\0", 7)}); }, errc::invalid_field},
    {"a space in a name", [](http_request& r) { r.fields.push_back({"X Y", "canary"}); }, errc::invalid_field},
    {"no name", [](http_request& r) { r.fields.push_back({"", "canary"}); }, errc::invalid_field},
    {"a line break in the authorization", [](http_request& r) { r.authorization = secret("Bearer canary\nX: y"); }, errc::invalid_field},
    {"a host of its own", [](http_request& r) { r.fields.push_back({"host", "canary"}); }, errc::invalid_field},
    {"a length of its own", [](http_request& r) { r.fields.push_back({"Content-length", "1"}); }, errc::invalid_field},
    {"an authorization among the fields", [](http_request& r) { r.fields.push_back({"Authorization", "canary"}); }, errc::invalid_field},
    {"a transfer coding", [](http_request& r) { r.fields.push_back({"Transfer-Encoding", "chunked"}); }, errc::invalid_field},
};

BOOST_DATA_TEST_CASE(what_is_never_sent, data::make(unsendable_rows), row)
{
    loopback_server const server{hello};
    beast_transport transport;
    auto request = request_to(server.origin(), http_method::post);
    row.change(request);
    check_failure(transport.send(std::move(request)), row.code, advice::fix_configuration);
    BOOST_TEST(server.accepted() == 0u);
}

BOOST_AUTO_TEST_CASE(a_user_agent_with_a_line_break)
{
    beast_transport transport{{.user_agent = "a\r\nX: y"}};
    check_failure(transport.send(request_to("http://127.0.0.1:1/")), errc::invalid_field, advice::fix_configuration);
}

// ── answers ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────

struct answer_row
{
    char const* what;
    std::string wire;
    int status;
    std::string body;
    http_method method = http_method::get;
};
std::ostream& operator<<(std::ostream& out, answer_row const& row) { return out << row.what; }

std::vector<answer_row> const answer_rows{
    {"with a length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello"},
    {"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", 200, "hello"},
    {"until the end", "HTTP/1.1 200 OK\r\n\r\nhello", 200, "hello"},
    {"HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nhello", 200, "hello"},
    {"no content", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
    {"not modified, with the length it would have", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, ""},
    {"to a HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200, "", http_method::head},
    {"an empty body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, ""},
    {"an error with a body", "HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}", 400, "{}"},
    {"a server's fault", "HTTP/1.1 503 Busy\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n", 503, ""},
    {"a redirect", "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", 307, ""},
    {"after interim answers", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok"},
    {"no reason phrase", "HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok", 200, "ok"},
};

BOOST_DATA_TEST_CASE(every_answer_is_a_value, data::make(answer_rows), row)
{
    raw_server server(says(row.wire));
    beast_transport transport;
    auto const got = transport.send(request_to(server.origin(), row.method));
    BOOST_TEST_REQUIRE(got.has_value(), (got.has_error() ? describe(got.error()) : ""));
    BOOST_TEST(got->status == row.status);
    BOOST_TEST(got->body.reveal() == row.body);
    BOOST_TEST(server.accepted() == 1);
}

BOOST_AUTO_TEST_CASE(a_field_may_come_twice)
{
    raw_server server(says("HTTP/1.1 200 OK\r\nX-A: 1\r\nset-cookie: a\r\nx-a:  2 \r\nContent-Length: 0\r\n\r\n"));
    auto const got = beast_transport{}.send(request_to(server.origin())).value();
    BOOST_TEST(got.fields.size() == 4u);
    BOOST_TEST(find_field(got.fields, "Set-Cookie") == "a");
    std::string both;
    for (auto const& field : got.fields)
        if (field.name == "X-A" || field.name == "x-a") both += field.name + '=' + field.value + ';';
    BOOST_TEST(both == "X-A=1;x-a=2;");
}

// RFC 9110 6.5.1: what comes behind the body must not pass for what came before it.
BOOST_AUTO_TEST_CASE(trailers_are_not_fields)
{
    raw_server server(says("HTTP/1.1 200 OK\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\nTrailer: Retry-After, Content-Type\r\n\r\n2\r\nok\r\n0\r\nRetry-After: 99\r\nX-A: 2\r\n"
                           "Content-Type: text/html\r\n\r\n"));
    auto const got = beast_transport{}.send(request_to(server.origin())).value();
    BOOST_TEST(got.body.reveal() == "ok");
    BOOST_TEST(find_field(got.fields, "X-A") == "1");
    BOOST_TEST(find_field(got.fields, "Retry-After") == "");
    BOOST_TEST(find_field(got.fields, "Content-Type") == "");
    BOOST_TEST(got.fields.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_behind_trailers)
{
    raw_server server([](tcp::socket& socket) {
        for (;;)
        {
            read_head(socket);
            send_text(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX: y\r\n\r\n");
        }
    });
    beast_transport transport;
    for (int i = 0; i < 3; ++i) BOOST_TEST(transport.send(request_to(server.origin())).value().body.reveal() == "ok");
    BOOST_TEST(server.accepted() == 1);
}

struct bad_answer_row
{
    char const* what;
    std::string wire;
    errc code;
    advice next;
};
std::ostream& operator<<(std::ostream& out, bad_answer_row const& row) { return out << row.what; }

std::vector<bad_answer_row> const bad_answer_rows{
    {"nothing", "", errc::connection_lost, advice::retry},
    {"half a header", "HTTP/1.1 200 OK\r\nX-canary: y", errc::connection_lost, advice::retry},
    {"a truncated body", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncanary", errc::connection_lost, advice::retry},
    {"a truncated chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\ncanary", errc::connection_lost, advice::retry},
    {"no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ncanary\r\n", errc::connection_lost, advice::retry},
    {"another protocol", "SSH-2.0-OpenSSH canary\r\n", errc::malformed_http, advice::fix_configuration},
    {"another version", "HTTP/3.7 200 canary\r\n\r\n", errc::malformed_http, advice::fix_configuration},
    {"a status of letters", "HTTP/1.1 abc canary\r\n\r\n", errc::malformed_http, advice::fix_configuration},
    {"a status below all", "HTTP/1.1 099 canary\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", errc::malformed_http, advice::fix_configuration},
    {"no status", "HTTP/1.1 000 canary\r\nContent-Length: 0\r\n\r\n", errc::malformed_http, advice::fix_configuration},
    {"a status above all", "HTTP/1.1 600 canary\r\nContent-Length: 0\r\n\r\n", errc::malformed_http, advice::fix_configuration},
    {"the last status", "HTTP/1.1 999 canary\r\nContent-Length: 0\r\n\r\n", errc::malformed_http, advice::fix_configuration},
    {"a malformed field", "HTTP/1.1 200 OK\r\ncanary\r\n\r\n", errc::malformed_http, advice::fix_configuration},
    {"two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", errc::malformed_http, advice::fix_configuration},
    {"a malformed chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\ncanary\r\n", errc::malformed_http, advice::fix_configuration},
    {"a large header", "HTTP/1.1 200 OK\r\nX: " + std::string(3000, 'x') + "\r\n\r\n", errc::response_too_large, advice::fix_configuration},
    {"a very large header", "HTTP/1.1 200 OK\r\nX: " + std::string(300'000, 'x') + "\r\n\r\n", errc::response_too_large, advice::fix_configuration},
    {"many fields", [] {
         std::string text = "HTTP/1.1 200 OK\r\n";
         for (int i = 0; i < 1000; ++i) text += "a: b\r\n";
         return text + "\r\n";
     }(), errc::response_too_large, advice::fix_configuration},
    {"a length over the limit", "HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n", errc::response_too_large, advice::fix_configuration},
    {"a length beyond all", "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n", errc::response_too_large, advice::fix_configuration},
    {"chunks over the limit", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(1001, 'x') + "\r\n0\r\n\r\n", errc::response_too_large, advice::fix_configuration},
    {"an endless body", "HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x'), errc::response_too_large, advice::fix_configuration},
    {"interim answers without end", [] {
         std::string text;
         for (int i = 0; i < 100; ++i) text += "HTTP/1.1 102 Processing\r\n\r\n";
         return text;
     }(), errc::malformed_http, advice::fix_configuration},
};

BOOST_DATA_TEST_CASE(an_answer_that_is_not_whole_is_a_failure, data::make(bad_answer_rows), row)
{
    raw_server server(says(row.wire));
    beast_transport transport{{.max_header_size = 2000, .max_body_size = 1000}};
    auto const got = transport.send(request_to(server.origin(), http_method::post));
    check_failure(got, row.code, row.next);
    BOOST_TEST(hint_says(got, "127.0.0.1:" + std::to_string(server.port())));
    BOOST_TEST(server.accepted() == 1);
}

BOOST_AUTO_TEST_CASE(a_body_of_just_the_limit)
{
    for (std::string const& framing : {"Content-Length: 1000\r\n\r\n" + std::string(1000, 'x'), "\r\n" + std::string(1000, 'x'),
                                      "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + std::string(1000, 'x') + "\r\n0\r\n\r\n"})
    {
        raw_server server(says("HTTP/1.1 200 OK\r\n" + framing));
        beast_transport transport{{.max_header_size = 2000, .max_body_size = 1000}};
        BOOST_TEST(transport.send(request_to(server.origin())).value().body.size() == 1000u);
    }
}

BOOST_AUTO_TEST_CASE(a_large_body_goes_both_ways)
{
    loopback_server const server{[](http_request const& request) { return http_response{200, {}, request.body}; }, {.max_body_size = 8'000'000}};
    beast_transport transport{{.max_body_size = 8'000'000}};
    std::string big;
    for (int i = 0; i < 1'000'000; ++i) big += std::to_string(i % 10);
    for (int i = 0; i < 2; ++i)
        BOOST_CHECK(transport.send({.method = http_method::post, .url = server.origin(), .body = secret(big)}).value().body.matches(big));
    BOOST_TEST(server.accepted() == 1u);
}

BOOST_AUTO_TEST_CASE(a_reset_connection)
{
    raw_server server([](tcp::socket& socket) {
        read_head(socket);
        send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\ncanary");
        socket.set_option(asio::socket_base::linger(true, 0));
        socket.close();
    });
    check_failure(beast_transport{}.send(request_to(server.origin(), http_method::post)), errc::connection_lost, advice::retry);
}

BOOST_AUTO_TEST_SUITE_END()
