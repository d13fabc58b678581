#ifndef OAUTH_REQUEST_REVOCATION_HPP
#define OAUTH_REQUEST_REVOCATION_HPP

#include <oauth/core/secret.hpp>
#include <oauth/request/endpoint_message.hpp>
#include <oauth/response/decode_revocation_response.hpp>
#include <cstddef>
#include <string>

namespace oauth {

/** Tell the server that a token is not needed any more: `flow.ask(revocation{.token = token})`. To end a whole session, see `flow.revoke`.

    Revoking a refresh token ends all that came of the same sign-in, the access tokens too where the server can do that.

    Microsoft Entra ID, B2C and ADFS have no such endpoint; there it is errc::missing_endpoint. What comes nearest: send the user to `end_session_endpoint`, which ends the sign-in in
    the browser, and let Graph's `POST /me/revokeSignInSessions` end all of the user's refresh tokens, those of other applications too.

    @par Specification
    RFC 7009 2.1
*/
struct revocation
{
    static constexpr auto where = &server_metadata::revocation_endpoint;

    secret token;
    std::string token_type_hint = {};   ///< `refresh_token` or `access_token`: makes the server's search shorter; it may be left out

    void write(form& body) const { body.add("token", token.reveal()).add_if("token_type_hint", token_type_hint); }

    /// @ref decode_revocation_response
    static result<void> read(http_response const& response, std::size_t max_size) { return decode_revocation_response(response, max_size); }
};
static_assert(check_endpoint_message<revocation>());

} // namespace oauth

#endif
