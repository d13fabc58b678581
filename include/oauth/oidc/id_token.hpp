#ifndef OAUTH_OIDC_ID_TOKEN_HPP
#define OAUTH_OIDC_ID_TOKEN_HPP

#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/oidc/detail/claims_reader.hpp>
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace oauth {

/** Who signed in, as an ID token says: its claims, typed.

    An `id_token` that @ref check_id_token gave is verified. Identify a user by `issuer` and `subject` (at Microsoft also by `tenant_id` and `object_id`, which
    are the same for every application); never by a name or an e-mail address, which change and may be given to others.

    @par Specification
    OpenID Connect Core 2 and 5.1; the last block is Microsoft's own
*/
struct id_token
{
    std::string issuer = {};                                      ///< `iss`
    std::string subject = {};                                     ///< `sub`; unique at this issuer
    std::vector<std::string> audience = {};                       ///< `aud`
    time_point expires_at = {};                                   ///< `exp`
    time_point issued_at = {};                                    ///< `iat`
    std::optional<time_point> not_before = {};                    ///< `nbf`
    std::optional<time_point> auth_time = {};                     ///< when the user proved who they are
    std::optional<std::string> nonce = {};
    std::optional<std::string> acr = {};                          ///< how strongly the user was authenticated
    std::vector<std::string> amr = {};                            ///< by what means
    std::optional<std::string> authorized_party = {};             ///< `azp`
    std::optional<std::string> access_token_hash = {};            ///< `at_hash`
    std::optional<std::string> code_hash = {};                    ///< `c_hash`
    std::optional<std::string> session_id = {};                   ///< `sid`

    std::optional<std::string> name = {};
    std::optional<std::string> given_name = {};
    std::optional<std::string> family_name = {};
    std::optional<std::string> preferred_username = {};           ///< for display
    std::optional<std::string> email = {};
    std::optional<bool> email_verified = {};

    std::optional<std::string> tenant_id = {};                    ///< Microsoft: `tid`
    std::optional<std::string> object_id = {};                    ///< Microsoft: `oid`; the user in the tenant, for every application

    boost::json::object extra = {};                               ///< all other claims

    /** Read the claims of an ID token. Nothing is verified here: @ref check_id_token is what you want.

        A claim of an unexpected type that has no part in the checks goes to `extra`, so that an odd server does not keep its users out.

        @param claims The payload. Used up.

        @return The claims, or
            @li errc::claim_missing where `iss`, `sub`, `aud`, `exp` or `iat` is not there,
            @li errc::malformed_claims where a claim that is checked has the wrong type, `sub` is longer than 255 bytes, or `aud` has more than 64 elements.
    */
    static result<id_token> read(boost::json::object claims)
    {
        id_token out;
        detail::claims_reader from(claims);
        from.required("iss", out.issuer);
        from.required("sub", out.subject);
        from.required_list("aud", out.audience);
        from.required("exp", out.expires_at);
        from.required("iat", out.issued_at);
        from.checked("nbf", out.not_before);
        from.checked("auth_time", out.auth_time);
        from.checked("nonce", out.nonce);
        from.checked("acr", out.acr);
        from.checked("azp", out.authorized_party);
        from.checked("at_hash", out.access_token_hash);
        from.checked("c_hash", out.code_hash);
        from.checked("tid", out.tenant_id);
        if (auto why = std::move(from).fault()) return std::move(*why);
        if (out.subject.empty() || out.subject.size() > 255) return failure(errc::malformed_claims, advice::give_up, "the claim sub has no or too many characters");

        from.lenient_list("amr", out.amr);
        from.lenient("sid", out.session_id);
        from.profile(out);
        from.lenient("oid", out.object_id);
        out.extra = std::move(claims);
        return out;
    }
};

} // namespace oauth

#endif
