#ifndef OAUTH_TESTING_DETAIL_END_SESSION_PAGE_HPP
#define OAUTH_TESTING_DETAIL_END_SESSION_PAGE_HPP

#include <oauth/testing/detail/server_answer.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <oauth/testing/detail/server_state.hpp>

namespace oauth::testing::detail {

/// The end of the user's session at the server (OpenID Connect RP-Initiated Logout). The state is locked by the caller.
inline http_response end_session_page(server_state&, route const&, http_request const&, time_point) { return text_response(404, "Not Found"); }

} // namespace oauth::testing::detail

#endif
