#ifndef EXAMPLE_SUPPORT_PRINT_TOKENS_HPP
#define EXAMPLE_SUPPORT_PRINT_TOKENS_HPP

#include "graph_flow.hpp"
#include "show_tokens.hpp"
#include "standard_output.hpp"
#include <iostream>
#include <sstream>

#include <unistd.h>   // isatty

namespace example {

/// Print what the token endpoint said, as a table for a person or as JSON for a program. Returns the exit status.
inline int print(oauth::signed_in const& tokens, graph_client& graph, settings const& given)
{
    bool const table = given.table || (!given.json && isatty(STDOUT_FILENO) != 0);
    std::ostringstream out;
    if (table)
    {
        out << "The answer of the token endpoint:\n\n";
        show(out, tokens, graph.flow().clock().now(), tokens.identity.has_value());
        if (!graph.built_in()) out << "\nKept in " << given.store << ", readable by you alone. The next run renews them.\n";
    }
    else out << to_json(tokens) << '\n';
    if (print_out(out.view())) return succeeded;
    if (!graph.built_in()) std::cerr << "The tokens are kept in " << given.store << ": run again to renew them.\n";
    return not_printed;
}

} // namespace example

#endif
