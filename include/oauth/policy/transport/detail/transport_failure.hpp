#ifndef OAUTH_POLICY_TRANSPORT_DETAIL_TRANSPORT_FAILURE_HPP
#define OAUTH_POLICY_TRANSPORT_DETAIL_TRANSPORT_FAILURE_HPP

#include <oauth/core/detail/deadline_after.hpp>
#include <oauth/core/endpoint.hpp>
#include <oauth/error/result.hpp>
#include <oauth/policy/transport/beast_transport_options.hpp>
#include <oauth/policy/transport/detail/timed_socket.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <chrono>
#include <string>
#include <string_view>

// What went wrong on the way, in this library's words. The hints name host and port and quote the texts of the system and of OpenSSL;
// nothing that the peer sent and nothing of the URL's path or query gets into them.
namespace oauth::detail {

/// "login.example:443: "
inline std::string at_peer(endpoint const& url)
{
    bool const v6 = url.host().find(':') != std::string::npos;
    return (v6 ? '[' + url.host() + ']' : escaped(url.host(), 255)) + ':' + std::to_string(url.port()) + ": ";
}

/// Until when something must be done, and the option that says so.
struct time_limit
{
    steady::time_point until;
    std::chrono::milliseconds length;
    char const* option;
};

/// The limit of one phase, or that of the whole where it comes first.
inline time_limit phase_limit(time_limit const& whole, std::chrono::milliseconds length, char const* option)
{
    auto const until = deadline_after(length);
    return until < whole.until ? time_limit{until, length, option} : whole;
}

inline std::string not_within(time_limit const& limit)
{
    return "not done within " + std::to_string(limit.length.count()) + " ms (beast_transport_options::" + limit.option + ")";
}

inline failure resolve_failure(endpoint const& url, time_limit const& limit, error_code ec)
{
    if (ec == boost::beast::error::timeout) return {errc::connect_timeout, advice::retry, at_peer(url) + "looking the name up was " + not_within(limit)};
    bool const unknown = ec == boost::asio::error::host_not_found || ec == boost::asio::error::no_data;
    return {errc::resolve_failed, unknown ? advice::fix_configuration : advice::retry, at_peer(url) + ec.message() + (unknown ? "; is the name right?" : "")};
}

inline failure connect_failure(endpoint const& url, time_limit const& limit, error_code ec)
{
    if (ec == boost::beast::error::timeout) return {errc::connect_timeout, advice::retry, at_peer(url) + not_within(limit)};
    return {errc::connect_failed, advice::retry, at_peer(url) + ec.message()};
}

/// Has the peer ended the connection, in whatever way?
inline bool is_end(error_code ec) noexcept
{
    using boost::beast::http::error;
    return ec == boost::asio::error::eof || ec == boost::asio::ssl::error::stream_truncated || ec == boost::asio::error::connection_reset
        || ec == boost::asio::error::connection_aborted || ec == boost::asio::error::broken_pipe || ec == error::end_of_stream || ec == error::partial_message;
}

/// Why OpenSSL refused the certificate, and what helps.
inline failure certificate_failure(endpoint const& url, long verdict)
{
    std::string_view help = "is this the server that is meant?";
    switch (verdict)
    {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID: help = "is this machine's clock right? If it is, the server needs a new certificate"; break;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: help = "the certificate must name this host as a subjectAltName; is the URL right?"; break;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        help = "if the certificate comes from an authority of one's own, name that in beast_transport_options::ca_file; else install the system's roots (package ca-certificates)";
        break;
    default: break;
    }
    std::string hint = at_peer(url);
    hint.append(X509_verify_cert_error_string(verdict)).append("; ").append(help);
    return {errc::certificate_rejected, advice::fix_configuration, std::move(hint)};
}

/// Is it TLS itself that failed, not the connection below it?
inline bool is_tls(error_code ec) noexcept { return ec.category() == boost::asio::error::get_ssl_category(); }

/// What an alert of the server's says of the client's own certificate; "" where it says nothing of it.
inline char const* own_certificate_help(error_code ec) noexcept
{
    switch (is_tls(ec) ? ERR_GET_REASON(static_cast<unsigned long>(ec.value())) - SSL_AD_REASON_OFFSET : 0)
    {
    case SSL_AD_CERTIFICATE_REQUIRED: return "; the server wants a certificate of the client: name it in beast_transport_options::certificate_file";
    case SSL_AD_HANDSHAKE_FAILURE: return "; the server may want a certificate of the client (beast_transport_options::certificate_file), or another version of TLS";
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNKNOWN_CA: return "; the server refuses the client's certificate: is the one of beast_transport_options::certificate_file registered there, valid, and with those that certify it?";
    default: return "";
    }
}

inline failure handshake_failure(endpoint const& url, time_limit const& limit, error_code ec, long verdict)
{
    if (verdict != X509_V_OK) return certificate_failure(url, verdict);
    if (ec == boost::beast::error::timeout) return {errc::handshake_timeout, advice::retry, at_peer(url) + not_within(limit)};
    if (!is_tls(ec)) return {errc::handshake_failed, advice::retry, at_peer(url) + ec.message()};
    if (auto const* const help = own_certificate_help(ec); *help != '\0') return {errc::handshake_failed, advice::fix_configuration, at_peer(url) + ec.message() + help};
    return {errc::handshake_failed, advice::fix_configuration, at_peer(url) + ec.message() + "; does this port speak TLS 1.2 or 1.3?"};
}

inline failure exchange_failure(endpoint const& url, time_limit const& limit, beast_transport_options const& options, error_code ec)
{
    using boost::beast::http::error;
    if (ec == boost::beast::error::timeout) return {errc::exchange_timeout, advice::retry, at_peer(url) + not_within(limit)};
    if (is_end(ec)) return {errc::connection_lost, advice::retry, at_peer(url) + ec.message()};
    if (ec == error::body_limit)
        return {errc::response_too_large, advice::fix_configuration,
                at_peer(url) + "the body is over " + std::to_string(options.max_body_size) + " bytes (beast_transport_options::max_body_size)"};
    if (ec == error::header_limit || ec == error::buffer_overflow)
        return {errc::response_too_large, advice::fix_configuration,
                at_peer(url) + "the header is over " + std::to_string(options.max_header_size) + " bytes (beast_transport_options::max_header_size)"};
    if (ec.category() == boost::beast::http::make_error_code(error::bad_version).category())
        return {errc::malformed_http, advice::fix_configuration, at_peer(url) + ec.message() + "; does this port speak HTTP/1.1?"};
    // In TLS 1.3 the server judges a client after the client's own handshake is done.
    if (is_tls(ec) && ERR_GET_REASON(static_cast<unsigned long>(ec.value())) >= SSL_AD_REASON_OFFSET)
        return {errc::handshake_failed, advice::fix_configuration, at_peer(url) + ec.message() + own_certificate_help(ec)};
    return {errc::connection_lost, advice::retry, at_peer(url) + ec.message()};
}

} // namespace oauth::detail

#endif
