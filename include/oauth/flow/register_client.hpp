#ifndef OAUTH_FLOW_REGISTER_CLIENT_HPP
#define OAUTH_FLOW_REGISTER_CLIENT_HPP

#include <oauth/core/client_metadata.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/flow/default_config.hpp>
#include <oauth/flow/detail/mask_echo.hpp>
#include <oauth/policy/transport.hpp>
#include <oauth/request/client_registration.hpp>
#include <oauth/response/registration_response.hpp>
#include <utility>

namespace oauth {

namespace detail {

/// Send a request about a registration. What a refusal repeats of its secrets is masked.
template <transport Transport>
result<http_response> send_about_registration(Transport& by, result<http_request> request, secret const& token, secret const& client_secret)
{
    if (request.has_error()) return std::move(request).error();
    auto answer = by.send(std::move(*request));
    if (answer.has_value()) mask_echo(*answer, {}, {token.reveal(), client_secret.reveal()});
    return answer;
}

} // namespace detail

/** Register this program at a server: the client that a flow needs is made here.

    @code
    auto const registered = oauth::register_client(transport, server, {.redirect_uris = {"http://localhost:8400/"}, .client_name = "Bookings"}).value();
    oauth::flow graph{server, registered.client(), transport};
    @endcode

    Do it once, and keep what came of it: each call registers another client.

    @param by Carries the request.
    @param what What the client says of itself. Its `token_endpoint_auth_method` must be what the flow will do.
    @param initial_access_token What the server demands of whoever registers a client; empty where it takes all.

    @return The registration, or
        @li errc::missing_endpoint where the server has no registration endpoint, as Microsoft has none: an app is registered in its admin centre,
        @li what the transport fails with, and what @ref decode_registration_response finds wrong with the answer.

    @par Specification
    RFC 7591 3
*/
template <transport Transport>
result<registration_response> register_client(Transport& by, server_metadata const& server, client_metadata const& what, secret const& initial_access_token = {})
{
    auto const answer = detail::send_about_registration(by, client_registration(server, what, initial_access_token), initial_access_token, {});
    if (answer.has_error()) return answer.error();
    return decode_registration_response(*answer, default_config::max_response_size);
}

/** Read what the server has registered. The answer may bring a new secret and a new token: keep it in place of the old one.

    @return As @ref register_client; errc::missing_endpoint where the server does not allow it.

    @par Specification
    RFC 7592 2.1
*/
template <transport Transport>
result<registration_response> read_registration(Transport& by, registration_response const& of)
{
    auto const answer = detail::send_about_registration(by, client_configuration(http_method::get, of), of.registration_access_token, of.client_secret);
    if (answer.has_error()) return answer.error();
    return decode_configuration_response(*answer, of, default_config::max_response_size);
}

/** Change what the server has registered.

    @param what All that the registration shall say, not only what is new: what is left out is deleted. Begin with a copy of `of.registered`.

    @return As @ref read_registration.

    @par Specification
    RFC 7592 2.2
*/
template <transport Transport>
result<registration_response> change_registration(Transport& by, registration_response const& of, client_metadata const& what)
{
    auto const answer = detail::send_about_registration(by, client_configuration(http_method::put, of, what), of.registration_access_token, of.client_secret);
    if (answer.has_error()) return answer.error();
    return decode_configuration_response(*answer, of, default_config::max_response_size);
}

/** Delete a registration. The server ends its tokens too.

    @return Also errc::missing_endpoint where the server does not allow it; what the transport fails with, and what the server refuses with.

    @par Specification
    RFC 7592 2.3
*/
template <transport Transport>
result<void> delete_registration(Transport& by, registration_response const& of)
{
    auto const answer = detail::send_about_registration(by, client_configuration(http_method::delete_, of), of.registration_access_token, of.client_secret);
    if (answer.has_error()) return answer.error();
    return decode_deletion_response(*answer, default_config::max_response_size);
}

} // namespace oauth

#endif
