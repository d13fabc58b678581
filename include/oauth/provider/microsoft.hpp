#ifndef OAUTH_PROVIDER_MICROSOFT_HPP
#define OAUTH_PROVIDER_MICROSOFT_HPP

/** @file
    Microsoft's identity platform: Entra ID (Azure Active Directory) in all its clouds, B2C, External ID, AD FS.

    | the server | made by |
    |---|---|
    | Entra ID | `microsoft::v2(tenant)`, `microsoft::v1(tenant)`, each with a `microsoft::cloud` |
    | Azure AD B2C | `microsoft::b2c(tenant, policy)`, `microsoft::b2c_query_form(tenant, policy)` |
    | External ID | `microsoft::external_id(subdomain)` |
    | AD FS | `microsoft::adfs(host)` |
    | whatever a URL means, at run time | `microsoft::authority(url)` |

    Each carries `microsoft::advice_rules`: what the codes of these servers mean, and what then helps.
*/

#include <oauth/provider/microsoft/adfs.hpp>
#include <oauth/provider/microsoft/advice_rules.hpp>
#include <oauth/provider/microsoft/authority.hpp>
#include <oauth/provider/microsoft/b2c.hpp>
#include <oauth/provider/microsoft/cloud.hpp>
#include <oauth/provider/microsoft/default_scope.hpp>
#include <oauth/provider/microsoft/entra.hpp>
#include <oauth/provider/microsoft/external_id.hpp>
#include <oauth/provider/microsoft/tenant.hpp>

#endif
