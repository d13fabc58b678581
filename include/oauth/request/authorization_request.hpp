#ifndef OAUTH_REQUEST_AUTHORIZATION_REQUEST_HPP
#define OAUTH_REQUEST_AUTHORIZATION_REQUEST_HPP

#include <oauth/core/bare_code.hpp>
#include <oauth/core/base64url.hpp>
#include <oauth/core/client.hpp>
#include <oauth/core/detail/percent_encode.hpp>
#include <oauth/core/detail/query_separator.hpp>
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
#include <vector>

namespace oauth {

/** What one sign-in asks for beyond the client's registration. What is left empty is not sent, or taken from the client.

    An aggregate, made to be written with designated initialisers: `flow.authorize({.prompt = "select_account"})`.
*/
struct authorization_options
{
    std::optional<oauth::scope> scope = std::nullopt;   ///< instead of the client's
    std::string prompt = {};                            ///< `login`, `none`, `consent`, `select_account`, `create` …
    std::optional<seconds> max_age = {};                ///< how long ago the user may have proved who they are, at most; with `openid` the ID token must show it
    std::string login_hint = {};                        ///< the user's name, if it is known
    std::string domain_hint = {};                       ///< Microsoft: `organizations`, `consumers` or a domain
    std::string response_mode = {};                     ///< `query` (the server's default), `form_post`, `fragment`; signed as well: `query.jwt`, `form_post.jwt`, `fragment.jwt`, `jwt` (JARM)
    std::string claims = {};                            ///< a claims request, as JSON, instead of the client's; a @ref flow merges the two first
    std::string acr_values = {};                        ///< how the user should prove who they are, best first, with blanks between: a wish; to demand it see @ref essential_acr
    std::string resource = {};                          ///< instead of the client's: what the first token is for

    /// Further resources that the user is asked to allow (RFC 8707 2.1), each an absolute URI. A token is for one: get theirs by `flow.access_token({.resource = …})`.
    std::vector<std::string> also_resources = {};

    std::string redirect_uri = {};                      ///< instead of the client's, which differs in its port
    form_parameters extra = {};                         ///< anything else; must not repeat a parameter that stands for itself, nor hold `claims` or `max_age`

    /// Push the request ahead (RFC 9126), though the server does not demand it: then it goes to the server itself, and nobody can read or change it in the browser.
    bool pushed = false;

    /// May a code by itself stand for the whole answer? Not part of the request: remembered until the answer comes.
    oauth::bare_code bare_code = oauth::bare_code::unless_issuer_promised;
};

/// Does a request with these options go to the server ahead of the user (RFC 9126)?
inline bool is_pushed(server_metadata const& server, authorization_options const& options) noexcept
{
    return options.pushed || server.require_pushed_authorization_requests;
}

/// How many random bytes one authorization request takes: 32 each for state, verifier and nonce.
inline constexpr std::size_t authorization_request_entropy = 96;

/** Builds authorization requests. What is the same for every request of a client is encoded once, here.

    @par Thread safety
    Immutable after construction: any number of threads may use it.

    @par Specification
    RFC 6749 4.1.1, RFC 7636 4.3, OpenID Connect Core 3.1.2.1, RFC 9700 2.1, RFC 8707 2.1, RFC 9126 2.1 and 4
*/
class authorization_request
{
    std::string prefix_;               // endpoint?response_type=code&code_challenge_method=S256&client_id=…
    std::size_t begin_ = 0;            // where in it our own parameters begin
    std::size_t client_id_ = 0;        // where in it "&client_id=" begins
    std::string redirect_uri_;         // &redirect_uri=…
    std::string scope_;                // &scope=…
    std::string claims_;               // &claims=…
    std::string resource_;             // &resource=…
    form_parameters endpoint_query_;   // what the endpoint's URL brings along
    bool asks_openid_ = false;

public:
    authorization_request() = default;

    authorization_request(server_metadata const& server, client const& who)
        : prefix_(server.authorization_endpoint.url()), redirect_uri_(encoded("&redirect_uri=", who.redirect_uri)), scope_(encoded("&scope=", who.scope.str())),
          claims_(encoded("&claims=", who.claims)), resource_(encoded("&resource=", who.resource)), asks_openid_(who.scope.contains("openid"))
    {
        // An endpoint that has a query keeps it (RFC 6749 3.1): B2C names its policy there.
        if (auto const question = prefix_.find('?'); question != prefix_.npos)
            if (auto query = parse_form(std::string_view(prefix_).substr(question + 1))) endpoint_query_ = std::move(*query);
        prefix_ += detail::query_separator(prefix_);
        begin_ = prefix_.size();
        prefix_ += "response_type=code&code_challenge_method=S256";
        client_id_ = prefix_.size();
        prefix_ += encoded("&client_id=", who.id);
    }

