#ifndef EXAMPLE_06_WEB_APPLICATION_APPLICATION_HPP
#define EXAMPLE_06_WEB_APPLICATION_APPLICATION_HPP

#include "../support/replies.hpp"
#include "../support/sealed_cookie.hpp"
#include "../support/web_sessions.hpp"
#include <oauth.hpp>
#include <algorithm>
#include <iostream>
#include <optional>
#include <string>
#include <utility>

namespace example {

/** The web application: answers requests, several at a time.

    While a user is away at the provider nothing of it is held here. The sign-in is parked in the browser, in a cookie of its own, so that several may be under way; sealed
    (AES-256-GCM), since the code verifier in it is secret. So nobody fills this server's memory by beginning sign-ins, each process that has the key can finish one, and of all
    browsers only the one that began it can (login CSRF).
*/
class application
{
    oauth::memory_flow flow_;   // shared by all users: each has an account of their own
    std::string graph_url_, home_;
    cookie_sealer const sealer_;
    web_sessions<> sessions_;

public:
    application(oauth::memory_flow flow, std::string graph_url) : flow_(std::move(flow)), graph_url_(std::move(graph_url)) {}

    /// Where its users see it: "http://localhost:8400". To be said before the first of them comes.
    void set_home(std::string home) { home_ = std::move(home); }

    oauth::http_response operator()(oauth::http_request const& request)
    {
        auto const path = request.url.target().substr(0, request.url.target().find('?'));
        bool const post = request.method == oauth::http_method::post;
        if (path == "/" && !post) return home(request);
        if (path == "/sign_in" && !post) return sign_in();
        if (path == "/callback" && !post) return callback(request);
        if (path == "/sign_out" && post) return sign_out(request);
        return page(404, "There is no such page", {});
    }

private:
    oauth::http_response home(oauth::http_request const& request)
    {
        auto const whose = account_of(request);
        if (!whose) return page(200, "Welcome", "<p><a href=\"/sign_in\">Sign in</a></p>");
        auto const me = flow_.call({.url = graph_url_ + "/v1.0/me"}, {}, *whose);
        if (me.has_error()) return failed(me.error());
        auto const who = flow_.identity(*whose);
        if (who.has_error() || !*who) return page(502, "Nobody knows who you are", {});
        return page(me->status == 200 ? 200 : 502, "Hello, " + (*who)->name.value_or((*who)->subject),
                    "<p>Graph knows you, too.</p><form method=\"post\" action=\"/sign_out\"><button>Sign out</button></form>");
    }

    oauth::http_response sign_in()
    {
        // By query: a form that another site posts would come without the cookie.
        auto pending = flow_.authorize({.response_mode = "query", .redirect_uri = home_ + "/callback"});
        if (pending.has_error()) return failed(pending.error());
        auto answer = redirect(std::exchange(pending->url, {}));   // the cookie is small without it
        auto const name = "sign_in." + pending->state;
        set_cookie(answer, name, sealer_.seal(name, to_json(*pending).reveal()), "/callback", 600);
        return answer;
    }

    oauth::http_response callback(oauth::http_request const& request)
    {
        auto const target = request.url.target();
        auto const query = oauth::parse_form(target.substr(std::min(target.find('?'), target.size() - 1) + 1));
        auto const state = query ? oauth::find_parameter(*query, "state").value_or("") : "";
        auto const name = "sign_in." + std::string(state);
        auto const parked = sealer_.open(name, find_cookie(request, name));
        if (!parked) return page(400, "This sign-in was not begun here", "<p><a href=\"/sign_in\">Sign in</a></p>");
        auto pending = oauth::pending_authorization_from_json(parked->reveal());
        if (pending.has_error()) return failed(pending.error());

        oauth::account const whose{random_text()};
        auto const signed_in = flow_.exchange(std::move(*pending), request.url.url(), whose);
        if (signed_in.has_error()) return failed(signed_in.error());
        // A new id for the new session: one that somebody has planted in this browser before is worth nothing (session fixation).
        end_session(request);
        for (auto const& gone : sessions_.take_expired()) static_cast<void>(flow_.forget(gone));
        auto answer = redirect("/");
        set_cookie(answer, "session", sessions_.begin(whose), "/", static_cast<int>(sessions_.lifetime.count()));
        set_cookie(answer, name, {}, "/callback", 0);
        return answer;
    }

    /// Only a page of ours signs anybody out: a form that another site posts comes without the cookie (SameSite=Lax), and without it nothing is done; nor where the browser says that the
    /// form is another site's.
    oauth::http_response sign_out(oauth::http_request const& request)
    {
        auto const from = oauth::find_field(request.fields, "Sec-Fetch-Site");   // "" where the browser is old
        if (!from.empty() && from != "same-origin" && from != "none") return page(403, "Sign out here", "<p><a href=\"/\">Go on</a></p>");
        auto const whose = account_of(request);
        if (!whose) return redirect("/");
        oauth::logout_options how{.post_logout_redirect_uri = home_ + "/"};
        if (auto const kept = flow_.session(*whose); kept && *kept) how.id_token_hint = (*kept)->id_token;   // so that nobody else is signed out
        end_session(request);
        auto const there = oauth::logout_url(flow_.server(), flow_.registration(), how);
        auto answer = redirect(there ? std::string(there->reveal()) : "/");
        set_cookie(answer, "session", {}, "/", 0);
        return answer;
    }

    std::optional<oauth::account> account_of(oauth::http_request const& request) { return sessions_.find(find_cookie(request, "session")); }

    void end_session(oauth::http_request const& request)
    {
        // Whatever the store says, the id is gone.
        if (auto const whose = sessions_.end(find_cookie(request, "session"))) static_cast<void>(flow_.forget(*whose));
    }

    static oauth::http_response failed(oauth::failure const& why)
    {
        std::clog << oauth::describe(why) + "\n\n";
        return page(why.next == oauth::advice::sign_in_again ? 403 : 502, "That did not work", "<p><a href=\"/sign_in\">Sign in</a></p>");
    }
};

} // namespace example

#endif
