#include <oauth/testing/loopback_server.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/read.hpp>
#include <latch>
#include <sstream>
#include <vector>

using namespace oauth;
using testing::loopback_server;
namespace asio = boost::asio;
namespace data = boost::unit_test::data;

namespace {

/// What came back for `bytes`, until the server closed. To be used with requests that make it close.
std::string converse(std::uint16_t port, std::string const& bytes, asio::ip::address const& to = asio::ip::address_v4::loopback())
{
    asio::io_context context;
    asio::ip::tcp::socket socket(context);
    socket.connect({to, port});
    asio::write(socket, asio::buffer(bytes));
    std::string out;
    error_code ec;
    asio::read(socket, asio::dynamic_buffer(out), ec);
    return out;
}

std::string status_of(std::string const& message) { return message.substr(9, 3); }

/// Tells what it was asked.
http_response mirror(http_request const& request)
{
    std::string out = std::string(to_string(request.method)) + '|' + request.url.url() + '|' + std::string(request.authorization.reveal()) + '|'
                    + std::string(request.body.reveal());
    for (auto const& field : request.fields) out += '|' + field.name + '=' + field.value;
    return {200, {}, secret(std::move(out))};
}

constexpr char close_get[] = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(testing_loopback_server)

BOOST_AUTO_TEST_CASE(the_origin_names_the_port)
{
    loopback_server const server{mirror};
    BOOST_TEST(server.port() != 0);
    BOOST_TEST(server.origin() == "http://127.0.0.1:" + std::to_string(server.port()));
}

BOOST_AUTO_TEST_CASE(the_handler_sees_the_whole_request)
{
    loopback_server const server{mirror};
    auto const host = "localhost:" + std::to_string(server.port());
    auto const got = converse(server.port(), "POST /a/b?c=d HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: Bearer t\r\nX-One: 1\r\nclient-cert: :AAAA:\r\nContent-Length: 4\r\nOrigin: null\r\n"
                                             "Connection: close\r\n\r\nbody");
    BOOST_TEST(got.starts_with("HTTP/1.1 200 OK\r\n"));
    BOOST_TEST(got.substr(got.find("\r\n\r\n") + 4) == "POST|http://" + host + "/a/b?c=d|Bearer t|body|X-One=1|Origin=null");
}

BOOST_AUTO_TEST_CASE(a_host_that_will_not_do_gives_way_to_the_servers_own)
{
    loopback_server const server{mirror};
    for (std::string const line : {"Host: login.example\r\n", "Host: \r\n", "Host: a b\r\n", ""})
    {
        auto const got = converse(server.port(), "GET /x HTTP/1.1\r\n" + line + "Connection: close\r\n\r\n");
        BOOST_TEST(got.ends_with("GET|" + server.origin() + "/x||"));
    }
}

BOOST_AUTO_TEST_CASE(several_requests_on_one_connection)
{
    loopback_server const server{mirror};
    auto const got = converse(server.port(), "GET /1 HTTP/1.1\r\nHost: localhost\r\n\r\nHEAD /2 HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                             "PATCH /3 HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    BOOST_TEST(got.find("GET|http://localhost/1||") != std::string::npos);
    BOOST_TEST(got.find("HEAD|") == std::string::npos);
    BOOST_TEST(got.ends_with("PATCH|http://localhost/3||abc"));
    BOOST_TEST(server.accepted() == 1u);
}

BOOST_AUTO_TEST_CASE(a_client_that_waits_for_continue_is_told_so)
{
    loopback_server const server{mirror};
    auto const got =
        converse(server.port(), "PUT / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");
    BOOST_TEST(got.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
    BOOST_TEST(got.ends_with("|hi|Expect=100-continue"));
}

struct refusal
{
    char const* what;
    std::string bytes;
    char const* status;
};
std::ostream& operator<<(std::ostream& out, refusal const& row) { return out << row.what; }

std::vector<refusal> const refusals{
    {"not HTTP", "hello\r\n\r\n", "400"},
    {"another version", "GET / HTTP/7.3\r\n\r\n", "400"},
    {"a target without a slash", "GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "400"},
    {"a target that is no URL", "GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "400"},
    {"a method of others", "OPTIONS / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "501"},
    {"a large header", "GET / HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\n\r\n", "431"},
    {"a header that never ends", "GET / HTTP/1.1\r\nX: " + std::string(9000, 'x'), "431"},
    {"a large body", "POST / HTTP/1.1\r\nContent-Length: 101\r\n\r\n" + std::string(101, 'x'), "413"},
    {"a large chunked body", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, 'x') + "\r\n0\r\n\r\n", "413"},
    {"two lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", "400"},
};

BOOST_DATA_TEST_CASE(what_is_refused, data::make(refusals), row)
{
    std::atomic<int> calls = 0;
    loopback_server const server{[&calls](http_request const& request) {
                                     ++calls;
                                     return mirror(request);
                                 },
                                 {.max_header_size = 1000, .max_body_size = 100}};
    BOOST_TEST(status_of(converse(server.port(), row.bytes)) == row.status);
    BOOST_TEST(calls == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_that_cannot_be_sent_is_a_500)
{
    for (http_response const& bad : {http_response{42, {}, {}}, http_response{200, {{"X", "a\r\nY: b"}}, {}}, http_response{200, {{"no name", "a"}}, {}}})
    {
        loopback_server const server{[&bad](http_request const&) { return bad; }};
        auto const got = converse(server.port(), close_get);
        BOOST_TEST(status_of(got) == "500");
        BOOST_TEST(got.find("Y: b") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_is_a_500)
{
    loopback_server const server{[](http_request const&) -> http_response { throw std::runtime_error("private"); }};
    auto const got = converse(server.port(), close_get);
    BOOST_TEST(status_of(got) == "500");
    BOOST_TEST(got.find("private") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_servers_own_fields_are_not_doubled)
{
    loopback_server const server{[](http_request const&) {
        return http_response{200, {{"Content-Length", "7"}, {"Transfer-Encoding", "chunked"}, {"Connection", "close"}, {"X", "y"}}, secret("abc")};
    }};
    BOOST_TEST(converse(server.port(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n") == "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc");
}

BOOST_AUTO_TEST_CASE(no_body_where_none_may_be)
{
    loopback_server const server{[](http_request const&) { return http_response{204, {}, secret("abc")}; }};
    BOOST_TEST(converse(server.port(), close_get) == "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(both_address_families)
{
    loopback_server const server{mirror, {.ipv6 = true}};
    BOOST_TEST(status_of(converse(server.port(), close_get)) == "200");
    BOOST_TEST(status_of(converse(server.port(), close_get, asio::ip::address_v6::loopback())) == "200");
}

BOOST_AUTO_TEST_CASE(a_given_port_and_the_same_port_again)
{
    std::uint16_t port = 0;
    {
        loopback_server const first{mirror};
        port = first.port();
        BOOST_CHECK_EXCEPTION((loopback_server{mirror, {.port = port}}), error, [](error const& e) { return e.code() == errc::port_in_use; });
    }
    loopback_server const again{mirror, {.port = port}};
    BOOST_TEST(again.port() == port);
    BOOST_TEST(status_of(converse(port, close_get)) == "200");
}

BOOST_AUTO_TEST_CASE(handlers_run_at_the_same_time)
{
    std::latch both(2);
    loopback_server const server{[&both](http_request const& request) {
        both.arrive_and_wait();   // neither returns before the other has come
        return mirror(request);
    }};
    std::string other;
    std::thread second([&] { other = converse(server.port(), close_get); });
    BOOST_TEST(status_of(converse(server.port(), close_get)) == "200");
    second.join();
    BOOST_TEST(status_of(other) == "200");
}

BOOST_AUTO_TEST_CASE(too_many_connections_are_closed_and_the_server_goes_on)
{
    loopback_server const server{mirror, {.max_connections = 1}};
    {
        asio::io_context context;
        asio::ip::tcp::socket first(context);
        first.connect({asio::ip::address_v4::loopback(), server.port()});
        while (server.accepted() == 0) std::this_thread::yield();
        BOOST_TEST(converse(server.port(), "").empty());
    }
    std::string got;
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    do
    {
        try
        {
            got = converse(server.port(), close_get);
        }
        catch (boost::system::system_error const&)
        {
            // Closed so early that even the write failed.
        }
    } while (got.empty() && std::chrono::steady_clock::now() < deadline);
    BOOST_TEST_REQUIRE(!got.empty());
    BOOST_TEST(status_of(got) == "200");
}

BOOST_AUTO_TEST_CASE(a_silent_client_is_dropped_in_time)
{
    loopback_server const server{mirror, {.request_timeout = std::chrono::milliseconds(40)}};
    BOOST_TEST(converse(server.port(), "GET / HTT").empty());
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_to_be_late_is_late)
{
    using std::chrono::milliseconds;
    struct
    {
        char const* delay;
        milliseconds limit, at_least, at_most;
    } const rows[] = {{"150", milliseconds(30'000), milliseconds(150), milliseconds(10'000)},
                      {"9223372036854775807", milliseconds(150), milliseconds(150), milliseconds(10'000)},   // no longer than a client is waited for
                      {"-5", milliseconds(30'000), milliseconds(0), milliseconds(10'000)},
                      {"soon", milliseconds(30'000), milliseconds(0), milliseconds(10'000)},
                      {"", milliseconds(30'000), milliseconds(0), milliseconds(10'000)}};
    for (auto const& row : rows)
    {
        loopback_server const server{[&row](http_request const&) { return http_response{200, {{"testing-delay", row.delay}, {"X", "y"}}, secret("abc")}; }, {.request_timeout = row.limit}};
        auto const begun = std::chrono::steady_clock::now();
        // The field is for the server alone.
        BOOST_TEST(converse(server.port(), close_get) == "HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc", row.delay);
        auto const took = std::chrono::steady_clock::now() - begun;
        BOOST_TEST((took >= row.at_least && took < row.at_most), row.delay);
    }
}

BOOST_AUTO_TEST_CASE(it_stops_at_once_while_an_answer_is_to_be_late)
{
    std::latch asked(1);
    auto const begun = std::chrono::steady_clock::now();
    std::string got = "something";
    std::thread client;
    {
        loopback_server const server{[&asked](http_request const&) {
            asked.count_down();
            return http_response{200, {{std::string(testing::delay_field), "25000"}}, secret("abc")};
        }};
        client = std::thread([&got, port = server.port()] { got = converse(port, close_get); });
        asked.wait();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    client.join();
    BOOST_TEST(got == "");
    BOOST_CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(10));
}

BOOST_AUTO_TEST_CASE(it_stops_at_once_with_clients_connected)
{
    auto const begun = std::chrono::steady_clock::now();
    asio::io_context context;
    asio::ip::tcp::socket idle(context), busy(context);
    {
        loopback_server server{mirror};
        idle.connect({asio::ip::address_v4::loopback(), server.port()});
        busy.connect({asio::ip::address_v4::loopback(), server.port()});
        asio::write(busy, asio::buffer("GET / HTTP/1.1\r\nHo", 18));
        while (server.accepted() < 2) std::this_thread::yield();
        server.stop();
        server.stop();
    }
    BOOST_CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(5));
    char c;
    error_code ec;
    BOOST_TEST(asio::read(idle, asio::buffer(&c, 1), ec) == 0u);
    BOOST_TEST(bool(ec));
}

BOOST_AUTO_TEST_SUITE_END()
