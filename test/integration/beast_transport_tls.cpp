#include <oauth/policy/transport/beast_transport.hpp>
#include <boost/test/unit_test.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <oauth/testing/loopback_server.hpp>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>
#include "../support/transport_fixture.hpp"
#include "../support/certificate.hpp"

using namespace test_support;
using namespace std::chrono_literals;
using oauth::testing::loopback_server;
namespace data = boost::unit_test::data;

namespace {

/// The test's own authority, as a file to trust; the file goes with it.
struct own_authority
{
    test_support::identity root = test_support::make_identity({.common_name = "root", .is_authority = true});
    std::filesystem::path folder;
    std::string file;

    own_authority()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "oauth_test_XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        file = (folder / "root.pem").string();
        std::ofstream(file) << root.certificate_pem();
    }
    ~own_authority() { std::filesystem::remove_all(folder); }

    asio::ssl::context server(test_support::certificate_wish const& wish = {}) const
    {
        return test_support::server_context(test_support::make_identity(wish, &root));
    }
    beast_transport_options trusted() const { return {.ca_file = file, .use_system_roots = false}; }
};
own_authority const& authority()
{
    static own_authority const made;
    return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(integration_beast_transport_tls)

// ── TLS ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────

BOOST_AUTO_TEST_CASE(https_with_an_authority_of_ones_own)
{
    loopback_server const server{hello, {.ipv6 = true}, authority().server()};
    auto const port = ':' + std::to_string(server.port());
    for (std::string const host : {"127.0.0.1", "[::1]", "localhost", "Localhost"})
    {
        beast_transport transport{authority().trusted()};
        auto const got = transport.send(request_to("https://" + host + port, http_method::post));
        BOOST_TEST_REQUIRE(got.has_value(), (got.has_error() ? describe(got.error()) : ""));
        BOOST_TEST(got->body.reveal() == "hello");
    }
}

BOOST_AUTO_TEST_CASE(https_keeps_its_connection)
{
    loopback_server const server{hello, {}, authority().server()};
    beast_transport transport{authority().trusted()};
    for (int i = 0; i < 5; ++i) BOOST_TEST(transport.send(request_to(server.origin(), http_method::post)).value().status == 200);
    BOOST_TEST(server.accepted() == 1u);
}

struct certificate_row
{
    char const* what;
    test_support::certificate_wish wish;
    std::string host;
    bool self_signed;
    std::string hint;
};
std::ostream& operator<<(std::ostream& out, certificate_row const& row) { return out << row.what; }

std::vector<certificate_row> const certificate_rows{
    {"another name", {.alternative_names = "DNS:other.example"}, "localhost", false, "ostname mismatch"},
    {"another address", {.alternative_names = "IP:127.0.0.2,DNS:localhost"}, "127.0.0.1", false, "IP address mismatch"},
    {"another IPv6 address", {.alternative_names = "IP:127.0.0.1,DNS:localhost"}, "[::1]", false, "IP address mismatch"},
    {"an address as a name", {.alternative_names = "DNS:127.0.0.1"}, "127.0.0.1", false, "IP address mismatch"},
    {"a common name only", {.alternative_names = "", .common_name = "localhost"}, "localhost", false, "subjectAltName"},
    {"a wildcard for everything", {.alternative_names = "DNS:*"}, "localhost", false, "ostname mismatch"},
    {"expired", {.valid_from = -7200, .valid_until = -3600}, "localhost", false, "clock"},
    {"not yet valid", {.valid_from = 3600, .valid_until = 7200}, "localhost", false, "clock"},
    {"self-signed", {}, "localhost", true, "ca_file"},
};

BOOST_DATA_TEST_CASE(a_certificate_that_is_refused, data::make(certificate_rows), row)
{
    auto context = row.self_signed ? test_support::server_context(test_support::make_identity(row.wish)) : authority().server(row.wish);
    std::atomic<int> calls = 0;
    loopback_server const server{[&calls](http_request const& request) {
                                     ++calls;
                                     return hello(request);
                                 },
                                 {.ipv6 = true}, std::move(context)};
    beast_transport transport{authority().trusted()};
    auto const got = transport.send(request_to("https://" + row.host + ':' + std::to_string(server.port()), http_method::post));
    check_failure(got, errc::certificate_rejected, advice::fix_configuration);
    BOOST_TEST(hint_says(got, row.hint), got.error().hint);
    BOOST_TEST(calls == 0);
}

BOOST_AUTO_TEST_CASE(an_authority_that_is_not_trusted)
{
    loopback_server const server{hello, {}, authority().server()};
    for (auto const& options : {beast_transport_options{}, beast_transport_options{.use_system_roots = false}})
    {
        auto const got = beast_transport{options}.send(request_to(server.origin()));
        check_failure(got, errc::certificate_rejected, advice::fix_configuration);
        BOOST_TEST(hint_says(got, "ca_file"));
    }
}

BOOST_AUTO_TEST_CASE(a_hashed_directory_of_authorities)
{
    auto const folder = authority().folder / "hashed";
    std::filesystem::create_directory(folder);
    char name[32];
    std::snprintf(name, sizeof name, "%08lx.0", X509_subject_name_hash(authority().root.certificate.get()));
    std::filesystem::copy_file(authority().file, folder / name);
    loopback_server const server{hello, {}, authority().server()};
    beast_transport transport{{.ca_directory = folder.string(), .use_system_roots = false}};
    BOOST_TEST(transport.send(request_to(server.origin())).value().status == 200);
}

BOOST_AUTO_TEST_CASE(the_environment_names_the_system_roots)
{
    loopback_server const server{hello, {}, authority().server()};
    ::setenv("SSL_CERT_FILE", authority().file.c_str(), 1);
    auto const got = beast_transport{}.send(request_to(server.origin()));
    ::unsetenv("SSL_CERT_FILE");
    BOOST_TEST(got.has_value());
}

BOOST_AUTO_TEST_CASE(trust_that_cannot_be_read)
{
    loopback_server const server{hello, {}, authority().server()};
    auto const missing = (authority().folder / "missing").string();
    auto const empty = (authority().folder / "empty.pem").string();
    std::ofstream(empty) << "nothing\n";
    for (auto const& options : {beast_transport_options{.ca_file = missing}, beast_transport_options{.ca_file = empty}, beast_transport_options{.ca_directory = missing}})
    {
        beast_transport transport{options};
        for (int i = 0; i < 2; ++i)
        {
            auto const got = transport.send(request_to(server.origin()));
            check_failure(got, errc::handshake_failed, advice::fix_configuration);
            BOOST_TEST(hint_says(got, options.ca_file + options.ca_directory));
        }
    }
}

BOOST_AUTO_TEST_CASE(tls_1_1_is_refused_and_1_2_is_not)
{
    for (int const version : {TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION})
    {
        auto context = authority().server();
        SSL_CTX_set_security_level(context.native_handle(), 0);
        SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context.native_handle(), version);
        if (version == TLS1_3_VERSION) SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_3_VERSION);
        loopback_server const server{hello, {}, std::move(context)};
        auto const got = beast_transport{authority().trusted()}.send(request_to(server.origin()));
        if (version == TLS1_1_VERSION) check_failure(got, errc::handshake_failed, advice::fix_configuration);
        else BOOST_TEST(got.has_value());
    }
}

