#ifndef OAUTH_REQUEST_GRANT_HPP
#define OAUTH_REQUEST_GRANT_HPP

#include <oauth/core/form.hpp>
#include <oauth/core/scope.hpp>
#include <concepts>
#include <optional>
#include <ranges>
#include <string>
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
    | `g.scope` (optional) | converts to `oauth::scope` | What the token is asked for, so that it is found again by those who ask for that. Missing or empty: what the answer says, or else the registration's. |
    | `g.resource` (optional) | converts to `std::string`, or a range of such | The resource that the token is for. Missing: the registration's. Empty: none. |
    | `g.claims` (optional) | converts to `std::string` | The claims request that is sent. Missing or empty: the registration's. |
    | `G::of_client` (optional) | `bool` | Is the token the client's own, nobody's? It is kept apart from the user's tokens then. Missing: so it is with `client_credentials`. |
    | `G::transient` (optional) | `bool` | Is what it writes good for a short time, or once, as an assertion is? Without an account of one's own its tokens are kept in memory alone then. Missing: no. |

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

/// What a grant says of the token that it asks for; what it does not say is empty.
struct asked_token
{
    oauth::scope scope;
    std::optional<std::string> resource;
    std::string claims = {};
    bool of_client = false;
};

/// The optional members of `what`, as the table of @ref grant has them. Several resources are one text, with a blank between each.
template <grant Grant>
asked_token asked_terms(Grant const& what)
{
    asked_token made;
    if constexpr (requires { { what.scope } -> std::convertible_to<oauth::scope>; }) made.scope = what.scope;
    if constexpr (requires { { what.resource } -> std::convertible_to<std::string>; }) made.resource = what.resource;
    else if constexpr (requires { { *std::ranges::begin(what.resource) } -> std::convertible_to<std::string>; })
    {
        made.resource.emplace();
        for (std::string const& one : what.resource) (made.resource->empty() ? *made.resource : *made.resource += ' ') += one;
    }
    if constexpr (requires { { what.claims } -> std::convertible_to<std::string>; }) made.claims = what.claims;
    made.of_client = oauth::is_of_client<Grant>();
    return made;
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
