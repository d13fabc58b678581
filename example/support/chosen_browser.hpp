#ifndef EXAMPLE_SUPPORT_CHOSEN_BROWSER_HPP
#define EXAMPLE_SUPPORT_CHOSEN_BROWSER_HPP

#include "automatic_browser.hpp"
#include "settings.hpp"
#include <oauth/policy/browser.hpp>
#include <oauth/policy/browser/announcing_browser.hpp>
#include <oauth/policy/browser/printing_browser.hpp>
#include <string>
#include <variant>

namespace example {

/// The browser that the settings choose: the user's own, none but a URL to open elsewhere, or a built-in one.
class chosen_browser
{
    std::variant<oauth::announcing_browser<>, oauth::printing_browser, automatic_browser> browser_;

public:
    explicit chosen_browser(settings const& given)
    {
        if (is_automatic(given)) browser_.emplace<automatic_browser>();
        else if (given.no_browser) browser_.emplace<oauth::printing_browser>();
    }

    oauth::result<void> open(std::string const& url)
    {
        return std::visit([&url](auto& browser) { return browser.open(url); }, browser_);
    }
};
static_assert(oauth::check_browser<chosen_browser>());

} // namespace example

#endif