struct free_tls
{
    void operator()(SSL* tls) const { SSL_free(tls); }
};

/// The version that the two agree on, 0 for none. Without sockets.
int agreed_version(SSL_CTX* client_context, SSL_CTX* server_context)
{
    std::unique_ptr<SSL, free_tls> const client(SSL_new(client_context)), server(SSL_new(server_context));
    BIO *ours = nullptr, *theirs = nullptr;
    BOOST_TEST_REQUIRE(BIO_new_bio_pair(&ours, 0, &theirs, 0) == 1);
    SSL_set_bio(client.get(), ours, ours);
    SSL_set_bio(server.get(), theirs, theirs);
    SSL_set_connect_state(client.get());
    SSL_set_accept_state(server.get());
    int done = 0;
    for (int turn = 0; turn < 20 && done != 3; ++turn)
    {
        if (SSL_do_handshake(client.get()) == 1) done |= 1;
        if (SSL_do_handshake(server.get()) == 1) done |= 2;
    }
    ERR_clear_error();
    return done == 3 ? SSL_version(client.get()) : 0;
}

// OpenSSL's own security level refuses old versions as well, where it is not lowered, as some systems do: the limit must hold by itself.
BOOST_AUTO_TEST_CASE(tls_1_2_is_the_least_whatever_the_security_level)
{
    auto made = oauth::detail::make_client_context(authority().trusted()).value();
    SSL_CTX* const client = made.native_handle();
    BOOST_TEST(SSL_CTX_get_min_proto_version(client) == TLS1_2_VERSION);
    BOOST_TEST(SSL_CTX_get_max_proto_version(client) == 0);   // the newest that there is
    SSL_CTX_set_security_level(client, 0);
    auto server = authority().server();
    SSL_CTX_set_security_level(server.native_handle(), 0);
    SSL_CTX_set_min_proto_version(server.native_handle(), TLS1_VERSION);
    for (int const version : {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION})
    {
        SSL_CTX_set_max_proto_version(server.native_handle(), version);
        BOOST_TEST(agreed_version(client, server.native_handle()) == (version < TLS1_2_VERSION ? 0 : version));
    }
    // Nothing but the limit was in the way.
    SSL_CTX_set_min_proto_version(client, TLS1_VERSION);
    for (int const version : {TLS1_VERSION, TLS1_1_VERSION})
    {
        SSL_CTX_set_max_proto_version(server.native_handle(), version);
        BOOST_TEST(agreed_version(client, server.native_handle()) == version);
    }
}

