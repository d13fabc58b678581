#ifndef OAUTH_PROVIDER_MICROSOFT_ADFS_HPP
#define OAUTH_PROVIDER_MICROSOFT_ADFS_HPP

#include <oauth/provider/microsoft/entra.hpp>
#include <string>
#include <string_view>

namespace oauth::microsoft {

namespace detail {

inline server_metadata adfs_at(std::string const& origin)
{
    auto const base = origin + "/adfs";
    auto made = endpoints_under(base, version::v1);
    made.userinfo_endpoint = base + "/userinfo";
    made.issuer = base;
    return made;
}

inline result<server_metadata> make_adfs(std::string_view host_url)
{
    auto const at = endpoint::parse(host_url.find("://") == host_url.npos ? "https://" + std::string(host_url) : std::string(host_url));
    if (!at) return at.error();
    auto const path = at->target();
    if (!path.empty() && path != "/" && path != "/adfs" && path != "/adfs/") return refused("write the host of AD FS: https://fs.contoso.com, or https://fs.contoso.com/adfs");
    return adfs_at(std::string(at->origin()));
}

} // namespace detail

/** Active Directory Federation Services: `https://fs.contoso.com/adfs/oauth2/token`. Set `client::resource` to the Web API's identifier.

    @param host_url "https://fs.contoso.com", the same with "/adfs", or the host alone.
    @throws error with errc::invalid_authority for another path, or with what `endpoint::parse` says of the URL.
*/
inline server_metadata adfs(std::string_view host_url) { return detail::make_adfs(host_url).value(); }

} // namespace oauth::microsoft

#endif
