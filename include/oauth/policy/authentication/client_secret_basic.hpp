#ifndef OAUTH_POLICY_AUTHENTICATION_CLIENT_SECRET_BASIC_HPP
#define OAUTH_POLICY_AUTHENTICATION_CLIENT_SECRET_BASIC_HPP

#include <oauth/policy/client_authentication.hpp>
#include <openssl/evp.h>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** The client's id and secret by HTTP Basic authentication, each form-encoded first, as RFC 6749 asks and many clients forget.

    The body then holds neither: a client must not use more than one method.

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

        constexpr std::string_view scheme = "Basic ";
        auto const id_bound = detail::percent_encoded_bound(who.id);
        auto const secret_bound = detail::percent_encoded_bound(who.secret.reveal());

        std::string pair(id_bound + 1 + secret_bound, '\0');
        char* end = detail::percent_encode(who.id, pair.data());
        *end++ = ':';
        end = detail::percent_encode(who.secret.reveal(), end);
        auto const size = static_cast<std::size_t>(end - pair.data());

        std::string value(scheme);
        value.resize(scheme.size() + (size + 2) / 3 * 4 + 1);   // EVP_EncodeBlock ends it with a NUL
        auto const written = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(value.data() + scheme.size()),
                                             reinterpret_cast<unsigned char const*>(pair.data()), static_cast<int>(size));
        value.resize(scheme.size() + static_cast<std::size_t>(written));
        detail::wipe(pair);
        request.authorization = secret(std::move(value));
        return {};
    }
};
static_assert(check_client_authentication<client_secret_basic>());

} // namespace oauth

#endif
