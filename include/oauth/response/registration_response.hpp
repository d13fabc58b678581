#ifndef OAUTH_RESPONSE_REGISTRATION_RESPONSE_HPP
#define OAUTH_RESPONSE_REGISTRATION_RESPONSE_HPP

#include <oauth/core/client.hpp>
#include <oauth/core/client_metadata.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/response/detail/json_answer.hpp>
#include <oauth/response/detail/json_members.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** A client as the server has registered it. Keep it as safe as a password: it holds two.

    @par Specification
    RFC 7591 3.2.1, RFC 7592 3
*/
struct registration_response
{
    std::string client_id;
    secret client_secret = {};                                     ///< empty for a public client, or one that uses a key
    std::optional<time_point> client_id_issued_at = {};
    std::optional<time_point> client_secret_expires_at = {};       ///< empty: never, or there is none
    secret registration_access_token = {};                         ///< for reading, changing and deleting the registration; empty where the server does not allow that
    std::string registration_client_uri = {};                      ///< where that is done

    /// What the server has registered. It may differ from what was asked for: look at it where that matters. Members that have no place in it are in its `extra`.
    client_metadata registered = {};

    /// The client for a flow: with the first of the redirect URIs, and all of the scope.
    oauth::client client() const
    {
        auto const& uris = registered.redirect_uris;
        return {.id = client_id, .secret = client_secret, .redirect_uri = uris.empty() ? std::string() : uris.front(), .scope = registered.scope};
    }
};

namespace detail {

/// The token that gives access to a registration is not the user's: nobody can sign in again for it.
inline failure registration_failure(failure why)
{
    if (why.code != server_errc::invalid_token) return why;
    why.next = advice::fix_configuration;
    why.hint = "the token that gives access to the registration is missing, wrong, or has expired";
    return why;
}

} // namespace detail

/** Read the answer of a client registration endpoint.

    It may be the only copy of a new secret: so beside `client_id`, the secret and the token no member can make it fail. A known one of another type than it must have is
    left in `registered.extra`. The status is 201, or 200 as some servers have it.

    @return The registration; or
        @li a @ref server_errc, with the server's words, when the body is an OAuth error: `invalid_redirect_uri`, `invalid_client_metadata` …,
        @li errc::response_missing_member where there is no `client_id`; errc::response_wrong_type where that, `client_secret` or `registration_access_token` is no string,
        @li errc::unexpected_status, errc::redirect_refused, errc::unexpected_content_type, and the errc values that begin with `response_`.

    @par Specification
    RFC 7591 3.2
*/
inline result<registration_response> decode_registration_response(http_response const& response, std::size_t max_size = 1 << 20)
{
    auto answer = detail::json_answer(response, {201, 200}, "client registration endpoint", max_size);
    if (answer.has_error()) return detail::registration_failure(std::move(answer).error());
    registration_response out{.client_id = {}, .registered = {.token_endpoint_auth_method = {}, .extra = std::move(*answer)}};
    detail::json_members members(out.registered.extra);
    if (members.need("client_id", out.client_id) && out.client_id.empty()) members.refuse("client_id");
    members.take("client_secret", out.client_secret);
    members.take("registration_access_token", out.registration_access_token);
    members.take_if_fit("registration_client_uri", out.registration_client_uri);
    members.take_if_fit("client_id_issued_at", out.client_id_issued_at);
    members.take_if_fit("client_secret_expires_at", out.client_secret_expires_at);
    // 0 stands for never.
    if (out.client_secret_expires_at == time_point()) out.client_secret_expires_at.reset();
    detail::each_member_of_client_metadata(out.registered, [&members](std::string_view name, auto& into) { members.take_if_fit(name, into); });
    if (members.failed()) return detail::answer_failure(response, *members.failed());
    return out;
}

/** Read the answer of a client's configuration endpoint to `GET` or `PUT`.

    @param earlier The registration that was asked about. Of its token, its URI and its secret holds on what the answer does not repeat; the secret does so unless the client
        has become one without.

    @return The registration as it is now; or as @ref decode_registration_response, and errc::response_bad_value where the answer is about another client.

    @par Specification
    RFC 7592 3
*/
inline result<registration_response> decode_configuration_response(http_response const& response, registration_response const& earlier, std::size_t max_size = 1 << 20)
{
    auto made = decode_registration_response(response, max_size);
    if (made.has_error()) return made;
    if (made->client_id != earlier.client_id) return detail::answer_failure(response, failure(errc::response_bad_value, advice::give_up, "client_id is that of another client"));
    if (made->registration_access_token.empty()) made->registration_access_token = earlier.registration_access_token;
    if (made->registration_client_uri.empty()) made->registration_client_uri = earlier.registration_client_uri;
    auto const& method = made->registered.token_endpoint_auth_method;
    bool const by_secret = method.empty() || method.starts_with("client_secret_");
    if (made->client_secret.empty() && by_secret)
    {
        made->client_secret = earlier.client_secret;
        made->client_secret_expires_at = earlier.client_secret_expires_at;
    }
    return made;
}

/** Read the answer of a client's configuration endpoint to `DELETE`.

    @return Nothing; or a @ref server_errc, errc::unexpected_status for any status but 204, errc::redirect_refused.

    @par Specification
    RFC 7592 2.3
*/
inline result<void> decode_deletion_response(http_response const& response, std::size_t max_size = 1 << 20)
{
    if (response.status == 204) return {};
    return detail::registration_failure(detail::endpoint_failure(response, "client configuration endpoint", max_size));
}

} // namespace oauth

#endif
