// No secret reaches an error: not when the transport, the store or the server fails, and not when the server repeats what it was sent.

#include <oauth/flow/discover.hpp>
#include <oauth/flow/flow.hpp>
#include <oauth/flow/register_client.hpp>
#include <oauth/policy/authentication/client_secret_basic.hpp>
#include <oauth/policy/authentication/client_secret_jwt.hpp>
#include <oauth/policy/authentication/federated_assertion.hpp>
#include <oauth/policy/authentication/private_key_jwt.hpp>
#include <oauth/policy/authentication/tls_client_auth.hpp>
#include <oauth/policy/browser/announcing_browser.hpp>
#include <oauth/policy/receiver/loopback_receiver.hpp>
#include <oauth/policy/receiver/pasted.hpp>
#include <oauth/policy/request_signer/signed_requests.hpp>
#include <oauth/policy/sender_constraint/dpop.hpp>
#include <oauth/policy/store/file_store.hpp>
#include <oauth/request/client_credentials.hpp>
#include <oauth/request/introspection.hpp>
#include <oauth/request/jwt_bearer.hpp>
#include <oauth/request/on_behalf_of.hpp>
#include <oauth/request/revocation.hpp>
#include <oauth/request/token_exchange.hpp>
#include <oauth/testing/fixed_entropy.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include "../support/flow_fixture.hpp"
#include "../support/id_tokens.hpp"
#include <cstdlib>
#include <filesystem>
#include <variant>
#include <fstream>
#include <functional>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

// Each would show in a text in any spelling, but for the two that have something to be escaped.
constexpr std::string_view client_secret = "canary/client\"secret+%41, long enough for HS256", code = "canary/code\\1+\"x", refresh_text = "canary-refresh-token", access_text = "canary-access-token",
                           refresh_text_2 = "canary-second-refresh", access_text_2 = "canary-second-access", id_token = "canary-id-token", ticket = "canary-ticket",
                           api_body = "canary-api-body", registration_token = "canary-registration-token", assertion = "canary/assertion\"+x",
                           federated = "canary/federated\"assertion+x", device_code_text = "canary/device\\code+x", subject_token = "canary/subject\"token+x", actor_token = "canary/actor\\token+x";

struct fixed_config : default_config
{
    using entropy = testing::fixed_entropy;
    static constexpr std::chrono::milliseconds lock_timeout{1};
};

struct bound_config : fixed_config
{
    using sender_constraint = dpop;
};

struct signing_config : fixed_config
{
    using request_signer = signed_requests;
};

/// What another identity provider says of the client.
struct platform
{
    result<secret> operator()() const { return secret(federated); }
};

/// Each way in which a client proves who it is: one type for all, since every other type of flow takes the compiler seconds.
struct any_way
{
    std::variant<client_secret_post, client_secret_basic, client_secret_jwt, private_key_jwt, federated_assertion<platform>, tls_client_auth> way = {};

    result<void> authenticate(http_request& request, form& body, client const& who, server_metadata const& server, time_point now)
    {
        return std::visit([&](auto& chosen) { return chosen.authenticate(request, body, who, server, now); }, way);
    }
};

struct own_grant
{
    static constexpr std::string_view grant_type = "urn:example:own";
    void write(form& body) const { body.add("ticket", ticket); }
};

constexpr std::string_view redirect_uri = "http://localhost:8400/";

std::string parameter(std::string const& url, std::string_view name)
{
    auto const parameters = parse_form(std::string_view(url).substr(url.find('?') + 1)).value();
    return std::string(find_parameter(parameters, name).value_or(""));
}

/// Tells which URL it was to show; or fails.
struct noting_browser
{
    std::string* url;
    bool works = true;

    result<void> open(std::string const& opened) const
    {
        *url = opened;
        if (!works) return failure(errc::browser_unavailable, advice::give_up);
        return {};
    }
};

/// Shows the judge what it is to hand on, once it knows the state that is waited for; or fails.
struct handing_receiver
{
    static constexpr bool takes_bare_codes = true;
    std::string const* url;
    std::function<std::string(std::string const& state)> text;
    bool judged = true;   // else it hands on what the judge does not want
    errc unprepared = {};

    result<std::string> prepare(std::string const& registered) const
    {
        if (unprepared != errc{}) return failure(unprepared, advice::fix_configuration);
        return registered;
    }

    template <class Judge>
    result<std::string> receive(Judge judge) const
    {
        auto const came = text(parameter(*url, "state"));
        if (judge(came) == reception::stranger && judged) return failure(errc::sign_in_timeout, advice::retry);
        return came;
    }
};

/// Answers as the test says, and knows what it was sent.
struct talking_transport
{
    std::shared_ptr<std::function<result<http_response>(http_request const&)>> answer;
    result<http_response> send(http_request request) { return (*answer)(request); }
};

struct desk
{
    std::shared_ptr<std::function<result<http_response>(http_request const&)>> answer = std::make_shared<std::function<result<http_response>(http_request const&)>>();
    failing_store store;
    testing::manual_clock clock;
    std::set<std::string> secrets;
    int failures = 0;
    std::string token_type = "Bearer";
    std::string identity{id_token};
    oauth::scope wanted = "offline_access Mail.Read";

    desk()
    {
        for (auto const text : {client_secret, code, refresh_text, access_text, refresh_text_2, access_text_2, id_token, ticket, api_body, registration_token, assertion, device_code_text,
                                subject_token, actor_token, federated})
            secrets.emplace(text);
        // And as they go over the wire.
        for (auto const text : {client_secret, code, assertion, device_code_text, subject_token, actor_token, federated})
        {
            form encoded;
            encoded.add("", text);
            secrets.emplace(encoded.str().substr(1));
        }
    }

