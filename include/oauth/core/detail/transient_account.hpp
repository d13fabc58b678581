#ifndef OAUTH_CORE_DETAIL_TRANSIENT_ACCOUNT_HPP
#define OAUTH_CORE_DETAIL_TRANSIENT_ACCOUNT_HPP

#include <string_view>

namespace oauth::detail {

/// What the name of an account begins with that is kept in memory alone: a grant's which is soon over.
inline constexpr std::string_view transient_account = "transient grant ";

} // namespace oauth::detail

#endif
