#ifndef OAUTH_TESTING_DETAIL_CLIENT_INFO_HPP
#define OAUTH_TESTING_DETAIL_CLIENT_INFO_HPP

#include <oauth/core/base64url.hpp>
#include <oauth/testing/authorization_server_options.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <string>
#include <string_view>

namespace oauth::testing::detail {

/// Microsoft's `client_info`: who, and of which tenant. B2C appends its policy to the user.
inline std::string client_info_of(authorization_server_options const& options, test_user const& user, std::string_view policy)
{
    auto uid = user.object_id;
    if (options.kind == personality::b2c) (uid += '-') += policy;
    return base64url_encode(boost::json::serialize(boost::json::object{{"uid", uid}, {"utid", options.tenant_id}}));
}

/// B2C's `profile_info`, nulls included.
inline std::string profile_info_of(authorization_server_options const& options, test_user const& user)
{
    return base64url_encode(boost::json::serialize(boost::json::object{{"ver", "1.0"},
                                                                       {"tid", options.tenant_id},
                                                                       {"sub", nullptr},
                                                                       {"name", user.name},
                                                                       {"preferred_username", nullptr},
                                                                       {"idp", "LocalAccount"}}));
}

} // namespace oauth::testing::detail

#endif
