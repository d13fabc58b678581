#ifndef OAUTH_REQUEST_SIGN_REQUEST_HPP
#define OAUTH_REQUEST_SIGN_REQUEST_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/client.hpp>
#include <oauth/core/detail/percent_encode.hpp>
#include <oauth/core/detail/strict_json.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/core/pending_authorization.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/core/sha256.hpp>
#include <oauth/error/result.hpp>
#include <oauth/jose/jws_algorithm.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** Put an authorization request into a request object that the client signs, so that nobody can change it in the user's browser.

    @code
    auto pending = oauth::sign_request(graph.authorize().value(), graph.server(), graph.registration(), key, oauth::jws_algorithm::ps256, now).value();
    @endcode

    The URL then holds `client_id` and `request` only, besides what the endpoint's own URL has.

    @param pending From `flow.authorize`, of this server and client, not pushed ahead.
    @param key Signs; the server knows its public half.
    @param now The client's clock. The request object is good for five minutes.

    @return The same sign-in with another URL, or what @ref sign_jwt fails with, errc::malformed_encoding for a URL that is not one of `flow.authorize`.

    @par Specification
    RFC 9101 4 and 5
*/
inline result<pending_authorization> sign_request(pending_authorization pending, server_metadata const& server, client const& who, private_key const& key, jws_algorithm algorithm,
                                                  time_point now)
{
    auto const json = [](std::string_view text) { return boost::json::string_view(text.data(), text.size()); };
    std::string_view const endpoint_url = server.authorization_endpoint.url();
    if (!std::string_view(pending.url).starts_with(endpoint_url)) return failure(errc::malformed_encoding, advice::fix_configuration, "the URL is not one of this server's");
    auto own = std::string_view(pending.url).substr(endpoint_url.size());
    while (own.starts_with('?') || own.starts_with('&')) own.remove_prefix(1);
    auto const parameters = parse_form(own);
    if (parameters.has_error()) return parameters.error();

    auto const at = now.time_since_epoch().count();
    auto const unique = sha256("request object\n" + pending.state);
    boost::json::object claims{{"iss", who.id}, {"aud", server.issuer.empty() ? std::string(endpoint_url) : server.issuer}, {"iat", at}, {"nbf", at}, {"exp", at + 300},
                               {"jti", base64url_encode(std::span<std::byte const>(unique).first(16))}};
    for (auto const& [name, value] : *parameters)
    {
        // OpenID Connect Core 6.1: this one is a JSON object by itself.
        if (name == "claims")
            if (auto request = detail::strict_json_object(value); request.has_value())
            {
                claims["claims"] = std::move(*request);
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
    url += endpoint_url.find('?') == endpoint_url.npos ? '?' : '&';
    std::string id(detail::percent_encoded_bound(who.id), '\0');
    id.resize(static_cast<std::size_t>(detail::percent_encode(who.id, id.data()) - id.data()));
    pending.url = url + "client_id=" + id + "&request=" + std::string(object->reveal());
    return pending;
}

} // namespace oauth

#endif
