#ifndef OAUTH_OIDC_SIGNED_IN_HPP
#define OAUTH_OIDC_SIGNED_IN_HPP

#include <oauth/core/token_response.hpp>
#include <oauth/oidc/id_token.hpp>
#include <optional>

namespace oauth {

/// What a sign-in brought: what the token endpoint said and, where `openid` was asked for, who the user is.
struct signed_in : token_response
{
    /// The claims of the ID token, verified; empty where `openid` was not asked for, or the server does not know it.
    std::optional<oauth::id_token> identity = {};
};

} // namespace oauth

#endif
