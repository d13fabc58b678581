#ifndef OAUTH_ERROR_ERRC_HPP
#define OAUTH_ERROR_ERRC_HPP

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

    std::string message(int value) const override
    {
        switch (static_cast<errc>(value))
        {
        case errc::invalid_url: return "not an absolute http or https URL";
        case errc::insecure_url: return "plain http is allowed on loopback addresses only";
        case errc::url_has_fragment: return "the URL must not have a fragment";
        case errc::url_has_userinfo: return "the URL must not hold a user name or password";
        case errc::invalid_client: return "the client's registration data is incomplete";
        case errc::invalid_scope: return "a scope holds a character that is not allowed";
        case errc::missing_endpoint: return "the server has no such endpoint";
        case errc::invalid_authority: return "not an authority of this provider";
        case errc::invalid_account: return "the account's key is empty or too long";
        case errc::malformed_redirect: return "neither a redirected URL nor an authorization code";
        case errc::malformed_encoding: return "a percent-encoding fault in the redirect";
        case errc::duplicate_parameter: return "a parameter of the redirect came twice";
        case errc::redirect_uri_mismatch: return "the redirect went to another URI than was asked for";
        case errc::state_missing: return "the redirect lacks its state";
        case errc::state_mismatch: return "the redirect belongs to another sign-in: its state differs";
        case errc::issuer_missing: return "the redirect lacks the issuer that the server promised";
        case errc::issuer_mismatch: return "the redirect names another issuer than the one asked";
        case errc::code_missing: return "the redirect holds neither a code nor an error";
        case errc::code_empty: return "the authorization code is empty";
        case errc::code_and_error: return "the redirect holds both a code and an error";
        case errc::sign_in_cancelled: return "the user cancelled the sign-in";
        case errc::authorization_expired: return "the sign-in was begun too long ago";
        case errc::authorization_unreadable: return "the sign-in that was begun can't be read back";
        case errc::too_many_parameters: return "more parameters than are taken";
        case errc::bare_code_refused: return "a code by itself is not accepted here";
        case errc::response_too_large: return "the response is over the size limit";
        case errc::response_not_json: return "the response is not JSON";
        case errc::response_not_an_object: return "the response is not a JSON object";
        case errc::response_too_deep: return "the response is nested too deeply";
        case errc::response_not_utf8: return "the response is not valid UTF-8";
        case errc::response_duplicate_member: return "the response holds a member twice";
        case errc::response_wrong_type: return "a member of the response has the wrong type";
        case errc::response_missing_member: return "the response lacks a required member";
        case errc::unexpected_content_type: return "the response has an unexpected content type";
        case errc::unexpected_status: return "the server answered with an HTTP error";
        case errc::redirect_refused: return "the endpoint answered with a redirect, which is never followed";
        case errc::unsupported_token_type: return "the token type is not supported";
        case errc::malformed_claims: return "the claims can't be decoded";
        case errc::response_bad_value: return "a member of the response has a value that can't be used";
        case errc::resolve_failed: return "the host name can't be resolved";
        case errc::connect_failed: return "no connection to the server";
        case errc::connect_timeout: return "connecting to the server took too long";
        case errc::certificate_rejected: return "the server's certificate is not trusted for this host";
        case errc::handshake_failed: return "the TLS handshake failed";
        case errc::handshake_timeout: return "the TLS handshake took too long";
        case errc::exchange_timeout: return "the server took too long to answer";
        case errc::connection_lost: return "the connection ended before the answer was whole";
        case errc::malformed_http: return "the server's answer is not HTTP";
        case errc::invalid_field: return "a header field of the request can't be sent";
        case errc::unexpected_request: return "the script of the test expects another request";
        case errc::store_unreadable: return "the stored session can't be read";
        case errc::store_not_writable: return "the session can't be stored";
        case errc::store_insecure: return "the token store is not safe to use";
        case errc::store_from_newer_version: return "the stored session was written by a newer version";
        case errc::lock_timeout: return "another process holds the session's lock";
        case errc::no_session: return "nobody is signed in";
        case errc::session_ended: return "the session has ended";
        case errc::not_renewable: return "the session can't be renewed: it holds no refresh token";
        case errc::scope_not_granted: return "the server has not granted all of the scope";
        case errc::entropy_failed: return "no random bytes are to be had";
        case errc::browser_unavailable: return "no browser could be opened";
        case errc::port_in_use: return "the redirect URI's port is in use";
        case errc::receiver_failed: return "the redirect could not be received";
        case errc::sign_in_timeout: return "nobody came back from the browser in time";
        case errc::input_closed: return "the input ended before a code was pasted";
        case errc::cancelled: return "the wait was cancelled";
        case errc::malformed_token: return "not a signed token in compact form";
        case errc::token_too_large: return "the token is over the size limit";
        case errc::encrypted_token: return "the token is encrypted, which is not supported";
        case errc::unsigned_token: return "the token is not signed";
        case errc::unsupported_algorithm: return "the token is signed by an algorithm that is not supported";
        case errc::algorithm_not_allowed: return "the token is signed by an algorithm that is not allowed";
        case errc::unsupported_header: return "the token's header demands an extension that is not supported";
        case errc::key_in_token: return "the token names or brings its own key";
        case errc::bad_signature: return "the token's signature is wrong";
        case errc::unknown_key: return "the token is signed by a key that is not known";
        case errc::key_not_fit: return "the key is not meant for this algorithm or use";
        case errc::malformed_key: return "the key can't be read";
        case errc::unsupported_key: return "the key is of a kind that is not supported";
        case errc::weak_key: return "the key is too short";
        case errc::private_key_exposed: return "the public key holds private members";
        case errc::malformed_key_set: return "the key set can't be read";
        case errc::key_unreadable: return "the private key can't be read";
        case errc::wrong_passphrase: return "the private key's passphrase is missing or wrong";
        case errc::malformed_certificate: return "the certificate can't be read";
        case errc::certificate_mismatch: return "the certificate belongs to another key";
        case errc::unsigned_request: return "the server takes signed authorization requests only";
        case errc::claim_missing: return "a claim is missing";
        case errc::token_issuer_mismatch: return "another issuer than the one that was expected";
        case errc::audience_mismatch: return "the token was issued to another client";
        case errc::token_expired: return "the token has expired";
        case errc::token_not_yet_valid: return "the token is not valid yet";
        case errc::authentication_too_old: return "the user signed in too long ago";
        case errc::nonce_mismatch: return "the token belongs to another sign-in: its nonce differs";
        case errc::token_hash_mismatch: return "the token was issued with another code or access token";
        case errc::acr_mismatch: return "the user was not authenticated as was asked for";
        case errc::subject_mismatch: return "the token speaks of another user";
        case errc::auth_time_mismatch: return "the token speaks of another authentication of the user";
        }
        return "unknown oauth error";
    }
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

#endif
