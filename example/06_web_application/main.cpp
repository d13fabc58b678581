// A web application that many users sign in to at once, in several tabs each. How it does that stands in application.hpp; here it is served.
//
// With nothing set, a built-in identity provider and Graph play Microsoft. --help tells what can be set.

#include "../support/automatic_users.hpp"
#include "../support/graph_flow.hpp"
#include "../support/serving.hpp"
#include "../support/web_server.hpp"
#include "application.hpp"
#include <iostream>

namespace {

/// Serve until Ctrl-C; or, with built-in users, until all of them have been here.
int run(example::settings const& given)
{
    example::serving const until;
    std::vector<oauth::testing::test_user> users;
    for (std::string const name : {"Ada", "Berta", "Chandra", "Dilek", "Eva", "Fatma"})
        users.push_back({.username = name + "@contoso.example", .name = name, .object_id = "33333333-aaaa-4bbb-8ccc-44444444444" + std::to_string(users.size())});
    oauth::client who{.id = given.client_id, .secret = given.client_secret, .redirect_uri = given.redirect_uri, .scope = given.scope};
    if (given.built_in())
        who = {.id = "44444444-5555-4666-8777-888888888888", .secret = oauth::secret("the application's secret"), .redirect_uri = "http://localhost/callback", .scope = given.scope};

    std::optional<example::built_in_provider> provider;
    if (given.built_in()) provider.emplace(oauth::testing::authorization_server_options{
        .clients = {{.id = who.id, .secret = std::string(who.secret.reveal()), .redirect_uris = {who.redirect_uri, "http://localhost/"}}}, .users = users});
    auto const server = example::server_of(given, provider);
    if (server.has_error()) return example::report(server.error());
    if (!provider) who.resource = example::resource_of(given, *server);
    auto const registered = oauth::endpoint::parse(who.redirect_uri);
    if (registered.has_error()) return example::report(registered.error());
    if (!oauth::is_loopback(registered->host()) || registered->secure() || registered->target() != "/callback")
    {
        std::cerr << "Failed: REDIRECT_URI must be http://localhost:PORT/callback; behind a proxy that does https it may be anything, but then this program must be changed\n";
        return example::wrong_settings;
    }

    auto const graph = provider ? provider->origin() : example::graph_url_of(given, *server);
    if (graph.has_error()) return example::report(graph.error());
    example::application app(oauth::memory_flow{*server, who, oauth::beast_transport{{.ca_file = given.ca_file}}}, *graph);
    std::uint16_t const port = given.built_in() ? given.port : registered->port();
    example::web_server line([&app](oauth::http_request const& request) { return app(request); }, port);
    auto const home = "http://localhost:" + std::to_string(line.port());
    app.set_home(home);
    line.start();
    if (!example::is_automatic(given))
    {
        std::cerr << "Open\n\n  " << home << "/\n\nCtrl-C ends it.\n";
        until.wait(given.seconds);
        return example::succeeded;
    }
    auto const seen = example::visit_at_once(home, users);
    bool good = true;
    for (std::size_t i = 0; i < users.size(); ++i)
    {
        std::cout << users[i].username << ": " << seen[i] << '\n';
        good = good && seen[i] == "Hello, " + users[i].name;
    }
    return good && std::cout.flush() ? example::succeeded : example::failed;
}

constexpr char own_settings[] = R"(
settings of this program:
  --port N               where the built-in one listens, on this machine (default: any port that is free)
  --seconds N            end by itself after so long; Ctrl-C ends it too, both with exit status 0

REDIRECT_URI must be http://localhost:PORT/callback, registered as a web platform; http://localhost:PORT/ besides, to come back after signing out.
)";

} // namespace

int main(int count, char** words)
{
    using namespace example;
    constexpr char usage[] = "06_web_application [FLAGS]\n\nA web application that many users sign in to. With --auto, or with nobody at the terminal, built-in users do, all at once, and it ends.";
    return example::run_program(count, words, {.usage = usage, .scope = "openid profile offline_access User.Read", .does = has_secret | is_returned_to | asks_scope | calls_graph | has_users, .own_settings = own_settings}, run);
}
