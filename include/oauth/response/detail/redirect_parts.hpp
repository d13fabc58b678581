#ifndef OAUTH_RESPONSE_DETAIL_REDIRECT_PARTS_HPP
#define OAUTH_RESPONSE_DETAIL_REDIRECT_PARTS_HPP

#include <oauth/core/detail/wipe.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/core/scope.hpp>
#include <algorithm>
#include <array>
#include <string_view>

namespace oauth::detail {

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

/// Is `base` the beginning of a URL, though it may have lost its scheme, or the scheme its colon?
inline bool looks_like_url(std::string_view base, bool has_query) noexcept
{
    for (std::string_view const torn : {"http//", "https//"})
        if (ascii_iequal(base.substr(0, torn.size()), torn)) return true;
    if (has_query && base.starts_with('/')) return true;
    // Custom schemes need no slashes: "msal1234:auth?…".
    auto const colon = base.find(':');
    return colon != base.npos && (has_query || base.substr(colon).starts_with(":/"));
}

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
    if (question == 0 || looks_like_url(base, question != before.npos)) return {base, query};
    if (looks_like_parameters(before)) return {{}, before};
    return {{}, fragment.empty() ? before : text, true};
}

/** Is `came` the redirect URI that was sent, but for its query and for what a browser rewrites: the case of scheme and host, the scheme's own port, an empty path?

    `came` may lack its scheme, or its host as well, as address bars show and hand it out: "localhost:8400/", "/".
*/
inline bool same_redirect_uri(std::string_view sent, std::string_view came) noexcept
{
    struct parts
    {
        std::string_view scheme, authority, path;
    };
    // `own_scheme` is that of a text that names none.
    auto const split = [](std::string_view uri, std::string_view own_scheme) -> parts {
        auto const scheme_end = uri.find("://");
        auto const scheme = scheme_end == uri.npos ? own_scheme : uri.substr(0, scheme_end);
        uri.remove_prefix(scheme_end != uri.npos ? scheme_end + 3 : uri.starts_with("//") ? 2 : 0);
        auto const path_begin = std::min(uri.find('/'), uri.size());
        auto authority = uri.substr(0, path_begin);
        auto const path = uri.substr(path_begin);
        std::string_view const own_port = ascii_iequal(scheme, "http") ? ":80" : ascii_iequal(scheme, "https") ? ":443" : "";
        if (authority.ends_with(own_port)) authority.remove_suffix(own_port.size());
        return {scheme, authority, path == "/" ? std::string_view() : path};
    };
    sent = sent.substr(0, sent.find('?'));
    // A custom scheme without slashes has nothing that may be left out: "msal1234:auth".
    if (sent.find("://") == sent.npos) return sent == came;
    auto const a = split(sent, {}), b = split(came, a.scheme);
    bool const path_alone = came.starts_with('/') && !came.starts_with("//");
    return a.path == b.path && (path_alone || (ascii_iequal(a.scheme, b.scheme) && ascii_iequal(a.authority, b.authority)));
}

/// Was the answer percent-encoded once more, as a whole, as it stands in the query of another URL?
inline bool is_encoded_as_a_whole(std::string_view text, redirect_parts const& parts)
{
    if ((!parts.bare && !parts.parameters.empty()) || text.find('%') == text.npos) return false;
    auto decoded = form_decode(text, '+');
    if (!decoded) return false;
    auto const inner = take_apart(*decoded);
    bool const is = looks_like_parameters(inner.parameters) || (parts.bare && !inner.bare);
    wipe(*decoded);
    return is;
}

} // namespace oauth::detail

#endif
