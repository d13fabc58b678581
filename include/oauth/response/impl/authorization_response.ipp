#ifndef OAUTH_RESPONSE_IMPL_AUTHORIZATION_RESPONSE_IPP
#define OAUTH_RESPONSE_IMPL_AUTHORIZATION_RESPONSE_IPP

#include <oauth/response/authorization_response.hpp>
#include <oauth/core/bare_code.hpp>
#include <oauth/core/detail/unwrapped.hpp>
#include <oauth/core/detail/wipe.hpp>
#include <oauth/core/issuer.hpp>
#include <oauth/response/detail/redirect_parts.hpp>
#include <oauth/response/detail/server_said.hpp>
#include <algorithm>
#include <utility>

namespace oauth {

namespace detail {

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

OAUTH_DECL bool names_plain_state(std::string_view text, std::string_view state)
{
    auto const parts = take_apart(unwrapped(text));
    if (parts.bare || state.empty()) return false;
    bool ours = false;
    for (auto rest = parts.parameters; !rest.empty();)
    {
        auto const piece = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
        auto const equals = std::min(piece.find('='), piece.size());
        if (form_decode(piece.substr(0, equals)) != "state") continue;
        auto const value = form_decode(piece.substr(std::min(equals + 1, piece.size())));
        if (!value || !secret(state).matches(*value)) return false;
        ours = true;
    }
    return ours;
}

} // namespace detail

OAUTH_DECL result<authorization_response> parse_authorization_response(std::string_view text, pending_authorization const& pending)
{
    auto const refused = [](errc why, advice next, std::string hint = {}) { return failure(why, next, std::move(hint)); };
    constexpr char const* paste_all = "paste the whole URL that the browser shows after the sign-in";
    if (text.size() > 64 * 1024) return refused(errc::malformed_redirect, advice::sign_in_again, "longer than 64 KiB");
    text = detail::unwrapped(text);
    if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
        return refused(errc::malformed_redirect, advice::sign_in_again, "a line break or another control character is in it");
    auto const parts = detail::take_apart(text);
    if (detail::is_encoded_as_a_whole(text, parts))
        return refused(errc::malformed_encoding, advice::sign_in_again, "the URL is percent-encoded as a whole: paste it as it stands in the browser's address bar");

    authorization_response answer;
    if (parts.bare)
    {
        auto const code = parts.parameters;
        if (code.empty()) return refused(errc::code_empty, advice::sign_in_again, paste_all);
        if (detail::same_redirect_uri(pending.redirect_uri, code.substr(0, code.find('?')))) return refused(errc::code_missing, advice::sign_in_again, paste_all);
        if (!std::all_of(code.begin(), code.end(), [](char c) { return c > 0x20 && c < 0x7f; })) return refused(errc::malformed_redirect, advice::sign_in_again, paste_all);
        if (pending.bare_code == bare_code::refused) return refused(errc::bare_code_refused, advice::sign_in_again, paste_all);
        if (pending.issuer_promised && pending.bare_code != bare_code::accepted)
            return refused(errc::bare_code_refused, advice::sign_in_again, std::string(paste_all) + ": it names the server that answers (`iss`), which has to be checked");
        // From the address bar the code comes still encoded; a code itself has no '%'.
        auto decoded = detail::form_decode(code, '+');
        if (!decoded) return refused(errc::malformed_encoding, advice::sign_in_again, paste_all);
        answer.code = secret(std::move(*decoded));
        return answer;
    }
    if (!parts.base.empty() && !detail::same_redirect_uri(pending.redirect_uri, parts.base))
    {
        if (!pending.url.empty() && detail::same_redirect_uri(pending.url, parts.base))
            return refused(errc::redirect_uri_mismatch, advice::sign_in_again, "this is the URL that begins the sign-in; " + std::string(paste_all));
        auto const begin = std::string_view(pending.redirect_uri).substr(0, pending.redirect_uri.find('?'));
        return refused(errc::redirect_uri_mismatch, advice::sign_in_again, std::string(paste_all) + ": it begins with " + escaped(begin, 200));
    }

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
