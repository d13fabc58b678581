#ifndef OAUTH_POLICY_BROWSER_SYSTEM_BROWSER_HPP
#define OAUTH_POLICY_BROWSER_SYSTEM_BROWSER_HPP

#include <oauth/core/endpoint.hpp>
#include <oauth/error/result.hpp>
#include <oauth/policy/browser.hpp>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>
#if defined(_WIN32)
// Without these it brings macros called min and max, and the winsock.h that Asio can't stand.
#if !defined(NOMINMAX)
#define NOMINMAX
#endif
#if !defined(WIN32_LEAN_AND_MEAN)
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>
#include <shellapi.h>
#else
#include <oauth/policy/browser/detail/browser_commands.hpp>
#include <oauth/policy/browser/detail/launch.hpp>
#include <chrono>
#include <optional>
#endif

namespace oauth {

/** Opens the user's default browser. No shell is involved, and nothing of the URL is ever interpreted.

    Linux and other Unix systems: the commands of `$BROWSER` (colon-separated, "%s" is the URL), under WSL `wslview` or Windows' own URL handler,
    then, where there is a screen (`DISPLAY` or `WAYLAND_DISPLAY`), `xdg-open`, `gio open`, `x-www-browser`. macOS: `$BROWSER`, `open`.
    Windows: `ShellExecute`. The first that works is taken. A command works if it ends with status 0, or still runs after a second: then it *is* the browser.

    The browser gets a session of its own, no terminal and no open file of this process. Browsers that live in the terminal are therefore of no use here.

    @par Thread safety
    Distinct objects are safe as long as nobody changes the environment.

    @par Cost
    As long as the launcher takes, at most a second for each command tried. One thread waits for a launcher that runs longer, so that it leaves no zombie.
*/
class system_browser
{
#if !defined(_WIN32)
    std::optional<std::vector<std::vector<std::string>>> commands_;
    std::chrono::milliseconds watch_ = std::chrono::seconds(1);
#endif

public:
    /// The longest URL that is opened; a server would hardly take a longer one.
    static constexpr std::size_t longest_url = 16 * 1024;

    system_browser() = default;

#if !defined(_WIN32)
    /// Try just these commands, each a program and its arguments, whatever the environment says; `watch` is how long a launcher is given to fail.
    explicit system_browser(std::vector<std::vector<std::string>> commands, std::chrono::milliseconds watch = std::chrono::seconds(1))
        : commands_(std::move(commands)), watch_(watch)
    {
    }
#endif

    /** Have `url` opened.

        Others on this machine may see it among the arguments of the browser's process: it must hold no secret, and an authorization URL holds none.

        @return Nothing, or
            @li errc::invalid_url, errc::insecure_url, errc::url_has_fragment, errc::url_has_userinfo when it is not https, or http on loopback,
            @li errc::invalid_url when it is longer than @ref longest_url,
            @li errc::browser_unavailable when there is no screen, no command, or none that works: the user must open the URL. @ref announcing_browser
                has printed it by then.

        @par Exception safety
        Strong; only allocation throws.
    */
    result<void> open(std::string const& url)
    {
        if (url.size() > longest_url) return failure(errc::invalid_url, advice::fix_configuration, "the URL is too long for a browser");
        // Its characters are those of RFC 3986 then: no blank, no quote, nothing that controls.
        auto const checked = endpoint::parse(url);
        if (!checked) return failure(checked.error().code, advice::fix_configuration, "only https URLs, and http on this machine, are opened in a browser");
        return show(url);
    }

private:
#if defined(_WIN32)
    static result<void> show(std::string const& url)
    {
        // ASCII: it was checked.
        std::wstring const wide(url.begin(), url.end());
        auto const shown = reinterpret_cast<INT_PTR>(::ShellExecuteW(nullptr, L"open", wide.c_str(), nullptr, nullptr, SW_SHOWNORMAL));
        if (shown > 32) return {};
        return failure(errc::browser_unavailable, advice::give_up, "Windows could not open the URL: open it yourself");
    }
#else
    result<void> show(std::string const& url) const
    {
        auto const commands = commands_ ? *commands_ : detail::browser_commands(detail::this_environment());
        if (commands.empty())
            return failure(errc::browser_unavailable, advice::give_up,
                           "there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set): open the URL yourself, or set BROWSER");
        for (auto const& command : commands)
            if (detail::launch(detail::with_url(command, url), watch_)) return {};
        return failure(errc::browser_unavailable, advice::give_up,
                       "none of the commands that open a browser works here: open the URL yourself, or set BROWSER");
    }
#endif
};
static_assert(check_browser<system_browser>());

} // namespace oauth

#endif
