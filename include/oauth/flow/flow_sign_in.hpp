#ifndef OAUTH_FLOW_FLOW_SIGN_IN_HPP
#define OAUTH_FLOW_FLOW_SIGN_IN_HPP

#include <oauth/core/account.hpp>
#include <oauth/core/claims_request.hpp>
#include <oauth/flow/detail/check_age.hpp>
#include <oauth/flow/detail/judge.hpp>
#include <oauth/flow/detail/response_mode_for.hpp>
#include <oauth/flow/flow_tokens.hpp>
#include <oauth/jose/jwk_set.hpp>
#include <oauth/machine/device_display.hpp>
#include <oauth/machine/device_login.hpp>
#include <oauth/machine/obtaining.hpp>
#include <oauth/machine/signing_in.hpp>
#include <oauth/oidc/decode_userinfo.hpp>
#include <oauth/oidc/signed_in.hpp>
#include <oauth/policy/browser.hpp>
#include <oauth/policy/redirect_receiver.hpp>
#include <oauth/request/authorization_code.hpp>
#include <oauth/request/authorization_request.hpp>
#include <oauth/request/device_authorization.hpp>
#include <oauth/request/document_request.hpp>
#include <oauth/request/pushed_authorization.hpp>
#include <oauth/response/authorization_response.hpp>
#include <oauth/response/decode_authorization_jwt.hpp>
#include <array>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** How a @ref flow signs users in, and tells who they are. A part of it, not to be used by itself.

    @tparam Engine What stands behind the flow.
*/
template <class Engine>
class flow_sign_in : public flow_tokens<Engine>
{
    using base = flow_tokens<Engine>;
    using config = typename Engine::config_type;

protected:
    using base::engine_;
    using base::run_obtaining;

    explicit flow_sign_in(std::unique_ptr<Engine> engine) noexcept : base(std::move(engine)) {}

public:
    using base::ask;
    using base::call;
    using base::registration;
    using base::server;
    using base::session;

    /** Could the account's tokens be kept now? For who signs users in step by step: asked before @ref authorize, it spares the user a sign-in for nothing, as @ref sign_in does.

        @return Nothing; or errc::invalid_account, and what the store fails with.
    */
    result<void> probe(account const& whose = {})
    {
        if (auto const valid = Engine::check(whose.key); valid.has_error()) return valid.error();
        return engine_->sessions(whose.key).probe();
    }

    /** Begin a sign-in: the URL to open, and what must be remembered until the user comes back.

        PKCE, `state`, and with `openid` a `nonce`, are always used, fresh each time.

        No request is sent, unless the server takes authorization requests only by way of itself (`server_metadata::require_pushed_authorization_requests`), or
        `authorization_options::pushed` asks for that. Then the request is pushed ahead, the client is authenticated, and the URL holds nothing but `client_id` and `request_uri`: open it
        once, and before `pending_authorization::url_expires_at`, which is a minute at many servers.

        It is signed by `Config::request_signer`, where that signs.

        @param options Its claims come to those of the client. After a failure that says `sign_in_again`, give its `server.max_age`, `server.claims` and `server.acr_values`
            here, be they empty or not: they can't weaken what the client's claims demand.

        @return The pending authorization, or errc::missing_endpoint, errc::invalid_client (no redirect URI), errc::invalid_scope, errc::duplicate_parameter, errc::entropy_failed,
            errc::malformed_claims; what signing it fails with, or errc::unsigned_request where the server wants that and the flow does not. Where the request is pushed ahead, also what the client's authentication or the transport fails with, and what
            @ref decode_pushed_authorization_response finds wrong.

        @par Specification
        RFC 6749 4.1.1, RFC 7636, RFC 9700 2.1, RFC 9126, RFC 9101
    */
    result<pending_authorization> authorize(authorization_options const& options = {})
    {
        std::array<std::byte, authorization_request_entropy> random;
        if (auto const filled = engine_->random.fill(random); filled.has_error()) return filled.error();
        auto made = engine_->complete(options, [&](authorization_options const& complete) {
            auto bound = complete;
            // The code is bound to the key as well (RFC 9449 10).
            if (std::string_view const key = engine_->constraint.thumbprint(); !key.empty()) bound.extra.push_back({"dpop_jkt", std::string(key)});
            return engine_->request(engine_->server, engine_->who, bound, random, engine_->now());
        });
        detail::wipe(random.data(), random.size());
        if (made.has_error()) return made;
        if (!made->claims.empty())
            if (auto const terms = engine_->id_token_terms({}, made->claims, !made->nonce.empty()); terms.has_error()) return terms.error();
        if (auto const good = engine_->signer.sign(*made, engine_->server, engine_->who, made->created_at); good.has_error()) return good.error();
        if (!is_pushed(engine_->server, options)) return made;
        auto const pushed = ask(pushed_authorization{engine_->request.pushed_parameters(made->url)});
        if (pushed.has_error()) return pushed.error();
        made->url = engine_->request.pushed_url(pushed->request_uri);
        made->url_expires_at = made->created_at + pushed->expires_in;
        return made;
    }

