#ifndef OAUTH_CORE_PENDING_AUTHORIZATION_HPP
#define OAUTH_CORE_PENDING_AUTHORIZATION_HPP

#include <oauth/core/bare_code.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/core/time_point.hpp>
#include <optional>
#include <string>

namespace oauth {

/** A sign-in that was begun: the URL to open, and what must be remembered until the user comes back.

    Used once: `flow.exchange` takes it by rvalue. A web application parks it between two requests, keyed by its state, bound to the browser's session:
    `to_json` and `pending_authorization_from_json` (core/pending_authorization_json.hpp) do that. The verifier in it is a secret.
*/
struct pending_authorization
{
    std::string url;                       ///< to be opened in the user's browser
    std::string state;                     ///< comes back with the redirect (RFC 6749 10.12)
    secret code_verifier;                  ///< RFC 7636
    std::string nonce;                     ///< comes back in the ID token; empty where `openid` was not asked for
    std::string redirect_uri;              ///< where the user comes back to
    std::string issuer;                    ///< who is asked
    bool signed_response = false;          ///< the redirect must be a token of the server's (JARM)
    std::optional<time_point> authenticated_after = {};   ///< the user must have proved who they are since then (`max_age`)
    bool issuer_promised = false;          ///< the redirect must carry `iss` (RFC 9207)
    oauth::bare_code bare_code = oauth::bare_code::unless_issuer_promised;   ///< may a code by itself stand for the whole answer?
    oauth::scope requested;                ///< what was asked for
    std::string resource;
    std::string claims;
    time_point created_at{};
    std::optional<time_point> url_expires_at = {};   ///< until when `url` can be opened, once; set where the request was pushed ahead (RFC 9126)
};

} // namespace oauth

#endif
