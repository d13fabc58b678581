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

/** Is the ID token that a renewal brought to take the place of the kept one?

    Signatures are not looked at: both came over TLS from the token endpoint itself (OpenID Connect Core 3.1.3.7, 6). So the one that comes is as good as the kept one, which was verified or will
    be when it is read (`session::id_token_trusted`): by then the keys of today may be gone.

    @return True where there is nothing to compare it with. False where it can't be read, such as an unsigned one (Microsoft's v1 sends these with renewals): a renewal must not fail of
        that, for its refresh token may have been changed; then the earlier one stays. Or what @ref check_renewed_id_token finds.
*/
inline result<bool> takes_place_of(secret const& brought, secret const& kept)
{
    if (brought.empty() || kept.empty()) return true;
    auto const newer = read_unverified_id_token(brought);
    if (!newer) return false;
    auto const earlier = read_unverified_id_token(kept);
    if (!earlier) return true;
    if (auto const same = check_renewed_id_token(*newer, *earlier); same.has_error()) return same.error();
    return true;
}

} // namespace oauth::detail

#endif
