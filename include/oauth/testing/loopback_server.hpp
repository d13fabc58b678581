#ifndef OAUTH_TESTING_LOOPBACK_SERVER_HPP
#define OAUTH_TESTING_LOOPBACK_SERVER_HPP

#include <oauth/core/detail/deadline_after.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/detail/certificate.hpp>
#include <oauth/policy/transport/detail/byte_stream.hpp>
#include <oauth/testing/detail/delay_of.hpp>
#include <oauth/testing/detail/server_message.hpp>
#include <oauth/testing/memory_server.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>

namespace oauth::testing {

/// Where a @ref loopback_server listens, and its limits.
struct loopback_server_options
{
    std::uint16_t port = 0;                                 ///< 0: one that is free
    bool ipv6 = false;                                      ///< listen on ::1 too, on the same port
    std::uint32_t max_header_size = 16 * 1024;              ///< of a request, in bytes; more is answered with 431
    std::uint64_t max_body_size = 1024 * 1024;              ///< of a request, in bytes; more is answered with 413
    std::size_t max_connections = 256;                      ///< at a time; one more is closed at once
    std::chrono::milliseconds request_timeout{30'000};      ///< for a request to come and to be whole, and for its answer to be taken; and how late an answer is sent at most
};

/** A small HTTP/1.1 server on the loopback interface, for tests and examples. Not for the open network.

    It calls `handler(http_request const&)`, which returns the `http_response`, for each request. Connections are kept alive unless the
    client asks otherwise. A handler that throws makes a 500. An answer with @ref delay_field is sent that late, without the field: so `fault::slow` is slow.

    In the request, `url` is made of the server's scheme, `Host` and the target (of @ref origin and the target where `Host` is missing, or would be
    plain http to another machine); `authorization` and `body` are filled; `fields` holds the others but Host, Content-Length and Connection. Over https it has
    the client's certificate too, where the TLS context asks for one and the client shows it: see @ref client_certificate_field.

    @par Example
    @code
    oauth::testing::loopback_server server{[](oauth::http_request const& request) {
        return oauth::http_response{200, {{"Content-Type", "text/plain"}}, oauth::secret(request.url.target())};
    }};
    auto answer = oauth::beast_transport{}.send({.url = server.origin() + "/hello"});
    @endcode

    @par Threads
    One accepts, and each connection has one, in which the handler is called: one call at a time per connection, several at a time when there are
    several connections. What the handler shares must bear that.

    @par Lifetime
    Neither copied nor moved. The destructor stops it, and waits for calls of the handler to return, but for no answer that is to be late.
*/
template <class Handler>
    requires std::is_invocable_r_v<http_response, Handler&, http_request const&>
class loopback_server
{
    using steady = oauth::detail::steady;
    using listener = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

    struct client
    {
        oauth::detail::byte_stream stream;
        std::atomic<bool> over = false;
        std::thread thread;

        explicit client(oauth::detail::tcp_socket accepted) : stream(std::move(accepted)) {}
    };

    Handler handler_;
    loopback_server_options options_;
    std::optional<boost::asio::ssl::context> tls_;
    boost::asio::io_context context_{1};
    std::list<listener> listeners_;
    std::uint16_t port_ = 0;
    std::string origin_;
    std::atomic<std::size_t> accepted_ = 0;
    std::mutex mutex_;   // guards clients_, and every socket of theirs while it is closed; and stopped_
    std::condition_variable stopping_;
    bool stopped_ = false;
    std::list<std::unique_ptr<client>> clients_;
    std::thread acceptor_;

public:
    /// Listen, and answer from now on. @throws error with errc::port_in_use or errc::receiver_failed.
    explicit loopback_server(Handler handler, loopback_server_options options = {}) : loopback_server(std::move(handler), options, std::nullopt) {}

    /// The same over https; `tls` holds the certificate and its key.
    loopback_server(Handler handler, loopback_server_options options, boost::asio::ssl::context tls)
        : loopback_server(std::move(handler), options, std::optional(std::move(tls)))
    {
    }

    loopback_server(loopback_server const&) = delete;
    loopback_server& operator=(loopback_server const&) = delete;
    ~loopback_server() { stop(); }

