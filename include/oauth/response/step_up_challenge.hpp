#ifndef OAUTH_RESPONSE_STEP_UP_CHALLENGE_HPP
#define OAUTH_RESPONSE_STEP_UP_CHALLENGE_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/core/time_point.hpp>
#include <oauth/response/challenge.hpp>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace oauth {

/** What an API wants of the user's authentication before it serves a request (`insufficient_user_authentication`).

    To be answered by a new sign-in that asks for it, not by a renewal. Both may be missing: then the API says no more than that the sign-in was not enough.

    @par Specification
    RFC 9470 3
*/
struct step_up_challenge
{
    static constexpr std::size_t max_acr_values = 4096;   ///< bytes; what is longer is passed over

    std::string acr_values = {};           ///< ways to authenticate, any of which will do, in order of preference: names separated by blanks; **untrusted text**
    std::optional<seconds> max_age = {};   ///< how long ago the user may have proved who they are, at most

    /// That of the first of `challenges` that is one; nothing where none is. A `max_age` that is no number of seconds is none.
    static std::optional<step_up_challenge> find(std::vector<challenge> const& challenges)
    {
        for (auto const& one : challenges)
        {
            if (one.find("error") != "insufficient_user_authentication") continue;
            step_up_challenge made;
            if (auto const values = one.find("acr_values"); values && values->size() <= max_acr_values) made.acr_values = *values;
            if (auto const age = one.find("max_age")) made.max_age = whole_seconds(*age);
            return made;
        }
        return std::nullopt;
    }

    /// As above, of an API's answer; nothing unless its status is 401, or 403, which some send.
    static std::optional<step_up_challenge> find(http_response const& answer)
    {
        if (answer.status != 401 && answer.status != 403) return std::nullopt;
        return find(parse_challenges(answer.fields));
    }

private:
    static std::optional<seconds> whole_seconds(std::string_view text) noexcept
    {
        std::int64_t count = 0;
        auto const* const end = text.data() + text.size();
        auto const [stopped, fault] = std::from_chars(text.data(), end, count);
        // A century is no limit: what is more can't be meant, and nothing overflows.
        if (fault != std::errc() || stopped != end || count < 0 || count > 3'155'760'000) return std::nullopt;
        return seconds(count);
    }
};

} // namespace oauth

#endif