/// A TLS server that says `answer` and then ends, with or without TLS' own goodbye.
raw_server::behaviour tls_says(std::shared_ptr<asio::ssl::context> context, std::string answer, bool goodbye, std::function<void(SSL*)> look = {})
{
    return [=](tcp::socket& socket) {
        asio::ssl::stream<tcp::socket&> stream(socket, *context);
        stream.handshake(asio::ssl::stream_base::server);
        std::string head;
        asio::read_until(stream, asio::dynamic_buffer(head), "\r\n\r\n");
        if (look) look(stream.native_handle());
        asio::write(stream, asio::buffer(answer));
        error_code ec;
        if (goodbye) stream.shutdown(ec);
        socket.shutdown(tcp::socket::shutdown_send, ec);
        until_client_goes(socket);
    };
}

// RFC 8705: the client proves who it is by the certificate of its connection.

/// A client's certificate by the test's own authority, with an authority between, in files.
struct own_client
{
    test_support::identity middle = test_support::make_identity({.common_name = "middle", .is_authority = true}, &authority().root);
    test_support::identity leaf = test_support::make_identity({.alternative_names = "", .common_name = "the client"}, &middle);
    std::string chain = leaf.certificate_pem() + middle.certificate_pem(), key = leaf.key_pem();
    std::string certificate_file = write("client.pem", chain), key_file = write("client.key", key);

    static std::string write(std::string const& name, std::string const& text)
    {
        auto const path = authority().folder / name;
        std::ofstream(path, std::ios::binary) << text;
        return path.string();
    }
};
own_client const& own()
{
    static own_client const made;
    return made;
}

/// Demands a certificate of its own authority's.
asio::ssl::context demanding(int version)
{
    auto context = authority().server();
    SSL_CTX_set_min_proto_version(context.native_handle(), version);
    SSL_CTX_set_max_proto_version(context.native_handle(), version);
    SSL_CTX_set_verify(context.native_handle(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_load_verify_file(context.native_handle(), authority().file.c_str());
    static unsigned char const id[] = "test";
    SSL_CTX_set_session_id_context(context.native_handle(), id, sizeof id);
    return context;
}

beast_transport_options presenting(std::string certificate_file, std::string key_file, std::string certificate = "", std::string const& key = "")
{
    auto made = authority().trusted();
    made.certificate_file = std::move(certificate_file);
    made.private_key_file = std::move(key_file);
    made.certificate_pem = std::move(certificate);
    made.private_key_pem = secret(key);
    return made;
}

BOOST_AUTO_TEST_CASE(a_server_that_wants_a_certificate_of_the_client)
{
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION})
    {
        loopback_server const server{hello, {}, demanding(version)};
        auto const got = beast_transport{authority().trusted()}.send(request_to(server.origin()));
        BOOST_TEST_REQUIRE(got.has_error());
        // With TLS 1.3 the alert may be overtaken by the reset that follows it.
        bool const lost = version == TLS1_3_VERSION && got.error().code == errc::connection_lost;
        check_failure(got, lost ? errc::connection_lost : errc::handshake_failed, lost ? advice::retry : advice::fix_configuration);
        if (!lost) BOOST_TEST(hint_says(got, "beast_transport_options::certificate_file"), got.error().hint);
    }
}

