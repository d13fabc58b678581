#ifndef OAUTH_TESTING_DETAIL_REVOCATION_ENDPOINT_HPP
#define OAUTH_TESTING_DETAIL_REVOCATION_ENDPOINT_HPP

#include <oauth/testing/detail/server_answer.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <oauth/testing/detail/server_state.hpp>

namespace oauth::testing::detail {

/// The end of a token (RFC 7009). The state is locked by the caller.
inline http_response revocation_endpoint(server_state&, route const&, http_request const&, time_point) { return text_response(404, "Not Found"); }

} // namespace oauth::testing::detail

#endif
