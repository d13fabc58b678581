#ifndef OAUTH_RESPONSE_PROFILE_INFO_HPP
#define OAUTH_RESPONSE_PROFILE_INFO_HPP

#include <oauth/core/token_response.hpp>
#include <oauth/response/detail/claims_object.hpp>

namespace oauth {

/** What `profile_info` says of the user. Each member is empty where the server sent `null` or nothing.

    It is **not signed**: show it, but decide nothing by it.
*/
struct profile_info
{
    std::optional<std::string> version;              ///< `ver`
    std::optional<std::string> tenant_id;            ///< `tid`
    std::optional<std::string> subject;              ///< `sub`
    std::optional<std::string> name;
    std::optional<std::string> preferred_username;
    std::optional<std::string> identity_provider;    ///< `idp`
    boost::json::object extra;                       ///< all other members
};

/** Decode the `profile_info` of a token response: base64url of a JSON object.

    @return The claims, or errc::malformed_claims where it is not that.
*/
inline result<profile_info> decode_profile_info(std::string_view text)
{
    auto object = detail::claims_object(text);
    if (object.has_error()) return object.error();
    profile_info out;
    out.version = detail::take_text(*object, "ver");
    out.tenant_id = detail::take_text(*object, "tid");
    out.subject = detail::take_text(*object, "sub");
    out.name = detail::take_text(*object, "name");
    out.preferred_username = detail::take_text(*object, "preferred_username");
    out.identity_provider = detail::take_text(*object, "idp");
    out.extra = std::move(*object);
    return out;
}

} // namespace oauth

#endif