    static server_metadata metadata()
    {
        server_metadata made;
        made.issuer = "https://login.example";
        made.discovery_document = "https://login.example/.well-known/openid-configuration";
        made.authorization_endpoint = "https://login.example/authorize";
        made.token_endpoint = "https://login.example/token";
        made.revocation_endpoint = "https://login.example/revoke";
        made.introspection_endpoint = "https://login.example/introspect";
        made.pushed_authorization_request_endpoint = "https://login.example/par";
        made.registration_endpoint = "https://login.example/register";
        made.device_authorization_endpoint = "https://login.example/device";
        made.jwks_uri = "https://login.example/keys";
        made.userinfo_endpoint = "https://api.example/userinfo";
        return made;
    }

    client who() const { return {.id = "the client", .secret = secret(client_secret), .redirect_uri = "http://localhost:8400/", .scope = wanted}; }

    /// @param more Policies that are not made by default.
    template <class Config = fixed_config, class... More>
    auto flow_of(More... more)
    {
        return flow<talking_transport, failing_store, testing::manual_clock, any_way, Config>{metadata(), who(), talking_transport{answer}, store, clock, std::move(more)...};
    }

    /// An assertion that the client makes for a request is as good as a password, while it lives.
    void note(http_request const& request)
    {
        auto const sent = parse_form(request.body.reveal());
        if (sent.has_error()) return;
        for (auto const& [name, value] : *sent)
            if (name == "client_assertion" || name == "code_verifier") secrets.emplace(value);
    }

    void says(std::function<result<http_response>(http_request const&)> what)
    {
        *answer = [this, what = std::move(what)](http_request const& request) {
            note(request);
            return what(request);
        };
    }

    void says_tokens(std::string_view access, std::string_view refresh)
    {
        auto const body = R"({"token_type":")" + token_type + R"(","expires_in":3600,"access_token":")" + std::string(access) + R"(","refresh_token":")" + std::string(refresh)
                        + R"(","id_token":")" + identity + "\"}";
        says([body](http_request const&) -> result<http_response> { return test::answer(200, body); });
    }

    /// A device gets its codes, and then hears what was to be said.
    void gives_codes()
    {
        says([then = *answer](http_request const& request) -> result<http_response> {
            if (request.url.url() != "https://login.example/device") return then(request);
            return test::answer(200, R"({"user_code":"u","verification_uri":"https://login.example/","expires_in":60,"device_code":"canary\/device\\code+x"})");
        });
    }

    /// The token that brings the code back (JARM), with one claim changed, or taken away where `value` is null; it and its payload are secrets.
    std::string signed_redirect(std::string_view state, std::string_view name = {}, boost::json::value value = nullptr)
    {
        auto const text = [](std::string_view view) { return boost::json::string_view(view.data(), view.size()); };
        boost::json::object claims{{"iss", "https://login.example"}, {"aud", "the client"}, {"exp", clock.now().time_since_epoch().count() + 60}, {"code", text(code)}, {"state", text(state)}};
        if (!name.empty() && value.is_null()) claims.erase(text(name));
        else if (!name.empty()) claims[text(name)] = std::move(value);
        std::string made(sign_jwt(claims, server_key(), jws_algorithm::es256).value().reveal());
        secrets.emplace(made);
        secrets.emplace(made.substr(made.find('.') + 1, made.rfind('.') - made.find('.') - 1));
        return made;
    }

    static std::string code_parameter()
    {
        form made;
        made.add("code", code);
        return std::string(made.str());
    }

    /// Every text of a failure.
    template <class T>
    void check(result<T> const& outcome)
    {
        if (!outcome.has_error()) return;
        ++failures;
        auto const& why = outcome.error();
        std::ostringstream printed;
        printed << why;
        std::vector<std::string> texts{describe(why), printed.str(), error(why).what(), why.hint, why.code.message(), why.server.error, why.server.error_description,
                                       why.server.error_uri, why.server.suberror, why.server.claims, why.server.trace_id, why.server.correlation_id, why.server.timestamp,
                                       why.server.body_excerpt};
        try
        {
            (void)outcome.value();
        }
        catch (std::exception const& thrown)
        {
            texts.emplace_back(thrown.what());
        }
        // As one text, and without a macro for each: there are millions of pairs.
        std::string all;
        for (auto const& text : texts)
            if (!text.empty()) (all += text) += '\n';
        check_text(all);
    }

    void check_text(std::string const& all) const
    {
        for (auto const& one : secrets)
            if (all.find(one) != all.npos) BOOST_ERROR("a secret (" << one << ") is in: " << all);
    }

    /// What is done without a flow: a server's metadata, and a client's registration.
    void register_everywhere(std::function<void()> const& set)
    {
        talking_transport line{answer};
        set();
        check(discover(line, metadata()));
        client_metadata const what{.redirect_uris = {"http://localhost:8400/"}};
        registration_response of;
        of.client_id = "the client";
        of.client_secret = secret(client_secret);
        of.registration_access_token = secret(registration_token);
        of.registration_client_uri = "https://login.example/register/1";
        set();
        check(register_client(line, metadata(), what, of.registration_access_token));
        set();
        check(read_registration(line, of));
        set();
        check(change_registration(line, of, what));
        set();
        check(delete_registration(line, of));
    }

    /// Go every way that there is, with whatever the server, the transport and the store do. `set` is called before each.
    template <class Config = fixed_config, class... More>
    void go_everywhere(std::function<void()> const& set, More... more)
    {
        auto graph = flow_of<Config>(std::move(more)...);
        auto begin = [&] {
            auto pending = graph.authorize().value();
            secrets.emplace(pending.code_verifier.reveal());
            return pending;
        };
        auto sign_in = [&] {
            auto pending = begin();
            form query;
            query.add("code", code).add("state", pending.state);
            return graph.exchange(std::move(pending), "http://localhost:8400/?" + std::string(query.str()));
        };
        // By a redirect that the server has signed; its keys are fetched for that.
        auto sign_in_by_token = [&] {
            auto pending = graph.authorize({.response_mode = "query.jwt"}).value();
            secrets.emplace(pending.code_verifier.reveal());
            return graph.exchange(std::move(pending), "http://localhost:8400/?response=" + signed_redirect(pending.state));
        };
        auto with_session = [&](seconds later) {
            says_tokens(access_text, refresh_text);
            (void)sign_in();
            clock.advance(later);
            set();
        };
        set();
        check(sign_in());
        set();
        check(sign_in_by_token());
        std::string url;
        auto const encoded_code = code_parameter();
        auto const answer_to = [&](std::string const& state) { return std::string(redirect_uri) + '?' + encoded_code + "&state=" + state; };
        set();
        check(graph.sign_in(noting_browser{&url}, handing_receiver{&url, answer_to}));
        set();
        check(graph.sign_in(noting_browser{&url, false}, handing_receiver{&url, answer_to}));
        set();
        check(graph.sign_in(noting_browser{&url}, handing_receiver{&url, answer_to, true, errc::port_in_use}));
        for (bool const judged : {true, false})
        {
            set();
            check(graph.sign_in(noting_browser{&url}, handing_receiver{&url, [&](auto const&) { return answer_to("guess"); }, judged}));
        }
        set();
        check(graph.obtain(own_grant{}));
        set();
        check(graph.obtain(client_credentials{.scope = "x/.default"}));
        set();
        check(graph.obtain(token_exchange{.subject_token = secret(subject_token), .actor_token = secret(actor_token), .actor_token_type = token_type_uri::access_token}));
        set();
        check(graph.obtain(jwt_bearer{.assertion = secret(assertion)}));
        set();
        check(graph.authorize({.pushed = true}));
        set();
        check(graph.ask(introspection{.token = secret(access_text)}));
        set();
        check(graph.ask(revocation{.token = secret(refresh_text)}));
        register_everywhere(set);
        set();
        check(graph.access_token(on_behalf_of{.assertion = secret(assertion)}));
        set();
        check(graph.access_token(own_grant{}, account{"another"}));
        set();
        check(graph.device_sign_in([](auto const&) {}));
        set();
        gives_codes();
        check(graph.device_sign_in([](auto const&) {}));
        for (auto const later : {0s, 3400s, 3600s})
        {
            with_session(later);
            check(graph.access_token());
            with_session(later);
            check(graph.access_token({.claims = "{}", .minimum_life = 7200s}));
            with_session(later);
            check(graph.refresh());
            with_session(later);
            check(graph.obtain(own_grant{}));
            with_session(later);
            check(graph.call({http_method::post, "https://api.example/", {}, {}, secret(api_body)}));
            says_tokens(access_text, {});
            (void)graph.access_token(on_behalf_of{.assertion = secret(assertion)}, account{"called by"});
            clock.advance(later);
            set();
            check(graph.call({http_method::post, "https://api.example/", {}, {}, secret(api_body)}, on_behalf_of{.assertion = secret(assertion)}, account{"called by"}));
            with_session(later);
            check(graph.session());
            with_session(later);
            check(graph.identity());
            with_session(later);
            check(graph.userinfo());
            with_session(later);
            check(graph.revoke());
            with_session(later);
            check(graph.revoke({}, revoked_tokens::all));
            with_session(later);
            check(graph.forget());
        }
    }
};

