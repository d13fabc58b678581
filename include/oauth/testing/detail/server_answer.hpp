#ifndef OAUTH_TESTING_DETAIL_SERVER_ANSWER_HPP
#define OAUTH_TESTING_DETAIL_SERVER_ANSWER_HPP

#include <oauth/core/http_message.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <string>
#include <utility>

namespace oauth::testing::detail {

inline http_response make_response(int status, char const* content_type, std::string body)
{
    http_response made;
    made.status = status;
    made.fields = {{"Content-Type", content_type}, {"Cache-Control", "no-store, no-cache"}, {"Pragma", "no-cache"}};
    made.body = secret(std::move(body));
    return made;
}

inline http_response json_response(int status, boost::json::object const& body)
{
    return make_response(status, "application/json; charset=utf-8", boost::json::serialize(body));
}

inline http_response text_response(int status, std::string body) { return make_response(status, "text/plain; charset=utf-8", std::move(body)); }

/// A page. `script_nonce` allows the one script that carries it; by default there is none.
inline http_response html_response(int status, std::string body, std::string const& script_nonce = {})
{
    auto made = make_response(status, "text/html; charset=utf-8", std::move(body));
    std::string policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
    if (!script_nonce.empty()) policy += "; script-src 'nonce-" + script_nonce + '\'';
    made.fields.push_back({"Content-Security-Policy", std::move(policy)});
    made.fields.push_back({"X-Frame-Options", "DENY"});
    made.fields.push_back({"X-Content-Type-Options", "nosniff"});
    made.fields.push_back({"Referrer-Policy", "no-referrer"});
    return made;
}

inline http_response redirect_response(std::string location)
{
    auto made = make_response(302, "text/html; charset=utf-8", {});
    made.fields.push_back({"Location", std::move(location)});
    made.fields.push_back({"Referrer-Policy", "no-referrer"});
    return made;
}

} // namespace oauth::testing::detail

#endif
