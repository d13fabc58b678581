#ifndef OAUTH_TESTING_DETAIL_PUSHED_AUTHORIZATION_ENDPOINT_HPP
#define OAUTH_TESTING_DETAIL_PUSHED_AUTHORIZATION_ENDPOINT_HPP

#include <oauth/testing/detail/authorization_check.hpp>
#include <oauth/testing/detail/binding_check.hpp>
#include <oauth/testing/detail/client_form.hpp>
#include <oauth/testing/detail/server_answer.hpp>
#include <cstdint>
#include <string>
#include <utility>

namespace oauth::testing::detail {

/// An authorization request that is pushed ahead (RFC 9126). The state is locked by the caller.
inline http_response pushed_authorization_endpoint(server_state& state, route const& where, http_request const& request, time_point now)
{
    auto asked = read_client_form(state, where, request, now, {}, {"resource"});
    if (asked.client == nullptr) return std::move(asked.refused);
    // The client has been authenticated by itself; here its request is what counts.
    if (value_of(asked.parameters, "client_id").empty()) return refuse(state, now, refused::missing, "client_id");
    // Beside a request object stands what authenticates the client, and nothing else (RFC 9126 3).
    if (!value_of(asked.parameters, "request").empty())
        for (auto const& [name, value] : asked.parameters)
            if (name != "request" && name != "client_id" && name != "client_secret" && name != "client_assertion" && name != "client_assertion_type")
                return refuse(state, now, refused::malformed, "a parameter beside the request object");
    auto checked = check_authorization_request(state, where, asked.parameters, true, now);
    if (checked.why != nullptr) return refuse(state, now, *checked.why, checked.detail);
    // The key of a proof binds the code as `dpop_jkt` does; where both are there they must agree (RFC 9449 10.1).
    auto proof = check_proof(state, request, false, now);
    if (proof.refused) return std::move(*proof.refused);
    if (auto& key = checked.asks.thumbprint; key.empty()) key = std::move(proof.to.key);
    else if (!proof.to.key.empty() && key != proof.to.key) return refuse(state, now, refused::malformed, "dpop_jkt is not the thumbprint of the DPoP proof's key");
    std::erase_if(state.pushed_requests, [now](auto const& entry) { return entry.second.expires_at <= now; });
    auto const life = state.options.request_uri_lifetime;
    auto const uri = std::string(request_uri_prefix) + state.random_text();
    state.pushed_requests.emplace(uri, pushed_record{std::move(checked.asks), now + life});
    ++state.counts.pushed_requests;
    return json_response(201, {{"request_uri", uri}, {"expires_in", static_cast<std::int64_t>(life.count())}});
}

} // namespace oauth::testing::detail

#endif
