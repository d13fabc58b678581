#ifndef OAUTH_PROVIDER_MICROSOFT_B2C_HPP
#define OAUTH_PROVIDER_MICROSOFT_B2C_HPP

#include <oauth/config.hpp>
#include <oauth/provider/microsoft/entra.hpp>
#include <string>
#include <string_view>

namespace oauth::microsoft {

namespace detail {

/// "https://HOST" of a host, or of a URL without path and query.
OAUTH_DECL result<std::string> origin_of(std::string_view host);

enum class policy_place
{
    path,    ///< /TENANT/POLICY/oauth2/v2.0/token
    query,   ///< /TENANT/oauth2/v2.0/token?p=POLICY
};

OAUTH_DECL result<server_metadata> b2c_at(std::string const& origin, std::string_view tenant, std::string_view policy, policy_place place);

OAUTH_DECL result<server_metadata> make_b2c(std::string_view tenant, std::string_view policy, std::string_view host, policy_place place);

} // namespace detail

/** Azure AD B2C, with the policy in the path: `https://contoso.b2clogin.com/contoso.onmicrosoft.com/POLICY/oauth2/v2.0/token`.

    The issuer is the one of new user flows, `https://HOST/{tenantid}/v2.0/`. Where a policy is set to the issuer with `/tfp/`, set `issuer` to that.
    A code and a refresh token are redeemed under the policy that they were obtained under. For an access token to the application itself, ask for the scope `client.id`.

    @param tenant "contoso", "contoso.onmicrosoft.com", another domain of the tenant, or its GUID; the last two need `host`.
    @param policy The user flow or custom policy, such as "B2C_1_sign_in".
    @param host Where it is served, such as "contoso.b2clogin.cn" or a domain of one's own; by default `contoso.b2clogin.com`.
    @throws error with errc::invalid_authority where a part is none, or with what `endpoint::parse` says of the host.
*/
OAUTH_DECL server_metadata b2c(std::string_view tenant, std::string_view policy, std::string_view host = {});

/// As @ref b2c, with the policy in the query: `https://contoso.b2clogin.com/contoso.onmicrosoft.com/oauth2/v2.0/token?p=POLICY`.
OAUTH_DECL server_metadata b2c_query_form(std::string_view tenant, std::string_view policy, std::string_view host = {});

} // namespace oauth::microsoft

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/provider/microsoft/impl/b2c.ipp>
#endif

#endif
