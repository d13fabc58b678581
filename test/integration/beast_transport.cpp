#include <oauth/policy/transport/beast_transport.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <oauth/testing/loopback_server.hpp>
#include <boost/asio/read_until.hpp>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <latch>
#include <optional>
#include <string>
#include <thread>
#include <vector>
#include "../support/certificate.hpp"

using namespace oauth;
using namespace std::chrono_literals;
using testing::loopback_server;
namespace asio = boost::asio;
namespace data = boost::unit_test::data;
using tcp = asio::ip::tcp;

namespace {

/// A server that does to each connection whatever it is told, without knowing HTTP.
class raw_server
{
public:
    using behaviour = std::function<void(tcp::socket&)>;

private:
    asio::io_context context_{1};
    tcp::acceptor acceptor_;
    behaviour behaviour_;
    std::atomic<int> accepted_ = 0;
    std::vector<std::thread> threads_;
    std::thread loop_;

    void accept()
    {
        acceptor_.async_accept([this](error_code ec, tcp::socket socket) {
            if (ec) return;
            ++accepted_;
            threads_.emplace_back([this, shared = std::make_shared<tcp::socket>(std::move(socket))] {
                try
                {
                    behaviour_(*shared);
                }
                catch (boost::system::system_error const&)
                {
                    // The client went away, as some tests have it.
                }
            });
            accept();
        });
    }

public:
    explicit raw_server(behaviour what, tcp::endpoint const& at = {asio::ip::address_v4::loopback(), 0}) : acceptor_(context_, at), behaviour_(std::move(what))
    {
        accept();
        loop_ = std::thread([this] { context_.run(); });
    }
    ~raw_server()
    {
        context_.stop();
        loop_.join();
        for (auto& thread : threads_) thread.join();
    }
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    int accepted() const { return accepted_; }
    std::string origin(std::string const& scheme = "http") const { return scheme + "://127.0.0.1:" + std::to_string(port()); }
};

std::string read_head(tcp::socket& socket)
{
    std::string text;
    asio::read_until(socket, asio::dynamic_buffer(text), "\r\n\r\n");
    return text;
}

void send_text(tcp::socket& socket, std::string const& text) { asio::write(socket, asio::buffer(text)); }

void until_client_goes(tcp::socket& socket)
{
    char rest[512];
    error_code ec;
    while (!ec) socket.read_some(asio::buffer(rest), ec);
}

/// Reads a request's head, says `answer` and hangs up.
raw_server::behaviour says(std::string answer)
{
    return [answer = std::move(answer)](tcp::socket& socket) {
        read_head(socket);
        send_text(socket, answer);
        socket.shutdown(tcp::socket::shutdown_send);
        until_client_goes(socket);
    };
}

constexpr char canary[] = "canary-secret";

/// A request that holds the canary wherever a secret may be.
http_request request_to(std::string const& url, http_method method = http_method::get)
{
    http_request out;
    out.method = method;
    out.url = endpoint(url + (url.find('?') == std::string::npos ? "?code=" : "&code=") + canary);
    out.fields = {{"Accept", "application/json"}, {"X-Key", canary}};
    out.authorization = secret(std::string("Bearer ") + canary);
    if (method == http_method::post) out.body = secret(std::string("client_secret=") + canary);
    return out;
}

void check_failure(result<http_response> const& outcome, errc code, advice next)
{
    BOOST_TEST_REQUIRE(outcome.has_error());
    auto const& why = outcome.error();
    auto const text = describe(why) + oauth::error(why).what();
    BOOST_CHECK_MESSAGE(why.code == code, text);
    BOOST_CHECK_MESSAGE(why.next == next, text);
    BOOST_TEST(!why.hint.empty());
    BOOST_TEST(text.find("canary") == std::string::npos, text);
    BOOST_TEST(why.server.empty());
}

bool hint_says(result<http_response> const& outcome, std::string const& what) { return outcome.has_error() && outcome.error().hint.find(what) != std::string::npos; }

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

http_response hello(http_request const&) { return {200, {{"Content-Type", "text/plain"}}, secret("hello")}; }

/// The test's own authority, as a file to trust; the file goes with it.
struct own_authority
{
    test_support::identity root = test_support::make_identity({.common_name = "root", .is_authority = true});
    std::filesystem::path folder;
    std::string file;

