#ifndef OAUTH_TESTING_DETAIL_PAGES_HPP
#define OAUTH_TESTING_DETAIL_PAGES_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/testing/detail/server_state.hpp>
#include <oauth/testing/detail/text.hpp>
#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace oauth::testing::detail {

inline constexpr std::string_view page_style = R"(
:root{color-scheme:light dark;--back:#eef1f6;--card:#fff;--text:#1b1f27;--dim:#5b6472;--line:#d5dae3;--accent:#2457d6;--on:#fff;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--back:#12151b;--card:#1c212a;--text:#e8ebf1;--dim:#9aa4b5;--line:#343c4a;--accent:#7ea6ff;--on:#0d1420;--bad:#ff8a80}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;grid-template-columns:minmax(0,1fr);place-items:center;padding:1.5rem;
background:var(--back);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{width:100%;max-width:26rem;padding:2rem;background:var(--card);border:1px solid var(--line);border-radius:14px;box-shadow:0 8px 30px rgb(0 0 0/.08)}
h1{margin:0 0 .25rem;font-size:1.4rem;line-height:1.25}
p{margin:.5rem 0;overflow-wrap:anywhere}.dim{color:var(--dim);font-size:.9rem}.bad{color:var(--bad)}
label{display:block;margin:1rem 0 .3rem;font-size:.9rem}
input{width:100%;padding:.65rem .8rem;font:inherit;color:inherit;background:var(--back);border:1px solid var(--line);border-radius:8px}
ul{margin:1rem 0;padding:0;list-style:none;border-top:1px solid var(--line)}
li{padding:.6rem 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}li small{display:block;color:var(--dim)}
.row{display:flex;flex-flow:row-reverse wrap;gap:.75rem;margin-top:1.5rem}
button{padding:.6rem 1.3rem;white-space:nowrap;font:inherit;font-weight:600;
border:1px solid var(--line);border-radius:8px;background:transparent;color:inherit;cursor:pointer}
button.main{background:var(--accent);border-color:var(--accent);color:var(--on)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
)";

/// A whole page; `title` and `content` are HTML.
inline std::string html_page(std::string_view title, std::string_view content)
{
    std::string out = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                      "<meta name=\"robots\" content=\"noindex\"><title>";
    ((((out += title) += "</title><style>") += page_style) += "</style></head>\n<body><main>\n") += content;
    return out += "\n</main></body></html>\n";
}

/// A page that ends the sign-in here: nothing is sent to the client.
inline std::string error_page(std::string_view what)
{
    return html_page("Sign-in is not possible", "<h1>Sorry, but we\xE2\x80\x99re having trouble signing you in.</h1>\n<p class=\"bad\">" + html_escape(what)
                                                    + "</p>\n<p class=\"dim\">This is a test server. The application that sent you here has to be corrected.</p>");
}

inline std::string hidden(std::string_view name, std::string_view value)
{
    return "<input type=\"hidden\" name=\"" + html_escape(name) + "\" value=\"" + html_escape(value) + "\">\n";
}

inline std::string form_begin(std::string_view action) { return "<form method=\"post\" action=\"" + html_escape(action) + "\">\n"; }

/** The fields that ask who the user is, with whom to be here: a person who meets this server has no other way to know.

    @param username What the account's field holds; where it is empty, the first of `users`.
*/
inline std::string account_fields(std::string_view username, std::vector<test_user> const& users)
{
    constexpr std::size_t most = 8;
    std::string names;
    bool any_password = true;
    for (auto const& user : std::span(users).first(std::min(users.size(), most)))
    {
        ((names += names.empty() ? "<strong>" : ", <strong>") += html_escape(user.username)) += "</strong>";
        any_password = any_password && user.password.empty();
    }
    if (users.size() > most) names += " \xE2\x80\xA6";
    std::string out;
    if (!users.empty()) out = "<p class=\"dim\">This server knows " + names + (any_password ? "; any password does" : "") + ".</p>\n";
    auto const shown = username.empty() && !users.empty() ? std::string_view(users.front().username) : username;
    out += "<label for=\"username\">Account</label>\n<input id=\"username\" name=\"username\" type=\"text\" autocomplete=\"username\" required value=\"" + html_escape(shown) + "\">\n";
    return out += "<label for=\"password\">Password</label>\n"
                  "<input id=\"password\" name=\"password\" type=\"password\" autocomplete=\"current-password\" value=\"\">\n";
}

/// The page that asks who the user is. `fault` is shown where it is not empty.
inline std::string sign_in_page(std::string_view action, std::string_view ticket, std::string_view username, std::string_view fault, std::vector<test_user> const& users)
{
    std::string content = "<h1>Sign in</h1>\n<p class=\"dim\">Test identity provider</p>\n";
    if (!fault.empty()) content += "<p class=\"bad\" role=\"alert\">" + html_escape(fault) + "</p>\n";
    content += form_begin(action) + hidden("ticket", ticket) + account_fields(username, users);
    // The Enter key presses the first button, so that is not the one that cancels.
    content += "<div class=\"row\"><button class=\"main\" name=\"choice\" value=\"accept\">Sign in</button>"
               "<button name=\"choice\" value=\"cancel\" formnovalidate>Cancel</button></div>\n</form>";
    return html_page("Sign in", content);
}

/// What a scope means, in the words of a consent page; "" for one of the user's own.
inline std::string_view scope_meaning(std::string_view token) noexcept
{
    static constexpr std::string_view known[][2] = {
        {"openid", "Sign you in"},
        {"profile", "View your basic profile"},
        {"email", "View your email address"},
        {"offline_access", "Maintain access to data you have given it access to"},
        {"User.Read", "Sign you in and read your profile"},
        {"Bookings.Read.All", "Read bookings information"},
        {"Bookings.ReadWrite.All", "Read and write bookings information"},
        {"Bookings.Manage.All", "Manage bookings information"},
    };
    if (token.starts_with(graph_resource) && token.size() > graph_resource.size()) token.remove_prefix(graph_resource.size() + 1);
    for (auto const& entry : known)
        if (entry[0] == token) return entry[1];
    return {};
}

/// The page that asks for the user's consent.
inline std::string consent_page(std::string_view action, std::string_view ticket, asked const& request, test_user const& user)
{
    std::string content = "<h1>Permissions requested</h1>\n<p><strong>" + html_escape(request.client->name) + "</strong> would like to:</p>\n<ul>\n";
    auto const item = [&](std::string_view token) {
        auto const meaning = scope_meaning(token);
        content += "<li>" + html_escape(meaning.empty() ? token : meaning);
        if (!meaning.empty()) content += "<small>" + html_escape(token) + "</small>";
        content += "</li>\n";
    };
    request.scope.for_each(item);
    if (!request.resource.empty()) content += "<li>Access as you<small>" + html_escape(request.resource) + "</small></li>\n";
    content += "</ul>\n<p class=\"dim\">" + html_escape(user.name) + " \xC2\xB7 " + html_escape(user.username) + "</p>\n";
    content += "<p class=\"dim\">You will be sent to " + html_escape(request.redirect_uri) + "</p>\n";
    content += form_begin(action) + hidden("ticket", ticket);
    content += "<div class=\"row\"><button class=\"main\" name=\"choice\" value=\"accept\">Accept</button>"
               "<button name=\"choice\" value=\"cancel\">Cancel</button></div>\n</form>";
    return html_page("Permissions requested", content);
}

/// The page of `response_mode=form_post`: it submits itself, and has a button for browsers without scripts.
inline std::string form_post_page(std::string_view redirect_uri, form_parameters const& parameters, std::string_view script_nonce)
{
    std::string content = "<h1>Signing you in</h1>\n" + form_begin(redirect_uri);
    for (auto const& parameter : parameters) content += hidden(parameter.name, parameter.value);
    content += "<div class=\"row\"><button class=\"main\">Continue</button></div>\n</form>\n<script nonce=\"" + html_escape(script_nonce)
             + "\">document.forms[0].submit()</script>";
    return html_page("Signing you in", content);
}

} // namespace oauth::testing::detail

#endif
