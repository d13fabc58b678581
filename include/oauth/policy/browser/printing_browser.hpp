#ifndef OAUTH_POLICY_BROWSER_PRINTING_BROWSER_HPP
#define OAUTH_POLICY_BROWSER_PRINTING_BROWSER_HPP

#include <oauth/core/endpoint.hpp>
#include <oauth/error/result.hpp>
#include <oauth/policy/browser.hpp>
#include <iostream>
#include <ostream>
#include <string>

namespace oauth {

/** Prints the URL, for the user to open wherever there is a browser. It opens none itself.

    On standard error by default, so that standard output stays the program's. The URL stands on a line of its own.

    @par Lifetime
    The stream must outlive it.

    @par Thread safety
    One thread at a time, and nobody else may use the stream meanwhile.
*/
class printing_browser
{
    std::ostream* out_ = &std::cerr;

public:
    /// On standard error.
    printing_browser() = default;

    /// On another stream.
    explicit printing_browser(std::ostream& out) : out_(&out) {}

    /** Print `url`.

        @return Nothing, or
            @li errc::invalid_url, errc::insecure_url, errc::url_has_fragment, errc::url_has_userinfo when it is not https, or http on loopback: nothing is printed then,
                and so nothing that could play tricks with a terminal,
            @li errc::browser_unavailable when the stream takes nothing.
    */
    result<void> open(std::string const& url)
    {
        // Its characters are those of RFC 3986 then.
        auto const checked = endpoint::parse(url);
        if (!checked) return failure(checked.error().code, advice::fix_configuration, "only https URLs, and http on this machine, are for a browser");
        *out_ << "Sign in with your browser at\n\n  " << url << "\n\n" << std::flush;
        if (!*out_) return failure(errc::browser_unavailable, advice::give_up, "the URL could not be printed either");
        return {};
    }
};
static_assert(check_browser<printing_browser>());

} // namespace oauth

#endif
