#ifndef OAUTH_FLOW_DETAIL_ENGINE_HPP
#define OAUTH_FLOW_DETAIL_ENGINE_HPP

#include <oauth/core/access_token_query.hpp>
#include <oauth/core/base64url.hpp>
#include <oauth/core/client.hpp>
#include <oauth/core/detail/scope_of_resource.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/core/sha256.hpp>
#include <oauth/flow/detail/blocking_driver.hpp>
#include <oauth/flow/detail/hold_off.hpp>
#include <oauth/flow/detail/policies.hpp>
#include <oauth/flow/detail/session_access.hpp>
#include <oauth/flow/detail/session_cache.hpp>
#include <oauth/machine/renewal.hpp>
#include <oauth/request/authorization_request.hpp>
#include <oauth/request/grant.hpp>
#include <cstddef>
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
    hold_off hold_off_{Config::max_cached_accounts};

    /* Two programs, or one with two registrations, may share a store. What is stored is the token endpoint's and nobody else's: a refresh token must never be sent to another.
       The issuer would not tell servers apart: one may serve several tenants or policies, or not be known. */
    std::string store_key(std::string_view account) const
    {
        constexpr std::size_t longest = 1024;   // as token_store promises
        auto const& url = server.token_endpoint.url();
        auto whose = who.id + "\n" + url;
        if (account.size() + 1 + whose.size() > longest) whose = base64url_encode(std::span<std::byte const>(sha256(whose)));
        std::string key;
        key.reserve(account.size() + 1 + whose.size());
        key.append(account).append("\n").append(whose);
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

    token_terms terms_of(oauth::scope const& scope, std::string const& resource, std::string const& claims) const
    {
        token_terms made{scope, resource, claims, Config::unknown_lifetime, server.default_resource};
        if (!Config::accept_narrower_scope && !server.asks_by_resource)
            made.expected = server.repeats_scope ? scope_of_first_resource(scope, server.default_resource) : scope;
        return made;
    }

    /// What a token that `grant` gets is filed under: what the grant says, else what the answer says, else what the registration asks for.
    template <class Grant>
    token_terms terms_of(Grant const& grant) const
    {
        auto asked = asked_terms(grant);
        auto made = terms_of(asked.scope.empty() ? who.scope : asked.scope, asked.resource.value_or(who.resource), asked.claims.empty() ? who.claims : asked.claims);
        made.scope_as_answered = asked.scope.empty();
        if (server.asks_by_resource && made.resource.empty()) made.resource = who.resource;
        made.resource_as_answered = server.asks_by_resource && (!asked.resource || asked.resource->empty());
        made.of_client = asked.of_client;
        return made;
    }

    static result<void> check(std::string_view account)
    {
        if (!account.empty() && account.size() <= 512) return {};
        return failure(errc::invalid_account, advice::fix_configuration, "account.key must have 1 to 512 bytes");
    }

    session_access<Store> sessions(std::string_view account) { return {store, cache_, account, store_key(account)}; }

    /// A token that serves as it is, or an empty handle. No allocation.
    oauth::access_token from_memory(std::string_view account, access_token_query const& query) const
    {
        if (query.renew) return {};
        auto token = cache_.find(account, scope_of(query), resource_of(query), claims_of(query), server.default_resource);
        if (token.empty() || lacks_some_of(*token, scope_of(query))) return {};
        auto const at = now();
        bool const fresh = query.minimum_life ? is_fresh(*token, at, *query.minimum_life) : is_fresh_enough(*token, at, Config::expiry_margin);
        if (!fresh || is_due(*token, at)) return {};
        Config::observe(observation{happening::served_from_memory, account});
        return token;
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
        wish.held_off = hold_off_.why(account, now());
        wish.rules = server.advice_rules;
        wish.max_response_size = Config::max_response_size;
        return wish;
    }

    /// The server has just served this account.
    void is_served(std::string_view account) { hold_off_.forget(account); }

    /// Run `todo` to its end; it keeps its outcome. @pre the account was checked
    template <machine Machine>
    void drive(Machine& todo, std::string_view account, std::stop_token stop = {})
    {
        auto access = sessions(account);
        blocking_driver<Transport, Store, Clock, Authentication, Config> driver(transport, store, access, clock, authentication, server, who, Config::lock_timeout,
                                                                                std::move(stop), &hold_off_);
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
