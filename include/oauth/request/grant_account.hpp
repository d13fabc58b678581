#ifndef OAUTH_REQUEST_GRANT_ACCOUNT_HPP
#define OAUTH_REQUEST_GRANT_ACCOUNT_HPP

#include <oauth/core/account.hpp>
#include <oauth/core/base64url.hpp>
#include <oauth/core/detail/transient_account.hpp>
#include <oauth/core/form.hpp>
#include <oauth/core/sha256.hpp>
#include <oauth/request/grant.hpp>
#include <cstddef>
#include <span>
#include <string>

namespace oauth {

namespace detail {

inline account grant_account(form const& body, bool transient)
{
    auto const digest = sha256(body.str());
    return {std::string(transient ? transient_account : "grant ") + base64url_encode(std::span<std::byte const>(digest))};
}

} // namespace detail

/** The account that tokens are kept under which a grant alone brings: one for each thing that can be asked. It is the SHA-256 of all that the grant writes, an assertion too, so that one
    user's token can never be handed out for another's, and nothing of the assertion can be read from it.

    @code
    daemon.forget(oauth::grant_account(what));   // as flow.access_token(what) has kept it
    @endcode

    What a transient grant brings is kept in memory alone (@ref grant), under an account that says so in its name.

    A grant that writes something else each time, such as an assertion that it signs anew, has another account each time: name one for it.

    @par Exception safety
    Strong; only allocation throws.
*/
template <grant Grant>
account grant_account(Grant const& what)
{
    return detail::grant_account(token_request_body(what), is_transient<Grant>());
}

} // namespace oauth

#endif
