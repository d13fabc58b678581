#ifndef OAUTH_RESPONSE_PUSHED_AUTHORIZATION_RESPONSE_HPP
#define OAUTH_RESPONSE_PUSHED_AUTHORIZATION_RESPONSE_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/error/result.hpp>
#include <oauth/response/detail/json_answer.hpp>
#include <oauth/response/detail/json_members.hpp>
#include <boost/url/parse.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace oauth {

/** Where the server keeps an authorization request that was pushed ahead.

    @par Specification
    RFC 9126 2.2
*/
struct pushed_authorization_response
{
    std::string request_uri;   ///< stands for the whole request, once
    seconds expires_in{};      ///< how long it does, counted from when the server wrote the answer; more than 0
};

/** Read the answer of a pushed authorization request endpoint.

    @return Where the request is kept; or
        @li a @ref server_errc, with the server's words, when the body is an OAuth error: what the authorization endpoint would have told the user's browser is told here,
        @li errc::response_missing_member, errc::response_wrong_type, or errc::response_bad_value where `request_uri` is no absolute URI of at most 2048 bytes or `expires_in` is not
            more than 0; the hint names the member,
        @li errc::unexpected_status for any status but 201, errc::redirect_refused, errc::unexpected_content_type, and the errc values that begin with `response_`.

    @par Specification
    RFC 9126 2.2 and 2.3
*/
inline result<pushed_authorization_response> decode_pushed_authorization_response(http_response const& response, std::size_t max_size = 1 << 20)
{
    auto answer = detail::json_answer(response, {201}, "pushed authorization request endpoint", max_size);
    if (answer.has_error()) return std::move(answer).error();
    pushed_authorization_response out;
    std::optional<seconds> life;
    detail::json_members members(*answer);
    if (members.need("request_uri", out.request_uri) && (out.request_uri.size() > 2048 || !boost::urls::parse_uri({out.request_uri.data(), out.request_uri.size()})))
        members.refuse("request_uri");
    if (members.need("expires_in", life) && *life <= seconds(0)) members.refuse("expires_in");
    if (members.failed()) return detail::answer_failure(response, *members.failed());
    out.expires_in = *life;
    return out;
}

} // namespace oauth

#endif
