#ifndef OAUTH_TESTING_DETAIL_DEVICE_ENDPOINT_HPP
#define OAUTH_TESTING_DETAIL_DEVICE_ENDPOINT_HPP

#include <oauth/testing/detail/client_form.hpp>
#include <oauth/testing/detail/scope_rules.hpp>
#include <oauth/testing/detail/server_answer.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <oauth/testing/detail/server_state.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// A code for a person to type: no vowels, so that it is no word, and nothing that is taken for something else (RFC 8628 6.1).
inline std::string new_user_code(server_state& state)
{
    constexpr std::string_view letters = "BCDFGHJKLMNPQRSTVWXZ";
    std::string out;
    for (char const c : state.random_text().substr(0, state.entra() ? 9 : 8)) out += letters[static_cast<unsigned char>(c) % letters.size()];
    if (!state.entra()) out.insert(4, 1, '-');
    return out;
}

/// A device asks for its codes (RFC 8628 3.1). The state is locked by the caller.
inline http_response device_endpoint(server_state& state, route const& where, http_request const& request, time_point now)
{
    auto form = read_client_form(state, where, request, now, {});
    if (form.client == nullptr) return std::move(form.refused);
    auto const& options = state.options;
    auto const no = [&](refusal const& why, std::string_view detail) { return refuse(state, now, why, detail); };
    bool const standard = options.kind == personality::standard;
    bool const v1 = options.kind == personality::entra_v1;

    device_record made;
    made.request.client = form.client;
    made.request.scope = oauth::scope(value_of(form.parameters, "scope"));
    made.request.resource = std::string(value_of(form.parameters, "resource"));
    made.request.tenant = where.tenant;
    if (v1 && made.request.resource.empty()) return no(refused::missing, "resource");
    if (options.kind == personality::entra_v2 && !made.request.resource.empty()) return no(refused::resource_on_v2, {});
    if (options.kind == personality::entra_v2 && made.request.scope.empty()) return no(refused::missing, "scope");
    if (auto const bad = unknown_scope(options, made.request.scope); !bad.empty()) return no(refused::bad_scope, bad);
    made.user_code = new_user_code(state);
    made.expires_at = now + options.device_code_lifetime;
    made.interval = options.device_interval;

    auto const number = [v1](seconds value) -> boost::json::value {
        auto const count = static_cast<std::int64_t>(value.count());
        return v1 ? boost::json::value(std::to_string(count)) : boost::json::value(count);
    };
    auto const page_at = page_url(options, page::device, where.tenant);
    auto const device_code = state.random_text() + state.random_text();
    boost::json::object body{{"user_code", made.user_code},
                             {"device_code", device_code},
                             {v1 ? "verification_url" : "verification_uri", page_at},
                             {"expires_in", number(options.device_code_lifetime)},
                             {"interval", number(options.device_interval)}};
    if (standard) body["verification_uri_complete"] = page_at + "?user_code=" + made.user_code;
    else body["message"] = "To sign in, use a web browser to open the page " + page_at + " and enter the code " + made.user_code + " to authenticate.";
    state.device_codes.emplace(device_code, std::move(made));
    return json_response(200, body);
}

} // namespace oauth::testing::detail

#endif
