#ifndef OAUTH_POLICY_TRANSPORT_BEAST_TRANSPORT_HPP
#define OAUTH_POLICY_TRANSPORT_BEAST_TRANSPORT_HPP

#include <oauth/core/detail/deadline_after.hpp>
#include <oauth/policy/transport.hpp>
#include <oauth/policy/transport/beast_transport_options.hpp>
#include <oauth/policy/transport/detail/connect.hpp>
#include <oauth/policy/transport/detail/connection_pool.hpp>
#include <oauth/policy/transport/detail/http_head.hpp>
#include <oauth/policy/transport/detail/resolve.hpp>
#include <oauth/policy/transport/detail/secret_body.hpp>
#include <oauth/policy/transport/detail/tls_client.hpp>
#include <oauth/policy/transport/detail/transport_failure.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_static_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace oauth {

/** The transport for use: HTTP/1.1 by Boost.Beast, TLS by OpenSSL, blocking.

    - **TLS** 1.2 or 1.3. The certificate is verified, and that it is for this host, by name or by address; that can't be turned off. A session is
      resumed where the server allows it. OpenSSL's TLS is not touched before the first https URL.
    - **Time** is bounded by the options, for connecting, for the handshake, and for the whole. When `send` has returned, nothing is left running
      (but a look-up of the system's that was late, which can't be interrupted; it ends by itself).
    - **Redirects** are answers like others; none is followed. `Origin` is not sent, nor a cookie, nor `Expect`.
    - **Connections** are kept for the next request to the same origin. Of several addresses, the first that answers is used (RFC 8305).
    - **Secrets**: the buffers for requests and answers are wiped after each exchange.

    @par Sent once
    An idle connection is looked at before it is used: one that the server has closed is replaced. A request is sent a second time only where the system
    took not one byte of it the first time. If the server closes while the request is on its way, the outcome is unknown, and it is the caller's to
    decide: errc::connection_lost with advice::retry.

    @par Errors of send
        @li errc::missing_endpoint, errc::invalid_field: the request can't be sent as it is
        @li errc::resolve_failed, errc::connect_failed, errc::connect_timeout
        @li errc::certificate_rejected, errc::handshake_failed, errc::handshake_timeout
        @li errc::malformed_certificate, errc::key_unreadable, errc::wrong_passphrase, errc::certificate_mismatch: the client's own certificate or key, as the options name it
        @li errc::exchange_timeout, errc::connection_lost, errc::malformed_http
        @li errc::response_too_large: the answer is over `max_header_size` or `max_body_size`

    @par Thread safety
    `send` may be called by several threads; each uses a connection of its own. After a `fork`, the child needs a transport of its own, too.

    @par Exception safety
    Strong; only memory exhaustion throws.

    @par Specification
    RFC 9110, RFC 9112, RFC 8446, RFC 9525, RFC 8305, RFC 9700 2.6
*/
class beast_transport
{
    struct state
    {
        beast_transport_options options;
        detail::asio::io_context context;
        std::mutex tls_mutex;
        std::optional<detail::asio::ssl::context> tls;
        detail::connection_pool pool;

        explicit state(beast_transport_options given) : options(std::move(given)) {}
    };
    std::unique_ptr<state> state_;

public:
    explicit beast_transport(beast_transport_options options = {}) : state_(std::make_unique<state>(std::move(options))) {}

    beast_transport_options const& options() const noexcept { return state_->options; }

    /// Send the request and wait for the whole answer, whatever its status.
    result<http_response> send(http_request request)
    {
        auto const& options = state_->options;
        detail::time_limit const whole{detail::deadline_after(options.exchange_timeout), options.exchange_timeout, "exchange_timeout"};
        auto const message = detail::request_message(request, options.user_agent, options.keep_alive);
        if (message.has_error()) return message.error();
        auto const origin = detail::origin_key(request.url);

        while (auto kept = state_->pool.take(origin, options.idle_timeout))
        {
            auto const sent = kept->stream.socket().sent();
            auto answer = exchange(*kept, request, *message, whole);
            if (answer.has_value() || kept->stream.socket().sent() != sent) return finish(std::move(kept), std::move(answer));
        }
        auto opened = open(request.url, origin, whole);
        if (opened.has_error()) return std::move(opened).error();
        auto answer = exchange(**opened, request, *message, whole);
        return finish(std::move(*opened), std::move(answer));
    }

private:
    struct answer_and_more
    {
        http_response response;
        bool reusable;
    };

    result<http_response> finish(std::unique_ptr<detail::http_connection> used, result<answer_and_more> answer)
    {
        if (answer.has_error()) return std::move(answer).error();
        if (auto* const tls = used->stream.native_tls()) state_->pool.keep_session(used->origin, tls);
        if (answer->reusable) state_->pool.keep(std::move(used), state_->options.max_idle_connections);
        else used->stream.say_goodbye();
        return std::move(answer->response);
    }

