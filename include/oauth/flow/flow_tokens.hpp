#ifndef OAUTH_FLOW_FLOW_TOKENS_HPP
#define OAUTH_FLOW_FLOW_TOKENS_HPP

#include <oauth/core/access_token_query.hpp>
#include <oauth/core/account.hpp>
#include <oauth/core/client.hpp>
#include <oauth/core/server_metadata.hpp>
#include <oauth/core/token_freshness.hpp>
#include <oauth/flow/detail/grant_terms.hpp>
#include <oauth/machine/api_call.hpp>
#include <oauth/machine/endpoint_call.hpp>
#include <oauth/machine/forgetting.hpp>
#include <oauth/machine/obtaining.hpp>
#include <oauth/machine/provisioning.hpp>
#include <oauth/machine/renewal.hpp>
#include <oauth/machine/revoking.hpp>
#include <oauth/request/endpoint_message.hpp>
#include <oauth/request/grant_account.hpp>
#include <oauth/request/refresh_token.hpp>
#include <concepts>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>
#include <utility>

namespace oauth {

/** What a @ref flow does with tokens: hand them out, renew them, call APIs with them, end them. A part of it, not to be used by itself.

    @tparam Engine What stands behind the flow.
*/
template <class Engine>
class flow_tokens
{
    using config = typename Engine::config_type;

protected:
    // Behind a pointer, so that a flow can be moved though others hold references into it.
    std::unique_ptr<Engine> engine_;

    explicit flow_tokens(std::unique_ptr<Engine> engine) noexcept : engine_(std::move(engine)) {}

public:
    /// Who is asked.
    server_metadata const& server() const noexcept { return engine_->server; }

    /// The client's registration; its capabilities have come to its claims.
    client const& registration() const noexcept { return engine_->who; }

    /** Get tokens by any grant, and add them to the account's session. The client's claims are sent along, unless the grant writes `claims` of its own.

        They are kept under what the grant says that it asks for (@ref grant), so that @ref access_token hands them out to those who ask for that. What is asked for with more than a scope, a
        resource and claims, such as an `audience`, is found by the same grant alone. Another kind of token than an access token (RFC 8693 2.2.1) is not kept, only returned. A token of the
        client's own, as `client_credentials` gets it, is kept apart: @ref access_token hands it out where nobody has signed in, and never in place of a user's.

        An ID token that comes is kept as it is; @ref flow_sign_in::identity verifies it when it is read. With `refresh_token`, where that is the session's own, it must besides speak of the same
        sign-in as the kept one (OpenID Connect Core 12.2), and is trusted as that is; with one from elsewhere no earlier sign-in is known. To renew a session, @ref refresh is the better way: it takes the lock before the
        refresh token is spent.

        @return As @ref exchange, but for the redirect. With the session's own `refresh_token` also errc::token_issuer_mismatch, errc::subject_mismatch, errc::audience_mismatch,
            errc::auth_time_mismatch and errc::nonce_mismatch, as @ref access_token: nothing of the answer is handed out or kept then.
    */
    template <grant Grant>
    result<token_response> obtain(Grant const& grant, account const& whose = {})
    {
        secret spent;
        if constexpr (std::same_as<Grant, oauth::refresh_token>) spent = grant.token;
        obtaining machine(token_request_body(grant, engine_->who.claims), engine_->terms_of(grant), earlier_session::kept, server().advice_rules, config::max_response_size,
                          std::move(spent));
        return run_obtaining(machine, whose);
    }

    /** An access token that is good for a while: from memory, from the store, or renewed.

        From memory it takes no lock that keeps readers from each other, and no allocation. A renewal is done once, however many threads and processes ask: the others wait
        for it, or are given the old token while that lives.

        @return A token with at least the wanted life: `query.minimum_life`, or Config::expiry_margin, but no more than half of the life that it was given. What the server gives
            is handed out however short it lives; and when it can't be renewed now, so is the old one while it lives, provided that no minimum was named. Or
            @li errc::no_session: nobody is signed in; errc::not_renewable: the session has no refresh token; errc::session_ended: the server has refused it before, and the hint says
                why; the first to be refused gets what the server said,
            @li errc::scope_not_granted, with advice::consent: the server says that it granted less than is asked for; what is missing stands in the hint. Told as long as the token
                that it gave would live, without asking again. Ask for less, or see Config::accept_narrower_scope,
            @li errc::invalid_account when the account's key is empty or longer than 512 bytes,
            @li server_errc::invalid_grant and what else the server refuses with. When it answers 429 or 503 with a `Retry-After`, it is left alone for that long, an hour at most, for
                this account and by this object: without an old token that lives, the same failure is given, with the time that is left. A new sign-in goes through,
            @li errc::lock_timeout; what the transport or the store fails with. When a new token could not be
                saved, that is told once; ask again to get the token, which is held in memory,
            @li errc::token_issuer_mismatch, errc::subject_mismatch, errc::audience_mismatch, errc::auth_time_mismatch or errc::nonce_mismatch, with advice::sign_in_again: the renewal
                brought an ID token of another sign-in than the session's (OpenID Connect Core 12.2). Nothing of that answer is handed out or kept. The signature is not checked for
                that, since the answer came over TLS from the token endpoint itself. One that can't be read, as an
                unsigned one, breaks no renewal: the earlier one is kept,
            @li errc::unsupported_token_type: the renewal brought a token of another kind than an access token,
            @li errc::malformed_claims where claims of the query have to be merged and are no JSON object of at most 16 KiB.
    */
    result<oauth::access_token> access_token(access_token_query const& query = {}) { return token_of("default", query); }

