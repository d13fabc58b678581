#ifndef OAUTH_FLOW_DETAIL_ENGINE_HPP
#define OAUTH_FLOW_DETAIL_ENGINE_HPP

#include <oauth/core/access_token_query.hpp>
#include <oauth/core/client.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/core/token_freshness.hpp>
#include <oauth/flow/detail/blocking_driver.hpp>
#include <oauth/flow/detail/grant_terms.hpp>
#include <oauth/flow/detail/policies.hpp>
#include <oauth/flow/detail/session_access.hpp>
#include <oauth/flow/detail/session_cache.hpp>
#include <oauth/machine/provisioning.hpp>
#include <oauth/machine/renewal.hpp>
#include <oauth/request/authorization_request.hpp>
#include <oauth/request/device_authorization.hpp>
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
    Transport transport;
    Store store;
    Clock clock;
    Authentication authentication;
    typename Config::entropy random;
    server_metadata const server;
    client const who;
    authorization_request const request;

private:
    session_cache cache_{Config::max_cached_accounts};

    // Two programs, or one with two registrations, may share a store.
    std::string store_key(std::string_view account) const
    {
        std::string key;
        key.reserve(account.size() + who.id.size() + server.issuer.size() + 2);
        key.append(account).append("\n").append(who.id).append("\n").append(server.issuer);
        return key;
    }

    oauth::scope const& scope_of(access_token_query const& query) const noexcept { return query.scope.empty() ? who.scope : query.scope; }
    std::string const& resource_of(access_token_query const& query) const noexcept { return query.resource.empty() ? who.resource : query.resource; }
    std::string const& claims_of(access_token_query const& query) const noexcept { return query.claims.empty() ? who.claims : query.claims; }

public:
    template <class... Policies>
    engine(server_metadata&& s, client&& c, Policies&... policies)
        : transport(take<Transport>(policies...)), store(take<Store>(policies...)), clock(take<Clock>(policies...)),
          authentication(take<Authentication>(policies...)), random(take<typename Config::entropy>(policies...)), server(std::move(s)), who(std::move(c)),
          request(server, who)
    {
    }

    engine(engine const&) = delete;
    engine& operator=(engine const&) = delete;

    time_point now() const noexcept { return clock.now(); }

    static token_terms terms_of(oauth::scope const& scope, std::string const& resource, std::string const& claims)
    {
        return {scope, resource, claims, Config::unknown_lifetime};
    }

    /// What the registration asks for.
    token_terms terms() const { return terms_of(who.scope, who.resource, who.claims); }

    static result<void> check(std::string_view account)
    {
        if (!account.empty() && account.size() <= 512) return {};
        return failure(errc::invalid_account, advice::fix_configuration, "account.key must have 1 to 512 bytes");
    }

    session_access<Store> sessions(std::string_view account) { return {store, cache_, account, store_key(account)}; }

    /// A token that serves as it is, or an empty handle. No allocation.
    oauth::access_token from_memory(std::string_view account, access_token_query const& query) const
    {
        return from_memory(account, {scope_of(query), resource_of(query), claims_of(query)}, {query.minimum_life, query.renew});
    }

    oauth::access_token from_memory(std::string_view account, grant_terms const& terms, token_freshness const& fresh) const
    {
        if (fresh.renew) return {};
        auto token = cache_.find(account, terms.scope, terms.resource, terms.claims, server.default_resource);
        if (token.empty()) return {};
        auto const at = now();
        bool const serves = fresh.minimum_life ? is_fresh(*token, at, *fresh.minimum_life) : is_fresh_enough(*token, at, Config::expiry_margin);
        return serves && !is_due(*token, at) ? token : oauth::access_token();
    }

    provision_wish wish_of(std::string_view account, grant_terms const& terms, token_freshness const& fresh) const
    {
        provision_wish wish;
        wish.terms = terms_of(terms.scope, std::string(terms.resource), std::string(terms.claims));
        wish.default_resource = server.default_resource;
        wish.freshness = fresh;
        wish.expiry_margin = Config::expiry_margin;
        wish.use_extended_lifetime = Config::use_extended_lifetime;
        wish.at_hand = cache_.find(account, terms.scope, terms.resource, terms.claims, server.default_resource);
        wish.rules = server.advice_rules;
        wish.max_response_size = Config::max_response_size;
        return wish;
    }

    renewal_wish wish_of(std::string_view account, access_token_query const& query) const
    {
        renewal_wish wish;
        wish.terms = terms_of(scope_of(query), resource_of(query), claims_of(query));
        wish.default_resource = server.default_resource;
        wish.names_scope = server.repeats_scope || !(wish.terms.scope == who.scope);
        wish.margin = query.minimum_life.value_or(Config::expiry_margin);
        wish.strict_margin = query.minimum_life.has_value();
        wish.use_extended_lifetime = Config::use_extended_lifetime;
        if (query.renew) wish.when = renew_when::always;
        wish.at_hand = cache_.find(account, wish.terms.scope, wish.terms.resource, wish.terms.claims, wish.default_resource);
        wish.rules = server.advice_rules;
        wish.max_response_size = Config::max_response_size;
        return wish;
    }

    /// Take from the registration what `asks` leaves empty.
    result<void> complete(device_authorization& asks) const
    {
        if (asks.scope.empty()) asks.scope = who.scope;
        if (asks.resource.empty()) asks.resource = who.resource;
        if (asks.claims.empty()) asks.claims = who.claims;
        if (!asks.scope.valid()) return failure(errc::invalid_scope, advice::fix_configuration, "device_authorization.scope");
        return {};
    }

    /// The kept token, or the one that `body` brings.
    result<oauth::access_token> provide(form body, grant_terms const& terms, std::string_view account, token_freshness const& fresh)
    {
        if (auto token = from_memory(account, terms, fresh); !token.empty()) return token;
        auto outcome = run(provisioning(std::move(body), wish_of(account, terms, fresh)), account);
        if (outcome.has_error()) return std::move(outcome).error();
        if (outcome->not_saved) return std::move(*outcome->not_saved);
        return std::move(outcome->token);
    }

    /// Run `todo` to its end; it keeps its outcome. @pre the account was checked
    template <machine Machine>
    void drive(Machine& todo, std::string_view account, std::stop_token stop = {})
    {
        auto access = sessions(account);
        blocking_driver<Transport, Store, Clock, Authentication> driver(transport, store, access, clock, authentication, server, who, Config::lock_timeout,
                                                                        std::move(stop));
        driver.run(todo);
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
