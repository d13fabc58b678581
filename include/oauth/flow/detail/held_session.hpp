#ifndef OAUTH_FLOW_DETAIL_HELD_SESSION_HPP
#define OAUTH_FLOW_DETAIL_HELD_SESSION_HPP

#include <oauth/core/session.hpp>
#include <oauth/machine/action.hpp>
#include <optional>
#include <utility>

namespace oauth::detail {

/// A session that the store could not take, or a part of one.
struct held_session
{
    session value;
    held_as how = held_as::replacement;
    secret follows = {};   // the refresh token that the store had; of a successor
};

/// Let what `more` brings count in `kept`.
inline void add(session& kept, session more)
{
    if (!more.refresh_token.empty())
    {
        kept.refresh_token = std::move(more.refresh_token);
        kept.refresh_token_expires_at = more.refresh_token_expires_at;
        kept.granted = std::move(more.granted);
        kept.ended.clear();
    }
    if (!more.id_token.empty())
    {
        kept.id_token = std::move(more.id_token);
        kept.id_token_trusted = more.id_token_trusted;
    }
    for (auto& token : more.access_tokens) kept.keep(std::move(token));
}

/// Have others changed, or forgotten, what `held` follows from? Then theirs counts.
inline bool is_superseded(held_session const& held, std::optional<session> const& stored) noexcept
{
    return held.how == held_as::successor && !(stored && stored->refresh_token == held.follows);
}

/// The session as it is, of what the store has and what is held. @pre not superseded
inline session as_it_is(std::optional<session> stored, held_session held)
{
    if (held.how != held_as::addition) return std::move(held.value);
    if (!stored) stored.emplace();
    add(*stored, std::move(held.value));
    return std::move(*stored);
}

/** What is to be held, of what was held and what was made now.

    @param knew Whoever made it knew `before`, so that it is a part of `made` already.
*/
inline held_session unite(held_session before, held_session made, bool knew)
{
    switch (made.how)
    {
    case held_as::replacement: return made;
    case held_as::addition:
        add(before.value, std::move(made.value));
        return before;
    case held_as::successor:
        if (!knew)
        {
            // It came in while `made` was under way.
            if (before.how == held_as::replacement) return before;
            if (before.how == held_as::addition) add(made.value, std::move(before.value));
            return made;
        }
        // What the store has is still what `before` was made of.
        if (before.how != held_as::addition)
        {
            made.how = before.how;
            made.follows = std::move(before.follows);
        }
        return made;
    }
    return made;
}

} // namespace oauth::detail

#endif
