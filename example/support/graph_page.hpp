#ifndef EXAMPLE_SUPPORT_GRAPH_PAGE_HPP
#define EXAMPLE_SUPPORT_GRAPH_PAGE_HPP

#include "exit_code.hpp"
#include <oauth/core/http_message.hpp>
#include <oauth/error/failure.hpp>
#include <oauth/response/retry_after.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace example {

struct graph_item
{
    std::string id, name;
};

/// One page of a list of Microsoft Graph.
struct graph_page
{
    std::vector<graph_item> items;   // may be none, though a next page follows
    std::string next_link;           // opaque and absolute; empty on the last page
};

inline std::string text_of(boost::json::object const& from, char const* name)
{
    auto const* const value = from.if_contains(name);
    auto const* const text = value ? value->if_string() : nullptr;
    return text ? std::string(text->data(), text->size()) : std::string();
}

/// Read a page; nothing where `body` is no list.
inline std::optional<graph_page> read_graph_page(std::string_view body)
{
    boost::system::error_code ec;
    auto const root = boost::json::parse(boost::json::string_view(body.data(), body.size()), ec);
    auto const* const object = ec ? nullptr : root.if_object();
    auto const* const value = object ? object->if_contains("value") : nullptr;
    if (value == nullptr || !value->is_array()) return std::nullopt;

    graph_page page{{}, text_of(*object, "@odata.nextLink")};
    for (auto const& item : value->get_array())
        if (auto const* const business = item.if_object()) page.items.push_back({text_of(*business, "id"), text_of(*business, "displayName")});
    return page;
}

/// A Graph error in words: {"error":{"code","message","innerError"|"innererror":{"request-id"}}}. Graph's words are untrusted, so they are escaped.
inline std::string describe_graph_error(oauth::http_response const& answer)
{
    std::string out = "Graph answered with HTTP status " + std::to_string(answer.status);
    boost::system::error_code ec;
    auto const body = answer.body.reveal();
    auto const root = boost::json::parse(boost::json::string_view(body.data(), body.size()), ec);
    auto const* const object = ec ? nullptr : root.if_object();
    auto const* const error = object ? object->if_contains("error") : nullptr;
    if (error != nullptr && error->is_object())
    {
        auto const& what = error->get_object();
        if (auto const code = text_of(what, "code"); !code.empty()) out += ": " + oauth::escaped(code);
        if (auto const message = text_of(what, "message"); !message.empty()) out += "\n  Graph says: " + oauth::escaped(message);
        for (char const* name : {"innerError", "innererror"})
            if (auto const* const inner = what.if_contains(name); inner != nullptr && inner->is_object())
                if (auto const id = text_of(inner->get_object(), "request-id"); !id.empty()) out += "\n  request id, for Microsoft's support: " + oauth::escaped(id);
    }
    if (answer.status == 401) out += "\n  what to do next: sign in again (--new)";
    if (answer.status == 403) out += "\n  what to do next: ask for Bookings.Read.All or Bookings.ReadWrite.All (--scope), and have it consented to";
    if (answer.status == 404) out += "\n  what to do next: only members of a business see it; check the id";
    if (answer.status == 429 || answer.status >= 500)
    {
        auto const wait = oauth::retry_after(answer.fields);
        out += wait ? "\n  what to do next: try again after " + std::to_string(wait->count()) + " s" : std::string("\n  what to do next: try again later");
    }
    return out;
}

/// The exit status that stands for an answer of Graph other than 200, by what @ref describe_graph_error says to do next.
inline exit_code exit_code_of(oauth::http_response const& answer)
{
    if (answer.status == 401 || answer.status == 403) return not_signed_in;   // 403: a permission is not granted
    return answer.status == 429 || answer.status >= 500 ? failed : refused;
}

} // namespace example

#endif