    /** Make what is random, build the URL, and remember what the answer must match.

        @param server, who Those that this object was made of.
        @param random Fresh random bytes, used for nothing else.
        @param now The client's clock.

        @return The pending authorization, or
            @li errc::missing_endpoint where the server has no authorization endpoint,
            @li errc::invalid_client where there is no redirect URI,
            @li errc::invalid_scope,
            @li errc::duplicate_parameter where `options.extra`, or the endpoint's own query, repeats a parameter that is set already, or would stand for another request
                than the one that is pushed ahead (`request_uri`); and where `options.extra` holds `claims` or `max_age`, by which the answer is checked.

        Whether the request is to be pushed ahead is for the caller to see to, by @ref is_pushed; the URL is the same.

        @par Complexity
        Linear; one allocation for the URL, and one for each text that is remembered.
    */
    result<pending_authorization> operator()(server_metadata const& server, client const& who, authorization_options const& options,
                                             std::span<std::byte const, authorization_request_entropy> random, time_point now) const
    {
        auto const refused = [](errc why, std::string hint) { return failure(why, advice::fix_configuration, std::move(hint)); };
        if (server.authorization_endpoint.empty()) return refused(errc::missing_endpoint, "server_metadata.authorization_endpoint");
        auto const& redirect_uri = options.redirect_uri.empty() ? who.redirect_uri : options.redirect_uri;
        if (redirect_uri.empty()) return refused(errc::invalid_client, "client.redirect_uri is empty: the user could not come back");
        auto const& scope = options.scope ? *options.scope : who.scope;
        if (!scope.valid()) return refused(errc::invalid_scope, options.scope ? "authorization_options.scope" : "client.scope");
        bool const openid = options.scope ? scope.contains("openid") : asks_openid_;

        pending_authorization made;
        made.redirect_uri = redirect_uri;
        made.issuer = server.issuer;
        if (options.max_age && openid) made.authenticated_after = now - std::clamp(*options.max_age, seconds(0), std::max(seconds(0), now.time_since_epoch()));
        made.signed_response = asked_response_mode(options).ends_with("jwt");
        made.issuer_promised = server.authorization_response_iss_parameter_supported;
        made.bare_code = options.bare_code;
        made.requested = scope;
        made.resource = options.resource.empty() ? who.resource : options.resource;
        made.claims = options.claims.empty() ? who.claims : options.claims;
        made.created_at = now;

        auto proof = pkce::from_random(random.subspan<32, 32>());
        made.code_verifier = std::move(proof.verifier);
        made.state = base64url_encode(random.subspan<0, 32>());
        if (openid) made.nonce = base64url_encode(random.subspan<64, 32>());

        if (auto twice = repeated(made, options, is_pushed(server, options)); !twice.empty()) return refused(errc::duplicate_parameter, std::move(twice));
        made.url = url(made.state, proof.challenge, made.nonce, options);
        return made;
    }

    /** The URL by itself: the part of @ref operator() that is neither random nor remembered.

        Nothing is checked: neither that a redirect URI is there, nor that `options.extra` repeats nothing.

        @param state, challenge, nonce Any text; an empty one is not sent.

        @par Exception safety
        Strong; only allocation throws.

        @par Complexity
        Linear; exactly one allocation.
    */
    std::string url(std::string_view state, std::string_view challenge, std::string_view nonce, authorization_options const& options) const
    {
        constexpr std::string_view resource_name = "&resource=";
        auto const unless = [](bool replaced, std::string const& part) { return replaced ? std::string_view("") : std::string_view(part); };
        std::array<std::string_view, 5> const encoded_before{prefix_, unless(!options.redirect_uri.empty(), redirect_uri_), unless(options.scope.has_value(), scope_),
                                                             unless(!options.claims.empty(), claims_), unless(!options.resource.empty(), resource_)};
        std::string const max_age = options.max_age ? std::to_string(options.max_age->count()) : std::string();   // short: no allocation
        std::array<std::pair<std::string_view, std::string_view>, 13> const values{{
            {"&redirect_uri=", options.redirect_uri},
            {"&scope=", options.scope ? std::string_view(options.scope->str()) : std::string_view()},
            {"&state=", state},
            {"&code_challenge=", challenge},
            {"&nonce=", nonce},
            {"&prompt=", options.prompt},
            {"&max_age=", max_age},
            {"&login_hint=", options.login_hint},
            {"&domain_hint=", options.domain_hint},
            {"&response_mode=", options.response_mode},
            {"&claims=", options.claims},
            {"&acr_values=", options.acr_values},
            {resource_name, options.resource},
        }};

        std::size_t bound = 0;
        for (auto const part : encoded_before) bound += part.size();
        for (auto const& [name, value] : values) bound += value.empty() ? 0 : name.size() + detail::percent_encoded_bound(value);
        for (auto const& resource : options.also_resources) bound += resource_name.size() + detail::percent_encoded_bound(resource);
        for (auto const& [name, value] : options.extra) bound += 2 + detail::percent_encoded_bound(name) + detail::percent_encoded_bound(value);

        std::string made(bound, '\0');
        char* out = made.data();
        for (auto const part : encoded_before) out = detail::copy(part, out);
        for (auto const& [name, value] : values)
            if (!value.empty()) out = detail::percent_encode(value, detail::copy(name, out));
        for (auto const& resource : options.also_resources) out = detail::percent_encode(resource, detail::copy(resource_name, out));
        for (auto const& [name, value] : options.extra)
        {
            *out++ = '&';
            out = detail::percent_encode(name, out);
            *out++ = '=';
            out = detail::percent_encode(value, out);
        }
        made.resize(static_cast<std::size_t>(out - made.data()));
        return made;
    }

