#ifndef OAUTH_CORE_IMPL_CLIENT_IPP
#define OAUTH_CORE_IMPL_CLIENT_IPP

#include <oauth/core/client.hpp>
#include <boost/url/parse.hpp>

namespace oauth {

OAUTH_DECL result<void> check(client const& who)
{
    auto const refused = [](errc why, char const* hint) { return failure(why, advice::fix_configuration, hint); };
    if (who.id.empty()) return refused(errc::invalid_client, "client.id is empty");
    if (!who.scope.valid()) return refused(errc::invalid_scope, "client.scope");
    if (who.redirect_uri.empty()) return {};
    if (who.redirect_uri.size() > 2048) return refused(errc::invalid_client, "client.redirect_uri is longer than 2048 bytes");
    auto const uri = boost::urls::parse_uri({who.redirect_uri.data(), who.redirect_uri.size()});
    if (!uri) return refused(errc::invalid_client, "client.redirect_uri is not an absolute URI");
    // "localhost:8400/" is a URI of the scheme localhost.
    if (!uri->has_authority() && !uri->path().empty() && uri->path().front() >= '0' && uri->path().front() <= '9')
        return refused(errc::invalid_client, "client.redirect_uri has no scheme: write http:// or https:// in front of the host");
    if (uri->has_fragment()) return refused(errc::invalid_client, "client.redirect_uri has a fragment");
    return {};
}

} // namespace oauth

#endif
