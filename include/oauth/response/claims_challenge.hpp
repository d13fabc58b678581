#ifndef OAUTH_RESPONSE_CLAIMS_CHALLENGE_HPP
#define OAUTH_RESPONSE_CLAIMS_CHALLENGE_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/claims_request.hpp>
#include <oauth/response/challenge.hpp>
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth {

/** Decode the `claims` of a challenge: base64 of JSON, in either alphabet, padded or not; or the JSON itself.

    @return The JSON text as it is, untrusted; or errc::malformed_claims where it is no JSON object of at most 16 KiB. The failure holds nothing of it.

    @par Specification
    Microsoft identity platform, claims challenges; RFC 4648 4 and 5
*/
inline result<std::string> decode_claims_challenge(std::string_view claims)
{
    auto const refused = [](char const* hint) { return failure(errc::malformed_claims, advice::give_up, hint); };
    auto const begin = claims.find_first_not_of(" \t\r\n");
    if (begin == claims.npos) return refused("there are no claims in the challenge");
    if (claims.size() > claims_request_limit / 3 * 4 + 8) return refused("the claims of the challenge are longer than 16 KiB");
    std::string text(claims);
    if (claims[begin] != '{')
    {
        while (text.ends_with('=')) text.pop_back();
        std::replace(text.begin(), text.end(), '+', '-');
        std::replace(text.begin(), text.end(), '/', '_');
        auto decoded = base64url_decode(text);
        if (!decoded) return refused("the claims of the challenge are neither base64 nor JSON");
        text = std::move(*decoded);
    }
    if (text.empty() || detail::parse_claims_request(text).has_error()) return refused("the claims of the challenge are no JSON object of at most 16 KiB");
    return text;
}

/** The claims that an API wants in the token: those of the first challenge that says `insufficient_claims` and has some that can be decoded. Nothing where there is none.

    @return JSON text, untrusted: for `access_token_query::claims_challenge`, or `authorization_options::claims` where the user must sign in again.

    @par Specification
    Microsoft identity platform, claims challenges and continuous access evaluation
*/
inline std::optional<std::string> claims_challenge(std::vector<challenge> const& challenges)
{
    for (auto const& one : challenges)
    {
        auto const claims = one.find("error") == "insufficient_claims" ? one.find("claims") : std::nullopt;
        if (!claims) continue;
        if (auto decoded = decode_claims_challenge(*claims)) return std::move(*decoded);
    }
    return std::nullopt;
}

/// As above, of an API's answer; nothing unless its status is 401, or 403, which some send.
inline std::optional<std::string> claims_challenge(http_response const& answer)
{
    if (answer.status != 401 && answer.status != 403) return std::nullopt;
    return claims_challenge(parse_challenges(answer.fields));
}

} // namespace oauth

#endif
