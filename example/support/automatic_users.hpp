#ifndef EXAMPLE_SUPPORT_AUTOMATIC_USERS_HPP
#define EXAMPLE_SUPPORT_AUTOMATIC_USERS_HPP

#include <oauth/core/http_message.hpp>
#include <oauth/error/result.hpp>
#include <oauth/policy/transport/beast_transport.hpp>
#include <oauth/testing/authorization_server_options.hpp>
#include <oauth/testing/user_agent.hpp>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace example {

/// A user of a web application, with a browser that keeps cookies, paths apart.
class automatic_user
{
    oauth::beast_transport line_;
    std::string origin_, username_;
    std::map<std::string, std::string> cookies_;

public:
    automatic_user(std::string origin, std::string username) : origin_(std::move(origin)), username_(std::move(username)) {}

    /// Begin two sign-ins, as in two tabs; finish the later one first, then the other; sign out. Returns the heading of the page that greets the user, or what went wrong.
    std::string visit()
    {
        auto const first = location(open(origin_ + "/sign_in")), second = location(open(origin_ + "/sign_in"));
        for (auto const& begun : {second, first})
        {
            auto const end = oauth::testing::user_agent(line_, username_).sign_in(begun);
            if (end.has_error()) return "not signed in: " + oauth::describe(end.error());
            if (auto const back = open(end->url.substr(0, end->url.find('#'))); back.status != 303) return "not signed in: " + heading(back);
        }
        auto const greeting = heading(open(origin_ + "/"));
        if (open(origin_ + "/sign_out", oauth::http_method::post).status != 303) return "not signed out";
        auto const after = heading(open(origin_ + "/"));
        return after == greeting ? "not signed out" : greeting;
    }

    static std::string heading(oauth::http_response const& page)
    {
        auto const text = page.body.reveal();
        auto const begin = text.find("<h1>"), end = text.find("</h1>");
        return begin == text.npos || end == text.npos ? "HTTP status " + std::to_string(page.status) : std::string(text.substr(begin + 4, end - begin - 4));
    }

private:
    static std::string location(oauth::http_response const& answer) { return std::string(oauth::find_field(answer.fields, "Location")); }

    oauth::http_response open(std::string const& url, oauth::http_method method = oauth::http_method::get)
    {
        auto const where = oauth::endpoint::parse(url);
        if (where.has_error()) return {};
        oauth::http_request request{.method = method, .url = *where};
        std::string kept;
        for (auto const& [name, value] : cookies_) kept += (kept.empty() ? "" : "; ") + name + '=' + value;
        if (!kept.empty()) request.fields.push_back({"Cookie", kept});
        auto const answer = line_.send(std::move(request));
        if (answer.has_error()) return {};
        for (auto const& field : answer->fields)
        {
            if (field.name != "Set-Cookie") continue;
            auto const equals = field.value.find('='), end = field.value.find(';');
            auto const name = field.value.substr(0, equals);
            if (field.value.find("Max-Age=0;") != std::string::npos) cookies_.erase(name);
            else cookies_[name] = field.value.substr(equals + 1, end - equals - 1);
        }
        return *answer;
    }
};

/// All of them at once. Returns what each has seen, in order.
inline std::vector<std::string> visit_at_once(std::string const& origin, std::vector<oauth::testing::test_user> const& users)
{
    std::vector<std::string> seen(users.size());
    std::vector<std::jthread> at_once;
    for (std::size_t i = 0; i < users.size(); ++i)
        at_once.emplace_back([&, i] { seen[i] = automatic_user(origin, users[i].username).visit(); });
    at_once.clear();   // waits for them
    return seen;
}

} // namespace example

#endif
