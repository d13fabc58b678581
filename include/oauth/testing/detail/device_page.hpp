#ifndef OAUTH_TESTING_DETAIL_DEVICE_PAGE_HPP
#define OAUTH_TESTING_DETAIL_DEVICE_PAGE_HPP

#include <oauth/testing/detail/pages.hpp>
#include <oauth/testing/detail/parameters.hpp>
#include <oauth/testing/detail/server_answer.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <oauth/testing/detail/server_state.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

namespace oauth::testing::detail {

/// The page where the user enters the code that a device shows, then sees what the device wants, signs in, and allows it or not (RFC 8628 3.3). The state is locked by the caller.
class device_page_visit
{
    server_state& state_;
    route const& route_;
    time_point now_;

public:
    device_page_visit(server_state& state, route const& where, time_point now) : state_(state), route_(where), now_(now) {}

    http_response answer(http_request const& request)
    {
        bool const post = request.method == http_method::post;
        if (!post && request.method != http_method::get) return text_response(405, "Method Not Allowed");
        auto const parsed = parse_form(post && is_form(request) ? request.body.reveal() : route_.query);
        auto const parameters = parsed && find_duplicate(*parsed).empty() ? *parsed : form_parameters{};
        auto const entered = value_of(parameters, "user_code");
        // A link that has the code in it fills it in; the user must still see that it is the one that the device shows (RFC 8628 5.4).
        if (!post) return ask_code(entered, {});
        auto* const device = find(entered);
        if (device == nullptr) return ask_code(entered, "That code is not right, or it has expired.");
        if (value_of(parameters, "step") != "consent") return ask_consent(*device, {}, {});
        if (value_of(parameters, "choice") != "accept")
        {
            ++state_.counts.cancellations;
            device->declined = true;
            return end("You have declined", "The device is told so.");
        }
        auto const username = value_of(parameters, "username");
        auto const* const user = state_.find_user(username);
        if (user == nullptr || (!user->password.empty() && user->password != value_of(parameters, "password")))
            return ask_consent(*device, username, "The account or the password is not right.");
        ++state_.counts.sign_ins;
        device->of = std::make_shared<grant>(grant{device->request, *user, now_, false});
        return end("You have signed in", "Go back to the device: it goes on by itself.");
    }

private:
    /// As people type it: without regard to case, blanks and dashes.
    static std::string plain(std::string_view code)
    {
        std::string out;
        for (char const c : code)
            if (c != '-' && c != ' ') out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        return out;
    }

    /// One that still waits for its user.
    device_record* find(std::string_view entered)
    {
        auto const wanted = plain(entered);
        auto const found = std::find_if(state_.device_codes.begin(), state_.device_codes.end(), [&](auto const& one) { return plain(one.second.user_code) == wanted; });
        if (found == state_.device_codes.end()) return nullptr;
        auto& device = found->second;
        return device.expires_at <= now_ || device.of || device.declined ? nullptr : &device;
    }

    static std::string fault_text(std::string_view fault) { return fault.empty() ? std::string() : "<p class=\"bad\" role=\"alert\">" + html_escape(fault) + "</p>\n"; }

    http_response ask_code(std::string_view code, std::string_view fault) const
    {
        std::string content = "<h1>Enter code</h1>\n<p class=\"dim\">Enter the code that your device shows. If it shows none, or another, stop here.</p>\n" + fault_text(fault);
        content += form_begin(route_.path) + "<label for=\"user_code\">Code</label>\n<input id=\"user_code\" name=\"user_code\" type=\"text\" autocomplete=\"off\" required value=\""
                 + html_escape(code) + "\">\n<div class=\"row\"><button class=\"main\">Next</button></div>\n</form>";
        return html_response(200, html_page("Enter code", content));
    }

    http_response ask_consent(device_record const& device, std::string_view username, std::string_view fault) const
    {
        std::string content = "<h1>Sign in to a device</h1>\n<p>On a device that shows the code <strong>" + html_escape(device.user_code) + "</strong>, <strong>"
                            + html_escape(device.request.client->name) + "</strong> would like to:</p>\n<ul>\n";
        device.request.scope.for_each([&content](std::string_view token) {
            auto const meaning = scope_meaning(token);
            content += "<li>" + html_escape(meaning.empty() ? token : meaning) + "</li>\n";
        });
        if (!device.request.resource.empty()) content += "<li>Access as you<small>" + html_escape(device.request.resource) + "</small></li>\n";
        content += "</ul>\n" + fault_text(fault) + form_begin(route_.path) + hidden("user_code", device.user_code) + hidden("step", "consent");
        content += account_fields(username, state_.options.users);
        content += "<div class=\"row\"><button class=\"main\" name=\"choice\" value=\"accept\">Sign in</button>"
                   "<button name=\"choice\" value=\"cancel\" formnovalidate>Cancel</button></div>\n</form>";
        return html_response(200, html_page("Sign in to a device", content));
    }

    static http_response end(std::string_view title, std::string_view text)
    {
        return html_response(200, html_page(title, "<h1>" + html_escape(title) + "</h1>\n<p class=\"dim\">" + html_escape(text) + " You can close this page.</p>"));
    }
};

inline http_response device_page(server_state& state, route const& where, http_request const& request, time_point now)
{
    return device_page_visit(state, where, now).answer(request);
}

} // namespace oauth::testing::detail

#endif
