// A daemon: a program without a user, which calls APIs as itself. It proves who it is by a certificate: the private key signs, and never leaves the machine. A token
// is asked for once, and kept in memory until it grows old, however many threads want it.
//
// With nothing set, a key and a certificate are made, and a built-in identity provider plays Microsoft. --help tells what can be set.

#include "support/graph_flow.hpp"
#include "support/own_certificate.hpp"
#include "support/read_file.hpp"
#include "support/show_tokens.hpp"
#include <iostream>

namespace {

/// Tells what becomes of each wish for a token. A daemon would count this for its metrics.
struct talkative : oauth::default_config
{
    static void observe(oauth::observation const& seen) noexcept { std::cout << "  " << oauth::to_string(seen.what) << '\n'; }
};
using daemon_flow = oauth::flow<oauth::beast_transport, oauth::memory_store, oauth::system_clock, oauth::private_key_jwt, talkative>;

/// The key, with its certificate: from a PKCS#12 container, from a PEM file that holds both, or from two PEM files.
oauth::result<oauth::private_key> read_key(example::settings const& given)
{
    if (given.key.ends_with(".p12") || given.key.ends_with(".pfx"))
    {
        auto const container = example::read_file(given.key);
        if (container.has_error()) return container.error();
        return oauth::private_key::from_pkcs12(container->reveal(), given.key_passphrase);
    }
    auto key = oauth::private_key::from_pem_file(given.key, given.key_passphrase);
    if (key.has_error() || given.certificate.empty()) return key;
    auto const certificate = example::read_file(given.certificate);
    if (certificate.has_error()) return certificate.error();
    return key->with_certificate(certificate->reveal());
}

int run(example::settings const& given)
{
    auto const own = given.built_in() ? example::own_key_and_certificate() : oauth::secret();
    auto const key = given.built_in() ? oauth::private_key::from_pem(own.reveal()) : read_key(given);
    if (key.has_error()) return example::report(key.error());
    if (key->certificate_sha256().empty())
    {
        std::cerr << "Failed: there is a key, but no certificate: set CLIENT_CERTIFICATE (--certificate)\n";
        return example::wrong_settings;
    }

    oauth::client who{.id = given.built_in() ? "22222222-3333-4444-8555-666666666666" : given.client_id};
    std::optional<example::built_in_provider> provider;
    if (given.built_in()) provider.emplace(oauth::testing::authorization_server_options{.clients = {{.id = who.id, .certificates = {std::string(own.reveal())}}}, .users = {}});
    auto const server = example::server_of(given, provider);
    if (server.has_error()) return example::report(server.error());
    if (!provider) who.resource = example::resource_of(given, *server);

    daemon_flow daemon{*server, who, oauth::beast_transport{{.ca_file = given.ca_file}}, oauth::private_key_jwt{*key}};
    auto const graph = example::graph_url_of(given, *server);
    if (given.scope.empty() && graph.has_error()) return example::report(graph.error());
    oauth::client_credentials const grant{.scope = given.scope.empty() ? oauth::microsoft::default_scope(*graph) : oauth::scope(given.scope)};

    std::cout << "certificate (x5t#S256): " << key->certificate_sha256() << "\n\nasking for a token:\n";
    auto const token = daemon.access_token(grant);
    if (token.has_error()) return example::report(token.error());
    auto const& facts = **token;
    std::cout << "  type:    " << oauth::escaped(facts.token_type) << "\n  asked:   " << facts.requested.str() << "\n  expires: " << example::local_time(facts.expires_at) << ", in "
              << example::as_words(facts.expires_at - daemon.clock().now()) << '\n';

    if (given.scope.empty())
    {
        // The kept token serves. Where Graph takes it no more, another one is got, and the request is sent once more.
        std::cout << "\ncalling Graph:\n";
        auto const answer = daemon.call({.url = (provider ? provider->origin() : *graph) + "/v1.0/solutions/bookingBusinesses"}, grant);
        if (answer.has_error()) return example::report(answer.error());
        std::cout << "  HTTP status " << answer->status << (answer->status == 403 ? ": the app has no permission for that\n" : "\n");
    }
    return std::cout.flush() ? example::succeeded : example::failed;
}

constexpr char own_settings[] = R"(
settings of this program:
  --key FILE             CLIENT_KEY          the private key: PEM, or PKCS#12 (.p12, .pfx)
  --certificate FILE     CLIENT_CERTIFICATE  its certificate, PEM, as uploaded to the app registration; not needed where the key's file holds it
                         KEY_PASSPHRASE      of an encrypted key

The scope is RESOURCE/.default of Microsoft Graph, where none is set.
)";

} // namespace

int main(int count, char** words)
{
    constexpr char usage[] = "05_daemon_certificate [FLAGS]\n\nGets a token for a program without a user, which proves who it is by a certificate. Prints what the token is, not the token.";
    return example::run_program(count, words, {.usage = usage, .scope = "", .does = example::asks_scope | example::calls_graph, .own_settings = own_settings}, run);
}