std::string json_escaped(std::string_view text, bool all = false)
{
    static constexpr char digits[] = "0123456789abcdef";
    std::string out;
    for (char const c : text)
    {
        auto const byte = static_cast<unsigned char>(c);
        if (all) ((out += "\\u00") += digits[byte >> 4]) += digits[byte & 15];
        else if (c == '"' || c == '\\' || c == '/') (out += '\\') += c;
        else out += c;
    }
    return out;
}

/// All that was sent, in every spelling, as one text within a JSON string.
std::string everything_of(http_request const& request)
{
    std::string out = json_escaped(request.body.reveal()) + ' ' + json_escaped(request.authorization.reveal());
    auto const parameters = parse_form(request.body.reveal());
    for (auto const& [name, value] : parameters.has_value() ? *parameters : form_parameters())
        out += ' ' + json_escaped(value) + ' ' + json_escaped(value, true);
    // Who registers has no secret yet; who fetches keys or metadata, or calls an API, does not say which client it is.
    std::string_view const url = request.url.url();
    if (!url.ends_with("/register") && !url.ends_with("/keys") && !url.ends_with("/openid-configuration") && !url.starts_with("https://api.example")) out += ' ' + json_escaped(client_secret) + ' ' + json_escaped(client_secret, true);
    return out;
}

/// Has it gone wrong as often as it must?
void went_wrong(desk const& here, int at_least) { BOOST_TEST(here.failures >= at_least); }

} // namespace

BOOST_AUTO_TEST_SUITE(canary)

BOOST_AUTO_TEST_CASE(is_found_where_it_is)
{
    desk here;
    std::string text = describe(failure(errc::no_session, advice::retry, std::string(refresh_text)));
    bool found = false;
    for (auto const& one : here.secrets) found = found || text.find(one) != text.npos;
    BOOST_TEST(found);
}

