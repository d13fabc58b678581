#ifndef OAUTH_RESPONSE_AUTHORIZATION_RESPONSE_HPP
#define OAUTH_RESPONSE_AUTHORIZATION_RESPONSE_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/core/issuer.hpp>
#include <oauth/core/pending_authorization.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/error/result.hpp>
#include <oauth/response/detail/server_said.hpp>
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** What the user's browser brought back: the code, checked against the sign-in that it must belong to.

    @par Specification
    RFC 6749 4.1.2, RFC 9207 2, OpenID Connect Core 3.1.2.5
*/
struct authorization_response
{
    secret code;

    /// Was `state` there, and right? False only for a bare code, which brings none: then PKCE alone ties the code to this sign-in.
    bool state_checked = false;

    std::string session_state;   ///< OpenID Connect Session Management; opaque
    std::string client_info;     ///< Microsoft; see decode_client_info()
    form_parameters extra;       ///< every other parameter
};

namespace detail {

// A redirected URL always has one of these; a code that happens to hold '=' does not begin with one.
inline bool looks_like_parameters(std::string_view text) noexcept
{
    constexpr std::array<std::string_view, 6> names{"code=", "error=", "state=", "session_state=", "iss=", "admin_consent="};
    auto const starts_one = [&names](std::string_view rest) {
        return std::any_of(names.begin(), names.end(), [rest](std::string_view name) { return rest.starts_with(name); });
    };
    if (starts_one(text)) return true;
    for (auto at = text.find('&'); at != text.npos; at = text.find('&', at + 1))
        if (starts_one(text.substr(at + 1))) return true;
    return false;
}

struct redirect_parts
{
    std::string_view base;         // what stands before '?' and '#'; empty where no URL was given
    std::string_view parameters;   // the query, or the fragment where there is no query
    bool bare = false;             // not a URL, a query or a body: a code by itself
};

inline redirect_parts take_apart(std::string_view text)
{
    auto const blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);

    redirect_parts parts;
    auto const hash = text.find('#');
    auto const before = text.substr(0, hash);
    // Microsoft ends every redirect in an empty fragment, which says nothing.
    auto const fragment = hash == text.npos ? std::string_view() : text.substr(hash + 1);
    auto const question = before.find('?');
    auto const scheme = before.substr(0, question).find(':');
    bool const is_url = scheme != before.npos && before.substr(scheme).starts_with(":/");
    // Custom schemes need no slashes: "msal1234:auth?code=…"; what counts is that parameters follow.
    if (question != before.npos)
    {
        parts.base = before.substr(0, question);
        parts.parameters = before.substr(question + 1);
        if (!looks_like_parameters(parts.parameters) && looks_like_parameters(fragment)) parts.parameters = fragment;
    }
    else if (looks_like_parameters(fragment))
    {
        parts.base = before;
        parts.parameters = fragment;
    }
    else if (is_url) parts.base = before;
    else if (looks_like_parameters(before)) parts.parameters = before;
    else
    {
        parts.parameters = before;
        parts.bare = true;
    }
    return parts;
}

/// Is `came` the redirect URI that was sent, but for the slash that stands for an empty path, and for its own query?
inline bool same_redirect_uri(std::string_view sent, std::string_view came) noexcept
{
    sent = sent.substr(0, sent.find('?'));
    auto const trimmed = [](std::string_view uri) {
        auto const scheme_end = uri.find("://");
        auto const path = scheme_end == uri.npos ? uri.npos : uri.find('/', scheme_end + 3);
        return path != uri.npos && path + 1 == uri.size() ? uri.substr(0, path) : uri;
    };
    return trimmed(sent) == trimmed(came);
}

} // namespace detail