    /** Finish a sign-in: check what came back, exchange the code, keep the tokens.

        @param pending From @ref authorize; used up when the code is given out to be exchanged. On any failure before that it stays as it is: let the user paste again.
            To take no bare code at all, begin with `authorization_options::bare_code` refused, or set `pending.bare_code` here.
        @param redirect The whole redirected URL, its query or fragment, a form_post body, or the bare code. A bare code brings no state: then only PKCE ties it to this sign-in.
            Nor does it bring `iss`: where the server promises that, it is taken only with @ref bare_code accepted.
        @param whose The account that the tokens are kept for. Its earlier session is replaced.

        Where `openid` was asked for, the ID token is verified before anything is kept; the server's keys are fetched for that, once a day.

        @return What the server said and who signed in, or
            @li errc::invalid_account when the account's key is empty or longer than 512 bytes,
            @li what @ref check_id_token finds wrong with the ID token: nothing is kept then; and errc::missing_endpoint where the server has no jwks_uri,
            @li what @ref parse_authorization_response finds wrong with `redirect`; where a signed answer was asked for (`response_mode` `query.jwt` …), what
                @ref decode_authorization_jwt finds,
            @li errc::malformed_claims, errc::invalid_scope: the claims of `pending` are no claims request, or demand an `acr` without `openid`,
            @li errc::authorization_expired when `pending` is older than Config::authorization_lifetime, or was made more than five minutes from now: then a clock was changed,
            @li errc::missing_endpoint, what the client's authentication or the transport fails with, and what @ref decode_token_response finds wrong with the answer. Once the code was
                given out the advice for that is never to retry: it may be spent, so that it takes a new sign-in.
            @li what the store fails with. Before the code is spent: nothing has happened, and the code may be tried again. After that: the tokens are held in memory, @ref access_token
                hands them out, and saving is tried again with the next renewal; @ref session has them too.
    */
    result<signed_in> exchange(pending_authorization&& pending, std::string_view redirect, account const& whose = {})
    {
        if (auto const timely = detail::check_age(pending, engine_->now(), config::authorization_lifetime); timely.has_error()) return timely.error();
        auto came = pending.signed_response ? signed_answer(redirect, pending) : parse_authorization_response(redirect, pending);
        if (came.has_error())
        {
            auto why = std::move(came).error();
            advise(engine_->server.advice_rules, why);
            if (why.code == server_errc::invalid_request_uri && pending.url_expires_at)
            {
                why.next = advice::sign_in_again;
                why.hint = "begin a new sign-in; the pushed request had expired before its URL was opened, or the URL was opened twice";
            }
            return why;
        }
        bool const openid = pending.requested.contains("openid");
        auto expected = engine_->id_token_terms(pending.nonce, pending.claims, openid);
        if (expected.has_error()) return std::move(expected).error();
        authorization_code grant{came->code, pending.redirect_uri, pending.code_verifier};
        grant.resource = pending.resource;
        obtaining machine(token_request_body(grant, pending.claims), engine_->terms_of(pending), earlier_session::replaced, server().advice_rules, config::max_response_size);
        expected->code = grant.code;
        if (pending.authenticated_after) expected->max_age = engine_->now() - *pending.authenticated_after;
        return sign_in_by(std::move(machine), openid, std::move(*expected), whose, {}, &pending);
    }

