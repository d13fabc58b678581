#ifndef OAUTH_FLOW_DETAIL_SPLIT_STORE_HPP
#define OAUTH_FLOW_DETAIL_SPLIT_STORE_HPP

#include <oauth/core/detail/transient_account.hpp>
#include <oauth/core/session.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/flow/detail/session_cache.hpp>
#include <oauth/policy/store/memory_store.hpp>
#include <algorithm>
#include <concepts>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace oauth::detail {

/** The flow's store, and beside it what no store is to keep: the sessions of transient grants, one for each assertion that ever came. These are in memory, at most `limit` of them. One whose
    tokens have all expired is not found any more; it goes when it is looked for, or when another is saved. Where there is still no room then, the one goes that expires first. What the flow's
    cache has of it goes with it.

    What goes early is got again; nobody waits for a lock on it in vain, since locks are the memory store's, whatever it holds.

    @par Thread safety
    Safe, where the flow's store is.
*/
template <class Store, class Clock>
class split_store
{
    using lasting_lock = typename decltype(std::declval<Store&>().try_lock(std::string_view()))::value_type::value_type;

    Store lasting_;
    memory_store transient_;
    std::mutex mutex_;   // of what follows
    std::map<std::string, time_point, std::less<>> ends_;
    session_cache& cache_;
    Clock const& clock_;
    std::size_t limit_;

    static bool is_transient(std::string_view key) noexcept { return !transient_account_in(key).empty(); }

    /// When the last of its tokens is over.
    static time_point end_of(session const& value) noexcept
    {
        time_point end{};
        for (auto const& token : value.access_tokens) end = std::max(end, token->extended_until.value_or(token->expires_at));
        return end;
    }

    result<void> forget(std::map<std::string, time_point, std::less<>>::iterator which)
    {
        auto gone = transient_.erase(which->first);
        cache_.drop_unless_held(transient_account_in(which->first));
        ends_.erase(which);
        return gone;
    }

    result<std::optional<session>> load_transient(std::string_view key)
    {
        std::scoped_lock const lock(mutex_);
        auto const found = ends_.find(key);
        if (found == ends_.end()) return std::optional<session>();
        if (found->second > clock_.now()) return transient_.load(key);
        if (auto gone = forget(found); gone.has_error()) return std::move(gone).error();
        return std::optional<session>();
    }

    result<void> save_transient(std::string_view key, session const& value)
    {
        std::scoped_lock const lock(mutex_);
        auto const now = clock_.now();
        for (auto each = ends_.begin(); each != ends_.end();)
            if (auto const here = each++; here->second <= now)
                if (auto gone = forget(here); gone.has_error()) return gone;
        auto const by_end = [](auto const& a, auto const& b) { return a.second < b.second; };
        if (ends_.size() >= limit_ && !ends_.empty() && ends_.find(key) == ends_.end())
            if (auto gone = forget(std::min_element(ends_.begin(), ends_.end(), by_end)); gone.has_error()) return gone;
        ends_.insert_or_assign(std::string(key), end_of(value));
        return transient_.save(key, value);
    }

public:
    using lock_type = std::variant<lasting_lock, memory_store::lock_type>;

    /// @param cache, clock The flow's, which live as long as this.
    split_store(Store lasting, session_cache& cache, Clock const& clock, std::size_t limit) : lasting_(std::move(lasting)), cache_(cache), clock_(clock), limit_(limit) {}

    /// The flow's own.
    Store& lasting() noexcept { return lasting_; }

    result<std::optional<session>> load(std::string_view key) { return is_transient(key) ? load_transient(key) : lasting_.load(key); }
    result<void> save(std::string_view key, session const& value) { return is_transient(key) ? save_transient(key, value) : lasting_.save(key, value); }
    result<void> probe(std::string_view key) { return is_transient(key) ? transient_.probe(key) : lasting_.probe(key); }

    result<void> erase(std::string_view key)
    {
        if (!is_transient(key)) return lasting_.erase(key);
        std::scoped_lock const lock(mutex_);
        if (auto const found = ends_.find(key); found != ends_.end()) return forget(found);
        return {};
    }

    result<std::optional<lock_type>> try_lock(std::string_view key)
    {
        if (is_transient(key)) return as_mine(transient_.try_lock(key));
        return as_mine(lasting_.try_lock(key));
    }

private:
    template <class Lock>
    static result<std::optional<lock_type>> as_mine(result<std::optional<Lock>> taken)
    {
        if (taken.has_error()) return std::move(taken).error();
        if (!*taken) return std::optional<lock_type>();
        if constexpr (std::same_as<Lock, memory_store::lock_type>) return std::optional<lock_type>(lock_type(std::in_place_index<1>, std::move(**taken)));
        else return std::optional<lock_type>(lock_type(std::in_place_index<0>, std::move(**taken)));
    }
};

} // namespace oauth::detail

#endif