BOOST_AUTO_TEST_CASE(the_certificate_of_the_client_is_presented)
{
    auto const both = own_client::write("both.pem", own().key + own().chain);
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION})
        for (auto const& options : {presenting(own().certificate_file, own().key_file), presenting("", "", own().chain, own().key), presenting(own().certificate_file, "", "", own().key),
                                    presenting("", own().key_file, own().chain), presenting(both, both)})
        {
            auto const context = std::make_shared<asio::ssl::context>(demanding(version));
            std::string name;
            int resumed = 0;
            raw_server server(tls_says(context, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", true, [&](SSL* tls) {
                certificate_handle const peer(SSL_get1_peer_certificate(tls));
                char text[64] = "none";
                if (peer) X509_NAME_get_text_by_NID(X509_get_subject_name(peer.get()), NID_commonName, text, sizeof text);
                name = text;
                resumed += SSL_session_reused(tls);
            }));
            beast_transport transport{options};
            for (int i = 0; i < 3; ++i)
            {
                name.clear();
                auto const got = transport.send(request_to(server.origin("https"), http_method::post));
                BOOST_TEST_REQUIRE(got.has_value(), (got.has_error() ? describe(got.error()) : ""));
                BOOST_TEST(name == "the client");
            }
            BOOST_TEST(resumed == 2);
        }
    // Whoever does not ask does not get to see it.
    auto const modest = std::make_shared<asio::ssl::context>(authority().server());
    bool seen = true;
    raw_server server(tls_says(modest, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true, [&seen](SSL* tls) { seen = SSL_get0_peer_certificate(tls) != nullptr; }));
    BOOST_TEST(beast_transport{presenting(own().certificate_file, own().key_file)}.send(request_to(server.origin("https"))).value().status == 200);
    BOOST_TEST(!seen);
}

BOOST_AUTO_TEST_CASE(a_certificate_of_the_client_that_the_server_refuses)
{
    auto const stranger = test_support::make_identity({.common_name = "stranger"});
    auto const late = test_support::make_identity({.common_name = "late", .valid_from = -7200, .valid_until = -3600}, &authority().root);
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION})
        for (auto const* who : {&stranger, &late})
        {
            loopback_server const server{hello, {}, demanding(version)};
            auto const got = beast_transport{presenting("", "", who->certificate_pem(), who->key_pem())}.send(request_to(server.origin()));
            BOOST_TEST_REQUIRE(got.has_error());
            bool const lost = version == TLS1_3_VERSION && got.error().code == errc::connection_lost;
            check_failure(got, lost ? errc::connection_lost : errc::handshake_failed, lost ? advice::retry : advice::fix_configuration);
            if (!lost) BOOST_TEST(hint_says(got, "refuses the client's certificate"), got.error().hint);
        }
}

