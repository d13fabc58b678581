#ifndef OAUTH_POLICY_TRANSPORT_BEAST_TRANSPORT_OPTIONS_HPP
#define OAUTH_POLICY_TRANSPORT_BEAST_TRANSPORT_OPTIONS_HPP

#include <oauth/core/secret.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace oauth {

/** How a @ref beast_transport connects, whom it trusts and how long it waits. All have defaults that are fit for use. `std::chrono::milliseconds::max()` is no limit.

    @par Example
    @code
    oauth::beast_transport transport{{.exchange_timeout = std::chrono::seconds{10}, .ca_file = "/etc/my-company/root.pem"}};
    @endcode

    @par The client's certificate
    Presented to every https server that asks for one, and to no other; over plain http (loopback) there is none. Read when the first https connection is made: what is renewed on disk takes
    another transport. The key stays in OpenSSL's memory, and what is set here in that of the options. See @ref tls_client_auth for proving who the client is with it,
    and `client::mtls_endpoints` for tokens that are bound to it.
    @code
    oauth::flow bank{server, client, oauth::beast_transport{{.certificate_file = "client.pem", .private_key_file = "client.key"}}, oauth::tls_client_auth{}};
    @endcode

    @par System roots
    Found as OpenSSL finds them (`SSL_CERT_FILE`, `SSL_CERT_DIR`, then the directory that it was built with). Where that directory is hashed, as on
    Debian, a certificate is read when it is needed, which saves about 20 ms per transport. The certificate stores of Windows and of the macOS
    keychain are not read: there, name a bundle as `ca_file` (or set `SSL_CERT_FILE`) unless OpenSSL was installed with one.
*/
struct beast_transport_options
{
    std::chrono::milliseconds connect_timeout{10'000};      ///< to find the host's addresses and to connect to one of them
    std::chrono::milliseconds handshake_timeout{10'000};    ///< for TLS
    std::chrono::milliseconds exchange_timeout{30'000};     ///< for the whole of `send`, connecting included
    std::chrono::milliseconds idle_timeout{30'000};         ///< an unused connection that is older is not used again
    std::size_t max_idle_connections = 8;                   ///< how many unused connections are kept, to all hosts together
    std::uint32_t max_header_size = 16 * 1024;              ///< of an answer, in bytes
    std::uint64_t max_body_size = 4 * 1024 * 1024;          ///< of an answer, in bytes: as much as @ref decode_jwk_set reads, since Microsoft's key sets may have two million
    std::string ca_file = {};                               ///< a PEM file of certificates to trust, beside the system's
    std::string ca_directory = {};                          ///< a hashed directory (`openssl rehash`) of certificates to trust, beside the system's
    std::string certificate_file = {};                      ///< the client's own certificate as PEM, then those that certify it, for servers that ask for one (RFC 8705)
    std::string private_key_file = {};                      ///< the private key of that certificate, as PEM, not encrypted; it may be the same file
    std::string certificate_pem = {};                       ///< instead of `certificate_file`: the PEM text itself
    secret private_key_pem = {};                            ///< instead of `private_key_file`: the PEM text itself
    bool use_system_roots = true;                           ///< trust what the system trusts
    std::string user_agent = "oauth-cpp";                   ///< `User-Agent`, unless the request has one; none is sent where empty
    bool keep_alive = true;                                 ///< use a connection for more than one exchange
};

} // namespace oauth

#endif
