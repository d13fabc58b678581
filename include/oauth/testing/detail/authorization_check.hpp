#ifndef OAUTH_TESTING_DETAIL_AUTHORIZATION_CHECK_HPP
#define OAUTH_TESTING_DETAIL_AUTHORIZATION_CHECK_HPP

#include <oauth/testing/detail/claims_cover.hpp>
#include <oauth/testing/detail/parameters.hpp>
#include <oauth/testing/detail/refusal.hpp>
#include <oauth/testing/detail/request_object.hpp>
#include <oauth/testing/detail/scope_rules.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <boost/url/parse.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// An authorization request that was looked at.
struct checked_authorization
{
    asked asks;
    refusal const* why = nullptr;   ///< none where it is good
    std::string detail = {};
    bool by_redirect = false;       ///< the client can be told by a redirect, since it is sure that this goes to it
};

/// How an authorization request came.
struct request_path
{
    bool pushed = false;    ///< to the endpoint for that (RFC 9126)
    bool is_signed = false;   ///< in a request object, which was good (RFC 9101)
};

/// What is asked by these parameters, and what is wrong with it (RFC 6749 4.1.1).
inline checked_authorization check_parameters(server_state const& state, route const& where, form_parameters const& parameters, request_path by)
{
    auto const kind = state.options.kind;
    checked_authorization out;
    auto& asks = out.asks;
    auto const no = [&out](refusal const& why, std::string_view detail = {}) {
        out.why = &why;
        out.detail = std::string(detail);
        return std::move(out);
    };
    asks.tenant = where.tenant;
    asks.policy = where.policy;
    asks.page = where.path;
    auto const duplicate = find_duplicate(parameters, {kind == personality::standard ? "resource" : ""});
    if (duplicate == "client_id" || duplicate == "redirect_uri") return no(refused::duplicate, duplicate);
    asks.client = state.find_client(value_of(parameters, "client_id"));
    if (asks.client == nullptr) return no(refused::unknown_client, value_of(parameters, "client_id"));
    asks.redirect_uri = std::string(value_of(parameters, "redirect_uri"));
    bool registered = false;
    for (auto const& uri : asks.client->redirect_uris) registered = registered || redirect_uri_matches(uri, asks.redirect_uri);
    if (!registered) return no(refused::unregistered_redirect_uri, asks.redirect_uri);

    // From here on the client is told, since it is sure that the redirect goes to it.
    out.by_redirect = true;
    if (duplicate != "state") asks.state = std::string(value_of(parameters, "state"));
    auto mode = duplicate == "response_mode" ? std::string_view() : value_of(parameters, "response_mode");
    asks.signed_answer = kind == personality::standard && (mode == "jwt" || mode.ends_with(".jwt"));
    if (mode.empty() || (asks.signed_answer && mode == "jwt")) mode = "query";
    else if (asks.signed_answer) mode.remove_suffix(4);
    bool const known_mode = mode == "query" || mode == "fragment" || mode == "form_post";
    asks.response_mode = known_mode ? mode : "query";
    if (!known_mode) return no(refused::malformed, "unknown response_mode");
    if (!duplicate.empty()) return no(refused::duplicate, duplicate);
    if (!by.pushed && state.options.require_pushed_authorization_requests) return no(refused::not_pushed);
    if (!by.is_signed && state.options.require_signed_request_object) return no(refused::not_signed);
    if (by.pushed && find_parameter(parameters, "request_uri")) return no(refused::malformed, "request_uri must not be pushed");
    if (!value_of(parameters, "request").empty()) return no(refused::request_object);
    if (!value_of(parameters, "request_uri").empty()) return no(refused::foreign_request_uri);
    auto const response_type = value_of(parameters, "response_type");
    if (response_type.empty()) return no(refused::missing, "response_type");
    if (response_type != "code") return no(refused::other_response_type, response_type);
    if (asks.state.empty()) return no(refused::missing, "state");

    auto const challenge = value_of(parameters, "code_challenge");
    if (challenge.empty()) return no(refused::missing, "code_challenge");
    auto const decoded = base64url_decode(challenge);
    if (value_of(parameters, "code_challenge_method") != "S256" || !decoded || decoded->size() != 32) return no(refused::plain_challenge);
    asks.challenge = std::string(challenge);

    asks.scope = oauth::scope(value_of(parameters, "scope"));
    asks.resource = std::string(value_of(parameters, "resource"));
    if (kind == personality::entra_v2 && !asks.resource.empty()) return no(refused::resource_on_v2);
    if (kind == personality::standard)
        for (auto const& [name, value] : parameters)
        {
            if (name != "resource") continue;
            auto const uri = boost::urls::parse_uri({value.data(), value.size()});
            if (!uri || uri->has_fragment()) return no(refused::bad_resource, value);
            if (value != asks.resource) asks.also_resources.push_back(value);
        }
    if (asks.scope.empty() && kind != personality::entra_v1) return no(refused::missing, "scope");
    if (auto const bad = unknown_scope(state.options, asks.scope); !bad.empty()) return no(refused::bad_scope, bad);

    asks.nonce = std::string(value_of(parameters, "nonce"));
    if (asks.scope.contains("openid") && asks.nonce.empty()) return no(refused::missing, "nonce");
    auto const prompt = value_of(parameters, "prompt");
    asks.silent = prompt == "none";
    bool const known_prompt = prompt.empty() || asks.silent || prompt == "login" || prompt == "consent" || prompt == "select_account" || prompt == "create";
    if (!known_prompt) return no(refused::bad_prompt, prompt);
    asks.login_hint = std::string(value_of(parameters, "login_hint"));
    asks.client_info = value_of(parameters, "client_info") == "1";
    asks.thumbprint = std::string(value_of(parameters, "dpop_jkt"));
    if (auto const hash = base64url_decode(asks.thumbprint); !asks.thumbprint.empty() && (!hash || hash->size() != 32)) return no(refused::malformed, "dpop_jkt is no thumbprint");
    asks.claims = std::string(value_of(parameters, "claims"));
    if (!is_claims_request(asks.claims)) return no(refused::malformed, "claims is not a JSON object");
    auto const max_age = value_of(parameters, "max_age");
    if (max_age.size() > 9 || max_age.find_first_not_of("0123456789") != max_age.npos) return no(refused::malformed, "max_age is no number of seconds");
    // Whoever asks how long ago the user may have signed in must be told (OpenID Connect Core 2 and 3.1.2.1).
    asks.wants_auth_time = !max_age.empty() || asks_of_id_token(asks.claims, "auth_time");
    return out;
}

/// What is asked, and what is wrong with it. Where the client signed it, by what it signed alone (RFC 9101 6.3).
inline checked_authorization check_authorization_request(server_state const& state, route const& where, form_parameters const& parameters, bool pushed, time_point now)
{
    auto const object = value_of(parameters, "request");
    if (object.empty() || state.options.kind != personality::standard) return check_parameters(state, where, parameters, {.pushed = pushed});
    checked_authorization refused_here;
    auto const no = [&refused_here](refusal const& why, std::string_view detail) {
        refused_here.why = &why;
        refused_here.detail = std::string(detail);
        return std::move(refused_here);
    };
    if (auto const duplicate = find_duplicate(parameters, {"resource"}); !duplicate.empty()) return no(refused::duplicate, duplicate);
    auto const* const client = state.find_client(value_of(parameters, "client_id"));
    if (client == nullptr) return no(refused::unknown_client, value_of(parameters, "client_id"));
    auto const opened = open_request_object(state.options, *client, object, now);
    if (!opened.fault.empty()) return no(refused::bad_request_object, opened.fault);
    return check_parameters(state, where, opened.parameters, {.pushed = pushed, .is_signed = true});
}

} // namespace oauth::testing::detail

#endif
