#ifndef OAUTH_RESPONSE_DETAIL_JSON_ANSWER_HPP
#define OAUTH_RESPONSE_DETAIL_JSON_ANSWER_HPP

#include <oauth/core/detail/strict_json.hpp>
#include <oauth/core/detail/wiping_resource.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/error/result.hpp>
#include <oauth/response/decode_token_response.hpp>
#include <oauth/response/detail/read_token_body.hpp>
#include <oauth/response/retry_after.hpp>
#include <boost/json/object.hpp>
#include <boost/json/storage_ptr.hpp>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::detail {

/** The failure that an endpoint's answer is, when it is none of its successes: its OAuth error, or else what the status says.

    @param place Which endpoint, in words for the hint: "introspection endpoint".
*/
inline failure endpoint_failure(http_response const& response, std::string_view place, std::size_t max_size)
{
    int const status = response.status;
    bool const says_success = status >= 200 && status < 300;
    if (says_success && (response.body.size() > max_size || !is_error_answer(response)))
    {
        failure why(errc::unexpected_status, advice::give_up, "the " + std::string(place) + " must not answer with this status");
        why.http_status = status;
        return why;
    }
    auto why = decode_token_response(response, max_size).error();
    if (!why.hint.empty()) why.hint = "check the URL of the " + std::string(place);
    if (why.code == errc::unexpected_status && (status == 401 || status == 403))
    {
        why.next = advice::fix_configuration;
        why.hint = "the " + std::string(place) + " does not let this client in";
    }
    return why;
}

/// As @ref endpoint_failure, for a fault that was found in a success.
inline failure answer_failure(http_response const& response, failure why)
{
    why.http_status = response.status;
    why.retry_after = retry_after(response.fields);
    if (why.next == advice::retry && why.retry_after) why.next = advice::retry_after;
    return why;
}

/** The JSON text that an endpoint answers with, or the failure that it is.

    @param good The statuses that say success.
    @param place Which endpoint, in words for the hint: "introspection endpoint".

    @return The text, which lives as long as `response`; or what @ref json_answer says of status, type and size.
*/
inline result<std::string_view> json_text(http_response const& response, std::initializer_list<int> good, std::string_view place, std::size_t max_size)
{
    bool expected = false;
    for (int const status : good) expected = expected || response.status == status;
    if (!expected) return endpoint_failure(response, place, max_size);
    auto const content_type = find_field(response.fields, "Content-Type");
    if (!content_type.empty() && !is_json(content_type))
        return answer_failure(response, failure(errc::unexpected_content_type, advice::retry, "a proxy or a sign-in page of the network may stand in between"));
    auto text = response.body.reveal();
    if (text.size() > max_size) return answer_failure(response, failure(errc::response_too_large, advice::retry));
    // RFC 8259 8.1: none may be sent, but one may be passed over.
    if (constexpr std::string_view byte_order_mark = "\xef\xbb\xbf"; text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    return text;
}

/** The JSON object that an endpoint answers with, or the failure that it is. Its memory is wiped when it is given back, so long as the object is not copied.

    @param good The statuses that say success.
    @param place Which endpoint, in words for the hint: "introspection endpoint".
    @param max_size The most bytes that are looked at.

    @return The members, none of which came twice at any depth, or
        @li a @ref server_errc, with the server's words and `Retry-After`, when the body is an OAuth error, whatever the status,
        @li errc::redirect_refused for 3xx, errc::unexpected_status for any other status that is not in `good`,
        @li errc::unexpected_content_type when a success is not JSON by its Content-Type (an absent one is let pass); the advice is to retry,
        @li errc::response_not_json, errc::response_not_utf8, errc::response_not_an_object, errc::response_too_large, errc::response_too_deep (over 16),
            errc::response_duplicate_member; the advice is to retry.

    No failure holds anything of a body that is not an OAuth error.
*/
inline result<boost::json::object> json_answer(http_response const& response, std::initializer_list<int> good, std::string_view place, std::size_t max_size)
{
    auto const text = json_text(response, good, place, max_size);
    if (text.has_error()) return text.error();
    auto members = strict_json_object(*text, {.size = max_size}, boost::json::make_shared_resource<wiping_resource>());
    if (members.has_error())
    {
        auto why = std::move(members).error();
        why.next = advice::retry;
        return answer_failure(response, std::move(why));
    }
    auto const* const error = members->if_contains("error");
    if (error != nullptr && error->is_string() && !error->get_string().empty()) return endpoint_failure(response, place, max_size);
    return members;
}

} // namespace oauth::detail

#endif
