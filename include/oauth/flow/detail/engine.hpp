#ifndef OAUTH_FLOW_DETAIL_ENGINE_HPP
#define OAUTH_FLOW_DETAIL_ENGINE_HPP

#include <oauth/core/access_token_query.hpp>
#include <oauth/core/base64url.hpp>
#include <oauth/core/claims_request.hpp>
#include <oauth/core/client.hpp>
#include <oauth/core/detail/scope_of_resource.hpp>
#include <oauth/core/pending_authorization.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/core/sha256.hpp>
#include <oauth/core/token_freshness.hpp>
#include <oauth/flow/detail/blocking_driver.hpp>
#include <oauth/flow/detail/grant_terms.hpp>
#include <oauth/flow/detail/hold_off.hpp>
#include <oauth/flow/detail/key_ring.hpp>
#include <oauth/flow/detail/policies.hpp>
#include <oauth/flow/detail/session_access.hpp>
#include <oauth/flow/detail/session_cache.hpp>
#include <oauth/flow/detail/split_store.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/machine/provisioning.hpp>
#include <oauth/machine/renewal.hpp>
#include <oauth/oidc/id_token_expectations.hpp>
#include <oauth/policy/client_authentication.hpp>
#include <oauth/request/asked_token.hpp>
#include <oauth/request/authorization_request.hpp>
#include <oauth/request/grant.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/** What stands behind a flow: its policies, its data, and the one way in which machines are run with them.

    Never moved, since those who run a machine hold references into it.

    @par Thread safety
    As its policies; what is its own does not change after construction, but for the cache, which is safe.
*/
template <class Transport, class Store, class Clock, class Authentication, class Config>
class engine
{
public:
    using config_type = Config;

    Transport transport;
    split_store<Store, Clock> store;
    Clock clock;
    Authentication authentication;
    typename Config::sender_constraint constraint;
    typename Config::request_signer signer;
    typename Config::entropy random;
    server_metadata const server;
    client const who;
    bool const shows_certificate = who.mtls_endpoints || authenticates_by_certificate<Authentication>;
    authorization_request const request;
    key_ring keys{Config::id_token_algorithms, who.secret};
    hold_off held_off{Config::max_cached_accounts};

private:
    session_cache cache_{Config::max_cached_accounts};

    /* Two programs, or one with two registrations, may share a store. What is stored is the token endpoint's and nobody else's: a refresh token must never be sent to another. But where that
       was known by another URL of the same origin before it was discovered, that one counts: it is the same tenant's.
       The issuer would not tell servers apart: one may serve several tenants or policies, or not be known. */
    std::string store_key(std::string_view account) const
    {
        constexpr std::size_t longest = 1024;   // as token_store promises
        auto const& url = (server.stored_under.empty() ? server.token_endpoint : server.stored_under).url();
        auto whose = who.id + "\n" + url;
        // Tokens that are bound to a key are of no use with another.
        if (std::string_view const key = constraint.thumbprint(); !key.empty()) whose.append("\n").append(key);
        if (account.size() + 1 + whose.size() > longest) whose = base64url_encode(std::span<std::byte const>(sha256(whose)));
        std::string key;
        key.reserve(account.size() + 1 + whose.size());
        key.append(account).append("\n").append(whose);
        return key;
    }

    oauth::scope const& scope_of(access_token_query const& query) const noexcept { return query.scope.empty() ? who.scope : query.scope; }
    std::string const& resource_of(access_token_query const& query) const noexcept { return query.resource.empty() ? who.resource : query.resource; }
    std::string const& claims_of(access_token_query const& query) const noexcept { return query.claims.empty() ? who.claims : query.claims; }

    static client with_all_claims(client&& who)
    {
        who.claims = with_client_capabilities(who.claims, who.capabilities).value();
        return std::move(who);
    }

    template <class Asked, class Use>
    static auto with_claims(Asked asked, result<std::string> claims, Use& use) -> decltype(use(asked))
    {
        if (claims.has_error()) return std::move(claims).error();
        asked.claims = std::move(*claims);
        return use(asked);
    }

public:
    template <class... Policies>
    engine(server_metadata&& s, client&& c, Policies&... policies)
        : transport(take<Transport>(policies...)), store(take<Store>(policies...), cache_, clock, Config::max_cached_accounts), clock(take<Clock>(policies...)),
          authentication(take<Authentication>(policies...)),
          constraint(take<typename Config::sender_constraint>(policies...)), signer(take<typename Config::request_signer>(policies...)), random(take<typename Config::entropy>(policies...)), server(std::move(s)),
          who(with_all_claims(std::move(c))), request(server, who)
    {
    }

