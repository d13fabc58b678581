#ifndef OAUTH_TESTING_DETAIL_IS_AUDIENCE_HPP
#define OAUTH_TESTING_DETAIL_IS_AUDIENCE_HPP

#include <oauth/testing/authorization_server_options.hpp>
#include <algorithm>
#include <string_view>

namespace oauth::testing::detail {

/// Is a token for `resource` one for this client, as an API?
inline bool is_audience(registered_client const& client, std::string_view resource)
{
    if (resource == client.id || resource == "api://" + client.id) return true;
    return std::find(client.identifiers.begin(), client.identifiers.end(), resource) != client.identifiers.end();
}

} // namespace oauth::testing::detail

#endif
