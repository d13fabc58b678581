#ifndef EXAMPLE_SUPPORT_WEB_SERVER_HPP
#define EXAMPLE_SUPPORT_WEB_SERVER_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/error/result.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

namespace example {

namespace asio = boost::asio;
namespace http = boost::beast::http;

/** A web server on Beast: coroutines wait for the browsers, and a pool of threads calls `handler(http_request const&)`, which may block while it talks to others.

    It listens on this machine only, in plain http: on the open network a proxy stands in front of it that speaks https.
*/
template <class Handler>
class web_server
{
    using tcp = asio::ip::tcp;
    using request = http::request<http::string_body>;
    using response = http::response<http::string_body>;
    static constexpr auto patience = std::chrono::seconds(30);   // with a browser that says or takes nothing
    static constexpr std::size_t threads = 16;                   // as many may wait for other servers at a time
    static constexpr auto completion = asio::as_tuple(asio::use_awaitable);

    Handler handler_;
    asio::thread_pool pool_{threads};
    tcp::acceptor acceptor_{pool_};
    std::uint16_t port_ = 0;

public:
    /// Listen on `port`, or on any that is free where it is 0. Nobody is answered before @ref start. @throws oauth::error with errc::port_in_use.
    web_server(Handler handler, std::uint16_t port) : handler_(std::move(handler))
    {
        tcp::endpoint const here(asio::ip::address_v4::loopback(), port);
        boost::system::error_code failed;
        acceptor_.open(here.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address(true));
        acceptor_.bind(here, failed);
        if (!failed) acceptor_.listen(tcp::acceptor::max_listen_connections, failed);
        if (failed) throw oauth::error(oauth::failure(oauth::errc::port_in_use, oauth::advice::fix_configuration, "port " + std::to_string(port) + ": " + failed.message()));
        port_ = acceptor_.local_endpoint().port();
    }

    /// Answer from now on. Call it once.
    void start() { asio::co_spawn(pool_, accept(), asio::detached); }

    web_server(web_server const&) = delete;
    web_server& operator=(web_server const&) = delete;

    /// Ends all connections, and waits for calls of the handler to return.
    ~web_server()
    {
        pool_.stop();
        pool_.join();
    }

    std::uint16_t port() const noexcept { return port_; }
    std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }

private:
    asio::awaitable<void> accept()
    {
        for (;;)
        {
            auto accepted = co_await acceptor_.async_accept(asio::make_strand(pool_), completion);
            if (!std::get<0>(accepted))
            {
                boost::beast::tcp_stream stream(std::move(std::get<1>(accepted)));
                auto const strand = stream.get_executor();
                asio::co_spawn(strand, serve(std::move(stream)), asio::detached);
                continue;
            }
            // Too many open files, say: it may pass.
            asio::steady_timer pause(pool_, std::chrono::milliseconds(100));
            co_await pause.async_wait(completion);
        }
    }

    asio::awaitable<void> serve(boost::beast::tcp_stream stream)
    {
        boost::beast::flat_buffer buffer;
        for (bool more = true; more;)
        {
            http::request_parser<http::string_body> parser;
            parser.header_limit(64 * 1024);
            parser.body_limit(1024 * 1024);
            stream.expires_after(patience);
            auto const read = co_await http::async_read(stream, buffer, parser, completion);
            if (std::get<0>(read)) break;
            auto answer = respond(parser.release());
            more = answer.keep_alive();
            stream.expires_after(patience);
            auto const written = co_await http::async_write(stream, answer, completion);
            if (std::get<0>(written)) break;
        }
        boost::system::error_code ignored;
        stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    }

    response respond(request got)
    {
        auto const asked = translate(got);
        response out(http::status::bad_request, got.version());
        if (got.method() != http::verb::get && got.method() != http::verb::post) out.result(http::status::method_not_allowed);
        else if (asked)
            try
            {
                auto const answer = handler_(*asked);
                out.result(static_cast<unsigned>(answer.status));
                for (auto const& [name, value] : answer.fields) out.insert(name, value);
                out.body() = answer.body.reveal();
            }
            catch (std::exception const&)
            {
                out = response(http::status::internal_server_error, got.version());
            }
        out.keep_alive(got.keep_alive());
        out.prepare_payload();
        return out;
    }

    /// Beast's request as one of the library; nothing where `Host` and target make no URL of this machine.
    static std::optional<oauth::http_request> translate(request& got)
    {
        auto url = oauth::endpoint::parse("http://" + std::string(got[http::field::host]) + std::string(got.target()));
        if (url.has_error()) return std::nullopt;
        oauth::http_request out{.method = got.method() == http::verb::post ? oauth::http_method::post : oauth::http_method::get, .url = std::move(*url)};
        for (auto const& field : got)
        {
            if (field.name() == http::field::authorization) out.authorization = oauth::secret(std::string(field.value()));
            else out.fields.push_back({std::string(field.name_string()), std::string(field.value())});
        }
        out.body = oauth::secret(std::move(got.body()));
        return out;
    }
};

} // namespace example

#endif
