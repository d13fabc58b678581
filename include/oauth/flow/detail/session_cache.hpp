#ifndef OAUTH_FLOW_DETAIL_SESSION_CACHE_HPP
#define OAUTH_FLOW_DETAIL_SESSION_CACHE_HPP

#include <oauth/core/session.hpp>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace oauth::detail {

/// A session in memory, and whether the store has it.
struct cached_session
{
    session value;
    bool unsaved = false;
    secret spent;   // the refresh token that gave it, if one did; with `unsaved`
};

/** The sessions that this process has seen, by account. Readers do not hinder each other.

    Bounded, but that a session which the store does not have is never dropped.
*/
class session_cache
{
    struct hash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
    };

    mutable std::shared_mutex mutex_;
    std::unordered_map<std::string, cached_session, hash, std::equal_to<>> sessions_;
    std::size_t limit_;

public:
    explicit session_cache(std::size_t limit) : limit_(limit) {}

    /// The token that fits, or an empty handle. No allocation.
    access_token find(std::string_view key, scope const& wanted, std::string_view resource, std::string_view claims, std::string_view default_resource) const
    {
        std::shared_lock const reading(mutex_);
        auto const at = sessions_.find(key);
        return at == sessions_.end() ? access_token() : at->second.value.find(wanted, resource, claims, default_resource);
    }

    std::optional<cached_session> get(std::string_view key) const
    {
        std::shared_lock const reading(mutex_);
        auto const at = sessions_.find(key);
        if (at == sessions_.end()) return std::nullopt;
        return at->second;
    }

    void put(std::string_view key, cached_session value)
    {
        std::unique_lock const writing(mutex_);
        auto const at = sessions_.find(key);
        if (at != sessions_.end())
        {
            at->second = std::move(value);
            return;
        }
        if (sessions_.size() >= limit_)
            for (auto old = sessions_.begin(); old != sessions_.end(); ++old)
                if (!old->second.unsaved)
                {
                    sessions_.erase(old);
                    break;
                }
        sessions_.emplace(std::string(key), std::move(value));
    }

    void drop(std::string_view key)
    {
        std::unique_lock const writing(mutex_);
        if (auto const at = sessions_.find(key); at != sessions_.end()) sessions_.erase(at);
    }
};

} // namespace oauth::detail

#endif
