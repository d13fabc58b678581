#ifndef OAUTH_RESPONSE_DETAIL_READ_TOKEN_BODY_HPP
#define OAUTH_RESPONSE_DETAIL_READ_TOKEN_BODY_HPP

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

namespace oauth::detail {

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

} // namespace oauth::detail

#endif
