#ifndef OAUTH_POLICY_TRANSPORT_DETAIL_BYTE_STREAM_HPP
#define OAUTH_POLICY_TRANSPORT_DETAIL_BYTE_STREAM_HPP

#include <oauth/policy/transport/detail/timed_socket.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/system_error.hpp>
#include <optional>

namespace oauth::detail {

/** A connection, plain or under TLS: one type, so that HTTP is instantiated once. Models SyncStream.

    Not movable: the TLS layer refers to the socket.
*/
class byte_stream
{
public:
    using tls_stream = asio::ssl::stream<timed_socket&>;

private:
    timed_socket socket_;
    std::optional<tls_stream> tls_;

public:
    explicit byte_stream(tcp_socket connected) : socket_(std::move(connected)) {}
    byte_stream(byte_stream const&) = delete;
    byte_stream& operator=(byte_stream const&) = delete;

    timed_socket& socket() noexcept { return socket_; }

    /// Put TLS on the socket; the caller does the handshake.
    tls_stream& begin_tls(asio::ssl::context& context) { return tls_.emplace(socket_, context); }

    /// OpenSSL's handle; null on a plain connection.
    SSL* native_tls() noexcept { return tls_ ? tls_->native_handle() : nullptr; }

    template <class Buffers>
    std::size_t read_some(Buffers const& buffers, error_code& ec)
    {
        return tls_ ? tls_->read_some(buffers, ec) : socket_.read_some(buffers, ec);
    }

    template <class Buffers>
    std::size_t write_some(Buffers const& buffers, error_code& ec)
    {
        return tls_ ? tls_->write_some(buffers, ec) : socket_.write_some(buffers, ec);
    }

    /// @name The throwing forms, which SyncStream demands
    /// @{
    template <class Buffers>
    std::size_t read_some(Buffers const& buffers)
    {
        error_code ec;
        auto const size = read_some(buffers, ec);
        if (ec) throw boost::system::system_error(ec);
        return size;
    }

    template <class Buffers>
    std::size_t write_some(Buffers const& buffers)
    {
        error_code ec;
        auto const size = write_some(buffers, ec);
        if (ec) throw boost::system::system_error(ec);
        return size;
    }
    /// @}

    /// Is the peer still there, and silent, as it must be between two exchanges? Does not wait.
    bool is_quiet()
    {
        socket_.wait_never();
        char unexpected;
        error_code ec;
        read_some(asio::mutable_buffer(&unexpected, 1), ec);
        return ec == boost::beast::error::timeout;
    }

    /// Say goodbye without waiting for an answer. To be called on a sound connection only; without it OpenSSL would not resume the TLS session.
    void say_goodbye()
    {
        if (!tls_) return;
        socket_.wait_never();
        error_code ignored;
        tls_->shutdown(ignored);
    }
};

} // namespace oauth::detail

#endif
