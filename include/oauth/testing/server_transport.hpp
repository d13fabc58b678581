#ifndef OAUTH_TESTING_SERVER_TRANSPORT_HPP
#define OAUTH_TESTING_SERVER_TRANSPORT_HPP

#include <oauth/policy/transport.hpp>
#include <oauth/testing/detail/certificate_field.hpp>
#include <oauth/testing/detail/delay_of.hpp>
#include <oauth/testing/memory_server.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace oauth::testing {

/** A transport that hands each request straight to the first of its servers that serves the URL's origin. No socket, no thread, no wait.

    @code
    oauth::testing::authorization_server server{options, clock};
    oauth::flow probe{server.metadata(), client, oauth::testing::server_transport{server}, oauth::memory_store{}, clock};
    @endcode

    Copies share the servers and what is planned for the line.

    @par Errors
    @li errc::connect_failed where no server serves the URL, or after `refuse_next`,
    @li errc::connection_lost after `lose_next`: the server has done its work, the answer gets lost,
    @li errc::exchange_timeout where the answer is later than @ref set_timeout allows; the server has done its work, and nobody waits in fact.

    @par Thread safety
    Safe, also for one object, where the servers are.
*/
template <memory_server... Servers>
class server_transport
{
    struct line
    {
        std::atomic<std::uint64_t> to_refuse = 0;
        std::atomic<std::uint64_t> to_lose = 0;
        std::atomic<std::uint64_t> sent = 0;
        std::atomic<std::chrono::milliseconds::rep> timeout = 1000;
    };

    std::tuple<Servers...> servers_;
    std::shared_ptr<line> line_ = std::make_shared<line>();
    std::string certificate_ = {};   // as in client_certificate_field

public:
    explicit server_transport(Servers... servers) : servers_(std::move(servers)...) {}

    result<http_response> send(http_request request)
    {
        ++line_->sent;
        if (!certificate_.empty()) request.fields.push_back({std::string(client_certificate_field), certificate_});
        if (take(line_->to_refuse)) return failure(errc::connect_failed, advice::retry, "server_transport was told to refuse the connection");
        http_response answer;
        bool const served = std::apply([&](auto const&... server) { return (ask(server, request, answer) || ...); }, servers_);
        if (!served) return failure(errc::connect_failed, advice::fix_configuration, "server_transport has no server for " + std::string(request.url.origin()));
        if (take(line_->to_lose)) return failure(errc::connection_lost, advice::retry, "server_transport was told to lose the answer");
        if (detail::delay_of(answer).count() > line_->timeout) return failure(errc::exchange_timeout, advice::retry, "the answer is too late");
        return answer;
    }

    /// A copy that shows this certificate, a PEM text, to every server, as a TLS connection would (RFC 8705). Nobody asks for its key.
    server_transport with_certificate(std::string_view pem) const
    {
        auto made = *this;
        made.certificate_ = detail::certificate_field_of(pem);
        return made;
    }

    /// The next `times` requests reach no server.
    void refuse_next(std::uint64_t times = 1) noexcept { line_->to_refuse = times; }

    /// The next `times` requests reach their server, but their answers get lost: the worst that can happen to a rotating refresh token.
    void lose_next(std::uint64_t times = 1) noexcept { line_->to_lose = times; }

    /// How late an answer may be. One second by default.
    void set_timeout(std::chrono::milliseconds limit) noexcept { line_->timeout = limit.count(); }

    /// How many requests there were.
    std::uint64_t sent() const noexcept { return line_->sent; }

private:
    template <class Server>
    static bool ask(Server const& server, http_request const& request, http_response& answer)
    {
        if (!server.serves(request.url)) return false;
        answer = server.handle(request);
        return true;
    }

    static bool take(std::atomic<std::uint64_t>& planned) noexcept
    {
        auto left = planned.load();
        while (left != 0)
            if (planned.compare_exchange_weak(left, left - 1)) return true;
        return false;
    }
};

} // namespace oauth::testing

#endif
