#ifndef OAUTH_POLICY_TRANSPORT_DETAIL_CONNECT_HPP
#define OAUTH_POLICY_TRANSPORT_DETAIL_CONNECT_HPP

#include <oauth/policy/transport/detail/timed_socket.hpp>
#include <optional>
#include <vector>
#if !defined(_WIN32)
#include <cerrno>
#include <sys/socket.h>
#endif

namespace oauth::detail {

/// The fault of the last native call, where that call failed.
inline error_code last_socket_error() noexcept
{
#if defined(_WIN32)
    return {::WSAGetLastError(), boost::system::system_category()};
#else
    return {errno, boost::system::system_category()};
#endif
}

/// What has come of a connection that was being made.
inline error_code connect_outcome(tcp_socket& socket) noexcept
{
    int code = 0;
#if defined(_WIN32)
    int size = sizeof code;
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_ERROR, reinterpret_cast<char*>(&code), &size) != 0) return last_socket_error();
#else
    ::socklen_t size = sizeof code;
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_ERROR, &code, &size) != 0) return last_socket_error();
#endif
    return {code, boost::system::system_category()};
}

/// Begin to connect; `asio::error::in_progress` where that takes time.
inline error_code begin_connect(tcp_socket& socket, asio::ip::tcp::endpoint const& peer)
{
    error_code ec;
    socket.open(peer.protocol(), ec);
    if (!ec) socket.non_blocking(true, ec);
    if (ec) return ec;
    // The native call, since Asio's own waits without a deadline.
#if defined(_WIN32)
    int const size = static_cast<int>(peer.size());
#else
    auto const size = static_cast<::socklen_t>(peer.size());
#endif
    if (::connect(socket.native_handle(), peer.data(), size) == 0) return {};
    ec = last_socket_error();
    bool const under_way = ec == asio::error::in_progress || ec == asio::error::would_block || ec == asio::error::interrupted;
    return under_way ? error_code(asio::error::in_progress) : ec;
}

/// An attempt gets this long before the next address is tried beside it.
inline constexpr std::chrono::milliseconds connect_head_start{250};

/// The same endpoints, with the two address families taking turns, the first one's first.
inline std::vector<asio::ip::tcp::endpoint> alternated(std::vector<asio::ip::tcp::endpoint> const& endpoints)
{
    std::vector<asio::ip::tcp::endpoint> first, second, out;
    for (auto const& peer : endpoints) (peer.protocol() == endpoints.front().protocol() ? first : second).push_back(peer);
    for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i)
    {
        if (i < first.size()) out.push_back(first[i]);
        if (i < second.size()) out.push_back(second[i]);
    }
    return out;
}

/** A non-blocking socket, connected to the first of `endpoints` that answers; or none, and in `ec` why the last attempt failed.

    An address that stays silent does not hold the others up: each is tried 250 ms after the one before it, or at once when that one failed.
    `ec` is `beast::error::timeout` once the deadline has passed.

    @par Specification
    RFC 8305 4 and 5
*/
inline std::optional<tcp_socket> connect_any(asio::io_context& context, std::vector<asio::ip::tcp::endpoint> const& endpoints, steady::time_point deadline,
                                             error_code& ec)
{
    auto const peers = alternated(endpoints);
    std::vector<tcp_socket> sockets;
    std::vector<poll_entry> entries;
    auto next = peers.begin();
    auto next_start = steady::now();
    ec = asio::error::host_not_found;

    auto const take = [&ec](tcp_socket& socket) -> std::optional<tcp_socket> {
        ec = {};
        error_code ignored;
        // A request is written at once; to wait for more would only cost time.
        socket.set_option(asio::ip::tcp::no_delay(true), ignored);
        return std::move(socket);
    };

    while (next != peers.end() || !sockets.empty())
    {
        auto const now = steady::now();
        if (now >= deadline)
        {
            ec = boost::beast::error::timeout;
            return std::nullopt;
        }
        if (next != peers.end() && (sockets.empty() || now >= next_start))
        {
            tcp_socket socket(context);
            ec = begin_connect(socket, *next++);
            if (!ec) return take(socket);
            if (ec != asio::error::in_progress) continue;
            next_start = now + connect_head_start;
            entries.push_back({});
            entries.back().fd = socket.native_handle();
            entries.back().events = POLLOUT;
            sockets.push_back(std::move(socket));
        }
        if (!poll_until(entries, next != peers.end() ? std::min(deadline, next_start) : deadline)) continue;
        for (std::size_t i = 0; i < sockets.size();)
        {
            if (entries[i].revents == 0)
            {
                ++i;
                continue;
            }
            ec = connect_outcome(sockets[i]);
            if (!ec) return take(sockets[i]);
            sockets.erase(sockets.begin() + static_cast<std::ptrdiff_t>(i));
            entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(i));
            next_start = now;
        }
    }
    return std::nullopt;
}

} // namespace oauth::detail

#endif
