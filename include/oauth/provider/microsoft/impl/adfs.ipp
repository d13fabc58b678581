#ifndef OAUTH_PROVIDER_MICROSOFT_IMPL_ADFS_IPP
#define OAUTH_PROVIDER_MICROSOFT_IMPL_ADFS_IPP

#include <oauth/provider/microsoft/adfs.hpp>

namespace oauth::microsoft::detail {

OAUTH_DECL server_metadata adfs_at(std::string const& origin)
{
    auto const base = origin + "/adfs";
    auto made = endpoints_under(base, version::v1);
    made.userinfo_endpoint = base + "/userinfo";
    made.issuer = base;
    return made;
}

OAUTH_DECL result<server_metadata> make_adfs(std::string_view host_url)
{
    auto const at = endpoint::parse(host_url.find("://") == host_url.npos ? "https://" + std::string(host_url) : std::string(host_url));
    if (!at) return at.error();
    auto const path = at->target();
    if (!path.empty() && path != "/" && path != "/adfs" && path != "/adfs/") return refused("write the host of AD FS: https://fs.contoso.com, or https://fs.contoso.com/adfs");
    return adfs_at(std::string(at->origin()));
}

} // namespace oauth::microsoft::detail

namespace oauth::microsoft {

OAUTH_DECL server_metadata adfs(std::string_view host_url) { return detail::make_adfs(host_url).value(); }

} // namespace oauth::microsoft

#endif
