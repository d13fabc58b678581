#ifndef OAUTH_TESTING_DETAIL_SCOPE_RULES_HPP
#define OAUTH_TESTING_DETAIL_SCOPE_RULES_HPP

#include <oauth/core/scope.hpp>
#include <oauth/testing/detail/server_state.hpp>
#include <string>
#include <string_view>

namespace oauth::testing::detail {

/// The resource that a scope token of Entra belongs to: what precedes its last slash, Graph where there is none, "" for those of OpenID Connect.
inline std::string_view resource_of(std::string_view token) noexcept
{
    if (oauth::detail::asks_for_no_access(token)) return {};
    auto const slash = token.find("://") == token.npos ? token.npos : token.rfind('/');
    return slash == token.npos ? graph_resource : token.substr(0, slash);
}

/// As Entra echoes it: Graph's scopes without Graph's address.
inline std::string_view short_name(std::string_view token) noexcept
{
    bool const prefixed = token.starts_with(graph_resource) && token.size() > graph_resource.size() && token[graph_resource.size()] == '/';
    return prefixed ? token.substr(graph_resource.size() + 1) : token;
}

/// The resource of the first token that has one.
inline std::string first_resource(oauth::scope const& asked)
{
    std::string found;
    asked.for_each([&](std::string_view token) {
        if (found.empty()) found = std::string(resource_of(token));
    });
    return found;
}

inline bool names_several_resources(oauth::scope const& asked)
{
    auto const first = first_resource(asked);
    bool several = false;
    asked.for_each([&](std::string_view token) {
        auto const resource = resource_of(token);
        several = several || (!resource.empty() && resource != first);
    });
    return several;
}

/// The first token that can't be asked for here, or "".
inline std::string unknown_scope(authorization_server_options const& options, oauth::scope const& asked)
{
    // To look through more would keep all others waiting.
    if (!oauth::scope::within_limits(asked.str())) return "of more than 1024 tokens or 64 KiB";
    std::string found;
    asked.for_each([&](std::string_view token) {
        bool const known = options.known_scope.empty() || options.known_scope.contains(token) || oauth::detail::asks_for_no_access(token);
        if (found.empty() && (!known || !oauth::scope(token).valid())) found = std::string(token);
    });
    return found;
}

/// Is every token of `wanted` in `consented`? Entra's short and long names are the same.
inline bool is_consented(personality kind, oauth::scope const& consented, oauth::scope const& wanted)
{
    bool const entra = kind == personality::entra_v2;
    bool all = true;
    wanted.for_each([&](std::string_view token) {
        bool found = entra && oauth::detail::asks_for_no_access(token);
        consented.for_each([&](std::string_view have) {
            found = found || have == token || (entra && short_name(have) == short_name(token))
                 || (entra && have.ends_with("/.default") && resource_of(have) == resource_of(token));
        });
        all = all && found;
    });
    return all;
}

/// What the answer of Entra v2 lists: the scopes of `resource` by their short names, then those of OpenID Connect, never offline_access.
inline oauth::scope entra_scope(oauth::scope const& asked, std::string_view resource, registered_client const& client)
{
    oauth::scope out;
    asked.for_each([&](std::string_view token) {
        if (resource_of(token) != resource || resource.empty()) return;
        if (short_name(token) == ".default" && resource == graph_resource) out.add(client.permissions.str());
        else out.add(short_name(token));
    });
    if (asked.contains("openid")) out.add("profile openid email");
    return out;
}

} // namespace oauth::testing::detail

#endif
