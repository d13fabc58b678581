#ifndef OAUTH_TESTING_DETAIL_INTROSPECTION_ENDPOINT_HPP
#define OAUTH_TESTING_DETAIL_INTROSPECTION_ENDPOINT_HPP

#include <oauth/testing/detail/client_form.hpp>
#include <oauth/testing/detail/server_answer.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// What a token stands for (RFC 7662). Any confidential client may ask about an access token, about a refresh token only the one that it was issued to. The state is
/// locked by the caller.
inline http_response introspection_endpoint(server_state& state, route const& where, http_request const& request, time_point now)
{
    auto asked = read_client_form(state, where, request, now, {});
    if (asked.client == nullptr) return std::move(asked.refused);
    if (asked.client->is_public()) return refuse(state, now, refused::confidential_only);
    auto const text = value_of(asked.parameters, "token");
    if (text.empty()) return refuse(state, now, refused::missing, "token");
    ++state.counts.introspections;

    auto const moment = [](time_point at) { return static_cast<std::int64_t>(at.time_since_epoch().count()); };
    boost::json::object body{{"active", true}, {"iss", issuer_of(state.options)}};
    auto const describe_user = [&body](grant const& of) {
        body["sub"] = of.user.object_id;
        body["username"] = of.user.username;
    };
    if (auto const found = state.access_tokens.find(text); found != state.access_tokens.end() && !found->second.revoked && found->second.expires_at > now)
    {
        auto const& token = found->second;
        body["token_type"] = token.bound_to.key.empty() ? "Bearer" : "DPoP";
        boost::json::object confirmed;
        if (!token.bound_to.key.empty()) confirmed["jkt"] = token.bound_to.key;
        if (!token.bound_to.certificate.empty()) confirmed["x5t#S256"] = token.bound_to.certificate;
        if (!confirmed.empty()) body["cnf"] = std::move(confirmed);
        body["client_id"] = token.client_id;
        if (!token.scope.empty()) body["scope"] = token.scope.str();
        if (!token.resource.empty()) body["aud"] = token.resource;
        if (!token.also_resources.empty())
        {
            boost::json::array all{token.resource};
            for (auto const& one : token.also_resources) all.emplace_back(one);
            body["aud"] = std::move(all);
        }
        body["exp"] = moment(token.expires_at);
        body["iat"] = moment(token.expires_at - state.options.access_token_lifetime);
        if (token.of) describe_user(*token.of);
        else body["sub"] = token.client_id;
        return json_response(200, body);
    }
    auto const found = state.refresh_tokens.find(text);
    bool const good = found != state.refresh_tokens.end() && !found->second.spent && !found->second.of->revoked && found->second.expires_at > now
                   && found->second.of->request.client == asked.client;
    if (!good) return json_response(200, {{"active", false}});
    auto const& token = found->second;
    body["client_id"] = asked.client->id;
    body["scope"] = token.of->request.scope.str();
    body["exp"] = moment(token.expires_at);
    body["iat"] = moment(token.expires_at - state.options.refresh_token_lifetime);
    describe_user(*token.of);
    return json_response(200, body);
}

} // namespace oauth::testing::detail

#endif
