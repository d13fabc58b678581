#ifndef OAUTH_TESTING_DETAIL_TOKEN_REQUEST_HPP
#define OAUTH_TESTING_DETAIL_TOKEN_REQUEST_HPP

#include <oauth/testing/detail/parameters.hpp>
#include <oauth/testing/detail/refusal.hpp>
#include <oauth/testing/detail/scope_rules.hpp>
#include <oauth/testing/detail/token_answer.hpp>
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// A request at the token endpoint, of a client that has proved who it is: what every grant needs.
struct token_request
{
    server_state& state;
    route const& where;
    time_point now;
    form_parameters const& parameters;
    registered_client const& client;
    token_binding const& bound_to;   ///< what the tokens are to be bound to

    http_response no(refusal const& why, std::string_view detail = {}) const { return refuse(state, now, why, detail); }

    std::string_view value(std::string_view name) const noexcept { return value_of(parameters, name); }

    /// What to hand out, or the refusal.
    struct decision
    {
        std::optional<issue> planned = {};
        http_response refused = {};
    };

    /// Which tokens the user's grant allows for, by what is asked for here.
    decision plan(std::shared_ptr<grant> const& of) const
    {
        auto const& asks = of->request;
        auto const kind = state.options.kind;
        oauth::scope wanted(value("scope"));
        if (auto const bad = unknown_scope(state.options, wanted); !bad.empty()) return {{}, no(refused::bad_scope, bad)};
        issue what{of, &client, {}, {}};
        what.client_info = value("client_info") == "1";
        what.bound_to = bound_to;
        what.claims = std::string(value("claims"));
        if (what.claims.empty() && value("grant_type") == "authorization_code") what.claims = asks.claims;
        if (kind == personality::entra_v1)
        {
            auto const resource = value("resource").empty() ? std::string_view(asks.resource) : value("resource");
            if (resource.empty()) return {{}, no(refused::missing, "resource")};
            // A code is for the resource that was named with it; a refresh token is for any.
            if (value("grant_type") == "authorization_code" && !asks.resource.empty() && resource != asks.resource)
                return {{}, no(refused::unknown_resource, resource)};
            what.resource = std::string(resource);
            what.scope = client.permissions;
            return {what, {}};
        }
        if (kind == personality::entra_v2 && !value("resource").empty()) return {{}, no(refused::resource_on_v2)};
        if (kind == personality::entra_v2 && names_several_resources(wanted)) return {{}, no(refused::several_resources)};
        if (!is_consented(kind, asks.scope, wanted))
            return {{}, kind == personality::entra_v2 ? no(refused::not_consented, client.id) : no(refused::bad_scope, wanted.str())};
        if (wanted.empty()) wanted = asks.scope;
        if (kind == personality::standard)
        {
            auto const resource = value("resource").empty() ? std::string_view(asks.resource) : value("resource");
            bool const allowed = asks.resource.empty() || resource == asks.resource
                              || std::find(asks.also_resources.begin(), asks.also_resources.end(), resource) != asks.also_resources.end();
            if (!allowed) return {{}, no(refused::other_resource, resource)};
            what.resource = std::string(resource);
            what.scope = wanted;
        }
        else if (kind == personality::b2c)
        {
            what.scope = wanted;
            what.resource = client.id;
            what.access_token = !first_resource(wanted).empty();
        }
        else
        {
            // With OpenID Connect's scopes alone Entra gives a token for Graph's user information.
            what.resource = first_resource(wanted);
            if (what.resource.empty()) what.resource = first_resource(asks.scope);
            if (what.resource.empty()) what.resource = std::string(graph_resource);
            what.scope = entra_scope(wanted, what.resource, client);
        }
        return {what, {}};
    }

    std::string new_refresh_token(std::shared_ptr<grant> const& of) const
    {
        auto text = "rt." + state.random_text();
        state.refresh_tokens.emplace(text, refresh_token_record{of, now + state.options.refresh_token_lifetime, false, client.is_public() ? bound_to : token_binding()});   // others prove who they are each time (RFC 9449 5)
        return text;
    }
};

} // namespace oauth::testing::detail

#endif
