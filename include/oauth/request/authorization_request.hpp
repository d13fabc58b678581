#ifndef OAUTH_REQUEST_AUTHORIZATION_REQUEST_HPP
#define OAUTH_REQUEST_AUTHORIZATION_REQUEST_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/core/client.hpp>
#include <oauth/core/detail/percent_encode.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/core/pending_authorization.hpp>
#include <oauth/core/pkce.hpp>
#include <oauth/core/server_metadata.hpp>
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** What one sign-in asks for beyond the client's registration. What is left empty is not sent, or taken from the client.

    An aggregate, made to be written with designated initialisers: `flow.authorize({.prompt = "select_account"})`.
*/
struct authorization_options
{
    std::optional<oauth::scope> scope = std::nullopt;   ///< instead of the client's
    std::string prompt = {};                            ///< `login`, `none`, `consent`, `select_account`, `create` …
    std::string login_hint = {};                        ///< the user's name, if it is known
    std::string domain_hint = {};                       ///< Microsoft: `organizations`, `consumers` or a domain
    std::string response_mode = {};                     ///< `query` (the server's default), `form_post`, `fragment`
    std::string claims = {};                            ///< instead of the client's: a claims request, as JSON
    std::string resource = {};                          ///< instead of the client's
    std::string redirect_uri = {};                      ///< instead of the client's, which differs in its port
    form_parameters extra = {};                         ///< anything else; must not repeat a parameter that stands for itself
};

/// How many random bytes one authorization request takes: 32 each for state, nonce and verifier.
inline constexpr std::size_t authorization_request_entropy = 96;

/** Builds authorization requests. What is the same for every request of a client is encoded once, here.

    @par Thread safety
    Immutable after construction: any number of threads may use it.

    @par Specification
    RFC 6749 4.1.1, RFC 7636 4.3, OpenID Connect Core 3.1.2.1, RFC 9700 2.1
*/
class authorization_request
{
    std::string prefix_;            // endpoint?response_type=code&client_id=…
    std::string default_redirect_;  // &redirect_uri=…
    std::string default_scope_;     // &scope=…
    bool default_openid_ = false;

public:
    authorization_request() = default;

    authorization_request(server_metadata const& server, client const& who)
        : default_redirect_(parameter("&redirect_uri=", who.redirect_uri)), default_scope_(parameter("&scope=", who.scope.str())),
          default_openid_(who.scope.contains("openid"))
    {
        // An endpoint that has a query keeps it (RFC 6749 3.1): B2C names its policy there.
        auto const& url = server.authorization_endpoint.url();
        prefix_ = url;
        auto const query = url.find('?');
        if (query == url.npos) prefix_ += '?';
        else if (query + 1 != url.size() && url.back() != '&') prefix_ += '&';
        prefix_ += "response_type=code";
        prefix_ += parameter("&client_id=", who.id);
    }

