#ifndef EXAMPLE_SUPPORT_BROWSERS_HPP
#define EXAMPLE_SUPPORT_BROWSERS_HPP

#include <oauth/policy/browser.hpp>
#include <oauth/policy/browser/system_browser.hpp>
#include <oauth/policy/transport/beast_transport.hpp>
#include <oauth/testing/user_agent.hpp>
#include <iostream>
#include <string>
#include <thread>

namespace example {

/// Prints the URL, and opens it in the default browser if there is one: a user without one can open it elsewhere.
class announcing_browser
{
    bool print_only_;

public:
    explicit announcing_browser(bool print_only) : print_only_(print_only) {}

    oauth::result<void> open(std::string const& url)
    {
        std::cerr << "Sign in with your browser at\n\n  " << url << "\n\n";
        if (print_only_) return {};
        auto const opened = oauth::system_browser().open(url);
        if (opened.has_error()) std::cerr << "(" << opened.error().code.message() << "; open the URL yourself)\n\n";
        return {};
    }
};
static_assert(oauth::check_browser<announcing_browser>());

/// A user agent that signs in by itself at the built-in provider: reads its pages over HTTP, fills in the forms, and follows the redirect.
class automatic_browser
{
    std::jthread user_;

public:
    oauth::result<void> open(std::string const& url)
    {
        std::cerr << "Nobody is at the terminal: a built-in user agent signs in at\n\n  " << url << "\n\n";
        user_ = std::jthread([url] {
            oauth::beast_transport line;
            auto const end = oauth::testing::user_agent(line).sign_in(url);
            if (end.has_error())
            {
                std::cerr << "the built-in user agent could not sign in: " << end.error() << '\n';
                return;
            }
            // The answer is the page that says that the sign-in is over.
            if (auto const home = oauth::endpoint::parse(end->url)) static_cast<void>(line.send({.url = *home}));
        });
        return {};
    }
};
static_assert(oauth::check_browser<automatic_browser>());

} // namespace example

#endif
