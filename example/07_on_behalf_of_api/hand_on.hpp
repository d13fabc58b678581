#ifndef EXAMPLE_07_ON_BEHALF_OF_API_HAND_ON_HPP
#define EXAMPLE_07_ON_BEHALF_OF_API_HAND_ON_HPP

#include "../support/replies.hpp"
#include <oauth/error/failure.hpp>
#include <oauth/error/server_errc.hpp>
#include <string_view>

namespace example {

/** What an API answers when another one, which it calls in the user's name, failed. What only the user can mend is the caller's to mend; all else is nothing to them.

    @param sign_in_at Where the caller signs the user in.
*/
inline oauth::http_response hand_on(oauth::failure const& why, std::string_view sign_in_at)
{
    auto const& said = why.server;
    if (!said.claims.empty()) return challenge(sign_in_at, "insufficient_claims", said.claims);
    if (why.code == oauth::server_errc::insufficient_user_authentication)
        return challenge(sign_in_at, "insufficient_user_authentication", {}, {.acr_values = said.acr_values, .max_age = said.max_age});
    if (why.next == oauth::advice::sign_in_again) return challenge(sign_in_at, "invalid_token");
    return reply(502, "application/json", R"({"error":"Graph can't be asked now"})");
}

} // namespace example

#endif
