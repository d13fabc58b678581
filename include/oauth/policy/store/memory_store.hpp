#ifndef OAUTH_POLICY_STORE_MEMORY_STORE_HPP
#define OAUTH_POLICY_STORE_MEMORY_STORE_HPP

#include <oauth/core/session.hpp>
#include <oauth/error/result.hpp>
#include <oauth/policy/token_store.hpp>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** Keeps sessions in memory: they end with the program. The store where no other is named.

    Not copyable: two stores would be two truths. A lock stays good when the store is moved, and when it is destroyed. Nothing is evicted: erase the accounts that
    are done with.

    @par Errors
    None; only allocation throws.

    @par Thread safety
    Safe.

    @par Complexity
    Logarithmic in the sessions kept, and one copy of the session.
*/
class memory_store
{
    struct state
    {
        std::mutex mutex;
        std::map<std::string, session, std::less<>> sessions;
        std::set<std::string, std::less<>> locked;
    };

    // Shared with the locks only.
    std::shared_ptr<state> state_ = std::make_shared<state>();

public:
    /// Keeps all others from the key's lock until it is destroyed.
    class lock_type
    {
        std::shared_ptr<state> state_;
        std::set<std::string, std::less<>>::const_iterator held_;

        friend memory_store;
        lock_type(std::shared_ptr<state> of, std::set<std::string, std::less<>>::const_iterator held) noexcept : state_(std::move(of)), held_(held) {}

    public:
        lock_type(lock_type&&) = default;

        lock_type& operator=(lock_type&& other) noexcept
        {
            lock_type old(std::move(*this));
            state_ = std::move(other.state_);
            held_ = other.held_;
            return *this;
        }

        ~lock_type()
        {
            if (!state_) return;
            std::lock_guard const guard(state_->mutex);
            state_->locked.erase(held_);
        }
    };

    memory_store() = default;
    memory_store(memory_store&&) = default;
    memory_store& operator=(memory_store&&) = default;
    ~memory_store() = default;

    /// What was saved last under `key`; nothing where there is none.
    result<std::optional<session>> load(std::string_view key)
    {
        std::lock_guard const guard(state_->mutex);
        auto const found = state_->sessions.find(key);
        if (found == state_->sessions.end()) return std::optional<session>();
        return std::optional<session>(found->second);
    }

    /// Keep a copy of `value`.
    result<void> save(std::string_view key, session const& value)
    {
        session copy = value;
        std::lock_guard const guard(state_->mutex);
        auto const found = state_->sessions.find(key);
        if (found != state_->sessions.end()) std::swap(found->second, copy);
        else state_->sessions.emplace(key, std::move(copy));
        return {};
    }

    /// Forget what was saved under `key`, and wipe it.
    result<void> erase(std::string_view key)
    {
        std::lock_guard const guard(state_->mutex);
        auto const found = state_->sessions.find(key);
        if (found != state_->sessions.end()) state_->sessions.erase(found);
        return {};
    }

    /// Memory can always be written.
    result<void> probe(std::string_view) { return {}; }

    /// The key's lock, or nothing where another has it, be it this very thread.
    result<std::optional<lock_type>> try_lock(std::string_view key)
    {
        std::lock_guard const guard(state_->mutex);
        auto const [place, is_new] = state_->locked.emplace(key);
        if (!is_new) return std::optional<lock_type>();
        return std::optional<lock_type>(lock_type(state_, place));
    }
};
static_assert(check_token_store<memory_store>());

} // namespace oauth

#endif
