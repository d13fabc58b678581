#ifndef OAUTH_CORE_TOKEN_FRESHNESS_HPP
#define OAUTH_CORE_TOKEN_FRESHNESS_HPP

#include <oauth/core/time_point.hpp>
#include <optional>
#include <string>

namespace oauth {

/** How good a kept token must be to serve, where all else about it is said already.

    An aggregate, made to be written with designated initialisers: `flow.access_token(grant, {.minimum_life = 30min})`.
*/
struct token_freshness
{
    std::optional<seconds> minimum_life = std::nullopt;   ///< how long it must still live at least, instead of the flow's expiry margin
    bool renew = false;                                   ///< leave the kept token aside and get a new one
    std::string claims_challenge = {};                    ///< the claims that an API wants which refused the kept token; the one that is asked with them takes its place
};

} // namespace oauth

#endif
