#ifndef OAUTH_RESPONSE_DECODE_TOKEN_RESPONSE_HPP
#define OAUTH_RESPONSE_DECODE_TOKEN_RESPONSE_HPP

#include <oauth/config.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/token_response.hpp>
#include <oauth/error/result.hpp>
#include <cstddef>

namespace oauth {

/** Decode the answer of a token endpoint.

    One pass over the body, straight into the result, without a DOM. Looks at no clock and no global. A form-encoded answer, by its Content-Type, is read as well: GitHub
    writes one to whoever does not ask for JSON, and a gateway may take that wish away.

    How a number is read (`expires_in`, `ext_expires_in`, `refresh_in`, `refresh_token_expires_in`, `id_token_expires_in`, `not_before`, `expires_on`), each of
    which servers send as a JSON number or as a string:

    | JSON | outcome |
    |---|---|
    | absent, `null`, `""` | empty |
    | `3599`, `"3599"`, `" 3599 "` | 3599 |
    | `3599.9`, `3.599e3`, `"3599.9"` | 3599: the fraction is cut off |
    | `0`, `-5`, `"-5"` | 0, -5: expired. A moment before 1970 becomes 1970. |
    | over 2^31-1 s, or after the year 9999 | that limit; but an exponent over 2^31-1 is no JSON here |
    | anything else: `true`, `[]`, `{}`, `"soon"` | empty; its name is in `unusable`, its JSON in `extra` |

    A known text of another type (`scope`, `resource` …) goes the way of the last row. A member that is not known is kept in `extra`. So are,
    in a success, the texts that only an error should have (`claims`, `correlation_id` …), each cut after 4096 bytes, behind all others. An `error` that is `null` or
    "" says nothing.

    @param response The answer. Its body is read only.
    @param max_size The most bytes that are looked at.

    @return The tokens (status 200 with an access token or an ID token), or
        @li a @ref server_errc, with the server's words and `Retry-After`, when the body is an OAuth error, whatever the status,
        @li errc::unexpected_status for any other status but 200: the advice is to retry, but for 404, 405, 410 and 501,
        @li errc::redirect_refused for 3xx,
        @li errc::unexpected_content_type when a 200 is neither JSON nor a form by its Content-Type (an absent one is let pass): a proxy's page, for instance; the advice is to retry,
        @li errc::response_not_json, errc::response_not_utf8, errc::response_not_an_object, errc::response_too_large, errc::response_too_deep (over 16), errc::response_duplicate_member,
        @li errc::malformed_encoding or errc::too_many_parameters for a form-encoded answer that can't be decoded,
        @li errc::response_wrong_type when a token or `token_type` is not a string,
        @li errc::response_missing_member when there is neither an access token nor an ID token, or an access token without `token_type`.

    What is broken in transit or by a proxy may be whole the next time, so the advice for that is to retry, where what was sent is not spent by it; a member that is missing will be missing again.

    Of a body that is no OAuth error a failure holds at most what `server_message::body_excerpt` has: with errc::unexpected_status, its beginning, unless it speaks of tokens or
    passwords. What a refusing server repeats of the request must have been masked before, as the flow does it.

    @par Exception safety
    Strong; only allocation throws.

    @par Specification
    RFC 6749 5.1 and 5.2, RFC 6750 4, OpenID Connect Core 3.1.3.3
*/
OAUTH_DECL result<token_response> decode_token_response(http_response const& response, std::size_t max_size = 1 << 20);

namespace detail {

/// Is it an OAuth error, whatever else it holds and whatever its status is?
OAUTH_DECL bool is_error_answer(http_response const& response);

/// Is it form-encoded, by its Content-Type?
OAUTH_DECL bool is_form_answer(http_response const& response) noexcept;

} // namespace detail

} // namespace oauth

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/response/impl/decode_token_response.ipp>
#endif

#endif
