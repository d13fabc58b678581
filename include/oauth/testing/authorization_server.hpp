#ifndef OAUTH_TESTING_AUTHORIZATION_SERVER_HPP
#define OAUTH_TESTING_AUTHORIZATION_SERVER_HPP

#include <oauth/core/server_metadata.hpp>
#include <oauth/policy/clock.hpp>
#include <oauth/testing/authorization_server_options.hpp>
#include <oauth/testing/detail/authorize_endpoint.hpp>
#include <oauth/testing/detail/device_endpoint.hpp>
#include <oauth/testing/detail/device_page.hpp>
#include <oauth/testing/detail/discovery.hpp>
#include <oauth/testing/detail/end_session_page.hpp>
#include <oauth/testing/detail/fault_answer.hpp>
#include <oauth/testing/detail/introspection_endpoint.hpp>
#include <oauth/testing/detail/jwt_bearer_grant.hpp>
#include <oauth/testing/detail/pushed_authorization_endpoint.hpp>
#include <oauth/testing/detail/registration_endpoint.hpp>
#include <oauth/testing/detail/revocation_endpoint.hpp>
#include <oauth/testing/detail/token_endpoint.hpp>
#include <oauth/testing/memory_server.hpp>
#include <oauth/testing/user_agent.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth::testing {

/// What an access token stands for, for an API that is asked to take it.
struct accepted_token
{
    std::string client_id;
    oauth::scope scope;
    std::string resource;              ///< what it is for, "" where the server names none
    std::optional<test_user> user;     ///< none for a client's own token
    std::string claims = {};           ///< the claims request that it was asked with
    std::vector<std::string> also_resources = {};   ///< further ones that it is for
};

/** A strict authorization server in memory: a function from request to response. It has a sign-in page and a consent page, and needs no network.

    It plays Entra v2, Entra v1, B2C or none but the standards, and refuses what a careless client gets wrong: another redirect URI, no or another PKCE
    verifier (S256 only), no state, `openid` without nonce, a code used twice (which ends what came of it), a refresh token used twice (likewise), a
    parameter that comes twice, an `Origin`, a secret from a public client; a device that asks too soon (`standard`) or again with a code that was redeemed, an assertion for
    another API, a subject token that lives no more. Where Microsoft is laxer it is stricter; see @ref rotation for the one that counts.
    A code is taken at the tenant that it came from, and nowhere else; a refresh token at each tenant of the server, since Microsoft binds it to user and client only.

    A client proves who it is by its secret, by a JWT that it signs (with the secret, a key, or at Entra a certificate that the header must name), by one of an identity provider that it is
    registered with (@ref federated_credential), or by its TLS connection. All of a JWT's claims are looked at, and a proof is taken once.

    The standard one takes signed requests (RFC 9101) and signs its answer where that is asked for (`response_mode` `jwt`, `query.jwt` …, JARM), says what it knows of the user in a
    signed token to the clients that are registered so, knows clients by the certificate of their TLS connection and binds tokens to it (RFC 8705, @ref client_certificate_field), and refuses
    a sign-in that does not meet the `acr` that is demanded.

    At Entra an access token for one of the registered clients, as an API, is a JWT that the server's keys verify; any other is opaque.

    | grant | Entra v2 | Entra v1 | B2C | standard |
    |---|---|---|---|---|
    | `authorization_code`, `refresh_token`, `client_credentials` | yes | yes | yes | yes |
    | `device_code` | yes | yes | | yes |
    | `jwt-bearer` | on behalf of | on behalf of | | RFC 7523: of @ref assertion, and of the @ref trusted_issuer |
    | `token-exchange` | | | | yes |

    @code
    oauth::testing::manual_clock clock;
    oauth::testing::authorization_server server{{.clients = {oauth::testing::registered_client::of(my_client)}}, clock};
    oauth::flow probe{server.metadata(), my_client, oauth::testing::server_transport{server}, oauth::memory_store{}, clock};
    auto pending = probe.authorize().value();
    auto redirect = server.sign_in(pending.url);
    auto tokens = probe.exchange(std::move(pending), redirect).value();
    server.fail_next(oauth::testing::fault::too_many_requests);
    @endcode

    Not for production: identifiers follow from a seed, and nothing is kept but in memory.

    @par Ownership
    Copies are the same server.

    @par Thread safety
    Safe, also for one object: requests are answered one after the other.

    @par Exception safety
    Throws nothing but `std::bad_alloc`, whatever is asked.
*/
template <clock Clock = system_clock>
class authorization_server
{
    std::shared_ptr<detail::server_state> state_;
    Clock clock_;

public:
    explicit authorization_server(authorization_server_options options = {}, Clock clock = Clock())
        : state_(std::make_shared<detail::server_state>(std::move(options))), clock_(std::move(clock))
    {
    }

