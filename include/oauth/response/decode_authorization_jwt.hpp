#ifndef OAUTH_RESPONSE_DECODE_AUTHORIZATION_JWT_HPP
#define OAUTH_RESPONSE_DECODE_AUTHORIZATION_JWT_HPP

#include <oauth/core/detail/percent_encode.hpp>
#include <oauth/core/detail/unwrapped.hpp>
#include <oauth/core/detail/wipe.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/core/issuer.hpp>
#include <oauth/core/pending_authorization.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/jose/jwt_times.hpp>
#include <oauth/response/authorization_response.hpp>
#include <oauth/response/detail/redirect_parts.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

namespace detail {

inline constexpr std::size_t authorization_jwt_limit = 64 * 1024;

/// The token in a redirect, which holds nothing else of interest.
inline result<std::string> find_authorization_jwt(std::string_view text, std::string_view redirect_uri)
{
    auto const refused = [](errc why, char const* hint) { return failure(why, advice::sign_in_again, hint); };
    if (text.size() > authorization_jwt_limit) return refused(errc::malformed_redirect, "longer than 64 KiB");
    text = unwrapped(text);
    auto const parts = take_apart(text);
    if (!parts.bare && !parts.base.empty() && !same_redirect_uri(redirect_uri, parts.base))
        return refused(errc::redirect_uri_mismatch, "this is not the URL that the browser shows after the sign-in");
    auto parameters = parse_form(parts.bare ? std::string_view() : parts.parameters);
    if (parameters.has_error()) return parameters.error();
    std::optional<std::string> found;
    for (auto& [name, value] : *parameters)
    {
        if (name != "response") continue;
        if (found) return refused(errc::duplicate_parameter, "response");
        found = std::move(value);
    }
    if (!found || found->empty()) return refused(errc::malformed_redirect, "a signed answer was asked for, and this is none");
    return std::move(*found);
}

inline std::string_view text_claim(boost::json::object const& claims, std::string_view name) noexcept
{
    auto const* const value = claims.if_contains({name.data(), name.size()});
    auto const* const text = value ? value->if_string() : nullptr;
    return text ? std::string_view(text->data(), text->size()) : std::string_view();
}

/// Is `aud` this client, or a list with it (RFC 7519 4.1.3)?
inline bool is_meant_for(boost::json::object const& claims, std::string_view client_id) noexcept
{
    boost::json::string_view const wanted(client_id.data(), client_id.size());
    auto const* const value = claims.if_contains("aud");
    if (value == nullptr || client_id.empty()) return false;
    if (auto const* const one = value->if_string()) return *one == wanted;
    auto const* const list = value->if_array();
    return list && std::any_of(list->begin(), list->end(), [wanted](boost::json::value const& each) { return each.is_string() && each.get_string() == wanted; });
}

/// Does a redirect that is yet to be verified name this state?
inline bool names_state(std::string_view text, std::string_view state)
{
    text = unwrapped(text);
    auto const token = find_authorization_jwt(text, text.substr(0, text.find_first_of("?#")));
    if (token.has_error() || state.empty()) return false;
    auto const read = decode_unverified_jwt(*token, authorization_jwt_limit);
    return read.has_value() && secret(state).matches(text_claim(read->claims, "state"));
}

} // namespace detail

/** Verify a signed redirect (JARM), and give what it says as a query, for @ref parse_authorization_response.

    @param text The whole redirected URL, its query or fragment, or a form_post body. Untrusted, at most 64 KiB.
    @param pending The sign-in that it must belong to.
    @param client_id Whom it must be meant for.
    @param keys The server's.
    @param now The client's clock; `leeway` is how far it may be from the server's.

    @return The parameters, or
        @li errc::malformed_redirect, errc::redirect_uri_mismatch, errc::duplicate_parameter, errc::malformed_encoding, errc::too_many_parameters,
        @li what @ref verify_jwt finds wrong with the token,
        @li errc::malformed_token for a JWT of another type (`typ`),
        @li errc::issuer_mismatch, errc::audience_mismatch,
        @li errc::claim_missing without `exp`, errc::malformed_claims, and what @ref check_jwt_times finds wrong with `exp`, and with `nbf` and `iat` where they are there.

    @par Specification
    JWT Secured Authorization Response Mode for OAuth 2.0 (JARM) 2.4, RFC 8725 3.11
*/
inline result<secret> decode_authorization_jwt(std::string_view text, pending_authorization const& pending, std::string_view client_id, jwk_set const& keys, jws_algorithms allowed,
                                               time_point now, seconds leeway = seconds(300))
{
    auto token = detail::find_authorization_jwt(text, pending.redirect_uri);
    if (token.has_error()) return std::move(token).error();
    auto verified = verify_jwt(*token, keys, allowed, detail::authorization_jwt_limit);
    detail::wipe(*token);
    if (verified.has_error()) return std::move(verified).error();
    if (!verified->header.is_plain_jwt()) return failure(errc::malformed_token, advice::give_up, "this is a token of another type than a signed answer of the authorization endpoint");
    auto const& claims = verified->claims;
    if (!issuer_matches(pending.issuer, detail::text_claim(claims, "iss")))
        return failure(errc::issuer_mismatch, advice::give_up, "another server signed the answer than the one that was asked");
    if (!detail::is_meant_for(claims, client_id)) return failure(errc::audience_mismatch, advice::give_up, "the signed answer is meant for another client");
    auto const times = jwt_times::read(claims);
    if (times.has_error()) return times.error();
    if (!times->expires_at) return failure(errc::claim_missing, advice::give_up, "the signed answer does not say when it expires: the claim exp");
    if (auto good = check_jwt_times(*times, now, leeway); good.has_error())
    {
        auto why = std::move(good).error();
        // The redirect may have been slow to come: another one is not.
        if (why.code == errc::token_expired) why.next = advice::sign_in_again;
        return why;
    }

    secret query;
    for (auto const& member : claims)
    {
        std::string_view const name(member.key().data(), member.key().size());
        auto const* const value = member.value().if_string();
        if (value == nullptr || name == "aud" || name == "jti") continue;
        std::string encoded(detail::percent_encoded_bound(name) + 1 + detail::percent_encoded_bound({value->data(), value->size()}), '\0');
        char* out = detail::percent_encode(name, encoded.data());
        *out++ = '=';
        out = detail::percent_encode({value->data(), value->size()}, out);
        if (!query.empty()) query.append("&");
        query.append({encoded.data(), static_cast<std::size_t>(out - encoded.data())});
        detail::wipe(encoded);
    }
    return query;
}

} // namespace oauth

#endif
