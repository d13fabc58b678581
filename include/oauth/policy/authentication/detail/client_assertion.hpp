#ifndef OAUTH_POLICY_AUTHENTICATION_DETAIL_CLIENT_ASSERTION_HPP
#define OAUTH_POLICY_AUTHENTICATION_DETAIL_CLIENT_ASSERTION_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/client.hpp>
#include <oauth/core/detail/deadline_after.hpp>
#include <oauth/core/form.hpp>
#include <oauth/core/time_point.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace oauth::detail {

inline constexpr std::string_view jwt_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The claims of an assertion that a client writes itself (RFC 7523 3).
inline boost::json::object assertion_claims(client const& who, std::string_view audience, std::span<std::byte const> random, seconds lifetime, time_point now)
{
    auto const at = now.time_since_epoch().count();
    return {{"iss", who.id}, {"sub", who.id}, {"aud", boost::json::string_view(audience.data(), audience.size())}, {"jti", base64url_encode(random)},
            {"iat", at}, {"nbf", at}, {"exp", at + bounded(lifetime).count()}};
}

/// Add the assertion to the body (RFC 7521 4.2).
inline void add_assertion(form& body, client const& who, std::string_view assertion)
{
    body.add("client_id", who.id).add("client_assertion_type", jwt_assertion_type).add("client_assertion", assertion);
}

} // namespace oauth::detail

#endif
