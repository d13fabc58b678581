#ifndef OAUTH_REQUEST_PUSHED_AUTHORIZATION_HPP
#define OAUTH_REQUEST_PUSHED_AUTHORIZATION_HPP

#include <oauth/request/endpoint_message.hpp>
#include <oauth/response/pushed_authorization_response.hpp>
#include <cstddef>
#include <string>

namespace oauth {

/** An authorization request that goes straight to the server, by a client that says who it is, instead of through the user's browser, where it could be read and changed.

    `flow.authorize` sends it where the server demands it, or where `authorization_options::pushed` is set.

    @par Specification
    RFC 9126 2.1
*/
struct pushed_authorization
{
    static constexpr auto where = &server_metadata::pushed_authorization_request_endpoint;

    /// The request holds `client_id` in any case, also where the client's authentication does not put it into the body.
    static constexpr bool names_client = true;

    std::string parameters;   ///< those of an authorization request but for `client_id`, encoded as in a URL; see `authorization_request::pushed_parameters`

    void write(form& body) const { body.add_encoded(parameters); }

    /// @ref decode_pushed_authorization_response
    static result<pushed_authorization_response> read(http_response const& response, std::size_t max_size) { return decode_pushed_authorization_response(response, max_size); }
};
static_assert(check_endpoint_message<pushed_authorization>());

} // namespace oauth

#endif
