#ifndef OAUTH_ERROR_FAILURE_HPP
#define OAUTH_ERROR_FAILURE_HPP

#include <oauth/config.hpp>
#include <oauth/error/errc.hpp>
#include <oauth/error/server_errc.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth {

/// What to do next about a failure. The first that applies is the right one.
enum class advice
{
    retry,               ///< passing: the same call may succeed; wait a little, longer each time
    retry_after,         ///< passing: the same call may succeed after `failure::retry_after`
    sign_in_again,       ///< only the user can help: begin a new authorization
    consent,             ///< the user or an administrator must grant a permission
    fix_configuration,   ///< the program's settings or the app registration are wrong; `failure::hint` says which
    give_up,             ///< nothing that this program can do will help
};

/// The advice as the name of its enumerator, such as "sign_in_again".
constexpr std::string_view to_string(advice value) noexcept
{
    switch (value)
    {
    case advice::retry: return "retry";
    case advice::retry_after: return "retry_after";
    case advice::sign_in_again: return "sign_in_again";
    case advice::consent: return "consent";
    case advice::fix_configuration: return "fix_configuration";
    case advice::give_up: return "give_up";
    }
    return "give_up";
}

/// The advice as a sentence for a person, such as "sign in again".
constexpr std::string_view describe(advice value) noexcept
{
    switch (value)
    {
    case advice::retry: return "try again in a little while; it may pass";
    case advice::retry_after: return "try again later";
    case advice::sign_in_again: return "sign in again";
    case advice::consent: return "have the permission granted, by the user at the next sign-in or by an administrator";
    case advice::fix_configuration: return "correct the configuration: the program's settings (client id, secret, redirect URI, scope ...) or the app registration";
    case advice::give_up: break;
    }
    return "nothing that this program can do will help";
}

/** What a server said of a failure, word for word.

    All of it is **untrusted text**: whoever controls the server, or the redirect, chose it. Print it with @ref escaped,
    never put it into HTML, SQL, a shell or a format string. Each text is cut after 4096 bytes when it is decoded.
*/
struct server_message
{
    std::string error = {};                      ///< `error`
    std::string error_description = {};          ///< `error_description`
    std::string error_uri = {};                  ///< `error_uri`
    std::string suberror = {};                   ///< Microsoft: `suberror`, or `error_subcode` of a redirect
    std::vector<std::uint32_t> error_codes = {}; ///< Microsoft: the numbers of `error_codes`, or the one that the description begins with
    std::string claims = {};                     ///< Microsoft: `claims`, to be sent along when signing in again
    std::string trace_id = {};                   ///< Microsoft: for a support request
    std::string correlation_id = {};             ///< Microsoft: for a support request
    std::string timestamp = {};                  ///< Microsoft
    std::string acr_values = {};                 ///< `acr_values` of an API that wants another authentication of the user (RFC 9470), to be sent along when signing in again
    std::optional<std::chrono::seconds> max_age = {};   ///< `max_age` of such an API: how long ago the user may have proved who they are
    std::string body_excerpt = {};               ///< of an HTTP error that is no OAuth error (a gateway's page, say): its first 512 bytes at most, with keys overwritten

    /// Has the server said nothing at all? An excerpt is not counted, since it may be anybody's words.
    bool empty() const noexcept { return error.empty() && error_description.empty() && suberror.empty() && error_codes.empty(); }
};

/** Why something did not work, and what to do next.

    @par Thread safety
    A value: distinct objects are safe.
*/
struct failure
{
    error_code code;                                       ///< an @ref errc, a @ref server_errc, or a system error
    advice next = advice::give_up;                         ///< what to do next
    std::string hint;                                      ///< ours, never the server's words: what to look at; may be empty
    int http_status = 0;                                   ///< of the answer, 0 where there was none
    std::optional<std::chrono::seconds> retry_after;       ///< how long the server asks to wait, whatever is next: with advice::sign_in_again, before that
    server_message server;                                 ///< what the server sent, untrusted

    failure() = default;
    failure(errc value, advice what_next, std::string where = {}) : code(value), next(what_next), hint(std::move(where)) {}
    failure(error_code value, advice what_next, std::string where = {}) : code(value), next(what_next), hint(std::move(where)) {}
};

/** `text` so that it can be printed anywhere: one line, printable ASCII, anything else as `\xNN`, cut after `limit` bytes.

    @par Complexity
    Linear in the shorter of `text` and `limit`.
*/
OAUTH_DECL std::string escaped(std::string_view text, std::size_t limit = 512);

/** The failure in a few lines for a person: what happened, what to do next, and the server's words, escaped.

    Holds no secret of ours; the last lines hold untrusted text, marked as such.
*/
OAUTH_DECL std::string describe(failure const& why);

/// Writes @ref describe.
inline std::ostream& operator<<(std::ostream& out, failure const& why) { return out << describe(why); }

} // namespace oauth

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/error/impl/failure.ipp>
#endif

#endif
