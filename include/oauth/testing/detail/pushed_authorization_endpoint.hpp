#ifndef OAUTH_TESTING_DETAIL_PUSHED_AUTHORIZATION_ENDPOINT_HPP
#define OAUTH_TESTING_DETAIL_PUSHED_AUTHORIZATION_ENDPOINT_HPP

#include <oauth/testing/detail/server_answer.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <oauth/testing/detail/server_state.hpp>

namespace oauth::testing::detail {

/// An authorization request that is pushed ahead (RFC 9126). The state is locked by the caller.
inline http_response pushed_authorization_endpoint(server_state&, route const&, http_request const&, time_point) { return text_response(404, "Not Found"); }

} // namespace oauth::testing::detail

#endif
