#ifndef EXAMPLE_SUPPORT_PRINT_TOKENS_HPP
#define EXAMPLE_SUPPORT_PRINT_TOKENS_HPP

#include "graph_flow.hpp"
#include "show_tokens.hpp"
#include <iostream>

#include <unistd.h>   // isatty

namespace example {

/// Print what the token endpoint said, as a table for a person or as JSON for a program. Returns the exit status.
inline int print(oauth::token_response const& tokens, graph_client& graph, settings const& given)
{
    bool const table = given.table || (!given.json && isatty(STDOUT_FILENO) != 0);
    if (table)
    {
        std::cout << "The answer of the token endpoint:\n\n";
        show(std::cout, tokens, graph.flow().clock().now());
        if (!graph.built_in()) std::cout << "\nKept in " << given.store << ", readable by you alone. The next run renews them.\n";
    }
    else std::cout << to_json(tokens) << '\n';
    if (std::cout.flush()) return succeeded;
    std::cerr << "Failed: standard output could not be written" << (graph.built_in() ? "\n" : "; the tokens are kept, run again to renew them\n");
    return failed;
}

} // namespace example

#endif
