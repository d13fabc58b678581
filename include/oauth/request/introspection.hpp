#ifndef OAUTH_REQUEST_INTROSPECTION_HPP
#define OAUTH_REQUEST_INTROSPECTION_HPP

#include <oauth/core/secret.hpp>
#include <oauth/request/endpoint_message.hpp>
#include <oauth/response/introspection_response.hpp>
#include <cstddef>
#include <string>

namespace oauth {

/** Ask the server what a token stands for: `flow.ask(introspection{.token = token})`. As a rule it is an API that asks, with a registration of its own.

    Each question goes to the server. Whoever remembers the answer lets in a token that was revoked meanwhile.

    Microsoft has no such endpoint: there an API checks the access token's signature and claims by itself.

    @par Specification
    RFC 7662 2.1
*/
struct introspection
{
    static constexpr auto where = &server_metadata::introspection_endpoint;

    secret token;
    std::string token_type_hint = {};   ///< `access_token` or `refresh_token`: makes the server's search shorter; it may be left out

    void write(form& body) const { body.add("token", token.reveal()).add_if("token_type_hint", token_type_hint); }

    /// @ref decode_introspection_response
    static result<introspection_response> read(http_response const& response, std::size_t max_size) { return decode_introspection_response(response, max_size); }
};
static_assert(check_endpoint_message<introspection>());

} // namespace oauth

#endif