/** Read what came back: the whole redirected URL, its query with or without '?', its fragment, a `form_post` body, or the bare code.

    Blanks around it are dropped, and so is the empty fragment that Microsoft appends. The code is opaque and decoded once.

    @param text Untrusted; at most 64 KiB.
    @param pending The sign-in that it must belong to.

    @return The answer, or
        @li errc::malformed_redirect: nothing in it looks like an answer, or it is too long,
        @li errc::malformed_encoding: a '%' without two hexadecimal digits,
        @li errc::duplicate_parameter: a parameter came twice (RFC 6749 3.1),
        @li errc::redirect_uri_mismatch: the URL is not the redirect URI of `pending`,
        @li errc::state_missing, errc::state_mismatch: it belongs to another sign-in, which may be an attack,
        @li errc::issuer_mismatch, errc::issuer_missing: another server answered (RFC 9207), or `iss` was promised and is not there,
        @li errc::code_and_error, errc::code_missing, errc::code_empty,
        @li errc::sign_in_cancelled: the user pressed cancel,
        @li a @ref server_errc that the server sent; `failure::server` has its words.

    The state is compared before an error is believed, so that a stranger can't end a sign-in.

    @par Exception safety
    Strong; only allocation throws.
*/
inline result<authorization_response> parse_authorization_response(std::string_view text, pending_authorization const& pending)
{
    auto const refused = [](errc why, advice next, char const* hint = "") { return failure(why, next, hint); };
    if (text.size() > 64 * 1024) return refused(errc::malformed_redirect, advice::sign_in_again, "longer than 64 KiB");
    auto const parts = detail::take_apart(text);

    authorization_response answer;
    if (parts.bare)
    {
        auto const graphic = [](char c) { return c > 0x20 && c < 0x7f; };
        if (parts.parameters.empty()) return refused(errc::code_empty, advice::sign_in_again, "paste the whole URL that the browser was sent to");
        if (!std::all_of(parts.parameters.begin(), parts.parameters.end(), graphic)) return refused(errc::malformed_redirect, advice::sign_in_again);
        // From the address bar the code comes still encoded; a code itself has no '%'.
        auto decoded = parts.parameters.find('%') == parts.parameters.npos ? std::string(parts.parameters) : detail::form_decode(parts.parameters).value_or("");
        if (decoded.empty()) return refused(errc::malformed_encoding, advice::sign_in_again);
        answer.code = secret(std::move(decoded));
        return answer;
    }
    if (!parts.base.empty() && !detail::same_redirect_uri(pending.redirect_uri, parts.base))
        return refused(errc::redirect_uri_mismatch, advice::sign_in_again, "paste the URL that the browser shows after the sign-in, not the one that begins it");

    auto parsed = parse_form(parts.parameters);
    if (parsed.has_error()) return parsed.error();
    auto& parameters = *parsed;

    for (auto at = parameters.begin(); at != parameters.end(); ++at)
        if (std::any_of(parameters.begin(), at, [at](form_parameter const& earlier) { return earlier.name == at->name; }))
            return refused(errc::duplicate_parameter, advice::sign_in_again);

    auto const code = find_parameter(parameters, "code");
    auto const error = find_parameter(parameters, "error");
    auto const state = find_parameter(parameters, "state");
    auto const iss = find_parameter(parameters, "iss");
    if (!state)
    {
        if (!code && !error) return refused(errc::code_missing, advice::sign_in_again, "paste the URL that the browser shows after the sign-in");
        // Without its state an error may be anybody's; what it says is passed on all the same, for a person to read.
        auto why = error ? detail::redirect_error(parameters) : failure();
        why.code = errc::state_missing;
        why.next = advice::sign_in_again;
        why.hint = "begin a new sign-in; this answer may not be yours";
        return why;
    }
    if (!secret(pending.state).matches(*state)) return refused(errc::state_mismatch, advice::sign_in_again, "begin a new sign-in; this answer belongs to another");
    if (iss && !issuer_matches(pending.issuer, *iss)) return refused(errc::issuer_mismatch, advice::give_up, "another server answered than the one that was asked");
    if (!iss && pending.issuer_promised) return refused(errc::issuer_missing, advice::give_up);
    if (code && error) return refused(errc::code_and_error, advice::give_up);
    if (error) return detail::redirect_error(parameters);
    if (!code) return refused(errc::code_missing, advice::sign_in_again);
    if (code->empty()) return refused(errc::code_empty, advice::sign_in_again);

    answer.state_checked = true;
    for (auto& parameter : parameters)
    {
        if (parameter.name == "code") answer.code = secret(std::move(parameter.value));
        else if (parameter.name == "session_state") answer.session_state = std::move(parameter.value);
        else if (parameter.name == "client_info") answer.client_info = std::move(parameter.value);
        else if (parameter.name != "state" && parameter.name != "iss") answer.extra.push_back(std::move(parameter));
    }
    return answer;
}

} // namespace oauth

#endif
