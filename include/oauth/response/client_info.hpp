#ifndef OAUTH_RESPONSE_CLIENT_INFO_HPP
#define OAUTH_RESPONSE_CLIENT_INFO_HPP

#include <oauth/core/token_response.hpp>
#include <oauth/response/detail/claims_object.hpp>

namespace oauth {

/** What `client_info` says: which user of which tenant signed in. Sent by Microsoft when `client_info=1` was asked for. Not signed. */
struct client_info
{
    std::optional<std::string> user_id;      ///< `uid`; on B2C it carries "-policy"
    std::optional<std::string> tenant_id;    ///< `utid`
    boost::json::object extra;               ///< all other members
};

/** Decode the `client_info` of a token response: base64url of a JSON object. An empty text, which servers send too, is an empty value.

    @return The claims, or errc::malformed_claims where it is not that.
*/
inline result<client_info> decode_client_info(std::string_view text)
{
    client_info out;
    if (text.empty()) return out;
    auto object = detail::claims_object(text);
    if (object.has_error()) return object.error();
    out.user_id = detail::take_text(*object, "uid");
    out.tenant_id = detail::take_text(*object, "utid");
    out.extra = std::move(*object);
    return out;
}

} // namespace oauth

#endif
