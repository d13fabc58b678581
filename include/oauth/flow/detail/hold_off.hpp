#ifndef OAUTH_FLOW_DETAIL_HOLD_OFF_HPP
#define OAUTH_FLOW_DETAIL_HOLD_OFF_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/advice_rule.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/** Until when the server wants to be left alone, by account: since it has answered 429 or 503 with a Retry-After. In memory only.

    It is heeded for an hour at most, whatever the server says, and not at all once the clock was turned back behind that answer. Bounded.

    @par Thread safety
    Safe. While nobody is held off, asking takes no lock.
*/
class hold_off
{
    struct entry
    {
        time_point since, until;   // how long it is heeded
        seconds wanted;            // how long the server wants it to be
        failure why;
    };

    static constexpr seconds longest = std::chrono::hours{1};

    mutable std::mutex mutex_;
    std::map<std::string, entry, std::less<>> entries_;
    std::atomic<bool> any_{false};
    std::size_t limit_;

    void make_room(time_point now)
    {
        std::erase_if(entries_, [now](auto const& held) { return now >= held.second.until || now < held.second.since; });
        if (entries_.size() < limit_ || entries_.empty()) return;
        entries_.erase(std::min_element(entries_.begin(), entries_.end(), [](auto const& a, auto const& b) { return a.second.until < b.second.until; }));
    }

public:
    explicit hold_off(std::size_t limit) : limit_(limit) {}

    /// Why the server must not be asked now, with the time that is left; nothing where it may be.
    std::optional<failure> why(std::string_view account, time_point now) const
    {
        if (!any_.load(std::memory_order_acquire)) return std::nullopt;
        std::lock_guard const guard(mutex_);
        auto const found = entries_.find(account);
        if (found == entries_.end() || now >= found->second.until || now < found->second.since) return std::nullopt;
        auto made = found->second.why;
        made.retry_after = found->second.wanted - (now - found->second.since);
        return made;
    }

    /// The server has answered so.
    void note(std::string_view account, http_response const& answer, std::span<advice_rule const> rules, time_point now)
    {
        if (answer.status != 429 && answer.status != 503) return;
        auto decoded = decode_token_response(answer);
        if (!decoded.has_error()) return;
        auto why = std::move(decoded).error();
        advise(rules, why);
        if (why.next != advice::retry_after || !why.retry_after || *why.retry_after <= seconds(0)) return;
        auto const wanted = *why.retry_after;
        std::lock_guard const guard(mutex_);
        make_room(now);
        entries_.insert_or_assign(std::string(account), entry{now, now + std::min(wanted, longest), wanted, std::move(why)});
        any_.store(true, std::memory_order_release);
    }

    /// The server serves this account again.
    void forget(std::string_view account)
    {
        if (!any_.load(std::memory_order_acquire)) return;
        std::lock_guard const guard(mutex_);
        if (auto const found = entries_.find(account); found != entries_.end()) entries_.erase(found);
        any_.store(!entries_.empty(), std::memory_order_release);
    }
};

} // namespace oauth::detail

#endif
