// Call an API with flow.call: list the businesses of Microsoft Bookings. The access token comes from memory, from the store, or is renewed; when the API says
// that it is no longer valid, it is renewed once and the request is sent once more.
//
// With nothing set, a built-in identity provider and Graph play Microsoft. --help tells what can be set.

#include "support/graph_flow.hpp"
#include "support/graph_page.hpp"
#include "support/standard_output.hpp"
#include <iostream>

namespace {

/// Follow the pages of the list, on this one host: a next link elsewhere would carry the token there.
int list(example::graph_client& graph)
{
    auto const first = oauth::endpoint::parse(*graph.graph_url() + "/v1.0/solutions/bookingBusinesses");
    if (first.has_error()) return example::report(first.error());

    std::size_t businesses = 0;
    oauth::endpoint next = *first;
    for (int pages = 0; !next.empty(); ++pages)
    {
        if (pages == 1000)
        {
            std::cerr << "Failed: more than 1000 pages; the list does not seem to end\n";
            return example::refused;
        }
        auto const answer = graph.flow().call({.url = next, .fields = {{"Accept", "application/json"}}});
        if (answer.has_error()) return example::report(answer.error());
        if (answer->status != 200)
        {
            std::cerr << "Failed: " << example::describe_graph_error(*answer) << '\n';
            return example::exit_code_of(*answer);
        }
        auto const page = example::read_graph_page(answer->body.reveal());
        if (!page)
        {
            std::cerr << "Failed: Graph's answer is not a list\n";
            return example::refused;
        }
        for (auto const& business : page->items)
        {
            std::cout << oauth::escaped(business.id) << '\t' << oauth::escaped(business.name) << '\n';
            ++businesses;
        }
        // Whoever reads may have seen enough.
        if (!example::print_out()) return example::not_printed;
        next = oauth::endpoint();
        if (page->next_link.empty()) continue;
        auto const link = oauth::endpoint::parse(page->next_link);
        if (link.has_error() || !link->same_origin(*first))
        {
            std::cerr << "Failed: the next page is said to be on another host than " << first->origin() << "; the token is not sent there\n";
            return example::refused;
        }
        next = *link;
    }
    std::cerr << businesses << (businesses == 1 ? " business\n" : " businesses\n");
    return example::succeeded;
}

int run(example::settings const& given)
{
    example::graph_client graph;
    if (auto const ready = graph.set_up(given); ready.has_error()) return example::report(ready.error());
    if (graph.graph_url().has_error()) return example::report(graph.graph_url().error());

    bool sign_in = given.sign_in_anew;
    if (!sign_in)
        if (auto const token = graph.flow().access_token(); token.has_error())
        {
            sign_in = graph.needs_user(token.error());
            if (!sign_in) return example::report(token.error());
        }
    if (sign_in)
    {
        auto const tokens = graph.sign_in(given);
        if (tokens.has_error()) return example::report(tokens.error());
    }
    return list(graph);
}

} // namespace

int main(int count, char** words)
{
    constexpr char usage[] = "02_graph_bookings [FLAGS]\n\nLists the businesses of Microsoft Bookings that the user may see: one line each, id and name.";
    return example::run_program(count, words, {.usage = usage, .does = example::everything & ~example::prints_tokens}, run);
}
