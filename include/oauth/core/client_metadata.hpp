#ifndef OAUTH_CORE_CLIENT_METADATA_HPP
#define OAUTH_CORE_CLIENT_METADATA_HPP

#include <oauth/core/scope.hpp>
#include <boost/json/object.hpp>
#include <string>
#include <vector>

namespace oauth {

/** What a client says of itself when it registers, and what the server has made of it. What is left empty is not sent: the server then chooses.

    An aggregate, made to be written with designated initialisers.

    @par Specification
    RFC 7591 2
*/
struct client_metadata
{
    std::vector<std::string> redirect_uris = {};

    /// How the client proves who it is; `none` for a public one. It must be what the flow does: this is what a flow does where no other policy was chosen.
    std::string token_endpoint_auth_method = "client_secret_post";

    std::vector<std::string> grant_types = {};      ///< empty: `authorization_code`
    std::vector<std::string> response_types = {};   ///< empty: `code`
    std::string client_name = {};                   ///< shown to the user
    std::string client_uri = {};                    ///< the client's home page
    std::string logo_uri = {};
    oauth::scope scope = {};                        ///< what it may ask for
    std::vector<std::string> contacts = {};         ///< as a rule e-mail addresses
    std::string tos_uri = {};                       ///< the terms of service
    std::string policy_uri = {};                    ///< what is done with the user's data
    std::string jwks_uri = {};                      ///< where the client's public keys are
    boost::json::object jwks = {};                  ///< or the keys themselves (RFC 7517 5)
    std::string software_id = {};
    std::string software_version = {};
    std::string software_statement = {};            ///< a JWT in which somebody else vouches for the above (RFC 7591 2.3)

    /// All other members: those of OpenID Connect, names with a language tag ("client_name#de"), the server's own.
    boost::json::object extra = {};
};

namespace detail {

// One list of the members for both directions, so that none is written and not read.
template <class Metadata, class Visitor>
void each_member_of_client_metadata(Metadata& value, Visitor&& visit)
{
    visit("redirect_uris", value.redirect_uris);
    visit("token_endpoint_auth_method", value.token_endpoint_auth_method);
    visit("grant_types", value.grant_types);
    visit("response_types", value.response_types);
    visit("client_name", value.client_name);
    visit("client_uri", value.client_uri);
    visit("logo_uri", value.logo_uri);
    visit("scope", value.scope);
    visit("contacts", value.contacts);
    visit("tos_uri", value.tos_uri);
    visit("policy_uri", value.policy_uri);
    visit("jwks_uri", value.jwks_uri);
    visit("jwks", value.jwks);
    visit("software_id", value.software_id);
    visit("software_version", value.software_version);
    visit("software_statement", value.software_statement);
}

} // namespace detail

} // namespace oauth

#endif
