#ifndef OAUTH_TESTING_DETAIL_END_SESSION_PAGE_HPP
#define OAUTH_TESTING_DETAIL_END_SESSION_PAGE_HPP

#include <oauth/jose/jwt.hpp>
#include <oauth/response/decode_authorization_jwt.hpp>
#include <oauth/testing/detail/assertion_check.hpp>
#include <oauth/testing/detail/id_token_answer.hpp>
#include <oauth/testing/detail/pages.hpp>
#include <oauth/testing/detail/parameters.hpp>
#include <oauth/testing/detail/server_answer.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <oauth/testing/detail/server_state.hpp>
#include <oauth/testing/detail/text.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <string_view>

namespace oauth::testing::detail {

/** Do the claims make an ID token of this server? Its signature does not say so: all servers of a process sign with the same keys, and other tokens than these.

    By the issuer, and by what an ID token must hold (OpenID Connect Core 2), which no signed answer and no userinfo holds in full. An access token always names who asked for it, an ID token
    only beside further audiences.
*/
inline bool is_own_id_token(server_state const& state, boost::json::object const& claims)
{
    if (claim_text(claims, "iss") != issuer_of(state.options) || claim_text(claims, "sub").empty()) return false;
    auto const* const audience = claims.if_contains("aud");
    bool const asked_for_access = claims.contains("appid") || (claims.contains("azp") && !(audience && audience->is_array()));
    return claims.contains("exp") && claims.contains("iat") && !asked_for_access;
}

/// To whom the server has issued this ID token; "" where it has not. It may have expired (OpenID Connect RP-Initiated Logout 4).
inline std::string client_of_id_token(server_state const& state, std::string_view token)
{
    auto const read = decode_unverified_jwt(token);
    if (read.has_error() || !is_own_id_token(state, read->claims)) return {};
    auto const party = claim_text(read->claims, "azp");
    auto const* const client = state.find_client(party.empty() ? claim_text(read->claims, "aud") : party);
    if (client == nullptr || !oauth::detail::is_meant_for(read->claims, client->id)) return {};
    auto const by = id_token_key_of(state.options, *client);
    return verify_jwt(token, by.key.public_key(), {by.algorithm}).has_value() ? client->id : std::string();
}

/** The end of the user's session at the server (OpenID Connect RP-Initiated Logout 2). The state is locked by the caller.

    The browser is sent on only to one of the client's registered redirect URIs, and only where a client is named: by `client_id`, by an ID token of this server, or by both alike.
*/
inline http_response end_session_page(server_state& state, route const& where, http_request const& request, time_point)
{
    auto const no = [](std::string_view what) { return html_response(400, error_page(what)); };
    bool const posted = request.method == http_method::post;
    if (!posted && request.method != http_method::get) return text_response(405, "Method Not Allowed");
    auto const parameters = parse_form(posted ? request.body.reveal() : where.query);
    if (!parameters) return no("The request is malformed.");
    if (auto const twice = find_duplicate(*parameters); !twice.empty()) return no("A parameter came twice.");

    std::string client_id(value_of(*parameters, "client_id"));
    if (auto const hint = value_of(*parameters, "id_token_hint"); !hint.empty())
    {
        auto const named = client_of_id_token(state, hint);
        if (named.empty() || (!client_id.empty() && client_id != named)) return no("The ID token is not this client's.");
        client_id = named;
    }
    auto const home = value_of(*parameters, "post_logout_redirect_uri");
    auto const* const client = state.find_client(client_id);
    ++state.counts.sign_outs;
    if (home.empty()) return html_response(200, html_page("Signed out", "<p>You are signed out.</p>"));
    bool registered = false;
    if (client != nullptr)
        for (auto const& uri : client->redirect_uris) registered = registered || redirect_uri_matches(uri, home);
    if (!registered) return no("The address to go to afterwards is not registered.");
    std::string location(home);
    query_text query;
    query.add("state", value_of(*parameters, "state"));
    if (!query.str().empty()) location += (location.find('?') == std::string::npos ? '?' : '&') + query.str();
    return redirect_response(std::move(location));
}

} // namespace oauth::testing::detail

#endif
