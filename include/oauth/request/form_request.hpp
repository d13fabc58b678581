#ifndef OAUTH_REQUEST_FORM_REQUEST_HPP
#define OAUTH_REQUEST_FORM_REQUEST_HPP

#include <oauth/config.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/error/result.hpp>
#include <string>

namespace oauth {

/** The request that posts a form to an endpoint of the server, without its body: that is added when the client has been authenticated.

    `Origin` is never sent: Microsoft takes it for a browser (AADSTS9002326).

    @param where Which endpoint; by default the token endpoint.
    @param shows_certificate Take the one that wants the client's certificate, where there is another for that; see @ref endpoint_of.

    @return The request, or errc::missing_endpoint where the server has no such endpoint; the hint names it.

    @par Specification
    RFC 6749 3.2
*/
OAUTH_DECL result<http_request> form_request(server_metadata const& server, endpoint server_metadata::*where = &server_metadata::token_endpoint, bool shows_certificate = false);

} // namespace oauth

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/request/impl/form_request.ipp>
#endif

#endif
