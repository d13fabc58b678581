#ifndef OAUTH_CORE_PENDING_AUTHORIZATION_JSON_HPP
#define OAUTH_CORE_PENDING_AUTHORIZATION_JSON_HPP

#include <oauth/core/bare_code.hpp>
#include <oauth/core/detail/stored_json_reader.hpp>
#include <oauth/core/detail/stored_json_writer.hpp>
#include <oauth/core/pending_authorization.hpp>
#include <oauth/error/result.hpp>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

namespace oauth {

namespace detail {

inline constexpr std::int64_t pending_authorization_json_version = 1;

// One list of the members for both directions, so that none is written and not read.
template <class Pending, class Visitor>
void each_stored_member_of_pending(Pending& value, Visitor& visit)
{
    visit("url", value.url);
    visit("state", value.state);
    visit("code_verifier", value.code_verifier);
    visit("nonce", value.nonce);
    visit("redirect_uri", value.redirect_uri);
    visit("issuer", value.issuer);
    visit("issuer_promised", value.issuer_promised);
    visit("signed_response", value.signed_response);
    visit("authenticated_after", value.authenticated_after);
    visit("requested", value.requested);
    visit("resource", value.resource);
    visit("claims", value.claims);
    visit("created_at", value.created_at);
    visit("url_expires_at", value.url_expires_at);
    // Each is left out where it is not so: where both are, it depends on the issuer.
    bool refused = value.bare_code == bare_code::refused, accepted = value.bare_code == bare_code::accepted;
    visit.unless_empty("bare_code_refused", refused);
    visit.unless_empty("bare_code_accepted", accepted);
    if constexpr (!std::is_const_v<Pending>) value.bare_code = refused ? bare_code::refused : accepted ? bare_code::accepted : bare_code::unless_issuer_promised;
}

} // namespace detail

/** `value` as JSON text, so that a web application can park it between two requests: `{"version":1,"url":…,"state":…,"code_verifier":…}`, plain ASCII.

    Written as @ref to_json(session const&) writes: `created_at` is an integer, a text that is not printable ASCII is `{"base64url":"…"}`.

    Keep it on the server, or encrypted and bound to the browser's session: whoever has it and the redirect can finish the sign-in.

    @return The text, a secret. Copies made on the way are wiped.

    @par Exception safety
    Only allocation throws.
*/
inline secret to_json(pending_authorization const& value)
{
    detail::stored_json_writer out;
    out.open_object();
    out.version(detail::pending_authorization_json_version);
    detail::each_stored_member_of_pending(value, out);
    out.close('}');
    return std::move(out).take();
}

/** Read what @ref to_json wrote.

    Strict: each member must be there, with its own JSON type, but for those that are written only where there is something to say; members that it does not know are ignored.
    At most 1 MiB, 16 levels, 1024 tokens and 64 KiB in the scope.
    How old it may be is the flow's business.

    @return The pending authorization, or errc::authorization_unreadable where `text` is not that, or was written by a newer version. The failure holds nothing of `text`.

    @par Exception safety
    Only allocation throws. Copies made on the way are wiped.
*/
inline result<pending_authorization> pending_authorization_from_json(std::string_view text)
{
    detail::stored_json_document const document(text);
    switch (document.version(detail::pending_authorization_json_version))
    {
    case detail::stored_version::unreadable: break;
    case detail::stored_version::newer:
        return failure(errc::authorization_unreadable, advice::sign_in_again, "a newer version of this program began the sign-in: begin a new one");
    case detail::stored_version::known:
        pending_authorization out;
        detail::stored_json_reader members(document.members());
        detail::each_stored_member_of_pending(out, members);
        if (members.good()) return out;
    }
    return failure(errc::authorization_unreadable, advice::sign_in_again, "not the JSON of a pending authorization: begin a new sign-in");
}

} // namespace oauth

#endif
