#ifndef OAUTH_PROVIDER_MICROSOFT_ADFS_HPP
#define OAUTH_PROVIDER_MICROSOFT_ADFS_HPP

#include <oauth/config.hpp>
#include <oauth/provider/microsoft/entra.hpp>
#include <string>
#include <string_view>

namespace oauth::microsoft {

namespace detail {

OAUTH_DECL server_metadata adfs_at(std::string const& origin);

OAUTH_DECL result<server_metadata> make_adfs(std::string_view host_url);

} // namespace detail

/** Active Directory Federation Services: `https://fs.contoso.com/adfs/oauth2/token`. Set `client::resource` to the Web API's identifier.

    @param host_url "https://fs.contoso.com", the same with "/adfs", or the host alone.
    @throws error with errc::invalid_authority for another path, or with what `endpoint::parse` says of the URL.
*/
OAUTH_DECL server_metadata adfs(std::string_view host_url);

} // namespace oauth::microsoft

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/provider/microsoft/impl/adfs.ipp>
#endif

#endif