    /// "http://127.0.0.1:PORT", or with https
    std::string const& origin() const noexcept { return origin_; }

    std::uint16_t port() const noexcept { return port_; }

    /// How many connections have been accepted so far.
    std::size_t accepted() const noexcept { return accepted_; }

    /// Close everything and wait for calls of the handler to return. Harmless when done twice, but not by two threads, nor by the handler.
    void stop()
    {
        context_.stop();
        if (acceptor_.joinable()) acceptor_.join();
        std::list<std::unique_ptr<client>> last;
        {
            std::lock_guard const lock(mutex_);
            stopped_ = true;
            for (auto& one : clients_)
            {
                // Wakes the thread that waits on it; closing is left to that thread.
                error_code ignored;
                auto& socket = one->stream.socket().lowest_layer();
                if (socket.is_open()) socket.shutdown(boost::asio::socket_base::shutdown_both, ignored);
            }
            last.swap(clients_);
        }
        stopping_.notify_all();
        for (auto& one : last) one->thread.join();
        listeners_.clear();
    }

private:
    loopback_server(Handler&& handler, loopback_server_options const& options, std::optional<boost::asio::ssl::context>&& tls)
        : handler_(std::move(handler)), options_(options), tls_(std::move(tls))
    {
        listen();
        origin_ = (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_);
        for (auto& each : listeners_) accept(each);
        acceptor_ = std::thread([this] { context_.run(); });
    }

    void listen()
    {
        // An ephemeral port that is free for IPv4 may be taken for IPv6.
        for (int attempt = 0;; ++attempt)
        {
            error_code ec;
            port_ = open(boost::asio::ip::address_v4::loopback(), options_.port, ec);
            if (!ec && options_.ipv6) open(boost::asio::ip::address_v6::loopback(), port_, ec);
            if (!ec) return;
            listeners_.clear();
            bool const taken = ec == boost::asio::error::address_in_use;
            if (taken && options_.port == 0 && attempt < 16) continue;
            std::string const where = "port " + std::to_string(options_.port) + " of the loopback interface: ";
            throw error(failure(taken ? errc::port_in_use : errc::receiver_failed, advice::fix_configuration, where + ec.message()));
        }
    }

    std::uint16_t open(boost::asio::ip::address const& address, std::uint16_t port, error_code& ec)
    {
        boost::asio::ip::tcp::endpoint const here(address, port);
        auto& made = listeners_.emplace_back(context_);
        made.open(here.protocol(), ec);
#if !defined(_WIN32)
        // There it would let another program take the port over.
        if (!ec) made.set_option(boost::asio::socket_base::reuse_address(true), ec);
#endif
        if (!ec && address.is_v6()) made.set_option(boost::asio::ip::v6_only(true), ec);
        if (!ec) made.bind(here, ec);
        if (!ec) made.listen(boost::asio::socket_base::max_listen_connections, ec);
        return ec ? std::uint16_t{0} : made.local_endpoint(ec).port();
    }

    void accept(listener& from)
    {
        from.async_accept([this, &from](error_code ec, oauth::detail::tcp_socket socket) {
            // Descriptors may have run out; they come back when a connection ends.
            if (ec) std::this_thread::sleep_for(std::chrono::milliseconds(5));
            else admit(std::move(socket));
            accept(from);
        });
    }

    void admit(oauth::detail::tcp_socket socket)
    {
        ++accepted_;
        std::lock_guard const lock(mutex_);
        clients_.remove_if([](auto& one) {
            if (!one->over) return false;
            one->thread.join();
            return true;
        });
        error_code ec;
        socket.non_blocking(true, ec);
        if (!ec) socket.set_option(boost::asio::ip::tcp::no_delay(true), ec);
        if (ec || clients_.size() >= options_.max_connections) return;
        auto& added = *clients_.emplace_back(std::make_unique<client>(std::move(socket)));
        added.thread = std::thread([this, &added] {
            serve(added.stream);
            std::lock_guard const closing(mutex_);
            error_code ignored;
            added.stream.socket().lowest_layer().close(ignored);
            added.over = true;
        });
    }

