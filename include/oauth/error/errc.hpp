#ifndef OAUTH_ERROR_ERRC_HPP
#define OAUTH_ERROR_ERRC_HPP

#include <oauth/config.hpp>
#include <boost/system/error_category.hpp>
#include <boost/system/error_code.hpp>
#include <string>
#include <type_traits>

namespace oauth {

using error_code = boost::system::error_code;

/** What this library itself finds wrong. What a server says stands in @ref server_errc.

    Each value has one message, which names the fault; where something can be done about it, `failure::hint` says what.
*/
enum class errc
{
    // configuration, found at construction
    invalid_url = 1,              ///< is not an absolute URL
    insecure_url,                 ///< http, to another host than this one
    url_has_fragment,             ///< a fragment in an endpoint's URL
    url_has_userinfo,             ///< a user name or password in a URL
    invalid_client,               ///< the client lacks its id, or its parts contradict each other
    invalid_scope,                ///< a scope token holds a character that RFC 6749 3.3 does not allow
    missing_endpoint,             ///< the server has no such endpoint
    invalid_authority,            ///< no authority of this provider looks like that
    invalid_account,              ///< the account's key is empty

    // the redirect back to the client
    malformed_redirect,           ///< is neither a redirected URL nor a code
    malformed_encoding,           ///< a percent-encoding fault
    duplicate_parameter,          ///< a parameter came twice
    redirect_uri_mismatch,        ///< another URI than the one the user was to come back to
    state_missing,
    state_mismatch,
    issuer_missing,               ///< the server promised `iss` (RFC 9207) and sent none
    issuer_mismatch,              ///< the answer comes from another server than was asked
    code_missing,                 ///< neither `code` nor `error`
    code_empty,
    code_and_error,               ///< both `code` and `error`
    sign_in_cancelled,            ///< the user pressed cancel
    authorization_expired,        ///< the pending authorization is older than is allowed
    authorization_unreadable,     ///< what was parked of a sign-in can't be read
    too_many_parameters,          ///< in a redirect, or in a form
    bare_code_refused,            ///< a code by itself came, where the whole redirected URL is wanted

    // the answer of an endpoint
    response_too_large = 40,
    response_not_json,
    response_not_an_object,
    response_too_deep,
    response_not_utf8,
    response_duplicate_member,
    response_wrong_type,          ///< a member has another JSON type than it must have
    response_missing_member,
    unexpected_content_type,
    unexpected_status,            ///< an HTTP status that says failure, without an OAuth error in the body
    redirect_refused,             ///< the endpoint answered with a redirect; none is ever followed
    unsupported_token_type,       ///< the token is of a kind that this client can't present
    malformed_claims,             ///< `profile_info`, `client_info`, a token's claims or a claims request can't be decoded
    response_bad_value,           ///< a member has a value that can't be used

    // the transport
    resolve_failed = 60,
    connect_failed,
    connect_timeout,
    certificate_rejected,         ///< the server's certificate is not trusted, has expired, or is for another host
    handshake_failed,
    handshake_timeout,
    exchange_timeout,             ///< the whole exchange took longer than is allowed
    connection_lost,              ///< the connection ended before the answer did
    malformed_http,               ///< the peer does not speak HTTP/1.1
    invalid_field,                ///< a header field of the request can't be sent as it is
    unexpected_request,           ///< testing: the script expects another request

    // the token store
    store_unreadable = 80,        ///< what is stored can't be read; the hint says where it was put, or why
    store_not_writable,
    store_insecure,               ///< a symbolic link, a foreign owner, or permissions that are too wide
    store_from_newer_version,
    lock_timeout,                 ///< another holds the account's lock for too long

    // the session
    no_session = 100,             ///< nobody is signed in
    session_ended,                ///< the server no longer takes the refresh token
    not_renewable,                ///< the session holds no refresh token
    scope_not_granted,            ///< the server granted less than is asked for

    // the machine it runs on
    entropy_failed = 120,
    browser_unavailable,
    port_in_use,
    receiver_failed,
    sign_in_timeout,              ///< nobody came back from the browser in time
    input_closed,                 ///< standard input ended before a code was pasted
    cancelled,                    ///< the program itself, or Ctrl-C, ended the wait

    // signed tokens and keys
    malformed_token = 140,        ///< is no JWS in compact form; the hint says what is wrong with it
    token_too_large,
    encrypted_token,              ///< a JWE
    unsigned_token,               ///< its `alg` is "none"
    unsupported_algorithm,        ///< its `alg` is none of those that this library knows
    algorithm_not_allowed,        ///< its `alg` is none of those that the caller allows
    unsupported_header,           ///< its header demands what this library does not understand (`crit`, `b64`)
    key_in_token,                 ///< it brings its own key (`jwk`, `jku`, `x5u`)
    bad_signature,
    unknown_key,                  ///< the key set holds no key for it: it may be an old one
    key_not_fit,                  ///< the key must not be used for this: its kind, curve, size, `alg`, `use` or `key_ops`
    malformed_key,
    unsupported_key,              ///< a kind of key, or a curve, that this library does not know
    weak_key,                     ///< the key is too short
    private_key_exposed,          ///< private members in what should be a public key
    malformed_key_set,
    key_unreadable,               ///< the file of a private key can't be read, or holds none
    wrong_passphrase,             ///< of a private key; or it is missing
    malformed_certificate,
    certificate_mismatch,         ///< the certificate is that of another key
    unsigned_request,             ///< the server takes signed authorization requests only

    // who signed in
    claim_missing = 180,          ///< a claim that must be there is not
    token_issuer_mismatch,        ///< another server's token, key or metadata
    audience_mismatch,            ///< issued to another client
    token_expired,
    token_not_yet_valid,
    authentication_too_old,       ///< the user signed in longer ago than `max_age` allows
    nonce_mismatch,               ///< another sign-in's
    token_hash_mismatch,          ///< `at_hash` or `c_hash`
    acr_mismatch,                 ///< the user was authenticated in another way than was asked for
    subject_mismatch,             ///< speaks of another user than before
    auth_time_mismatch,           ///< speaks of another authentication of the user than before
};

namespace detail {

class errc_category final : public boost::system::error_category
{
public:
    constexpr errc_category() noexcept : error_category(0x6f61757468000001u) {}

    char const* name() const noexcept override { return "oauth"; }

    std::string message(int value) const override;
};

inline constexpr errc_category errc_category_instance{};

} // namespace detail

/// The category of @ref errc. Thread safe; never fails.
constexpr boost::system::error_category const& oauth_category() noexcept { return detail::errc_category_instance; }

inline error_code make_error_code(errc value) noexcept { return {static_cast<int>(value), oauth_category()}; }

} // namespace oauth

template <>
struct boost::system::is_error_code_enum<oauth::errc> : std::true_type
{
};

#if !defined(OAUTH_SEPARATE_COMPILATION)
#include <oauth/error/impl/errc.ipp>
#endif

#endif
