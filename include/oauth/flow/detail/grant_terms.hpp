#ifndef OAUTH_FLOW_DETAIL_GRANT_TERMS_HPP
#define OAUTH_FLOW_DETAIL_GRANT_TERMS_HPP

#include <oauth/core/scope.hpp>
#include <oauth/request/grant.hpp>
#include <concepts>
#include <string_view>

namespace oauth::detail {

/// What a grant says of the token that it asks for. Lives as long as the grant.
struct grant_terms
{
    oauth::scope const& scope;
    std::string_view resource = {};
    std::string_view claims = {};
};

/// What its members `scope`, `resource` and `claims` say, each of which it may have or not.
template <grant Grant>
grant_terms terms_of_grant(Grant const& grant) noexcept
{
    static scope const none;
    auto const scope_at = [&]() -> scope const& {
        if constexpr (requires { { grant.scope } -> std::same_as<scope const&>; }) return grant.scope;
        else return none;
    };
    grant_terms out{scope_at()};
    if constexpr (requires { { grant.resource } -> std::convertible_to<std::string_view>; }) out.resource = grant.resource;
    if constexpr (requires { { grant.claims } -> std::convertible_to<std::string_view>; }) out.claims = grant.claims;
    return out;
}

} // namespace oauth::detail

#endif
