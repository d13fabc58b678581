#ifndef OAUTH_REQUEST_AUTHORIZATION_REQUEST_HPP
#define OAUTH_REQUEST_AUTHORIZATION_REQUEST_HPP

#include <oauth/config.hpp>
#include <oauth/core/bare_code.hpp>
#include <oauth/core/client.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/core/pending_authorization.hpp>
#include <oauth/core/server_metadata.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth {

/** What one sign-in asks for beyond the client's registration. What is left empty is not sent, or taken from the client.

    An aggregate, made to be written with designated initialisers: `flow.authorize({.prompt = "select_account"})`.
*/
struct authorization_options
{
    std::optional<oauth::scope> scope = std::nullopt;   ///< instead of the client's
    std::string prompt = {};                            ///< `login`, `none`, `consent`, `select_account`, `create` …
    std::optional<seconds> max_age = {};                ///< how long ago the user may have proved who they are, at most; with `openid` the ID token must show it
    std::string login_hint = {};                        ///< the user's name, if it is known
    std::string domain_hint = {};                       ///< Microsoft: `organizations`, `consumers` or a domain
    std::string response_mode = {};                     ///< `query` (the server's default), `form_post`, `fragment`; signed as well: `query.jwt`, `form_post.jwt`, `fragment.jwt`, `jwt` (JARM)
    std::string claims = {};                            ///< a claims request, as JSON, instead of the client's; a @ref flow merges the two first
    std::string acr_values = {};                        ///< how the user should prove who they are, best first, with blanks between: a wish; to demand it see @ref essential_acr
    std::string resource = {};                          ///< instead of the client's: what the first token is for

    /// Further resources that the user is asked to allow (RFC 8707 2.1), each an absolute URI. A token is for one: get theirs by `flow.access_token({.resource = …})`.
    std::vector<std::string> also_resources = {};

    std::string redirect_uri = {};                      ///< instead of the client's, which differs in its port
    form_parameters extra = {};                         ///< anything else; must not repeat a parameter that stands for itself, nor hold `claims` or `max_age`

    /// Push the request ahead (RFC 9126), though the server does not demand it: then it goes to the server itself, and nobody can read or change it in the browser.
    bool pushed = false;

    /// May a code by itself stand for the whole answer? Not part of the request: remembered until the answer comes.
    oauth::bare_code bare_code = oauth::bare_code::unless_issuer_promised;
};

/// Does a request with these options go to the server ahead of the user (RFC 9126)?
inline bool is_pushed(server_metadata const& server, authorization_options const& options) noexcept
{
    return options.pushed || server.require_pushed_authorization_requests;
}

/// How many random bytes one authorization request takes: 32 each for state, verifier and nonce.
inline constexpr std::size_t authorization_request_entropy = 96;

/** Builds authorization requests. What is the same for every request of a client is encoded once, here.

    @par Thread safety
    Immutable after construction: any number of threads may use it.

    @par Specification
    RFC 6749 4.1.1, RFC 7636 4.3, OpenID Connect Core 3.1.2.1, RFC 9700 2.1, RFC 8707 2.1, RFC 9126 2.1 and 4
*/
class authorization_request
{
    std::string prefix_;               // endpoint?response_type=code&code_challenge_method=S256&client_id=…
    std::size_t begin_ = 0;            // where in it our own parameters begin
    std::size_t client_id_ = 0;        // where in it "&client_id=" begins
    std::string redirect_uri_;         // &redirect_uri=…
    std::string scope_;                // &scope=…
    std::string claims_;               // &claims=…
    std::string resource_;             // &resource=…
    form_parameters endpoint_query_;   // what the endpoint's URL brings along
    bool asks_openid_ = false;

public:
    authorization_request() = default;

    authorization_request(server_metadata const& server, client const& who);

    /** Make what is random, build the URL, and remember what the answer must match.

        @param server, who Those that this object was made of.
        @param random Fresh random bytes, used for nothing else.
        @param now The client's clock.

        @return The pending authorization, or
            @li errc::missing_endpoint where the server has no authorization endpoint,
            @li errc::invalid_client where there is no redirect URI,
            @li errc::invalid_scope,
            @li errc::duplicate_parameter where `options.extra`, or the endpoint's own query, repeats a parameter that is set already, or would stand for another request
                than the one that is pushed ahead (`request_uri`); and where `options.extra` holds `claims` or `max_age`, by which the answer is checked.

        Whether the request is to be pushed ahead is for the caller to see to, by @ref is_pushed; the URL is the same.

        @par Complexity
        Linear; one allocation for the URL, and one for each text that is remembered.
    */
    result<pending_authorization> operator()(server_metadata const& server, client const& who, authorization_options const& options,
                                             std::span<std::byte const, authorization_request_entropy> random, time_point now) const;

    /** The URL by itself: the part of @ref operator() that is neither random nor remembered.

        Nothing is checked: neither that a redirect URI is there, nor that `options.extra` repeats nothing.

        @param state, challenge, nonce Any text; an empty one is not sent.

        @par Exception safety
        Strong; only allocation throws.

        @par Complexity
        Linear; exactly one allocation.
    */
    std::string url(std::string_view state, std::string_view challenge, std::string_view nonce, authorization_options const& options) const;

    /** What of a URL of @ref operator() or @ref url is pushed ahead: all parameters but `client_id`, and but for those that the endpoint's own URL brings along.

        @param url Made by this very object; it may have been signed since (@ref sign_request, or a signer of one's own): then `request` is left, and what else the signer left.
    */
    std::string pushed_parameters(std::string_view url) const;

    /// The URL that stands for a request that was pushed ahead: the endpoint with `client_id` and `request_uri` (RFC 9126 4).
    std::string pushed_url(std::string_view request_uri) const;

private:
    /// `name` followed by the encoded value; nothing where the value is empty.
    static std::string encoded(std::string_view name, std::string_view value);

    /// The response mode that the request names, wherever it stands.
    std::string_view asked_response_mode(authorization_options const& options) const noexcept;

    /// Which parameter would stand in the URL twice, as a hint; "" where none would (RFC 6749 3.1).
    std::string repeated(pending_authorization const& made, authorization_options const& options, bool pushed) const;
};

} // namespace oauth

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/request/impl/authorization_request.ipp>
#endif

#endif