BOOST_AUTO_TEST_CASE(the_transport_fails)
{
    for (auto const why : {errc::resolve_failed, errc::connect_failed, errc::connect_timeout, errc::certificate_rejected, errc::handshake_failed, errc::handshake_timeout,
                           errc::exchange_timeout, errc::connection_lost, errc::malformed_http, errc::invalid_field, errc::response_too_large})
    {
        desk here;
        here.go_everywhere([&] { here.says([why](http_request const&) -> result<http_response> { return failure(why, advice::retry); }); });
        went_wrong(here, 10);
    }
}

BOOST_AUTO_TEST_CASE(the_store_fails)
{
    for (auto const* operation : {"load", "save", "erase", "probe", "try_lock"})
        for (int const times : {1, -1})
        {
            desk here;
            here.go_everywhere([&] {
                here.says_tokens(access_text_2, refresh_text_2);
                here.store.deny(operation, times);
            });
            went_wrong(here, 3);
        }
}

BOOST_AUTO_TEST_CASE(the_server_repeats_what_it_was_sent)
{
    for (int const status : {200, 400, 401, 503})
        for (auto const* member : {"error", "error_description", "error_uri", "suberror", "claims", "trace_id", "correlation_id", "timestamp", "something"})
            for (auto const* error : {"invalid_grant", "made_up"})
            {
                desk here;
                auto const echo = [&] {
                    here.says([=](http_request const& request) -> result<http_response> {
                        std::string body = "{";
                        if (std::string_view(member) != "error") body += std::string(R"("error":")") + error + R"(",)";
                        body += '"' + std::string(member) + R"(":")" + everything_of(request) + "\"}";
                        return answer(status, body, {{"Content-Type", "application/json"}, {"Retry-After", "5"}, {"WWW-Authenticate", std::string(request.authorization.reveal())}});
                    });
                };
                here.go_everywhere(echo);
                went_wrong(here, 10);
                here.go_everywhere(echo, any_way{client_secret_basic{}});
                went_wrong(here, 20);
            }
}

// And what the client makes for each request: an assertion, or a proof of its key.
BOOST_AUTO_TEST_CASE(the_server_repeats_what_was_signed)
{
    for (int const status : {200, 400, 401})
        for (auto const* error : {"invalid_client", "use_dpop_nonce"})
            for (auto const* member : {"error_description", "something"})
            {
                desk here;
                auto const echo = [&] {
                    here.says([=, times = 0](http_request const& request) mutable -> result<http_response> {
                        auto const body = R"({"error":")" + std::string(error) + R"(",")" + member + R"(":")" + everything_of(request) + "\"}";
                        return answer(status, body, {{"Content-Type", "application/json"}, {"DPoP-Nonce", "n" + std::to_string(++times)},
                                                     {"WWW-Authenticate", "DPoP error=\"" + std::string(error) + "\", " + std::string(request.authorization.reveal())}});
                    });
                };
                auto const before = here.secrets.size();
                here.go_everywhere(echo, any_way{private_key_jwt{server_key(), {.algorithm = jws_algorithm::es256}}});
                went_wrong(here, 10);
                auto const with_key = here.secrets.size();
                BOOST_TEST(with_key > before + 10);
                here.go_everywhere(echo, any_way{client_secret_jwt{}});
                went_wrong(here, 20);
                BOOST_TEST(here.secrets.size() > with_key + 10);
                here.go_everywhere(echo, any_way{federated_assertion{platform{}}});
                here.go_everywhere(echo, any_way{tls_client_auth{}});
                here.go_everywhere<signing_config>(echo, signed_requests{server_key(), jws_algorithm::es256});
                for (auto const* type : {"DPoP", "Bearer"})   // the second can't be presented
                {
                    here.token_type = type;
                    here.go_everywhere<bound_config>(echo, dpop{server_key()});
                }
                went_wrong(here, 40);
            }
}

