#ifndef OAUTH_POLICY_TRANSPORT_DETAIL_TLS_CLIENT_HPP
#define OAUTH_POLICY_TRANSPORT_DETAIL_TLS_CLIENT_HPP

#include <oauth/error/result.hpp>
#include <oauth/policy/transport/beast_transport_options.hpp>
#include <oauth/policy/transport/detail/client_certificate.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

namespace oauth::detail {

struct free_tls_session
{
    void operator()(SSL_SESSION* session) const noexcept { SSL_SESSION_free(session); }
};
using tls_session = std::unique_ptr<SSL_SESSION, free_tls_session>;

/** Is OpenSSL's own directory hashed (names such as "5ed36f99.0"), and full enough to be the system's roots?

    A few links may be an administrator's own roots, with the system's in a bundle beside the directory, as on Red Hat.
*/
inline bool has_hashed_roots(char const* directory)
{
    constexpr int enough = 16;
    int links = 0;
    std::error_code ec;
    for (std::filesystem::directory_iterator at(directory, ec), end; !ec && at != end && links < enough; at.increment(ec))
    {
        auto const name = at->path().filename().string();
        if (name.size() == 10 && name[8] == '.' && name.find_first_not_of("0123456789abcdef") == 8) ++links;
    }
    return links >= enough;
}

/// Trust what the system trusts, without reading all of it beforehand where that can be had.
inline void trust_system_roots(SSL_CTX* context)
{
    bool const told = std::getenv(X509_get_default_cert_file_env()) != nullptr || std::getenv(X509_get_default_cert_dir_env()) != nullptr;
    if (!told && has_hashed_roots(X509_get_default_cert_dir()) && SSL_CTX_load_verify_dir(context, X509_get_default_cert_dir()) == 1) return;
    SSL_CTX_set_default_verify_paths(context);
}

/** A context for clients: TLS 1.2 at least, the peer always verified, HTTP/1.1 only.

    @return The context, or errc::handshake_failed where a file or directory of what is trusted can't be read, or what @ref present_certificate fails with.
    @throws boost::system::system_error where OpenSSL can't make one at all.
*/
inline result<boost::asio::ssl::context> make_client_context(beast_transport_options const& options)
{
    boost::asio::ssl::context made(boost::asio::ssl::context::tls_client);
    SSL_CTX* const context = made.native_handle();
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    static constexpr unsigned char http_1_1[] = "\x08http/1.1";
    SSL_CTX_set_alpn_protos(context, http_1_1, sizeof http_1_1 - 1);

    if (options.use_system_roots) trust_system_roots(context);
    if (!options.ca_file.empty() && SSL_CTX_load_verify_file(context, options.ca_file.c_str()) != 1)
        return failure(errc::handshake_failed, advice::fix_configuration, "no certificate can be read from beast_transport_options::ca_file, " + options.ca_file);
    if (!options.ca_directory.empty())
    {
        // OpenSSL itself would look into it only when a certificate is needed.
        std::error_code ec;
        if (!std::filesystem::is_directory(options.ca_directory, ec) || SSL_CTX_load_verify_dir(context, options.ca_directory.c_str()) != 1)
            return failure(errc::handshake_failed, advice::fix_configuration, "beast_transport_options::ca_directory is no directory: " + options.ca_directory);
    }
    if (auto const presented = present_certificate(context, options); presented.has_error()) return presented.error();
    return made;
}

/** Have the peer's certificate checked for `host`, name or address, and name it in SNI where it is a name.

    OpenSSL's own check and not Asio's callback, since only the former says afterwards that it was the host that did not match.

    @par Specification
    RFC 9525 6.3 (no common name, no partial wildcard), RFC 6066 3
*/
inline bool expect_host(SSL* tls, std::string host)
{
    X509_VERIFY_PARAM* const expected = SSL_get0_param(tls);
    error_code ec;
    boost::asio::ip::make_address(host, ec);
    if (!ec) return X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1;
    if (host.ends_with('.')) host.pop_back();
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    return X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size()) == 1
        && SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data()) == 1;
}

} // namespace oauth::detail

#endif
