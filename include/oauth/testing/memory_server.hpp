#ifndef OAUTH_TESTING_MEMORY_SERVER_HPP
#define OAUTH_TESTING_MEMORY_SERVER_HPP

#include <oauth/core/http_message.hpp>
#include <concepts>
#include <string_view>

namespace oauth::testing {

/** The field of an answer that says how many milliseconds late it is. Who carries the answer obeys it, since a server that is a pure function can't wait: `loopback_server` waits so long,
    and sends the rest; `server_transport` compares it with its timeout.
*/
inline constexpr std::string_view delay_field = "Testing-Delay";

/** The field of a request with the certificate that the client has shown on its TLS connection, as the front of a server hands it over (RFC 9440): `:base64 of the DER:`.

    A `loopback_server` sets it, whatever the client itself sent; in memory `server_transport::with_certificate` does.
*/
inline constexpr std::string_view client_certificate_field = "Client-Cert";

/** A server without a socket: a pure function from request to response, and the addresses that it answers for. Copies are the same server.

    Models: `authorization_server`, `graph_server`. A user's own API is a struct with these two members.
*/
template <class S>
concept memory_server = std::copy_constructible<S> && requires(S const& server, http_request const& request, endpoint const& url) {
    { server.serves(url) } -> std::same_as<bool>;
    { server.handle(request) } -> std::same_as<http_response>;
};

} // namespace oauth::testing

#endif
