#ifndef OAUTH_RESPONSE_DECODE_TOKEN_RESPONSE_HPP
#define OAUTH_RESPONSE_DECODE_TOKEN_RESPONSE_HPP

#include <oauth/core/detail/is_utf8.hpp>
#include <oauth/core/detail/wipe.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/token_response.hpp>
#include <oauth/error/result.hpp>
#include <oauth/response/detail/body_excerpt.hpp>
#include <oauth/response/detail/token_body_handler.hpp>
#include <oauth/response/retry_after.hpp>
#include <boost/config.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

namespace detail {

/// Is it application/anything+json, or application/json in other letters? Parameters do not matter.
BOOST_NOINLINE inline bool is_other_json(std::string_view content_type) noexcept
{
    auto type = content_type.substr(0, content_type.find(';'));
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
    constexpr std::string_view application = "application/", suffix = "+json";
    if (type.size() < application.size() || !ascii_iequal(type.substr(0, application.size()), application)) return false;
    type.remove_prefix(application.size());
    return ascii_iequal(type, "json") || (type.size() > suffix.size() && ascii_iequal(type.substr(type.size() - suffix.size()), suffix));
}

/// Is it JSON? Most write it in one way, which costs next to nothing.
inline bool is_json(std::string_view content_type) noexcept
{
    constexpr std::string_view usual = "application/json";
    bool const begins = content_type.size() >= usual.size() && std::char_traits<char>::compare(content_type.data(), usual.data(), usual.size()) == 0;
    return (begins && (content_type.size() == usual.size() || content_type[usual.size()] == ';')) || is_other_json(content_type);
}

using token_body_parser = boost::json::basic_parser<token_body_handler>;

// What is forced inline below are the parts of one function, each with a name: a short answer takes 3,000 instructions, and calls among them are felt.

/// Have the parser's handler fill its body, in one pass. Fails with the errc values that begin with `response_`.
BOOST_FORCEINLINE result<void> parse_token_body(token_body_parser& parser, std::string_view text, std::size_t max_size)
{
    if (text.size() > max_size) return failure(errc::response_too_large, advice::give_up);
    // RFC 8259 8.1: none may be sent, but one may be passed over.
    if (constexpr std::string_view byte_order_mark = "\xef\xbb\xbf"; text.size() >= 3 && text[0] == '\xef' && text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
    error_code ec;
    auto const used = parser.write_some(false, text.data(), text.size(), ec);
    if (!ec && used != text.size()) ec = boost::json::error::extra_data;
    if (!ec) return {};
    if (ec.category() == oauth_category()) return failure(ec, advice::give_up);
    if (ec == boost::json::error::too_deep) return failure(errc::response_too_deep, advice::give_up);
    if (ec == boost::json::error::object_too_large || ec == boost::json::error::array_too_large || ec == boost::json::error::key_too_large)
        return failure(errc::response_too_large, advice::give_up);
    // Boost.JSON says `syntax` for broken UTF-8 too.
    return failure(is_utf8(text) ? errc::response_not_json : errc::response_not_utf8, advice::give_up);
}

/// Is it the type of a form? Parameters do not matter.
inline bool is_form(std::string_view content_type) noexcept
{
    auto type = content_type.substr(0, content_type.find(';'));
    while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.remove_suffix(1);
    return ascii_iequal(type, "application/x-www-form-urlencoded");
}

/// As @ref parse_token_body, for an answer that is form-encoded, as GitHub's older servers write it: each parameter counts as a member that is a string.
inline result<void> parse_token_form(token_body_handler& handler, std::string_view text, std::size_t max_size)
{
    if (text.size() > max_size) return failure(errc::response_too_large, advice::give_up);
    auto parameters = parse_form(text);
    if (parameters.has_error()) return failure(parameters.error().code, advice::give_up, "the answer of the token endpoint");
    error_code ec;
    bool good = handler.on_object_begin(ec);
    for (auto& [name, value] : *parameters)
    {
        good = good && handler.on_key({name.data(), name.size()}, name.size(), ec) && handler.on_string({value.data(), value.size()}, value.size(), ec);
        wipe(value);
    }
    if (good && handler.on_object_end(parameters->size(), ec)) return {};
    return failure(ec, advice::give_up);
}

/// The limits of every body: see @ref decode_token_response.
inline boost::json::parse_options token_body_options()
{
    boost::json::parse_options options;
    options.max_depth = 16;
    return options;
}

/// How an answer is written, by its Content-Type.
enum class body_kind
{
    json,    ///< or not said
    form,
    other,
};

BOOST_FORCEINLINE body_kind kind_of_body(http_response const& response) noexcept
{
    auto const content_type = find_field(response.fields, "Content-Type");
    if (content_type.empty() || is_json(content_type)) return body_kind::json;
    return is_form(content_type) ? body_kind::form : body_kind::other;
}

/// Have the parser's handler fill its body, whichever way it is written.
BOOST_FORCEINLINE result<void> parse_token_answer(token_body_parser& parser, std::string_view text, body_kind kind, std::size_t max_size)
{
    return kind == body_kind::form ? parse_token_form(parser.handler(), text, max_size) : parse_token_body(parser, text, max_size);
}

/// Is it an OAuth error, whatever else it holds and whatever its status is?
inline bool is_error_answer(http_response const& response)
{
    token_response ignored;
    token_body_parser parser(token_body_options(), ignored);
    auto const text = response.body.reveal();
    return parse_token_answer(parser, text, kind_of_body(response), text.size()).has_value() && parser.handler().body.is_error;
}

/// The failure for an answer that is not what was asked for, whatever its body is.
inline failure token_endpoint_failure(http_response const& response, token_body& body, bool parsed, char const* check_url)
{
    failure why;
    if (parsed && body.is_error) why = reported(std::move(*body.said), response.status);
    else
    {
        auto const status = response.status;
        bool const wrong_place = status == 404 || status == 405 || status == 410 || status == 501;
        why = failure(errc::unexpected_status, wrong_place ? advice::fix_configuration : advice::retry, wrong_place ? check_url : "");
        why.http_status = status;
        // A 200 may hold anything, tokens too.
        if (status != 200) why.server.body_excerpt = body_excerpt(response.body.reveal());
    }
    why.retry_after = retry_after(response.fields);
    // Whatever the body says, these statuses mean that it will pass.
    bool const passing = response.status == 429 || response.status == 408 || response.status == 503;
    if (passing && why.next != advice::sign_in_again && why.next != advice::consent) why.next = advice::retry;
    if (why.next == advice::retry && why.retry_after) why.next = advice::retry_after;
    return why;
}

/// The failure for an answer that came with `response`.
inline failure failed_with(http_response const& response, failure why, advice next)
{
    why.next = next;
    why.http_status = response.status;
    why.retry_after = retry_after(response.fields);
    if (next == advice::retry && why.retry_after) why.next = advice::retry_after;
    return why;
}

/** What comes before the members that an endpoint answers with: no redirect, status 200, JSON, no OAuth error. Fails as @ref decode_token_response does.

    @param check_url The hint for an answer of the wrong place.
*/
BOOST_FORCEINLINE result<void> read_token_body(token_body_parser& parser, http_response const& response, std::size_t max_size, char const* check_url)
{
    if (response.status >= 300 && response.status < 400)
        return failed_with(response, failure(errc::redirect_refused, advice::fix_configuration, check_url), advice::fix_configuration);
    auto const kind = kind_of_body(response);
    if (response.status == 200 && kind == body_kind::other)
        return failed_with(response, failure(errc::unexpected_content_type, advice::retry, "a proxy or a sign-in page of the network may stand in between"), advice::retry);
    auto& body = parser.handler().body;
    auto const parsed = parse_token_answer(parser, response.body.reveal(), kind, max_size);
    if (response.status != 200 || (parsed.has_value() && body.is_error)) return token_endpoint_failure(response, body, parsed.has_value(), check_url);
    if (parsed.has_error()) return failed_with(response, parsed.error(), advice::retry);
    return {};
}

/// @ref decode_token_response, with the tokens written where they are to stay.
BOOST_FORCEINLINE result<void> decode_token_response_into(token_response& tokens, http_response const& response, std::size_t max_size)
{
    token_body_parser parser(token_body_options(), tokens);
    if (auto const read = read_token_body(parser, response, max_size, "check the token endpoint's URL"); read.has_error()) return read.error();
    if (tokens.access_token.empty() && tokens.id_token.empty())
        return failed_with(response, failure(errc::response_missing_member, advice::give_up, "access_token"), advice::give_up);
    if (!tokens.access_token.empty() && !tokens.token_type)
        return failed_with(response, failure(errc::response_missing_member, advice::give_up, "token_type"), advice::give_up);
    if (auto& body = parser.handler().body; body.said) body.keep_said();
    return {};
}

} // namespace detail

/** Decode the answer of a token endpoint.

    One pass over the body, straight into the result, without a DOM. Looks at no clock and no global. A form-encoded answer, by its Content-Type, is read as well: GitHub
    writes one to whoever does not ask for JSON, and a gateway may take that wish away.

    How a number is read (`expires_in`, `ext_expires_in`, `refresh_in`, `refresh_token_expires_in`, `id_token_expires_in`, `not_before`, `expires_on`), each of
    which servers send as a JSON number or as a string:

    | JSON | outcome |
    |---|---|
    | absent, `null`, `""` | empty |
    | `3599`, `"3599"`, `" 3599 "` | 3599 |
    | `3599.9`, `3.599e3`, `"3599.9"` | 3599: the fraction is cut off |
    | `0`, `-5`, `"-5"` | 0, -5: expired. A moment before 1970 becomes 1970. |
    | over 2^31-1 s, or after the year 9999 | that limit; but an exponent over 2^31-1 is no JSON here |
    | anything else: `true`, `[]`, `{}`, `"soon"` | empty; its name is in `unusable`, its JSON in `extra` |

    A known text of another type (`scope`, `resource` …) goes the way of the last row. A member that is not known is kept in `extra`. So are,
    in a success, the texts that only an error should have (`claims`, `correlation_id` …), each cut after 4096 bytes, behind all others. An `error` that is `null` or
    "" says nothing.

    @param response The answer. Its body is read only.
    @param max_size The most bytes that are looked at.

    @return The tokens (status 200 with an access token or an ID token), or
        @li a @ref server_errc, with the server's words and `Retry-After`, when the body is an OAuth error, whatever the status,
        @li errc::unexpected_status for any other status but 200: the advice is to retry, but for 404, 405, 410 and 501,
        @li errc::redirect_refused for 3xx,
        @li errc::unexpected_content_type when a 200 is neither JSON nor a form by its Content-Type (an absent one is let pass): a proxy's page, for instance; the advice is to retry,
        @li errc::response_not_json, errc::response_not_utf8, errc::response_not_an_object, errc::response_too_large, errc::response_too_deep (over 16), errc::response_duplicate_member,
        @li errc::malformed_encoding or errc::too_many_parameters for a form-encoded answer that can't be decoded,
        @li errc::response_wrong_type when a token or `token_type` is not a string,
        @li errc::response_missing_member when there is neither an access token nor an ID token, or an access token without `token_type`.

    Of a body that is no OAuth error a failure holds at most what `server_message::body_excerpt` has: with errc::unexpected_status, its beginning, unless it speaks of tokens or
    passwords. What a refusing server repeats of the request must have been masked before, as the flow does it.

    @par Exception safety
    Strong; only allocation throws.

    @par Specification
    RFC 6749 5.1 and 5.2, RFC 6750 4, OpenID Connect Core 3.1.3.3
*/
inline result<token_response> decode_token_response(http_response const& response, std::size_t max_size = 1 << 20)
{
    result<token_response> out{boost::system::in_place_value};
    auto const done = detail::decode_token_response_into(*out, response, max_size);
    if (done.has_error()) out = done.error();
    return out;
}

} // namespace oauth

#endif
