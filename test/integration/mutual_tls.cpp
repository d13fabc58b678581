// RFC 8705 over real TLS: a client proves who it is by its certificate, its tokens are bound to it, and no header takes its place.

#include <oauth/flow/flow.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/policy/authentication/tls_client_auth.hpp>
#include <oauth/policy/transport/beast_transport.hpp>
#include <oauth/request/client_credentials.hpp>
#include <oauth/request/introspection.hpp>
#include <oauth/testing/authorization_server.hpp>
#include <oauth/testing/detail/certificate_field.hpp>
#include <oauth/testing/loopback_server.hpp>
#include <boost/test/unit_test.hpp>
#include "../support/certificate.hpp"
#include "../support/printing.hpp"
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

namespace {

using namespace oauth;
using test_support::identity;
using test_support::make_identity;

std::string thumbprint(identity const& of) { return std::string(private_key::from_pem(of.key_pem()).value().with_certificate(of.certificate_pem()).value().certificate_sha256()); }

/// Says that it has a certificate, and shows none.
struct boasting_transport
{
    beast_transport line;
    std::string certificate;

    result<http_response> send(http_request request)
    {
        request.fields.push_back({std::string(testing::client_certificate_field), certificate});
        return line.send(std::move(request));
    }
};

struct bank
{
    identity root = make_identity({.common_name = "root", .is_authority = true});
    identity own = make_identity({.alternative_names = "", .common_name = "the client"}, &root);
    identity other = make_identity({.alternative_names = "", .common_name = "another"}, &root);
    identity self_signed = make_identity({.alternative_names = "", .common_name = "the client"});
    std::filesystem::path folder;
    std::string root_file;
    testing::authorization_server<> server;

    static client who() { return {.id = "the client", .redirect_uri = "https://app.example/back", .scope = "openid offline_access accounts"}; }

    testing::authorization_server_options options() const
    {
        testing::authorization_server_options made{.kind = testing::personality::standard, .clients = {testing::registered_client::of(who())}};
        made.clients[0].tls_client_auth_subject_dn = "CN=the client";
        made.clients[0].tls_client_certificate_bound_access_tokens = true;
        auto self = made.clients[0];
        self.id = "self-signed";
        self.tls_client_auth_subject_dn.clear();
        self.tls_client_auth_thumbprint = thumbprint(self_signed);
        made.clients.push_back(self);
        return made;
    }

    /// Asks for a certificate, and takes it where the authority certifies it, or any where `any` is set: then its thumbprint alone counts.
    boost::asio::ssl::context context(bool any) const
    {
        auto made = test_support::server_context(make_identity({}, &root));
        SSL_CTX_set_verify(made.native_handle(), SSL_VERIFY_PEER, any ? +[](int, X509_STORE_CTX*) { return 1; } : nullptr);
        SSL_CTX_load_verify_file(made.native_handle(), root_file.c_str());
        static unsigned char const id[] = "test";
        SSL_CTX_set_session_id_context(made.native_handle(), id, sizeof id);
        return made;
    }

    std::string make_root_file()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "oauth_test_XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
        auto path = (folder / "root.pem").string();
        std::ofstream(path) << root.certificate_pem();
        return path;
    }

    struct front_of
    {
        testing::authorization_server<> server;
        http_response operator()(http_request const& request) const { return server.handle(request); }
    };
    testing::loopback_server<front_of> front;

    explicit bank(bool any = false) : root_file(make_root_file()), server(options()), front(front_of{server}, {}, context(any)) { server.set_origin(front.origin()); }
    ~bank() { std::filesystem::remove_all(folder); }

    beast_transport plain() const { return beast_transport{{.ca_file = root_file, .use_system_roots = false}}; }

    beast_transport showing(identity const& which) const
    {
        return beast_transport{{.ca_file = root_file, .certificate_pem = which.certificate_pem(), .private_key_pem = secret(which.key_pem()), .use_system_roots = false}};
    }

    template <transport Transport>
    auto flow_by(Transport line, client of = who()) const
    {
        return flow{server.metadata(), std::move(of), std::move(line), tls_client_auth{}};
    }

