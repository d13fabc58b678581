#ifndef OAUTH_TESTING_DETAIL_END_SESSION_PAGE_HPP
#define OAUTH_TESTING_DETAIL_END_SESSION_PAGE_HPP

#include <oauth/jose/jwt.hpp>
#include <oauth/testing/detail/pages.hpp>
#include <oauth/testing/detail/parameters.hpp>
#include <oauth/testing/detail/server_answer.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <oauth/testing/detail/server_state.hpp>
#include <oauth/testing/detail/signing_key.hpp>
#include <oauth/testing/detail/text.hpp>
#include <string>
#include <string_view>

namespace oauth::testing::detail {

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
        auto const token = verify_jwt(hint, jwk::parse(signing_key::instance().jwk()).value(), jws_algorithms::asymmetric());
        auto const* const audience = token ? token->claims.if_contains("aud") : nullptr;
        auto const* const named = audience ? audience->if_string() : nullptr;
        if (named == nullptr || (!client_id.empty() && std::string_view(client_id) != std::string_view(named->data(), named->size()))) return no("The ID token is not this client's.");
        client_id.assign(named->data(), named->size());
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
