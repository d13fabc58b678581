// Get an access token and a refresh token from Microsoft, to call Microsoft Graph with: sign in, exchange the code, show every parameter of the answer,
// keep the session. The next run finds the session and renews it.
//
// With nothing set, a built-in identity provider plays Microsoft. --help tells what can be set.

#include "support/graph_flow.hpp"
#include "support/print_tokens.hpp"
#include <iostream>
#include <utility>

namespace {

/// Renew the session that is kept, or have the user sign in.
oauth::result<oauth::signed_in> get_tokens(example::graph_client& graph, example::settings const& given)
{
    if (given.sign_in_anew) return graph.sign_in(given);
    auto const kept = graph.flow().session();
    if (kept.has_error() && !graph.needs_user(kept.error())) return kept.error();
    if (kept.has_error() || !*kept) return graph.sign_in(given);

    std::cerr << "A session is kept: renewing it.\n\n";
    auto renewed = graph.flow().refresh();
    if (renewed.has_value()) return oauth::signed_in{std::move(*renewed)};   // without an identity: an ID token that comes now is not verified
    if (!graph.needs_user(renewed.error())) return renewed.error();
    return graph.sign_in(given);
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
    return example::run_program(count, words, {"01_graph_tokens [FLAGS]\n\nSigns a user in at Microsoft, and prints the tokens that come of it."}, run);
}
