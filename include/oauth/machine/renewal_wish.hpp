#ifndef OAUTH_MACHINE_RENEWAL_WISH_HPP
#define OAUTH_MACHINE_RENEWAL_WISH_HPP

#include <oauth/core/access_token.hpp>
#include <oauth/error/advice_rule.hpp>
#include <oauth/machine/issue.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace oauth {

/// When is a kept token good enough?
enum class renew_when
{
    needed,     ///< it is, while it lives longer than the margin and is not due
    replaced,   ///< it is not, but one that somebody else has got since then is
    always,     ///< never: the server is asked
};

/// When does a renewal say which scope it wants?
enum class name_scope
{
    never,        ///< the server does not go by it
    when_needed,  ///< where the session was not granted all of it, or nobody knows: left out, the server gives what it granted (RFC 6749 6), whatever is wished
    always,
};

/// What is wanted of a @ref renewal, or of a @ref provisioning.
struct renewal_wish
{
    token_terms terms = {};                       ///< what the token is asked with
    oauth::scope named = {};                      ///< how the scope is written into the request; empty: as `terms.scope`
    name_scope names_scope = name_scope::when_needed;
    seconds margin{300};                          ///< how long the token must still live
    bool strict_margin = false;                   ///< the caller's own margin: a token with less life will not do, even in an outage
    bool use_extended_lifetime = false;           ///< in an outage `ext_expires_in` counts
    renew_when when = renew_when::needed;
    bool answer_suffices = false;                 ///< what the server says is wanted, be it a token that was granted less than was asked for
    access_token at_hand = {};                    ///< the token in memory: with `replaced` the one to be replaced, with `needed` the last resort
    std::string claims_challenge = {};            ///< JSON: claims that an API wants which refused the kept token. They are asked for beside those of `terms`
    std::optional<failure> held_off = {};         ///< the server wants to be left alone now (Retry-After), and said so with this
    std::span<advice_rule const> rules = {};      ///< the provider's; not owned
    std::size_t max_response_size = 1 << 20;
};

} // namespace oauth

#endif
