#ifndef OAUTH_REQUEST_SIGN_REQUEST_HPP
#define OAUTH_REQUEST_SIGN_REQUEST_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/client.hpp>
#include <oauth/core/detail/percent_encode.hpp>
#include <oauth/core/detail/query_separator.hpp>
#include <oauth/core/detail/strict_json.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/core/issuer.hpp>
#include <oauth/core/pending_authorization.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/core/sha256.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace oauth {

/** Put an authorization request into a request object that the client signs, so that nobody can change it in the user's browser.

    A @ref flow does this by itself, with the policy `signed_requests`.

    The URL then holds `client_id` and `request` only, besides what the endpoint's own URL has.

    @param pending Of this server and client, as `authorization_request` makes it; not pushed ahead.
    @param key Signs; the server knows its public half.
    @param now The client's clock. The request object is good for five minutes.

    @return The same sign-in with another URL, or what @ref sign_jwt fails with, or, with advice::fix_configuration,
        @li errc::missing_endpoint without an authorization endpoint, and where the server's issuer, whom the request object is meant for, is a template (@ref is_issuer_template),
        @li errc::malformed_encoding for a URL that is not one of this server's, or one that was signed or pushed ahead already,
        @li errc::duplicate_parameter for a parameter that is called as a claim of the request object itself: `iss`, `sub`, `aud`, `exp`, `nbf`, `iat`, `jti`.

    @par Specification
    RFC 9101 4 and 5, OpenID Connect Core 6.1
*/
inline result<pending_authorization> sign_request(pending_authorization pending, server_metadata const& server, client const& who, private_key const& key, jws_algorithm algorithm,
                                                  time_point now)
{
    auto const json = [](std::string_view text) { return boost::json::string_view(text.data(), text.size()); };
    auto const refused = [](errc why, std::string hint) { return failure(why, advice::fix_configuration, std::move(hint)); };
    std::string_view const endpoint_url = server.authorization_endpoint.url();
    if (endpoint_url.empty()) return refused(errc::missing_endpoint, "server_metadata.authorization_endpoint");
    if (is_issuer_template(server.issuer))
        return refused(errc::missing_endpoint, "the request object's audience, server_metadata.issuer, stands for many tenants: discover first, or name the tenant by its GUID");
    std::string_view const separator = detail::query_separator(endpoint_url);
    std::string_view const url_before = pending.url;
    if (!url_before.starts_with(endpoint_url) || !url_before.substr(endpoint_url.size()).starts_with(separator))
        return refused(errc::malformed_encoding, "the URL is not one of this server's");
    auto const parameters = parse_form(url_before.substr(endpoint_url.size() + separator.size()));
    if (parameters.has_error()) return refused(errc::malformed_encoding, "the URL's query can't be read");

    auto const at = now.time_since_epoch().count();
    auto const unique = sha256("request object\n" + pending.state);
    boost::json::object claims{{"iss", who.id}, {"aud", server.issuer.empty() ? std::string(endpoint_url) : server.issuer}, {"iat", at}, {"nbf", at}, {"exp", at + 300},
                               {"jti", base64url_encode(std::span<std::byte const>(unique).first(16))}};
    for (auto const& [name, value] : *parameters)
    {
        // A request object holds neither (RFC 9101 4).
        if (name == "request" || name == "request_uri") return refused(errc::malformed_encoding, "the request was signed or pushed ahead already");
        for (std::string_view const reserved : {"iss", "sub", "aud", "exp", "nbf", "iat", "jti"})
            if (name == reserved) return refused(errc::duplicate_parameter, name + " is a claim of the request object itself");
        // Numbers are JSON numbers there (RFC 9101 4).
        if (name == "max_age")
        {
            std::int64_t age = 0;
            auto const [end, wrong] = std::from_chars(value.data(), value.data() + value.size(), age);
            if (wrong != std::errc() || end != value.data() + value.size()) return refused(errc::malformed_encoding, "max_age is not a number");
            claims["max_age"] = age;
            continue;
        }
        // These are JSON by themselves (OpenID Connect Core 6.1, RFC 9396 3).
        if (name == "claims" || name == "authorization_details")
            if (auto request = detail::strict_json(value); request.has_value() && (name == "claims" ? request->is_object() : request->is_array()))
            {
                claims[json(name)] = std::move(*request);
                continue;
            }
        auto const [place, fresh] = claims.emplace(json(name), json(value));
        if (fresh) continue;
        // One that may come several times, such as `resource`, is a list.
        if (!place->value().is_array()) place->value() = boost::json::array{place->value()};
        place->value().get_array().emplace_back(json(value));
    }
    auto const object = sign_jwt(claims, key, algorithm, {{"typ", "oauth-authz-req+jwt"}});
    if (object.has_error()) return object.error();

    std::string url(endpoint_url);
    url += separator;
    std::string id(detail::percent_encoded_bound(who.id), '\0');
    id.resize(static_cast<std::size_t>(detail::percent_encode(who.id, id.data()) - id.data()));
    pending.url = url + "client_id=" + id + "&request=" + std::string(object->reveal());
    return pending;
}

} // namespace oauth

#endif
