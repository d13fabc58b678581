#ifndef OAUTH_RESPONSE_AUTHORIZATION_RESPONSE_HPP
#define OAUTH_RESPONSE_AUTHORIZATION_RESPONSE_HPP

#include <oauth/core/detail/wipe.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/core/issuer.hpp>
#include <oauth/core/pending_authorization.hpp>
#include <oauth/core/scope.hpp>
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

// A redirect always has one of these; a code that happens to hold '=' does not begin with one.
inline bool begins_with_parameter(std::string_view text) noexcept
{
    constexpr std::array<std::string_view, 7> names{"code=", "error=", "state=", "session_state=", "iss=", "admin_consent=", "response="};
    return std::any_of(names.begin(), names.end(), [text](std::string_view name) { return text.starts_with(name); });
}

inline bool looks_like_parameters(std::string_view text) noexcept
{
    if (begins_with_parameter(text)) return true;
    for (auto at = text.find('&'); at != text.npos; at = text.find('&', at + 1))
        if (begins_with_parameter(text.substr(at + 1))) return true;
    return false;
}

struct redirect_parts
{
    std::string_view base;         // what stands before '?' and '#'; empty where no URL was given
    std::string_view parameters;   // the query, or the fragment where the query is no answer
    bool bare = false;             // not a URL, a query or a body: a code by itself
};

inline redirect_parts take_apart(std::string_view text) noexcept
{
    auto const hash = text.find('#');
    auto const before = text.substr(0, hash);
    // Microsoft ends every redirect in an empty fragment, which says nothing.
    auto const fragment = hash == text.npos ? std::string_view() : text.substr(hash + 1);
    // A query or a body may well have a '?' in a value.
    if (begins_with_parameter(before)) return {{}, before};
    auto const question = before.find('?');
    auto const base = before.substr(0, question);
    auto const query = question == before.npos ? std::string_view() : before.substr(question + 1);
    if (looks_like_parameters(query)) return {base, query};
    if (looks_like_parameters(fragment)) return {base, fragment};
    // Custom schemes need no slashes: "msal1234:auth?…".
    auto const colon = base.find(':');
    if (question == 0 || (colon != base.npos && (question != before.npos || base.substr(colon).starts_with(":/")))) return {base, query};
    if (looks_like_parameters(before)) return {{}, before};
    return {{}, fragment.empty() ? before : text, true};
}

/// Is `came` the redirect URI that was sent, but for its query and for what a browser rewrites: the case of scheme and host, the scheme's own port, an empty path?
inline bool same_redirect_uri(std::string_view sent, std::string_view came) noexcept
{
    struct parts
    {
        std::string_view origin, path;
    };
    auto const split = [](std::string_view uri) -> parts {
        auto const scheme_end = uri.find("://");
        if (scheme_end == uri.npos) return {{}, uri};
        auto const path_begin = std::min(uri.find('/', scheme_end + 3), uri.size());
        auto origin = uri.substr(0, path_begin);
        auto const path = uri.substr(path_begin);
        auto const own_port = ascii_iequal(origin.substr(0, scheme_end), "http") ? ":80" : ascii_iequal(origin.substr(0, scheme_end), "https") ? ":443" : "";
        if (origin.ends_with(own_port)) origin.remove_suffix(std::string_view(own_port).size());
        return {origin, path == "/" ? std::string_view() : path};
    };
    auto const a = split(sent.substr(0, sent.find('?'))), b = split(came);
    return ascii_iequal(a.origin, b.origin) && a.path == b.path;
}

/// The parameters of a redirect hold the code, and maybe tokens: what is left of them is wiped.
struct redirect_parameters
{
    form_parameters list;

    explicit redirect_parameters(form_parameters&& parsed) noexcept : list(std::move(parsed)) {}
    redirect_parameters(redirect_parameters const&) = delete;
    redirect_parameters& operator=(redirect_parameters const&) = delete;

    ~redirect_parameters()
    {
        for (auto& parameter : list) wipe(parameter.value);
    }
};

} // namespace detail

