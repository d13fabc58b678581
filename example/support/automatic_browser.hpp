#ifndef EXAMPLE_SUPPORT_AUTOMATIC_BROWSER_HPP
#define EXAMPLE_SUPPORT_AUTOMATIC_BROWSER_HPP

#include <oauth/policy/browser.hpp>
#include <oauth/policy/transport/beast_transport.hpp>
#include <oauth/response/device_authorization_response.hpp>
#include <oauth/testing/user_agent.hpp>
#include <iostream>
#include <string>
#include <thread>
#include <utility>

namespace example {

/// A user agent that signs in by itself at the built-in provider: reads its pages over HTTP, fills in the forms, and goes where it is sent in the end.
class automatic_browser
{
    std::jthread user_;

public:
    oauth::result<void> open(std::string const& url)
    {
        std::cerr << "No person is asked: a built-in user agent signs in at\n\n  " << url << "\n\n";
        user_ = std::jthread([url] {
            oauth::beast_transport line;
            auto end = oauth::testing::user_agent(line).sign_in(url);
            if (end.has_error())
            {
                std::cerr << "the built-in user agent could not sign in: " << end.error() << '\n';
                return;
            }
            // A fragment stays in the browser.
            auto const home = oauth::endpoint::parse(end->url.substr(0, end->url.find('#')));
            if (home.has_error()) return;
            oauth::http_request last{.url = *home};
            if (!end->form.empty())
            {
                last.method = oauth::http_method::post;
                last.fields = {{"Content-Type", "application/x-www-form-urlencoded"}};
                last.body = oauth::secret(std::move(end->form));
            }
            // The answer is the page that says to go back to the program.
            static_cast<void>(line.send(std::move(last)));
        });
        return {};
    }
};
static_assert(oauth::check_browser<automatic_browser>());

/// The same for a device: the user's phone, where its code is entered.
class automatic_phone
{
    std::jthread user_;

public:
    void enter(oauth::device_authorization_response const& codes)
    {
        std::cerr << "No person is asked: a built-in user agent enters the code.\n\n";
        user_ = std::jthread([page = codes.verification_uri, code = codes.user_code] {
            oauth::beast_transport line;
            auto const done = oauth::testing::user_agent(line).enter_code(page, code);
            if (done.has_error()) std::cerr << "the built-in user agent could not sign in: " << done.error() << '\n';
        });
    }
};

} // namespace example

#endif