    /// As above, for the account `whose`.
    result<oauth::access_token> access_token(account const& whose, access_token_query const& query = {}) { return token_of(whose.key, query); }

    /** An access token that a grant brings without the user, such as a daemon's: the kept one while it is good, else a new one.

        It is asked for once, however many threads want it, and processes that share the store it is kept in. What is kept under is @ref grant_account: all that the grant says. The client's claims are
        sent along, unless the grant writes `claims` of its own.

        What an assertion brings, or another token (@ref on_behalf_of, @ref token_exchange, @ref jwt_bearer), is kept in this flow's memory alone, for as many of them as
        Config::max_cached_accounts: there are ever new assertions, and no store is to fill with what was got for those that are over. When its tokens have expired nobody is given it any more,
        nor a refresh token that came along; it leaves this process's memory when it is asked for then, or when another one is kept. Name an account to have it in the store.

        @code
        auto token = daemon.access_token(oauth::client_credentials{.scope = oauth::microsoft::default_scope("https://graph.microsoft.com")}).value();
        @endcode

        @return As @ref access_token of an account: a token with at least the wanted life; while a new one can't be got now, the old one while it lives. Or what the server refuses with;
            errc::unsupported_token_type where another kind of token came than an access token: get that with @ref obtain; errc::lock_timeout; what the transport or the store fails
            with; errc::malformed_claims where claims have to be merged and are no JSON object of at most 16 KiB. When a new token
            could not be saved, that is told once; ask again to get the token, which is held in memory. Where a claims challenge is to be answered and only the user can help, as it may be
            with @ref on_behalf_of, the failure's `server.claims` are those to sign in with: hand them on to whoever called.
    */
    template <grant Grant>
    result<oauth::access_token> access_token(Grant const& grant, token_freshness const& fresh = {})
    {
        return provide(grant, oauth::grant_account(grant), fresh);
    }

    /** As above, kept under the account `whose`, and from memory without an allocation, but where the grant has an `audience` or the like, or members that have to be copied.

        There a kept token serves that was asked with the same `scope`, `resource` and `claims`, and the same of all else that the table of @ref grant names (`audience`,
        `requested_token_type`, `extra`, `kept_apart_by()`), whatever proves who asks. So an account must be one user's, and one actor's where somebody acts for the user: for @ref on_behalf_of the
        user's tenant and object id, say, of a token that was verified, to have one session for all tokens that this user calls with. To have one for each such token, leave
        `whose` out, or make it of a hash of the token, never of the token itself: it may become a file's name.

        @return Also errc::invalid_account when the account's key is empty or longer than 512 bytes.
    */
    template <grant Grant>
    result<oauth::access_token> access_token(Grant const& grant, account const& whose, token_freshness const& fresh = {})
    {
        return provide(grant, whose, fresh);
    }

    /** Renew now, whether it is needed or not, and tell what the server said.

        @return What the server said, be it that it grants less; or as @ref access_token. No older token takes the place of a failure. Here too the server is left alone while it
            wants that.
    */
    result<token_response> refresh(access_token_query const& query = {}, account const& whose = {})
    {
        auto outcome = engine_->complete(query, [&](access_token_query const& complete) {
            auto wish = engine_->wish_of(whose.key, complete);
            wish.when = renew_when::always;
            wish.answer_suffices = true;
            return engine_->run(renewal(std::move(wish)), whose.key);
        });
        if (outcome.has_error()) return std::move(outcome).error();
        if (outcome->not_saved) return std::move(*outcome->not_saved);
        return std::move(*outcome->answer);
    }

