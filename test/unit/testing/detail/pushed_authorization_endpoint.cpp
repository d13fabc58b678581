#include <oauth/testing/detail/pushed_authorization_endpoint.hpp>

#include "../server_probe.hpp"
#include <oauth/jose/dpop_proof.hpp>
#include <oauth/jose/private_key.hpp>
#include <boost/test/unit_test.hpp>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_pushed_authorization_endpoint)

using oauth::testing::personality;
using P = server_probe;

namespace {

struct desk : P
{
    explicit desk(oauth::testing::authorization_server_options given = P::options(personality::standard)) : P(std::move(given)) {}

    oauth::http_response push(oauth::form_parameters const& list, std::string_view authorization = {}) const
    {
        return server.handle(form_request(server.metadata().pushed_authorization_request_endpoint.url(), encoded(list), authorization));
    }

    std::string uri(oauth::form_parameters const& list = asks()) const { return text(json(push(list)), "request_uri"); }

    std::string url(std::string const& uri, std::string client_id = "public-app") const { return authorize_url({{"client_id", std::move(client_id)}, {"request_uri", uri}}); }
};

oauth::form_parameters of_web_app(std::string secret = "p+s %:w")
{
    auto list = P::with(P::with(P::asks(), "client_id", "web app"), "redirect_uri", "https://web.example/back");
    if (!secret.empty()) list.push_back({"client_secret", std::move(secret)});
    return list;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_pushed_request_is_opened_once)
{
    desk here;
    auto const answer = here.push(P::asks());
    BOOST_TEST(answer.status == 201);
    BOOST_TEST(P::json(answer).at("expires_in").as_int64() == 60);
    auto const uri = P::text(P::json(answer), "request_uri");
    BOOST_TEST(uri.starts_with("urn:ietf:params:oauth:request_uri:"));
    BOOST_TEST(here.server.counts().pushed_requests == 1U);
    auto const back = P::parameters_of(here.server.sign_in(here.url(uri)));
    BOOST_TEST(P::value(back, "state") == "the state");
    BOOST_TEST(P::text(P::json(here.post(P::redeems(P::value(back, "code")))), "token_type") == "Bearer");
    // Twice is once too often.
    BOOST_TEST(here.server.sign_in(here.url(uri)) == "");
    BOOST_TEST(here.get(here.url(uri)).status == 400);
    BOOST_TEST(here.uri() != here.uri());
}

BOOST_AUTO_TEST_CASE(it_belongs_to_its_client_and_expires)
{
    desk here;
    auto const uri = here.uri();
    BOOST_TEST(here.server.sign_in(here.url(uri, "web app")) == "");
    BOOST_TEST(here.server.sign_in(here.url(uri, "")) == "");
    BOOST_TEST(here.server.sign_in(here.url(uri)) != "");   // a stranger has not used it up
    auto const late = here.uri();
    here.clock.advance(oauth::seconds(60));
    BOOST_TEST(here.server.sign_in(here.url(late)) == "");
    auto const in_time = here.uri();
    here.clock.advance(oauth::seconds(59));
    BOOST_TEST(here.server.sign_in(here.url(in_time)) != "");
    BOOST_TEST(here.server.sign_in(here.url("urn:ietf:params:oauth:request_uri:unknown")) == "");
    BOOST_TEST(here.server.sign_in(here.url("")) == "");
}

BOOST_AUTO_TEST_CASE(nothing_goes_along_with_it)
{
    desk here;
    auto list = oauth::form_parameters{{"client_id", "public-app"}, {"request_uri", here.uri()}, {"scope", "more"}};
    BOOST_TEST(here.get(here.authorize_url(list)).status == 400);
    list.pop_back();
    list.push_back(list.back());
    BOOST_TEST(here.get(here.authorize_url(list)).status == 400);
    list.pop_back();
    BOOST_TEST(here.get(here.authorize_url(list)).status == 200);
}

BOOST_AUTO_TEST_CASE(the_client_proves_who_it_is)
{
    desk here;
    BOOST_TEST(here.push(of_web_app()).status == 201);
    // "web%20app:p%2Bs%20%25%3Aw"
    BOOST_TEST(here.push(of_web_app(""), "Basic d2ViJTIwYXBwOnAlMkJzJTIwJTI1JTNBdw==").status == 201);
    BOOST_TEST(P::error(here.push(of_web_app(""))) == "401 invalid_client");
    BOOST_TEST(P::error(here.push(of_web_app("wrong"))) == "401 invalid_client");
    BOOST_TEST(P::error(here.push(P::with(P::asks(), "client_id", "nobody"))) == "401 invalid_client");
    BOOST_TEST(P::error(here.push(P::with(P::asks(), "client_id", ""))) == "400 invalid_request");
    BOOST_TEST(P::error(here.push(P::with(P::asks(), "client_secret", "x"))) == "401 invalid_client");
    // Its id belongs to the request, whatever the header says.
    BOOST_TEST(P::error(here.push(P::with(of_web_app(""), "client_id", ""), "Basic d2ViJTIwYXBwOnAlMkJzJTIwJTI1JTNBdw==")) == "400 invalid_request");
    auto const challenged = here.push(of_web_app(""), "Basic eDp5");
    BOOST_TEST(P::error(challenged) == "400 invalid_request");
    BOOST_TEST(here.server.counts().pushed_requests == 2U);
}

BOOST_AUTO_TEST_CASE(a_proof_binds_the_code)   // RFC 9449 10.1
{
    auto const key = oauth::private_key::generate(oauth::jws_algorithm::es256).value(), other = oauth::private_key::generate(oauth::jws_algorithm::es256).value();
    auto options = P::options(personality::standard);
    for (bool const nonce : {false, true})
    {
        options.require_dpop_nonce = nonce;
        desk here(options);
        auto const par = here.server.metadata().pushed_authorization_request_endpoint, token = here.server.metadata().token_endpoint;
        auto const with_proof = [&](oauth::form_parameters const& list, oauth::endpoint const& at, oauth::private_key const& by, std::string const& known, oauth::seconds later = {}) {
            static int count = 0;
            auto request = P::form_request(at.url(), P::encoded(list));
            std::array<std::byte, oauth::dpop_proof_entropy> random{static_cast<std::byte>(++count)};
            request.fields.push_back({"DPoP", oauth::dpop_proof(request, by, oauth::jws_algorithm::es256, {}, known, random, here.clock.now() + later).value()});
            return request;
        };
        auto const list = P::asks();
        auto const bound = P::with(list, "dpop_jkt", key.public_key().thumbprint());
        std::string known;
        if (nonce)
        {
            auto const refusal = here.server.handle(with_proof(list, par, key, "an old one"));
            BOOST_TEST(P::error(refusal) == "400 use_dpop_nonce");
            known = oauth::find_field(refusal.fields, "DPoP-Nonce");
        }
        for (auto const& good : {list, bound})
        {
            auto const answer = here.server.handle(with_proof(good, par, key, known));
            BOOST_TEST(answer.status == 201);
            auto const redeem = P::redeems(P::value(P::parameters_of(here.server.sign_in(here.url(P::text(P::json(answer), "request_uri")))), "code"));
            BOOST_TEST(P::error(here.server.handle(with_proof(redeem, token, other, known))) == "400 invalid_grant");
            BOOST_TEST(P::error(here.post(redeem)) == "400 invalid_grant");
            BOOST_TEST(P::text(P::json(here.server.handle(with_proof(redeem, token, key, known))), "token_type") == "DPoP");
        }
        auto const pushed = here.server.counts().pushed_requests;
        BOOST_TEST(P::error(here.server.handle(with_proof(bound, par, other, known))) == "400 invalid_request");
        BOOST_TEST(P::error(here.server.handle(with_proof(list, par, key, known, oauth::seconds(-60)))) == "400 invalid_dpop_proof");
        auto rubbish = P::form_request(par.url(), P::encoded(list));
        rubbish.fields.push_back({"DPoP", "rubbish"});
        BOOST_TEST(P::error(here.server.handle(rubbish)) == "400 invalid_dpop_proof");
        auto const again = with_proof(list, par, key, known);
        BOOST_TEST(here.server.handle(again).status == 201);
        BOOST_TEST(P::error(here.server.handle(again)) == "400 invalid_dpop_proof");
        for (auto const* wrong : {"x", "AAAA"}) BOOST_TEST(P::error(here.push(P::with(list, "dpop_jkt", wrong))) == "400 invalid_request");
        BOOST_TEST(here.server.counts().pushed_requests == pushed + 1);
    }
}

BOOST_AUTO_TEST_CASE(each_fault_is_told_to_the_client_itself)
{
    struct row
    {
        char const* name;
        char const* value;
        char const* error;
    };
    for (auto const& row : std::vector<row>{
             {"redirect_uri", "", "400 invalid_request"},
             {"redirect_uri", "https://evil.example/", "400 invalid_request"},
             {"response_type", "token", "400 unsupported_response_type"},
             {"response_mode", "web_message", "400 invalid_request"},
             {"state", "", "400 invalid_request"},
             {"scope", "", "400 invalid_request"},
             {"scope", "a\"b", "400 invalid_scope"},
             {"nonce", "", "400 invalid_request"},
             {"code_challenge", "", "400 invalid_request"},
             {"code_challenge_method", "plain", "400 invalid_request"},
             {"prompt", "now", "400 invalid_request"},
             {"resource", "r", "400 invalid_target"},
             {"resource", "https://r.example/#x", "400 invalid_target"},
             {"request_uri", "urn:x:y", "400 invalid_request"},
             {"request", "x.y.z", "400 invalid_request"},   // the others are not in it
         })
    {
        desk here;
        BOOST_TEST(P::error(here.push(P::with(P::asks(), row.name, row.value))) == row.error, row.name << '=' << row.value);
    }
    desk here;
    auto list = P::asks();
    list.push_back(list.back());
    BOOST_TEST(P::error(here.push(list)) == "400 invalid_request");
    auto const url = here.server.metadata().pushed_authorization_request_endpoint.url();
    BOOST_TEST(here.get(url).status == 405);
    BOOST_TEST(oauth::find_field(here.get(url).fields, "Allow") == "POST");
    BOOST_TEST(here.server.handle(P::form_request(url + "?x=1", P::encoded(P::asks()))).status == 400);
    auto request = P::form_request(url, P::encoded(P::asks()));
    request.fields.push_back({"Origin", "https://a.example"});
    BOOST_TEST(here.server.handle(request).status == 400);
    request = P::form_request(url, P::encoded(P::asks()));
    request.fields = {{"Content-Type", "application/json"}};
    BOOST_TEST(here.server.handle(request).status == 400);
    BOOST_TEST(here.server.handle(P::form_request(url, "a=%zz")).status == 400);
}

BOOST_AUTO_TEST_CASE(what_only_the_user_can_tell_is_told_by_the_redirect)
{
    desk here;
    auto const uri = here.uri(P::with(P::asks(), "prompt", "none"));
    auto const answer = here.get(here.url(uri));
    BOOST_TEST(P::value(P::parameters_of(oauth::find_field(answer.fields, "Location")), "error") == "login_required");
}

BOOST_AUTO_TEST_CASE(a_server_may_take_no_others)
{
    auto options = P::options(personality::standard);
    options.require_pushed_authorization_requests = true;
    options.request_uri_lifetime = oauth::seconds(5);
    desk here{options};
    BOOST_TEST(here.server.metadata().require_pushed_authorization_requests);
    auto const back = here.redirect(P::asks());
    BOOST_TEST(P::value(back, "error") == "invalid_request");
    BOOST_TEST(P::value(back, "state") == "the state");
    BOOST_TEST(P::json(here.push(P::asks())).at("expires_in").as_int64() == 5);
    BOOST_TEST(here.server.sign_in(here.url(here.uri())) != "");
}

BOOST_AUTO_TEST_CASE(the_document_names_it)
{
    desk here;
    auto const document = P::json(here.get(here.server.discovery_url()));
    auto const metadata = here.server.metadata();
    BOOST_TEST(P::text(document, "pushed_authorization_request_endpoint") == metadata.pushed_authorization_request_endpoint.url());
    BOOST_TEST(P::text(document, "introspection_endpoint") == metadata.introspection_endpoint.url());
    BOOST_TEST(P::text(document, "revocation_endpoint") == metadata.revocation_endpoint.url());
    BOOST_TEST(P::text(document, "registration_endpoint") == metadata.registration_endpoint.url());
    BOOST_TEST(document.at("require_pushed_authorization_requests").as_bool() == false);
    // Microsoft has none of them.
    for (auto const kind : {personality::entra_v2, personality::entra_v1, personality::b2c})
    {
        P other(kind);
        auto const theirs = P::json(other.get(other.server.discovery_url()));
        for (auto const* name : {"pushed_authorization_request_endpoint", "introspection_endpoint", "revocation_endpoint", "registration_endpoint"}) BOOST_TEST(!theirs.contains(name), name);
        BOOST_TEST(other.server.metadata().revocation_endpoint.empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
