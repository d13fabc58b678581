#ifndef OAUTH_RESPONSE_DETAIL_TOKEN_MEMBER_HPP
#define OAUTH_RESPONSE_DETAIL_TOKEN_MEMBER_HPP

#include <string_view>

namespace oauth::detail {

/// Every member that a token endpoint's answer is known to have. Their order is that of the tables in @ref name_of and in token_body_handler.
enum class token_member : int
{
    access_token, refresh_token, id_token,                                             // secrets
    token_type, scope, resource, profile_info, client_info, issued_token_type, foci,   // texts
    expires_in, ext_expires_in, refresh_in, refresh_token_expires_in, id_token_expires_in,
    not_before, expires_on,                                                            // numbers
    error, error_description, error_uri, suberror, claims, trace_id, correlation_id, timestamp,
    error_codes,
    unknown,
};

constexpr token_member to_token_member(std::string_view name) noexcept
{
    using enum token_member;
    // Each case has names of its own length only, so that a comparison of that many bytes will do.
    auto const is = [name](std::string_view what, token_member member) {
        return std::char_traits<char>::compare(name.data(), what.data(), what.size()) == 0 ? member : unknown;
    };
    switch (name.size())
    {
    case 4: return is("foci", foci);
    case 5: return name[0] == 's' ? is("scope", scope) : is("error", error);
    case 6: return is("claims", claims);
    case 8: return name[0] == 'i' ? is("id_token", id_token) : name[0] == 'r' ? is("resource", resource) : name[0] == 's' ? is("suberror", suberror) : is("trace_id", trace_id);
    case 9: return name[0] == 'e' ? is("error_uri", error_uri) : is("timestamp", timestamp);
    case 10:
        return name[0] == 't' ? is("token_type", token_type)
             : name[0] == 'n' ? is("not_before", not_before)
             : name[0] == 'r' ? is("refresh_in", refresh_in)
             : name[9] == 'n' && name[8] == 'i' ? is("expires_in", expires_in) : is("expires_on", expires_on);
    case 11: return name[0] == 'c' ? is("client_info", client_info) : is("error_codes", error_codes);
    case 12: return name[0] == 'a' ? is("access_token", access_token) : is("profile_info", profile_info);
    case 13: return is("refresh_token", refresh_token);
    case 14: return name[0] == 'e' ? is("ext_expires_in", ext_expires_in) : is("correlation_id", correlation_id);
    case 17: return name[0] == 'e' ? is("error_description", error_description) : is("issued_token_type", issued_token_type);
    case 19: return is("id_token_expires_in", id_token_expires_in);
    case 24: return is("refresh_token_expires_in", refresh_token_expires_in);
    default: return unknown;
    }
}

/// As it stands on the wire; "" for `unknown`.
constexpr std::string_view name_of(token_member member) noexcept
{
    constexpr std::string_view names[] = {"access_token", "refresh_token", "id_token", "token_type", "scope", "resource", "profile_info", "client_info",
        "issued_token_type", "foci", "expires_in", "ext_expires_in", "refresh_in", "refresh_token_expires_in", "id_token_expires_in", "not_before",
        "expires_on", "error", "error_description", "error_uri", "suberror", "claims", "trace_id", "correlation_id", "timestamp", "error_codes", ""};
    return names[static_cast<int>(member)];
}

} // namespace oauth::detail

#endif
