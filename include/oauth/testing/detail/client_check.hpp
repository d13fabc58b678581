#ifndef OAUTH_TESTING_DETAIL_CLIENT_CHECK_HPP
#define OAUTH_TESTING_DETAIL_CLIENT_CHECK_HPP

#include <oauth/jose/jwk_set.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/testing/detail/client_certificate.hpp>
#include <oauth/testing/detail/parameters.hpp>
#include <oauth/testing/detail/refusal.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <oauth/testing/detail/text.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// A registered client that has proved who it is, or the reason why not.
struct checked_client
{
    registered_client const* client = nullptr;
    refusal const* why = nullptr;
    std::string detail = {};
    bool basic = false;   ///< it tried HTTP Basic, so a refusal must challenge it (RFC 6749 5.2)
};

/// Is the assertion the client's own, for this server, and new (RFC 7523 3)? "" where it is, else what is wrong.
inline std::string_view assertion_fault(server_state& state, registered_client const& client, std::string_view assertion, std::string_view endpoint_url, time_point now)
{
    auto keys = client.keys;
    if (keys.empty())
        if (auto shared = jwk::symmetric(oauth::secret(client.secret)); shared.has_value()) keys.push_back(std::move(*shared));
    using enum jws_algorithm;
    auto const verified = verify_jwt(assertion, jwk_set(keys), client.keys.empty() ? jws_algorithms{hs256, hs384, hs512} : jws_algorithms::asymmetric());
    if (verified.has_error()) return "the client assertion's signature";
    auto const text = [&](char const* name) {
        auto const* const value = verified->claims.if_contains(name);
        auto const* const string = value ? value->if_string() : nullptr;
        return string ? std::string_view(string->data(), string->size()) : std::string_view();
    };
    auto const* const exp = verified->claims.if_contains("exp");
    auto const* const expires = exp ? exp->if_int64() : nullptr;
    if (text("iss") != client.id || text("sub") != client.id) return "the client assertion's iss and sub";
    if (text("aud") != endpoint_url && text("aud") != page_url(state.options, page::token) && text("aud") != issuer_of(state.options)) return "the client assertion's aud";
    auto const at = now.time_since_epoch().count();
    if (expires == nullptr || *expires <= at || *expires > at + 600) return "the client assertion's exp";
    if (text("jti").empty() || !state.assertion_ids.insert(client.id + ' ' + std::string(text("jti"))).second) return "the client assertion's jti";
    return {};
}

/** Client authentication: `client_secret_post`, `client_secret_basic`, `private_key_jwt`, `client_secret_jwt`, `tls_client_auth`, or none for a public
    client (RFC 6749 2.3.1 and 3.2.1, RFC 7523 2.2, RFC 8705 2). */
inline checked_client check_client(server_state& state, http_request const& request, form_parameters const& parameters, time_point now)
{
    checked_client out;
    auto const no = [&out](refusal const& why, std::string_view detail = {}) {
        out.client = nullptr;
        out.why = &why;
        out.detail = std::string(detail);
        return out;
    };
    std::string id(value_of(parameters, "client_id"));
    std::string secret(value_of(parameters, "client_secret"));
    bool const has_post_secret = find_parameter(parameters, "client_secret").has_value();
    auto const header = request.authorization.reveal();
    if (!header.empty())
    {
        out.basic = true;
        if (has_post_secret) return no(refused::malformed, "more than one way to authenticate the client");
        if (!oauth::detail::ascii_iequal(header.substr(0, 6), "Basic ")) return no(refused::malformed, "Authorization is not of scheme Basic");
        auto const pair = base64_decode(header.substr(6));
        auto const colon = pair ? pair->find(':') : std::string::npos;
        if (colon == std::string::npos) return no(refused::malformed, "Authorization can't be decoded");
        auto const name = oauth::detail::form_decode(std::string_view(*pair).substr(0, colon));
        auto const password = oauth::detail::form_decode(std::string_view(*pair).substr(colon + 1));
        if (!name || !password) return no(refused::malformed, "Authorization is not form-encoded");
        if (!id.empty() && id != *name) return no(refused::malformed, "client_id and Authorization name different clients");
        id = *name;
        secret = *password;
    }
    if (id.empty()) return no(refused::missing, "client_id");
    out.client = state.find_client(id);
    if (out.client == nullptr) return no(refused::unknown_client, id);
    bool const by_certificate = !out.client->tls_client_auth_subject_dn.empty() || !out.client->tls_client_auth_thumbprint.empty();
    if (by_certificate)
    {
        if (has_post_secret || out.basic || find_parameter(parameters, "client_assertion")) return no(refused::malformed, "more than one way to authenticate the client");
        auto const shown = certificate_of(request);
        if (!shown) return no(refused::certificate_missing);
        auto const &dn = out.client->tls_client_auth_subject_dn, &thumbprint = out.client->tls_client_auth_thumbprint;
        bool const right = (dn.empty() || shown->subject == dn) && (thumbprint.empty() || shown->thumbprint == thumbprint);
        return right ? out : no(refused::certificate_wrong);
    }
    bool const has_assertion = find_parameter(parameters, "client_assertion").has_value();
    if (has_assertion && (!out.client->keys.empty() || !out.client->secret.empty()))
    {
        if (has_post_secret || out.basic) return no(refused::malformed, "more than one way to authenticate the client");
        if (value_of(parameters, "client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") return no(refused::missing, "client_assertion_type");
        auto const fault = assertion_fault(state, *out.client, value_of(parameters, "client_assertion"), request.url.url(), now);
        return fault.empty() ? out : no(refused::bad_client_assertion, fault);
    }
    if (!out.client->keys.empty()) return no(refused::secret_missing);
    if (out.client->secret.empty()) return has_post_secret || has_assertion || out.basic ? no(refused::public_with_secret) : out;
    if (secret.empty()) return no(refused::secret_missing);
    if (!oauth::secret(out.client->secret).matches(secret)) return no(refused::secret_wrong, id);
    return out;
}

} // namespace oauth::testing::detail

#endif
