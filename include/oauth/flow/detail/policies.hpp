#ifndef OAUTH_FLOW_DETAIL_POLICIES_HPP
#define OAUTH_FLOW_DETAIL_POLICIES_HPP

#include <oauth/policy/client_authentication.hpp>
#include <oauth/policy/clock.hpp>
#include <oauth/policy/token_store.hpp>
#include <oauth/policy/transport.hpp>
#include <concepts>
#include <type_traits>
#include <utility>

namespace oauth::detail {

/// Is `T` one of `Ts`?
template <class T, class... Ts>
concept one_of = (std::same_as<T, Ts> || ...);

/// Take the object of type `T` out of those that were given, or make a new one.
template <class T>
T take()
{
    static_assert(std::default_initializable<T>, "flow: this policy has no default; give an object of it to the constructor, after server and client");
    return T();
}

template <class T, class First, class... Rest>
T take(First& first, Rest&... rest)
{
    if constexpr (std::same_as<First, T>) return std::move(first);
    else return detail::take<T>(rest...);
}

// Which of the given types plays a role? For class template argument deduction.
template <class... Ts>
struct first_transport
{
};
template <class T, class... Ts>
struct first_transport<T, Ts...> : std::conditional_t<transport<T>, std::type_identity<T>, first_transport<Ts...>>
{
};

template <class Default, class... Ts>
struct first_store : std::type_identity<Default>
{
};
template <class Default, class T, class... Ts>
struct first_store<Default, T, Ts...> : std::conditional_t<token_store<T>, std::type_identity<T>, first_store<Default, Ts...>>
{
};

template <class Default, class... Ts>
struct first_clock : std::type_identity<Default>
{
};
template <class Default, class T, class... Ts>
struct first_clock<Default, T, Ts...> : std::conditional_t<clock<T>, std::type_identity<T>, first_clock<Default, Ts...>>
{
};

template <class Default, class... Ts>
struct first_authentication : std::type_identity<Default>
{
};
template <class Default, class T, class... Ts>
struct first_authentication<Default, T, Ts...> : std::conditional_t<client_authentication<T>, std::type_identity<T>, first_authentication<Default, Ts...>>
{
};

} // namespace oauth::detail

#endif
