#ifndef OAUTH_OIDC_USERINFO_HPP
#define OAUTH_OIDC_USERINFO_HPP

#include <oauth/error/result.hpp>
#include <oauth/oidc/detail/claims_reader.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <utility>

namespace oauth {

/** What the server's userinfo endpoint says of the user.

    @par Specification
    OpenID Connect Core 5.1 and 5.3
*/
struct userinfo
{
    std::string subject = {};                              ///< `sub`
    std::optional<std::string> name = {};
    std::optional<std::string> given_name = {};
    std::optional<std::string> family_name = {};
    std::optional<std::string> preferred_username = {};    ///< for display
    std::optional<std::string> email = {};
    std::optional<bool> email_verified = {};
    std::optional<std::string> phone_number = {};
    std::optional<bool> phone_number_verified = {};
    std::optional<std::string> picture = {};               ///< a URL; untrusted
    std::optional<std::string> locale = {};
    boost::json::object extra = {};                        ///< all other claims

    /// Read the claims; used up. Fails with errc::claim_missing or errc::malformed_claims for `sub`; any other claim of an unexpected type goes to `extra`.
    static result<userinfo> read(boost::json::object claims)
    {
        userinfo out;
        detail::claims_reader from(claims);
        from.required("sub", out.subject);
        if (auto why = std::move(from).fault()) return std::move(*why);
        from.profile(out);
        from.lenient("phone_number", out.phone_number);
        from.lenient("phone_number_verified", out.phone_number_verified);
        from.lenient("picture", out.picture);
        from.lenient("locale", out.locale);
        out.extra = std::move(claims);
        return out;
    }
};

} // namespace oauth

#endif
