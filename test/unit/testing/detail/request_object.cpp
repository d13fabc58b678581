#include <oauth/testing/detail/request_object.hpp>

#include "../server_probe.hpp"
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_request_object)

using namespace oauth;
using oauth::testing::personality;
using P = server_probe;
using enum jws_algorithm;

namespace {

private_key const& key()
{
    static private_key const made = private_key::generate(es256).value().with_key_id("k1");
    return made;
}

boost::json::object const typed{{"typ", "oauth-authz-req+jwt"}, {"kid", "k1"}};

struct desk : P
{
    static testing::authorization_server_options options(bool required = false)
    {
        auto made = P::options(personality::standard);
        made.clients[0].request_object_keys = {key().public_key()};
        made.clients.push_back({.id = "keyed", .redirect_uris = {"https://keyed.example/back"}, .keys = {key().public_key()}});
        made.require_signed_request_object = required;
        return made;
    }

    explicit desk(testing::authorization_server_options given = options()) : P(std::move(given)) {}

    std::int64_t now() const { return static_cast<std::int64_t>(clock.now().time_since_epoch().count()); }

    /// A good request object's claims.
    boost::json::object claims(form_parameters const& list = asks()) const
    {
        boost::json::object made{{"iss", value(list, "client_id")}, {"aud", server.metadata().issuer}, {"iat", now()}, {"nbf", now()}, {"exp", now() + 300}, {"jti", "1"}};
        for (auto const& [name, value] : list) made[name] = value;
        return made;
    }

    static std::string sign(boost::json::object const& claims, boost::json::object const& header = typed, private_key const& by = key(), jws_algorithm algorithm = es256)
    {
        return std::string(sign_jwt(claims, by, algorithm, header).value().reveal());
    }

    http_response open(std::string const& object, form_parameters list = {{"client_id", "public-app"}}) const
    {
        list.push_back({"request", object});
        return get(authorize_url(list));
    }

    http_response push(form_parameters const& list) const { return server.handle(form_request(server.metadata().pushed_authorization_request_endpoint.url(), encoded(list))); }

