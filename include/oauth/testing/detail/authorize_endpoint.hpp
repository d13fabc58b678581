#ifndef OAUTH_TESTING_DETAIL_AUTHORIZE_ENDPOINT_HPP
#define OAUTH_TESTING_DETAIL_AUTHORIZE_ENDPOINT_HPP

#include <oauth/testing/detail/client_info.hpp>
#include <oauth/testing/detail/pages.hpp>
#include <oauth/testing/detail/parameters.hpp>
#include <oauth/testing/detail/refusal.hpp>
#include <oauth/testing/detail/scope_rules.hpp>
#include <oauth/testing/detail/server_route.hpp>
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
        if (!serves_tenant_here()) return page_of(refused::unknown_tenant, route_.tenant);

        asked asks;
        asks.tenant = route_.tenant;
        asks.policy = route_.policy;
        asks.page = route_.path;
        auto const duplicate = find_duplicate(parameters);
        if (duplicate == "client_id" || duplicate == "redirect_uri") return page_of(refused::duplicate, duplicate);
        asks.client = state_.find_client(value_of(parameters, "client_id"));
        if (asks.client == nullptr) return page_of(refused::unknown_client, value_of(parameters, "client_id"));
        asks.redirect_uri = std::string(value_of(parameters, "redirect_uri"));
        bool registered = false;
        for (auto const& uri : asks.client->redirect_uris) registered = registered || redirect_uri_matches(uri, asks.redirect_uri);
        if (!registered) return page_of(refused::unregistered_redirect_uri, asks.redirect_uri);

        // From here on the client is told, since it is sure that the redirect goes to it.
        if (duplicate != "response_mode") asks.response_mode = std::string(value_of(parameters, "response_mode"));
        if (duplicate != "state") asks.state = std::string(value_of(parameters, "state"));
        if (asks.response_mode != "fragment" && asks.response_mode != "form_post")
        {
            bool const known = asks.response_mode.empty() || asks.response_mode == "query";
            asks.response_mode = "query";
            if (!known) return refuse_by_redirect(asks, refused::malformed, "unknown response_mode");
        }
        if (!duplicate.empty()) return refuse_by_redirect(asks, refused::duplicate, duplicate);
        return check(std::move(asks), parameters);
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
    bool serves_tenant_here() const noexcept
    {
        return state_.options.kind == personality::standard || serves_tenant(state_.options, route_.tenant);
    }

    http_response check(asked asks, form_parameters const& parameters)
    {
        auto const kind = state_.options.kind;
        auto const refuse_it = [&](refusal const& why, std::string_view detail = {}) { return refuse_by_redirect(asks, why, detail); };
        for (auto const* name : {"request", "request_uri"})
            if (!value_of(parameters, name).empty()) return refuse_it(refused::request_object, name);
        auto const response_type = value_of(parameters, "response_type");
        if (response_type.empty()) return refuse_it(refused::missing, "response_type");
        if (response_type != "code") return refuse_it(refused::other_response_type, response_type);
        if (asks.state.empty()) return refuse_it(refused::missing, "state");

        auto const challenge = value_of(parameters, "code_challenge");
        if (challenge.empty()) return refuse_it(refused::missing, "code_challenge");
        auto const decoded = base64url_decode(challenge);
        if (value_of(parameters, "code_challenge_method") != "S256" || !decoded || decoded->size() != 32) return refuse_it(refused::plain_challenge);
        asks.challenge = std::string(challenge);

        auto const scope_text = value_of(parameters, "scope");
        asks.scope = oauth::scope(scope_text);
        asks.resource = std::string(value_of(parameters, "resource"));
        if (kind == personality::entra_v2 && !asks.resource.empty()) return refuse_it(refused::resource_on_v2);
        if (asks.scope.empty() && kind != personality::entra_v1) return refuse_it(refused::missing, "scope");
        if (auto const bad = unknown_scope(state_.options, asks.scope); !bad.empty()) return refuse_it(refused::bad_scope, bad);

        asks.nonce = std::string(value_of(parameters, "nonce"));
        if (asks.scope.contains("openid") && asks.nonce.empty()) return refuse_it(refused::missing, "nonce");
        auto const prompt = value_of(parameters, "prompt");
        if (prompt == "none") return refuse_it(refused::nobody_signed_in);
        if (!prompt.empty() && prompt != "login" && prompt != "consent" && prompt != "select_account" && prompt != "create")
            return refuse_it(refused::bad_prompt, prompt);
        asks.login_hint = std::string(value_of(parameters, "login_hint"));
        asks.client_info = value_of(parameters, "client_info") == "1";
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
        return html_response(200, sign_in_page(action, next, username, what_is_wrong));
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

    http_response hand_out_code(asked const& asks, test_user const& user)
    {
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

    http_response send_back(asked const& asks, form_parameters answer)
    {
        if (state_.options.kind == personality::standard) answer.push_back({"iss", issuer_of(state_.options)});
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
