#ifndef EXAMPLE_07_ON_BEHALF_OF_API_ON_BEHALF_OF_API_HPP
#define EXAMPLE_07_ON_BEHALF_OF_API_ON_BEHALF_OF_API_HPP

#include "../support/replies.hpp"
#include "../support/token_check.hpp"
#include "hand_on.hpp"
#include <oauth.hpp>
#include <iostream>
#include <string>
#include <utility>

namespace example {

/** GET /me: what Graph says of whoever calls. Called by several threads at once.

    It checks the token that comes: a JWT of Entra's, by the server's keys. Then it swaps it for one of its own, by the on-behalf-of grant. Where Microsoft wants more of the user, such
    as a second factor, the API can't ask for it: it hands the claims challenge to its caller, who signs the user in with it, and calls again.
*/
class on_behalf_of_api
{
    oauth::memory_flow flow_;
    token_check<> check_;
    std::string graph_url_;

public:
    on_behalf_of_api(oauth::server_metadata const& server, oauth::client const& who, std::string graph_url, std::string const& ca_file)
        : flow_(server, who, oauth::beast_transport{{.ca_file = ca_file}}), check_(server, who.id, "access_as_user", oauth::beast_transport{{.ca_file = ca_file}}),
          graph_url_(std::move(graph_url))
    {
    }

    oauth::http_response operator()(oauth::http_request const& request)
    {
        auto const& sign_in_at = flow_.server().authorization_endpoint.url();
        if (request.url.target() != "/me") return reply(404, "application/json", "{}");
        if (!request.authorization.reveal().starts_with("Bearer ")) return challenge(sign_in_at, {});
        oauth::secret const token(request.authorization.reveal().substr(7));
        auto const caller = check_(token.reveal());
        if (caller.has_error())
        {
            log(caller.error());
            return challenge(sign_in_at, "invalid_token");
        }

        // One session for each user, by claims of a token that was verified. The object id alone is not enough: another tenant may have the same.
        oauth::account const user{caller->tenant_id + '.' + caller->object_id};
        oauth::on_behalf_of const grant{.assertion = token, .scope = "https://graph.microsoft.com/User.Read"};
        // Where Graph takes the token no more, or wants other claims in it, another one is got, and takes its place.
        auto const me = flow_.call({.url = graph_url_ + "/v1.0/me"}, grant, user);
        if (me.has_error()) return hand_on(me.error());
        if (me->status != 200) return reply(502, "application/json", R"({"error":"Graph refuses"})");
        return reply(200, "application/json", me->body.reveal());
    }

private:
    oauth::http_response hand_on(oauth::failure const& why) const
    {
        log(why);
        return example::hand_on(why, flow_.server().authorization_endpoint.url());
    }

    static void log(oauth::failure const& why) { std::clog << "the API: " + oauth::describe(why) + "\n\n"; }
};

} // namespace example

#endif