    /** Call an API with an access token in `Authorization: Bearer`. When the API refuses the token, another one is got, and the request is sent once more:

        - 401 that names no other error than `invalid_token`: the token is renewed, once.
        - 401 or 403 with a claims challenge (`insufficient_claims`): a token is got with the claims that the API wants, once, and takes the place of the one that was refused.
          Where only a sign-in can bring it, the failure's `server.claims` are those to sign in with.
        - 401 or 403 that wants another authentication of the user (`insufficient_user_authentication`): only a new sign-in can bring that, and the failure's `server.acr_values` and
          `server.max_age` are what to sign in with. But where the user has signed in anew meanwhile, by another process that shares the store, that token is tried first.

        @code
        auto answer = graph.call({.url = "https://graph.microsoft.com/v1.0/me"});
        if (answer.has_error() && answer.error().next == oauth::advice::sign_in_again)
        {
            auto const wants = answer.error().server;
            graph.sign_in(oauth::system_browser{}, oauth::loopback_receiver{8400}, {.max_age = wants.max_age, .claims = wants.claims, .acr_values = wants.acr_values}).value();
        }
        @endcode

        An API sends claims challenges to clients that say they can answer them: see `client::capabilities`.

        @param request What to send; its `authorization` is set here.

        @return Any other answer of the API, whatever its status; or
            @li what @ref access_token or the transport fails with,
            @li errc::unsupported_token_type where the token is no bearer token,
            @li server_errc::insufficient_claims where the API wants claims still when it was sent a token that was asked with them,
            @li server_errc::insufficient_user_authentication, with advice::sign_in_again: what the user has to show stands in `server.acr_values` and `server.max_age`, which are the API's
                words: give them to @ref authorize.
            A new token that could not be saved is used all the same: it is held in memory, and saving is tried again with the next renewal.

        @par Specification
        RFC 6750 2.1 and 3.1, RFC 9470; Microsoft identity platform, claims challenges and continuous access evaluation
    */
    result<http_response> call(http_request request, access_token_query const& query = {}, account const& whose = {})
    {
        return engine_->complete(query, [&](access_token_query const& complete) {
            return engine_->run(api_call(std::move(request), engine_->from_memory(whose.key, complete), engine_->wish_of(whose.key, complete)), whose.key);
        });
    }

    /** As above, with the token that a grant brings without the user, as @ref access_token of a grant keeps it: a daemon's, or an API's that calls on in the name of whoever called it.

        @code
        auto answer = daemon.call({.url = "https://graph.microsoft.com/v1.0/users"}, oauth::client_credentials{.scope = "https://graph.microsoft.com/.default"});
        @endcode

        What is got anew, because the API refused the token or wants other claims in it, is asked for with the grant once more. What of it only a user can help with is not for this program to
        ask: an API that calls on hands the failure's `server.claims` on to its caller, in a 401 of its own (`insufficient_claims`), likewise `server.acr_values` and `server.max_age`.
        Where the API wants another authentication than the one behind a kept token, the grant is tried once before that is said: its assertion may be of a stronger sign-in.

        @return Also what @ref access_token of a grant fails with. For a client's own token nobody can sign in: where the API wants more of it still, server_errc::insufficient_claims and
            server_errc::insufficient_user_authentication come with advice::give_up.
    */
    template <grant Grant>
    result<http_response> call(http_request request, Grant const& grant, token_freshness const& fresh = {})
    {
        return call_by(std::move(request), grant, oauth::grant_account(grant), fresh);
    }

    /// As above, with the token kept under the account `whose`, which must be one user's; see @ref access_token. Also errc::invalid_account.
    template <grant Grant>
    result<http_response> call(http_request request, Grant const& grant, account const& whose, token_freshness const& fresh = {})
    {
        return call_by(std::move(request), grant, whose, fresh);
    }

    /** Ask another endpoint of the server than the token endpoint: introspection, revocation, a pushed request, a device's sign-in … The client is authenticated there as at the
        token endpoint.

        @code
        auto const token_is = graph.ask(oauth::introspection{.token = token}).value();
        @endcode

        @param message What is asked; see @ref endpoint_message for the shipped ones and for one's own.

        @return What `Message::read` makes of the answer; or errc::missing_endpoint, and what the client's authentication or the transport fails with.
    */
    template <endpoint_message Message>
    auto ask(Message const& message) -> decltype(Message::read(std::declval<http_response const&>(), std::size_t()))
    {
        return engine_->run(endpoint_call<Message>(message, server().advice_rules, config::max_response_size), "default");
    }

