#ifndef OAUTH_POLICY_BROWSER_ANNOUNCING_BROWSER_HPP
#define OAUTH_POLICY_BROWSER_ANNOUNCING_BROWSER_HPP

#include <oauth/error/result.hpp>
#include <oauth/policy/browser.hpp>
#include <oauth/policy/browser/printing_browser.hpp>
#include <oauth/policy/browser/system_browser.hpp>
#include <concepts>
#include <iostream>
#include <ostream>
#include <string>
#include <utility>

namespace oauth {

/** Prints the URL, and has another browser open it. Where that is unavailable the sign-in goes on all the same: the user opens the URL, here or on another
    machine.

    @code
    graph.sign_in(oauth::announcing_browser{}, oauth::loopback_receiver{});
    @endcode

    @par Lifetime
    The stream must outlive it.

    @par Thread safety
    As `Browser`; and nobody else may use the stream meanwhile.
*/
template <browser Browser = system_browser>
class announcing_browser
{
    Browser browser_;
    std::ostream* out_;

public:
    /// Prints on standard error.
    announcing_browser()
        requires std::default_initializable<Browser>
        : announcing_browser(Browser())
    {
    }

    /// Another browser, or another stream.
    explicit announcing_browser(Browser browser, std::ostream& out = std::cerr) : browser_(std::move(browser)), out_(&out) {}

    /** Print `url` and have it opened.

        @return Nothing, also where `Browser` fails with errc::browser_unavailable: what it advises is printed then. Or
            @li what @ref printing_browser finds wrong with the URL,
            @li errc::browser_unavailable when it can neither be opened nor printed,
            @li what else `Browser` fails with.
    */
    result<void> open(std::string const& url)
    {
        auto const printed = printing_browser(*out_).open(url);
        if (printed.has_error() && printed.error().code != errc::browser_unavailable) return printed;
        auto opened = browser_.open(url);
        if (opened.has_value() || opened.error().code != errc::browser_unavailable || printed.has_error()) return opened;
        auto const& advised = opened.error().hint;
        *out_ << '(' << (advised.empty() ? opened.error().code.message() + ": open the URL yourself" : advised) << ")\n\n" << std::flush;
        return {};
    }
};
static_assert(check_browser<announcing_browser<>>());

} // namespace oauth

#endif
