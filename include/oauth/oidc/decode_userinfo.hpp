#ifndef OAUTH_OIDC_DECODE_USERINFO_HPP
#define OAUTH_OIDC_DECODE_USERINFO_HPP

#include <oauth/core/detail/strict_json.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/issuer.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/jose/jwt_times.hpp>
#include <oauth/oidc/detail/claims_reader.hpp>
#include <oauth/oidc/userinfo.hpp>
#include <boost/json/object.hpp>
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth {

/// What an answer of the userinfo endpoint must agree with.
struct userinfo_expectations
{
    std::string subject = {};                                      ///< of the verified ID token; the answer is about nobody else
    std::string issuer = {};                                       ///< of a signed answer
    std::string client_id = {};                                    ///< the audience of a signed answer
    jws_algorithms algorithms = jws_algorithms::asymmetric();      ///< of a signed answer

    /// How far apart the clocks of server and client may be, either way: for a signed answer.
    seconds leeway{300};
};

namespace detail {

inline bool is_media_type(std::string_view content_type, std::string_view type) noexcept
{
    content_type = content_type.substr(0, content_type.find(';'));
    while (!content_type.empty() && (content_type.back() == ' ' || content_type.back() == '\t')) content_type.remove_suffix(1);
    return ascii_iequal(content_type, type);
}

/// The claims of a signed answer (OpenID Connect Core 5.3.2): those that only a token has are checked, and taken out.
inline result<boost::json::object> signed_userinfo(std::string_view text, userinfo_expectations const& expected, time_point now, jwk_set const& keys)
{
    auto verified = verify_jwt(text, keys, expected.algorithms);
    if (verified.has_error()) return std::move(verified).error();
    if (!verified->header.is_plain_jwt()) return failure(errc::malformed_token, advice::give_up, "this is a token of another type than a signed answer of the userinfo endpoint");
    std::optional<std::string> issuer;
    std::optional<std::vector<std::string>> audience;
    jwt_times times;
    claims_reader from(verified->claims);
    from.checked("iss", issuer);
    from.checked("aud", audience);
    from.checked("exp", times.expires_at);
    from.checked("nbf", times.not_before);
    from.checked("iat", times.issued_at);
    if (auto why = std::move(from).fault()) return std::move(*why);
    if (issuer && !issuer_matches(expected.issuer, *issuer)) return failure(errc::token_issuer_mismatch, advice::give_up, "the signed answer of the userinfo endpoint");
    if (audience && std::find(audience->begin(), audience->end(), expected.client_id) == audience->end())
        return failure(errc::audience_mismatch, advice::give_up, "the signed answer of the userinfo endpoint");
    if (auto const good = check_jwt_times(times, now, expected.leeway); good.has_error()) return good.error();
    return std::move(verified->claims);
}

} // namespace detail

/// Is this answer of the userinfo endpoint a signed one, for which the server's keys are needed?
inline bool is_signed_userinfo(http_response const& response) noexcept { return detail::is_media_type(find_field(response.fields, "Content-Type"), "application/jwt"); }

/** Read the answer of the userinfo endpoint: JSON, or a signed JWT.

    @param now The client's clock; looked at for a signed answer only.
    @param keys The server's; used for a signed answer only.
    @param max_size The most bytes that are looked at.

    @return What it says of the user, or
        @li errc::subject_mismatch where it speaks of another user than the ID token (OpenID Connect Core 5.3.4: a token may have been exchanged for another's),
        @li errc::unexpected_status for any status but 200; errc::unexpected_content_type for any but JSON and JWT,
        @li the values that begin with `response_`; what @ref verify_jwt finds wrong with a signed answer; errc::malformed_token for a JWT of another type (`typ`);
            errc::token_issuer_mismatch, errc::audience_mismatch; what @ref check_jwt_times finds wrong with its `exp`, `nbf` and `iat`, where they are there,
        @li errc::claim_missing, errc::malformed_claims.

    @par Specification
    OpenID Connect Core 5.3.2 to 5.3.4, RFC 8725 3.11
*/
inline result<userinfo> decode_userinfo(http_response const& response, userinfo_expectations const& expected, time_point now, jwk_set const& keys = {}, std::size_t max_size = 1 << 18)
{
    auto const failed = [&response](errc why, advice next, char const* hint) {
        failure made(why, next, hint);
        made.http_status = response.status;
        return made;
    };
    if (response.status != 200)
        return failed(errc::unexpected_status, response.status >= 500 || response.status == 429 ? advice::retry : advice::fix_configuration, "the userinfo endpoint wants a token with the scope openid");
    auto const text = response.body.reveal();
    if (text.size() > max_size) return failed(errc::response_too_large, advice::give_up, "");
    auto const content_type = find_field(response.fields, "Content-Type");
    bool const json = content_type.empty() || detail::is_media_type(content_type, "application/json");
    if (!json && !is_signed_userinfo(response)) return failed(errc::unexpected_content_type, advice::give_up, "neither JSON nor a JWT came from the userinfo endpoint");
    auto claims = json ? detail::strict_json_object(text, {.size = max_size}) : detail::signed_userinfo(text, expected, now, keys);
    if (claims.has_error()) return std::move(claims).error();
    auto who = userinfo::read(std::move(*claims));
    if (who.has_error()) return who;
    if (who->subject != expected.subject) return failure(errc::subject_mismatch, advice::sign_in_again, "the userinfo endpoint speaks of another user than the ID token");
    return who;
}

} // namespace oauth

#endif
