#ifndef OAUTH_REQUEST_GRANT_HPP
#define OAUTH_REQUEST_GRANT_HPP

#include <oauth/core/form.hpp>
#include <concepts>
#include <string_view>

namespace oauth {

/// Can it write its parameters into a token request?
template <class G>
concept writes_parameters = requires(G const& grant, form& body) {
    { grant.write(body) } -> std::same_as<void>;
};

/// Does it have a name on the wire?
template <class G>
concept names_grant_type = requires {
    { G::grant_type } -> std::convertible_to<std::string_view>;
};

/** What a token is asked with: a value that writes its parameters into the token request. An open set; your own is ten lines.

    | expression | type | meaning |
    |---|---|---|
    | `G::grant_type` | `std::string_view` | The value of `grant_type`. |
    | `g.write(body)` | `void` | Add all other parameters, but for those that authenticate the client. |
    | `g.scope` | `oauth::scope` | Optional. What the token is for: it is kept under that, and handed out to whoever asks for the same. |
    | `g.resource`, `g.claims` | `std::string` | Optional. Likewise. |

    @par Exemplar
    A SAML assertion for a token (RFC 7522), whole:
    @code
    struct saml2_bearer
    {
        static constexpr std::string_view grant_type = "urn:ietf:params:oauth:grant-type:saml2-bearer";

        oauth::secret assertion;   // as base64url
        oauth::scope scope = {};

        void write(oauth::form& body) const { body.add("assertion", assertion.reveal()).add_if("scope", scope.str()); }
    };
    static_assert(oauth::check_grant<saml2_bearer>());
    @endcode
    `flow.obtain(saml2_bearer{…})` gets the tokens, `flow.access_token(saml2_bearer{…})` keeps them too, and asks again when they grow old.

    @par Models
    `authorization_code`, `client_credentials`, `device_code`, `jwt_bearer`, `on_behalf_of`, `refresh_token`, `token_exchange`

    @par Specification
    RFC 6749 1.3 and 4.5
*/
template <class G>
concept grant = std::move_constructible<G> && names_grant_type<G> && writes_parameters<G>;

/// For the author of a grant: fails to compile with a sentence that says what is missing.
template <class G>
consteval bool check_grant()
{
    static_assert(std::move_constructible<G>, "grant: must be movable");
    static_assert(names_grant_type<G>, "grant: needs `static constexpr std::string_view grant_type`");
    static_assert(writes_parameters<G>, "grant: needs `void write(oauth::form& body) const`");
    return grant<G>;
}

/// The body of a token request but for what authenticates the client.
template <grant Grant>
form token_request_body(Grant const& what)
{
    form body;
    body.add("grant_type", Grant::grant_type);
    what.write(body);
    return body;
}

} // namespace oauth

#endif