BOOST_AUTO_TEST_CASE(who_signs_in_can_not_be_known)
{
    auto const keys_of = [](private_key const& key) { return R"({"keys":[)" + boost::json::serialize(key.public_key().json()) + "]}"; };
    auto const good_keys = keys_of(server_key()), other = keys_of(private_key::generate(jws_algorithm::es256).value());
    enum class keys { good, of_another, unreachable, page, repeated, broken };
    enum class fault { none, nonce, issuer, audience, expired, without_subject, signature, unsigned_, cut, no_token, not_json };
    int known = 0;
    for (auto const given : {keys::good, keys::of_another, keys::unreachable, keys::page, keys::repeated, keys::broken})
        for (auto const wrong : {fault::none, fault::nonce, fault::issuer, fault::audience, fault::expired, fault::without_subject, fault::signature, fault::unsigned_, fault::cut,
                                 fault::no_token, fault::not_json})
            BOOST_TEST_CONTEXT("keys " << static_cast<int>(given) << ", token " << static_cast<int>(wrong))
            {
                desk here;
                here.wanted = "openid offline_access Mail.Read";
                auto graph = here.flow_of();
                here.secrets.emplace("canary-claim");
                auto const token_for = [&](std::string const& nonce) {
                    auto const at = here.clock.now().time_since_epoch().count();
                    boost::json::object claims{{"iss", "https://login.example"}, {"sub", "canary-claim"}, {"aud", "the client"}, {"exp", at + 3600}, {"iat", at}};
                    if (!nonce.empty()) claims["nonce"] = nonce;
                    if (wrong == fault::nonce) claims["nonce"] = "canary-claim";
                    if (wrong == fault::issuer) claims["iss"] = "https://canary-claim.example";
                    if (wrong == fault::audience) claims["aud"] = "canary-claim";
                    if (wrong == fault::expired) claims["exp"] = at - 3600;
                    if (wrong == fault::without_subject) claims.erase("sub");
                    auto made = std::string(sign_jwt(claims, server_key(), jws_algorithm::es256, {}).value().reveal());
                    auto const dot = made.rfind('.');
                    if (wrong == fault::signature) made[dot + 5] = made[dot + 5] == 'A' ? 'B' : 'A';
                    if (wrong == fault::unsigned_) made = base64url_encode(std::string_view(R"({"alg":"none"})")) + made.substr(made.find('.'), dot + 1 - made.find('.'));
                    if (wrong == fault::cut) made.resize(dot);
                    if (wrong == fault::no_token) made = std::string("canary-id-token");
                    if (wrong == fault::not_json) made = std::string(made, 0, made.find('.')) + '.' + base64url_encode(std::string_view("canary-claim")) + made.substr(dot);
                    here.secrets.emplace(made);
                    if (auto const first = made.find('.'); first != made.npos) here.secrets.emplace(made.substr(first + 1, made.rfind('.') - first - 1));
                    return made;
                };
                auto const says = [&](std::string const& nonce) {
                    here.identity = token_for(nonce);
                    here.says_tokens(access_text, refresh_text);
                    here.says([&, then = *here.answer](http_request const& request) -> result<http_response> {
                        if (!request.url.url().ends_with("/keys")) return then(request);
                        switch (given)
                        {
                        case keys::good: return answer(200, good_keys);
                        case keys::of_another: return answer(200, other);
                        case keys::unreachable: return failure(errc::connect_failed, advice::retry);
                        case keys::page: return answer(502, "<h1>away</h1>", {{"Content-Type", "text/html"}});
                        case keys::repeated: return answer(200, R"({"keys":[{"kty":")" + here.identity + R"(","kid":")" + here.identity + "\"}]}");
                        case keys::broken: return answer(200, R"({"keys":")" + here.identity);
                        }
                        return failure(errc::connect_failed, advice::retry);
                    });
                };
                auto const sign_in = [&] {
                    auto pending = graph.authorize().value();
                    here.secrets.emplace(pending.code_verifier.reveal());
                    says(pending.nonce);
                    form query;
                    query.add("code", code).add("state", pending.state);
                    return graph.exchange(std::move(pending), "http://localhost:8400/?" + std::string(query.str()));
                };
                auto const signed_in = sign_in();
                here.check(signed_in);
                known += signed_in.has_value();
                BOOST_TEST(signed_in.has_value() == (given == keys::good && wrong == fault::none));
                says("");
                here.gives_codes();
                here.check(graph.device_sign_in([](auto const&) {}));
                // Kept without a look at it: found out when it is read.
                says("");
                BOOST_TEST(graph.obtain(own_grant{}).has_value());
                here.check(graph.identity());
                here.check(graph.userinfo());
                went_wrong(here, given == keys::good && wrong == fault::none ? 1 : 2);   // a device has no nonce
            }
    BOOST_TEST(known == 1);
}

BOOST_AUTO_TEST_CASE(an_api_repeats_what_it_was_sent_in_a_claims_challenge)
{
    enum class what { first_token, last_token, body, nothing };
    // Whatever the token service says to what it is asked then.
    std::vector<http_response> const answers{answer(400, R"({"error":"interaction_required"})"), answer(400, R"({"error":"invalid_grant"})"), answer(503, ""),
                                             answer(200, R"({"token_type":"Bearer","access_token":")" + std::string(access_text_2) + R"(","refresh_token":")" + std::string(refresh_text_2) + "\"}")};
    int challenged = 0;
    for (auto const& said : answers)
        for (int const status : {401, 403})
            for (bool const escaped_all : {false, true})
                for (auto const& [before, behind] : std::vector<std::pair<std::string, std::string>>{{R"({"x":")", "\"}"}, {R"({")", R"(":null})"}, {R"({"x":[{"y":" )", " \"}]}"}})
                    for (auto const repeats : {what::first_token, what::last_token, what::body, what::nothing})
                    {
                        desk here;
                        here.go_everywhere([&] {
                            here.says([&, first = std::string()](http_request const& request) mutable -> result<http_response> {
                                if (request.url.url().starts_with("https://login.example")) return said;
                                ++challenged;
                                std::string const token(request.authorization.reveal().substr(7));
                                if (first.empty()) first = token;
                                auto const repeated = repeats == what::first_token ? first : repeats == what::last_token ? token : repeats == what::body ? std::string(api_body) : "harmless";
                                return http_response{status, {{"WWW-Authenticate", R"(Bearer error="insufficient_claims", error_description=")" + token + R"(", claims=")"
                                                                                       + base64url_encode(before + json_escaped(repeated, escaped_all) + behind) + '"'}}, {}};
                            });
                        });
                        if (repeats == what::nothing && said.status != 200) went_wrong(here, 6);
                    }
    BOOST_TEST(challenged > 100);
}

