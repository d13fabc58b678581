#ifndef OAUTH_REQUEST_ENDPOINT_MESSAGE_HPP
#define OAUTH_REQUEST_ENDPOINT_MESSAGE_HPP

#include <oauth/core/form.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/error/result.hpp>
#include <concepts>
#include <cstddef>

namespace oauth {

namespace detail {

template <class T>
inline constexpr bool is_result = false;

template <class T>
inline constexpr bool is_result<result<T>> = true;

} // namespace detail

/// Does it say which endpoint it goes to?
template <class M>
concept names_endpoint = requires {
    { M::where } -> std::convertible_to<endpoint server_metadata::*>;
};

/// Can it write its parameters?
template <class M>
concept writes_message = requires(M const& message, form& body) {
    { message.write(body) } -> std::same_as<void>;
};

/// Can it read the answer?
template <class M>
concept reads_answer = requires(http_response const& response, std::size_t max_size) { M::read(response, max_size); }
                    && detail::is_result<decltype(M::read(std::declval<http_response const&>(), std::size_t()))>;

/** What an endpoint other than the token endpoint is asked: a value that says where it goes, writes its parameters and reads the answer. An open set; your own is a struct
    with three members.

    | expression | type | meaning |
    |---|---|---|
    | `M::where` | `endpoint server_metadata::*` | Which endpoint. |
    | `m.write(body)` | `void` | Add all parameters, but for those that authenticate the client. |
    | `M::names_client` | `bool` | Optional. True: `client_id` must be in the body, however the client is authenticated. |
    | `M::read(response, max_size)` | `result<T>`, of any `T` | What the answer says, of which at most `max_size` bytes are looked at. |

    @par Exemplar
    @code
    struct my_message
    {
        static constexpr auto where = &oauth::server_metadata::introspection_endpoint;
        void write(oauth::form& body) const;
        static oauth::result<std::string> read(oauth::http_response const& response, std::size_t max_size);
    };
    static_assert(oauth::check_endpoint_message<my_message>());
    @endcode

    @par Models
    `introspection`, `revocation`, `pushed_authorization`, `device_authorization`
*/
template <class M>
concept endpoint_message = std::move_constructible<M> && names_endpoint<M> && writes_message<M> && reads_answer<M>;

/// For the author of a message: fails to compile with a sentence that says what is missing.
template <class M>
consteval bool check_endpoint_message()
{
    static_assert(std::move_constructible<M>, "endpoint_message: must be movable");
    static_assert(names_endpoint<M>, "endpoint_message: needs `static constexpr auto where = &oauth::server_metadata::…_endpoint`");
    static_assert(writes_message<M>, "endpoint_message: needs `void write(oauth::form& body) const`");
    static_assert(reads_answer<M>, "endpoint_message: needs `static oauth::result<T> read(oauth::http_response const&, std::size_t max_size)`");
    return endpoint_message<M>;
}

} // namespace oauth

#endif