    /** What of a URL of @ref operator() or @ref url is pushed ahead: all parameters but `client_id`, and but for those that the endpoint's own URL brings along.

        @param url Made by this very object; it may have been signed since (@ref sign_request, or a signer of one's own): then `request` is left, and what else the signer left.
    */
    std::string pushed_parameters(std::string_view url) const
    {
        auto const own = url.substr(begin_);
        // A value has no '&' of its own.
        auto const begin = own.starts_with("client_id=") ? 0 : own.find("&client_id=");
        if (begin == own.npos) return std::string(own);
        auto rest = own.substr(std::min(own.find('&', begin + 1), own.size()));
        if (begin == 0 && !rest.empty()) rest.remove_prefix(1);
        std::string made(own.substr(0, begin));
        return made.append(rest);
    }

    /// The URL that stands for a request that was pushed ahead: the endpoint with `client_id` and `request_uri` (RFC 9126 4).
    std::string pushed_url(std::string_view request_uri) const
    {
        std::string made(prefix_, 0, begin_);
        made.append(prefix_, client_id_ + 1, prefix_.npos);
        return made.append(encoded("&request_uri=", request_uri));
    }

private:
    /// `name` followed by the encoded value; nothing where the value is empty.
    static std::string encoded(std::string_view name, std::string_view value)
    {
        if (value.empty()) return {};
        std::string out(name.size() + detail::percent_encoded_bound(value), '\0');
        char* const end = detail::percent_encode(value, detail::copy(name, out.data()));
        out.resize(static_cast<std::size_t>(end - out.data()));
        return out;
    }

    /// The response mode that the request names, wherever it stands.
    std::string_view asked_response_mode(authorization_options const& options) const noexcept
    {
        if (!options.response_mode.empty()) return options.response_mode;
        if (auto const extra = find_parameter(options.extra, "response_mode")) return *extra;
        return find_parameter(endpoint_query_, "response_mode").value_or(std::string_view());
    }

    /// Which parameter would stand in the URL twice, as a hint; "" where none would (RFC 6749 3.1).
    std::string repeated(pending_authorization const& made, authorization_options const& options, bool pushed) const
    {
        auto const is_ours = [&](std::string_view name) {
            for (std::string_view always : {"response_type", "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method"})
                if (name == always) return true;
            return (name == "nonce" && !made.nonce.empty()) || (name == "prompt" && !options.prompt.empty())
                || (name == "max_age" && options.max_age) || (name == "login_hint" && !options.login_hint.empty()) || (name == "domain_hint" && !options.domain_hint.empty())
                || (name == "response_mode" && !options.response_mode.empty()) || (name == "claims" && !made.claims.empty()) || (name == "acr_values" && !options.acr_values.empty())
                || (name == "resource" && (!made.resource.empty() || !options.also_resources.empty())) || (name == "request_uri" && pushed);
        };
        for (auto const& parameter : endpoint_query_)
            if (is_ours(parameter.name)) return "server_metadata.authorization_endpoint has '" + escaped(parameter.name, 64) + "' in its query";
        for (auto at = options.extra.begin(); at != options.extra.end(); ++at)
        {
            // What the answer is checked by is set where it is seen.
            for (std::string_view const own : {"claims", "max_age"})
                if (at->name == own) return "authorization_options.extra has '" + std::string(own) + "', which is an option of its own";
            auto const same_name = [at](form_parameter const& other) { return other.name == at->name; };
            if (is_ours(at->name) || std::any_of(endpoint_query_.begin(), endpoint_query_.end(), same_name) || std::any_of(options.extra.begin(), at, same_name))
                return "authorization_options.extra repeats '" + escaped(at->name, 64) + "'";
        }
        return {};
    }
};

} // namespace oauth

#endif
