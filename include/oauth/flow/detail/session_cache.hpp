#ifndef OAUTH_FLOW_DETAIL_SESSION_CACHE_HPP
#define OAUTH_FLOW_DETAIL_SESSION_CACHE_HPP

#include <oauth/core/session.hpp>
#include <oauth/flow/detail/held_session.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace oauth::detail {

/** The sessions that this process has seen, by account, and those that it holds because the store could not take them. Readers do not hinder each other.

    Bounded, but what is held is never dropped to make room. Each entry has a version, so that whoever read the store before another wrote it does not put
    the older session over the newer one.
*/
class session_cache
{
public:
    using version = std::uint64_t;   // 0: there is no entry

private:
    struct entry
    {
        session value;                      // as the store has it, or had it
        std::optional<held_session> held;   // what the store lacks
        version changed = 0;
    };

    struct hash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>()(text); }
    };

    mutable std::shared_mutex mutex_;
    std::unordered_map<std::string, entry, hash, std::equal_to<>> entries_;
    version last_ = 0;
    std::size_t limit_;

    entry& at(std::string_view key)
    {
        auto place = entries_.find(key);
        if (place == entries_.end())
        {
            if (entries_.size() >= limit_)
                for (auto old = entries_.begin(); old != entries_.end(); ++old)
                    if (!old->second.held)
                    {
                        entries_.erase(old);
                        break;
                    }
            place = entries_.try_emplace(std::string(key)).first;
        }
        place->second.changed = ++last_;
        return place->second;
    }

    version version_of(std::string_view key) const
    {
        auto const place = entries_.find(key);
        return place == entries_.end() ? 0 : place->second.changed;
    }

public:
    explicit session_cache(std::size_t limit) : limit_(limit) {}

    /// The token that fits, or an empty handle; see @ref session::find. No allocation.
    access_token find(std::string_view key, scope const& wanted, std::string_view resource, std::string_view claims, std::string_view default_resource,
                      token_owner whose = token_owner::whoever, std::string_view parameters_fingerprint = {}) const
    {
        std::shared_lock const reading(mutex_);
        auto const place = entries_.find(key);
        if (place == entries_.end()) return {};
        auto const& [value, held, changed] = place->second;
        if (!held) return value.find(wanted, resource, claims, default_resource, whose, parameters_fingerprint);
        if (held->how != held_as::addition) return held->value.find(wanted, resource, claims, default_resource, whose, parameters_fingerprint);
        // Nobody has signed in where neither part knows of anybody.
        if (whose == token_owner::whoever) whose = held->value.is_of_client_alone() && value.is_of_client_alone() ? token_owner::client : token_owner::user;
        auto token = held->value.find(wanted, resource, claims, default_resource, whose, parameters_fingerprint);
        return token.empty() ? value.find(wanted, resource, claims, default_resource, whose, parameters_fingerprint) : token;
    }

    /// What is held for `key`, and the version of its entry.
    std::pair<std::optional<held_session>, version> held(std::string_view key) const
    {
        std::shared_lock const reading(mutex_);
        auto const place = entries_.find(key);
        if (place == entries_.end()) return {};
        return {place->second.held, place->second.changed};
    }

    /// The store had `value`, when the entry was of version `seen`. Returns the version that has it, or `seen` where another was quicker.
    version saw(std::string_view key, session const& value, version seen)
    {
        std::unique_lock const writing(mutex_);
        if (version_of(key) != seen) return seen;
        auto& here = at(key);
        here.value = value;
        return here.changed;
    }

    /// The store has `value` now, which holds all that was held at version `seen`; whatever the version where `seen` is empty.
    void saved(std::string_view key, session value, std::optional<version> seen)
    {
        std::unique_lock const writing(mutex_);
        bool const still_lacks_some = seen && version_of(key) != *seen;
        auto& here = at(key);
        here.value = std::move(value);
        if (!still_lacks_some) here.held.reset();
    }

    /// Hold `made`, of which that of version `seen` is a part.
    void hold(std::string_view key, held_session made, version seen)
    {
        std::unique_lock const writing(mutex_);
        bool const unchanged = version_of(key) == seen;
        auto& here = at(key);
        here.held = here.held ? unite(std::move(*here.held), std::move(made), unchanged) : std::move(made);
    }

    void drop(std::string_view key)
    {
        std::unique_lock const writing(mutex_);
        if (auto const place = entries_.find(key); place != entries_.end()) entries_.erase(place);
    }

    /// Drop what was seen in the store, unless something is held beside it.
    void drop_unless_held(std::string_view key)
    {
        std::unique_lock const writing(mutex_);
        if (auto const place = entries_.find(key); place != entries_.end() && !place->second.held) entries_.erase(place);
    }

    /// Drop what was seen in the store, when the entry was of version `seen`.
    void drop(std::string_view key, version seen)
    {
        std::unique_lock const writing(mutex_);
        auto const place = entries_.find(key);
        if (place != entries_.end() && place->second.changed == seen) entries_.erase(place);
    }
};

} // namespace oauth::detail

#endif
