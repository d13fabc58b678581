#ifndef OAUTH_CORE_TIME_POINT_HPP
#define OAUTH_CORE_TIME_POINT_HPP

#include <chrono>

namespace oauth {

/// A moment as the protocol counts it: whole seconds since 1970-01-01T00:00:00Z, without leap seconds.
using time_point = std::chrono::sys_seconds;

using std::chrono::seconds;

} // namespace oauth

#endif
