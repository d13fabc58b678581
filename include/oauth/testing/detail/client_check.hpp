#ifndef OAUTH_TESTING_DETAIL_CLIENT_CHECK_HPP
#define OAUTH_TESTING_DETAIL_CLIENT_CHECK_HPP

#include <oauth/testing/detail/client_assertion_check.hpp>
#include <oauth/testing/detail/client_certificate.hpp>
#include <oauth/testing/detail/parameters.hpp>
#include <oauth/testing/detail/refusal.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <oauth/testing/detail/text.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// A registered client that has proved who it is, or the reason why not.
struct checked_client
{
    registered_client const* client = nullptr;
    refusal const* why = nullptr;
    std::string detail = {};
    bool basic = false;   ///< it tried HTTP Basic, so a refusal must challenge it (RFC 6749 5.2)
};

/** Client authentication: `client_secret_post`, `client_secret_basic`, `private_key_jwt`, `client_secret_jwt`, another's assertion, `tls_client_auth`, or none for a public
    client (RFC 6749 2.3.1 and 3.2.1, RFC 7523 2.2, RFC 8705 2). */
inline checked_client check_client(server_state& state, http_request const& request, form_parameters const& parameters, time_point now)
{
    checked_client out;
    auto const no = [&out](refusal const& why, std::string_view detail = {}) {
        out.client = nullptr;
        out.why = &why;
        out.detail = std::string(detail);
        return out;
    };
    std::string id(value_of(parameters, "client_id"));
    std::string secret(value_of(parameters, "client_secret"));
    bool const has_post_secret = find_parameter(parameters, "client_secret").has_value();
    auto const header = request.authorization.reveal();
    if (!header.empty())
    {
        out.basic = true;
        if (has_post_secret) return no(refused::malformed, "more than one way to authenticate the client");
        if (!oauth::detail::ascii_iequal(header.substr(0, 6), "Basic ")) return no(refused::malformed, "Authorization is not of scheme Basic");
        auto const pair = base64_decode(header.substr(6));
        auto const colon = pair ? pair->find(':') : std::string::npos;
        if (colon == std::string::npos) return no(refused::malformed, "Authorization can't be decoded");
        auto const name = oauth::detail::form_decode(std::string_view(*pair).substr(0, colon));
        auto const password = oauth::detail::form_decode(std::string_view(*pair).substr(colon + 1));
        if (!name || !password) return no(refused::malformed, "Authorization is not form-encoded");
        if (!id.empty() && id != *name) return no(refused::malformed, "client_id and Authorization name different clients");
        id = *name;
        secret = *password;
    }
    bool const has_assertion = find_parameter(parameters, "client_assertion").has_value();
    // With an assertion the standards need no client_id (RFC 7521 4.2); Microsoft does.
    if (id.empty() && has_assertion && state.options.kind == personality::standard) id = subject_of_assertion(value_of(parameters, "client_assertion"));
    if (id.empty()) return no(refused::missing, "client_id");
    out.client = state.find_client(id);
    if (out.client == nullptr) return no(refused::unknown_client, id);
    bool const by_certificate = !out.client->tls_client_auth_subject_dn.empty() || !out.client->tls_client_auth_thumbprint.empty();
    if (by_certificate)
    {
        if (has_post_secret || out.basic || has_assertion) return no(refused::malformed, "more than one way to authenticate the client");
        auto const shown = certificate_of(request);
        if (!shown) return no(refused::certificate_missing);
        auto const &dn = out.client->tls_client_auth_subject_dn, &thumbprint = out.client->tls_client_auth_thumbprint;
        bool const right = (dn.empty() || shown->subject == dn) && (thumbprint.empty() || shown->thumbprint == thumbprint);
        return right ? out : no(refused::certificate_wrong);
    }
    if (has_assertion && !out.client->is_public())
    {
        if (has_post_secret || out.basic) return no(refused::malformed, "more than one way to authenticate the client");
        if (value_of(parameters, "client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") return no(refused::missing, "client_assertion_type");
        auto const fault = client_assertion_fault(state, *out.client, value_of(parameters, "client_assertion"), request.url.url(), now);
        return fault.empty() ? out : no(refused::bad_client_assertion, fault);
    }
    if (out.client->is_public()) return has_post_secret || has_assertion || out.basic ? no(refused::public_with_secret) : out;
    if (out.client->has_key() || out.client->secret.empty() || secret.empty()) return no(refused::secret_missing);
    if (!oauth::secret(out.client->secret).matches(secret)) return no(refused::secret_wrong, id);
    return out;
}

} // namespace oauth::testing::detail

#endif