    engine(engine const&) = delete;
    engine& operator=(engine const&) = delete;

    time_point now() const noexcept { return clock.now(); }

    token_terms terms_of(oauth::scope const& scope, std::string const& resource, std::string const& claims) const
    {
        token_terms made{scope, resource, claims, server.token_lifetime.value_or(Config::unknown_lifetime), server.default_resource};
        made.scope_by_commas = server.rewrites_scope;
        if (!Config::accept_narrower_scope && !server.asks_by_resource && !server.rewrites_scope)
            made.expected = server.repeats_scope ? scope_of_first_resource(scope, server.default_resource) : scope;
        return made;
    }

    /// What a token that `grant` gets is filed under: what the grant says, else what the answer says, else what the registration asks for.
    template <class Grant>
    token_terms terms_of(Grant const& grant) const
    {
        auto asked = asked_terms(grant);
        // What is found by the same grant alone is kept as what that says.
        bool const apart = !asked.parameters_fingerprint.empty();
        auto made = terms_of(asked.scope.empty() && !apart ? who.scope : asked.scope, asked.resource.value_or(who.resource), asked.claims.empty() ? who.claims : asked.claims);
        made.scope_as_answered = asked.scope.empty() && !apart;
        if (server.asks_by_resource && made.resource.empty()) made.resource = who.resource;
        made.resource_as_answered = server.asks_by_resource && (!asked.resource || asked.resource->empty());
        made.of_client = asked.of_client;
        made.parameters_fingerprint = std::move(asked.parameters_fingerprint);
        return made;
    }

    /// As above, of what is to be found again: what the grant says.
    template <class Grant>
    kept_terms<Grant> kept_terms_of(Grant const& grant) const
    {
        return {grant, who};
    }

    /// What a sign-in asked for. Claims of its own came to the client's, but its token serves whoever asks as the client does.
    token_terms terms_of_sign_in(oauth::scope const& scope, std::string const& resource, std::string const& claims) const
    {
        auto made = terms_of(scope, resource, who.claims);
        if (claims != who.claims) made.claims_fingerprint = claims_fingerprint(claims);
        return made;
    }

    token_terms terms_of(pending_authorization const& pending) const
    {
        return terms_of_sign_in(pending.requested, pending.resource, pending.claims);
    }

    /// Let `use` have `query`; where it has claims of its own, the client's capabilities come to them.
    template <class Use>
    auto complete(access_token_query const& query, Use use) const -> decltype(use(query))
    {
        if (query.claims.empty() || who.capabilities.empty()) return use(query);
        return with_claims(query, with_client_capabilities(query.claims, who.capabilities), use);
    }

    /// Let `use` have `options`; where they have claims of their own, the client's come to them.
    template <class Use>
    auto complete(authorization_options const& options, Use use) const -> decltype(use(options))
    {
        if (options.claims.empty()) return use(options);
        return with_claims(options, merge_claims_requests(who.claims, options.claims), use);
    }

    static result<void> check(std::string_view account)
    {
        if (!account.empty() && account.size() <= 512) return {};
        return failure(errc::invalid_account, advice::fix_configuration, "account.key must have 1 to 512 bytes");
    }

    session_access<split_store<Store, Clock>> sessions(std::string_view account) { return {store, cache_, account, store_key(account)}; }

    /// A token that serves as it is, or an empty handle. No allocation.
    oauth::access_token from_memory(std::string_view account, access_token_query const& query) const
    {
        if (!query.claims_challenge.empty()) return {};
        return from_memory(account, grant_terms{scope_of(query), resource_of(query), claims_of(query), token_owner::whoever}, token_freshness{query.minimum_life, query.renew});
    }

    oauth::access_token from_memory(std::string_view account, grant_terms const& terms, token_freshness const& fresh) const
    {
        if (fresh.renew || !fresh.claims_challenge.empty()) return {};
        auto token = cache_.find(account, terms.scope, terms.resource, terms.claims, server.default_resource, terms.whose, terms.parameters_fingerprint);
        if (token.empty() || lacks_some_of(*token, terms.scope)) return {};
        auto const at = now();
        bool const serves = fresh.minimum_life ? is_fresh(*token, at, *fresh.minimum_life) : is_fresh_enough(*token, at, Config::expiry_margin);
        if (!serves || is_due(*token, at)) return {};
        Config::observe(observation{happening::served_from_memory, account});
        return token;
    }

