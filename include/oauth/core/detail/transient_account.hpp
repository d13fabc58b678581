#ifndef OAUTH_CORE_DETAIL_TRANSIENT_ACCOUNT_HPP
#define OAUTH_CORE_DETAIL_TRANSIENT_ACCOUNT_HPP

#include <oauth/core/base64url.hpp>
#include <algorithm>
#include <cstddef>
#include <string_view>

namespace oauth::detail {

/// What the name of an account begins with that is kept in memory alone: a grant's which is soon over. A SHA-256 in base64url follows, and that is all.
inline constexpr std::string_view transient_account = "transient grant ";

/// The account in a store's key (the account, a line's end, and whose it is), where it is such a one; "" where it is not, as with a user's that happens to begin like that.
constexpr std::string_view transient_account_in(std::string_view key) noexcept
{
    constexpr std::size_t size = transient_account.size() + base64url_size(32);
    if (key.size() <= size || key[size] != '\n' || !key.starts_with(transient_account)) return {};
    auto const account = key.substr(0, size);
    auto const digest = account.substr(transient_account.size());
    bool const good = std::all_of(digest.begin(), digest.end(), [](char c) { return base64url_values[static_cast<unsigned char>(c)] >= 0; });
    return good ? account : std::string_view();
}

} // namespace oauth::detail

#endif
