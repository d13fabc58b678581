#ifndef OAUTH_TESTING_DETAIL_TOKEN_ANSWER_HPP
#define OAUTH_TESTING_DETAIL_TOKEN_ANSWER_HPP

#include <oauth/testing/detail/client_info.hpp>
#include <oauth/testing/detail/id_token_answer.hpp>
#include <oauth/testing/detail/is_audience.hpp>
#include <oauth/testing/detail/scope_rules.hpp>
#include <oauth/testing/detail/server_answer.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <oauth/testing/detail/server_state.hpp>
#include <oauth/testing/detail/signing_key.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace oauth::testing::detail {

/// The access token. One of Entra's for an API that is registered here is a JWT, which the API checks by itself; any other is for nobody to read.
inline std::string access_token_text(server_state& state, issue const& what, time_point now)
{
    auto const& clients = state.options.clients;
    auto const api = std::find_if(clients.begin(), clients.end(), [&](registered_client const& one) { return is_audience(one, what.resource); });
    if (!state.entra() || api == clients.end()) return "at." + state.random_text();

    bool const v2 = state.options.kind == personality::entra_v2;
    auto const iat = static_cast<std::int64_t>(now.time_since_epoch().count());
    boost::json::object claims{{"aud", v2 ? api->id : what.resource}, {"iss", issuer_of(state.options)}, {"iat", iat - entra_backdating}, {"nbf", iat - entra_backdating},
                               {"exp", iat + static_cast<std::int64_t>(state.options.access_token_lifetime.count())}};
    claims[v2 ? "azp" : "appid"] = what.client->id;
    claims["tid"] = state.options.tenant_id;
    claims["uti"] = state.random_text().substr(0, 22);
    claims["ver"] = v2 ? "2.0" : "1.0";
    if (what.of)
    {
        oauth::scope granted;
        what.scope.for_each([&](std::string_view token) {
            if (oauth::detail::asks_for_no_access(token)) return;
            bool const long_name = token.starts_with(what.resource) && token.substr(what.resource.size()).starts_with('/');
            granted.add(long_name ? token.substr(what.resource.size() + 1) : token);
        });
        claims["name"] = what.of->user.name;
        claims["oid"] = what.of->user.object_id;
        claims["scp"] = granted.str();
        claims["sub"] = pairwise_subject(what.of->user, api->id);
    }
    else
    {
        claims["oid"] = what.client->id;
        claims["sub"] = what.client->id;
    }
    return signing_key::instance().sign(claims);
}

/// Make the tokens, remember them, and write the answer as the personality does.
inline http_response answer_with(server_state& state, issue const& what, time_point now)
{
    auto const& options = state.options;
    auto const kind = options.kind;
    bool const microsoft_like = kind != personality::standard;
    auto const number = [&](std::int64_t value) -> boost::json::value {
        if (kind == personality::entra_v1) return boost::json::value(std::to_string(value));
        return value;
    };
    auto const moment = static_cast<std::int64_t>(now.time_since_epoch().count());
    auto const lifetime = static_cast<std::int64_t>(options.access_token_lifetime.count());

    boost::json::object body{{"token_type", what.bound_to.key.empty() ? "Bearer" : "DPoP"}};
    bool const user_token = what.of != nullptr;
    if (user_token && (!what.scope.empty() || kind == personality::b2c)) body["scope"] = what.scope.str();
    if (what.access_token)
    {
        body["expires_in"] = number(lifetime);
        if (state.entra()) body["ext_expires_in"] = number(lifetime);
        if (options.refresh_in && microsoft_like) body["refresh_in"] = number(static_cast<std::int64_t>(options.refresh_in->count()));
        if (kind == personality::entra_v1 || kind == personality::b2c) body["expires_on"] = number(moment + lifetime);
    }
    // Entra v1 allows for five minutes of clock skew.
    if (kind == personality::entra_v1) body["not_before"] = number(moment - 300);
    if (kind == personality::b2c) body["not_before"] = number(moment);
    if ((kind == personality::entra_v1 || kind == personality::b2c) && what.access_token) body["resource"] = what.resource;
    if (what.access_token)
    {
        auto const text = access_token_text(state, what, now);
        state.access_tokens.emplace(text, access_token_record{what.of, what.client->id, what.scope, what.resource, now + options.access_token_lifetime, false, what.claims, what.bound_to, what.also_resources});
        body["access_token"] = text;
        if (!what.issued_token_type.empty()) body["issued_token_type"] = what.issued_token_type;
    }
    if (!what.refresh_token.empty())
    {
        body["refresh_token"] = what.refresh_token;
        if (kind == personality::b2c) body["refresh_token_expires_in"] = static_cast<std::int64_t>(options.refresh_token_lifetime.count());
    }
    if (what.id_token)
    {
        body["id_token"] = signed_id_token(state, what, what.access_token ? std::string_view(body["access_token"].get_string()) : std::string_view(), now);
        if (kind == personality::b2c) body["id_token_expires_in"] = 3600;
    }
    if (user_token && kind == personality::b2c) body["profile_info"] = profile_info_of(options, what.of->user);
    if (user_token && what.client_info && microsoft_like) body["client_info"] = client_info_of(options, what.of->user, what.of->request.policy);
    return json_response(200, body);
}

} // namespace oauth::testing::detail

#endif
