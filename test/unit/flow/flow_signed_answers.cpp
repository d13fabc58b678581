#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/core/pending_authorization_json.hpp>
#include <oauth/policy/browser.hpp>
#include <oauth/policy/redirect_receiver.hpp>
#include <oauth/testing/detail/signing_key.hpp>
#include "../../support/tampered_desk.hpp"
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// What the server signs beside ID tokens, the redirect (JARM) and what it says of the user. Against the strict server.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using testing::personality;

client who()
{
    auto made = example_client();
    made.scope = "openid offline_access Mail.Read";
    return made;
}

testing::authorization_server_options options(std::function<void(testing::authorization_server_options&)> const& change = {})
{
    testing::authorization_server_options made{.kind = personality::standard, .clients = {testing::registered_client::of(who())}};
    made.clients[0].signed_userinfo = true;
    if (change) change(made);
    return made;
}

std::string by_server(boost::json::object const& claims) { return testing::detail::signing_key::instance().sign(claims); }

/// Change the signature.
void spoil(std::string& token)
{
    auto& at = token[token.rfind('.') + 9];
    at = at == 'A' ? 'B' : 'A';
}

struct desk : tampered_desk
{
    explicit desk(testing::authorization_server_options given = options(), client of = who()) : tampered_desk(std::move(given), std::move(of), "/userinfo") {}

    std::int64_t now() const { return clock.now().time_since_epoch().count(); }
};

struct url_browser
{
    std::shared_ptr<std::string> url = std::make_shared<std::string>();

    result<void> open(std::string const& text)
    {
        *url = text;
        return {};
    }
};

/// Shows the judge what strangers say, and then what the server does.
struct visited_receiver
{
    strict_server server;
    std::shared_ptr<std::string> url;
    std::vector<std::string> strangers;
    std::shared_ptr<int> turned_away = std::make_shared<int>(0);

    result<std::string> prepare(std::string const& registered) { return registered; }

    template <class Judge>
    result<std::string> receive(Judge judge)
    {
        for (auto const& text : strangers) *turned_away += judge(text) == reception::stranger;
        auto came = server.sign_in(*url);
        if (judge(came) == reception::stranger) return failure(errc::sign_in_timeout, advice::retry);
        return came;
    }
};

constexpr char const* signed_modes[] = {"jwt", "query.jwt", "fragment.jwt", "form_post.jwt"};

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_signed_answers)

BOOST_AUTO_TEST_CASE(the_redirect_is_signed_in_every_mode)   // JARM 2.3
{
    for (std::string const mode : signed_modes)
        BOOST_TEST_CONTEXT(mode)
        {
            desk here;
            auto pending = here.graph.authorize({.response_mode = mode}).value();
            BOOST_TEST(pending.signed_response);
            auto const redirect = here.server.sign_in(pending.url);
            auto const begin = mode == "form_post.jwt" ? "response=ey" : mode == "fragment.jwt" ? "http://localhost:8400/#response=ey" : "http://localhost:8400/?response=ey";
            BOOST_TEST(redirect.starts_with(begin), redirect);
            BOOST_TEST(redirect.find('&') == redirect.npos);   // nothing stands beside it
            auto const tokens = here.graph.exchange(std::move(pending), redirect);
            BOOST_TEST_REQUIRE(tokens.has_value());
            BOOST_TEST(tokens->identity.has_value());
        }
}

