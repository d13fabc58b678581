#ifndef OAUTH_POLICY_TRANSPORT_DETAIL_CONNECTION_POOL_HPP
#define OAUTH_POLICY_TRANSPORT_DETAIL_CONNECTION_POOL_HPP

#include <oauth/core/detail/deadline_after.hpp>
#include <oauth/core/detail/wipe.hpp>
#include <oauth/core/endpoint.hpp>
#include <oauth/policy/transport/detail/byte_stream.hpp>
#include <oauth/policy/transport/detail/tls_client.hpp>
#include <algorithm>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace oauth::detail {

/// A server as TLS and the pool know it. Two URLs of the same origin have the same key.
inline std::string origin_key(endpoint const& url)
{
    return (url.secure() ? "s " : "p ") + url.host() + ' ' + std::to_string(url.port());
}

/// A connection to one server, with the room that answers are read into.
struct http_connection
{
    byte_stream stream;
    std::string origin;
    std::size_t room_size;
    std::unique_ptr<char[]> room;
    steady::time_point idle_since{};

    http_connection(tcp_socket connected, std::string key, std::size_t size)
        : stream(std::move(connected)), origin(std::move(key)), room_size(size), room(std::make_unique<char[]>(size))
    {
    }
};

/** The connections that nobody uses at the moment, and the TLS sessions to resume.

    @par Thread safety
    Safe.
*/
class connection_pool
{
    std::mutex mutex_;
    std::vector<std::unique_ptr<http_connection>> idle_;   // the one that has been idle longest is the first
    std::vector<std::pair<std::string, tls_session>> sessions_;

    static constexpr std::size_t max_sessions = 32;

public:
    /// A connection to `origin` that has been idle for less than `limit` and still stands; null where there is none. The newest first.
    std::unique_ptr<http_connection> take(std::string const& origin, std::chrono::milliseconds limit)
    {
        for (;;)
        {
            std::unique_ptr<http_connection> found;
            std::vector<std::unique_ptr<http_connection>> old;
            {
                std::lock_guard const lock(mutex_);
                auto const limit_passed = [oldest = steady::now() - bounded(limit)](auto const& kept) { return kept->idle_since <= oldest; };
                auto const first_young = std::find_if_not(idle_.begin(), idle_.end(), limit_passed);
                std::move(idle_.begin(), first_young, std::back_inserter(old));
                idle_.erase(idle_.begin(), first_young);
                auto const at = std::find_if(idle_.rbegin(), idle_.rend(), [&](auto const& kept) { return kept->origin == origin; });
                if (at != idle_.rend())
                {
                    found = std::move(*at);
                    idle_.erase(std::next(at).base());
                }
            }
            for (auto& kept : old) kept->stream.say_goodbye();
            if (!found || found->stream.is_quiet()) return found;
        }
    }

    /// Keep a sound connection for the next one. The one that has been idle longest gives way.
    void keep(std::unique_ptr<http_connection> sound, std::size_t limit)
    {
        std::unique_ptr<http_connection> surplus;
        {
            std::lock_guard const lock(mutex_);
            sound->idle_since = steady::now();
            idle_.push_back(std::move(sound));
            if (idle_.size() > limit)
            {
                surplus = std::move(idle_.front());
                idle_.erase(idle_.begin());
            }
        }
        if (surplus) surplus->stream.say_goodbye();
    }

    /// The session to resume with `origin`, once: tickets are for single use (RFC 8446 C.4).
    tls_session take_session(std::string const& origin)
    {
        std::lock_guard const lock(mutex_);
        auto const at = std::find_if(sessions_.begin(), sessions_.end(), [&](auto const& entry) { return entry.first == origin; });
        if (at == sessions_.end()) return nullptr;
        auto session = std::move(at->second);
        sessions_.erase(at);
        return session;
    }

    /// Keep the session of a connection whose peer has been verified and has answered.
    void keep_session(std::string const& origin, SSL* tls)
    {
        tls_session session(SSL_get1_session(tls));
        if (!session || SSL_SESSION_is_resumable(session.get()) != 1) return;
        std::lock_guard const lock(mutex_);
        auto const at = std::find_if(sessions_.begin(), sessions_.end(), [&](auto const& entry) { return entry.first == origin; });
        if (at != sessions_.end()) at->second.swap(session);
        else
        {
            if (sessions_.size() == max_sessions) sessions_.erase(sessions_.begin());
            sessions_.emplace_back(origin, std::move(session));
        }
    }

    ~connection_pool()
    {
        for (auto& kept : idle_) kept->stream.say_goodbye();
    }
};

} // namespace oauth::detail

#endif
