#ifndef OAUTH_FLOW_DETAIL_GRANT_TERMS_HPP
#define OAUTH_FLOW_DETAIL_GRANT_TERMS_HPP

#include <oauth/core/client.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/session.hpp>
#include <oauth/request/asked_token.hpp>
#include <oauth/request/grant.hpp>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

namespace oauth::detail {

/// What a token is found by. Owns nothing.
struct grant_terms
{
    oauth::scope const& scope;
    std::string_view resource = {};
    std::string_view claims = {};
    token_owner whose = token_owner::user;
    std::string_view parameters_fingerprint = {};
};

/** What the token of a grant is found by: what its members say, and the registration's resource and claims where the table of @ref grant says so.

    No allocation, where the scope is an `oauth::scope`, the others are text that can be viewed, and nothing has to be put into a fingerprint: so it is with the shipped grants as a rule. Of
    others it keeps copies. Lives as long as the grant and the registration.
*/
template <grant Grant>
class kept_terms
{
    static constexpr bool viewable = []<class G>(std::type_identity<G>) {
        bool good = true;
        if constexpr (requires(G what) { what.scope; }) good = good && requires(G what) { { (what.scope) } -> std::same_as<oauth::scope const&>; };
        if constexpr (requires(G what) { what.resource; }) good = good && requires(G what) { { (what.resource) } -> std::convertible_to<std::string_view>; };
        if constexpr (requires(G what) { what.claims; }) good = good && requires(G what) { { (what.claims) } -> std::convertible_to<std::string_view>; };
        return good;
    }(std::type_identity<Grant const&>());

    struct views
    {
        std::string parameters_fingerprint;
    };

    std::conditional_t<viewable, views, asked_token> own_;
    grant_terms terms_;

    static auto own_of(Grant const& grant)
    {
        if constexpr (viewable) return views{oauth::parameters_fingerprint(grant)};
        else return asked_terms(grant);
    }

    oauth::scope const& scope_of(Grant const& grant) const noexcept
    {
        static oauth::scope const none;
        if constexpr (!viewable) return own_.scope;
        else if constexpr (requires { grant.scope; }) return grant.scope;
        else return none;
    }

    std::string_view resource_of(Grant const& grant, client const& registered) const noexcept
    {
        if constexpr (!requires { grant.resource; }) return registered.resource;
        else if constexpr (viewable) return grant.resource;
        else return *own_.resource;
    }

    std::string_view claims_of(Grant const& grant, client const& registered) const noexcept
    {
        std::string_view said;
        if constexpr (!viewable) said = own_.claims;
        else if constexpr (requires { grant.claims; }) said = grant.claims;
        return said.empty() ? std::string_view(registered.claims) : said;
    }

public:
    kept_terms(Grant const& grant, client const& registered)
        : own_(own_of(grant)), terms_{scope_of(grant), resource_of(grant, registered), claims_of(grant, registered), is_of_client<Grant>() ? token_owner::client : token_owner::user,
                                      own_.parameters_fingerprint}
    {
    }

    // There are views into it.
    kept_terms(kept_terms const&) = delete;
    kept_terms& operator=(kept_terms const&) = delete;
    ~kept_terms() = default;

    operator grant_terms const&() const noexcept { return terms_; }
};

} // namespace oauth::detail

#endif
