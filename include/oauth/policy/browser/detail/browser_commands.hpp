#ifndef OAUTH_POLICY_BROWSER_DETAIL_BROWSER_COMMANDS_HPP
#define OAUTH_POLICY_BROWSER_DETAIL_BROWSER_COMMANDS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <unistd.h>

namespace oauth::detail {

/// A program and its arguments. "%s" in any of them stands for the URL; without one, the URL is the last argument.
using command_line = std::vector<std::string>;

/// What decides how a browser is opened here.
struct browser_environment
{
    enum class system { linux_like, wsl, mac };

    system kind = system::linux_like;
    bool display = false;      ///< is there a screen: DISPLAY or WAYLAND_DISPLAY
    std::string browser;       ///< $BROWSER
};

inline std::string environment_variable(char const* name)
{
    auto const* const value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

/// Is this Linux run by Windows, by what /proc/version says?
inline bool is_wsl(std::string_view version)
{
    std::string lower(version);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; });
    return lower.find("microsoft") != std::string::npos;
}

/// Look around. Reads the environment of the process, as `getenv` does.
inline browser_environment this_environment()
{
    browser_environment found;
    found.browser = environment_variable("BROWSER");
    found.display = !environment_variable("DISPLAY").empty() || !environment_variable("WAYLAND_DISPLAY").empty();
#if defined(__APPLE__)
    found.kind = browser_environment::system::mac;
#elif defined(__linux__)
    std::string version;
    std::ifstream file("/proc/version");
    std::getline(file, version);
    if (!environment_variable("WSL_DISTRO_NAME").empty() || is_wsl(version)) found.kind = browser_environment::system::wsl;
#endif
    return found;
}

inline bool is_program(std::string const& path)
{
    return path.find('/') != std::string::npos && ::access(path.c_str(), X_OK) == 0;
}

/// $BROWSER: commands between colons, tried in order. Split at blanks, without a shell, unless the whole is the path of a program.
inline std::vector<command_line> parse_browser_variable(std::string_view value)
{
    std::vector<command_line> out;
    while (!value.empty())
    {
        auto const end = std::min(value.find(':'), value.size());
        auto entry = value.substr(0, end);
        value.remove_prefix(std::min(end + 1, value.size()));
        command_line command;
        if (is_program(std::string(entry))) command.emplace_back(std::exchange(entry, {}));
        while (!entry.empty())
        {
            auto const blank = std::min(entry.find_first_of(" \t"), entry.size());
            if (blank != 0) command.emplace_back(entry.substr(0, blank));
            entry.remove_prefix(std::min(blank + 1, entry.size()));
        }
        if (!command.empty()) out.push_back(std::move(command));
    }
    return out;
}

/// What to try, in order; nothing where no browser can be shown.
inline std::vector<command_line> browser_commands(browser_environment const& environment)
{
    auto out = parse_browser_variable(environment.browser);
    auto const add = [&out](std::initializer_list<command_line> more) { out.insert(out.end(), more); };
    if (environment.kind == browser_environment::system::mac)
    {
        add({{"/usr/bin/open"}});
        return out;
    }
    // rundll32 rather than PowerShell: it takes the URL as it is and interprets nothing. Its folder may be missing from PATH.
    if (environment.kind == browser_environment::system::wsl)
        add({{"wslview"},
             {"rundll32.exe", "url.dll,FileProtocolHandler"},
             {"/mnt/c/Windows/System32/rundll32.exe", "url.dll,FileProtocolHandler"}});
    if (environment.display) add({{"xdg-open"}, {"gio", "open"}, {"x-www-browser"}});
    return out;
}

/// The arguments with the URL in its place. The URL is one argument, or part of one, and never interpreted.
inline command_line with_url(command_line command, std::string const& url)
{
    bool placed = false;
    for (std::size_t i = 1; i < command.size(); ++i)
        if (auto const at = command[i].find("%s"); at != std::string::npos)
        {
            command[i].replace(at, 2, url);
            placed = true;
        }
    if (!placed) command.push_back(url);
    return command;
}

} // namespace oauth::detail

#endif
