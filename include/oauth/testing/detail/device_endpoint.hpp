#ifndef OAUTH_TESTING_DETAIL_DEVICE_ENDPOINT_HPP
#define OAUTH_TESTING_DETAIL_DEVICE_ENDPOINT_HPP

#include <oauth/testing/detail/server_answer.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <oauth/testing/detail/server_state.hpp>

namespace oauth::testing::detail {

/// A device asks for its codes (RFC 8628 3.1). The state is locked by the caller.
inline http_response device_endpoint(server_state&, route const&, http_request const&, time_point) { return text_response(404, "Not Found"); }

} // namespace oauth::testing::detail

#endif
