#ifndef OAUTH_RESPONSE_IMPL_DECODE_TOKEN_RESPONSE_IPP
#define OAUTH_RESPONSE_IMPL_DECODE_TOKEN_RESPONSE_IPP

#include <oauth/response/decode_token_response.hpp>
#include <oauth/response/detail/read_token_body.hpp>

namespace oauth {

namespace detail {

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

OAUTH_DECL bool is_error_answer(http_response const& response)
{
    token_response ignored;
    token_body_parser parser(token_body_options(), ignored);
    auto const text = response.body.reveal();
    return parse_token_answer(parser, text, kind_of_body(response), text.size()).has_value() && parser.handler().body.is_error;
}

OAUTH_DECL bool is_form_answer(http_response const& response) noexcept { return kind_of_body(response) == body_kind::form; }

} // namespace detail

OAUTH_DECL result<token_response> decode_token_response(http_response const& response, std::size_t max_size)
{
    result<token_response> out{boost::system::in_place_value};
    auto const done = detail::decode_token_response_into(*out, response, max_size);
    if (done.has_error()) out = done.error();
    return out;
}

} // namespace oauth

#endif