    void serve(oauth::detail::byte_stream& stream)
    {
        error_code ec;
        stream.socket().wait_until(oauth::detail::deadline_after(options_.request_timeout));
        if (tls_) stream.begin_tls(*tls_).handshake(boost::asio::ssl::stream_base::server, ec);
        std::size_t const size = std::size_t{options_.max_header_size} + 1024;
        auto const room = std::make_unique<char[]>(size);
        boost::beast::flat_static_buffer_base buffer(room.get(), size);
        while (!ec && exchange(stream, buffer)) continue;
        if (!ec) stream.say_goodbye();
    }

    /// One request and its answer. Is there to be another on this connection?
    bool exchange(oauth::detail::byte_stream& stream, boost::beast::flat_static_buffer_base& buffer)
    {
        namespace http = boost::beast::http;
        stream.socket().wait_until(oauth::detail::deadline_after(options_.request_timeout));
        detail::request_parser parser;
        parser.header_limit(options_.max_header_size);
        parser.body_limit(options_.max_body_size);
        error_code ec;
        http::read_header(stream, buffer, parser, ec);
        if (!ec && oauth::detail::ascii_iequal(std::string(parser.get()[http::field::expect]), "100-continue"))
            write(stream, "HTTP/1.1 100 Continue\r\n\r\n", ec);
        if (!ec) http::read(stream, buffer, parser, ec);
        if (ec) return refuse(stream, ec);

        auto [request, refused] = detail::to_request(parser, origin_);
        if (auto* const tls = stream.native_tls())
            if (auto* const shown = SSL_get0_peer_certificate(tls))
                request.fields.push_back({std::string(client_certificate_field), ':' + oauth::detail::base64_der(shown) + ':'});
        auto response = refused != 0 ? detail::plain_answer(refused) : answer(request);
        if (!wait_for(response)) return false;
        bool const keep = parser.keep_alive() && !oauth::detail::ascii_iequal(find_field(response.fields, "Connection"), "close");
        stream.socket().wait_until(oauth::detail::deadline_after(options_.request_timeout));
        write(stream, detail::response_message(response, parser.get().method() == http::verb::head, keep), ec);
        return !ec && keep;
    }

    /// Let an answer come as late as it says, and take the field off. False where the server stops meanwhile.
    bool wait_for(http_response& late)
    {
        auto const by = std::min(detail::delay_of(late), options_.request_timeout);
        auto const says_so = std::erase_if(late.fields, [](auto const& field) { return oauth::detail::ascii_iequal(field.name, delay_field); });
        if (says_so == 0) return true;
        std::unique_lock lock(mutex_);
        return !stopping_.wait_until(lock, oauth::detail::deadline_after(by), [this] { return stopped_; });
    }

    http_response answer(http_request const& request)
    {
        try
        {
            return handler_(request);
        }
        catch (...)
        {
            return detail::plain_answer(500);
        }
    }

    /// What was sent is no request that this server takes.
    bool refuse(oauth::detail::byte_stream& stream, error_code why)
    {
        using boost::beast::http::error;
        if (why == error::end_of_stream || why == error::partial_message || why.category() != boost::beast::http::make_error_code(error::bad_version).category())
            return false;
        int const status = why == error::body_limit ? 413 : why == error::header_limit || why == error::buffer_overflow ? 431 : 400;
        write(stream, detail::response_message(detail::plain_answer(status), false, false), why);
        stream.say_goodbye();
        // To close while more is coming in would reset the connection, and the client would not see the answer.
        error_code ec;
        auto& socket = stream.socket();
        socket.lowest_layer().shutdown(boost::asio::socket_base::shutdown_send, ec);
        socket.wait_until(steady::now() + std::chrono::seconds(1));
        for (char rest[4096]; !ec;) socket.read_some(boost::asio::mutable_buffer(rest, sizeof rest), ec);
        return false;
    }

    static void write(oauth::detail::byte_stream& stream, std::string const& text, error_code& ec)
    {
        boost::asio::write(stream, boost::asio::const_buffer(text.data(), text.size()), ec);
    }
};

} // namespace oauth::testing

#endif