    /** Sign a user in from beginning to end: get ready to receive, open the browser, wait, exchange. Before that the store is asked whether the tokens could be kept.

        @param browser Shows the sign-in page. @ref announcing_browser prints the URL too, for a user who has no browser here.
        @param receiver Waits for the user to come back. It may name another port in the redirect URI, and the response mode that it prefers: a @ref loopback_receiver
            has the code posted, where the server can do that, so that it stands in no URL.
        @param options As of @ref authorize. A response_mode in it goes before the receiver's.

        @return As @ref exchange; and what the browser or the receiver fails with.
    */
    template <browser Browser, redirect_receiver Receiver>
    result<signed_in> sign_in(Browser browser, Receiver receiver, authorization_options options = {}, account const& whose = {})
    {
        // Nobody is to sign in for tokens that can't be kept.
        if (auto const writable = probe(whose); writable.has_error()) return writable.error();
        auto redirect_uri = receiver.prepare(options.redirect_uri.empty() ? engine_->who.redirect_uri : options.redirect_uri);
        if (redirect_uri.has_error()) return redirect_uri.error();
        options.redirect_uri = std::move(*redirect_uri);
        options.response_mode = detail::response_mode_for<Receiver>(engine_->server, options);
        auto pending = authorize(options);
        if (pending.has_error()) return pending.error();
        if (auto const opened = browser.open(pending->url); opened.has_error()) return opened.error();
        auto came = receiver.receive([&pending](std::string_view text) { return detail::judge<Receiver>(text, *pending); });
        if (came.has_error()) return came.error();
        // The code is in it: it is wiped, however this ends.
        secret const redirect(std::move(*came));
        return exchange(std::move(*pending), redirect.reveal(), whose);
    }

    /** Sign a user in who has a browser elsewhere: on a device without one, in a terminal over ssh. Blocks until the user is done, or the codes have expired.

        @code
        auto tokens = graph.device_sign_in([](auto const& codes) { std::cout << describe(codes) << std::endl; }).value();
        @endcode

        @param show Shows the user where to go and what to enter; see @ref device_display. Called once, on this thread.
        @param asks What is left empty is taken from the client's registration; its claims come to those of the client.
        @param whose The account that the tokens are kept for. Its earlier session is replaced.
        @param stop Ends the wait, within a twentieth of a second. Before libc++ 20, `std::stop_token` needs `-fexperimental-library`.

        @return As @ref exchange, but for the redirect. And
            @li errc::missing_endpoint, errc::invalid_scope, errc::malformed_claims, and what @ref decode_device_authorization_response finds wrong with the codes,
            @li what `show` fails with,
            @li errc::authorization_expired or server_errc::expired_token when the user was too late: the codes end when the server says, and after Config::authorization_lifetime,
            @li server_errc::access_denied, at Microsoft server_errc::authorization_declined, when the user said no,
            @li errc::cancelled after `stop`.

        An outage of the network or the server does not end it before the codes do: it goes on asking, ever more seldom.

        @par Specification
        RFC 8628
    */
    template <device_display Show>
    result<signed_in> device_sign_in(Show show, device_authorization asks = {}, account const& whose = {}, std::stop_token stop = {})
    {
        auto const& who = engine_->who;
        if (asks.scope.empty()) asks.scope = who.scope;
        if (asks.resource.empty()) asks.resource = who.resource;
        if (asks.claims.empty()) asks.claims = who.claims;
        else
        {
            auto merged = merge_claims_requests(who.claims, asks.claims);
            if (merged.has_error()) return std::move(merged).error();
            asks.claims = std::move(*merged);
        }
        if (!asks.scope.valid()) return failure(errc::invalid_scope, advice::fix_configuration, "device_authorization.scope");
        auto terms = engine_->terms_of_sign_in(asks.scope, asks.resource, asks.claims);
        bool const openid = asks.scope.contains("openid");
        auto expected = engine_->id_token_terms({}, asks.claims, openid);
        if (expected.has_error()) return std::move(expected).error();
        device_login<Show> machine(std::move(asks), std::move(show), std::move(terms), config::authorization_lifetime, server().advice_rules, config::max_response_size);
        return sign_in_by(std::move(machine), openid, std::move(*expected), whose, std::move(stop));
    }