    /// Answer a request. Its origin is not looked at.
    http_response handle(http_request const& request) const
    {
        std::scoped_lock const lock(state_->mutex);
        auto& state = *state_;
        auto const now = clock_.now();
        auto const where = detail::find_route(state.options, request.url.target());
        if (!where) return http_response{404, {}, {}};
        auto const place = place_of(where->at);
        if (place == server_place::token) ++state.counts.token_requests;
        auto const planned = detail::take_fault(state, place);
        if (planned)
            if (auto wrong = detail::fault_answer(state, *planned, now)) return std::move(*wrong);
        auto answer = answer_of(*where, request, now);
        if (planned) answer.fields.push_back({std::string(delay_field), std::to_string(state.options.delay.count())});
        return answer;
    }

    /// Is this URL on the server's origin?
    bool serves(endpoint const& url) const
    {
        std::scoped_lock const lock(state_->mutex);
        auto const own = endpoint::parse(state_->options.origin);
        return own && own->same_origin(url);
    }

    /// Where it is: the origin changes all URLs that the server names. For a server behind a socket whose port is known late.
    void set_origin(std::string origin)
    {
        std::scoped_lock const lock(state_->mutex);
        state_->options.origin = std::move(origin);
    }

    /** What a flow needs to know of it. The tenant is the one of the options.

        @throws error where the options' origin is not one that @ref endpoint takes.
    */
    server_metadata metadata() const
    {
        std::scoped_lock const lock(state_->mutex);
        auto const& options = state_->options;
        bool const v2 = options.kind == personality::entra_v2;
        auto const at = [&options](detail::page which) { return detail::page_endpoint(options, which); };
        return {.issuer = detail::issuer_of(options),
                .authorization_endpoint = at(detail::page::authorize),
                .token_endpoint = at(detail::page::token),
                .device_authorization_endpoint = at(detail::page::device_authorization),
                .userinfo_endpoint = at(detail::page::userinfo),
                .jwks_uri = at(detail::page::keys),
                .end_session_endpoint = at(detail::page::end_session),
                .revocation_endpoint = at(detail::page::revocation),
                .introspection_endpoint = at(detail::page::introspection),
                .pushed_authorization_request_endpoint = at(detail::page::pushed_authorization),
                .registration_endpoint = at(detail::page::registration),
                .discovery_document = at(detail::page::discovery),
                .response_modes_supported = detail::response_modes(options.kind),
                .require_pushed_authorization_requests = options.require_pushed_authorization_requests,
                .require_signed_request_object = options.require_signed_request_object,
                .authorization_response_iss_parameter_supported = options.kind == personality::standard,
                .asks_by_resource = options.kind == personality::entra_v1,
                .repeats_scope = v2 || options.kind == personality::b2c,
                .default_resource = v2 ? std::string(detail::graph_resource) + '/' : std::string()};
    }

    /// The URL of its discovery document.
    std::string discovery_url() const
    {
        std::scoped_lock const lock(state_->mutex);
        return detail::page_url(state_->options, detail::page::discovery);
    }

    /** Play the user: open the URL, sign in as the first user of the options, consent or cancel.

        @return The URL that the browser is redirected to; with `response_mode=form_post` the body that it posts there. "" where the server shows an error page
        instead of a redirect; `user_agent` gives the reason.
    */
    std::string sign_in(std::string_view authorize_url, user_choice choice = user_choice::accept) const
    {
        direct_line line{*this};
        auto const who = first_user();
        auto end = user_agent<direct_line>(line, who.username, who.password).sign_in(authorize_url, choice);
        if (!end) return {};
        return end->form.empty() ? std::move(end->url) : std::move(end->form);
    }

    /** Play the user at the page that a device names: enter the code, sign in as the first user of the options, allow it or not.

        @return Did the server take the code?
    */
    bool enter_code(std::string_view user_code, user_choice choice = user_choice::accept) const
    {
        direct_line line{*this};
        auto const who = first_user();
        std::string page;
        {
            std::scoped_lock const lock(state_->mutex);
            page = detail::page_url(state_->options, detail::page::device);
        }
        return user_agent<direct_line>(line, who.username, who.password).enter_code(page, user_code, choice).has_value();
    }

    /// Play another identity provider, which this server trusts: a JWT that says that the first user is who they are, good for five minutes and one use (RFC 7523).
    std::string assertion() const
    {
        auto const who = first_user();
        std::scoped_lock const lock(state_->mutex);
        return detail::new_assertion(*state_, who, clock_.now());
    }

    /// Let the next `times` requests to `where` go wrong. Several plans are carried out one after the other.
    void fail_next(fault what, std::uint64_t times = 1, server_place where = server_place::token)
    {
        std::scoped_lock const lock(state_->mutex);
        if (times != 0) state_->faults.push_back({what, where, times});
    }

    /// What it has done so far.
    server_counts counts() const
    {
        std::scoped_lock const lock(state_->mutex);
        return state_->counts;
    }

