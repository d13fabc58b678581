#ifndef OAUTH_POLICY_TOKEN_STORE_HPP
#define OAUTH_POLICY_TOKEN_STORE_HPP

#include <oauth/core/session.hpp>
#include <oauth/error/result.hpp>
#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>

namespace oauth {

/// Can it read a session back?
template <class S>
concept loads = requires(S& store, std::string_view key) {
    { store.load(key) } -> std::same_as<result<std::optional<session>>>;
};

/// Can it keep a session?
template <class S>
concept saves = requires(S& store, std::string_view key, session const& value) {
    { store.save(key, value) } -> std::same_as<result<void>>;
};

/// Can it forget a session?
template <class S>
concept erases = requires(S& store, std::string_view key) {
    { store.erase(key) } -> std::same_as<result<void>>;
};

/// Can it say beforehand whether a session could be saved now?
template <class S>
concept probes = requires(S& store, std::string_view key) {
    { store.probe(key) } -> std::same_as<result<void>>;
};

namespace detail {

template <class T>
inline constexpr bool is_optional_lock = false;

template <class Lock>
inline constexpr bool is_optional_lock<result<std::optional<Lock>>> = std::move_constructible<Lock> && std::destructible<Lock>;

} // namespace detail

/// Can it keep others out?
template <class S>
concept locks = requires(S& store, std::string_view key) { store.try_lock(key); }
             && detail::is_optional_lock<decltype(std::declval<S&>().try_lock(std::string_view()))>;

/** The role that keeps sessions.

    `key` is opaque, not empty, and at most 1024 bytes of any kind; the flow makes it of account, client and token endpoint, so that what one server gave is never sent to another.

    | expression | type | meaning |
    |---|---|---|
    | `s.load(key)` | `result<std::optional<session>>` | What was saved last under the key; nothing where there is none. |
    | `s.save(key, value)` | `result<void>` | Keep it, wholly or not at all. Durable when it returns, as far as the store promises durability. |
    | `s.erase(key)` | `result<void>` | Forget it. No failure where there was none. |
    | `s.probe(key)` | `result<void>` | Could `save` succeed now? Asked before a refresh token is spent. |
    | `s.try_lock(key)` | `result<std::optional<Lock>>` | Take the key's lock, at once or not at all; nothing where another holds it. `Lock` is any movable type whose destructor gives the lock back. |

    What a model must do:
    - The lock keeps out every other user of the store: threads, and processes and hosts where they share it. It ends with its holder, also when that dies.
    - `load`, `save`, `erase` and `probe` work with and without the lock. None waits for the lock.
    - What can't be read is put aside, never overwritten: `load` fails with `errc::store_unreadable` once, and then finds nothing.
    - If the flow is used by several threads, all of it is called by several threads.
    - Nobody else may write to it: who can, has the tokens, and says who is signed in (`session::id_token_trusted`). Where others share the medium, sessions are encrypted and authenticated.
    - What goes wrong is a failure. An exception passes through the flow, but is taken for a failure before: where `save`, or `try_lock` before it, throws, the session is held
      in memory till it can be saved. The destructor of a `Lock` does not throw.

    @par Exemplar
    @code
    struct my_store
    {
        struct lock_type {};
        oauth::result<std::optional<oauth::session>> load(std::string_view key);
        oauth::result<void> save(std::string_view key, oauth::session const& value);
        oauth::result<void> erase(std::string_view key);
        oauth::result<void> probe(std::string_view key);
        oauth::result<std::optional<lock_type>> try_lock(std::string_view key);
    };
    static_assert(oauth::check_token_store<my_store>());
    @endcode

    @par Models
    `memory_store`, `file_store`
*/
template <class S>
concept token_store = std::move_constructible<S> && loads<S> && saves<S> && erases<S> && probes<S> && locks<S>;

/// For the author of a store: fails to compile with a sentence that says what is missing.
template <class S>
consteval bool check_token_store()
{
    static_assert(std::move_constructible<S>, "token_store: must be movable");
    static_assert(loads<S>, "token_store: needs `oauth::result<std::optional<oauth::session>> load(std::string_view key)`");
    static_assert(saves<S>, "token_store: needs `oauth::result<void> save(std::string_view key, oauth::session const& value)`");
    static_assert(erases<S>, "token_store: needs `oauth::result<void> erase(std::string_view key)`");
    static_assert(probes<S>, "token_store: needs `oauth::result<void> probe(std::string_view key)`");
    static_assert(locks<S>, "token_store: needs `oauth::result<std::optional<Lock>> try_lock(std::string_view key)`, where Lock is movable");
    return token_store<S>;
}

} // namespace oauth

#endif
