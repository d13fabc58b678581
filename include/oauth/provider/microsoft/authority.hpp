#ifndef OAUTH_PROVIDER_MICROSOFT_AUTHORITY_HPP
#define OAUTH_PROVIDER_MICROSOFT_AUTHORITY_HPP

#include <oauth/config.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/error/result.hpp>
#include <oauth/provider/microsoft/entra.hpp>
#include <string_view>

namespace oauth::microsoft {

/** The server that a URL means, for programs that are told it at run time. What kind of server it is shows in the host and the path:

    | URL | server |
    |---|---|
    | `https://login.microsoftonline.com/TENANT`, the login host of another @ref cloud, or an alias of one | @ref v2 or @ref v1 |
    | `https://REGION.login.microsoft.com/TENANT` | the same, one region's endpoints |
    | `https://NAME.b2clogin.com/TENANT/POLICY`, `…/tfp/TENANT/POLICY`, `…/TENANT?p=POLICY`; any host with a policy `B2C_1…` | @ref b2c, @ref b2c_query_form |
    | `https://NAME.ciamlogin.com`, with or without `/TENANT` | @ref external_id |
    | `https://HOST/adfs` | @ref adfs |
    | any other host, loopback too (by http as well) | endpoints laid out as @ref v2 or @ref v1 do, and the issuer `URL/v2.0` or `URL/`, with a GUID for a domain, too, until it is discovered which |

    A trailing slash, "/v2.0", "/oauth2/v2.0", the path of an endpoint or of the metadata document may follow, and is understood.

    An External ID domain of one's own is no such URL: its issuer is at another host. Name it by @ref external_id, as `external_id(host, tenant)`.

    Any other host is also taken to know Microsoft's response modes, form_post among them: clear `response_modes_supported` for one that does not.

    @param url An absolute https URL.
    @param tenant Used where the URL names none.
    @param generation Used where the URL does not say which; B2C, External ID and AD FS have but one.
    @return The endpoints, or
        @li errc::invalid_authority with a hint that says what to write,
        @li what `endpoint::parse` says of the URL.
*/
OAUTH_DECL result<server_metadata> authority(std::string_view url, std::string_view tenant = {}, version generation = version::v2);

} // namespace oauth::microsoft

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/provider/microsoft/impl/authority.ipp>
#endif

#endif
