#ifndef OAUTH_POLICY_RECEIVER_DETAIL_LOOPBACK_LISTENER_HPP
#define OAUTH_POLICY_RECEIVER_DETAIL_LOOPBACK_LISTENER_HPP

#include <oauth/error/result.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>
#if !defined(_WIN32)
#include <fcntl.h>
#endif

namespace oauth::detail {

// Concrete executors: the blocking path pays for no type erasure.
using loopback_executor = boost::asio::io_context::executor_type;
using loopback_acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, loopback_executor>;
using loopback_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, loopback_executor>;

/// Keep a socket from the browser, and from every other program that is started meanwhile.
template <class Socket>
void not_inherited(Socket& socket)
{
#if !defined(_WIN32)
    ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
#else
    ::SetHandleInformation(reinterpret_cast<HANDLE>(socket.native_handle()), HANDLE_FLAG_INHERIT, 0);
#endif
}

/// Listen on `address`. `port` 0 is replaced by the one that the system chose.
inline error_code listen_on(boost::asio::io_context& context, boost::asio::ip::address const& address, std::uint16_t& port,
                            std::vector<loopback_acceptor>& out)
{
    error_code ec;
    loopback_acceptor acceptor(context);
    boost::asio::ip::tcp::endpoint const where(address, port);
    acceptor.open(where.protocol(), ec);
    if (ec) return ec;
    not_inherited(acceptor);
#if !defined(_WIN32)
    // Elsewhere it lets one come back to a port just left; on Windows it would let others steal the port.
    acceptor.set_option(loopback_acceptor::reuse_address(true), ec);
#else
    BOOL const exclusive = TRUE;
    ::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_EXCLUSIVEADDRUSE, reinterpret_cast<char const*>(&exclusive), sizeof exclusive);
#endif
    if (!ec && address.is_v6()) acceptor.set_option(boost::asio::ip::v6_only(true), ec);
    if (!ec) acceptor.bind(where, ec);
    if (!ec) acceptor.listen(64, ec);
    auto const bound = ec ? where : acceptor.local_endpoint(ec);
    if (ec) return ec;
    port = bound.port();
    out.push_back(std::move(acceptor));
    return ec;
}

/// Has this machine no such address, such as no IPv6 at all?
inline bool is_missing_address(error_code ec)
{
    namespace error = boost::asio::error;
    return ec == error::address_family_not_supported || ec == boost::system::errc::address_not_available
        || ec == boost::system::errc::protocol_not_supported;
}

/// Listen on one and the same port of every address that the machine has of `addresses`.
inline error_code listen_on_all(boost::asio::io_context& context, std::vector<boost::asio::ip::address> const& addresses, std::uint16_t& port,
                                std::vector<loopback_acceptor>& out)
{
    error_code ec;
    // The system's choice for the first address may be taken on the second.
    for (int tries = port == 0 ? 32 : 1; tries > 0; --tries)
    {
        out.clear();
        std::uint16_t chosen = port;
        error_code missing;
        for (auto const& address : addresses)
        {
            ec = listen_on(context, address, chosen, out);
            if (is_missing_address(ec)) missing = std::exchange(ec, {});
            if (ec) break;
        }
        if (!ec && out.empty()) return missing;
        if (!ec)
        {
            port = chosen;
            return ec;
        }
        out.clear();
        if (ec != boost::asio::error::address_in_use) return ec;
    }
    return ec;
}

/** Listen where `host` points to, on the first of `ports` that is free; an empty list or a port 0 stands for any.

    `localhost` means 127.0.0.1 and ::1, since browsers differ in which they try first, and somebody else on the other one would get the code.
*/
inline result<std::uint16_t> listen(boost::asio::io_context& context, std::string const& host, std::vector<std::uint16_t> ports,
                                    std::vector<loopback_acceptor>& out)
{
    using boost::asio::ip::make_address;
    std::vector<boost::asio::ip::address> addresses;
    if (host == "localhost") addresses = {make_address("127.0.0.1"), make_address("::1")};
    else
    {
        error_code ec;
        addresses = {make_address(host, ec)};
        if (ec) return failure(errc::receiver_failed, advice::fix_configuration, "the redirect URI's host is no loopback address");
    }

    if (ports.empty()) ports = {0};
    std::string names;
    bool in_use = false;
    error_code last;
    for (auto port : ports)
    {
        last = listen_on_all(context, addresses, port, out);
        if (!last) return port;
        in_use = in_use || last == boost::asio::error::address_in_use;
        (names += names.empty() ? "" : ", ") += std::to_string(port);
    }
    auto const what = (ports.size() == 1 ? "port " : "ports ") + names;
    if (in_use) return failure(errc::port_in_use, advice::fix_configuration, what + " in use: end the program that listens there, or name another port");
    return failure(errc::receiver_failed, advice::fix_configuration, "can't listen on " + what + " of " + host + ": " + last.message());
}

} // namespace oauth::detail

#endif
