#ifndef OAUTH_FLOW_DETAIL_SESSION_ACCESS_HPP
#define OAUTH_FLOW_DETAIL_SESSION_ACCESS_HPP

#include <oauth/error/result.hpp>
#include <oauth/flow/detail/session_cache.hpp>
#include <oauth/machine/action.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/** One account's session as the machines see it: what the store has, with what memory holds because the store could not take it. Made for one run of a machine.

    What was read or written is left in memory, where @ref session_cache::find looks for it.
*/
template <class Store>
class session_access
{
    Store& store_;
    session_cache& cache_;
    std::string_view account_;
    std::string key_;
    std::optional<session_cache::version> seen_;
    secret stored_;   // the refresh token that the store had

public:
    /// @param account Names it in memory; must outlive this object.
    /// @param key Names it in the store.
    session_access(Store& store, session_cache& cache, std::string_view account, std::string key)
        : store_(store), cache_(cache), account_(account), key_(std::move(key))
    {
    }

    std::string_view key() const noexcept { return key_; }
    std::string_view account() const noexcept { return account_; }

    result<loaded> load()
    {
        auto [held, seen] = cache_.held(account_);
        auto stored = store_.load(key_);
        if (stored.has_error()) return std::move(stored).error();
        seen_ = seen;
        stored_ = *stored ? (*stored)->refresh_token : secret();
        if (held && is_superseded(*held, *stored))
        {
            cache_.drop(account_, seen);
            held.reset();
            seen_ = 0;
        }
        if (held) return loaded{as_it_is(std::move(*stored), std::move(*held)), true};
        if (*stored) seen_ = cache_.saw(account_, **stored, *seen_);
        else cache_.drop(account_, *seen_);
        return loaded{std::move(*stored), false};
    }

    result<void> probe() { return store_.probe(key_); }

    result<void> save(session const& value)
    {
        auto saved = store_.save(key_, value);
        if (saved.has_value()) cache_.saved(account_, value, seen_);
        return saved;
    }

    void hold(session value, held_as how) { cache_.hold(account_, {std::move(value), how, stored_}, seen_.value_or(0)); }

    /// Also what is held is forgotten.
    result<void> erase()
    {
        auto erased = store_.erase(key_);
        cache_.drop(account_);
        return erased;
    }

    /// What is kept; where the store can't be read, what is held instead of it.
    result<std::optional<session>> whole()
    {
        auto found = load();
        if (found.has_value()) return std::move(found->value);
        auto held = cache_.held(account_).first;
        if (held && held->how != held_as::addition) return std::optional(std::move(held->value));
        return std::move(found).error();
    }
};

} // namespace oauth::detail

#endif
