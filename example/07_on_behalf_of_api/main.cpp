// An API that is called with a user's token, and calls Microsoft Graph in that user's name. How it does that stands in on_behalf_of_api.hpp; here are a caller, and what serves them.
//
// With nothing set, a built-in identity provider and Graph play Microsoft, and a built-in caller calls. --help tells what can be set.

#include "../support/chosen_browser.hpp"
#include "../support/graph_flow.hpp"
#include "../support/serving.hpp"
#include "../support/web_server.hpp"
#include "on_behalf_of_api.hpp"
#include <iostream>

namespace {

/// The caller: signs the user in, calls the API, and signs in once more where the API says what is missing.
oauth::result<oauth::http_response> call(std::string const& api, oauth::server_metadata const& server, oauth::client const& who, example::settings const& given)
{
    oauth::memory_flow flow{server, who};
    oauth::authorization_options options;
    for (bool first = true;; first = false)
    {
        auto const signed_in = flow.sign_in(example::chosen_browser(given), oauth::loopback_receiver{}, options);
        if (signed_in.has_error()) return signed_in.error();
        auto answer = flow.call({.url = api + "/me"});
        if (answer.has_value() || answer.error().next != oauth::advice::sign_in_again || !first) return answer;
        auto const& wanted = answer.error().server;
        options.claims = wanted.claims;
        options.acr_values = wanted.acr_values;
        options.max_age = wanted.max_age;
        std::cerr << "The API wants more of the user: " << oauth::escaped(wanted.claims.empty() ? wanted.acr_values : wanted.claims) << "\n\n";
    }
}

/// The API by itself, for a caller of one's own.
int serve(example::settings const& given)
{
    example::serving const until;
    auto const server = example::server_of(given);
    if (server.has_error()) return example::report(server.error());
    auto const graph = example::graph_url_of(given, *server);
    if (graph.has_error()) return example::report(graph.error());
    example::on_behalf_of_api api(*server, {.id = given.client_id, .secret = given.client_secret, .resource = example::resource_of(given, *server)}, *graph, given.ca_file);
    example::web_server line([&api](oauth::http_request const& request) { return api(request); }, given.port);
    line.start();
    std::cerr << "The API is at\n\n  " << line.origin() << "/me\n\nCall it with an access token for api://" << given.client_id << "/access_as_user. Ctrl-C ends it.\n";
    until.wait(given.seconds);
    return example::succeeded;
}

/// The API, its caller, and a provider that wants a second factor before anybody calls Graph in the user's name.
int play(example::settings const& given)
{
    oauth::client const who{.id = "33333333-4444-4555-8666-777777777777", .secret = oauth::secret("the API's secret")};
    auto caller = example::built_in_provider::registration("openid offline_access api://33333333-4444-4555-8666-777777777777/access_as_user");
    caller.capabilities = {"cp1"};   // it can answer claims challenges
    std::optional<example::built_in_provider> provider(std::in_place, oauth::testing::authorization_server_options{
        .clients = {oauth::testing::registered_client::of(caller), oauth::testing::registered_client::of(who)},
        .interactive_claims = R"({"access_token":{"acrs":{"essential":true,"value":"c1"}}})"});
    auto const server = example::server_of(given, provider);
    if (server.has_error()) return example::report(server.error());

    provider->challenge_next();   // and Graph wants a newer token than the first
    example::on_behalf_of_api api(*server, who, provider->origin(), given.ca_file);
    example::web_server line([&api](oauth::http_request const& request) { return api(request); }, 0);
    line.start();
    auto const answer = call(line.origin(), *server, caller, given);
    if (answer.has_error()) return example::report(answer.error());
    std::cout << answer->body.reveal() << '\n';
    return answer->status == 200 && std::cout.flush() ? example::succeeded : example::failed;
}

constexpr char own_settings[] = R"(
settings of this program:
  --port N               where the API listens, on this machine (default: any port that is free)
  --seconds N            end by itself after so long; Ctrl-C ends it too, both with exit status 0

With TENANT_ID, CLIENT_ID and CLIENT_SECRET set, which are the API's, it waits to be called. Its app registration exposes the scope access_as_user.
)";

} // namespace

int main(int count, char** words)
{
    using namespace example;
    constexpr char usage[] = "07_on_behalf_of_api [FLAGS]\n\nAn API that calls Microsoft Graph in the name of whoever calls it. GET /me: what Graph says of them.";
    auto const run = [](example::settings const& given) { return given.built_in() ? play(given) : serve(given); };
    return example::run_program(count, words, {.usage = usage, .scope = "", .does = has_secret | calls_graph | has_users | opens_browser, .own_settings = own_settings}, run);
}
