#ifndef OAUTH_REQUEST_TOKEN_EXCHANGE_HPP
#define OAUTH_REQUEST_TOKEN_EXCHANGE_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/request/grant.hpp>
#include <oauth/request/token_type_uri.hpp>
#include <string>
#include <string_view>

namespace oauth {

/** The grant that gives one token for another: of another kind, for another service, or to act in another's name.

    What came is in `token_response::access_token`, whatever kind of token it is; `issued_token_type` says which. One that is no access token has the `token_type` "N_A": get it by
    `flow.obtain`, which returns and does not keep it.

    @par Specification
    RFC 8693 2.1
*/
struct token_exchange
{
    static constexpr std::string_view grant_type = "urn:ietf:params:oauth:grant-type:token-exchange";
    static constexpr bool transient = true;

    secret subject_token;                                          ///< whom the new token is about
    std::string subject_token_type = token_type_uri::access_token;
    secret actor_token = {};                                       ///< who acts for the subject; empty for nobody else
    std::string actor_token_type = {};                             ///< needed with an actor token, and sent with one alone
    oauth::scope scope = {};
    std::string resource = {};                                     ///< the URI of the service that the token is for
    std::string audience = {};                                     ///< its name, as the server knows it; its token is got by `access_token(grant)` and `call(request, grant)`
    std::string requested_token_type = {};                         ///< one of @ref token_type_uri; empty: the server decides
    form_parameters extra = {};                                    ///< anything else, such as a second `audience` or `resource`, which both may come more than once

    void write(form& body) const
    {
        body.add("subject_token", subject_token.reveal()).add("subject_token_type", subject_token_type);
        if (!actor_token.empty()) body.add("actor_token", actor_token.reveal()).add_if("actor_token_type", actor_token_type);
        body.add_if("scope", scope.str()).add_if("resource", resource).add_if("audience", audience).add_if("requested_token_type", requested_token_type);
        for (auto const& [name, value] : extra) body.add(name, value);
    }

    /// Whether somebody acts for the subject. Who both are, the account says under which the token is kept.
    std::string_view kept_apart_by() const noexcept
    {
        if (actor_token.empty()) return {};
        return actor_token_type.empty() ? std::string_view("actor") : std::string_view(actor_token_type);
    }
};
static_assert(check_grant<token_exchange>());

} // namespace oauth

#endif
