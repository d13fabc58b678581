#ifndef OAUTH_MACHINE_DETAIL_NOT_GRANTED_HPP
#define OAUTH_MACHINE_DETAIL_NOT_GRANTED_HPP

#include <oauth/core/access_token.hpp>
#include <oauth/error/failure.hpp>
#include <oauth/machine/issue.hpp>
#include <string>

namespace oauth::detail {

/// What helps where the server did not grant `missing`.
inline std::string not_granted_hint(oauth::scope const& missing, bool of_client)
{
    return "not granted: " + escaped(missing.str(), 256) + (of_client ? "; have the client allowed to ask for it, or ask for less" : "; have it consented to in a new sign-in, or ask for less");
}

/// The failure for `token`, which was granted less than `terms` expect.
inline failure not_granted(token_terms const& terms, access_token const& token)
{
    auto const missing = declined(token->granted, terms.expected, terms.default_resource);
    return failure(errc::scope_not_granted, advice::consent, not_granted_hint(missing.empty() ? terms.scope : missing, terms.of_client));
}

} // namespace oauth::detail

#endif
