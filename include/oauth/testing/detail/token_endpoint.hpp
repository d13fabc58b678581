#ifndef OAUTH_TESTING_DETAIL_TOKEN_ENDPOINT_HPP
#define OAUTH_TESTING_DETAIL_TOKEN_ENDPOINT_HPP

#include <oauth/core/pkce.hpp>
#include <oauth/testing/detail/binding_check.hpp>
#include <oauth/testing/detail/claims_cover.hpp>
#include <oauth/testing/detail/client_form.hpp>
#include <oauth/testing/detail/device_code_grant.hpp>
#include <oauth/testing/detail/jwt_bearer_grant.hpp>
#include <oauth/testing/detail/on_behalf_of_grant.hpp>
#include <oauth/testing/detail/token_exchange_grant.hpp>
#include <oauth/testing/detail/token_request.hpp>
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
    token_binding bound_to_ = {};   // what the tokens are to be bound to

public:
    token_endpoint(server_state& state, route const& where, time_point now) : state_(state), route_(where), now_(now) {}

    http_response answer(http_request const& request)
    {
        auto answered = answer_client(request);
        if (answered.status != 200) ++state_.counts.refusals;
        return answered;
    }

private:
    http_response no(refusal const& why, std::string_view detail = {}) { return refuse(state_, now_, why, detail); }

    http_response answer_client(http_request const& request)
    {
        auto form = read_client_form(state_, route_, request, now_, "grant_type", {"resource", "audience"});
        if (form.client == nullptr) return std::move(form.refused);
        parameters_ = std::move(form.parameters);
        // An exchanged token may be for several services (RFC 8693 2.1); here another is for one.
        bool const exchange = value("grant_type") == token_exchange_grant_type && state_.options.kind == personality::standard;
        if (auto const twice = find_duplicate(parameters_); !exchange && !twice.empty()) return no(refused::duplicate, twice);
        client_ = form.client;
        auto binding = check_binding(state_, *client_, request, now_);
        if (binding.refused) return std::move(*binding.refused);
        bound_to_ = std::move(binding.to);
        auto const type = value("grant_type");
        auto const kind = state_.options.kind;
        if (type == "authorization_code") return exchange_code();
        if (type == "refresh_token") return refresh();
        if (type == "client_credentials") return client_credentials();
        if (is_device_code_grant(kind, type)) return device_code_grant(here());
        if (type == "urn:ietf:params:oauth:grant-type:jwt-bearer" && kind == personality::standard) return jwt_bearer_grant(here());
        if (type == "urn:ietf:params:oauth:grant-type:jwt-bearer" && state_.entra()) return on_behalf_of_grant(here());
        if (exchange) return token_exchange_grant(here());
        return no(refused::unknown_grant_type, type);
    }

    token_request here() noexcept { return {state_, route_, now_, parameters_, *client_, bound_to_}; }

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
        if (!asks.thumbprint.empty() && asks.thumbprint != bound_to_.key) return no(refused::other_key);
        auto what = here().plan(code.of);
        if (!what.planned) return std::move(what.refused);
        code.redeemed = true;
        ++state_.counts.code_exchanges;
        bool const offline = state_.options.kind == personality::entra_v1 || asks.scope.contains("offline_access");
        if (offline) what.planned->refresh_token = here().new_refresh_token(code.of);
        what.planned->id_token = asks.scope.contains("openid");
        what.planned->code = found->first;
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
        if (!token.bound_to.key.empty() && token.bound_to.key != bound_to_.key) return no(refused::other_key);
        if (!token.bound_to.certificate.empty() && token.bound_to.certificate != bound_to_.certificate) return no(refused::other_certificate);
        auto const& options = state_.options;
        auto const& demanded = options.interactive_claims;
        if (!demanded.empty() && claims_cover(value("claims"), demanded) && !claims_cover(asks.claims, demanded)) return interaction_required(state_, now_, demanded);
        auto what = here().plan(family);
        if (!what.planned) return std::move(what.refused);
        ++state_.counts.refreshes;
        bool const keep = options.omit_refresh_token_on_refresh || options.rotation == rotation::off;
        token.spent = !keep && options.rotation == rotation::strict;
        if (!keep) what.planned->refresh_token = here().new_refresh_token(family);
        else if (!options.omit_refresh_token_on_refresh) what.planned->refresh_token = found->first;
        what.planned->id_token = asks.scope.contains("openid") && options.kind != personality::entra_v1;
        return answer_with(state_, *what.planned, now_);
    }

    http_response client_credentials()
    {
        if (client_->is_public()) return no(refused::secret_missing);
        if (route_.tenant == "common" || route_.tenant == "organizations") return no(refused::common_tenant, route_.tenant);
        issue what;
        what.client = client_;
        what.bound_to = bound_to_;
        what.claims = std::string(value("claims"));
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

    bool verifier_is_right(std::string_view challenge) const
    {
        auto const verifier = value("code_verifier");
        bool const well_formed = verifier.size() >= 43 && verifier.size() <= 128
            && verifier.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") == verifier.npos;
        return well_formed && pkce::s256(verifier) == challenge;
    }
};

} // namespace oauth::testing::detail

#endif
