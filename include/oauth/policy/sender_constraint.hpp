#ifndef OAUTH_POLICY_SENDER_CONSTRAINT_HPP
#define OAUTH_POLICY_SENDER_CONSTRAINT_HPP

#include <oauth/core/access_token.hpp>
#include <oauth/core/endpoint.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <concepts>
#include <string_view>

namespace oauth {

/// Can it bind the tokens that a request to the server brings?
template <class C>
concept binds = requires(C& constraint, http_request& request, time_point now) {
    { constraint.bind(request, now) } -> std::same_as<result<void>>;
};

/// Can it present a token to an API?
template <class C>
concept presents = requires(C& constraint, http_request& request, access_token const& token, time_point now) {
    { constraint.present(request, token, now) } -> std::same_as<result<void>>;
};

/// Does it learn from answers?
template <class C>
concept learns = requires(C& constraint, endpoint const& from, http_response const& answer) {
    { constraint.learn(from, answer) } -> std::same_as<bool>;
};

/// Does it say which key it binds to?
template <class C>
concept names_key = requires(C const& constraint) {
    { constraint.thumbprint() } -> std::convertible_to<std::string_view>;
};

/** The role that ties access tokens to who may use them.

    | expression | type | meaning |
    |---|---|---|
    | `c.bind(request, now)` | `result<void>` | Add to a request to the token endpoint, or of a pushed authorization request, what binds its tokens. |
    | `c.present(request, token, now)` | `result<void>` | Put the token into a request to an API, with the proof that we may use it. |
    | `c.learn(from, answer)` | `bool` | Look at an answer of `from`. True where it says something that a repeated request would heed, even if it is known already: another thread may have learned it while this request was under way. |
    | `c.thumbprint()` | `std::string_view` | The thumbprint (RFC 7638) of the key that tokens are bound to; "" where there is none. The same for as long as the object lives. |

    `request` has its method and URL. If the flow is used by several threads, all of it is called by several threads.

    @par Exemplar
    @code
    struct my_constraint
    {
        oauth::result<void> bind(oauth::http_request& request, oauth::time_point now);
        oauth::result<void> present(oauth::http_request& request, oauth::access_token const& token, oauth::time_point now);
        bool learn(oauth::endpoint const& from, oauth::http_response const& answer);
        std::string_view thumbprint() const;
    };
    static_assert(oauth::check_sender_constraint<my_constraint>());
    @endcode

    @par Models
    `bearer`, `dpop`
*/
template <class C>
concept sender_constraint = std::move_constructible<C> && binds<C> && presents<C> && learns<C> && names_key<C>;

/// For the author of a constraint: fails to compile with a sentence that says what is missing.
template <class C>
consteval bool check_sender_constraint()
{
    static_assert(std::move_constructible<C>, "sender_constraint: must be movable");
    static_assert(binds<C>, "sender_constraint: needs `oauth::result<void> bind(oauth::http_request&, oauth::time_point)`");
    static_assert(presents<C>, "sender_constraint: needs `oauth::result<void> present(oauth::http_request&, oauth::access_token const&, oauth::time_point)`");
    static_assert(learns<C>, "sender_constraint: needs `bool learn(oauth::endpoint const& from, oauth::http_response const& answer)`");
    static_assert(names_key<C>, "sender_constraint: needs `std::string_view thumbprint() const`");
    return sender_constraint<C>;
}

/** None: whoever has the token may use it (RFC 6750).

    `present` fails with errc::unsupported_token_type for a token of another type than "Bearer", compared without regard to case.
*/
struct bearer
{
    result<void> bind(http_request&, time_point) const { return {}; }

    result<void> present(http_request& request, access_token const& token, time_point) const
    {
        if (!detail::ascii_iequal(token->token_type, "Bearer"))
            return failure(errc::unsupported_token_type, advice::fix_configuration, "only bearer tokens can be presented; for DPoP see the policy dpop");
        request.authorization = token.authorization();
        return {};
    }

    bool learn(endpoint const&, http_response const&) const noexcept { return false; }
    std::string_view thumbprint() const noexcept { return {}; }
};
static_assert(check_sender_constraint<bearer>());

} // namespace oauth

#endif
