#ifndef OAUTH_POLICY_AUTHENTICATION_CLIENT_SECRET_POST_HPP
#define OAUTH_POLICY_AUTHENTICATION_CLIENT_SECRET_POST_HPP

#include <oauth/policy/client_authentication.hpp>

namespace oauth {

/** The client's id and secret as parameters of the body. A client without a secret, a public one, sends its id alone.

    @par Specification
    RFC 6749 2.3.1 (`client_secret_post`) and 3.2.1 (public clients)
*/
struct client_secret_post
{
    result<void> authenticate(http_request&, form& body, client const& who, server_metadata const&, time_point) const
    {
        body.add("client_id", who.id).add_if("client_secret", who.secret.reveal());
        return {};
    }
};
static_assert(check_client_authentication<client_secret_post>());

} // namespace oauth

#endif