/** Read what came back: the whole redirected URL, its query with or without '?', its fragment, a `form_post` body, or the bare code.

    Blanks around it are dropped, and so is the empty fragment that Microsoft appends. The code is opaque: it may hold any character, and is decoded once. A bare code
    is decoded where it has a '%', as it stands in an address bar; its '+' stays a '+'.

    @param text Untrusted; at most 64 KiB.
    @param pending The sign-in that it must belong to.

    @return The answer, or
        @li errc::malformed_redirect: nothing in it looks like an answer, it holds a control character, it is too long, or it is a signed answer (`response`), which was not asked for,
        @li errc::malformed_encoding: a '%' without two hexadecimal digits, or more than 256 parameters,
        @li errc::duplicate_parameter: a parameter came twice (RFC 6749 3.1),
        @li errc::redirect_uri_mismatch: the URL is not the redirect URI of `pending`,
        @li errc::state_missing, errc::state_mismatch: it belongs to another sign-in, which may be an attack,
        @li errc::issuer_mismatch, errc::issuer_missing: another server answered (RFC 9207), or `iss` was promised and is not there,
        @li errc::code_and_error, errc::code_missing, errc::code_empty,
        @li errc::sign_in_cancelled: the user pressed cancel,
        @li a @ref server_errc that the server sent; `failure::server` has its words.

    The state is compared, in constant time, before an error is believed, so that a stranger can't end a sign-in. No failure holds a code or a state.

    @par Exception safety
    Strong; only allocation throws.
*/
inline result<authorization_response> parse_authorization_response(std::string_view text, pending_authorization const& pending)
{
    auto const refused = [](errc why, advice next, char const* hint = "") { return failure(why, next, hint); };
    constexpr char const* paste_all = "paste the whole URL that the browser shows after the sign-in";
    if (text.size() > 64 * 1024) return refused(errc::malformed_redirect, advice::sign_in_again, "longer than 64 KiB");
    auto const is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
        return refused(errc::malformed_redirect, advice::sign_in_again, "a line break or another control character is in it");
    auto const parts = detail::take_apart(text);

    authorization_response answer;
    if (parts.bare)
    {
        auto const code = parts.parameters;
        if (code.empty()) return refused(errc::code_empty, advice::sign_in_again, paste_all);
        if (!std::all_of(code.begin(), code.end(), [](char c) { return c > 0x20 && c < 0x7f; })) return refused(errc::malformed_redirect, advice::sign_in_again, paste_all);
        // From the address bar the code comes still encoded; a code itself has no '%'.
        auto decoded = detail::form_decode(code, '+');
        if (!decoded) return refused(errc::malformed_encoding, advice::sign_in_again, paste_all);
        answer.code = secret(std::move(*decoded));
        return answer;
    }
    if (!parts.base.empty() && !detail::same_redirect_uri(pending.redirect_uri, parts.base))
        return refused(errc::redirect_uri_mismatch, advice::sign_in_again, "paste the URL that the browser shows after the sign-in, not the one that begins it");

    auto parsed = parse_form(parts.parameters);
    if (parsed.has_error()) return parsed.error();
    detail::redirect_parameters const wiped(std::move(*parsed));
    auto const& parameters = wiped.list;

    for (auto at = parameters.begin(); at != parameters.end(); ++at)
        if (std::any_of(parameters.begin(), at, [at](form_parameter const& earlier) { return earlier.name == at->name; }))
            return refused(errc::duplicate_parameter, advice::sign_in_again);

    if (find_parameter(parameters, "response")) return refused(errc::malformed_redirect, advice::sign_in_again, "it is a signed answer, and none was asked for");
    auto const code = find_parameter(parameters, "code");
    auto const error = find_parameter(parameters, "error");
    auto const state = find_parameter(parameters, "state");
    auto const iss = find_parameter(parameters, "iss");
    if (!state)
    {
        if (!code && !error) return refused(errc::code_missing, advice::sign_in_again, paste_all);
        // Without its state an error may be anybody's; what it says is passed on all the same, for a person to read.
        auto why = error ? detail::redirect_error(parameters) : failure();
        why.code = errc::state_missing;
        why.next = advice::sign_in_again;
        why.hint = "begin a new sign-in; this answer may not be yours";
        return why;
    }
    if (pending.state.empty() || !secret(pending.state).matches(*state))
        return refused(errc::state_mismatch, advice::sign_in_again, "begin a new sign-in; this answer belongs to another");
    if (iss && pending.issuer.empty()) return refused(errc::issuer_mismatch, advice::fix_configuration, "the server names itself in `iss`: set server_metadata.issuer");
    if (iss && !issuer_matches(pending.issuer, *iss)) return refused(errc::issuer_mismatch, advice::give_up, "another server answered than the one that was asked");
    if (!iss && pending.issuer_promised) return refused(errc::issuer_missing, advice::give_up);
    if (code && error) return refused(errc::code_and_error, advice::give_up);
    if (error) return detail::redirect_error(parameters);
    if (!code) return refused(errc::code_missing, advice::sign_in_again, paste_all);
    if (code->empty()) return refused(errc::code_empty, advice::sign_in_again);

    answer.state_checked = true;
    for (auto const& [name, value] : parameters)
    {
        if (name == "code") answer.code = secret(std::string_view(value));
        else if (name == "session_state") answer.session_state = value;
        else if (name == "client_info") answer.client_info = value;
        else if (name != "state" && name != "iss") answer.extra.push_back({name, value});
    }
    return answer;
}

} // namespace oauth

#endif
