#ifndef EXAMPLE_SUPPORT_WEB_SESSIONS_HPP
#define EXAMPLE_SUPPORT_WEB_SESSIONS_HPP

#include "sealed_cookie.hpp"
#include <oauth/core/account.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/policy/clock.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace example {

/** Who is signed in to a web application, by session id; for `lifetime`, whatever the browser does with its cookie.

    @par Thread safety
    Safe.
*/
template <oauth::clock Clock = oauth::system_clock>
class web_sessions
{
    struct entry
    {
        oauth::account whose;
        oauth::time_point ends;
    };

    Clock clock_;
    std::mutex mutex_;
    std::map<std::string, entry, std::less<>> entries_;

public:
    static constexpr oauth::seconds lifetime = std::chrono::hours{8};

    explicit web_sessions(Clock clock = Clock()) : clock_(std::move(clock)) {}

    /// Returns the new session's id, which nobody may guess.
    std::string begin(oauth::account whose)
    {
        auto id = random_text();
        std::scoped_lock const lock(mutex_);
        entries_.emplace(id, entry{std::move(whose), clock_.now() + lifetime});
        return id;
    }

    /// Nobody where there is no such session, or it has expired.
    std::optional<oauth::account> find(std::string_view id)
    {
        std::scoped_lock const lock(mutex_);
        auto const found = entries_.find(id);
        return found == entries_.end() || found->second.ends <= clock_.now() ? std::nullopt : std::optional(found->second.whose);
    }

    /// Returns whose it was, expired or not.
    std::optional<oauth::account> end(std::string_view id)
    {
        std::scoped_lock const lock(mutex_);
        auto const found = entries_.find(id);
        if (found == entries_.end()) return std::nullopt;
        auto whose = std::move(found->second.whose);
        entries_.erase(found);
        return whose;
    }

    /// Drop the expired ones. Returns whose they were: their tokens are to be forgotten.
    std::vector<oauth::account> take_expired()
    {
        std::scoped_lock const lock(mutex_);
        auto const now = clock_.now();
        std::vector<oauth::account> out;
        for (auto each = entries_.begin(); each != entries_.end();)
        {
            if (each->second.ends > now)
            {
                ++each;
                continue;
            }
            out.push_back(std::move(each->second.whose));
            each = entries_.erase(each);
        }
        return out;
    }
};

} // namespace example

#endif
