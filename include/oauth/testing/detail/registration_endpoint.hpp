#ifndef OAUTH_TESTING_DETAIL_REGISTRATION_ENDPOINT_HPP
#define OAUTH_TESTING_DETAIL_REGISTRATION_ENDPOINT_HPP

#include <oauth/testing/detail/parameters.hpp>
#include <oauth/testing/detail/refusal.hpp>
#include <oauth/testing/detail/registered_authentication.hpp>
#include <oauth/testing/detail/server_answer.hpp>
#include <oauth/testing/detail/server_route.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/url/parse.hpp>
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oauth::testing::detail {

/// The client registration endpoint (RFC 7591), and with `?client_id=…` the one where a client manages its own registration (RFC 7592). The state is locked by the caller.
class registration_desk
{
    server_state& state_;
    time_point now_;

public:
    registration_desk(server_state& state, time_point now) : state_(state), now_(now) {}

    http_response answer(route const& where, http_request const& request)
    {
        auto const query = parse_form(where.query);
        if (!query || !find_duplicate(*query).empty()) return no("invalid_request", "The query is malformed.");
        if (query->empty()) return request.method == http_method::post ? enroll(request) : text_response(405, "Method Not Allowed");
        return manage(value_of(*query, "client_id"), request);
    }

private:
    static http_response no(char const* error, std::string const& text) { return json_response(400, {{"error", error}, {"error_description", text}}); }

    static http_response unauthorized()
    {
        auto refusal = json_response(401, {{"error", "invalid_token"}});
        refusal.fields.push_back({"WWW-Authenticate", "Bearer error=\"invalid_token\""});
        return refusal;
    }

    static bool bears(http_request const& request, std::string const& token)
    {
        auto const header = request.authorization.reveal();
        return oauth::detail::ascii_iequal(header.substr(0, 7), "Bearer ") && secret(token).matches(header.substr(7));
    }

    /// The JSON object of the body, or nothing.
    static std::optional<boost::json::object> body_of(http_request const& request)
    {
        auto const type = find_field(request.fields, "Content-Type");
        if (!oauth::detail::ascii_iequal(type.substr(0, type.find(';')), "application/json")) return std::nullopt;
        oauth::error_code fault;
        auto parsed = boost::json::parse({request.body.reveal().data(), request.body.size()}, fault);
        if (fault || !parsed.is_object()) return std::nullopt;
        return std::move(parsed.get_object());
    }

    static std::string text(boost::json::object const& from, std::string_view name)
    {
        auto const* const member = from.if_contains({name.data(), name.size()});
        return member != nullptr && member->is_string() ? std::string(member->get_string().c_str()) : std::string();
    }

    static constexpr std::array<boost::json::string_view, 6> known_types{"authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code",
                                                                         "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:ietf:params:oauth:grant-type:token-exchange"};

    /// An https URI, an http one on loopback, or one with the private scheme of an app; never with a fragment (RFC 8252 7, RFC 9700 2.1).
    static bool good_redirect_uri(std::string const& text)
    {
        auto const uri = boost::urls::parse_uri(text);
        if (!uri || uri->has_fragment() || uri->has_userinfo()) return false;
        if (uri->scheme() == "http" || uri->scheme() == "https") return endpoint::parse(text).has_value();
        return std::string_view(uri->scheme().data(), uri->scheme().size()).find('.') != std::string_view::npos;
    }

    /// Put what was asked for into `made`; what is wrong with it, if anything is.
    std::optional<http_response> read(boost::json::object const& asked, dynamic_client& made)
    {
        made.client.redirect_uris.clear();
        auto const* const uris = asked.if_contains("redirect_uris");
        if (uris != nullptr && !uris->is_array()) return no("invalid_redirect_uri", "redirect_uris is not a list.");
        if (uris != nullptr)
            for (auto const& uri : uris->get_array())
            {
                if (!uri.is_string() || !good_redirect_uri(uri.get_string().c_str()))
                    return no("invalid_redirect_uri", "A redirect URI is neither https, nor loopback, nor an app's own.");
                made.client.redirect_uris.emplace_back(uri.get_string().c_str());
            }
        if (auto const fault = read_authentication(asked, made.client); !fault.empty()) return no("invalid_client_metadata", std::string(fault));
        bool redirects = true;
        if (auto const* const types = asked.if_contains("grant_types"))
        {
            if (!types->is_array()) return no("invalid_client_metadata", "grant_types is not a list.");
            redirects = false;
            for (auto const& type : types->get_array())
            {
                bool const known = type.is_string() && std::find(known_types.begin(), known_types.end(), type.get_string()) != known_types.end();
                if (!known) return no("invalid_client_metadata", "A grant type is not supported.");
                redirects = redirects || type == "authorization_code";
            }
        }
        if (redirects && made.client.redirect_uris.empty()) return no("invalid_redirect_uri", "A redirect URI is needed.");
        if (asked.contains("software_statement")) return no("unapproved_software_statement", "No software statement is approved here.");
        if (auto const name = text(asked, "client_name"); !name.empty()) made.client.name = name;
        auto const userinfo = text(asked, "userinfo_signed_response_alg");
        if (!userinfo.empty() && userinfo != "RS256") return no("invalid_client_metadata", "userinfo_signed_response_alg is not supported.");
        made.client.signed_userinfo = !userinfo.empty();
        if (auto const scope = text(asked, "scope"); !scope.empty()) made.client.permissions = oauth::scope(scope);
        auto const id_tokens = text(asked, "id_token_signed_response_alg");
        if (!id_tokens.empty() && id_tokens != to_string(state_.options.id_token_algorithm)) return no("invalid_client_metadata", "id_token_signed_response_alg is not the server's.");
        made.metadata = asked;
        auto const method = registered_method(asked);
        made.metadata["token_endpoint_auth_method"] = method;
        if (!asked.contains("grant_types")) made.metadata["grant_types"] = boost::json::array{"authorization_code"};
        if (!asked.contains("response_types")) made.metadata["response_types"] = boost::json::array{"code"};
        if (!takes_secret(method)) made.client.secret.clear();
        else if (made.client.secret.empty()) made.client.secret = state_.random_text();
        return std::nullopt;
    }

    http_response say(int status, dynamic_client const& of) const
    {
        auto body = of.metadata;
        body["client_id"] = of.client.id;
        if (!of.client.secret.empty())
        {
            body["client_secret"] = of.client.secret;
            body["client_secret_expires_at"] = 0;
        }
        body["registration_access_token"] = of.token;
        body["registration_client_uri"] = page_url(state_.options, page::registration) + "?client_id=" + of.client.id;
        return json_response(status, body);
    }

    http_response enroll(http_request const& request)
    {
        if (!state_.options.initial_access_token.empty() && !bears(request, state_.options.initial_access_token)) return unauthorized();
        auto const asked = body_of(request);
        if (!asked) return no("invalid_client_metadata", "The body is not a JSON object.");
        dynamic_client made;
        if (auto refused = read(*asked, made)) return std::move(*refused);
        made.client.id = state_.random_guid();
        made.token = "rat." + state_.random_text();
        made.metadata["client_id_issued_at"] = static_cast<std::int64_t>(now_.time_since_epoch().count());
        ++state_.counts.registrations;
        return say(201, state_.dynamic_clients.emplace_back(std::move(made)));
    }

    http_response manage(std::string_view id, http_request const& request)
    {
        dynamic_client* found = nullptr;
        for (auto& one : state_.dynamic_clients)
            if (!one.deleted && one.client.id == id && bears(request, one.token)) found = &one;
        if (found == nullptr) return unauthorized();
        if (request.method == http_method::get) return say(200, *found);
        if (request.method == http_method::delete_) return remove(*found);
        if (request.method != http_method::put) return text_response(405, "Method Not Allowed");
        auto asked = body_of(request);
        if (!asked) return no("invalid_client_metadata", "The body is not a JSON object.");
        for (auto const* name : {"registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"})
            if (asked->contains(name)) return no("invalid_request", std::string(name) + " must not be sent.");
        if (text(*asked, "client_id") != found->client.id) return no("invalid_request", "client_id is that of another client.");
        if (asked->contains("client_secret") && text(*asked, "client_secret") != found->client.secret) return no("invalid_request", "client_secret is not the client's own.");
        auto changed = *found;
        asked->erase("client_secret");
        asked->erase("client_id");
        if (auto refused = read(*asked, changed)) return std::move(*refused);
        changed.metadata["client_id_issued_at"] = found->metadata["client_id_issued_at"];
        *found = std::move(changed);
        return say(200, *found);
    }

    http_response remove(dynamic_client& who)
    {
        who.deleted = true;
        for (auto& [text, token] : state_.refresh_tokens)
            if (token.of->request.client == &who.client) token.of->revoked = true;
        for (auto& [text, token] : state_.access_tokens)
            if (token.client_id == who.client.id) token.revoked = true;
        return http_response{204, {{"Cache-Control", "no-store"}}, {}};
    }
};

inline http_response registration_endpoint(server_state& state, route const& where, http_request const& request, time_point now)
{
    return registration_desk(state, now).answer(where, request);
}

} // namespace oauth::testing::detail

#endif
