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
    | `g.scope` (optional) | converts to `oauth::scope` | What the token is asked for, so that it is found again by those who ask for that. Missing or empty: see below. |
    | `g.resource` (optional) | text, or a range of such | The resource that the token is for. Missing: the registration's. Empty: none. |
    | `g.claims` (optional) | text | The claims request that is sent. Missing or empty: the registration's. |
    | `g.audience` (optional) | text, or a range of such | Whom the token is for, by name. It is handed out to those alone who ask for the same. Missing or empty: it says nothing. |
    | `g.requested_token_type` (optional) | text | The kind of token; as `audience`. |
    | `g.extra` (optional) | a range of parameters, such as @ref form_parameters | What else is written; as `audience`. A value that is new each time makes a new token each time. |
    | `g.kept_apart_by()` (optional) | text | Whatever else that is written makes it another token, in words of your choice; as `audience`. Leave out what only proves who asks, as an assertion. |
    | `G::of_client` (optional) | `bool` | Is the token the client's own, nobody's? It is kept apart from the user's tokens then. Missing: so it is with `client_credentials`. |
    | `G::transient` (optional) | `bool` | Is what it writes good for a short time, or once, as an assertion is? Without an account of one's own its tokens are kept in memory alone then. Missing: no. |

    Text is what converts to `std::string_view` or `std::string`. A member of one of these names and another type is refused when the grant is used.

    A grant that names no scope leaves it to the server. `obtain` keeps its token as one of the scope that the answer names, or else of the registration's, but where `audience` or the like has it
    found by the same grant alone. `access_token` and `call` of a grant keep it as one that no scope was named for, and find it so; without the grant it is found by those who ask for no more
    than what the answer named.

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

/// Is the token that `Grant` gets the client's own? As its `of_client` says; where it says nothing, by its name.
template <grant Grant>
bool is_of_client() noexcept
{
    if constexpr (requires { { Grant::of_client } -> std::convertible_to<bool>; }) return Grant::of_client;
    else return std::string_view(Grant::grant_type) == "client_credentials";
}

/// Is what `Grant` writes soon over, so that what it brings is not worth storing? As its `transient` says.
template <grant Grant>
constexpr bool is_transient() noexcept
{
    if constexpr (requires { { Grant::transient } -> std::convertible_to<bool>; }) return Grant::transient;
    else return false;
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

/// As above, with a claims request beside what the grant writes. Nothing is added where `claims` is empty, or the grant has written its own.
template <grant Grant>
form token_request_body(Grant const& what, std::string_view claims)
{
    auto body = token_request_body(what);
    if (body.str().find("&claims=") == body.str().npos) body.add_if("claims", claims);
    return body;
}

} // namespace oauth

#endif
