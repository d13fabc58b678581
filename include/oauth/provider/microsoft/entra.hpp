#ifndef OAUTH_PROVIDER_MICROSOFT_ENTRA_HPP
#define OAUTH_PROVIDER_MICROSOFT_ENTRA_HPP

#include <oauth/config.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/provider/microsoft/cloud.hpp>
#include <string>
#include <string_view>

namespace oauth::microsoft {

/// The two generations of Microsoft's endpoints.
enum class version
{
    v1,   ///< asks by `resource`; work and school accounts only
    v2,   ///< asks by `scope`
};

namespace detail {

OAUTH_DECL failure refused(std::string hint);

OAUTH_DECL failure refused_tenant();

// All of them sit under `base`, which is "https://HOST/TENANT" or the like; `query` begins with '?' or is empty.
OAUTH_DECL server_metadata endpoints_under(std::string const& base, version generation, std::string const& query = {});

OAUTH_DECL std::string entra_issuer(cloud where, std::string_view tenant, version generation);

OAUTH_DECL result<server_metadata> entra(std::string const& origin, std::string_view tenant, cloud where, version generation);

OAUTH_DECL result<server_metadata> entra(std::string_view tenant, cloud where, version generation);

} // namespace detail

/** Microsoft Entra ID (Azure Active Directory), version 2: what new applications use.

    @param tenant Whose accounts may sign in: the directory's id (a GUID), one of its domains, "common", "organizations" or "consumers".
        An application that was registered for a single tenant needs that tenant (AADSTS50194); so does one that signs in without a user.
    @return The endpoints. `issuer` is exact for a GUID and for "consumers", and else holds "{tenantid}" (@ref issuer_matches).
    @throws error with errc::invalid_authority for any other `tenant`.
*/
OAUTH_DECL server_metadata v2(std::string_view tenant, cloud where = cloud::public_cloud);

/** Microsoft Entra ID, version 1: for applications that still ask by `resource`. Set `client::resource`, such as "https://graph.microsoft.com/".

    The issuer is empty for a cloud whose v1 issuer is not published: set it before you `discover`.

    @param tenant As for @ref v2, but for "consumers": version 1 serves work and school accounts only.
    @throws error with errc::invalid_authority for any other `tenant`.
*/
OAUTH_DECL server_metadata v1(std::string_view tenant, cloud where = cloud::public_cloud);

} // namespace oauth::microsoft

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/provider/microsoft/impl/entra.ipp>
#endif

#endif