    /** Build the URL, and remember what the answer must match.

        @param random Fresh random bytes, used for nothing else.
        @param now The client's clock.

        @return The pending authorization, or
            @li errc::missing_endpoint where the server has no authorization endpoint,
            @li errc::invalid_client where there is no redirect URI,
            @li errc::invalid_scope,
            @li errc::duplicate_parameter where `options.extra` repeats a parameter that is set already.

        @par Complexity
        Linear; one allocation for the URL.
    */
    result<pending_authorization> operator()(server_metadata const& server, client const& who, authorization_options const& options,
                                             std::span<std::byte const, authorization_request_entropy> random, time_point now) const
    {
        auto const refused = [](errc why, std::string hint) { return failure(why, advice::fix_configuration, std::move(hint)); };
        if (server.authorization_endpoint.empty()) return refused(errc::missing_endpoint, "server_metadata.authorization_endpoint");
        auto const& redirect_uri = options.redirect_uri.empty() ? who.redirect_uri : options.redirect_uri;
        if (redirect_uri.empty()) return refused(errc::invalid_client, "client.redirect_uri is empty: the user could not come back");
        if (options.scope && !options.scope->valid()) return refused(errc::invalid_scope, "authorization_options.scope");

        pending_authorization made;
        made.state = base64url_encode(random.subspan<0, 32>());
        auto proof = pkce::from_random(random.subspan<32, 32>());
        made.code_verifier = std::move(proof.verifier);
        made.redirect_uri = redirect_uri;
        made.issuer = server.issuer;
        made.issuer_promised = server.authorization_response_iss_parameter_supported;
        made.requested = options.scope ? *options.scope : who.scope;
        made.resource = options.resource.empty() ? who.resource : options.resource;
        made.claims = options.claims.empty() ? who.claims : options.claims;
        made.created_at = now;
        if (options.scope ? options.scope->contains("openid") : default_openid_) made.nonce = base64url_encode(random.subspan<64, 32>());

        std::string const scope_part = options.scope ? parameter("&scope=", options.scope->str()) : std::string();
        std::string const redirect_part = options.redirect_uri.empty() ? std::string() : parameter("&redirect_uri=", redirect_uri);
        std::array<std::pair<std::string_view, std::string_view>, 6> const optional{{
            {"&prompt=", options.prompt},
            {"&login_hint=", options.login_hint},
            {"&domain_hint=", options.domain_hint},
            {"&response_mode=", options.response_mode},
            {"&claims=", made.claims},
            {"&resource=", made.resource},
        }};

        auto const& scope = options.scope ? scope_part : default_scope_;
        auto const& redirect = options.redirect_uri.empty() ? default_redirect_ : redirect_part;
        constexpr std::string_view state = "&state=", challenge = "&code_challenge_method=S256&code_challenge=", nonce = "&nonce=";
        std::size_t bound = prefix_.size() + redirect.size() + scope.size() + state.size() + made.state.size() + challenge.size() + proof.challenge.size()
                          + nonce.size() + made.nonce.size();
        for (auto const& [name, value] : optional) bound += name.size() + detail::percent_encoded_bound(value);
        for (auto const& [name, value] : options.extra) bound += 2 + detail::percent_encoded_bound(name) + detail::percent_encoded_bound(value);

        made.url.resize(bound);
        char* out = made.url.data();
        for (std::string_view part : {std::string_view(prefix_), std::string_view(redirect), std::string_view(scope), state, std::string_view(made.state),
                                      challenge, std::string_view(proof.challenge)})
            out = detail::copy(part, out);
        if (!made.nonce.empty()) out = detail::copy(made.nonce, detail::copy(nonce, out));
        for (auto const& [name, value] : optional)
            if (!value.empty()) out = detail::percent_encode(value, detail::copy(name, out));
        for (auto const& [name, value] : options.extra)
        {
            if (is_taken(made, options, name)) return refused(errc::duplicate_parameter, "authorization_options.extra repeats '" + escaped(name, 64) + "'");
            *out++ = '&';
            out = detail::percent_encode(name, out);
            *out++ = '=';
            out = detail::percent_encode(value, out);
        }
        made.url.resize(static_cast<std::size_t>(out - made.url.data()));
        return made;
    }

private:
    /// `name` followed by the encoded value; nothing where the value is empty.
    static std::string parameter(std::string_view name, std::string_view value)
    {
        if (value.empty()) return {};
        std::string out(name.size() + detail::percent_encoded_bound(value), '\0');
        char* const end = detail::percent_encode(value, detail::copy(name, out.data()));
        out.resize(static_cast<std::size_t>(end - out.data()));
        return out;
    }

    static bool is_taken(pending_authorization const& made, authorization_options const& options, std::string_view name)
    {
        for (std::string_view always : {"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"})
            if (name == always) return true;
        return (name == "nonce" && !made.nonce.empty()) || (name == "prompt" && !options.prompt.empty())
            || (name == "login_hint" && !options.login_hint.empty()) || (name == "domain_hint" && !options.domain_hint.empty())
            || (name == "response_mode" && !options.response_mode.empty()) || (name == "claims" && !made.claims.empty())
            || (name == "resource" && !made.resource.empty())
            || std::count_if(options.extra.begin(), options.extra.end(), [name](auto const& p) { return p.name == name; }) > 1;
    }
};

} // namespace oauth

#endif
