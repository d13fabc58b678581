#ifndef OAUTH_TEST_SUPPORT_TRANSPORT_FIXTURE_HPP
#define OAUTH_TEST_SUPPORT_TRANSPORT_FIXTURE_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/error/result.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

// What the tests of a transport share: a misbehaving server, requests full of secrets, and the check that a failure gives none of them away.
namespace test_support {

using namespace oauth;
namespace asio = boost::asio;
using tcp = asio::ip::tcp;

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

inline std::string read_head(tcp::socket& socket)
{
    std::string text;
    asio::read_until(socket, asio::dynamic_buffer(text), "\r\n\r\n");
    return text;
}

inline void send_text(tcp::socket& socket, std::string const& text) { asio::write(socket, asio::buffer(text)); }

inline void until_client_goes(tcp::socket& socket)
{
    char rest[512];
    error_code ec;
    while (!ec) socket.read_some(asio::buffer(rest), ec);
}

/// Reads a request's head, says `answer` and hangs up.
inline raw_server::behaviour says(std::string answer)
{
    return [answer = std::move(answer)](tcp::socket& socket) {
        read_head(socket);
        send_text(socket, answer);
        socket.shutdown(tcp::socket::shutdown_send);
        until_client_goes(socket);
    };
}

inline constexpr char canary[] = "canary-secret";

/// A request that holds the canary wherever a secret may be.
inline http_request request_to(std::string const& url, http_method method = http_method::get)
{
    http_request out;
    out.method = method;
    out.url = endpoint(url + (url.find('?') == std::string::npos ? "?code=" : "&code=") + canary);
    out.fields = {{"Accept", "application/json"}, {"X-Key", canary}};
    out.authorization = secret(std::string("Bearer ") + canary);
    if (method == http_method::post) out.body = secret(std::string("client_secret=") + canary);
    return out;
}

inline void check_failure(result<http_response> const& outcome, errc code, advice next)
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

inline bool hint_says(result<http_response> const& outcome, std::string const& what) { return outcome.has_error() && outcome.error().hint.find(what) != std::string::npos; }

inline http_response hello(http_request const&) { return {200, {{"Content-Type", "text/plain"}}, secret("hello")}; }

} // namespace test_support

#endif
