#ifndef EXAMPLE_SUPPORT_SESSION_STORE_HPP
#define EXAMPLE_SUPPORT_SESSION_STORE_HPP

#include "tokens_under_way.hpp"
#include <oauth/policy/store/file_store.hpp>
#include <oauth/policy/store/memory_store.hpp>
#include <oauth/policy/token_store.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace example {

/** Keeps sessions in files; or in memory, for a server that ends with this program.

    Ctrl-C waits while it writes: what a killed file_store leaves behind is a file that holds tokens, until the next save sweeps it.
*/
class session_store
{
    std::variant<oauth::memory_store, oauth::file_store> kept_;
    std::shared_ptr<tokens_under_way> under_way_;

public:
    using lock_type = std::variant<oauth::memory_store::lock_type, oauth::file_store::lock_type>;

    /// In memory. Says to `under_way` when it has them.
    explicit session_store(std::shared_ptr<tokens_under_way> under_way) : under_way_(std::move(under_way)) {}

    /// In files in `directory`.
    session_store(std::string directory, std::shared_ptr<tokens_under_way> under_way)
        : kept_(std::in_place_type<oauth::file_store>, std::move(directory)), under_way_(std::move(under_way))
    {
    }

    oauth::result<std::optional<oauth::session>> load(std::string_view key)
    {
        return std::visit([&](auto& store) { return store.load(key); }, kept_);
    }

    oauth::result<void> save(std::string_view key, oauth::session const& value)
    {
        uninterrupted const whole;
        auto saved = std::visit([&](auto& store) { return store.save(key, value); }, kept_);
        under_way_->end();
        return saved;
    }

    oauth::result<void> erase(std::string_view key)
    {
        return std::visit([&](auto& store) { return store.erase(key); }, kept_);
    }

    oauth::result<void> probe(std::string_view key)
    {
        uninterrupted const whole;
        return std::visit([&](auto& store) { return store.probe(key); }, kept_);
    }

    oauth::result<std::optional<lock_type>> try_lock(std::string_view key)
    {
        return std::visit([&](auto& store) -> oauth::result<std::optional<lock_type>> {
            auto taken = store.try_lock(key);
            if (taken.has_error()) return taken.error();
            if (!*taken) return std::optional<lock_type>();
            return std::optional<lock_type>(std::move(**taken));
        }, kept_);
    }
};
static_assert(oauth::check_token_store<session_store>());

} // namespace example

#endif
