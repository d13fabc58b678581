#ifndef OAUTH_RESPONSE_RETRY_AFTER_HPP
#define OAUTH_RESPONSE_RETRY_AFTER_HPP

#include <oauth/config.hpp>
#include <oauth/core/http_message.hpp>
#include <oauth/core/time_point.hpp>
#include <chrono>
#include <optional>
#include <string_view>

namespace oauth {

namespace detail {

/// "Fri, 02 Jan 2026 03:04:05 GMT" (RFC 9110 5.6.7, the one form that may be sent); nothing for anything else.
OAUTH_DECL std::optional<time_point> parse_http_date(std::string_view text) noexcept;

} // namespace detail

/** How long the server asks to wait, by `Retry-After`: a number of seconds, or a date, which is measured against the answer's own `Date`.

    @return Seconds, at least 0 and at most one day; nothing where the field is absent or can't be read.

    @par Specification
    RFC 9110 10.2.3
*/
OAUTH_DECL std::optional<seconds> retry_after(http_fields const& fields) noexcept;

} // namespace oauth

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/response/impl/retry_after.ipp>
#endif

#endif
