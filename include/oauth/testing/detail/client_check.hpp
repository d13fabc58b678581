#ifndef OAUTH_TESTING_DETAIL_CLIENT_CHECK_HPP
#define OAUTH_TESTING_DETAIL_CLIENT_CHECK_HPP

#include <oauth/testing/detail/parameters.hpp>
#include <oauth/testing/detail/refusal.hpp>
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

/// Client authentication at the token endpoint: `client_secret_post`, `client_secret_basic`, or none for a public client (RFC 6749 2.3.1 and 3.2.1).
inline checked_client check_client(server_state const& state, http_request const& request, form_parameters const& parameters)
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
    if (id.empty()) return no(refused::missing, "client_id");
    out.client = state.find_client(id);
    if (out.client == nullptr) return no(refused::unknown_client, id);
    bool const has_assertion = find_parameter(parameters, "client_assertion").has_value();
    if (out.client->secret.empty()) return has_post_secret || has_assertion || out.basic ? no(refused::public_with_secret) : out;
    if (secret.empty()) return no(refused::secret_missing);
    if (!oauth::secret(out.client->secret).matches(secret)) return no(refused::secret_wrong, id);
    return out;
}

} // namespace oauth::testing::detail

#endif