// RFC 9470: what the API wants of the user goes into the failure, but not where a secret stands in it.
BOOST_AUTO_TEST_CASE(an_api_repeats_it_as_a_way_to_authenticate)
{
    int asked = 0;
    for (bool const harmless : {true, false})
        for (int const status : {401, 403})
            for (bool const repeats_body : {true, false})
            {
                desk here;
                here.go_everywhere([&] {
                    here.says([&](http_request const& request) -> result<http_response> {
                        if (request.url.url().starts_with("https://login.example")) return token_answer(std::string(access_text_2), std::string(refresh_text_2));
                        ++asked;
                        auto const credentials = std::string(request.authorization.reveal());
                        auto const repeated = harmless ? std::string("phr") : repeats_body ? std::string(api_body) : credentials.substr(credentials.find(' ') + 1);
                        return http_response{status, {{"WWW-Authenticate", R"(Bearer error="insufficient_user_authentication", error_description=")" + credentials + R"(", acr_values=")"
                                                                               + repeated + R"(", max_age="10")"}}, {}};
                    });
                });
                if (harmless) went_wrong(here, 6);
            }
    BOOST_TEST(asked > 40);
}

BOOST_AUTO_TEST_CASE(the_server_repeats_it_without_sense)
{
    std::vector<std::pair<int, http_fields>> const answers{{200, {{"Content-Type", "text/html"}}}, {200, {{"Content-Type", "application/json"}}}, {200, {}}, {302, {}},
                                                           {400, {{"Content-Type", "text/plain"}}}, {404, {}}, {500, {{"Content-Type", "text/html"}}}};
    for (auto const& around : std::vector<std::pair<std::string, std::string>>{{"", ""}, {"{\"error\":\"", ""}, {"[\"", "\"]"}, {"{\"error\":[\"", "\"]}"},
                                                                               {R"({"access_token":{"x":")", "\"}}"}, {R"({"access_token":")", "\",\"token_type\":1}"}})
        for (auto const& given : answers)
        {
            desk here;
            here.go_everywhere([&] {
                here.says([given, around](http_request const& request) -> result<http_response> {
                    auto all = given.second;
                    all.push_back({"Location", "https://elsewhere.example/?" + std::string(request.body.reveal())});
                    return answer(given.first, around.first + everything_of(request) + around.second, all);
                });
            });
            went_wrong(here, 5);
        }
}

// A gateway's page: a beginning of it is in the failure, and nothing of what was sent.
BOOST_AUTO_TEST_CASE(somebody_in_between_repeats_it)   // a proxy, or a firewall in front of the server
{
    struct
    {
        char const* what;
        std::size_t limit;   // of each value that is repeated
        bool with_names;
    } const rows[] = {{"all of it", std::string::npos, true}, {"the values alone", std::string::npos, false}, {"their beginnings", 13, false}};
    for (int const status : {400, 403, 429, 502})
        for (auto const& given : rows)
            BOOST_TEST_CONTEXT(status << ", " << given.what)
            {
                desk here;
                if (given.limit != std::string::npos)
                    for (auto const text : {client_secret, refresh_text, refresh_text_2, code}) here.secrets.emplace(text.substr(0, given.limit));
                bool excerpt = false;
                auto const echo = [&] {
                    here.says([&](http_request const& request) -> result<http_response> {
                        std::string page = "<h1>Blocked</h1> ";
                        if (given.with_names) page += everything_of(request);
                        auto const sent = parse_form(request.body.reveal());
                        for (auto const& [name, value] : sent.has_value() ? *sent : form_parameters())
                            if (name != "client_id" && name != "grant_type") page += value.substr(0, given.limit) + "... ";
                        excerpt = excerpt || page.size() < 512;
                        return answer(status, page, {{"Content-Type", "text/html"}});
                    });
                };
                here.go_everywhere(echo);
                went_wrong(here, 10);
                here.go_everywhere(echo, any_way{client_secret_basic{}});
                went_wrong(here, 20);
                BOOST_TEST(excerpt);
            }
}

BOOST_AUTO_TEST_CASE(the_answer_is_wrong_and_holds_tokens)
{
    std::string const tokens = R"("access_token":")" + std::string(access_text_2) + R"(","refresh_token":")" + std::string(refresh_text_2) + "\"";
    for (int const status : {200, 201, 500})
    for (std::string const& body : std::vector<std::string>{"{" + tokens + "}", "{" + tokens, "{" + tokens + R"(,"token_type":"Bearer","token_type":"Bearer"})", "{" + tokens + R"(,"token_type":5})",
                                   "{" + tokens + R"(,"token_type":"Bearer"} x)", "[{" + tokens + "}]", "{" + tokens + ",\"x\":\"\xff\"}",
                                   R"({"refresh_token":")" + std::string(refresh_text_2) + R"(","token_type":"Bearer"})"})
    {
        desk here;
        here.go_everywhere([&] { here.says([status, body](http_request const&) -> result<http_response> { return answer(status, body); }); });
        went_wrong(here, 5);
    }
}

BOOST_AUTO_TEST_CASE(the_redirect_is_wrong)
{
    desk here;
    auto graph = here.flow_of();
    auto const pending = graph.authorize().value();
    here.secrets.emplace(pending.code_verifier.reveal());
    form encoded;
    encoded.add("code", code);
    std::string const with_code(encoded.str()), state = "&state=" + pending.state, mine = "http://localhost:8400/?";
    for (std::string const& redirect : std::vector<std::string>{mine + with_code, mine + with_code + "&state=other", mine + with_code + '&' + with_code + state, mine + with_code + "%zz" + state,
                                       "http://evil.example/?" + with_code + state, mine + with_code + state + "&iss=https%3A%2F%2Fevil.example",
                                       mine + with_code + state + "&error=access_denied", std::string(code) + "\n" + std::string(code), mine + with_code + "&error=x"})
    {
        auto copy = pending;
        here.check(graph.exchange(std::move(copy), redirect));
    }
    BOOST_TEST(here.failures == 9);
}

