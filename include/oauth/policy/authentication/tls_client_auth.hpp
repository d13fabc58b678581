#ifndef OAUTH_POLICY_AUTHENTICATION_TLS_CLIENT_AUTH_HPP
#define OAUTH_POLICY_AUTHENTICATION_TLS_CLIENT_AUTH_HPP

#include <oauth/policy/client_authentication.hpp>

namespace oauth {

/** The client proves who it is by the certificate of its TLS connection: `tls_client_auth` and `self_signed_tls_client_auth`.

    The body has `client_id` alone. Where the server has other endpoints for that (`server_metadata::mtls_endpoint_aliases`), a flow asks there, also for who the user is (userinfo).
    A program that makes its requests without a flow says so to @ref form_request; a policy that wraps this one repeats its `shows_certificate`.
    The certificate is the transport's: `beast_transport_options::certificate_file` and `private_key_file`, or both from memory.

    @par Specification
    RFC 8705 2 and 5
*/
struct tls_client_auth
{
    static constexpr bool shows_certificate = true;

    result<void> authenticate(http_request&, form& body, client const& who, server_metadata const&, time_point) const
    {
        body.add("client_id", who.id);
        return {};
    }
};
static_assert(check_client_authentication<tls_client_auth>() && authenticates_by_certificate<tls_client_auth>);

} // namespace oauth

#endif