    own_authority()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "oauth_test_XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        file = (folder / "root.pem").string();
        std::ofstream(file) << root.certificate_pem();
    }
    ~own_authority() { std::filesystem::remove_all(folder); }

    asio::ssl::context server(test_support::certificate_wish const& wish = {}) const
    {
        return test_support::server_context(test_support::make_identity(wish, &root));
    }
    beast_transport_options trusted() const { return {.ca_file = file, .use_system_roots = false}; }
};
own_authority const& authority()
{
    static own_authority const made;
    return made;
}

} // namespace

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
    beast_transport transport{{.exchange_timeout = 80ms}};
    check_failure(transport.send({.method = http_method::post, .url = server.origin(), .body = secret(std::string(20'000'000, 'x'))}), errc::exchange_timeout, advice::retry);
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

// ── TLS ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

BOOST_AUTO_TEST_CASE(https_with_an_authority_of_ones_own)
{
    loopback_server const server{hello, {.ipv6 = true}, authority().server()};
    auto const port = ':' + std::to_string(server.port());
    for (std::string const host : {"127.0.0.1", "[::1]", "localhost", "Localhost"})
    {
        beast_transport transport{authority().trusted()};
        auto const got = transport.send(request_to("https://" + host + port, http_method::post));
        BOOST_TEST_REQUIRE(got.has_value(), (got.has_error() ? describe(got.error()) : ""));
        BOOST_TEST(got->body.reveal() == "hello");
    }
}

BOOST_AUTO_TEST_CASE(https_keeps_its_connection)
{
    loopback_server const server{hello, {}, authority().server()};
    beast_transport transport{authority().trusted()};
    for (int i = 0; i < 5; ++i) BOOST_TEST(transport.send(request_to(server.origin(), http_method::post)).value().status == 200);
    BOOST_TEST(server.accepted() == 1u);
}

struct certificate_row
{
    char const* what;
    test_support::certificate_wish wish;
    std::string host;
    bool self_signed;
    std::string hint;
};
std::ostream& operator<<(std::ostream& out, certificate_row const& row) { return out << row.what; }

std::vector<certificate_row> const certificate_rows{
    {"another name", {.alternative_names = "DNS:other.example"}, "localhost", false, "ostname mismatch"},
    {"another address", {.alternative_names = "IP:127.0.0.2,DNS:localhost"}, "127.0.0.1", false, "IP address mismatch"},
    {"another IPv6 address", {.alternative_names = "IP:127.0.0.1,DNS:localhost"}, "[::1]", false, "IP address mismatch"},
    {"an address as a name", {.alternative_names = "DNS:127.0.0.1"}, "127.0.0.1", false, "IP address mismatch"},
    {"a common name only", {.alternative_names = "", .common_name = "localhost"}, "localhost", false, "subjectAltName"},
    {"a wildcard for everything", {.alternative_names = "DNS:*"}, "localhost", false, "ostname mismatch"},
    {"expired", {.valid_from = -7200, .valid_until = -3600}, "localhost", false, "clock"},
    {"not yet valid", {.valid_from = 3600, .valid_until = 7200}, "localhost", false, "clock"},
    {"self-signed", {}, "localhost", true, "ca_file"},
};

BOOST_DATA_TEST_CASE(a_certificate_that_is_refused, data::make(certificate_rows), row)
{
    auto context = row.self_signed ? test_support::server_context(test_support::make_identity(row.wish)) : authority().server(row.wish);
    std::atomic<int> calls = 0;
    loopback_server const server{[&calls](http_request const& request) {
                                     ++calls;
                                     return hello(request);
                                 },
                                 {.ipv6 = true}, std::move(context)};
    beast_transport transport{authority().trusted()};
    auto const got = transport.send(request_to("https://" + row.host + ':' + std::to_string(server.port()), http_method::post));
    check_failure(got, errc::certificate_rejected, advice::fix_configuration);
    BOOST_TEST(hint_says(got, row.hint), got.error().hint);
    BOOST_TEST(calls == 0);
}

BOOST_AUTO_TEST_CASE(an_authority_that_is_not_trusted)
{
    loopback_server const server{hello, {}, authority().server()};
    for (auto const& options : {beast_transport_options{}, beast_transport_options{.use_system_roots = false}})
    {
        auto const got = beast_transport{options}.send(request_to(server.origin()));
        check_failure(got, errc::certificate_rejected, advice::fix_configuration);
        BOOST_TEST(hint_says(got, "ca_file"));
    }
}

