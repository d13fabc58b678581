#ifndef OAUTH_POLICY_TRANSPORT_DETAIL_TIMED_SOCKET_HPP
#define OAUTH_POLICY_TRANSPORT_DETAIL_TIMED_SOCKET_HPP

#include <oauth/error/errc.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/error.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#if !defined(_WIN32)
#include <poll.h>
#endif

namespace oauth::detail {

namespace asio = boost::asio;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;
using steady = std::chrono::steady_clock;

#if defined(_WIN32)
using poll_entry = WSAPOLLFD;
#else
using poll_entry = ::pollfd;
#endif

/// Wait until one of `entries` is ready, or until `deadline`. Was one ready?
template <class Entries>
bool poll_until(Entries& entries, steady::time_point deadline)
{
    for (;;)
    {
        auto const left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady::now()).count();
        if (left <= 0) return false;
        auto const timeout = static_cast<int>(std::min<decltype(left)>(left, 3'600'000));
#if defined(_WIN32)
        int const ready = ::WSAPoll(std::data(entries), static_cast<ULONG>(std::size(entries)), timeout);
#else
        int const ready = ::poll(std::data(entries), static_cast<::nfds_t>(std::size(entries)), timeout);
#endif
        // An interrupted wait goes on with what is left; any other fault shows in the operation that was waited for.
        if (ready > 0) return true;
    }
}

/** A connected TCP socket whose blocking operations end at a deadline, with `beast::error::timeout`.

    It models Asio's SyncStream, so that TLS and HTTP are layered on it without a reactor, a timer or a pending operation: what has returned is over.
*/
class timed_socket
{
    tcp_socket socket_;
    steady::time_point deadline_{};
    std::uint64_t sent_ = 0;
    bool waits_ = true;

public:
    using lowest_layer_type = tcp_socket;
    using executor_type = tcp_socket::executor_type;

    /// `connected` must be in non-blocking mode.
    explicit timed_socket(tcp_socket connected) : socket_(std::move(connected)) {}

    lowest_layer_type& lowest_layer() noexcept { return socket_; }
    executor_type get_executor() noexcept { return socket_.get_executor(); }

    /// From now on, wait until `deadline` and no longer.
    void wait_until(steady::time_point deadline) noexcept
    {
        deadline_ = deadline;
        waits_ = true;
    }

    /// From now on do not wait: what can't be done at once ends as if the deadline had passed.
    void wait_never() noexcept { waits_ = false; }

    /// How many bytes the system has taken so far.
    std::uint64_t sent() const noexcept { return sent_; }

    template <class Buffers>
    std::size_t read_some(Buffers const& buffers, error_code& ec)
    {
        return repeat(POLLIN, ec, [&] { return socket_.read_some(buffers, ec); });
    }

    template <class Buffers>
    std::size_t write_some(Buffers const& buffers, error_code& ec)
    {
        auto const size = repeat(POLLOUT, ec, [&] { return socket_.write_some(buffers, ec); });
        sent_ += size;
        return size;
    }

private:
    template <class Operation>
    std::size_t repeat(short events, error_code& ec, Operation operation)
    {
        for (;;)
        {
            // Asked first, since a peer that always has something ready would else never be found late.
            if (waits_ && steady::now() >= deadline_) break;
            auto const size = operation();
            if (ec != asio::error::would_block && ec != asio::error::try_again) return size;
            if (!waits_) break;
            poll_entry entry[1] = {};
            entry[0].fd = socket_.native_handle();
            entry[0].events = events;
            if (!poll_until(entry, deadline_)) break;
        }
        ec = boost::beast::error::timeout;
        return 0;
    }
};

} // namespace oauth::detail

#endif
