#ifndef OAUTH_CORE_SESSION_JSON_HPP
#define OAUTH_CORE_SESSION_JSON_HPP

#include <oauth/core/detail/stored_json_reader.hpp>
#include <oauth/core/detail/stored_json_writer.hpp>
#include <oauth/core/session.hpp>
#include <oauth/error/result.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace oauth {

/// Bytes: a text that is longer is no session's.
inline constexpr std::size_t session_json_limit = detail::stored_json_limit;

namespace detail {

inline constexpr std::int64_t session_json_version = 1;

// One list of the members for both directions, so that none is written and not read.
template <class Session, class Visitor>
void each_stored_member_of_session(Session& value, Visitor& visit)
{
    visit("refresh_token", value.refresh_token);
    visit("refresh_token_expires_at", value.refresh_token_expires_at);
    visit("id_token", value.id_token);
    visit.unless_empty("id_token_trusted", value.id_token_trusted);
    visit.unless_empty("granted", value.granted);
    visit.unless_empty("ended", value.ended);
}

template <class Token, class Visitor>
void each_stored_member_of_token(Token& token, Visitor& visit)
{
    visit("value", token.value);
    visit("token_type", token.token_type);
    visit("received_at", token.received_at);
    visit("expires_at", token.expires_at);
    visit("refresh_at", token.refresh_at);
    visit("extended_until", token.extended_until);
    visit("granted", token.granted);
    visit("requested", token.requested);
    visit("resource", token.resource);
    visit("claims", token.claims);
    visit.unless_empty("of_client", token.of_client);
    visit.unless_empty("narrowed", token.narrowed);
    visit("claims_fingerprint", token.claims_fingerprint);
    visit.unless_empty("parameters_fingerprint", token.parameters_fingerprint);
}

} // namespace detail

/** `value` as JSON text, for a store: `{"version":1,"refresh_token":…,"id_token":…,"access_tokens":[…]}`, plain ASCII without blanks.

    Moments are integers, seconds since 1970; an optional member that is empty is left out, and so are `id_token_trusted`, `granted`, `ended`, `of_client`,
    `narrowed` and `parameters_fingerprint` where there is nothing to say.
    A text that is not printable ASCII, or holds '"' or '\', is written as
    `{"base64url":"…"}`, so that tokens of any bytes come back as they were. Empty handles in `access_tokens` are skipped.

    @return The text, a secret. Copies made on the way are wiped.

    @par Exception safety
    Only allocation throws.

    @par Complexity
    Linear; the text grows by halves.
*/
inline secret to_json(session const& value)
{
    detail::stored_json_writer out;
    out.open_object();
    out.version(detail::session_json_version);
    detail::each_stored_member_of_session(value, out);
    out.open_array("access_tokens");
    for (auto const& token : value.access_tokens)
    {
        if (token.empty()) continue;
        out.open_object();
        detail::each_stored_member_of_token(*token, out);
        out.close('}');
    }
    out.close(']');
    out.close('}');
    return std::move(out).take();
}

/** Read what @ref to_json wrote.

    Strict: each member must be there, with its own JSON type, but for those that @ref to_json leaves out; members that it does not know are ignored. At most 1 MiB, 16 levels,
    1024 tokens and 64 KiB in a scope.

    @return The session, or
        @li errc::store_unreadable where `text` is not that, with advice::sign_in_again,
        @li errc::store_from_newer_version where its version is above 1; nothing else of it was looked at.
        Neither failure holds anything of `text`.

    @par Exception safety
    Only allocation throws. Copies made on the way are wiped.

    @par Complexity
    Linear, but for scopes: tokens times length of each.
*/
inline result<session> session_from_json(std::string_view text)
{
    auto const unreadable = [] { return failure(errc::store_unreadable, advice::sign_in_again, "what was stored is not the JSON of a session: sign in again"); };
    detail::stored_json_document const document(text);
    switch (document.version(detail::session_json_version))
    {
    case detail::stored_version::unreadable: return unreadable();
    case detail::stored_version::newer:
        return failure(errc::store_from_newer_version, advice::fix_configuration, "update this program, or give it a token store of its own");
    case detail::stored_version::known: break;
    }
    session out;
    detail::stored_json_reader whole(document.members());
    detail::each_stored_member_of_session(out, whole);
    auto const* const list = document.members().if_contains("access_tokens");
    if (!whole.good() || list == nullptr || !list->is_array()) return unreadable();
    out.access_tokens.reserve(list->get_array().size());
    for (auto const& element : list->get_array())
    {
        if (!element.is_object()) return unreadable();
        issued_token token;
        detail::stored_json_reader members(element.get_object());
        detail::each_stored_member_of_token(token, members);
        if (!members.good()) return unreadable();
        out.access_tokens.emplace_back(std::move(token));
    }
    return out;
}

} // namespace oauth

#endif
