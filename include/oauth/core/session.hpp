#ifndef OAUTH_CORE_SESSION_HPP
#define OAUTH_CORE_SESSION_HPP

#include <oauth/core/access_token.hpp>
#include <oauth/core/secret.hpp>
#include <oauth/core/time_point.hpp>
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth {

/// Whose token is wanted?
enum class token_owner
{
    whoever,   ///< the user's; the client's own where nobody has signed in
    user,      ///< the user's, and nothing else
    client     ///< the client's own, though a user is signed in
};

/** What is kept of one account: the refresh token, and the access tokens that it has given.

    A value. Stores keep it, the flow changes it. At most `max_access_tokens` are kept; the one that expires first makes room.
*/
struct session
{
    static constexpr std::size_t max_access_tokens = 32;

    secret refresh_token;                                     ///< empty: the session can't be renewed
    std::optional<time_point> refresh_token_expires_at;
    secret id_token;                                          ///< the newest
    std::vector<access_token> access_tokens;
    oauth::scope granted = {};                                ///< what the refresh token was granted: that is renewed where no scope is named; empty: not known
    std::string ended = {};                                   ///< why the server takes its refresh token no more, in our words; empty while the session lives

    /// `id_token` was verified when it came, or came with a renewal and agrees with one that was: its signature is not looked at again. So whoever can write the store can say who is signed in.
    bool id_token_trusted = false;

    /** Has nobody signed in: is there nothing but the client's own tokens, or nothing at all?

        They are handed out then to whoever asks; where a user has signed in, only to whoever asks for the client's own.
    */
    bool is_of_client_alone() const noexcept
    {
        return refresh_token.empty() && id_token.empty() && ended.empty()
            && std::all_of(access_tokens.begin(), access_tokens.end(), [](access_token const& token) { return token->of_client; });
    }

    /** The token that was asked with the same scope (as text), resource, claims and @ref parameters_fingerprint, or of the same but the scope, the first that was granted all of `scope`; an
        empty handle if there is none.

        A `scope` of nothing but OpenID Connect's own tokens names no resource, and is served by the token that was asked with just that. One that was granted less than it was
        asked with (`issued_token::narrowed`) is found last.
    */
    access_token find(oauth::scope const& scope, std::string_view resource, std::string_view claims, std::string_view default_resource,
                      token_owner whose = token_owner::whoever, std::string_view parameters_fingerprint = {}) const noexcept
    {
        bool const of_client = whose == token_owner::whoever ? is_of_client_alone() : whose == token_owner::client;
        auto const same_terms = [&](access_token const& token) {
            return token->of_client == of_client && token->resource == resource && token->claims == claims && token->parameters_fingerprint == parameters_fingerprint;
        };
        access_token const* narrowed = nullptr;
        for (auto const& token : access_tokens)
            if (same_terms(token) && token->requested == scope)
            {
                if (!token->narrowed) return token;
                narrowed = &token;
            }

        if (scope.any_of([](std::string_view token) { return !detail::asks_for_no_access(token); }))
            for (auto const& token : access_tokens)
                if (same_terms(token) && covers(token->granted, scope, default_resource)) return token;
        return narrowed ? *narrowed : access_token();
    }

    /// Keep `token` in place of the one that was asked with the same scope, resource, claims and parameters.
    void keep(access_token token)
    {
        auto const same = std::find_if(access_tokens.begin(), access_tokens.end(), [&token](access_token const& kept) {
            return kept->requested == token->requested && kept->resource == token->resource && kept->claims == token->claims && kept->of_client == token->of_client
                && kept->parameters_fingerprint == token->parameters_fingerprint;
        });
        if (same != access_tokens.end())
        {
            *same = std::move(token);
            return;
        }
        if (access_tokens.size() >= max_access_tokens)
            access_tokens.erase(std::min_element(access_tokens.begin(), access_tokens.end(),
                [](access_token const& a, access_token const& b) { return a->expires_at < b->expires_at; }));
        access_tokens.push_back(std::move(token));
    }

    /// Drop `token`, whatever it was asked with. An empty handle drops nothing.
    void drop(access_token const& token)
    {
        if (!token.empty()) std::erase_if(access_tokens, [&token](access_token const& kept) { return kept->value == token->value; });
    }
};

} // namespace oauth

#endif
