#ifndef OAUTH_TESTING_DETAIL_CLIENT_REQUEST_HPP
#define OAUTH_TESTING_DETAIL_CLIENT_REQUEST_HPP

#include <oauth/testing/detail/client_check.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// A form that a client has posted, or the answer that refuses it.
struct client_request
{
    form_parameters parameters = {};
    registered_client const* client = nullptr;   ///< none where it is refused
    http_response refused = {};
};

/// Take a form of a client that proves who it is, as at the token endpoint. `may_repeat` is the one parameter that may come more than once.
inline client_request read_client_request(server_state& state, route const& where, http_request const& request, time_point now, std::string_view may_repeat = {})
{
    client_request out;
    auto const no = [&](refusal const& why, std::string_view detail = {}) {
        out.refused = refuse(state, now, why, detail);
        return std::move(out);
    };
    if (request.method != http_method::post)
    {
        auto refusal = no(refused::wrong_verb, to_string(request.method));
        refusal.refused.status = 405;
        refusal.refused.fields.push_back({"Allow", "POST"});
        return refusal;
    }
    if (!find_field(request.fields, "Origin").empty()) return no(refused::cross_origin);
    // Nothing belongs into the query: it ends up in logs.
    if (!where.query.empty()) return no(refused::malformed, "a parameter in the query");
    if (!is_form(request)) return no(refused::malformed, "the body is not a form");
    auto parsed = parse_form(request.body.reveal());
    if (!parsed) return no(refused::malformed, "a percent-encoding fault in the body");
    out.parameters = std::move(*parsed);
    if (auto const twice = find_duplicate(out.parameters, may_repeat); !twice.empty()) return no(refused::duplicate, twice);
    auto const checked = check_client(state, request, out.parameters);
    if (checked.client != nullptr)
    {
        out.client = checked.client;
        return out;
    }
    auto refusal = checked.why == &refused::unknown_client ? no({401, "invalid_client", 0, 0, "The client is unknown."}) : no(*checked.why, checked.detail);
    if (refusal.refused.status == 401 && checked.basic) refusal.refused.fields.push_back({"WWW-Authenticate", "Basic realm=\"oauth\""});
    return refusal;
}

} // namespace oauth::testing::detail

#endif
