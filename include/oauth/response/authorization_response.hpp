#ifndef OAUTH_RESPONSE_AUTHORIZATION_RESPONSE_HPP
#define OAUTH_RESPONSE_AUTHORIZATION_RESPONSE_HPP

#include <oauth/config.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/core/pending_authorization.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/error/result.hpp>
#include <string>
#include <string_view>

namespace oauth {

namespace detail {

/** Does a redirect that can't be read name this state, be it twice, and no other? It is looked for in each parameter that can be decoded, and compared in constant time.

    For what @ref parse_authorization_response refuses before it looks at the state.
*/
OAUTH_DECL bool names_plain_state(std::string_view text, std::string_view state);

} // namespace detail

/** What the user's browser brought back: the code, checked against the sign-in that it must belong to.

    @par Specification
    RFC 6749 4.1.2, RFC 9207 2, OpenID Connect Core 3.1.2.5
*/
struct authorization_response
{
    secret code;

    /// Was `state` there, and right? False only for a @ref bare_code, which brings none: then PKCE alone ties the code to this sign-in.
    bool state_checked = false;

    std::string session_state;   ///< OpenID Connect Session Management; opaque
    std::string client_info;     ///< Microsoft; see decode_client_info()
    form_parameters extra;       ///< every other parameter
};

/** Read what came back: the whole redirected URL, its query with or without '?', its fragment, a `form_post` body, or the bare code.

    Blanks, quotes and angle brackets around it are dropped, and so is the empty fragment that Microsoft appends. The URL may lack its scheme, or its host too, as address bars
    hand it out. The code is opaque: it may hold any character, and is decoded once. A bare code is decoded where it has a '%', as it stands in an address bar; its '+' stays a '+'.

    @param text Untrusted; at most 64 KiB.
    @param pending The sign-in that it must belong to. Its `bare_code` says whether a bare code will do; see @ref bare_code.

    @return The answer, or
        @li errc::malformed_redirect: nothing in it looks like an answer, it holds a control character, it is too long, or it is a signed answer (`response`), which was not asked for,
        @li errc::malformed_encoding: a '%' without two hexadecimal digits, or a URL that was percent-encoded as a whole, which its hint says,
        @li errc::too_many_parameters: more than 256,
        @li errc::duplicate_parameter: a parameter came twice (RFC 6749 3.1),
        @li errc::redirect_uri_mismatch: the URL is not the redirect URI of `pending`; the hint says how it begins,
        @li errc::bare_code_refused: a code by itself, where that is not accepted,
        @li errc::state_missing, errc::state_mismatch: it belongs to another sign-in, which may be an attack,
        @li errc::issuer_mismatch, errc::issuer_missing: another server answered (RFC 9207), or `iss` was promised and is not there,
        @li errc::code_and_error, errc::code_missing, errc::code_empty,
        @li errc::sign_in_cancelled: the user pressed cancel,
        @li a @ref server_errc that the server sent; `failure::server` has its words.

    The state is compared, in constant time, before an error is believed, so that a stranger can't end a sign-in. No failure holds a code or a state.

    @par Exception safety
    Strong; only allocation throws.
*/
OAUTH_DECL result<authorization_response> parse_authorization_response(std::string_view text, pending_authorization const& pending);

} // namespace oauth

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/response/impl/authorization_response.ipp>
#endif

#endif
