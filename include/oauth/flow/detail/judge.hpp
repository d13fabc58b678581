#ifndef OAUTH_FLOW_DETAIL_JUDGE_HPP
#define OAUTH_FLOW_DETAIL_JUDGE_HPP

#include <oauth/core/pending_authorization.hpp>
#include <oauth/policy/redirect_receiver.hpp>
#include <oauth/response/authorization_response.hpp>
#include <oauth/response/decode_authorization_jwt.hpp>
#include <string_view>

namespace oauth::detail {

/// Is this the answer to our sign-in? Only one with our state ends it, since anybody can reach a loopback port.
template <class Receiver>
reception judge(std::string_view text, pending_authorization const& pending)
{
    // Whether it is genuine is found out when it is exchanged; here it is enough that nobody else can know the state.
    if (pending.signed_response) return names_state(text, pending.state) ? reception::granted : reception::stranger;
    auto const came = parse_authorization_response(text, pending);
    constexpr bool takes_bare_codes = requires { requires Receiver::takes_bare_codes; };
    if (came.has_value()) return came->state_checked || takes_bare_codes ? reception::granted : reception::stranger;
    auto const& why = came.error();
    // An empty text is a bare code that is empty: it had no state either.
    bool const empty_code = why.code == errc::code_empty && text.find("code=") != text.npos;
    // One that can't be read is refused before its state is looked at. Where a person copies the answer it may be whole the next time.
    bool const unreadable = why.code == errc::duplicate_parameter || why.code == errc::malformed_encoding || why.code == errc::too_many_parameters;
    if (unreadable && !takes_bare_codes) return names_plain_state(text, pending.state) ? reception::refused : reception::stranger;
    bool const ours = why.code.category() == server_category() || why.code == errc::sign_in_cancelled || why.code == errc::issuer_mismatch
                   || why.code == errc::issuer_missing || why.code == errc::code_and_error || empty_code;
    return ours ? reception::refused : reception::stranger;
}

} // namespace oauth::detail

#endif