    /** Who is signed in, by the ID token that is kept of the account: its issuer and its audience are checked, whatever its age.

        The token of a sign-in was verified when it came, and it stays good when the server has changed its keys since. One that came with a renewal was compared with it, and came over TLS from the
        token endpoint (OpenID Connect Core 3.1.3.7, 6). So no key is asked for.

        Any other is verified now: one that @ref flow_tokens::obtain or a sign-in without `openid` brought, or that an earlier version of this library has kept. The server's keys are fetched for that
        once a day, and again where the token was signed with one that is not among them, at most every five minutes.

        @return Nothing where nobody is signed in, or without an ID token. Or errc::invalid_account, what the store fails with, and what @ref check_kept_id_token finds wrong; where it has to be
            verified also what fetching the server's keys fails with. Where its key is gone (errc::unknown_key, errc::bad_signature) the advice is to sign in again, once the server's newest keys were
            looked at.

        Whoever can write the store can write whose it is: see `session::id_token_trusted`.
    */
    result<std::optional<id_token>> identity(account const& whose = {})
    {
        auto const kept = session(whose);
        if (kept.has_error()) return kept.error();
        if (!*kept || (*kept)->id_token.empty()) return std::optional<id_token>();
        auto const text = (*kept)->id_token.reveal();
        auto const expected = engine_->id_token_terms();
        int looked = 0;
        auto token = (*kept)->id_token_trusted ? check_id_token_without_signature(text, expected) : engine_->with_server_keys([&](jwk_set const& keys) {
            ++looked;
            return check_kept_id_token(text, keys, expected);
        });
        if (token.has_value()) return std::optional(std::move(*token));
        auto why = std::move(token).error();
        // The second look was at keys that were fetched for it: one that is gone does not come back.
        if (looked == 2 && may_need_newer_keys(why))
        {
            why.next = advice::sign_in_again;
            why.hint = "the kept ID token fits none of the server's keys: they may have been changed since it came";
        }
        return why;
    }

    /** Ask the server's userinfo endpoint who the user is, with the account's access token. The answer must be about the user of the ID token.

        A client that shows a certificate asks where the server wants it (`client::mtls_endpoints`).

        @param query Which access token: the one that the endpoint takes. At Microsoft that is one of Graph.

        @return Or errc::missing_endpoint, errc::no_session without an ID token, what @ref call and @ref identity fail with, and what @ref decode_userinfo finds.

        @par Specification
        OpenID Connect Core 5.3
    */
    result<oauth::userinfo> userinfo(access_token_query const& query = {}, account const& whose = {})
    {
        auto request = document_request(endpoint_of(server(), &server_metadata::userinfo_endpoint, engine_->shows_certificate), "userinfo_endpoint");
        if (request.has_error()) return std::move(request).error();
        auto const who = identity(whose);
        if (who.has_error()) return who.error();
        if (!*who) return failure(errc::no_session, advice::sign_in_again, "sign in with the scope openid");
        auto const answer = call(std::move(*request), query, whose);
        if (answer.has_error()) return answer.error();
        userinfo_expectations const expected{(*who)->subject, (*who)->issuer, registration().id, config::id_token_algorithms, config::id_token_leeway};
        auto const decode = [&](jwk_set const& keys) { return decode_userinfo(*answer, expected, engine_->now(), keys); };
        return is_signed_userinfo(*answer) ? engine_->with_server_keys(decode) : decode({});
    }

private:
    /// Empties what was used up, also where an exception passes: a code that was given out is spent.
    template <class Machine>
    struct used_up
    {
        Machine const& by;
        pending_authorization* pending;

        ~used_up()
        {
            if constexpr (requires { by.asked(); })
                if (pending && by.asked()) *pending = {};
        }
    };

    /// Obtain a user's tokens and, with `openid`, check who the user is. `pending` is what is used up by that, if there is something.
    template <machine Machine>
    result<signed_in> sign_in_by(Machine obtains, bool openid, id_token_expectations expected, account const& whose, std::stop_token stop, pending_authorization* pending = nullptr)
    {
        if (!openid)
        {
            used_up<Machine> const guard{obtains, pending};
            auto tokens = run_obtaining(obtains, whose, std::move(stop), pending != nullptr);
            if (tokens.has_error()) return std::move(tokens).error();
            return signed_in{std::move(*tokens), std::nullopt};
        }
        signing_in checked(std::move(obtains), std::move(expected), config::max_response_size);
        used_up<Machine> const guard{checked.inner(), pending};
        auto tokens = run_obtaining(checked, whose, std::move(stop), pending != nullptr);
        if (tokens.has_error()) return std::move(tokens).error();
        return signed_in{std::move(*tokens), std::move(checked.identity())};
    }

    /// JARM: the answer is a token of the server's.
    result<authorization_response> signed_answer(std::string_view redirect, pending_authorization const& pending)
    {
        auto const query = engine_->with_server_keys([&](jwk_set const& keys) {
            return decode_authorization_jwt(redirect, pending, registration().id, keys, config::id_token_algorithms, engine_->now(), config::id_token_leeway);
        });
        if (query.has_error()) return query.error();
        return parse_authorization_response(query->reveal(), pending);
    }
};

} // namespace oauth

#endif
