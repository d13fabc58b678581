#ifndef OAUTH_MACHINE_DETAIL_RENEWED_IDENTITY_HPP
#define OAUTH_MACHINE_DETAIL_RENEWED_IDENTITY_HPP

#include <oauth/core/secret.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/oidc/check_id_token.hpp>
#include <oauth/oidc/id_token.hpp>
#include <optional>
#include <utility>

namespace oauth::detail {

/// What an ID token says, whoever has signed it; nothing where it can't be read.
inline std::optional<id_token> read_unverified_id_token(secret const& token)
{
    auto read = decode_unverified_jwt(token.reveal());
    if (read.has_error()) return std::nullopt;
    auto claims = id_token::read(std::move(read->claims));
    if (claims.has_error()) return std::nullopt;
    return std::move(*claims);
}

/// What becomes of the ID token that a renewal brought.
enum class renewed_identity
{
    agrees,         ///< it takes the place of the kept one, and is as good as that
    stays_out,      ///< there is none, or it can't be read: the kept one stays
    not_compared,   ///< it takes the place of what there was, but nothing speaks for it
};

/** Is the ID token that a renewal brought to take the place of the kept one?

    Signatures are not looked at: both came over TLS from the token endpoint itself (OpenID Connect Core 3.1.3.7, 6). So the one that comes is as good as the kept one, which was verified or will
    be when it is read (`session::id_token_trusted`): by then the keys of today may be gone.

    @return What becomes of it, or what @ref check_renewed_id_token finds. It can't be read, say, where it is unsigned (Microsoft's v1 sends these with renewals): a renewal must not fail of that, for
        its refresh token may have been changed.
*/
inline result<renewed_identity> compare_identity(secret const& brought, secret const& kept)
{
    if (brought.empty()) return renewed_identity::stays_out;
    if (kept.empty()) return renewed_identity::not_compared;
    auto const newer = read_unverified_id_token(brought);
    if (!newer) return renewed_identity::stays_out;
    auto const earlier = read_unverified_id_token(kept);
    if (!earlier) return renewed_identity::not_compared;
    if (auto const same = check_renewed_id_token(*newer, *earlier); same.has_error()) return same.error();
    return renewed_identity::agrees;
}

} // namespace oauth::detail

#endif
