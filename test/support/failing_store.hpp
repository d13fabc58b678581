#ifndef OAUTH_TEST_SUPPORT_FAILING_STORE_HPP
#define OAUTH_TEST_SUPPORT_FAILING_STORE_HPP

#include <oauth/policy/store/memory_store.hpp>
#include <oauth/policy/token_store.hpp>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth::test {

/// A store in memory whose operations fail when they are told to, and that writes down what it is asked for. Copies share all of it.
class failing_store
{
    struct state
    {
        std::mutex mutex;
        memory_store inner;
        std::map<std::string, std::pair<int, failure>, std::less<>> denied;
        std::map<std::string, int, std::less<>> thrown;
        std::vector<std::string> log;
        std::vector<std::string> keys;
    };

    std::shared_ptr<state> state_ = std::make_shared<state>();

    std::optional<failure> refuses(std::string const& operation, std::string_view key)
    {
        std::scoped_lock const guard(state_->mutex);
        state_->log.push_back(operation);
        state_->keys.emplace_back(key);
        if (auto const at = state_->thrown.find(operation); at != state_->thrown.end() && at->second-- > 0) throw std::runtime_error("failing_store: " + operation);
        auto const found = state_->denied.find(operation);
        if (found == state_->denied.end() || found->second.first == 0) return std::nullopt;
        if (found->second.first > 0) --found->second.first;
        return found->second.second;
    }

public:
    using lock_type = memory_store::lock_type;

    /// Let the next `times` calls of `operation` ("load", "save", "erase", "probe" or "try_lock") fail; -1: all of them; 0: none any more.
    void deny(std::string operation, int times = 1, failure why = failure(errc::store_not_writable, advice::fix_configuration, "failing_store"))
    {
        std::scoped_lock const guard(state_->mutex);
        state_->denied[std::move(operation)] = {times, std::move(why)};
    }

    /// Let the next `times` calls of `operation` throw std::runtime_error.
    void break_off(std::string operation, int times = 1)
    {
        std::scoped_lock const guard(state_->mutex);
        state_->thrown[std::move(operation)] = times;
    }

    /// What was asked for since the last time.
    std::vector<std::string> take_log()
    {
        std::scoped_lock const guard(state_->mutex);
        return std::exchange(state_->log, {});
    }

    std::vector<std::string> keys() const
    {
        std::scoped_lock const guard(state_->mutex);
        return state_->keys;
    }

    /// The store itself, which does not fail.
    memory_store& inner() { return state_->inner; }

    result<std::optional<session>> load(std::string_view key)
    {
        if (auto why = refuses("load", key)) return std::move(*why);
        return state_->inner.load(key);
    }

    result<void> save(std::string_view key, session const& value)
    {
        if (auto why = refuses("save", key)) return std::move(*why);
        return state_->inner.save(key, value);
    }

    result<void> erase(std::string_view key)
    {
        if (auto why = refuses("erase", key)) return std::move(*why);
        return state_->inner.erase(key);
    }

    result<void> probe(std::string_view key)
    {
        if (auto why = refuses("probe", key)) return std::move(*why);
        return state_->inner.probe(key);
    }

    result<std::optional<lock_type>> try_lock(std::string_view key)
    {
        if (auto why = refuses("try_lock", key)) return std::move(*why);
        return state_->inner.try_lock(key);
    }
};
static_assert(check_token_store<failing_store>());

} // namespace oauth::test

#endif