BOOST_AUTO_TEST_CASE(from_the_browser_to_the_tokens)
{
    for (auto const* mode : signed_modes)
    {
        desk here;
        url_browser browser;
        std::vector<std::string> const strangers{"http://localhost:8400/?code=c&state=s", "http://localhost:8400/?response=a.b.c", "response=" + by_server({{"state", "another"}}),
                                                 "http://localhost:8400/?error=access_denied"};
        visited_receiver receiver{here.server, browser.url, strangers};
        BOOST_TEST(here.graph.sign_in(browser, receiver, {.response_mode = mode}).has_value(), mode);
        BOOST_TEST(*receiver.turned_away == 4);
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_is_signed_as_well)
{
    for (auto const* mode : signed_modes)
    {
        desk here;
        refused(here.sign_in({.response_mode = mode}, testing::user_choice::cancel), server_errc::access_denied);
        refused(here.sign_in({.prompt = "none", .response_mode = mode}), server_errc::login_required);
    }
}

BOOST_AUTO_TEST_CASE(who_asked_for_a_signed_answer_takes_no_other)
{
    for (auto const* mode : signed_modes)
    {
        desk here;
        auto pending = here.graph.authorize({.response_mode = mode}).value();
        auto const rest = "code=c&iss=https%3A%2F%2Flogin.example.com&state=" + pending.state;
        for (auto const& plain : {"http://localhost:8400/?" + rest, "http://localhost:8400/#" + rest, rest, std::string("c"), "http://localhost:8400/?response=&" + rest,
                                  "http://localhost:8400/?error=access_denied&state=" + pending.state})
            refused(here.graph.exchange(std::move(pending), plain), errc::malformed_redirect);
        BOOST_TEST(!pending.state.empty());   // nothing is used up
    }
    // However the mode was named.
    desk here;
    BOOST_TEST(here.graph.authorize({.extra = {{"response_mode", "query.jwt"}}}).value().signed_response);
    auto named = here.server.metadata();
    named.authorization_endpoint = "https://login.example.com/authorize?response_mode=query.jwt";
    desk::flow_type other{named, who(), here.line, memory_store{}, here.clock};
    BOOST_TEST(other.authorize().value().signed_response);
    BOOST_TEST(!here.graph.authorize({.response_mode = "form_post"}).value().signed_response);
}

BOOST_AUTO_TEST_CASE(who_asked_for_none_takes_none)
{
    desk here;
    auto wanted = here.graph.authorize({.response_mode = "query.jwt"}).value();
    auto plain = wanted;
    plain.signed_response = false;
    auto const redirect = here.server.sign_in(wanted.url);
    refused(here.graph.exchange(std::move(plain), redirect), errc::malformed_redirect);
    refused(here.graph.exchange(std::move(plain), redirect + "&code=c&state=" + wanted.state), errc::malformed_redirect);
    BOOST_TEST(here.graph.exchange(std::move(wanted), redirect).has_value());
}

BOOST_AUTO_TEST_CASE(a_signed_redirect_that_is_wrong)
{
    desk here;
    auto pending = here.graph.authorize({.response_mode = "jwt"}).value();
    boost::json::object const good{{"iss", "https://login.example.com"}, {"aud", "the client"}, {"exp", here.now() + 60}, {"code", "c"}, {"state", pending.state}};
    struct row
    {
        char const* name;
        boost::json::value value;
        error_code why;
    };
    for (auto const& [name, value, why] : std::vector<row>{{"iss", "https://other.example", errc::issuer_mismatch},
                                                           {"iss", nullptr, errc::issuer_mismatch},
                                                           {"aud", "another", errc::audience_mismatch},
                                                           {"exp", here.now() - 301, errc::token_expired},
                                                           {"exp", nullptr, errc::claim_missing},
                                                           {"nbf", here.now() + 301, errc::token_not_yet_valid},
                                                           {"state", "another", errc::state_mismatch},
                                                           {"state", nullptr, errc::state_missing},
                                                           {"code", nullptr, errc::code_missing},
                                                           {"error", "access_denied", errc::code_and_error},
                                                           {"response", "x", errc::malformed_redirect}})
        BOOST_TEST_CONTEXT(name << '=' << value)
        {
            auto claims = good;
            if (value.is_null()) claims.erase(name);
            else claims[name] = value;
            refused(here.graph.exchange(std::move(pending), "http://localhost:8400/?response=" + by_server(claims)), why);
        }
    auto token = by_server(good);
    spoil(token);
    refused(here.graph.exchange(std::move(pending), "http://localhost:8400/?response=" + token), errc::bad_signature);
}

BOOST_AUTO_TEST_CASE(a_signed_redirect_is_too_late)
{
    desk here;
    auto pending = here.graph.authorize({.response_mode = "jwt"}).value();
    auto const redirect = here.server.sign_in(pending.url);
    here.clock.advance(901s);   // ten minutes, and five by which clocks may differ
    refused(here.graph.exchange(std::move(pending), redirect), errc::token_expired);
}

BOOST_AUTO_TEST_CASE(it_survives_being_parked)
{
    desk here;
    auto pending = pending_authorization_from_json(to_json(here.graph.authorize({.response_mode = "query.jwt"}).value()).reveal()).value();
    BOOST_TEST(pending.signed_response);
    auto const redirect = here.server.sign_in(pending.url);
    BOOST_TEST(here.graph.exchange(std::move(pending), redirect).has_value());
}

BOOST_AUTO_TEST_CASE(microsoft_signs_no_redirect)
{
    auto entra = options([](auto& o) { o.kind = personality::entra_v2; });
    desk here(entra);
    // The error comes as it is, and is not believed.
    refused(here.sign_in({.response_mode = "query.jwt"}), errc::malformed_redirect);
}

BOOST_AUTO_TEST_CASE(what_is_said_of_the_user_is_signed)   // OpenID Connect Core 5.3.2
{
    desk here;
    BOOST_TEST(here.sign_in().has_value());
    bool was_signed = false;
    *here.between.tamper = [&](http_response& answer) { was_signed = find_field(answer.fields, "Content-Type") == "application/jwt"; };
    BOOST_TEST(here.graph.userinfo().value().name.value() == "Alex Example");
    BOOST_TEST(was_signed);
}

BOOST_AUTO_TEST_CASE(what_is_said_of_the_user_is_wrong)
{
    desk here;
    auto const subject = here.sign_in().value().identity.value().subject;
    auto const says = [&](boost::json::object const& claims) {
        *here.between.tamper = [text = by_server(claims)](http_response& answer) { answer.body = secret(text); };
        return here.graph.userinfo();
    };
    boost::json::object const good{{"iss", "https://login.example.com"}, {"aud", "the client"}, {"sub", subject}};
    BOOST_TEST(says(good).has_value());
    struct row
    {
        char const* name;
        boost::json::value value;
        errc why;
    };
    for (auto const& [name, value, why] : std::vector<row>{{"iss", "https://other.example", errc::token_issuer_mismatch},
                                                           {"aud", "another", errc::audience_mismatch},
                                                           {"aud", boost::json::array{"another", "one"}, errc::audience_mismatch},
                                                           {"sub", "somebody else", errc::subject_mismatch},
                                                           {"sub", nullptr, errc::claim_missing},
                                                           {"exp", here.now() - 301, errc::token_expired},
                                                           {"nbf", here.now() + 301, errc::token_not_yet_valid},
                                                           {"iss", 1, errc::malformed_claims}})
        BOOST_TEST_CONTEXT(name << '=' << value)
        {
            auto claims = good;
            if (value.is_null()) claims.erase(name);
            else claims[name] = value;
            refused(says(claims), why);
        }
    // Changed on the way, or not signed by the server.
    *here.between.tamper = [](http_response& answer) {
        std::string text(answer.body.reveal());
        spoil(text);
        answer.body = secret(std::move(text));
    };
    refused(here.graph.userinfo(), errc::bad_signature);
    *here.between.tamper = [&](http_response& answer) { answer.body = secret(base64url_encode(std::string_view(R"({"alg":"none"})")) + '.' + base64url_encode(R"({"sub":")" + subject + "\"}") + '.'); };
    refused(here.graph.userinfo(), errc::unsigned_token);
}

BOOST_AUTO_TEST_SUITE_END()
