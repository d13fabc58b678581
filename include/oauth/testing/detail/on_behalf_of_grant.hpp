#ifndef OAUTH_TESTING_DETAIL_ON_BEHALF_OF_GRANT_HPP
#define OAUTH_TESTING_DETAIL_ON_BEHALF_OF_GRANT_HPP

#include <oauth/request/token_type_uri.hpp>
#include <oauth/testing/detail/claims_cover.hpp>
#include <oauth/testing/detail/is_audience.hpp>
#include <oauth/testing/detail/token_request.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// The first scope token that the application has no permission for, so that nobody can have consented to it; or "".
inline std::string not_permitted(registered_client const& client, oauth::scope const& wanted)
{
    std::string found;
    wanted.for_each([&](std::string_view token) {
        bool const good = oauth::detail::asks_for_no_access(token) || token.ends_with("/.default") || client.permissions.contains(token)
                       || client.permissions.contains(short_name(token));
        if (found.empty() && !good) found = std::string(token);
    });
    return found;
}

/// A SAML assertion in place of an access token, as Microsoft's documentation shows the answer.
inline http_response saml_answer(token_request const& here, issue const& what, std::string_view kind)
{
    auto const lifetime = static_cast<std::int64_t>(here.state.options.access_token_lifetime.count());
    boost::json::object body{{"token_type", "Bearer"}, {"expires_in", lifetime}, {"ext_expires_in", 0}};
    body["expires_on"] = static_cast<std::int64_t>(here.now.time_since_epoch().count()) + lifetime;
    body["resource"] = what.resource;
    body["access_token"] = base64url_encode("<saml:Assertion ID=\"" + here.state.random_guid() + "\"/>");
    body["issued_token_type"] = kind;
    if (!what.refresh_token.empty()) body["refresh_token"] = what.refresh_token;
    return json_response(200, body);
}

/// An API calls on in the name of the user who has called it: Microsoft's reading of RFC 7523 2.1.
inline http_response on_behalf_of_grant(token_request here)
{
    auto const& options = here.state.options;
    bool const v1 = options.kind == personality::entra_v1;
    if (here.client.is_public()) return here.no(refused::secret_missing);
    for (auto const* name : {"assertion", "requested_token_use", v1 ? "resource" : "scope"})
        if (here.value(name).empty()) return here.no(refused::missing, name);
    if (here.value("requested_token_use") != "on_behalf_of") return here.no(refused::malformed, "requested_token_use");
    auto const wanted_type = here.value("requested_token_type");
    bool const saml = wanted_type == token_type_uri::saml2 || wanted_type == token_type_uri::saml1;
    if (!saml && !wanted_type.empty() && wanted_type != token_type_uri::access_token) return here.no(refused::malformed, "requested_token_type");

    auto const found = here.state.access_tokens.find(here.value("assertion"));
    if (found == here.state.access_tokens.end()) return here.no(refused::bad_assertion, "The key was not found.");
    auto const& token = found->second;
    if (!token.of) return here.no(refused::bad_assertion, "The token is an application's, not a user's.");
    if (!is_audience(here.client, token.resource)) return here.no(refused::other_audience, token.resource);
    if (token.expires_at <= here.now) return here.no(refused::expired_assertion);
    if (token.revoked || token.of->revoked) return here.no(refused::revoked);

    if (auto const& demanded = options.interactive_claims; !demanded.empty() && !claims_cover(token.of->request.claims, demanded))
        return interaction_required(here.state, here.now, demanded);

    asked asks;
    asks.client = &here.client;
    asks.scope = oauth::scope(here.value("scope"));
    asks.resource = std::string(here.value("resource"));
    asks.tenant = here.where.tenant;
    if (auto const bad = unknown_scope(options, asks.scope); !bad.empty()) return here.no(refused::bad_scope, bad);
    if (!not_permitted(here.client, asks.scope).empty()) return here.no(refused::not_consented, here.client.id);
    auto const family = std::make_shared<grant>(grant{asks, token.of->user, here.now, false});
    auto what = here.plan(family);
    if (!what.planned) return std::move(what.refused);
    ++here.state.counts.on_behalf_of;
    if (v1 || asks.scope.contains("offline_access")) what.planned->refresh_token = here.new_refresh_token(family);
    if (saml) return saml_answer(here, *what.planned, wanted_type);
    what.planned->id_token = asks.scope.contains("openid");
    return answer_with(here.state, *what.planned, here.now);
}

} // namespace oauth::testing::detail

#endif
