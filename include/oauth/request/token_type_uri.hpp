#ifndef OAUTH_REQUEST_TOKEN_TYPE_URI_HPP
#define OAUTH_REQUEST_TOKEN_TYPE_URI_HPP

/** The names of kinds of tokens: what is given in an exchange, what is wanted of it, and what came (`token_response::issued_token_type`).

    Not to be taken for `token_response::token_type`, which says how an access token is presented.

    @par Specification
    RFC 8693 3; SAML 1.1 and 2.0 at Microsoft's on-behalf-of too
*/
namespace oauth::token_type_uri {

inline constexpr char access_token[] = "urn:ietf:params:oauth:token-type:access_token";
inline constexpr char refresh_token[] = "urn:ietf:params:oauth:token-type:refresh_token";
inline constexpr char id_token[] = "urn:ietf:params:oauth:token-type:id_token";
inline constexpr char saml1[] = "urn:ietf:params:oauth:token-type:saml1";   ///< an assertion of SAML 1.1, as base64url
inline constexpr char saml2[] = "urn:ietf:params:oauth:token-type:saml2";   ///< an assertion of SAML 2.0, as base64url
inline constexpr char jwt[] = "urn:ietf:params:oauth:token-type:jwt";

} // namespace oauth::token_type_uri

#endif