    /// How many refresh tokens were exchanged for tokens.
    std::uint64_t refresh_count() const { return counts().refreshes; }

    /// End all sessions: their refresh tokens get `invalid_grant`, their access tokens are not accepted.
    void revoke_all()
    {
        std::scoped_lock const lock(state_->mutex);
        for (auto& [text, token] : state_->refresh_tokens) token.of->revoked = true;
        for (auto& [text, token] : state_->access_tokens) token.revoked = true;
    }

    /// No access token given so far is accepted any more. The sessions live on.
    void revoke_access_tokens()
    {
        std::scoped_lock const lock(state_->mutex);
        for (auto& [text, token] : state_->access_tokens) token.revoked = true;
    }

    /// What `access_token` stands for, or nothing where it is unknown, expired or revoked.
    std::optional<accepted_token> introspect(std::string_view access_token) const
    {
        std::scoped_lock const lock(state_->mutex);
        auto const found = state_->access_tokens.find(access_token);
        if (found == state_->access_tokens.end() || found->second.revoked || found->second.expires_at <= clock_.now()) return std::nullopt;
        auto const& token = found->second;
        return accepted_token{token.client_id, token.scope, token.resource, token.of ? std::optional(token.of->user) : std::nullopt, token.claims, token.also_resources};
    }

    /** Would an API take the token of this request, as it is presented: as a bearer token, or with the proof that its key wants?

        @return Nothing where it may be used; else the API's answer, 401 with a challenge.
    */
    std::optional<http_response> refuse(http_request const& request) const
    {
        std::scoped_lock const lock(state_->mutex);
        auto const fault = detail::presentation_fault(*state_, request, clock_.now());
        if (fault.empty()) return std::nullopt;
        http_response refusal{401, {}, {}};
        detail::add_challenge(*state_, refusal, fault, oauth::detail::ascii_iequal(request.authorization.reveal().substr(0, 5), "DPoP "));
        return refusal;
    }

    /// From now on DPoP proofs must carry another nonce.
    void renew_dpop_nonce()
    {
        std::scoped_lock const lock(state_->mutex);
        ++state_->dpop_nonces;
    }

    /// Would an API take this access token?
    bool accepts(std::string_view access_token) const { return introspect(access_token).has_value(); }

private:
    struct direct_line
    {
        authorization_server const& server;
        result<http_response> send(http_request request) { return server.handle(request); }
    };

    test_user first_user() const
    {
        std::scoped_lock const lock(state_->mutex);
        return state_->options.users.empty() ? test_user{} : state_->options.users.front();
    }

    static server_place place_of(detail::page at) noexcept
    {
        switch (at)
        {
        case detail::page::token: return server_place::token;
        case detail::page::discovery: return server_place::discovery;
        case detail::page::keys: return server_place::keys;
        case detail::page::userinfo: return server_place::userinfo;
        case detail::page::device_authorization: return server_place::device_authorization;
        case detail::page::pushed_authorization: return server_place::pushed_authorization;
        case detail::page::introspection: return server_place::introspection;
        case detail::page::revocation: return server_place::revocation;
        case detail::page::registration: return server_place::registration;
        default: return server_place::authorization;
        }
    }

    http_response answer_of(detail::route const& where, http_request const& request, time_point now) const
    {
        auto& state = *state_;
        bool const get = request.method == http_method::get;
        switch (where.at)
        {
        case detail::page::authorize: return detail::authorize_endpoint(state, where, now).begin(request);
        case detail::page::sign_in: return detail::authorize_endpoint(state, where, now).sign_in(request);
        case detail::page::consent: return detail::authorize_endpoint(state, where, now).consent(request);
        case detail::page::token: return detail::token_endpoint(state, where, now).answer(request);
        case detail::page::userinfo: return detail::userinfo_answer(state, request, now);
        case detail::page::device_authorization: return detail::device_endpoint(state, where, request, now);
        case detail::page::device: return detail::device_page(state, where, request, now);
        case detail::page::pushed_authorization: return detail::pushed_authorization_endpoint(state, where, request, now);
        case detail::page::introspection: return detail::introspection_endpoint(state, where, request, now);
        case detail::page::revocation: return detail::revocation_endpoint(state, where, request, now);
        case detail::page::registration: return detail::registration_endpoint(state, where, request, now);
        case detail::page::end_session: return detail::end_session_page(state, where, request, now);
        case detail::page::discovery: break;
        case detail::page::keys: break;
        }
        bool const known = state.options.kind == personality::standard || detail::serves_tenant(state.options, where.tenant);
        if (!get) return detail::text_response(405, "Method Not Allowed");
        if (!known) return detail::refuse(state, now, detail::refused::unknown_tenant, where.tenant);
        return where.at == detail::page::keys ? detail::keys_answer(state.options, where) : detail::discovery_answer(state.options, where);
    }
};

static_assert(memory_server<authorization_server<>>);

} // namespace oauth::testing

#endif
