#ifndef OAUTH_RESPONSE_DETAIL_JSON_ANSWER_HPP
#define OAUTH_RESPONSE_DETAIL_JSON_ANSWER_HPP

#include <oauth/core/detail/strict_json.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/error/result.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <oauth/response/retry_after.hpp>
#include <boost/json/object.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/** The JSON text that a document's URL answers with: status 200, and a JSON type where one is named.

    @param where The member of server_metadata that the URL is of, for hints.

    @return The text, which lives as long as `response`; or errc::redirect_refused, errc::unexpected_status, errc::unexpected_content_type. The advice is to retry, where a proxy or an
        outage may be the reason.
*/
inline result<std::string_view> json_text(http_response const& response, std::string_view where)
{
    auto const failed = [&response](errc why, advice next, std::string hint = {}) {
        failure made(why, next, std::move(hint));
        made.http_status = response.status;
        made.retry_after = retry_after(response.fields);
        if (next == advice::retry && made.retry_after) made.next = advice::retry_after;
        return made;
    };
    auto const check_url = [where] { return "check server_metadata." + std::string(where); };
    auto const status = response.status;
    if (status >= 300 && status < 400) return failed(errc::redirect_refused, advice::fix_configuration, check_url());
    bool const wrong_place = status == 400 || status == 403 || status == 404 || status == 405 || status == 410 || status == 501;
    if (status != 200) return failed(errc::unexpected_status, wrong_place ? advice::fix_configuration : advice::retry, wrong_place ? check_url() : std::string());
    auto const content_type = find_field(response.fields, "Content-Type");
    if (!content_type.empty() && !is_json(content_type))
        return failed(errc::unexpected_content_type, advice::retry, "a proxy or a sign-in page of the network may stand in between");
    return response.body.reveal();
}

/// As @ref json_text, and parsed: an object of which nobody can make two things. Fails also with the values that begin with `response_`.
inline result<boost::json::object> json_answer(http_response const& response, std::string_view where, std::size_t max_size)
{
    auto const text = json_text(response, where);
    if (text.has_error()) return text.error();
    auto object = strict_json_object(*text, {.size = max_size});
    if (object.has_value()) return object;
    auto why = std::move(object).error();
    why.next = advice::retry;
    why.http_status = response.status;
    return why;
}

} // namespace oauth::detail

#endif
