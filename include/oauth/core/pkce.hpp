#ifndef OAUTH_CORE_PKCE_HPP
#define OAUTH_CORE_PKCE_HPP

#include <oauth/config.hpp>
#include <oauth/core/secret.hpp>
#include <cstddef>
#include <span>
#include <string>

namespace oauth {

/** Proof Key for Code Exchange, method S256: the verifier that stays here, and the challenge that goes ahead.

    `plain` is not offered (RFC 9700 2.1.1).

    @par Specification
    RFC 7636 4.1 and 4.2
*/
struct pkce
{
    secret verifier;         ///< 43 characters: base64url of 32 random bytes
    std::string challenge;   ///< base64url(SHA-256(verifier)), 43 characters

    /// Make both of 32 random bytes.
    static pkce from_random(std::span<std::byte const, 32> random);

    /// The challenge that belongs to `verifier`.
    static std::string s256(std::string_view verifier);
};

} // namespace oauth

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/core/impl/pkce.ipp>
#endif

#endif