    /// The user's browser has no certificate.
    template <class Flow>
    result<signed_in> sign_in(Flow& with) const
    {
        auto pending = with.authorize().value();
        auto browser = plain();
        auto const redirect = testing::user_agent<beast_transport>(browser).sign_in(pending.url).value().url;
        return with.exchange(std::move(pending), redirect);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(integration_mutual_tls)

BOOST_AUTO_TEST_CASE(a_certificate_proves_who_the_client_is)
{
    bank here;
    auto graph = here.flow_by(here.showing(here.own));
    auto const tokens = here.sign_in(graph);
    BOOST_TEST_REQUIRE(tokens.has_value(), (tokens.has_error() ? describe(tokens.error()) : ""));
    BOOST_TEST(tokens->identity.has_value());
    BOOST_TEST(graph.userinfo().value().name.value() == "Alex Example");
    BOOST_TEST(graph.refresh().has_value());
    BOOST_TEST(graph.obtain(client_credentials{.scope = "accounts"}).has_value());
    BOOST_TEST(graph.authorize({.pushed = true}).has_value());
    BOOST_TEST(graph.revoke().has_value());
}

BOOST_AUTO_TEST_CASE(tokens_are_bound_to_it)
{
    bank here;
    auto graph = here.flow_by(here.showing(here.own));
    BOOST_TEST_REQUIRE(here.sign_in(graph).has_value());
    auto const token = graph.access_token().value();
    auto const said = graph.ask(introspection{.token = secret(token.reveal())}).value();
    BOOST_TEST(said.active);

    http_request const request{.url = here.server.metadata().userinfo_endpoint, .authorization = token.authorization()};
    BOOST_TEST(here.showing(here.own).send(request).value().status == 200);
    // A thief has the token, and not the key.
    auto nobody = here.plain(), somebody_else = here.showing(here.other);
    for (auto* const line : {&nobody, &somebody_else})
    {
        auto const refused = line->send(request).value();
        BOOST_TEST(refused.status == 401);
        BOOST_TEST(find_field(refused.fields, "WWW-Authenticate") == "Bearer error=\"invalid_token\"");
    }
}

BOOST_AUTO_TEST_CASE(nothing_else_proves_it)
{
    bank here;
    auto const field = testing::detail::certificate_field_of(here.own.certificate_pem());
    auto const refused = [&](auto with) {
        auto const outcome = with.obtain(client_credentials{.scope = "accounts"});
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == server_errc::invalid_client, describe(outcome.error()));
        BOOST_TEST(outcome.error().http_status == 401);
    };
    refused(here.flow_by(here.plain()));                                                   // none
    refused(here.flow_by(here.showing(here.other)));                                       // another's
    refused(here.flow_by(boasting_transport{here.plain(), field}));                        // a field is no certificate
    refused(here.flow_by(boasting_transport{here.showing(here.other), field}));
    BOOST_TEST(here.flow_by(boasting_transport{here.showing(here.own), ":!:"}).obtain(client_credentials{.scope = "accounts"}).has_value());
    // One that the authority does not know ends the handshake.
    auto const unknown = here.flow_by(here.showing(here.self_signed)).obtain(client_credentials{.scope = "accounts"});
    BOOST_TEST_REQUIRE(unknown.has_error());
    BOOST_TEST((unknown.error().code == errc::handshake_failed || unknown.error().code == errc::connection_lost), describe(unknown.error()));
    // A secret does not take its place.
    auto with_secret = bank::who();
    with_secret.secret = secret("a secret");
    flow by_secret{here.server.metadata(), with_secret, here.showing(here.own)};
    BOOST_TEST(by_secret.obtain(client_credentials{.scope = "accounts"}).error().code == server_errc::invalid_request);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_signed_by_itself)   // RFC 8705 2.2
{
    bank here(true);
    auto who = bank::who();
    who.id = "self-signed";
    auto graph = here.flow_by(here.showing(here.self_signed), who);
    BOOST_TEST(here.sign_in(graph).has_value());
    BOOST_TEST(here.flow_by(here.showing(here.own), who).obtain(client_credentials{.scope = "accounts"}).error().code == server_errc::invalid_client);
}

BOOST_AUTO_TEST_SUITE_END()
