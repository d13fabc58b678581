#ifndef OAUTH_ERROR_ADVICE_RULE_HPP
#define OAUTH_ERROR_ADVICE_RULE_HPP

#include <oauth/error/failure.hpp>
#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

namespace oauth {

/** One row of what a provider knows beyond the standard codes: which failure it means, and what then helps.

    A provider is data: it puts a `constexpr` table of these into `server_metadata::advice_rules`. A member that is empty (or 0) matches anything;
    a row with all members empty matches every failure that a server reported.
*/
struct advice_rule
{
    std::string_view vendor = {};     ///< what the description's own code begins with, such as "AADSTS"; "" for any
    std::uint32_t number = 0;         ///< one of `server_message::error_codes`
    std::string_view error = {};      ///< `server_message::error`
    std::string_view suberror = {};   ///< `server_message::suberror`
    advice next = advice::give_up;
    std::string_view hint = {};       ///< our words; must outlive every failure, as a string literal does
    bool session_lives = false;       ///< though the user must sign in again: what was refused is this request, not the refresh token
    bool ends_session = false;        ///< a renewal that is refused so has a refresh token that is no longer good, though the code is not `invalid_grant`; `session_lives` goes before it

    /// Does this row speak of `why`?
    constexpr bool matches(failure const& why) const noexcept
    {
        auto const& said = why.server;
        return (vendor.empty() || said.error_description.starts_with(vendor))
            && (number == 0 || std::find(said.error_codes.begin(), said.error_codes.end(), number) != said.error_codes.end())
            && (error.empty() || said.error == error) && (suberror.empty() || said.suberror == suberror);
    }
};

/// The first row that speaks of `why`; nullptr where none does, or no server reported it.
inline advice_rule const* find_rule(std::span<advice_rule const> rules, failure const& why) noexcept
{
    if (why.server.empty()) return nullptr;
    auto const found = std::find_if(rules.begin(), rules.end(), [&why](advice_rule const& rule) { return rule.matches(why); });
    return found == rules.end() ? nullptr : &*found;
}

/** Let the first matching rule decide what to do next about `why`. A failure that no server reported stays as it is.

    @par Exception safety
    Strong; only the copy of the hint allocates.
*/
inline void advise(std::span<advice_rule const> rules, failure& why)
{
    auto const* const found = find_rule(rules, why);
    if (found == nullptr) return;
    // A server that says when to come back is right about it.
    why.next = found->next == advice::retry && why.retry_after ? advice::retry_after : found->next;
    if (!found->hint.empty()) why.hint = found->hint;
}

} // namespace oauth

#endif
