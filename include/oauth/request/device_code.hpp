#ifndef OAUTH_REQUEST_DEVICE_CODE_HPP
#define OAUTH_REQUEST_DEVICE_CODE_HPP

#include <oauth/core/secret.hpp>
#include <oauth/request/grant.hpp>
#include <string>
#include <string_view>

namespace oauth {

/** The grant that a device asks with until the user has signed in elsewhere. `flow.device_sign_in` does all of it, the asking and the waiting.

    @par Specification
    RFC 8628 3.4
*/
struct device_code
{
    static constexpr std::string_view grant_type = "urn:ietf:params:oauth:grant-type:device_code";

    secret code;                 ///< @ref device_authorization_response::device_code
    std::string resource = {};   ///< Entra v1, ADFS: the one that the code was asked with
    std::string claims = {};     ///< Microsoft: a claims request, as JSON

    void write(form& body) const
    {
        body.add("device_code", code.reveal()).add_if("resource", resource).add_if("claims", claims);
        // Entra v1, where alone a resource is named with it, calls it `code`.
        if (!resource.empty()) body.add("code", code.reveal());
    }
};
static_assert(check_grant<device_code>());

} // namespace oauth

#endif
