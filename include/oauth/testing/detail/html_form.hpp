#ifndef OAUTH_TESTING_DETAIL_HTML_FORM_HPP
#define OAUTH_TESTING_DETAIL_HTML_FORM_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/testing/detail/text.hpp>
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

namespace oauth::testing::detail {

struct html_form
{
    std::string action;
    form_parameters inputs;
};

/// The value of an attribute within `tag`, or "".
inline std::string attribute_of(std::string_view tag, std::string_view name)
{
    auto const mark = ' ' + std::string(name) + "=\"";
    auto const begin = tag.find(mark);
    if (begin == tag.npos) return {};
    auto const value = tag.substr(begin + mark.size());
    return html_unescape(value.substr(0, value.find('"')));
}

/// The first form of a page, as this folder's pages write them: quoted attributes, no '>' within one.
inline std::optional<html_form> find_form(std::string_view page)
{
    auto const begin = page.find("<form ");
    if (begin == page.npos) return std::nullopt;
    page = page.substr(begin, page.find("</form>", begin) - begin);
    html_form out;
    out.action = attribute_of(page.substr(0, page.find('>')), "action");
    for (auto at = page.find("<input "); at != page.npos; at = page.find("<input ", at + 1))
    {
        auto const tag = page.substr(at, page.find('>', at) - at);
        if (auto name = attribute_of(tag, "name"); !name.empty()) out.inputs.push_back({std::move(name), attribute_of(tag, "value")});
    }
    return out;
}

} // namespace oauth::testing::detail

#endif