    /// The error page at the authorization endpoint, and the answer to what is pushed, say the same.
    void refuses(std::string const& object, std::string_view what) const
    {
        auto const page = open(object);
        BOOST_TEST(page.status == 400);
        BOOST_TEST(find_field(page.fields, "Location") == "");
        BOOST_TEST(page.body.reveal().find("The request object is not good: " + std::string(what)) != std::string_view::npos, page.body.reveal());
        auto const answer = push({{"client_id", "public-app"}, {"request", object}});
        BOOST_TEST(error(answer) == "400 invalid_request_object");
        BOOST_TEST(text(json(answer), "error_description").find(what) != std::string::npos);
        BOOST_TEST(server.counts().pushed_requests == 0u);
    }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_signed_request_signs_in)
{
    desk here;
    auto const back = P::parameters_of(here.server.sign_in(here.authorize_url({{"client_id", "public-app"}, {"request", desk::sign(here.claims())}})));
    BOOST_TEST(P::value(back, "state") == "the state");
    BOOST_TEST(P::text(P::json(here.post(P::redeems(P::value(back, "code")))), "token_type") == "Bearer");
}

BOOST_AUTO_TEST_CASE(the_one_that_rfc_9101_prints)   // RFC 9101 4
{
    constexpr std::string_view printed =
        "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsyYmRjIn0.ewogICAgImlzcyI6ICJzNkJoZFJrcXQzIiwKICAgICJhdWQiOiAiaHR0cHM6Ly9zZXJ2ZXIuZXhhbXBsZS5jb20iLAogICAgInJlc3BvbnNlX3"
        "R5cGUiOiAiY29kZSBpZF90b2tlbiIsCiAgICAiY2xpZW50X2lkIjogInM2QmhkUmtxdDMiLAogICAgInJlZGlyZWN0X3VyaSI6ICJodHRwczovL2NsaWVudC5leGFtcGxlLm9yZy9jYiIsCiAgICAi"
        "c2NvcGUiOiAib3BlbmlkIiwKICAgICJzdGF0ZSI6ICJhZjBpZmpzbGRraiIsCiAgICAibm9uY2UiOiAibi0wUzZfV3pBMk1qIiwKICAgICJtYXhfYWdlIjogODY0MDAKfQ.Nsxa_18VUElVaPjqW_T"
        "oI1yrEJ67BgKb5xsuZRVqzGkfKrOIX7BCx0biSxYGmjK9KJPctH1OC0iQJwXu5YVY-vnW0_PLJb1C2HG-ztVzcnKZC2gE4i0vgQcpkUOCpW3SEYXnyWnKzuKzqSb1wAZALo5f89B_p6QA6j6JwBSRv"
        "dVsDPdulW8lKxGTbH82czCaQ50rLAg3EYLYaCb4ik4I1zGXE4fvim9FIMs8OCMmzwIB5S-ujFfzwFjoyuPEV4hJnoVUmXR_W9typPf846lGwA8h9G9oNTIuX8Ft2jfpnZdFmLg3_wr3Wa5q3a-lfbg"
        "F3S9H_8nN3j1i7tLR_5Nz-g";
    constexpr boost::json::string_view modulus =
        "x5RbkAZkmpRxia65qRQ1wwSMSxQUnS7gcpVTV_cdHmfmG2ltd2yabEO9XadD8pJNZubINPpmgHh3J1aD9WRwS05ucmFq3CfFsluLt13_7oX5yDRSKX7poXmT_5ko8k4NJZPMAO8fPToDTH7kHYbONS"
        "E2FYa5GZ60CUsFhSonI-dcMDJ0Ary9lxIw5k2z4TAdARVWcS7sD07VhlMMshrwsPHBQgTatlkxyIHXbYdtak8fqvNAwr7OlVEvM_Ipf5OfmdB8Sd-wjzaBsyP4VhJKoi_qdgSzpC694XZeYPq45Sw-"
        "q51iFUlcOlTCI7z6jltUtnR6ySn6XDGFnzH5Fe5ypw";
    auto const printed_key = jwk::parse({{"kty", "RSA"}, {"kid", "k2bdc"}, {"n", modulus}, {"e", "AQAB"}}).value();
    auto const read = verify_jwt(printed, jwk_set({printed_key}), {rs256});
    BOOST_TEST_REQUIRE(read.has_value());
    boost::json::object const expected{{"iss", "s6BhdRkqt3"}, {"aud", "https://server.example.com"}, {"response_type", "code id_token"}, {"client_id", "s6BhdRkqt3"},
                                       {"redirect_uri", "https://client.example.org/cb"}, {"scope", "openid"}, {"state", "af0ifjsldkj"}, {"nonce", "n-0S6_WzA2Mj"}, {"max_age", 86400}};
    BOOST_TEST((read->claims == expected));
    BOOST_TEST(verify_jwt(printed, jwk_set({key().public_key().with_key_id("k2bdc")}), {rs256}).has_error());

    // Its own server would take it; this one wants that it is typed (10.8), and no answer but a code.
    testing::authorization_server_options const options{.kind = personality::standard, .origin = "https://server.example.com"};
    testing::registered_client const client{.id = "s6BhdRkqt3", .redirect_uris = {"https://client.example.org/cb"}, .keys = {printed_key}};
    auto const now = testing::manual_clock().now();
    BOOST_TEST(testing::detail::open_request_object(options, client, printed, now).fault == "its typ");
    auto other = client;
    other.keys = {key().public_key().with_key_id("k2bdc")};
    BOOST_TEST(testing::detail::open_request_object(options, other, printed, now).fault == "its signature");
}

BOOST_AUTO_TEST_CASE(it_counts_alone)   // RFC 9101 6.3
{
    desk here;
    // What stands beside it is looked at by nobody, be it right or wrong.
    auto const answer = here.open(desk::sign(here.claims(P::with(P::asks(), "prompt", "none"))),
                                  {{"client_id", "public-app"}, {"state", "another"}, {"redirect_uri", "https://evil.example/"}, {"scope", "a\"b"}, {"prompt", "login"}});
    auto const back = P::parameters_of(find_field(answer.fields, "Location"));
    BOOST_TEST(P::value(back, "error") == "login_required");
    BOOST_TEST(P::value(back, "state") == "the state");
    // What is missing in it is missing.
    auto list = P::asks();
    auto lacking = here.claims();
    lacking.erase("state");
    auto const lacks = here.open(desk::sign(lacking), list);
    BOOST_TEST(P::value(P::parameters_of(find_field(lacks.fields, "Location")), "error") == "invalid_request");
    lacking.erase("redirect_uri");
    BOOST_TEST(here.open(desk::sign(lacking), list).status == 400);
}

BOOST_AUTO_TEST_CASE(claims_are_parameters)
{
    desk here;
    auto claims = here.claims();
    claims["max_age"] = 60;
    claims["resource"] = boost::json::array{"https://a.example", "https://b.example"};
    claims["claims"] = {{"id_token", {{"acr", nullptr}}}};
    BOOST_TEST(here.open(desk::sign(claims)).status == 200);
    claims["resource"] = boost::json::array{"https://a.example", "no URI"};
    auto const refused = here.open(desk::sign(claims));
    BOOST_TEST(P::value(P::parameters_of(find_field(refused.fields, "Location")), "error") == "invalid_target");
    claims = here.claims();
    claims["claims"] = boost::json::array{1};
    BOOST_TEST(P::value(P::parameters_of(find_field(here.open(desk::sign(claims)).fields, "Location")), "error") == "invalid_request");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_it)
{
    desk here;
    auto const with = [&](std::string_view name, boost::json::value value) {
        auto made = here.claims();
        if (value.is_null()) made.erase({name.data(), name.size()});
        else made[{name.data(), name.size()}] = std::move(value);
        return desk::sign(made);
    };
    struct row
    {
        char const* name;
        boost::json::value value;
        char const* fault;
    };
    for (auto const& [name, value, fault] : std::vector<row>{
             {"iss", nullptr, "its iss"},
             {"iss", "web app", "its iss"},
             {"aud", nullptr, "its aud"},
             {"aud", "https://other.example", "its aud"},
             {"aud", boost::json::array{"https://other.example"}, "its aud"},
             {"client_id", nullptr, "its client_id"},
             {"client_id", "web app", "its client_id"},
             {"client_id", 1, "its client_id"},
             {"sub", "public-app", "its sub"},
             {"exp", here.now(), "its exp"},
             {"exp", "soon", "its exp"},
             {"exp", 1e30, "its exp"},
             {"nbf", here.now() + 1, "its nbf"},
             {"nbf", true, "its nbf"},
             {"request", "x.y.z", "a request within a request"},
             {"request_uri", "https://x.example/", "a request within a request"},
         })
        BOOST_TEST_CONTEXT(name << '=' << value) here.refuses(with(name, value), fault);

    here.refuses("x.y.z", "its signature");
    here.refuses("nothing like it", "its signature");
    here.refuses(desk::sign(here.claims(), typed, private_key::generate(es256).value()), "its signature");
    here.refuses(desk::sign(here.claims(), {{"typ", "JWT"}}), "its typ");
    here.refuses(desk::sign(here.claims(), {{"typ", "dpop+jwt"}}), "its typ");
    auto const good = desk::sign(here.claims());
    auto const claims = good.substr(good.find('.'), good.rfind('.') + 1 - good.find('.'));
    here.refuses(base64url_encode(std::string_view(R"({"alg":"none","typ":"oauth-authz-req+jwt"})")) + claims, "it is not signed");
    here.refuses(base64url_encode(std::string_view(R"({"alg":"RSA-OAEP","enc":"A256GCM"})")) + ".a.b.c.d", "it is encrypted");
    // A public key is no shared secret.
    auto const shared = private_key::symmetric(secret("a secret that is long enough for it")).value();
    here.refuses(desk::sign(here.claims(), typed, shared, hs256), "its alg");
    // A member twice.
    auto twice = boost::json::serialize(here.claims());
    twice.insert(twice.size() - 1, R"(,"scope":"more")");
    here.refuses(std::string(sign_jws(typed, twice, key(), es256).value().reveal()), "its signature");
}

BOOST_AUTO_TEST_CASE(what_it_need_not_have)
{
    desk here;
    for (char const* name : {"exp", "nbf", "iat", "jti"})
    {
        auto claims = here.claims();
        claims.erase(name);
        BOOST_TEST(here.open(desk::sign(claims)).status == 200, name);
    }
    auto claims = here.claims();
    claims["aud"] = boost::json::array{"https://other.example", here.server.metadata().issuer};
    BOOST_TEST(here.open(desk::sign(claims)).status == 200);
    BOOST_TEST(here.open(desk::sign(here.claims(), {{"typ", "application/oauth-authz-req+jwt"}})).status == 200);
}

BOOST_AUTO_TEST_CASE(the_client_s_own_keys_count)
{
    desk here;
    // Who has no key can sign nothing.
    auto const of_web_app = here.claims(P::with(P::asks(), "client_id", "web app"));
    BOOST_TEST(here.open(desk::sign(of_web_app), {{"client_id", "web app"}}).body.reveal().find("its signature") != std::string_view::npos);
    // Another client's id beside it, an unknown one, none, two.
    BOOST_TEST(here.open(desk::sign(here.claims()), {{"client_id", "keyed"}}).body.reveal().find("its iss") != std::string_view::npos);
    for (auto const& list : std::vector<form_parameters>{{}, {{"client_id", "nobody"}}, {{"client_id", "public-app"}, {"client_id", "public-app"}}})
        BOOST_TEST(here.open(desk::sign(here.claims()), list).status == 400);
    // What it signs its assertions with will do.
    auto const keyed = P::with(P::with(P::asks(), "client_id", "keyed"), "redirect_uri", "https://keyed.example/back");
    BOOST_TEST(here.open(desk::sign(here.claims(keyed)), {{"client_id", "keyed"}}).status == 200);
}

BOOST_AUTO_TEST_CASE(a_server_may_take_fewer_algorithms)
{
    auto options = desk::options();
    options.request_object_algorithms = {ps256};
    desk(options).refuses(desk::sign(desk(options).claims()), "its alg");
}

BOOST_AUTO_TEST_CASE(it_can_be_pushed)   // RFC 9126 3
{
    desk here;
    auto const answer = here.push({{"client_id", "public-app"}, {"request", desk::sign(here.claims())}});
    BOOST_TEST(answer.status == 201);
    auto const back = P::parameters_of(here.server.sign_in(here.authorize_url({{"client_id", "public-app"}, {"request_uri", P::text(P::json(answer), "request_uri")}})));
    BOOST_TEST(P::text(P::json(here.post(P::redeems(P::value(back, "code")))), "token_type") == "Bearer");
    // Everything is in it, or beside it nothing but what authenticates the client.
    BOOST_TEST(P::error(here.push({{"client_id", "public-app"}, {"request", desk::sign(here.claims())}, {"state", "the state"}})) == "400 invalid_request");
    // Of another client than the one that pushes it.
    BOOST_TEST(P::error(here.push({{"client_id", "web app"}, {"client_secret", "p+s %:w"}, {"request", desk::sign(here.claims())}})) == "400 invalid_request_object");
    auto lacking = here.claims();
    lacking.erase("code_challenge");
    BOOST_TEST(P::error(here.push({{"client_id", "public-app"}, {"request", desk::sign(lacking)}})) == "400 invalid_request");
}

BOOST_AUTO_TEST_CASE(a_server_may_take_signed_ones_only)   // RFC 9101 10.5
{
    desk here(desk::options(true));
    BOOST_TEST(here.server.metadata().require_signed_request_object);
    BOOST_TEST(P::json(here.get(here.server.discovery_url())).at("require_signed_request_object").as_bool());
    BOOST_TEST(P::value(here.redirect(P::asks()), "error") == "invalid_request");
    BOOST_TEST(P::error(here.push(P::asks())) == "400 invalid_request");
    BOOST_TEST(here.open(desk::sign(here.claims())).status == 200);
    BOOST_TEST(here.push({{"client_id", "public-app"}, {"request", desk::sign(here.claims())}}).status == 201);
    BOOST_TEST(!desk().server.metadata().require_signed_request_object);
}

BOOST_AUTO_TEST_CASE(a_server_may_want_it_pushed)
{
    auto options = desk::options();
    options.require_pushed_authorization_requests = true;
    desk here(options);
    auto const answer = here.open(desk::sign(here.claims()));
    BOOST_TEST(P::value(P::parameters_of(find_field(answer.fields, "Location")), "error") == "invalid_request");
}

BOOST_AUTO_TEST_CASE(nobody_fetches_one)   // RFC 9101 5.2
{
    desk here;
    auto const answer = here.get(here.authorize_url({{"client_id", "public-app"}, {"request_uri", "https://app.example/request.jwt"}}));
    BOOST_TEST(answer.status == 400);
    BOOST_TEST(answer.body.reveal().find("request_uri&#39; is not supported") != std::string_view::npos, answer.body.reveal());
    BOOST_TEST(!P::json(here.get(here.server.discovery_url())).at("request_uri_parameter_supported").as_bool());
    BOOST_TEST(P::json(here.get(here.server.discovery_url())).at("request_parameter_supported").as_bool());
}

BOOST_AUTO_TEST_CASE(microsoft_takes_none)
{
    P here;
    BOOST_TEST(P::value(P::parameters_of(find_field(here.get(here.authorize_url(P::with(P::asks(), "request", desk::sign(desk().claims())))).fields, "Location")), "error")
               == "request_not_supported");
}

BOOST_AUTO_TEST_SUITE_END()