BOOST_AUTO_TEST_CASE(a_hashed_directory_of_authorities)
{
    auto const folder = authority().folder / "hashed";
    std::filesystem::create_directory(folder);
    char name[32];
    std::snprintf(name, sizeof name, "%08lx.0", X509_subject_name_hash(authority().root.certificate.get()));
    std::filesystem::copy_file(authority().file, folder / name);
    loopback_server const server{hello, {}, authority().server()};
    beast_transport transport{{.ca_directory = folder.string(), .use_system_roots = false}};
    BOOST_TEST(transport.send(request_to(server.origin())).value().status == 200);
}

BOOST_AUTO_TEST_CASE(the_environment_names_the_system_roots)
{
    loopback_server const server{hello, {}, authority().server()};
    ::setenv("SSL_CERT_FILE", authority().file.c_str(), 1);
    auto const got = beast_transport{}.send(request_to(server.origin()));
    ::unsetenv("SSL_CERT_FILE");
    BOOST_TEST(got.has_value());
}

BOOST_AUTO_TEST_CASE(trust_that_cannot_be_read)
{
    loopback_server const server{hello, {}, authority().server()};
    auto const missing = (authority().folder / "missing").string();
    auto const empty = (authority().folder / "empty.pem").string();
    std::ofstream(empty) << "nothing\n";
    for (auto const& options : {beast_transport_options{.ca_file = missing}, beast_transport_options{.ca_file = empty}, beast_transport_options{.ca_directory = missing}})
    {
        beast_transport transport{options};
        for (int i = 0; i < 2; ++i)
        {
            auto const got = transport.send(request_to(server.origin()));
            check_failure(got, errc::handshake_failed, advice::fix_configuration);
            BOOST_TEST(hint_says(got, options.ca_file + options.ca_directory));
        }
    }
}