    renewal_wish wish_of(std::string_view account, grant_terms const& terms, token_freshness const& fresh) const
    {
        renewal_wish wish;
        wish.terms = terms_of(terms.scope, std::string(terms.resource), std::string(terms.claims));
        wish.terms.of_client = terms.whose == token_owner::client;
        wish.terms.parameters_fingerprint = terms.parameters_fingerprint;
        wish.margin = fresh.minimum_life.value_or(Config::expiry_margin);
        wish.strict_margin = fresh.minimum_life.has_value();
        wish.use_extended_lifetime = Config::use_extended_lifetime;
        if (fresh.renew) wish.when = renew_when::always;
        wish.at_hand = cache_.find(account, terms.scope, terms.resource, terms.claims, server.default_resource, terms.whose, terms.parameters_fingerprint);
        wish.held_off = held_off.why(account, now());
        wish.claims_challenge = fresh.claims_challenge;
        wish.rules = server.advice_rules;
        wish.max_response_size = Config::max_response_size;
        return wish;
    }

    renewal_wish wish_of(std::string_view account, access_token_query const& query) const
    {
        renewal_wish wish;
        wish.terms = terms_of(scope_of(query), resource_of(query), claims_of(query));
        bool const always = server.repeats_scope || !(wish.terms.scope == who.scope);
        wish.names_scope = always ? name_scope::always : server.asks_by_resource ? name_scope::never : name_scope::when_needed;
        if (server.repeats_scope) wish.named = scope_of_first_resource(wish.terms.scope, server.default_resource);
        wish.margin = query.minimum_life.value_or(Config::expiry_margin);
        wish.strict_margin = query.minimum_life.has_value();
        wish.use_extended_lifetime = Config::use_extended_lifetime;
        if (query.renew) wish.when = renew_when::always;
        wish.at_hand = cache_.find(account, wish.terms.scope, wish.terms.resource, wish.terms.claims, server.default_resource);
        wish.held_off = held_off.why(account, now());
        wish.claims_challenge = query.claims_challenge;
        wish.rules = server.advice_rules;
        wish.max_response_size = Config::max_response_size;
        return wish;
    }

    /// What `check` makes of the server's keys: of those at hand, and where they may be too old for it, once more of newer ones. Also what fetching them fails with.
    template <class Check>
    auto with_server_keys(Check check) -> decltype(check(std::declval<jwk_set const&>()))
    {
        auto const known = keys.get(transport, server, {}, now());
        if (known.has_error()) return known.error();
        auto outcome = check(**known);
        if (outcome.has_value() || !may_need_newer_keys(outcome.error())) return outcome;
        auto const newer = keys.get(transport, server, *known, now());
        if (newer.has_error()) return newer.error();
        if (*newer == *known) return outcome;
        return check(**newer);
    }

    /// What an ID token must agree with that this client gets.
    id_token_expectations id_token_terms(std::optional<std::string> nonce = std::nullopt) const
    {
        return {.issuer = server.issuer, .issuer_alias = server.issuer_alias, .client_id = who.id, .nonce = std::move(nonce), .algorithms = Config::id_token_algorithms, .leeway = Config::id_token_leeway};
    }

    /** What an ID token must agree with that was asked for by these claims.

        @return Also errc::malformed_claims, and errc::invalid_scope where they demand something of an ID token and there will be none. */
    result<id_token_expectations> id_token_terms(std::optional<std::string> nonce, std::string_view claims, bool openid) const
    {
        auto demanded = demanded_acr(claims);
        if (demanded.has_error()) return std::move(demanded).error();
        if (!openid && *demanded) return failure(errc::invalid_scope, advice::fix_configuration, "acr is demanded, which the ID token shows: ask for the scope openid");
        auto terms = id_token_terms(std::move(nonce));
        terms.acr_required = demanded->has_value();
        if (*demanded) terms.acr_values = std::move(**demanded);
        return terms;
    }

    /// The server has just served this account.
    void is_served(std::string_view account) { held_off.forget(account); }

    /// Run `todo` to its end; it keeps its outcome. @pre the account was checked
    template <machine Machine>
    void drive(Machine& todo, std::string_view account, std::stop_token stop = {})
    {
        auto access = sessions(account);
        blocking_driver<engine>(*this, access, std::move(stop)).run(todo);
    }

    /// Run `todo` to its end, and give its outcome.
    template <machine Machine>
    auto run(Machine todo, std::string_view account, std::stop_token stop = {}) -> decltype(std::move(todo).outcome())
    {
        if (auto const valid = check(account); valid.has_error()) return valid.error();
        drive(todo, account, std::move(stop));
        return std::move(todo).outcome();
    }
};

} // namespace oauth::detail

#endif
