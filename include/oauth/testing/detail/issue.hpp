#ifndef OAUTH_TESTING_DETAIL_ISSUE_HPP
#define OAUTH_TESTING_DETAIL_ISSUE_HPP

#include <oauth/core/scope.hpp>
#include <oauth/testing/detail/server_state.hpp>
#include <memory>
#include <string>
#include <vector>

namespace oauth::testing::detail {

/// What is to be handed out.
struct issue
{
    std::shared_ptr<grant> of;                    ///< none for a client's own token
    registered_client const* client = nullptr;
    oauth::scope scope;                           ///< of the access token, and as it is echoed
    std::string resource;
    bool access_token = true;                     ///< B2C gives none for `openid` alone
    bool id_token = false;
    bool client_info = false;
    std::string refresh_token = {};               ///< the one to send along; empty for none
    token_binding bound_to = {};
    std::string claims = {};                      ///< the claims request that it was asked with
    std::string code = {};                        ///< the one that it is handed out for
    std::string issued_token_type = {};           ///< sent along where it is set (RFC 8693)
    std::vector<std::string> also_resources = {};   ///< further ones that the token is for
};

} // namespace oauth::testing::detail

#endif
