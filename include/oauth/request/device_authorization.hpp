#ifndef OAUTH_REQUEST_DEVICE_AUTHORIZATION_HPP
#define OAUTH_REQUEST_DEVICE_AUTHORIZATION_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/request/endpoint_message.hpp>
#include <oauth/response/device_authorization_response.hpp>
#include <cstddef>
#include <string>

namespace oauth {

/** Ask for the codes of a device's sign-in: a device without a browser, or without a keyboard.

    `flow.device_sign_in` asks and does all that follows. By itself it is for a program that waits in its own way, and asks with @ref device_code:

    @code
    auto const codes = graph.ask(oauth::device_authorization{.scope = "offline_access User.Read"}).value();
    @endcode

    @par Specification
    RFC 8628 3.1
*/
struct device_authorization
{
    static constexpr auto where = &server_metadata::device_authorization_endpoint;

    oauth::scope scope = {};
    std::string resource = {};     ///< Entra v1, ADFS, RFC 8707
    std::string claims = {};       ///< Microsoft: a claims request, as JSON; `flow.device_sign_in` sends it with the device code
    form_parameters extra = {};    ///< anything else, such as Microsoft's `mkt` (the language of the message) or Auth0's `audience`

    void write(form& body) const
    {
        body.add_if("scope", scope.str()).add_if("resource", resource);
        for (auto const& [name, value] : extra) body.add(name, value);
    }

    static result<device_authorization_response> read(http_response const& response, std::size_t max_size)
    {
        return decode_device_authorization_response(response, max_size);
    }
};
static_assert(check_endpoint_message<device_authorization>());

} // namespace oauth

#endif
