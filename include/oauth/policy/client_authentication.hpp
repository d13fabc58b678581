#ifndef OAUTH_POLICY_CLIENT_AUTHENTICATION_HPP
#define OAUTH_POLICY_CLIENT_AUTHENTICATION_HPP

#include <oauth/core/client.hpp>
#include <oauth/core/form.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <concepts>

namespace oauth {

/// Can it prove to the token endpoint who the client is?
template <class A>
concept authenticates = requires(A& authentication, http_request& request, form& body, client const& who, server_metadata const& server, time_point now) {
    { authentication.authenticate(request, body, who, server, now) } -> std::same_as<result<void>>;
};

/// Is it the certificate of the TLS connection that proves it? Then the server is asked at the endpoints that want one.
template <class A>
concept authenticates_by_certificate = requires { requires A::shows_certificate; };

/** The role that proves to the token endpoint who the client is.

    | expression | type | meaning |
    |---|---|---|
    | `a.authenticate(request, body, who, server, now)` | `result<void>` | Add what proves the client's identity: parameters to `body`, or fields to `request`. |
    | `A::shows_certificate` | `bool` | Optional, constant. Where it is true, requests go to the endpoints that want the client's certificate, if the server has others for that (RFC 8705 5). |

    `request` has its method and URL already, but not its body: that is made of `body` afterwards. The client's id must get into the request one way or the other.
    If the flow is used by several threads, `authenticate` is called by several threads.

    @par Exemplar
    @code
    struct my_authentication
    {
        oauth::result<void> authenticate(oauth::http_request& request, oauth::form& body, oauth::client const& who,
                                         oauth::server_metadata const& server, oauth::time_point now);
    };
    static_assert(oauth::check_client_authentication<my_authentication>());
    @endcode

    @par Models
    `client_secret_post`, `client_secret_basic`, `client_secret_basic_unencoded`, `client_secret_jwt`, `private_key_jwt`, `federated_assertion`, `tls_client_auth`

    @par Specification
    RFC 6749 2.3, OpenID Connect Core 9
*/
template <class A>
concept client_authentication = std::move_constructible<A> && authenticates<A>;

/// For the author of a method: fails to compile with a sentence that says what is missing.
template <class A>
consteval bool check_client_authentication()
{
    static_assert(std::move_constructible<A>, "client_authentication: must be movable");
    static_assert(authenticates<A>, "client_authentication: needs `oauth::result<void> authenticate(oauth::http_request&, oauth::form&, "
                                    "oauth::client const&, oauth::server_metadata const&, oauth::time_point)`");
    return client_authentication<A>;
}

} // namespace oauth

#endif