    result<std::unique_ptr<detail::http_connection>> open(endpoint const& url, std::string const& origin, detail::time_limit const& whole)
    {
        try
        {
            auto connected = connect(url, origin, whole);
            if (connected.has_error() || !url.secure()) return connected;
            if (auto secured = secure(**connected, url, whole); secured.has_error()) return std::move(secured).error();
            return connected;
        }
        catch (boost::system::system_error const& out_of_something)
        {
            // Descriptors, as a rule: Asio has no other way to say so when it makes a socket.
            return failure(errc::connect_failed, advice::retry, detail::at_peer(url) + out_of_something.code().message());
        }
    }

    result<std::unique_ptr<detail::http_connection>> connect(endpoint const& url, std::string const& origin, detail::time_limit const& whole)
    {
        auto const& options = state_->options;
        auto const limit = detail::phase_limit(whole, options.connect_timeout, "connect_timeout");
        auto const found = detail::resolve(url.host(), url.port(), limit.until);
        if (found.ec) return detail::resolve_failure(url, limit, found.ec);
        error_code ec;
        auto socket = detail::connect_any(state_->context, found.endpoints, limit.until, ec);
        if (!socket) return detail::connect_failure(url, limit, ec);
        // A little more than a header may have, so that it is the parser that finds it too large.
        return std::make_unique<detail::http_connection>(std::move(*socket), origin, std::size_t{options.max_header_size} + 1024);
    }

    result<void> secure(detail::http_connection& made, endpoint const& url, detail::time_limit const& whole)
    {
        auto context = tls_context();
        if (context.has_error()) return std::move(context).error();
        auto& tls = made.stream.begin_tls(**context);
        if (!detail::expect_host(tls.native_handle(), url.host()))
            return failure(errc::handshake_failed, advice::fix_configuration, detail::at_peer(url) + "TLS can't check a host of this form");
        if (auto const session = state_->pool.take_session(made.origin)) SSL_set_session(tls.native_handle(), session.get());
        auto const limit = detail::phase_limit(whole, state_->options.handshake_timeout, "handshake_timeout");
        made.stream.socket().wait_until(limit.until);
        error_code ec;
        tls.handshake(detail::asio::ssl::stream_base::client, ec);
        if (ec) return detail::handshake_failure(url, limit, ec, SSL_get_verify_result(tls.native_handle()));
        return {};
    }

    result<detail::asio::ssl::context*> tls_context()
    {
        std::lock_guard const lock(state_->tls_mutex);
        if (!state_->tls)
        {
            auto made = detail::make_client_context(state_->options);
            if (made.has_error()) return std::move(made).error();
            state_->tls.emplace(std::move(*made));
        }
        return &*state_->tls;
    }

    result<answer_and_more> exchange(detail::http_connection& with, http_request const& request, secret const& message, detail::time_limit const& whole)
    {
        namespace http = boost::beast::http;
        auto const& options = state_->options;
        auto const failed = [&](error_code ec) { return detail::exchange_failure(request.url, whole, options, ec); };
        with.stream.socket().wait_until(whole.until);
        error_code ec;
        detail::asio::write(with.stream, detail::asio::const_buffer(message.reveal().data(), message.size()), ec);
        if (ec) return failed(ec);

        struct wiped_room : boost::beast::flat_static_buffer_base
        {
            detail::http_connection& owner;
            explicit wiped_room(detail::http_connection& with) : flat_static_buffer_base(with.room.get(), with.room_size), owner(with) {}
            ~wiped_room() { detail::wipe(owner.room.get(), owner.room_size); }
        } room(with);

        // A server may send a few interim answers before the one that counts (RFC 9110 15.2).
        for (int interim = 0; interim < 16; ++interim)
        {
            http::response_parser<detail::secret_body> parser;
            parser.header_limit(options.max_header_size);
            parser.body_limit(options.max_body_size);
            parser.skip(request.method == http_method::head);
            http::read_header(with.stream, room, parser, ec);
            if (ec) return failed(ec);
            auto& got = parser.get();
            int const status = static_cast<int>(got.result_int());
            if (status < 100 || status > 599) return failed(http::make_error_code(http::error::bad_status));
            if (status < 200 && status != 101) continue;

            answer_and_more out{};
            out.response.status = status;
            // Before the body is read, behind which a server may send more of them: they must not pass for these (RFC 9110 6.5.1).
            for (auto const& field : got)
                out.response.fields.push_back({std::string(field.name_string().data(), field.name_string().size()), std::string(field.value().data(), field.value().size())});
            if (!parser.is_done()) http::read(with.stream, room, parser, ec);
            if (ec) return failed(ec);
            out.response.body = std::move(got.body());
            out.reusable = options.keep_alive && parser.keep_alive() && room.size() == 0 && status != 101;
            return out;
        }
        return failed(http::make_error_code(http::error::bad_status));
    }
};
static_assert(check_transport<beast_transport>());

} // namespace oauth

#endif
