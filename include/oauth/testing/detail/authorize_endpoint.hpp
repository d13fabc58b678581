#ifndef OAUTH_TESTING_DETAIL_AUTHORIZE_ENDPOINT_HPP
#define OAUTH_TESTING_DETAIL_AUTHORIZE_ENDPOINT_HPP

#include <oauth/core/claims_request.hpp>
#include <oauth/testing/detail/authorization_check.hpp>
#include <oauth/testing/detail/client_info.hpp>
#include <oauth/testing/detail/pages.hpp>
#include <oauth/testing/detail/parameters.hpp>
#include <oauth/testing/detail/refusal.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <oauth/testing/detail/signing_key.hpp>
#include <boost/json/object.hpp>
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace oauth::testing::detail {

/// The authorization endpoint and its two pages (RFC 6749 3.1). The state is locked by the caller.
class authorize_endpoint
{
    server_state& state_;
    route const& route_;
    time_point now_;

public:
    authorize_endpoint(server_state& state, route const& where, time_point now) : state_(state), route_(where), now_(now) {}

    /// The first request: check everything, then ask who the user is.
    http_response begin(http_request const& request)
    {
        ++state_.counts.authorization_requests;
        bool const post = request.method == http_method::post;
        if (!post && request.method != http_method::get) return page_of(refused::malformed, "the method is neither GET nor POST");
        if (post && !is_form(request)) return page_of(refused::malformed, "the body is not a form");
        auto const parsed = parse_form(post ? request.body.reveal() : route_.query);
        if (!parsed) return page_of(refused::malformed, "a percent-encoding fault");
        auto const& parameters = *parsed;
        if (state_.options.kind != personality::standard && !serves_tenant(state_.options, route_.tenant)) return page_of(refused::unknown_tenant, route_.tenant);
        if (state_.options.kind == personality::standard && find_parameter(parameters, "request_uri")) return open_pushed(parameters);
        auto seen = check_authorization_request(state_, route_, parameters, false, now_);
        if (seen.why != nullptr) return seen.by_redirect ? refuse_by_redirect(seen.asks, *seen.why, seen.detail) : page_of(*seen.why, seen.detail);
        return begin_with(std::move(seen.asks));
    }

    /// The form of the sign-in page.
    http_response sign_in(http_request const& request)
    {
        auto const parameters = form_of(request);
        auto taken = take_ticket(parameters);
        if (!taken) return page_of(refused::malformed, "the page has expired; go back to the application and begin again");
        if (value_of(parameters, "choice") == "cancel") return cancel(taken->request);
        auto const username = value_of(parameters, "username");
        auto const* const user = state_.find_user(username);
        if (user == nullptr || (!user->password.empty() && user->password != value_of(parameters, "password")))
            return ask_who(std::move(taken->request), username, "The account or the password is not right.");
        taken->user = user;
        auto const asks = taken->request;
        auto const next = keep_ticket(std::move(*taken));
        return html_response(200, consent_page(asks.page + "/consent" + query_of(asks), next, asks, *user));
    }

    /// The form of the consent page.
    http_response consent(http_request const& request)
    {
        auto const parameters = form_of(request);
        auto taken = take_ticket(parameters);
        if (!taken || taken->user == nullptr) return page_of(refused::malformed, "the page has expired; go back to the application and begin again");
        if (value_of(parameters, "choice") != "accept") return cancel(taken->request);
        return hand_out_code(taken->request, *taken->user);
    }

private:
    /// The request was pushed ahead: it is opened once, by the client that pushed it (RFC 9126 4).
    http_response open_pushed(form_parameters const& parameters)
    {
        if (!value_of(parameters, "request_uri").starts_with(request_uri_prefix)) return page_of(refused::foreign_request_uri, {});
        for (auto const& parameter : parameters)
            if (parameter.name != "client_id" && parameter.name != "request_uri") return page_of(refused::malformed, "nothing but client_id goes along with request_uri");
        if (auto const twice = find_duplicate(parameters); !twice.empty()) return page_of(refused::duplicate, twice);
        auto const found = state_.pushed_requests.find(value_of(parameters, "request_uri"));
        if (found == state_.pushed_requests.end() || found->second.request.client->id != value_of(parameters, "client_id")) return page_of(refused::bad_request_uri, {});
        auto pushed = std::move(found->second);
        state_.pushed_requests.erase(found);
        if (pushed.expires_at <= now_) return page_of(refused::bad_request_uri, {});
        pushed.request.page = route_.path;
        return begin_with(std::move(pushed.request));
    }

    http_response begin_with(asked asks)
    {
        if (asks.silent) return refuse_by_redirect(asks, refused::nobody_signed_in, {});
        auto const hint = asks.login_hint;
        return ask_who(std::move(asks), hint, {});
    }

    /// The policy may have come in the query; then the forms need it too.
    std::string query_of(asked const& asks) const
    {
        bool const in_path = asks.policy.empty() || asks.page.find('/' + asks.policy + '/') != std::string::npos;
        return in_path ? std::string() : '?' + query_text().add("p", asks.policy).str();
    }

    http_response ask_who(asked asks, std::string_view username, std::string_view what_is_wrong)
    {
        auto const action = asks.page + "/sign-in" + query_of(asks);
        auto const next = keep_ticket({std::move(asks), nullptr, {}});
        return html_response(200, sign_in_page(action, next, username, what_is_wrong, state_.options.users));
    }

    std::string keep_ticket(ticket made)
    {
        std::erase_if(state_.tickets, [&](auto const& entry) { return entry.second.expires_at <= now_; });
        made.expires_at = now_ + std::chrono::minutes{10};
        auto text = state_.random_text();
        state_.tickets.emplace(text, std::move(made));
        return text;
    }

    std::optional<ticket> take_ticket(form_parameters const& parameters)
    {
        auto const found = state_.tickets.find(value_of(parameters, "ticket"));
        if (found == state_.tickets.end()) return std::nullopt;
        auto taken = std::move(found->second);
        state_.tickets.erase(found);
        if (taken.expires_at <= now_) return std::nullopt;
        return taken;
    }

    static form_parameters form_of(http_request const& request)
    {
        auto parsed = parse_form(request.body.reveal());
        bool const usable = request.method == http_method::post && is_form(request) && parsed && find_duplicate(*parsed).empty();
        return usable ? std::move(*parsed) : form_parameters{};
    }

    /// Is the user authenticated as the request demands (OpenID Connect Core 5.5.1.1)?
    bool meets_acr(asked const& asks, test_user const& user) const
    {
        auto const demanded = demanded_acr(asks.claims);
        if (state_.options.overlooks_essential_acr || !demanded || !*demanded) return true;
        auto const& values = **demanded;
        return values.empty() ? !user.acr.empty() : std::find(values.begin(), values.end(), user.acr) != values.end();
    }

    http_response hand_out_code(asked const& asks, test_user const& user)
    {
        if (state_.options.kind == personality::standard && !meets_acr(asks, user)) return refuse_by_redirect(asks, refused::unmet_acr, {});
        ++state_.counts.sign_ins;
        auto const code = new_code();
        auto family = std::make_shared<grant>(grant{asks, user, now_, false});
        state_.codes.emplace(code, code_record{std::move(family), now_ + state_.options.code_lifetime, false});
        form_parameters answer{{"code", code}};
        if (asks.client_info && state_.options.kind != personality::standard) answer.push_back({"client_info", client_info_of(state_.options, user, asks.policy)});
        answer.push_back({"state", asks.state});
        if (state_.entra()) answer.push_back({"session_state", state_.random_guid()});
        return send_back(asks, std::move(answer));
    }

    /// Entra's are long: over 900 characters.
    std::string new_code()
    {
        if (!state_.entra()) return state_.random_text();
        std::string code = "1.A";
        while (code.size() <= 900) code += state_.random_text();
        return code;
    }

    http_response cancel(asked const& asks)
    {
        ++state_.counts.cancellations;
        form_parameters answer{{"error", "access_denied"}};
        if (state_.entra()) answer.push_back({"error_subcode", "cancel"});
        else if (state_.options.kind == personality::b2c)
            answer.push_back({"error_description", "AADB2C90091: The user has cancelled entering self-asserted information.\r\nCorrelation ID: "
                                                       + state_.random_guid() + "\r\nTimestamp: " + timestamp(now_) + "\r\n"});
        else answer.push_back({"error_description", "The user cancelled."});
        answer.push_back({"state", asks.state});
        return send_back(asks, std::move(answer));
    }

    http_response refuse_by_redirect(asked const& asks, refusal const& why, std::string_view detail)
    {
        auto const members = error_members(state_, now_, why, detail);
        form_parameters answer;
        for (auto const* name : {"error", "error_description", "error_uri"})
            if (auto const* const member = members.if_contains(name)) answer.push_back({name, std::string(member->as_string().c_str())});
        answer.push_back({"state", asks.state});
        return send_back(asks, std::move(answer));
    }

    /// An error that is shown here, since nobody can tell whether the redirect URI is the client's (RFC 6749 4.1.2.1).
    http_response page_of(refusal const& why, std::string_view detail)
    {
        auto const members = error_members(state_, now_, why, detail);
        return html_response(why.status, error_page(members.at("error_description").as_string().c_str()));
    }

    /// The answer as a token (JARM 2.1). It is good for ten minutes.
    std::string signed_answer(asked const& asks, form_parameters const& answer) const
    {
        boost::json::object claims{{"iss", issuer_of(state_.options)}, {"aud", asks.client->id}, {"exp", static_cast<std::int64_t>(now_.time_since_epoch().count()) + 600}};
        for (auto const& [name, value] : answer)
            if (!value.empty()) claims[name] = value;
        return signing_key::instance().sign(claims);
    }

    http_response send_back(asked const& asks, form_parameters answer)
    {
        if (asks.signed_answer) answer = {{"response", signed_answer(asks, answer)}};
        else if (state_.options.kind == personality::standard) answer.push_back({"iss", issuer_of(state_.options)});
        if (asks.response_mode == "form_post")
        {
            auto const script_nonce = state_.random_text();
            return html_response(200, form_post_page(asks.redirect_uri, answer, script_nonce), script_nonce);
        }
        query_text text;
        for (auto const& parameter : answer) text.add(parameter.name, parameter.value);
        bool const fragment = asks.response_mode == "fragment";
        char const separator = fragment ? '#' : asks.redirect_uri.find('?') == std::string::npos ? '?' : '&';
        // Entra ends every redirect in an empty fragment, so that the browser does not carry over one that stood in the address bar.
        char const* const end = state_.entra() && !fragment ? "#" : "";
        return redirect_response(asks.redirect_uri + separator + text.str() + end);
    }
};

} // namespace oauth::testing::detail

#endif