    /** What is kept of the account, the refresh token included; nothing where nobody is signed in. What the store could not take is part of it.

        @return Also errc::invalid_account, and what the store fails with.
    */
    result<std::optional<oauth::session>> session(account const& whose = {})
    {
        if (auto const valid = Engine::check(whose.key); valid.has_error()) return valid.error();
        return engine_->sessions(whose.key).whole();
    }

    /** End the account's session everywhere: revoke its tokens at the server, then forget them, here and in the store.

        Waits for a renewal that is under way, at most Config::lock_timeout. Whatever goes wrong at the server, the tokens are forgotten. To keep them until the server has taken note, call
        `ask(revocation{.token = …})` with what @ref session holds, and @ref forget afterwards.

        Microsoft has no revocation endpoint: there it is errc::missing_endpoint, and the tokens are forgotten; see @ref revocation for what can be done there.

        @return Nothing, also where nobody is signed in; or
            @li what the store fails with: the session may still be in it; errc::invalid_account,
            @li errc::missing_endpoint, what the client's authentication or the transport fails with, and what @ref decode_revocation_response finds wrong with the answer: the tokens are
                forgotten here, but at the server they live on until they expire. Asking again is in vain then.

        @par Specification
        RFC 7009 2
    */
    result<void> revoke(account const& whose = {}, revoked_tokens which = revoked_tokens::refresh_token)
    {
        return engine_->run(revoking(which, server().advice_rules, config::max_response_size), whose.key);
    }

    /** Forget the account's tokens, here and in the store. The server is not told; see @ref revoke.

        Waits for a renewal that is under way, at most Config::lock_timeout, since that would save them again.

        @return Also errc::invalid_account, and what the store fails with; the tokens in memory are forgotten all the same.
    */
    result<void> forget(account const& whose = {}) { return engine_->run(forgetting(), whose.key); }

protected:
    /** @tparam Machine One whose outcome is `exchanged`.
        @param once Is what it sends good for one use only? Then nobody is told to try the same again when it was given out and brought nothing. */
    template <machine Machine>
    result<token_response> run_obtaining(Machine& machine, account const& whose, std::stop_token stop = {}, bool once = false)
    {
        if (auto const valid = Engine::check(whose.key); valid.has_error()) return valid.error();
        engine_->drive(machine, whose.key, std::move(stop));
        bool given_out = false;
        if constexpr (requires { machine.asked(); }) given_out = machine.asked();
        else if constexpr (requires { machine.inner().asked(); }) given_out = machine.inner().asked();
        auto outcome = std::move(machine).outcome();
        if (outcome.has_error())
        {
            auto why = std::move(outcome).error();
            if (once && given_out && (why.next == advice::retry || why.next == advice::retry_after)) why.next = advice::sign_in_again;
            return why;
        }
        engine_->is_served(whose.key);
        if (outcome->not_saved) return std::move(*outcome->not_saved);
        return std::move(outcome->answer);
    }

private:
    result<oauth::access_token> token_of(std::string_view whose, access_token_query const& query)
    {
        return engine_->complete(query, [&](access_token_query const& complete) -> result<oauth::access_token> {
            if (auto token = engine_->from_memory(whose, complete); !token.empty()) return token;
            auto outcome = engine_->run(renewal(engine_->wish_of(whose, complete)), whose);
            if (outcome.has_error()) return std::move(outcome).error();
            if (outcome->not_saved) return std::move(*outcome->not_saved);
            return std::move(outcome->token);
        });
    }

    template <class Grant>
    result<oauth::access_token> provide(Grant const& grant, account const& whose, token_freshness const& fresh)
    {
        auto const terms = engine_->kept_terms_of(grant);
        if (auto token = engine_->from_memory(whose.key, terms, fresh); !token.empty()) return token;
        auto outcome = engine_->run(provisioning(token_request_body(grant, engine_->who.claims), engine_->wish_of(whose.key, terms, fresh)), whose.key);
        if (outcome.has_error()) return std::move(outcome).error();
        if (outcome->not_saved) return std::move(*outcome->not_saved);
        return std::move(outcome->token);
    }

    template <class Grant>
    result<http_response> call_by(http_request request, Grant const& grant, account const& whose, token_freshness const& fresh)
    {
        auto const terms = engine_->kept_terms_of(grant);
        auto token = engine_->from_memory(whose.key, terms, fresh);
        by_grant source{token_request_body(grant, engine_->who.claims).release()};
        return engine_->run(grant_api_call(std::move(request), std::move(token), engine_->wish_of(whose.key, terms, fresh), std::move(source)), whose.key);
    }
};

} // namespace oauth

#endif
