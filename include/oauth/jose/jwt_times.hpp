#ifndef OAUTH_JOSE_JWT_TIMES_HPP
#define OAUTH_JOSE_JWT_TIMES_HPP

#include <oauth/core/detail/numeric_date.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace oauth {

/** When a token holds, as far as it says.

    @par Specification
    RFC 7519 4.1.4 to 4.1.6
*/
struct jwt_times
{
    std::optional<time_point> expires_at = {};   ///< `exp`
    std::optional<time_point> not_before = {};   ///< `nbf`
    std::optional<time_point> issued_at = {};    ///< `iat`

    /// Those of the claims; a fraction of a second is cut off, `null` is as good as absent. Fails with errc::malformed_claims where one is no time between 1970 and the year 9999.
    static result<jwt_times> read(boost::json::object const& claims)
    {
        jwt_times out;
        struct
        {
            std::string_view name;
            std::optional<time_point>& into;
        } const members[] = {{"exp", out.expires_at}, {"nbf", out.not_before}, {"iat", out.issued_at}};
        for (auto const& [name, into] : members)
        {
            auto const* const value = claims.if_contains({name.data(), name.size()});
            if (value == nullptr || value->is_null()) continue;
            into = detail::numeric_date(*value);
            if (!into) return failure(errc::malformed_claims, advice::give_up, "the claim " + std::string(name));
        }
        return out;
    }
};

namespace detail {

/// The clock of server or client is wrong, or the token is old: whoever reads this wants to know by how much.
inline failure wrong_time(errc why, seconds by)
{
    return failure(why, advice::fix_configuration, "by " + std::to_string(by.count()) + " s: check this machine's clock");
}

} // namespace detail

/** Does a token hold now? What it does not say is no hindrance.

    @param now The client's clock; `leeway` is how far it may be from the server's.

    @return Nothing, or, with a hint that says by how much,
        @li errc::token_expired by `exp`,
        @li errc::token_not_yet_valid by `nbf`, or by an `iat` that is yet to come.

    @par Specification
    RFC 7519 4.1.4 to 4.1.6
*/
inline result<void> check_jwt_times(jwt_times const& times, time_point now, seconds leeway)
{
    if (times.expires_at && now - leeway >= *times.expires_at) return detail::wrong_time(errc::token_expired, now - *times.expires_at);
    for (auto const& from : {times.issued_at, times.not_before})
        if (from && *from > now + leeway) return detail::wrong_time(errc::token_not_yet_valid, *from - now);
    return {};
}

} // namespace oauth

#endif