BOOST_AUTO_TEST_CASE(tls_1_1_is_refused_and_1_2_is_not)
{
    for (int const version : {TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION})
    {
        auto context = authority().server();
        SSL_CTX_set_security_level(context.native_handle(), 0);
        SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context.native_handle(), version);
        if (version == TLS1_3_VERSION) SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_3_VERSION);
        loopback_server const server{hello, {}, std::move(context)};
        auto const got = beast_transport{authority().trusted()}.send(request_to(server.origin()));
        if (version == TLS1_1_VERSION) check_failure(got, errc::handshake_failed, advice::fix_configuration);
        else BOOST_TEST(got.has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_server_that_wants_a_certificate_of_the_client)
{
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION})
    {
        auto context = authority().server();
        SSL_CTX_set_min_proto_version(context.native_handle(), version);
        SSL_CTX_set_max_proto_version(context.native_handle(), version);
        SSL_CTX_set_verify(context.native_handle(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        loopback_server const server{hello, {}, std::move(context)};
        auto const got = beast_transport{authority().trusted()}.send(request_to(server.origin()));
        BOOST_TEST_REQUIRE(got.has_error());
        // With TLS 1.3 the alert may be overtaken by the reset that follows it.
        bool const lost = version == TLS1_3_VERSION && got.error().code == errc::connection_lost;
        check_failure(got, lost ? errc::connection_lost : errc::handshake_failed, lost ? advice::retry : advice::fix_configuration);
    }
}

BOOST_AUTO_TEST_CASE(a_port_that_does_not_speak_tls)
{
    loopback_server const server{hello};
    auto const got = beast_transport{}.send(request_to("https://127.0.0.1:" + std::to_string(server.port())));
    check_failure(got, errc::handshake_failed, advice::fix_configuration);
    BOOST_TEST(hint_says(got, "does this port speak TLS"));
}

BOOST_AUTO_TEST_CASE(plain_http_to_a_port_that_speaks_tls)
{
    loopback_server const server{hello, {}, authority().server()};
    auto const got = beast_transport{}.send(request_to("http://127.0.0.1:" + std::to_string(server.port())));
    BOOST_TEST_REQUIRE(got.has_error());
    bool const lost = got.error().code == errc::connection_lost;   // OpenSSL may hang up without an alert
    check_failure(got, lost ? errc::connection_lost : errc::malformed_http, lost ? advice::retry : advice::fix_configuration);
}

BOOST_AUTO_TEST_CASE(a_peer_that_hangs_up_in_the_handshake)
{
    raw_server server([](tcp::socket& socket) {
        char some[16];
        socket.read_some(asio::buffer(some));
    });
    check_failure(beast_transport{}.send(request_to(server.origin("https"))), errc::handshake_failed, advice::retry);
}

/// A TLS server that says `answer` and then ends, with or without TLS' own goodbye.
raw_server::behaviour tls_says(std::shared_ptr<asio::ssl::context> context, std::string answer, bool goodbye, std::function<void(SSL*)> look = {})
{
    return [=](tcp::socket& socket) {
        asio::ssl::stream<tcp::socket&> stream(socket, *context);
        stream.handshake(asio::ssl::stream_base::server);
        std::string head;
        asio::read_until(stream, asio::dynamic_buffer(head), "\r\n\r\n");
        if (look) look(stream.native_handle());
        asio::write(stream, asio::buffer(answer));
        error_code ec;
        if (goodbye) stream.shutdown(ec);
        socket.shutdown(tcp::socket::shutdown_send, ec);
        until_client_goes(socket);
    };
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_with_the_connection_must_end_with_tls_goodbye)
{
    auto const context = std::make_shared<asio::ssl::context>(authority().server());
    for (bool const goodbye : {true, false})
    {
        raw_server server(tls_says(context, "HTTP/1.1 200 OK\r\n\r\nhello", goodbye));
        auto const got = beast_transport{authority().trusted()}.send(request_to(server.origin("https")));
        if (goodbye) BOOST_TEST(got.value().body.reveal() == "hello");
        else check_failure(got, errc::connection_lost, advice::retry);
    }
}

BOOST_AUTO_TEST_CASE(names_are_indicated_addresses_are_not_and_http_1_1_is_asked_for)
{
    auto const context = std::make_shared<asio::ssl::context>(authority().server());
    std::string protocols;
    SSL_CTX_set_alpn_select_cb(
        context->native_handle(),
        [](SSL*, unsigned char const** out, unsigned char* size, unsigned char const* in, unsigned in_size, void* into) {
            static_cast<std::string*>(into)->assign(reinterpret_cast<char const*>(in), in_size);
            *out = in + 1;
            *size = in[0];
            return SSL_TLSEXT_ERR_OK;
        },
        &protocols);
    std::string name;
    raw_server server(tls_says(context, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true, [&name](SSL* tls) {
        auto const* const indicated = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name);
        name = indicated ? indicated : "none";
    }));
    for (auto const& [host, expected] : {std::pair("localhost", "localhost"), std::pair("127.0.0.1", "none")})
    {
        auto const got = beast_transport{authority().trusted()}.send(request_to(std::string("https://") + host + ':' + std::to_string(server.port())));
        BOOST_TEST(got.has_value());
        BOOST_TEST(name == expected);
        BOOST_TEST(protocols == "\x08http/1.1");
    }
}

BOOST_AUTO_TEST_CASE(a_session_is_resumed)
{
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION})
    {
        auto const context = std::make_shared<asio::ssl::context>(authority().server());
        SSL_CTX_set_max_proto_version(context->native_handle(), version);
        std::atomic<int> resumed = 0;
        raw_server server(tls_says(context, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", true, [&resumed](SSL* tls) { resumed += SSL_session_reused(tls); }));
        beast_transport transport{authority().trusted()};
        for (int i = 0; i < 4; ++i) BOOST_TEST(transport.send(request_to(server.origin("https"))).value().status == 200);
        BOOST_TEST(server.accepted() == 4);
        BOOST_TEST(resumed == 3);

        // Another transport has its own trust, and so its own sessions.
        auto const before = resumed.load();
        BOOST_TEST(beast_transport{authority().trusted()}.send(request_to(server.origin("https"))).value().status == 200);
        BOOST_TEST(resumed == before);
    }
}

BOOST_AUTO_TEST_CASE(many_threads_over_tls)
{
    loopback_server const server{[](http_request const& request) { return http_response{200, {}, request.body}; }, {}, authority().server()};
    beast_transport transport{authority().trusted()};
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 10; ++i)
            {
                auto const text = std::to_string(t) + ' ' + std::to_string(i);
                auto const got = transport.send({.method = http_method::post, .url = server.origin(), .body = secret(text)});
                if (got.has_value() && got->body.matches(text)) ++good;
            }
        });
    for (auto& thread : threads) thread.join();
    BOOST_TEST(good == 40);
}

BOOST_AUTO_TEST_SUITE_END()
