#ifndef OAUTH_POLICY_AUTHENTICATION_CLIENT_SECRET_BASIC_UNENCODED_HPP
#define OAUTH_POLICY_AUTHENTICATION_CLIENT_SECRET_BASIC_UNENCODED_HPP

#include <oauth/policy/authentication/detail/basic_authorization.hpp>
#include <oauth/policy/client_authentication.hpp>
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace oauth {

/** The client's id and secret by HTTP Basic authentication just as they are, for a server that does not decode them.

    RFC 6749 has each form-encoded first, which @ref client_secret_basic does; some servers take the header as any other Basic authentication, and refuse a client
    whose secret has a character that would be encoded. Choose this for such a server only: one that keeps to the RFC takes a '+' or a '%' in them for something else.

    Fails with errc::invalid_client for a client without a secret, for an id with a colon in it, which would end the id, and for control characters (RFC 7617 2).

    @par Specification
    RFC 7617 2, against RFC 6749 2.3.1
*/
struct client_secret_basic_unencoded
{
    result<void> authenticate(http_request& request, form&, client const& who, server_metadata const&, time_point) const
    {
        auto const refused = [](char const* hint) { return failure(errc::invalid_client, advice::fix_configuration, hint); };
        if (who.secret.empty()) return refused("client_secret_basic_unencoded needs client.secret; a public client uses client_secret_post");
        auto const has_control = [](std::string_view text) { return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }); };
        if (has_control(who.id) || has_control(who.secret.reveal())) return refused("client_secret_basic_unencoded can't send a control character");
        if (who.id.find(':') != std::string::npos) return refused("client_secret_basic_unencoded can't send a client.id with a colon in it");

        std::string pair;
        pair.reserve(who.id.size() + 1 + who.secret.size());   // it holds a secret: it must not leave a copy behind by growing
        pair.append(who.id).append(1, ':').append(who.secret.reveal());
        request.authorization = detail::basic_authorization(std::move(pair));
        return {};
    }
};
static_assert(check_client_authentication<client_secret_basic_unencoded>());

} // namespace oauth

#endif
