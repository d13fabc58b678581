#ifndef OAUTH_POLICY_REQUEST_SIGNER_HPP
#define OAUTH_POLICY_REQUEST_SIGNER_HPP

#include <oauth/core/client.hpp>
#include <oauth/core/pending_authorization.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <concepts>

namespace oauth {

/// Can it sign an authorization request?
template <class S>
concept signs_requests = requires(S& signer, pending_authorization& request, server_metadata const& server, client const& who, time_point now) {
    { signer.sign(request, server, who, now) } -> std::same_as<result<void>>;
};

/** The role that signs authorization requests, so that nobody can change them in the user's browser (RFC 9101).

    | expression | type | meaning |
    |---|---|---|
    | `s.sign(request, server, who, now)` | `result<void>` | Replace `request.url` by one of the authorization endpoint with `client_id` and `request` alone, in this order, or leave it as it is. After a failure `request` is not used. |

    `request` is as the flow has made it, whether it goes to the browser or is pushed ahead. If the flow is used by several threads, it is called by several threads.

    @par Exemplar
    @code
    struct my_signer
    {
        oauth::result<void> sign(oauth::pending_authorization& request, oauth::server_metadata const& server, oauth::client const& who, oauth::time_point now);
    };
    static_assert(oauth::check_request_signer<my_signer>());
    @endcode

    @par Models
    `plain_requests`, `signed_requests`
*/
template <class S>
concept request_signer = std::move_constructible<S> && signs_requests<S>;

/// For the author of a signer: fails to compile with a sentence that says what is missing.
template <class S>
consteval bool check_request_signer()
{
    static_assert(std::move_constructible<S>, "request_signer: must be movable");
    static_assert(signs_requests<S>, "request_signer: needs `oauth::result<void> sign(oauth::pending_authorization&, oauth::server_metadata const&, oauth::client const&, oauth::time_point)`");
    return request_signer<S>;
}

/** None: requests are not signed.

    `sign` fails with errc::unsigned_request where the server takes signed ones only (`server_metadata::require_signed_request_object`).
*/
struct plain_requests
{
    result<void> sign(pending_authorization&, server_metadata const& server, client const&, time_point) const
    {
        if (!server.require_signed_request_object) return {};
        return failure(errc::unsigned_request, advice::fix_configuration, "the server takes signed requests only: set Config::request_signer to signed_requests");
    }
};
static_assert(check_request_signer<plain_requests>());

} // namespace oauth

#endif
