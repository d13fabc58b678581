#ifndef OAUTH_FLOW_DETAIL_WANTS_DPOP_NONCE_HPP
#define OAUTH_FLOW_DETAIL_WANTS_DPOP_NONCE_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/response/challenge.hpp>
#include <oauth/response/decode_token_response.hpp>

namespace oauth::detail {

/// Was the request refused only for the lack of the server's newest nonce (RFC 9449 8 and 9)?
inline bool wants_dpop_nonce(http_response const& answer)
{
    if (answer.status != 400 && answer.status != 401) return false;
    auto const challenges = parse_challenges(answer.fields);
    for (auto const& one : challenges)
        if (auto const error = one.find("error"); error && *error == "use_dpop_nonce") return true;
    auto const decoded = decode_token_response(answer);
    return decoded.has_error() && decoded.error().code == server_errc::use_dpop_nonce;
}

} // namespace oauth::detail

#endif
