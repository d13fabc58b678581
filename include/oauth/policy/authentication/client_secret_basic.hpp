#ifndef OAUTH_POLICY_AUTHENTICATION_CLIENT_SECRET_BASIC_HPP
#define OAUTH_POLICY_AUTHENTICATION_CLIENT_SECRET_BASIC_HPP

#include <oauth/core/detail/percent_encode.hpp>
#include <oauth/policy/authentication/detail/basic_authorization.hpp>
#include <oauth/policy/client_authentication.hpp>
#include <cstddef>
#include <string>
#include <utility>

namespace oauth {

/** The client's id and secret by HTTP Basic authentication, each form-encoded first, as RFC 6749 asks and many clients forget.

    The body then holds neither: a client must not use more than one method. For a server that forgets the encoding too there is
    @ref client_secret_basic_unencoded; where id and secret are made of letters, digits and "-._~" alone, both send the same.

    Fails with errc::invalid_client for a client without a secret: a public client uses @ref client_secret_post.

    @par Specification
    RFC 6749 2.3.1, RFC 7617
*/
struct client_secret_basic
{
    result<void> authenticate(http_request& request, form&, client const& who, server_metadata const&, time_point) const
    {
        if (who.secret.empty())
            return failure(errc::invalid_client, advice::fix_configuration, "client_secret_basic needs client.secret; a public client uses client_secret_post");

        std::string pair(detail::percent_encoded_bound(who.id) + 1 + detail::percent_encoded_bound(who.secret.reveal()), '\0');
        char* end = detail::percent_encode(who.id, pair.data());
        *end++ = ':';
        end = detail::percent_encode(who.secret.reveal(), end);
        pair.resize(static_cast<std::size_t>(end - pair.data()));
        request.authorization = detail::basic_authorization(std::move(pair));
        return {};
    }
};
static_assert(check_client_authentication<client_secret_basic>());

} // namespace oauth

#endif
