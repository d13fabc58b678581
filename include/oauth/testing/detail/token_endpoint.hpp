#ifndef OAUTH_TESTING_DETAIL_TOKEN_ENDPOINT_HPP
#define OAUTH_TESTING_DETAIL_TOKEN_ENDPOINT_HPP

#include <oauth/core/pkce.hpp>
#include <oauth/testing/detail/client_check.hpp>
#include <oauth/testing/detail/scope_rules.hpp>
#include <oauth/testing/detail/token_answer.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// The token endpoint (RFC 6749 3.2). The state is locked by the caller.
class token_endpoint
{
    server_state& state_;
    route const& route_;
    time_point now_;
    form_parameters parameters_ = {};
    registered_client const* client_ = nullptr;

public:
    token_endpoint(server_state& state, route const& where, time_point now) : state_(state), route_(where), now_(now) {}

    http_response answer(http_request const& request)
    {
        auto answered = answer_unless_malformed(request);
        if (answered.status != 200) ++state_.counts.refusals;
        return answered;
    }

private:
    http_response no(refusal const& why, std::string_view detail = {}) { return refuse(state_, now_, why, detail); }

    http_response answer_unless_malformed(http_request const& request)
    {
        if (request.method != http_method::post)
        {
            auto refusal = no(refused::wrong_verb, to_string(request.method));
            if (state_.options.kind == personality::standard)
            {
                refusal.status = 405;
                refusal.fields.push_back({"Allow", "POST"});
            }
            return refusal;
        }
        if (!find_field(request.fields, "Origin").empty()) return no(refused::cross_origin);
        if (state_.options.kind != personality::standard && !serves_tenant(state_.options, route_.tenant))
            return no(refused::unknown_tenant, route_.tenant);
        // Nothing belongs into the query: it ends up in logs (RFC 6749 2.3.1).
        auto const query = parse_form(route_.query);
        if (!query) return no(refused::malformed, "a percent-encoding fault in the query");
        for (auto const& parameter : *query)
            if (state_.options.kind != personality::b2c || parameter.name != "p") return no(refused::malformed, "a parameter in the query");
        if (!is_form(request)) return no(refused::missing, "grant_type");
        auto parsed = parse_form(request.body.reveal());
        if (!parsed) return no(refused::malformed, "a percent-encoding fault in the body");
        parameters_ = std::move(*parsed);
        if (auto const twice = find_duplicate(parameters_); !twice.empty()) return no(refused::duplicate, twice);
        if (value("grant_type").empty()) return no(refused::missing, "grant_type");
        return answer_client(request);
    }

    http_response answer_client(http_request const& request)
    {
        auto const checked = check_client(state_, request, parameters_);
        if (checked.client == nullptr)
        {
            auto refusal = no(*checked.why, checked.detail);
            bool const standard_unknown = state_.options.kind == personality::standard && checked.why == &refused::unknown_client;
            if (standard_unknown) refusal = no({401, "invalid_client", 0, 0, "The client is unknown."});
            if (refusal.status == 401 && checked.basic) refusal.fields.push_back({"WWW-Authenticate", "Basic realm=\"token\""});
            return refusal;
        }
        client_ = checked.client;
        auto const type = value("grant_type");
        if (type == "authorization_code") return exchange_code();
        if (type == "refresh_token") return refresh();
        if (type == "client_credentials") return client_credentials();
        return no(refused::unknown_grant_type, type);
    }

    std::string_view value(std::string_view name) const noexcept { return value_of(parameters_, name); }

    http_response exchange_code()
    {
        for (auto const* name : {"code", "redirect_uri", "code_verifier"})
            if (value(name).empty()) return no(refused::missing, name);
        auto const found = state_.codes.find(value("code"));
        if (found == state_.codes.end()) return no(refused::unknown_code);
        auto& code = found->second;
        auto const& asks = code.of->request;
        if (asks.client != client_) return no(refused::foreign_code);
        if (code.redeemed)
        {
            // Somebody else has the code: what came of it must end (RFC 6749 4.1.2).
            ++state_.counts.reuses_detected;
            state_.revoke(code.of);
            return no(refused::reused_code);
        }
        if (code.expires_at <= now_) return no(refused::expired_code);
        if (asks.tenant != route_.tenant || asks.policy != route_.policy) return no(refused::other_tenant, route_.tenant);
        if (asks.redirect_uri != value("redirect_uri")) return no(refused::other_redirect_uri);
        if (!verifier_is_right(asks.challenge)) return no(refused::wrong_verifier);
        auto what = plan(code.of);
        if (!what.planned) return std::move(what.refused);
        code.redeemed = true;
        ++state_.counts.code_exchanges;
        bool const offline = state_.options.kind == personality::entra_v1 || asks.scope.contains("offline_access");
        if (offline) what.planned->refresh_token = new_refresh_token(code.of);
        what.planned->id_token = asks.scope.contains("openid");
        return answer_with(state_, *what.planned, now_);
    }

