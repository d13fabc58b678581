#ifndef OAUTH_RESPONSE_DECODE_REVOCATION_RESPONSE_HPP
#define OAUTH_RESPONSE_DECODE_REVOCATION_RESPONSE_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/error/result.hpp>
#include <oauth/response/detail/json_answer.hpp>
#include <cstddef>

namespace oauth {

/** Read the answer of a revocation endpoint. What a success says beside its status does not matter, and is not looked at.

    @return Nothing: the token is revoked, or was not valid any more; or
        @li server_errc::unsupported_token_type: this server does not revoke tokens of this kind, as a rule access tokens; they live on until they expire,
        @li any other @ref server_errc, with the server's words, when the body is an OAuth error,
        @li errc::unexpected_status for any other status but 200; 503 and 429 will pass, and the advice is to retry, after `Retry-After` where the server sends it,
        @li errc::redirect_refused for 3xx.

    @par Specification
    RFC 7009 2.2
*/
inline result<void> decode_revocation_response(http_response const& response, std::size_t max_size = 1 << 20)
{
    if (response.status == 200) return {};
    return detail::endpoint_failure(response, "revocation endpoint", max_size);
}

} // namespace oauth

#endif
