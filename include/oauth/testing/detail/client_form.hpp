#ifndef OAUTH_TESTING_DETAIL_CLIENT_FORM_HPP
#define OAUTH_TESTING_DETAIL_CLIENT_FORM_HPP

#include <oauth/testing/detail/claims_cover.hpp>
#include <oauth/testing/detail/client_check.hpp>
#include <oauth/testing/detail/parameters.hpp>
#include <oauth/testing/detail/refusal.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// A form that a client has posted to an endpoint of its own, with the client, which has proved who it is; or what refuses it.
struct client_form
{
    form_parameters parameters = {};
    registered_client const* client = nullptr;
    http_response refused = {};   ///< where there is no client
};

/** @param first The parameter without which there is nothing to answer, if there is such a one.
    @param may_repeat The parameters that may come more than once. */
inline client_form read_client_form(server_state& state, route const& where, http_request const& request, time_point now, std::string_view first, std::initializer_list<std::string_view> may_repeat = {})
{
    client_form out;
    auto const no = [&](refusal const& why, std::string_view detail = {}) {
        out.refused = refuse(state, now, why, detail);
        return out;
    };
    auto const kind = state.options.kind;
    if (request.method != http_method::post)
    {
        no(refused::wrong_verb, to_string(request.method));
        if (kind == personality::standard)
        {
            out.refused.status = 405;
            out.refused.fields.push_back({"Allow", "POST"});
        }
        return out;
    }
    if (!find_field(request.fields, "Origin").empty()) return no(refused::cross_origin);
    if (kind != personality::standard && !serves_tenant(state.options, where.tenant)) return no(refused::unknown_tenant, where.tenant);
    // Nothing belongs into the query: it ends up in logs (RFC 6749 2.3.1).
    auto const query = parse_form(where.query);
    if (!query) return no(refused::malformed, "a percent-encoding fault in the query");
    for (auto const& parameter : *query)
        if (kind != personality::b2c || parameter.name != "p") return no(refused::malformed, "a parameter in the query");
    if (!is_form(request)) return first.empty() ? no(refused::malformed, "the body is not a form") : no(refused::missing, first);
    auto parsed = parse_form(request.body.reveal());
    if (!parsed) return no(refused::malformed, "a percent-encoding fault in the body");
    out.parameters = std::move(*parsed);
    if (!is_claims_request(value_of(out.parameters, "claims"))) return no(refused::malformed, "claims is not a JSON object");
    if (auto const twice = find_duplicate(out.parameters, may_repeat); !twice.empty()) return no(refused::duplicate, twice);
    if (!first.empty() && value_of(out.parameters, first).empty()) return no(refused::missing, first);

    auto const checked = check_client(state, request, out.parameters, now);
    out.client = checked.client;
    if (out.client != nullptr) return out;
    if (kind == personality::standard && checked.why == &refused::unknown_client) no({401, "invalid_client", 0, 0, "The client is unknown."});
    else no(*checked.why, checked.detail);
    if (out.refused.status == 401 && checked.basic) out.refused.fields.push_back({"WWW-Authenticate", "Basic realm=\"token\""});
    return out;
}

} // namespace oauth::testing::detail

#endif
