#ifndef EXAMPLE_SUPPORT_SESSION_STORE_HPP
#define EXAMPLE_SUPPORT_SESSION_STORE_HPP

#include <oauth/policy/store/file_store.hpp>
#include <oauth/policy/store/memory_store.hpp>
#include <oauth/policy/token_store.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <signal.h>   // pthread_sigmask

namespace example {

/// While it lives Ctrl-C waits; then it ends the program as ever. What a killed file_store leaves behind is a file that holds tokens, until the next save sweeps it.
class uninterrupted
{
    sigset_t before_;

public:
    uninterrupted()
    {
        sigset_t ends;
        sigemptyset(&ends);
        for (int signal : {SIGHUP, SIGINT, SIGTERM}) sigaddset(&ends, signal);
        pthread_sigmask(SIG_BLOCK, &ends, &before_);
    }

    uninterrupted(uninterrupted const&) = delete;
    uninterrupted& operator=(uninterrupted const&) = delete;
    ~uninterrupted() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
};

/// Keeps sessions in files; or in memory, for a server that ends with this program.
class session_store
{
    std::variant<oauth::memory_store, oauth::file_store> kept_;

public:
    using lock_type = std::variant<oauth::memory_store::lock_type, oauth::file_store::lock_type>;

    /// In memory.
    session_store() = default;

    /// In files in `directory`.
    explicit session_store(std::string directory) : kept_(std::in_place_type<oauth::file_store>, std::move(directory)) {}

    oauth::result<std::optional<oauth::session>> load(std::string_view key)
    {
        return std::visit([&](auto& store) { return store.load(key); }, kept_);
    }

    oauth::result<void> save(std::string_view key, oauth::session const& value)
    {
        uninterrupted const whole;
        return std::visit([&](auto& store) { return store.save(key, value); }, kept_);
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