BOOST_AUTO_TEST_CASE(a_certificate_or_key_of_the_client_that_can_not_be_used)
{
    loopback_server const server{hello, {}, demanding(TLS1_3_VERSION)};
    auto const missing = (authority().folder / "no such file").string(), folder = authority().folder.string();
    auto const empty = own_client::write("nothing.pem", ""), text = own_client::write("text.pem", "text\n");
    auto const other = test_support::make_identity();
    auto broken = own().chain;
    broken[80] = '!';
    auto half = own().chain;   // the second of two
    half[half.rfind("-----BEGIN") + 80] = '!';
    std::string many;
    for (int i = 0; i < 17; ++i) many += own().leaf.certificate_pem();
    std::unique_ptr<BIO, free_openssl> const memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_PKCS8PrivateKey(memory.get(), own().leaf.key.get(), EVP_aes_256_cbc(), "canary", 6, nullptr, nullptr);
    char* data = nullptr;
    auto const size = BIO_ctrl(memory.get(), BIO_CTRL_INFO, 0, &data);
    std::string const closed(data, static_cast<std::size_t>(size));
    struct row
    {
        beast_transport_options options;
        errc why;
        std::string hint;
    };
    auto const& cert = own().certificate_file;
    auto const& key = own().key_file;
    for (auto const& [options, why, hint] : std::vector<row>{
             {presenting(cert, ""), errc::key_unreadable, "private_key_file or private_key_pem is needed"},
             {presenting("", key), errc::malformed_certificate, "certificate_file or certificate_pem is needed"},
             {presenting(cert, key, own().chain), errc::malformed_certificate, "both set"},
             {presenting(cert, key, "", own().key), errc::key_unreadable, "both set"},
             {presenting(missing, key), errc::malformed_certificate, "certificate_file, " + missing + ": it can't be opened"},
             {presenting(folder, key), errc::malformed_certificate, folder},
             {presenting(empty, key), errc::malformed_certificate, empty},
             {presenting(text, key), errc::malformed_certificate, text},
             {presenting(key, key), errc::malformed_certificate, "no PEM certificate"},
             {presenting("", key, broken), errc::malformed_certificate, "certificate_pem"},
             {presenting("", key, half), errc::malformed_certificate, "is broken"},
             {presenting("", key, many), errc::malformed_certificate, "16"},
             {presenting("", key, std::string(257 * 1024, '\n') + own().chain), errc::malformed_certificate, "256 KiB"},
             {presenting(cert, missing), errc::key_unreadable, "private_key_file, " + missing + ": it can't be opened"},
             {presenting(cert, folder), errc::key_unreadable, folder},
             {presenting(cert, empty), errc::key_unreadable, empty},
             {presenting(cert, cert), errc::key_unreadable, "no PEM private key"},
             {presenting(cert, "", "", "canary"), errc::key_unreadable, "private_key_pem"},
             {presenting(cert, "", "", std::string(257 * 1024, '\n') + own().key), errc::key_unreadable, "256 KiB"},
             {presenting(cert, "", "", closed), errc::wrong_passphrase, "encrypted"},
             {presenting(cert, "", "", other.key_pem()), errc::certificate_mismatch, cert},
             {presenting("", key, own().middle.certificate_pem() + own().leaf.certificate_pem()), errc::certificate_mismatch, key},   // the client's own must be the first
         })
        BOOST_TEST_CONTEXT(hint)
        {
            beast_transport transport{options};
            for (int i = 0; i < 2; ++i)
            {
                auto const got = transport.send(request_to(server.origin()));
                check_failure(got, why, advice::fix_configuration);
                BOOST_TEST(hint_says(got, "beast_transport_options::"));
                BOOST_TEST(hint_says(got, hint), got.error().hint);
            }
            BOOST_TEST(ERR_peek_error() == 0u);
        }
    BOOST_TEST(server.accepted() > 0u);   // it is found out when it is needed: on the way to a handshake

    // Over plain http nobody looks at it.
    loopback_server const plain{hello};
    BOOST_TEST(beast_transport{presenting(missing, missing)}.send(request_to(plain.origin())).value().status == 200);
}

BOOST_AUTO_TEST_CASE(a_port_that_does_not_speak_tls)
{
    loopback_server const server{hello};
    auto const got = beast_transport{}.send(request_to("https://127.0.0.1:" + std::to_string(server.port())));
    check_failure(got, errc::handshake_failed, advice::fix_configuration);
    BOOST_TEST(hint_says(got, "does this port speak TLS"));
}

BOOST_AUTO_TEST_CASE(plain_http_to_a_port_that_speaks_tls)
{
    loopback_server const server{hello, {}, authority().server()};
    auto const got = beast_transport{}.send(request_to("http://127.0.0.1:" + std::to_string(server.port())));
    BOOST_TEST_REQUIRE(got.has_error());
    bool const lost = got.error().code == errc::connection_lost;   // OpenSSL may hang up without an alert
    check_failure(got, lost ? errc::connection_lost : errc::malformed_http, lost ? advice::retry : advice::fix_configuration);
}

