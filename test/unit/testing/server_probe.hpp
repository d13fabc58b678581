#ifndef OAUTH_TEST_UNIT_TESTING_SERVER_PROBE_HPP
#define OAUTH_TEST_UNIT_TESTING_SERVER_PROBE_HPP

#include <oauth/core/form_parameters.hpp>
#include <oauth/core/pkce.hpp>
#include <oauth/testing/authorization_server.hpp>
#include <oauth/testing/detail/text.hpp>
#include <oauth/testing/manual_clock.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

/// A server and the least that is needed to talk to it by hand: nothing of the library's own requests and responses.
struct server_probe
{
    static constexpr std::string_view verifier = "verifier-verifier-verifier-verifier-verifier-43";

    oauth::testing::manual_clock clock;
    oauth::testing::authorization_server<oauth::testing::manual_clock> server;

    explicit server_probe(oauth::testing::personality kind = oauth::testing::personality::entra_v2) : server_probe(options(kind)) {}
    explicit server_probe(oauth::testing::authorization_server_options given) : server(std::move(given), clock) {}

    static oauth::testing::authorization_server_options options(oauth::testing::personality kind)
    {
        oauth::testing::authorization_server_options made;
        made.kind = kind;
        made.clients = {{.id = "public-app",
                         .redirect_uris = {"http://localhost:8400/", "https://app.example/back?x=1", "com.example.app:/back", "http://intranet.example/back"}},
                        {.id = "web app", .secret = "p+s %:w", .redirect_uris = {"https://web.example/back"}}};
        return made;
    }

    /// The parameters of a good authorization request.
    static oauth::form_parameters asks(std::string scope = "openid offline_access Bookings.ReadWrite.All")
    {
        return {{"client_id", "public-app"},
                {"response_type", "code"},
                {"redirect_uri", "http://localhost:8400/"},
                {"scope", std::move(scope)},
                {"state", "the state"},
                {"nonce", "the nonce"},
                {"code_challenge", oauth::pkce::s256(verifier)},
                {"code_challenge_method", "S256"}};
    }

    /// Replace a parameter, or add it; an empty value takes it away.
    static oauth::form_parameters with(oauth::form_parameters list, std::string_view name, std::string_view value)
    {
        std::erase_if(list, [&](auto const& one) { return one.name == name; });
        if (!value.empty()) list.push_back({std::string(name), std::string(value)});
        return list;
    }

    static std::string encoded(oauth::form_parameters const& list)
    {
        oauth::testing::detail::query_text text;
        for (auto const& one : list) text.add(one.name, one.value);
        return text.str();
    }

    std::string authorize_url(oauth::form_parameters const& list) const { return server.metadata().authorization_endpoint.url() + '?' + encoded(list); }

    oauth::http_response get(std::string_view url, std::string_view authorization = {}) const
    {
        return server.handle({.method = oauth::http_method::get, .url = url, .authorization = oauth::secret(authorization)});
    }

    static oauth::http_request form_request(std::string_view url, std::string body, std::string_view authorization = {})
    {
        return {.method = oauth::http_method::post,
                .url = url,
                .fields = {{"Content-Type", "application/x-www-form-urlencoded"}},
                .authorization = oauth::secret(authorization),
                .body = oauth::secret(std::move(body))};
    }

    oauth::http_response post(oauth::form_parameters const& list, std::string_view authorization = {}) const
    {
        return server.handle(form_request(server.metadata().token_endpoint.url(), encoded(list), authorization));
    }

    /// The parameters of the redirect that signing in ends with.
    oauth::form_parameters redirect(oauth::form_parameters const& list, oauth::testing::user_choice choice = oauth::testing::user_choice::accept) const
    {
        return parameters_of(server.sign_in(authorize_url(list), choice));
    }

    /// Those in the query or fragment of a URL.
    static oauth::form_parameters parameters_of(std::string_view url)
    {
        auto const begin = std::min(url.find_first_of("?#"), url.size());
        auto const text = url.substr(std::min(begin + 1, url.size()));
        auto parsed = oauth::parse_form(text.substr(0, text.find('#')));
        return parsed ? std::move(*parsed) : oauth::form_parameters{};
    }

    static std::string value(oauth::form_parameters const& list, std::string_view name)
    {
        return std::string(oauth::find_parameter(list, name).value_or("(none)"));
    }

    std::string code(oauth::form_parameters const& list = asks()) const { return value(redirect(list), "code"); }

    /// The parameters of a good code exchange.
    static oauth::form_parameters redeems(std::string code)
    {
        return {{"grant_type", "authorization_code"},
                {"client_id", "public-app"},
                {"code", std::move(code)},
                {"redirect_uri", "http://localhost:8400/"},
                {"code_verifier", std::string(verifier)}};
    }

    static oauth::form_parameters renews(std::string refresh_token)
    {
        return {{"grant_type", "refresh_token"}, {"client_id", "public-app"}, {"refresh_token", std::move(refresh_token)}};
    }

    /// Sign in and redeem the code.
    boost::json::object tokens(oauth::form_parameters const& list = asks()) const { return json(post(redeems(code(list)))); }

    static boost::json::object json(oauth::http_response const& answer)
    {
        boost::system::error_code fault;
        auto const parsed = boost::json::parse({answer.body.reveal().data(), answer.body.reveal().size()}, fault);
        return parsed.is_object() ? parsed.as_object() : boost::json::object{};
    }

    /// A string member, or "(none)".
    static std::string text(boost::json::object const& from, std::string_view name)
    {
        auto const* const member = from.if_contains({name.data(), name.size()});
        return member != nullptr && member->is_string() ? std::string(member->as_string().c_str()) : "(none)";
    }

    static std::string error(oauth::http_response const& answer) { return std::to_string(answer.status) + ' ' + text(json(answer), "error"); }

    /// The number of an Entra error, 0 where there is none.
    static std::int64_t number(oauth::http_response const& answer)
    {
        auto const body = json(answer);
        auto const* const numbers = body.if_contains("error_codes");
        return numbers != nullptr && numbers->is_array() && numbers->as_array().size() == 1 ? numbers->as_array()[0].to_number<std::int64_t>() : 0;
    }

    /// The decoded part of a JWT.
    static boost::json::object part(std::string const& jwt, int which)
    {
        std::string_view rest = jwt;
        for (int i = 0; i < which; ++i) rest.remove_prefix(std::min(rest.find('.') + 1, rest.size()));
        auto const decoded = oauth::base64url_decode(rest.substr(0, rest.find('.'))).value_or("null");
        boost::system::error_code fault;
        auto const parsed = boost::json::parse(decoded, fault);
        return parsed.is_object() ? parsed.as_object() : boost::json::object{};
    }
};

#endif
