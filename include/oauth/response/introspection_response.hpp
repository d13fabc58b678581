#ifndef OAUTH_RESPONSE_INTROSPECTION_RESPONSE_HPP
#define OAUTH_RESPONSE_INTROSPECTION_RESPONSE_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/core/scope.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/response/detail/json_answer.hpp>
#include <oauth/response/detail/json_members.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace oauth {

/** The key that whoever presents a token must prove to have: check it, or a thief can use the token.

    @par Specification
    RFC 7800 3.1
*/
struct token_confirmation
{
    std::string jkt = {};             ///< the key's thumbprint, for DPoP (RFC 9449 6.1)
    std::string x5t_s256 = {};        ///< `x5t#S256`: the certificate's thumbprint, for mutual TLS (RFC 8705 3.2)
    boost::json::object extra = {};   ///< other ways to name a key
};

/** What a token stands for, by the word of the server that issued it. A text or list that the server left out is empty.

    A token that is not active says nothing else: every other member is empty then.

    @par Specification
    RFC 7662 2.2
*/
struct introspection_response
{
    bool active = false;                             ///< may it be used now: issued here, not expired, not revoked, and for whoever asks
    oauth::scope scope = {};
    std::string client_id = {};                      ///< whom it was issued to
    std::string username = {};                       ///< for a person to read
    std::string token_type = {};                     ///< as in a token response
    std::optional<time_point> expires_at = {};       ///< `exp`
    std::optional<time_point> issued_at = {};        ///< `iat`
    std::optional<time_point> not_before = {};       ///< `nbf`
    std::string subject = {};                        ///< `sub`
    std::vector<std::string> audience = {};          ///< `aud`, be it one text or a list: whoever asks for itself must be in it
    std::string issuer = {};                         ///< `iss`
    std::string id = {};                             ///< `jti`
    std::optional<token_confirmation> bound_to = {}; ///< `cnf`; empty for a bearer token
    boost::json::object extra = {};                  ///< all other members
};

/** Read the answer of an introspection endpoint.

    Numbers are read as in a token response. A member of another type than it must have is a failure, not an absence: whoever lets somebody in by this answer must
    not take a limit that can't be read for none.

    @return What the token stands for, also where it is not active; or
        @li a @ref server_errc, with the server's words, when the body is an OAuth error,
        @li errc::response_missing_member where there is no `active`, errc::response_wrong_type where it is no boolean, or where another known member has another type;
            the hint names it,
        @li errc::unexpected_status for any status but 200, errc::redirect_refused, errc::unexpected_content_type, and the errc values that begin with `response_`.

    @par Specification
    RFC 7662 2.2 and 2.3
*/
inline result<introspection_response> decode_introspection_response(http_response const& response, std::size_t max_size = 1 << 20)
{
    auto answer = detail::json_answer(response, {200}, "introspection endpoint", max_size);
    if (answer.has_error()) return std::move(answer).error();
    introspection_response out{.extra = std::move(*answer)};
    detail::json_members members(out.extra);
    if (members.need("active", out.active) && !out.active) return introspection_response();
    members.take("scope", out.scope);
    members.take("client_id", out.client_id);
    members.take("username", out.username);
    members.take("token_type", out.token_type);
    members.take("exp", out.expires_at);
    members.take("iat", out.issued_at);
    members.take("nbf", out.not_before);
    members.take("sub", out.subject);
    members.take_list("aud", out.audience);
    members.take("iss", out.issuer);
    members.take("jti", out.id);
    if (boost::json::object cnf; members.take("cnf", cnf))
    {
        auto& key = out.bound_to.emplace();
        key.extra = std::move(cnf);
        detail::json_members parts(key.extra);
        parts.take("jkt", key.jkt);
        parts.take("x5t#S256", key.x5t_s256);
        if (parts.failed()) members.refuse("cnf");
    }
    if (members.failed()) return detail::answer_failure(response, *members.failed());
    return out;
}

} // namespace oauth

#endif
