#ifndef OAUTH_CORE_IMPL_PKCE_IPP
#define OAUTH_CORE_IMPL_PKCE_IPP

#include <oauth/core/pkce.hpp>
#include <oauth/core/base64url.hpp>
#include <oauth/core/sha256.hpp>
#include <utility>

namespace oauth {

OAUTH_DECL pkce pkce::from_random(std::span<std::byte const, 32> random)
{
    std::string verifier(base64url_size(random.size()), '\0');
    base64url_encode(random, verifier.data());
    auto challenge = s256(verifier);
    return {secret(std::move(verifier)), std::move(challenge)};
}

OAUTH_DECL std::string pkce::s256(std::string_view verifier)
{
    auto const digest = sha256(verifier);
    return base64url_encode(std::span<std::byte const>(digest));
}

} // namespace oauth

#endif
