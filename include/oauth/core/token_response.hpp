#ifndef OAUTH_CORE_TOKEN_RESPONSE_HPP
#define OAUTH_CORE_TOKEN_RESPONSE_HPP

#include <oauth/core/secret.hpp>
#include <oauth/core/time_point.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth {

/** What a token endpoint said, faithfully: nothing is added, nothing is computed, nothing is dropped.

    A member that was absent or `null` is empty (`std::nullopt`), which is not the same as 0 or "" (but a token or a number that came as "" counts as absent). Durations are whole seconds, counted from when the
    server wrote the answer; moments are whole seconds since 1970 (UTC). How each JSON type of a number is read stands at @ref decode_token_response.

    The tokens are secrets: the members wipe themselves, `reveal()` shows them.

    @par Specification
    RFC 6749 5.1, OpenID Connect Core 3.1.3.3, RFC 8693 2.2.1, Microsoft identity platform (v2, v1, B2C, ADFS)
*/
struct token_response
{
    /// Type of the access token, as a rule "Bearer", in the server's own spelling (ADFS writes "bearer").
    std::optional<std::string> token_type;

    /// Seconds for which the access token is valid. Absent means unknown, not for ever; 0 or less means expired.
    std::optional<seconds> expires_in;

    /// Seconds of the extended validity: how long the token may still serve while the token service is out of order. May be 0.
    std::optional<seconds> ext_expires_in;

    /// Authenticates requests to the resource, such as Microsoft Graph. Opaque: never look into it.
    secret access_token;

    /// Obtains a new access token after expiry, without the user. Only with the scope `offline_access` on Microsoft's v2.
    secret refresh_token;

    /// The scope that was granted, tokens separated by blanks. Absent or "" means: as it was asked for.
    std::optional<std::string> scope;

    /// Who the user is, a signed JWT, if `openid` was asked for.
    secret id_token;

    /// The access token cannot be used before this moment. Sent by v1 and B2C.
    std::optional<time_point> not_before;

    /// The moment at which the access token expires, by the server's clock. Sent by v1 and B2C. Beside `expires_in` a session does not go by it: see @ref issue.
    std::optional<time_point> expires_on;

    /// Identifier of the resource that the access token is for. Sent by v1, B2C and ADFS.
    std::optional<std::string> resource;

    /// More about the user, base64url of JSON: decode_profile_info() reads it. Sent by B2C.
    std::optional<std::string> profile_info;

    // What servers send beside the eleven.

    std::optional<seconds> refresh_in;                  ///< renew from then on, though the token is still good
    std::optional<std::string> client_info;             ///< user and tenant id, base64url of JSON: decode_client_info() reads it
    std::optional<seconds> refresh_token_expires_in;    ///< seconds for which the refresh token is valid (B2C, ADFS)
    std::optional<seconds> id_token_expires_in;         ///< seconds for which the ID token is valid (B2C)
    std::optional<std::string> issued_token_type;       ///< RFC 8693: a URI that names the kind of token
    std::optional<std::string> foci;                    ///< "1": the client is of Microsoft's own family

    /// A member of the answer that has no place above.
    struct extra_member
    {
        std::string name;
        secret json;   ///< its value as JSON text, since it may be a token as well: strings keep their quotes
    };

    /// All other members, in the server's order, at most 64 of them.
    std::vector<extra_member> extra;

    /// Members above whose value could not be used (a boolean as `expires_in`, a text that is no number …): each is empty above, its JSON stands in `extra`.
    std::vector<std::string> unusable;

    /// The extra member called `name` as JSON text, or nothing.
    std::optional<std::string_view> find_extra(std::string_view name) const noexcept
    {
        for (auto const& member : extra)
            if (member.name == name) return member.json.reveal();
        return std::nullopt;
    }
};

} // namespace oauth

#endif
