#ifndef OAUTH_REQUEST_JWT_BEARER_HPP
#define OAUTH_REQUEST_JWT_BEARER_HPP

#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/request/grant.hpp>
#include <string>
#include <string_view>

namespace oauth {

/** The grant for a signed statement of who the user is, by somebody whom the server trusts: another identity provider, or the client itself (Google's service accounts).

    The assertion is a JWT with `iss`, `sub`, `aud` (the server) and `exp`; some servers take each one once only. Microsoft's on-behalf-of, which has the same `grant_type`, is
    @ref on_behalf_of.

    @par Specification
    RFC 7523 2.1
*/
struct jwt_bearer
{
    static constexpr std::string_view grant_type = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    static constexpr bool transient = true;

    secret assertion;
    oauth::scope scope = {};
    std::string resource = {};   ///< RFC 8707

    void write(form& body) const { body.add("assertion", assertion.reveal()).add_if("scope", scope.str()).add_if("resource", resource); }
};
static_assert(check_grant<jwt_bearer>());

} // namespace oauth

#endif
