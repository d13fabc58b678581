#ifndef OAUTH_POLICY_TRANSPORT_DETAIL_RESOLVE_HPP
#define OAUTH_POLICY_TRANSPORT_DETAIL_RESOLVE_HPP

#include <oauth/policy/transport/detail/timed_socket.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <future>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

namespace oauth::detail {

/// What looking for a host's addresses has brought.
struct resolution
{
    std::vector<asio::ip::tcp::endpoint> endpoints;
    error_code ec;
};

/// Asks the system, however long that takes.
struct system_lookup
{
    std::string host;
    std::uint16_t port;

    resolution operator()() const
    {
        resolution found;
        asio::io_context context;
        asio::ip::tcp::resolver resolver(context);
        auto const flags = asio::ip::resolver_base::address_configured | asio::ip::resolver_base::numeric_service;
        for (auto const& entry : resolver.resolve(host, std::to_string(port), flags, found.ec)) found.endpoints.push_back(entry.endpoint());
        return found;
    }
};

/** `lookup()`, or `beast::error::timeout` once the deadline has passed.

    The system's look-up can't be interrupted. One that is late is left to a thread of its own, which ends by itself and touches nothing of the caller's.
*/
template <class Lookup>
resolution resolve_until(Lookup lookup, steady::time_point deadline)
{
    std::packaged_task<resolution()> task(std::move(lookup));
    auto pending = task.get_future();
    try
    {
        std::thread(std::move(task)).detach();
    }
    catch (std::system_error const&)
    {
        return {{}, asio::error::no_buffer_space};
    }
    if (pending.wait_until(deadline) == std::future_status::ready) return pending.get();
    return {{}, boost::beast::error::timeout};
}

/** The addresses of `host`, which is in lower case, and an IPv6 address without brackets.

    Addresses and `localhost` are not looked up: what counts as this machine (see @ref is_loopback) must not be at the mercy of a name server.

    @par Specification
    RFC 8252 8.3, RFC 6761 6.3
*/
inline resolution resolve(std::string const& host, std::uint16_t port, steady::time_point deadline)
{
    error_code ec;
    auto const address = asio::ip::make_address(host, ec);
    if (!ec) return {{{address, port}}, {}};
    if (host == "localhost") return {{{asio::ip::address_v4::loopback(), port}, {asio::ip::address_v6::loopback(), port}}, {}};
    return resolve_until(system_lookup{host, port}, deadline);
}

} // namespace oauth::detail

#endif
