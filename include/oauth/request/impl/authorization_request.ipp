#ifndef OAUTH_REQUEST_IMPL_AUTHORIZATION_REQUEST_IPP
#define OAUTH_REQUEST_IMPL_AUTHORIZATION_REQUEST_IPP

#include <oauth/request/authorization_request.hpp>
#include <oauth/core/base64url.hpp>
#include <oauth/core/detail/percent_encode.hpp>
#include <oauth/core/detail/query_separator.hpp>
#include <oauth/core/pkce.hpp>
#include <algorithm>
#include <array>
#include <utility>

namespace oauth {

OAUTH_DECL authorization_request::authorization_request(server_metadata const& server, client const& who)
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

OAUTH_DECL result<pending_authorization> authorization_request::operator()(server_metadata const& server, client const& who, authorization_options const& options,
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

OAUTH_DECL std::string authorization_request::url(std::string_view state, std::string_view challenge, std::string_view nonce, authorization_options const& options) const
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

OAUTH_DECL std::string authorization_request::pushed_parameters(std::string_view url) const
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

OAUTH_DECL std::string authorization_request::pushed_url(std::string_view request_uri) const
{
    std::string made(prefix_, 0, begin_);
    made.append(prefix_, client_id_ + 1, prefix_.npos);
    return made.append(encoded("&request_uri=", request_uri));
}

OAUTH_DECL std::string authorization_request::encoded(std::string_view name, std::string_view value)
{
    if (value.empty()) return {};
    std::string out(name.size() + detail::percent_encoded_bound(value), '\0');
    char* const end = detail::percent_encode(value, detail::copy(name, out.data()));
    out.resize(static_cast<std::size_t>(end - out.data()));
    return out;
}

OAUTH_DECL std::string_view authorization_request::asked_response_mode(authorization_options const& options) const noexcept
{
    if (!options.response_mode.empty()) return options.response_mode;
    if (auto const extra = find_parameter(options.extra, "response_mode")) return *extra;
    return find_parameter(endpoint_query_, "response_mode").value_or(std::string_view());
}

OAUTH_DECL std::string authorization_request::repeated(pending_authorization const& made, authorization_options const& options, bool pushed) const
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

} // namespace oauth

#endif
