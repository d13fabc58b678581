#ifndef OAUTH_TESTING_DETAIL_DISCOVERY_HPP
#define OAUTH_TESTING_DETAIL_DISCOVERY_HPP

#include <oauth/testing/detail/dpop_check.hpp>
#include <oauth/testing/detail/server_answer.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <oauth/testing/detail/signing_key.hpp>
#include <oauth/testing/detail/token_answer.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_from.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// What ID tokens may be signed with: RS256, which every server must know, and what the options say.
inline boost::json::array id_token_algorithms(authorization_server_options const& options)
{
    boost::json::array out{"RS256"};
    if (options.id_token_algorithm != jws_algorithm::rs256) out.emplace_back(to_string(options.id_token_algorithm));
    return out;
}

/// What can be known of the server in advance (OpenID Connect Discovery 3). Microsoft's answers promise neither PKCE nor `iss`, and the like is done here.
inline http_response discovery_answer(authorization_server_options const& options, route const& where)
{
    using boost::json::array;
    bool const standard = options.kind == personality::standard;
    auto const url = [&](page at) { return page_url(options, at, where.tenant); };
    boost::json::object body{
        {"issuer", issuer_of(options, where.tenant)},
        {"authorization_endpoint", url(page::authorize)},
        {"token_endpoint", url(page::token)},
        {"jwks_uri", url(page::keys)},
        {"userinfo_endpoint", url(page::userinfo)},
        {"end_session_endpoint", url(page::end_session)},
        {"token_endpoint_auth_methods_supported", array{"client_secret_post", "client_secret_basic", "private_key_jwt"}},
        {"response_modes_supported", boost::json::value_from(response_modes(options.kind))},
        {"response_types_supported", array{"code"}},
        {"subject_types_supported", array{standard || options.kind == personality::b2c ? "public" : "pairwise"}},
        {"id_token_signing_alg_values_supported", id_token_algorithms(options)},
        {"scopes_supported", array{"openid", "profile", "email", "offline_access"}},
    };
    if (options.kind != personality::b2c) body["device_authorization_endpoint"] = url(page::device_authorization);
    if (standard)
    {
        body["grant_types_supported"] = array{"authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code",
                                              "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:ietf:params:oauth:grant-type:token-exchange"};
        for (auto const* method : {"client_secret_jwt", "tls_client_auth", "self_signed_tls_client_auth"}) body["token_endpoint_auth_methods_supported"].as_array().emplace_back(method);
        body["token_endpoint_auth_signing_alg_values_supported"] = array{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "HS256", "HS384", "HS512"};
        body["tls_client_certificate_bound_access_tokens"] = true;
        body["dpop_signing_alg_values_supported"] = array{"ES256", "PS256", "EdDSA"};
        body["code_challenge_methods_supported"] = array{"S256"};
        body["introspection_endpoint"] = url(page::introspection);
        body["revocation_endpoint"] = url(page::revocation);
        body["pushed_authorization_request_endpoint"] = url(page::pushed_authorization);
        body["require_pushed_authorization_requests"] = options.require_pushed_authorization_requests;
        body["registration_endpoint"] = url(page::registration);
        body["request_parameter_supported"] = true;
        body["request_uri_parameter_supported"] = false;
        body["authorization_signing_alg_values_supported"] = array{"RS256"};
        body["userinfo_signing_alg_values_supported"] = array{"RS256"};
        body["require_signed_request_object"] = options.require_signed_request_object;
        body["authorization_response_iss_parameter_supported"] = true;
    }
    else if (options.kind != personality::b2c)
    {
        body["request_uri_parameter_supported"] = false;
        body["tenant_region_scope"] = nullptr;
        body["cloud_instance_name"] = "microsoftonline.com";
        body["cloud_graph_host_name"] = "graph.windows.net";
        body["msgraph_host"] = "graph.microsoft.com";
    }
    return json_response(200, body);
}

/// The keys that ID tokens are signed with (RFC 7517 5). Microsoft's have an `issuer` and no `alg`.
inline http_response keys_answer(authorization_server_options const& options, route const& where)
{
    boost::json::array keys;
    auto const publish = [&](jws_algorithm algorithm) {
        auto key = signing_key::instance(algorithm).jwk();
        if (options.kind == personality::standard) key["alg"] = to_string(algorithm);
        else if (options.kind != personality::b2c) key["issuer"] = issuer_of(options, where.tenant);
        keys.push_back(std::move(key));
    };
    publish(jws_algorithm::rs256);
    auto const other = options.id_token_algorithm;
    if (other != jws_algorithm::rs256 && jws_algorithms::asymmetric().contains(other)) publish(other);
    return json_response(200, {{"keys", std::move(keys)}});
}

/// The user behind a token (OpenID Connect Core 5.3), or a challenge (RFC 6750 3).
inline http_response userinfo_answer(server_state& state, http_request const& request, time_point now)
{
    auto const header = request.authorization.reveal();
    bool const dpop = oauth::detail::ascii_iequal(header.substr(0, 5), "DPoP ");
    auto const challenge = [&](int status, std::string_view error) {
        auto refusal = json_response(status, {{"error", boost::json::string_view(error.data(), error.size())}});
        add_challenge(state, refusal, error, dpop);
        return refusal;
    };
    if (auto const fault = presentation_fault(state, request, now); !fault.empty()) return challenge(401, fault);
    auto const& token = state.access_tokens.find(header.substr(header.find(' ') + 1))->second;
    if (!token.of || !token.of->request.scope.contains("openid")) return challenge(403, "insufficient_scope");
    auto const& user = token.of->user;
    bool const pairwise = state.entra();
    boost::json::object claims{{"sub", pairwise ? pairwise_subject(user, token.client_id) : user.object_id}, {"name", user.name}, {"email", user.username}};
    auto const* const client = state.find_client(token.client_id);
    if (client == nullptr || !client->signed_userinfo) return json_response(200, claims);
    claims["iss"] = issuer_of(state.options);
    claims["aud"] = token.client_id;
    return make_response(200, "application/jwt", signing_key::instance().sign(claims));
}

} // namespace oauth::testing::detail

#endif
