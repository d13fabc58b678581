#ifndef OAUTH_TESTING_DETAIL_REGISTRATION_ENDPOINT_HPP
#define OAUTH_TESTING_DETAIL_REGISTRATION_ENDPOINT_HPP

#include <oauth/testing/detail/server_answer.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <oauth/testing/detail/server_state.hpp>

namespace oauth::testing::detail {

/// A client registers itself (RFC 7591). The state is locked by the caller.
inline http_response registration_endpoint(server_state&, route const&, http_request const&, time_point) { return text_response(404, "Not Found"); }

} // namespace oauth::testing::detail

#endif
