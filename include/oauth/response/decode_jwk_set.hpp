#ifndef OAUTH_RESPONSE_DECODE_JWK_SET_HPP
#define OAUTH_RESPONSE_DECODE_JWK_SET_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/response/detail/json_answer.hpp>
#include <cstddef>

namespace oauth {

/** Read the keys that a server publishes at its `jwks_uri`.

    @param max_size The most bytes that are looked at. The default is that of `beast_transport_options::max_body_size`, too.

    @return The keys; or errc::redirect_refused, errc::unexpected_status, errc::unexpected_content_type, or errc::malformed_key_set.

    @par Specification
    RFC 7517 5, OpenID Connect Core 10.1.1
*/
inline result<jwk_set> decode_jwk_set(http_response const& response, std::size_t max_size = std::size_t{4} << 20)
{
    auto const text = detail::json_text(response, {200}, "jwks_uri", max_size);
    if (text.has_error()) return text.error();
    return jwk_set::parse(*text, max_size);
}

} // namespace oauth

#endif
