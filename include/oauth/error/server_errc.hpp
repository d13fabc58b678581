#ifndef OAUTH_ERROR_SERVER_ERRC_HPP
#define OAUTH_ERROR_SERVER_ERRC_HPP

#include <oauth/config.hpp>
#include <oauth/error/errc.hpp>
#include <array>
#include <string>
#include <string_view>

namespace oauth {

/** The error codes that a server sends: those of the IANA registry "OAuth Extensions Errors" and the few that Microsoft adds.

    A code that is in neither is `unrecognized`; its text is kept in `server_message::error`.

    @par Specification
    RFC 6749 4.1.2.1 and 5.2, RFC 6750 3.1, RFC 7009 2.2.1, RFC 7591 3.2.2, RFC 8628 3.5, RFC 8707 2, RFC 9101 7, RFC 9126, RFC 9449 5, RFC 9470 3, OIDC Core 3.1.2.6
*/
enum class server_errc
{
    unrecognized = 1,
    invalid_request,
    invalid_client,
    invalid_grant,
    unauthorized_client,
    unsupported_grant_type,
    unsupported_response_type,
    invalid_scope,
    access_denied,
    server_error,
    temporarily_unavailable,
    invalid_token,
    insufficient_scope,
    unsupported_token_type,
    authorization_pending,
    slow_down,
    expired_token,
    invalid_target,
    interaction_required,
    login_required,
    account_selection_required,
    consent_required,
    invalid_request_uri,
    invalid_request_object,
    request_not_supported,
    request_uri_not_supported,
    registration_not_supported,
    invalid_dpop_proof,
    use_dpop_nonce,
    insufficient_user_authentication,
    invalid_redirect_uri,
    invalid_client_metadata,
    invalid_software_statement,
    unapproved_software_statement,
    insufficient_claims,          ///< Microsoft: the API wants other claims in the token
    invalid_resource,             ///< Microsoft
    authorization_declined,       ///< Microsoft, device flow
    bad_verification_code,        ///< Microsoft, device flow
    permission_denied,            ///< Microsoft, admin consent
    invalid_instance,             ///< Microsoft, instance discovery
    unmet_authentication_requirements,   ///< the user can't prove who they are in the way that was demanded
};

namespace detail {

struct server_errc_name
{
    server_errc value;
    std::string_view name;
};

inline constexpr std::array<server_errc_name, 40> server_errc_names{{
    {server_errc::invalid_request, "invalid_request"},
    {server_errc::invalid_client, "invalid_client"},
    {server_errc::invalid_grant, "invalid_grant"},
    {server_errc::unauthorized_client, "unauthorized_client"},
    {server_errc::unsupported_grant_type, "unsupported_grant_type"},
    {server_errc::unsupported_response_type, "unsupported_response_type"},
    {server_errc::invalid_scope, "invalid_scope"},
    {server_errc::access_denied, "access_denied"},
    {server_errc::server_error, "server_error"},
    {server_errc::temporarily_unavailable, "temporarily_unavailable"},
    {server_errc::invalid_token, "invalid_token"},
    {server_errc::insufficient_scope, "insufficient_scope"},
    {server_errc::unsupported_token_type, "unsupported_token_type"},
    {server_errc::authorization_pending, "authorization_pending"},
    {server_errc::slow_down, "slow_down"},
    {server_errc::expired_token, "expired_token"},
    {server_errc::invalid_target, "invalid_target"},
    {server_errc::interaction_required, "interaction_required"},
    {server_errc::login_required, "login_required"},
    {server_errc::account_selection_required, "account_selection_required"},
    {server_errc::consent_required, "consent_required"},
    {server_errc::invalid_request_uri, "invalid_request_uri"},
    {server_errc::invalid_request_object, "invalid_request_object"},
    {server_errc::request_not_supported, "request_not_supported"},
    {server_errc::request_uri_not_supported, "request_uri_not_supported"},
    {server_errc::registration_not_supported, "registration_not_supported"},
    {server_errc::invalid_dpop_proof, "invalid_dpop_proof"},
    {server_errc::use_dpop_nonce, "use_dpop_nonce"},
    {server_errc::insufficient_user_authentication, "insufficient_user_authentication"},
    {server_errc::invalid_redirect_uri, "invalid_redirect_uri"},
    {server_errc::invalid_client_metadata, "invalid_client_metadata"},
    {server_errc::invalid_software_statement, "invalid_software_statement"},
    {server_errc::unapproved_software_statement, "unapproved_software_statement"},
    {server_errc::insufficient_claims, "insufficient_claims"},
    {server_errc::invalid_resource, "invalid_resource"},
    {server_errc::authorization_declined, "authorization_declined"},
    {server_errc::bad_verification_code, "bad_verification_code"},
    {server_errc::permission_denied, "permission_denied"},
    {server_errc::invalid_instance, "invalid_instance"},
    {server_errc::unmet_authentication_requirements, "unmet_authentication_requirements"},
}};

} // namespace detail

/// The name that stands for `value` on the wire; "unrecognized" where there is none.
constexpr std::string_view to_string(server_errc value) noexcept
{
    for (auto const& row : detail::server_errc_names)
        if (row.value == value) return row.name;
    return "unrecognized";
}

/// The code that `name` stands for, compared exactly; `unrecognized` where it is not a registered one.
constexpr server_errc to_server_errc(std::string_view name) noexcept
{
    for (auto const& row : detail::server_errc_names)
        if (row.name == name) return row.value;
    return server_errc::unrecognized;
}

namespace detail {

class server_errc_category final : public boost::system::error_category
{
public:
    constexpr server_errc_category() noexcept : error_category(0x6f61757468000002u) {}

    char const* name() const noexcept override { return "oauth.server"; }

    std::string message(int value) const override;
};

inline constexpr server_errc_category server_errc_category_instance{};

} // namespace detail

/// The category of @ref server_errc. Thread safe; never fails.
constexpr boost::system::error_category const& server_category() noexcept { return detail::server_errc_category_instance; }

inline error_code make_error_code(server_errc value) noexcept { return {static_cast<int>(value), server_category()}; }

} // namespace oauth

template <>
struct boost::system::is_error_code_enum<oauth::server_errc> : std::true_type
{
};

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/error/impl/server_errc.ipp>
#endif

#endif
