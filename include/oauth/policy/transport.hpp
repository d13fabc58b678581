#ifndef OAUTH_POLICY_TRANSPORT_HPP
#define OAUTH_POLICY_TRANSPORT_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/error/result.hpp>
#include <concepts>
#include <utility>

namespace oauth {

/// Can it send a request and wait for the answer?
template <class T>
concept sends = requires(T& transport, http_request request) {
    { transport.send(std::move(request)) } -> std::same_as<result<http_response>>;
};

/** The role that carries HTTP requests.

    | expression | type | meaning |
    |---|---|---|
    | `t.send(std::move(request))` | `result<http_response>` | Send the request, wait for the whole answer. |

    What a model must do:
    - Any answer, whatever its status, is a value; a failure means that there was no whole answer.
    - Never follow a redirect, never add `Origin`, never send the request twice unless it is sure that nothing of it arrived.
    - Verify the server's certificate and host name for an https URL; bound the time that it takes and the size that it reads.
    - A failure holds nothing of the request's body, nor of `authorization`.
    - If the flow is used by several threads, `send` is called by several threads.

    @par Exemplar
    @code
    struct my_transport
    {
        oauth::result<oauth::http_response> send(oauth::http_request request);
    };
    static_assert(oauth::check_transport<my_transport>());
    @endcode

    @par Models
    `beast_transport`, `testing::scripted_transport`
*/
template <class T>
concept transport = std::move_constructible<T> && sends<T>;

/// For the author of a transport: fails to compile with a sentence that says what is missing.
template <class T>
consteval bool check_transport()
{
    static_assert(std::move_constructible<T>, "transport: must be movable");
    static_assert(sends<T>, "transport: needs `oauth::result<oauth::http_response> send(oauth::http_request)`");
    return transport<T>;
}

} // namespace oauth

#endif
