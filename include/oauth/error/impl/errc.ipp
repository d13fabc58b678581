#ifndef OAUTH_ERROR_IMPL_ERRC_IPP
#define OAUTH_ERROR_IMPL_ERRC_IPP

#include <oauth/error/errc.hpp>

namespace oauth::detail {

OAUTH_DECL std::string errc_category::message(int value) const
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

} // namespace oauth::detail

#endif