/// What may come back instead of the answer, with the code in it. `mine` has our state.
std::vector<std::string> hostile_texts(std::string const& state)
{
    auto const with_code = desk::code_parameter(), value = with_code.substr(5), mine = "&state=" + state, at = std::string(redirect_uri) + '?';
    return {at + with_code, at + with_code + "&state=guess", at + with_code + "%zz" + mine, at + with_code + '&' + with_code + mine, at + "code=x&state=" + value,
                                 at + with_code + mine + mine, "http://evil.example/?" + with_code + mine, at + with_code + mine + "&iss=" + value, at + with_code + mine + "&error=access_denied",
                                 at + "error=" + value + "&state=guess", at + with_code + "&error=access_denied", at + "state=" + value,
                                 with_code + "&state=guess", std::string(code) + '\n' + std::string(code), ' ' + with_code + "& ", at + "response=" + value + mine,
                                 std::string(redirect_uri) + '#' + with_code + "&state=guess", with_code + std::string(70'000, 'x') + mine};
}

BOOST_AUTO_TEST_CASE(a_receiver_hands_on_what_is_no_answer)
{
    auto const number = hostile_texts("").size();
    for (std::size_t i = 0; i < number; ++i)
        for (bool const judged : {true, false})
        {
            desk here;
            here.says([](http_request const&) -> result<http_response> { return failure(errc::connection_lost, advice::retry); });
            std::string url;
            auto const tokens = here.flow_of().sign_in(noting_browser{&url}, handing_receiver{&url, [&](std::string const& state) { return hostile_texts(state)[i]; }, judged});
            BOOST_TEST(tokens.has_error());
            here.check(tokens);
        }
}

BOOST_AUTO_TEST_CASE(something_else_is_pasted)
{
    auto all = hostile_texts("guess");
    std::string ten, other;
    for (std::size_t i = 0; i < all.size(); ++i) (i < 10 ? ten : other) += all[i] + '\n';
    all.push_back(ten);
    all.push_back(other);
    all.push_back(desk::code_parameter() + std::string(2 << 20, 'x'));
    for (auto const& keyboard : all)
        for (std::string const end : {"", "\n"})
        {
            desk here;
            here.says([](http_request const&) -> result<http_response> { return failure(errc::connection_lost, advice::retry); });
            std::string url;
            std::istringstream in(keyboard + end);
            std::ostringstream screen;
            auto const tokens = here.flow_of().sign_in(noting_browser{&url}, pasted{in, screen}, {.bare_code = bare_code::refused});
            BOOST_TEST(tokens.has_error());
            here.check(tokens);
            here.check_text(screen.str());   // a terminal shows what is typed; this is none
        }
}

/// Comes back to a loopback_receiver itself, with each text in a request of its own, and reads the pages that it gets.
struct returning_browser
{
    std::function<std::vector<std::string>(std::string const& state)> requests;
    std::string* pages;
    std::vector<std::unique_ptr<boost::asio::ip::tcp::socket>>* open_ones;

    result<void> open(std::string const& url) const
    {
        auto const uri = endpoint::parse(parameter(url, "redirect_uri")).value();
        static boost::asio::io_context context;
        for (auto const& request : requests(parameter(url, "state")))
        {
            auto& socket = *open_ones->emplace_back(std::make_unique<boost::asio::ip::tcp::socket>(context));
            socket.connect({boost::asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(uri.port())});
            boost::asio::write(socket, boost::asio::buffer("GET " + request + " HTTP/1.1\r\nHost: localhost:" + std::to_string(uri.port()) + "\r\nConnection: close\r\n\r\n"));
        }
        return {};
    }

    static std::string read_all(std::vector<std::unique_ptr<boost::asio::ip::tcp::socket>>& from)
    {
        std::string out;
        for (auto& socket : from)
        {
            boost::system::error_code ec;
            boost::asio::read(*socket, boost::asio::dynamic_buffer(out), ec);
        }
        return out;
    }
};

BOOST_AUTO_TEST_CASE(strangers_come_to_the_loopback_receiver)
{
    auto const with_code = desk::code_parameter(), value = with_code.substr(5);
    using texts = std::vector<std::string>;
    struct
    {
        char const* what;
        std::function<texts(std::string const& state)> requests;
    } const rows[] = {
        {"nobody", [](auto const&) { return texts{}; }},
        {"strangers", [&](auto const&) { return texts{"/?" + with_code, "/?" + with_code + "&state=guess", "/?error=" + value, "/?state=" + value, "/" + value, "/?" + with_code + "%zz"}; }},
        {"an answer without sense", [&](auto const& state) { return texts{"/?" + with_code + "&state=" + state + "&error=access_denied"}; }},
        {"another issuer", [&](auto const& state) { return texts{"/?" + with_code + "&state=" + state + "&iss=https%3A%2F%2Fevil.example"}; }},
        {"the answer", [&](auto const& state) { return texts{"/?" + with_code + "&state=" + state}; }},
    };
    for (auto const& row : rows)
        BOOST_TEST_CONTEXT(row.what)
        {
            desk here;
            here.says([](http_request const&) -> result<http_response> { return failure(errc::connection_lost, advice::retry); });
            std::vector<std::unique_ptr<boost::asio::ip::tcp::socket>> sockets;
            std::string pages;
            auto const tokens = here.flow_of().sign_in(returning_browser{row.requests, &pages, &sockets}, loopback_receiver{0, {.deadline = 300ms}});
            BOOST_TEST(tokens.has_error());
            here.check(tokens);
            pages = returning_browser::read_all(sockets);
            BOOST_TEST((sockets.empty() || pages.find("HTTP/1.1 ") != pages.npos));
            here.check_text(pages);
        }
    desk here;
    std::string url;
    loopback_receiver first{0};
    auto const taken = endpoint::parse(first.prepare("http://localhost/").value()).value().port();
    here.check(here.flow_of().sign_in(noting_browser{&url}, loopback_receiver{static_cast<std::uint16_t>(taken)}));
    here.check(here.flow_of().sign_in(noting_browser{&url}, loopback_receiver{}, {.redirect_uri = "https://app.example/?" + with_code}));
    BOOST_TEST(here.failures == 2);
}

// An authorization URL is no secret; the verifier that is kept with it is.
BOOST_AUTO_TEST_CASE(no_browser_can_be_opened)
{
    desk here;
    auto graph = here.flow_of();
    std::string url;
    handing_receiver const nobody{&url, [](auto const&) { return std::string(); }};
    // Another with the same entropy tells what the first one keeps to itself.
    auto twin = here.flow_of();
    auto const keep = [&] {
        auto const same = twin.authorize().value();
        here.secrets.emplace(same.code_verifier.reveal());
        return same.state;
    };
    here.check(graph.sign_in(noting_browser{&url}, nobody));
    BOOST_TEST(parameter(url, "state") == keep());
    here.check_text(url);
    for (int i = 0; i < 4; ++i) keep();
    system_browser const broken{{{"/nonexistent/browser"}}};
    here.check(graph.sign_in(broken, nobody));
    std::ostringstream screen, no_screen;
    no_screen.setstate(std::ios::badbit);
    here.check(graph.sign_in(announcing_browser{broken, screen}, nobody));
    here.check(graph.sign_in(announcing_browser{broken, no_screen}, nobody));
    here.check(graph.sign_in(broken, nobody, {.extra = {{"long", std::string(17 * 1024, 'x')}}}));
    BOOST_TEST(here.failures == 5);
    here.check_text(screen.str());
}

// JARM
BOOST_AUTO_TEST_CASE(the_signed_redirect_is_wrong)
{
    desk here;
    auto graph = here.flow_of();
    auto const pending = graph.authorize({.response_mode = "query.jwt"}).value();
    here.secrets.emplace(pending.code_verifier.reveal());
    auto const keys = R"({"keys":[)" + boost::json::serialize(server_key().public_key().json()) + "]}";
    here.says([&](http_request const&) -> result<http_response> { return answer(200, keys); });
    auto const with = [&](char const* name, boost::json::value value) { return here.signed_redirect(pending.state, name, std::move(value)); };
    std::string const good = here.signed_redirect(pending.state), mine = "http://localhost:8400/?response=";
    auto const payload = good.substr(good.find('.'), good.rfind('.') + 1 - good.find('.'));
    auto spoilt = good;
    spoilt[good.rfind('.') + 5] = good[good.rfind('.') + 5] == 'A' ? 'B' : 'A';
    std::vector<std::string> const redirects{
        mine + with("iss", "https://evil.example"), mine + with("iss", nullptr), mine + with("aud", "another"), mine + with("aud", nullptr), mine + with("exp", 1), mine + with("exp", nullptr),
        mine + with("state", "other"), mine + with("state", nullptr), mine + with("code", nullptr), mine + with("error", "access_denied"),
        mine + with("response", boost::json::string_view(code.data(), code.size())), mine + spoilt, mine + base64url_encode(std::string_view(R"({"alg":"none"})")) + payload,
        mine + good.substr(0, good.rfind('.')), mine + good + "&response=" + good, mine + good + "%zz", "http://evil.example/?response=" + good, mine, good, "response=" + std::string(code),
        "http://localhost:8400/?code=canary-access-token&state=" + pending.state};
    for (auto const& redirect : redirects)
    {
        auto copy = pending;
        auto const outcome = graph.exchange(std::move(copy), redirect);
        BOOST_TEST(outcome.has_error());
        here.check(outcome);
    }
    // Where none was asked for.
    auto plain = graph.authorize().value();
    here.secrets.emplace(plain.code_verifier.reveal());
    for (auto const& redirect : {mine + good, mine + good + "&code=canary-access-token&state=" + plain.state})
    {
        auto copy = plain;
        here.check(graph.exchange(std::move(copy), redirect));
    }
    went_wrong(here, static_cast<int>(redirects.size()) + 2);
}

BOOST_AUTO_TEST_CASE(a_token_can_not_be_presented)
{
    desk here;
    auto graph = here.flow_of();
    here.says([](http_request const&) -> result<http_response> {
        return answer(200, R"({"access_token":")" + std::string(access_text) + R"(","token_type":"pop","expires_in":3600})");
    });
    BOOST_TEST(graph.obtain(own_grant{}).has_value());
    here.check(graph.call({http_method::post, "https://api.example/", {}, {}, secret(api_body)}));
    BOOST_TEST(here.failures == 1);
}

BOOST_AUTO_TEST_CASE(the_file_is_spoilt)
{
    auto pattern = (std::filesystem::temp_directory_path() / "oauth-canary-XXXXXX").string();
    BOOST_TEST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    std::filesystem::path const root(pattern);
    {
        desk here;
        flow<talking_transport, file_store, testing::manual_clock> graph{desk::metadata(), here.who(), talking_transport{here.answer}, file_store{(root / "tokens").string()}, here.clock};
        here.says_tokens(access_text, refresh_text);
        BOOST_TEST(graph.obtain(own_grant{}).has_value());
        for (auto const& entry : std::filesystem::directory_iterator(root / "tokens"))
            if (entry.path().extension() == ".json") std::filesystem::resize_file(entry.path(), entry.file_size() - 3);
        here.check(graph.session());
        BOOST_TEST(here.failures == 1);
        // Nothing that was not meant to be a session's file holds a token.
        for (auto const& entry : std::filesystem::directory_iterator(root / "tokens"))
            if (entry.is_regular_file() && entry.path().filename().string().find(".json.corrupt-") == std::string::npos)
            {
                std::ifstream file(entry.path());
                std::ostringstream text;
                text << file.rdbuf();
                BOOST_TEST(text.str().find("canary") == std::string::npos, entry.path().filename().string() << " holds a token");
            }
    }
    std::filesystem::remove_all(root);
}

BOOST_AUTO_TEST_SUITE_END()
