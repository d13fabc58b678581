#ifndef OAUTH_REQUEST_TOKEN_REQUEST_HPP
#define OAUTH_REQUEST_TOKEN_REQUEST_HPP

#include <oauth/core/form.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/server_metadata.hpp>

namespace oauth {

/** The request to the token endpoint, without its body: that is added when the client has been authenticated.

    Fails with errc::missing_endpoint where the server has no token endpoint. `Origin` is never sent: Microsoft takes it for a browser (AADSTS9002326).

    @par Specification
    RFC 6749 3.2
*/
inline result<http_request> token_request(server_metadata const& server)
{
    if (server.token_endpoint.empty()) return failure(errc::missing_endpoint, advice::fix_configuration, "server_metadata.token_endpoint");
    http_request request;
    request.method = http_method::post;
    request.url = server.token_endpoint;
    request.fields = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
    return request;
}

} // namespace oauth

#endif