    http_response refresh()
    {
        if (value("refresh_token").empty()) return no(refused::missing, "refresh_token");
        auto const found = state_.refresh_tokens.find(value("refresh_token"));
        if (found == state_.refresh_tokens.end()) return no(refused::unknown_refresh_token);
        auto& token = found->second;
        auto const family = token.of;
        auto const& asks = family->request;
        if (asks.client != client_) return no(refused::foreign_refresh_token);
        // Unlike a code it is bound to user and client only, as Microsoft documents it: any tenant of the server's takes it. A policy of B2C does not take another's.
        if (asks.policy != route_.policy) return no(refused::other_tenant, route_.policy);
        if (family->revoked) return no(refused::revoked);
        if (token.spent)
        {
            // Either a thief or the rightful owner comes late: nobody can tell, so both lose (RFC 9700 4.14.2).
            ++state_.counts.reuses_detected;
            state_.revoke(family);
            return no(refused::revoked);
        }
        if (token.expires_at <= now_) return no(refused::expired_refresh_token);
        auto what = plan(family);
        if (!what.planned) return std::move(what.refused);
        ++state_.counts.refreshes;
        auto const& options = state_.options;
        bool const keep = options.omit_refresh_token_on_refresh || options.rotation == rotation::off;
        token.spent = !keep && options.rotation == rotation::strict;
        if (!keep) what.planned->refresh_token = new_refresh_token(family);
        else if (!options.omit_refresh_token_on_refresh) what.planned->refresh_token = found->first;
        what.planned->id_token = asks.scope.contains("openid") && options.kind != personality::entra_v1;
        return answer_with(state_, *what.planned, now_);
    }

    http_response client_credentials()
    {
        if (client_->secret.empty()) return no(refused::secret_missing);
        if (route_.tenant == "common" || route_.tenant == "organizations") return no(refused::common_tenant, route_.tenant);
        issue what;
        what.client = client_;
        auto const scope = value("scope");
        switch (state_.options.kind)
        {
        case personality::entra_v1:
            if (value("resource").empty()) return no(refused::missing, "resource");
            what.resource = std::string(value("resource"));
            what.scope = client_->permissions;
            break;
        case personality::entra_v2:
        case personality::b2c:
            if (scope.empty()) return no(refused::missing, "scope");
            if (!scope.ends_with("/.default") || scope.find(' ') != scope.npos) return no(refused::bad_scope, scope);
            what.resource = first_resource(scope);
            what.scope = client_->permissions;
            break;
        case personality::standard:
            what.scope = oauth::scope(scope);
            what.resource = std::string(value("resource"));
            if (auto const bad = unknown_scope(state_.options, what.scope); !bad.empty()) return no(refused::bad_scope, bad);
            break;
        }
        ++state_.counts.client_credentials;
        return answer_with(state_, what, now_);
    }

    /// What to hand out, or the refusal.
    struct decision
    {
        std::optional<issue> planned = {};
        http_response refused = {};
    };

    decision plan(std::shared_ptr<grant> const& of)
    {
        auto const& asks = of->request;
        auto const kind = state_.options.kind;
        oauth::scope wanted(value("scope"));
        if (auto const bad = unknown_scope(state_.options, wanted); !bad.empty()) return {{}, no(refused::bad_scope, bad)};
        issue what{of, client_, {}, {}};
        what.client_info = value("client_info") == "1";
        if (kind == personality::entra_v1)
        {
            auto const resource = value("resource").empty() ? std::string_view(asks.resource) : value("resource");
            if (resource.empty()) return {{}, no(refused::missing, "resource")};
            // A code is for the resource that was named with it; a refresh token is for any.
            if (value("grant_type") == "authorization_code" && !asks.resource.empty() && resource != asks.resource)
                return {{}, no(refused::other_resource, resource)};
            what.resource = std::string(resource);
            what.scope = client_->permissions;
            return {what, {}};
        }
        if (kind == personality::entra_v2 && !value("resource").empty()) return {{}, no(refused::resource_on_v2)};
        if (kind == personality::entra_v2 && names_several_resources(wanted)) return {{}, no(refused::several_resources)};
        if (!is_consented(kind, asks.scope, wanted))
            return {{}, kind == personality::entra_v2 ? no(refused::not_consented, client_->id) : no(refused::bad_scope, wanted.str())};
        if (wanted.empty()) wanted = asks.scope;
        if (kind == personality::standard)
        {
            auto const resource = value("resource").empty() ? std::string_view(asks.resource) : value("resource");
            if (!asks.resource.empty() && resource != asks.resource) return {{}, no(refused::other_resource, resource)};
            what.resource = std::string(resource);
            what.scope = wanted;
        }
        else if (kind == personality::b2c)
        {
            what.scope = wanted;
            what.resource = client_->id;
            what.access_token = !first_resource(wanted).empty();
        }
        else
        {
            // With OpenID Connect's scopes alone Entra gives a token for Graph's user information.
            what.resource = first_resource(wanted);
            if (what.resource.empty()) what.resource = first_resource(asks.scope);
            if (what.resource.empty()) what.resource = std::string(graph_resource);
            what.scope = entra_scope(wanted, what.resource, *client_);
        }
        return {what, {}};
    }

    bool verifier_is_right(std::string_view challenge) const
    {
        auto const verifier = value("code_verifier");
        bool const well_formed = verifier.size() >= 43 && verifier.size() <= 128
            && verifier.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") == verifier.npos;
        return well_formed && pkce::s256(verifier) == challenge;
    }

    std::string new_refresh_token(std::shared_ptr<grant> const& of)
    {
        auto text = "rt." + state_.random_text();
        state_.refresh_tokens.emplace(text, refresh_token_record{of, now_ + state_.options.refresh_token_lifetime, false});
        return text;
    }
};

} // namespace oauth::testing::detail

#endif