BOOST_AUTO_TEST_CASE(a_peer_that_hangs_up_in_the_handshake)
{
    raw_server server([](tcp::socket& socket) {
        char some[16];
        socket.read_some(asio::buffer(some));
    });
    check_failure(beast_transport{}.send(request_to(server.origin("https"))), errc::handshake_failed, advice::retry);
}

BOOST_AUTO_TEST_CASE(a_body_that_ends_with_the_connection_must_end_with_tls_goodbye)
{
    auto const context = std::make_shared<asio::ssl::context>(authority().server());
    for (bool const goodbye : {true, false})
    {
        raw_server server(tls_says(context, "HTTP/1.1 200 OK\r\n\r\nhello", goodbye));
        auto const got = beast_transport{authority().trusted()}.send(request_to(server.origin("https")));
        if (goodbye) BOOST_TEST(got.value().body.reveal() == "hello");
        else check_failure(got, errc::connection_lost, advice::retry);
    }
}

BOOST_AUTO_TEST_CASE(names_are_indicated_addresses_are_not_and_http_1_1_is_asked_for)
{
    auto const context = std::make_shared<asio::ssl::context>(authority().server());
    std::string protocols;
    SSL_CTX_set_alpn_select_cb(
        context->native_handle(),
        [](SSL*, unsigned char const** out, unsigned char* size, unsigned char const* in, unsigned in_size, void* into) {
            static_cast<std::string*>(into)->assign(reinterpret_cast<char const*>(in), in_size);
            *out = in + 1;
            *size = in[0];
            return SSL_TLSEXT_ERR_OK;
        },
        &protocols);
    std::string name;
    raw_server server(tls_says(context, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true, [&name](SSL* tls) {
        auto const* const indicated = SSL_get_servername(tls, TLSEXT_NAMETYPE_host_name);
        name = indicated ? indicated : "none";
    }));
    for (auto const& [host, expected] : {std::pair("localhost", "localhost"), std::pair("127.0.0.1", "none")})
    {
        auto const got = beast_transport{authority().trusted()}.send(request_to(std::string("https://") + host + ':' + std::to_string(server.port())));
        BOOST_TEST(got.has_value());
        BOOST_TEST(name == expected);
        BOOST_TEST(protocols == "\x08http/1.1");
    }
}

BOOST_AUTO_TEST_CASE(a_session_is_resumed)
{
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION})
    {
        auto const context = std::make_shared<asio::ssl::context>(authority().server());
        SSL_CTX_set_max_proto_version(context->native_handle(), version);
        std::atomic<int> resumed = 0;
        raw_server server(tls_says(context, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", true, [&resumed](SSL* tls) { resumed += SSL_session_reused(tls); }));
        beast_transport transport{authority().trusted()};
        for (int i = 0; i < 4; ++i) BOOST_TEST(transport.send(request_to(server.origin("https"))).value().status == 200);
        BOOST_TEST(server.accepted() == 4);
        BOOST_TEST(resumed == 3);

        // Another transport has its own trust, and so its own sessions.
        auto const before = resumed.load();
        BOOST_TEST(beast_transport{authority().trusted()}.send(request_to(server.origin("https"))).value().status == 200);
        BOOST_TEST(resumed == before);
    }
}

BOOST_AUTO_TEST_CASE(many_threads_over_tls)
{
    loopback_server const server{[](http_request const& request) { return http_response{200, {}, request.body}; }, {}, authority().server()};
    beast_transport transport{authority().trusted()};
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; i < 10; ++i)
            {
                auto const text = std::to_string(t) + ' ' + std::to_string(i);
                auto const got = transport.send({.method = http_method::post, .url = server.origin(), .body = secret(text)});
                if (got.has_value() && got->body.matches(text)) ++good;
            }
        });
    for (auto& thread : threads) thread.join();
    BOOST_TEST(good == 40);
}

BOOST_AUTO_TEST_SUITE_END()
