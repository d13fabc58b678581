#include <oauth/policy/transport/beast_transport.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <oauth/testing/loopback_server.hpp>
#include <sys/socket.h>
#include <atomic>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>
#include "../support/transport_fixture.hpp"

using namespace test_support;
using namespace std::chrono_literals;
using oauth::testing::loopback_server;
namespace data = boost::unit_test::data;

namespace {

/// A listening socket whose queue is full, so that a connection to it is never made.
struct deaf_listener
{
    asio::io_context context;
    tcp::acceptor acceptor{context, tcp::v4()};
    std::vector<tcp::socket> fillers;

    deaf_listener()
    {
        acceptor.bind({asio::ip::address_v4::loopback(), 0});
        acceptor.listen(0);
        for (int i = 0; i < 8; ++i)
        {
            auto& filler = fillers.emplace_back(context, tcp::v4());
            filler.non_blocking(true);
            auto const peer = acceptor.local_endpoint();
            if (::connect(filler.native_handle(), peer.data(), static_cast<::socklen_t>(peer.size())) != 0) std::this_thread::sleep_for(2ms);
        }
    }
    std::uint16_t port() const { return acceptor.local_endpoint().port(); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(integration_beast_transport_connections)

// ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

struct late_row
{
    char const* what;
    raw_server::behaviour does;
};
std::ostream& operator<<(std::ostream& out, late_row const& row) { return out << row.what; }

template <class Piece>
raw_server::behaviour drips(std::string start, Piece piece)
{
    return [start, piece](tcp::socket& socket) {
        read_head(socket);
        send_text(socket, start);
        for (int i = 0; i < 200; ++i)
        {
            send_text(socket, piece);
            std::this_thread::sleep_for(10ms);
        }
    };
}

BOOST_AUTO_TEST_CASE(the_longest_of_all_is_no_limit)
{
    loopback_server const server{hello, {.request_timeout = std::chrono::milliseconds::max()}};
    constexpr auto for_ever = std::chrono::milliseconds::max();
    beast_transport transport{{.connect_timeout = for_ever, .handshake_timeout = for_ever, .exchange_timeout = for_ever, .idle_timeout = for_ever}};
    for (int i = 0; i < 3; ++i)
    {
        auto const got = transport.send(request_to(server.origin()));
        BOOST_TEST_REQUIRE(got.has_value(), describe(got.error()));
        BOOST_TEST(got->body.reveal() == "hello");
    }
    BOOST_TEST(server.accepted() == 1u);   // not even that of an idle connection has passed
    for (auto const none : {0ms, -1ms, std::chrono::milliseconds::min()})
    {
        beast_transport hasty{{.exchange_timeout = none}};
        check_failure(hasty.send(request_to(server.origin())), errc::connect_timeout, advice::retry);
    }
}

std::vector<late_row> const late_rows{
    {"never answers", until_client_goes},
    {"drips a header", drips("HTTP/1.1 200 OK\r\n", "X: y\r\n")},
    {"drips a body", drips("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", "x")},
    {"drips chunks", drips("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n")},
    {"stops in the body", [](tcp::socket& socket) {
         read_head(socket);
         send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n1");
         until_client_goes(socket);
     }},
};

BOOST_DATA_TEST_CASE(the_whole_has_one_deadline, data::make(late_rows), row)
{
    raw_server server(row.does);
    beast_transport transport{{.exchange_timeout = 80ms}};
    auto const begun = std::chrono::steady_clock::now();
    auto const got = transport.send(request_to(server.origin(), http_method::post));
    auto const took = std::chrono::steady_clock::now() - begun;
    check_failure(got, errc::exchange_timeout, advice::retry);
    BOOST_CHECK(took >= 80ms);
    BOOST_CHECK(took < 1500ms);
}

BOOST_AUTO_TEST_CASE(a_peer_that_does_not_read)
{
    std::latch over(1);
    raw_server server([&over](tcp::socket&) { over.wait(); });
    beast_transport transport{{.exchange_timeout = 500ms}};   // to make so large a request takes some time, too
    check_failure(transport.send({.method = http_method::post, .url = server.origin(), .body = secret(std::string(6'000'000, 'x'))}), errc::exchange_timeout, advice::retry);
    over.count_down();
}

BOOST_AUTO_TEST_CASE(a_handshake_that_is_not_answered)
{
    raw_server server(until_client_goes);
    beast_transport transport{{.handshake_timeout = 60ms}};
    auto const begun = std::chrono::steady_clock::now();
    auto const got = transport.send(request_to(server.origin("https"), http_method::post));
    check_failure(got, errc::handshake_timeout, advice::retry);
    BOOST_TEST(hint_says(got, "60 ms"));
    BOOST_CHECK(std::chrono::steady_clock::now() - begun < 1500ms);
}

BOOST_AUTO_TEST_CASE(a_connection_that_is_not_answered)
{
    deaf_listener const deaf;
    beast_transport transport{{.connect_timeout = 60ms}};
    auto const begun = std::chrono::steady_clock::now();
    auto const got = transport.send(request_to("http://127.0.0.1:" + std::to_string(deaf.port())));
    check_failure(got, errc::connect_timeout, advice::retry);
    BOOST_TEST(hint_says(got, "60 ms"));
    BOOST_CHECK(std::chrono::steady_clock::now() - begun < 1500ms);
}

BOOST_AUTO_TEST_CASE(the_limit_that_was_reached_is_named)
{
    deaf_listener const deaf;
    auto const url = "http://127.0.0.1:" + std::to_string(deaf.port());
    auto const got = beast_transport{{.exchange_timeout = 30ms}}.send(request_to(url));
    check_failure(got, errc::connect_timeout, advice::retry);
    BOOST_TEST(hint_says(got, "30 ms (beast_transport_options::exchange_timeout)"));
}

BOOST_AUTO_TEST_CASE(a_look_up_that_is_late_is_left_behind)
{
    struct slow
    {
        std::shared_ptr<std::atomic<bool>> done;
        detail::resolution operator()() const
        {
            std::this_thread::sleep_for(80ms);
            *done = true;
            return {};
        }
    };
    auto const done = std::make_shared<std::atomic<bool>>(false);
    auto const found = detail::resolve_until(slow{done}, std::chrono::steady_clock::now() + 10ms);
    BOOST_CHECK(found.ec == boost::beast::error::timeout);
    BOOST_TEST(!*done);
    while (!*done) std::this_thread::sleep_for(5ms);

    auto const punctual = detail::resolve_until([] { return detail::resolution{{{asio::ip::address_v4::loopback(), 7}}, {}}; }, std::chrono::steady_clock::now() + 10s);
    BOOST_TEST(!punctual.ec);
    BOOST_TEST(punctual.endpoints.size() == 1u);
}

// ── addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────

BOOST_AUTO_TEST_CASE(a_closed_port)
{
    std::uint16_t port = 0;
    {
        loopback_server const server{hello};
        port = server.port();
    }
    for (std::string const scheme : {"http", "https"})
        for (std::string const host : {"127.0.0.1", "[::1]", "localhost"})
        {
            auto const got = beast_transport{}.send(request_to(scheme + "://" + host + ':' + std::to_string(port)));
            check_failure(got, errc::connect_failed, advice::retry);
            BOOST_TEST(hint_says(got, host + ':' + std::to_string(port)));
        }
}

BOOST_AUTO_TEST_CASE(a_name_that_does_not_exist)
{
    // What it advises depends on whether there is a name server.
    auto const got = beast_transport{}.send(request_to("https://no-such-host.invalid/"));
    BOOST_TEST_REQUIRE(got.has_error());
    check_failure(got, errc::resolve_failed, got.error().next);
    BOOST_TEST(hint_says(got, "no-such-host.invalid:443"));
}

BOOST_AUTO_TEST_CASE(ipv6_and_localhost)
{
    loopback_server const server{hello, {.ipv6 = true}};
    auto const port = ':' + std::to_string(server.port());
    beast_transport transport;
    for (std::string const host : {"127.0.0.1", "[::1]", "localhost", "LOCALHOST"})
        BOOST_TEST(transport.send(request_to("http://" + host + port)).value().body.reveal() == "hello");
}

BOOST_AUTO_TEST_CASE(localhost_that_listens_on_ipv6_only)
{
    raw_server server(says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), {asio::ip::address_v6::loopback(), 0});
    BOOST_TEST(beast_transport{}.send(request_to("http://localhost:" + std::to_string(server.port()))).value().status == 200);
}

BOOST_AUTO_TEST_CASE(a_silent_address_does_not_hold_up_the_next)
{
    deaf_listener const deaf;
    loopback_server const server{hello};
    asio::io_context context;
    error_code ec;
    auto const begun = std::chrono::steady_clock::now();
    auto const socket = detail::connect_any(context, {deaf.acceptor.local_endpoint(), {asio::ip::address_v4::loopback(), server.port()}}, begun + 10s, ec);
    auto const took = std::chrono::steady_clock::now() - begun;
    BOOST_TEST_REQUIRE(socket.has_value());
    BOOST_TEST(socket->remote_endpoint().port() == server.port());
    BOOST_CHECK(took >= detail::connect_head_start);
    BOOST_CHECK(took < 2s);
}

BOOST_AUTO_TEST_CASE(address_families_take_turns)
{
    auto const v4 = [](unsigned short n) { return tcp::endpoint(asio::ip::address_v4::loopback(), n); };
    auto const v6 = [](unsigned short n) { return tcp::endpoint(asio::ip::address_v6::loopback(), n); };
    BOOST_CHECK((detail::alternated({v6(1), v6(2), v6(3), v4(1)}) == std::vector{v6(1), v4(1), v6(2), v6(3)}));
    BOOST_CHECK((detail::alternated({v4(1), v4(2)}) == std::vector{v4(1), v4(2)}));
    BOOST_CHECK(detail::alternated({}).empty());
    asio::io_context context;
    error_code ec;
    BOOST_CHECK(!detail::connect_any(context, {}, std::chrono::steady_clock::now() + 1s, ec));
    BOOST_TEST(bool(ec));
}

// ── connections ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

BOOST_AUTO_TEST_CASE(one_connection_serves_many_requests)
{
    loopback_server const server{hello};
    beast_transport transport;
    for (int i = 0; i < 10; ++i) BOOST_TEST(transport.send(request_to(server.origin(), i % 2 ? http_method::post : http_method::head)).value().status == 200);
    BOOST_TEST(server.accepted() == 1u);
    auto moved = std::move(transport);
    BOOST_TEST(moved.send(request_to(server.origin())).value().status == 200);
    BOOST_TEST(server.accepted() == 1u);
}

BOOST_AUTO_TEST_CASE(none_is_kept_where_that_is_not_wanted)
{
    loopback_server const server{hello};
    for (auto const& options : {beast_transport_options{.keep_alive = false}, beast_transport_options{.max_idle_connections = 0}, beast_transport_options{.idle_timeout = 0ms}})
    {
        auto const before = server.accepted();
        beast_transport transport{options};
        for (int i = 0; i < 3; ++i) BOOST_TEST(transport.send(request_to(server.origin())).value().status == 200);
        BOOST_TEST(server.accepted() - before == 3u);
    }
}

BOOST_AUTO_TEST_CASE(none_is_kept_where_the_server_does_not_want_it)
{
    for (std::string const wire : {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                                   "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"})
    {
        raw_server server([wire](tcp::socket& socket) {
            read_head(socket);
            send_text(socket, wire);
            until_client_goes(socket);
        });
        beast_transport transport;
        for (int i = 0; i < 2; ++i) BOOST_TEST(transport.send(request_to(server.origin())).value().body.empty());
        BOOST_TEST(server.accepted() == 2);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_nobody_asked_for_is_not_taken)
{
    // The second answer comes when the connection is idle.
    std::atomic<bool> forged = false;
    raw_server server([&forged](tcp::socket& socket) {
        read_head(socket);
        send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue");
        std::this_thread::sleep_for(10ms);
        if (!forged.exchange(true)) send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
        until_client_goes(socket);
    });
    beast_transport transport;
    BOOST_TEST(transport.send(request_to(server.origin())).value().body.reveal() == "true");
    while (!forged) std::this_thread::sleep_for(2ms);
    std::this_thread::sleep_for(5ms);
    BOOST_TEST(transport.send(request_to(server.origin())).value().body.reveal() == "true");
    BOOST_TEST(server.accepted() == 2);
}

BOOST_AUTO_TEST_CASE(a_connection_that_the_server_closed_meanwhile_is_replaced)
{
    for (bool const reset : {false, true})
    {
        std::atomic<int> closed = 0;
        raw_server server([&closed, reset](tcp::socket& socket) {
            read_head(socket);
            send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            if (reset)
            {
                std::this_thread::sleep_for(20ms);   // the answer must arrive before the reset
                socket.set_option(asio::socket_base::linger(true, 0));
            }
            socket.close();
            ++closed;
        });
        beast_transport transport;
        for (int i = 1; i <= 3; ++i)
        {
            BOOST_TEST(transport.send(request_to(server.origin(), http_method::post)).value().status == 200);
            while (closed < i) std::this_thread::sleep_for(1ms);
            std::this_thread::sleep_for(5ms);
        }
        BOOST_TEST(server.accepted() == 3);
    }
}

BOOST_AUTO_TEST_CASE(a_post_that_may_have_arrived_is_not_sent_again)
{
    std::atomic<int> requests = 0;
    raw_server server([&requests](tcp::socket& socket) {
        read_head(socket);
        ++requests;
        send_text(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        read_head(socket);
        ++requests;   // and hangs up without a word
    });
    beast_transport transport;
    BOOST_TEST(transport.send(request_to(server.origin(), http_method::post)).value().status == 200);
    check_failure(transport.send(request_to(server.origin(), http_method::post)), errc::connection_lost, advice::retry);
    BOOST_TEST(requests == 2);
    BOOST_TEST(server.accepted() == 1);
    BOOST_TEST(transport.send(request_to(server.origin(), http_method::post)).value().status == 200);
}

BOOST_AUTO_TEST_CASE(many_threads_share_one_transport)
{
    loopback_server const server{[](http_request const& request) { return http_response{200, {}, request.body}; }};
    beast_transport transport{{.max_idle_connections = 2}};
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 25; ++i)
            {
                auto const text = std::to_string(t) + ' ' + std::to_string(i);
                auto const got = transport.send({.method = http_method::post, .url = server.origin(), .body = secret(text)});
                if (got.has_value() && got->body.matches(text)) ++good;
            }
        });
    for (auto& thread : threads) thread.join();
    BOOST_TEST(good == 200);
}

BOOST_AUTO_TEST_CASE(origins_do_not_share_connections)
{
    loopback_server const one{hello};
    loopback_server const other{[](http_request const&) { return http_response{201, {}, {}}; }};
    beast_transport transport;
    for (int i = 0; i < 3; ++i)
    {
        BOOST_TEST(transport.send(request_to(one.origin())).value().status == 200);
        BOOST_TEST(transport.send(request_to(other.origin())).value().status == 201);
    }
    BOOST_TEST(one.accepted() == 1u);
    BOOST_TEST(other.accepted() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
