// Sign in on a machine without a browser: over ssh, in a container, on a printer. The program shows a code, the user enters it on a phone, and the program goes on.
// The next run finds the session and renews it.
//
// With nothing set, a built-in identity provider plays Microsoft. At Microsoft the app registration must allow public client flows. --help tells what can be set.

#include "support/graph_flow.hpp"
#include "support/print_tokens.hpp"
#include <iostream>
#include <utility>

namespace {

/// Renew the session that is kept, or have the user sign in elsewhere.
oauth::result<oauth::signed_in> get_tokens(example::graph_client& graph, example::settings const& given)
{
    if (!given.sign_in_anew)
    {
        auto renewed = graph.flow().refresh();
        if (renewed.has_value()) return oauth::signed_in{std::move(*renewed)};   // without an identity: an ID token that comes now is not verified
        if (!graph.needs_user(renewed.error())) return renewed.error();
    }

    example::automatic_phone phone;
    // Blocks until the user is done: it asks the server as often as that allows, until the code expires.
    return graph.flow().device_sign_in([&](oauth::device_authorization_response const& codes) {
        std::cerr << oauth::describe(codes) << ".\n\n";
        if (graph.automatic()) phone.enter(codes);
    });
}

int run(example::settings const& given)
{
    example::graph_client graph;
    if (auto const ready = graph.set_up(given); ready.has_error()) return example::report(ready.error());

    auto const tokens = get_tokens(graph, given);
    if (tokens.has_error()) return example::report(tokens.error());
    return example::print(*tokens, graph, given);
}

} // namespace

int main(int count, char** words)
{
    using namespace example;
    constexpr char usage[] = "04_device_login [FLAGS]\n\nSigns a user in who has a browser elsewhere, and prints the tokens that come of it. No redirect URI is needed.";
    return example::run_program(count, words, {.usage = usage, .does = has_secret | asks_scope | calls_graph | keeps_session | has_users | prints_tokens}, run);
}
