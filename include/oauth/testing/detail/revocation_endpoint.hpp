#ifndef OAUTH_TESTING_DETAIL_REVOCATION_ENDPOINT_HPP
#define OAUTH_TESTING_DETAIL_REVOCATION_ENDPOINT_HPP

#include <oauth/testing/detail/client_form.hpp>
#include <oauth/testing/detail/server_answer.hpp>
#include <utility>

namespace oauth::testing::detail {

/// The end of a token (RFC 7009): a refresh token takes all with it that came of the same sign-in. The state is locked by the caller.
inline http_response revocation_endpoint(server_state& state, route const& where, http_request const& request, time_point now)
{
    auto asked = read_client_form(state, where, request, now, {});
    if (asked.client == nullptr) return std::move(asked.refused);
    auto const text = value_of(asked.parameters, "token");
    if (text.empty()) return refuse(state, now, refused::missing, "token");
    // The hint only says where to look first (RFC 7009 2.1).
    if (auto const found = state.refresh_tokens.find(text); found != state.refresh_tokens.end())
    {
        if (found->second.of->request.client != asked.client) return refuse(state, now, refused::foreign_token);
        state.revoke(found->second.of);
        ++state.counts.revocations;
    }
    else if (auto const token = state.access_tokens.find(text); token != state.access_tokens.end())
    {
        if (token->second.client_id != asked.client->id) return refuse(state, now, refused::foreign_token);
        if (!state.options.revokes_access_tokens) return refuse(state, now, refused::not_revocable);
        token->second.revoked = true;
        ++state.counts.revocations;
    }
    // A token that nobody knows is as good as revoked.
    return make_response(200, "text/plain", {});
}

} // namespace oauth::testing::detail

#endif
