#ifndef OAUTH_POLICY_BROWSER_HPP
#define OAUTH_POLICY_BROWSER_HPP

#include <oauth/error/result.hpp>
#include <concepts>
#include <string>

namespace oauth {

/// Can it show the user a page?
template <class B>
concept opens = requires(B& browser, std::string const& url) {
    { browser.open(url) } -> std::same_as<result<void>>;
};

/** The role that shows the user the sign-in page.

    | expression | type | meaning |
    |---|---|---|
    | `b.open(url)` | `result<void>` | Have the URL opened; do not wait for the user. Fail at once with `errc::browser_unavailable` where that can't be done. |

    @par Exemplar
    @code
    struct my_browser
    {
        oauth::result<void> open(std::string const& url);
    };
    static_assert(oauth::check_browser<my_browser>());
    @endcode

    @par Models
    `system_browser`, `announcing_browser`, `printing_browser`
*/
template <class B>
concept browser = std::move_constructible<B> && opens<B>;

/// For the author of a browser: fails to compile with a sentence that says what is missing.
template <class B>
consteval bool check_browser()
{
    static_assert(std::move_constructible<B>, "browser: must be movable");
    static_assert(opens<B>, "browser: needs `oauth::result<void> open(std::string const& url)`");
    return browser<B>;
}

} // namespace oauth

#endif
