#ifndef OAUTH_OIDC_LOGOUT_HPP
#define OAUTH_OIDC_LOGOUT_HPP

#include <oauth/core/client.hpp>
#include <oauth/core/detail/percent_encode.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/error/result.hpp>
#include <string>
#include <string_view>

namespace oauth {

/// What a sign-out at the server is asked with. What is left empty is not sent.
struct logout_options
{
    std::string post_logout_redirect_uri = {};   ///< where the browser is sent afterwards, exactly as registered
    std::string state = {};                      ///< comes back with that redirect; compare it in constant time
    secret id_token_hint = {};                   ///< the user's last ID token, so that nobody else is signed out
    std::string logout_hint = {};                ///< Microsoft: the claim `login_hint`; spares the user to choose an account
    std::string ui_locales = {};
    form_parameters extra = {};                  ///< anything else
};

/** The URL that ends the user's session at the server, to be opened in their browser. Forget the tokens here besides: `flow.forget`.

    @return The URL, which holds the ID token: keep it out of logs. Or errc::missing_endpoint where the server has no end_session_endpoint.

    @par Specification
    OpenID Connect RP-Initiated Logout 2
*/
inline result<secret> logout_url(server_metadata const& server, client const& who, logout_options const& options = {})
{
    if (server.end_session_endpoint.empty()) return failure(errc::missing_endpoint, advice::fix_configuration, "server_metadata.end_session_endpoint");
    secret out(server.end_session_endpoint.url());
    char separator = server.end_session_endpoint.target().find('?') == std::string_view::npos ? '?' : '&';
    auto const add = [&](std::string_view name, std::string_view value) {
        if (value.empty()) return;
        std::string encoded(detail::percent_encoded_bound(value), '\0');
        encoded.resize(static_cast<std::size_t>(detail::percent_encode(value, encoded.data()) - encoded.data()));
        out.append({&separator, 1});
        out.append(name);
        out.append("=");
        out.append(encoded);
        detail::wipe(encoded);
        separator = '&';
    };
    add("id_token_hint", options.id_token_hint.reveal());
    add("client_id", who.id);
    add("post_logout_redirect_uri", options.post_logout_redirect_uri);
    add("state", options.state);
    add("logout_hint", options.logout_hint);
    add("ui_locales", options.ui_locales);
    for (auto const& [name, value] : options.extra) add(name, value);
    return out;
}

} // namespace oauth

#endif
