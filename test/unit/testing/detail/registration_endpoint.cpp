#include <oauth/testing/detail/registration_endpoint.hpp>

#include "../server_probe.hpp"
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <oauth/testing/detail/graph_answer.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include "../../../support/certificate.hpp"
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_registration_endpoint)

using oauth::http_method;
using oauth::testing::personality;
using P = server_probe;

namespace {

struct desk : P
{
    desk() : P(personality::standard) {}

    oauth::http_response send(http_method method, std::string const& url, std::string body, std::string authorization = {}, char const* type = "application/json") const
    {
        return server.handle({.method = method, .url = url, .fields = {{"Content-Type", type}}, .authorization = oauth::secret(std::move(authorization)), .body = oauth::secret(std::move(body))});
    }

    oauth::http_response enroll(std::string body) const { return send(http_method::post, server.metadata().registration_endpoint.url(), std::move(body)); }
};

} // namespace

BOOST_AUTO_TEST_CASE(a_client_is_registered_as_it_asks)
{
    desk here;
    auto const answer = here.enroll(R"({"redirect_uris":["https://a.example/back","http://127.0.0.1/back","com.example.app:/back"],"client_name":"A","more":{"x":1}})");
    BOOST_TEST(answer.status == 201);
    auto const body = P::json(answer);
    BOOST_TEST(P::text(body, "client_secret").size() == 43U);
    BOOST_TEST(body.at("client_secret_expires_at").as_int64() == 0);
    BOOST_TEST(P::text(body, "client_name") == "A");
    BOOST_TEST(P::text(body, "token_endpoint_auth_method") == "client_secret_basic");
    BOOST_TEST(body.at("redirect_uris").as_array().size() == 3U);
    BOOST_TEST(body.at("more").at("x").as_int64() == 1);
    BOOST_TEST(P::text(body, "registration_client_uri").starts_with("https://login.example.com/register?client_id="));
    BOOST_TEST(P::text(body, "client_id") != P::text(P::json(here.enroll(R"({"redirect_uris":["https://a.example/back"]})")), "client_id"));
    BOOST_TEST(here.server.counts().registrations == 2U);
    // It is a client like any other.
    auto const id = P::text(body, "client_id");
    auto const list = P::with(P::with(P::asks(), "client_id", id), "redirect_uri", "https://a.example/back");
    BOOST_TEST(here.code(list) != "(none)");
    BOOST_TEST(here.server.sign_in(here.authorize_url(P::with(list, "redirect_uri", "https://b.example/back"))) == "");
}

BOOST_AUTO_TEST_CASE(what_is_not_taken)
{
    struct row
    {
        char const* body;
        char const* error;
    };
    for (auto const& row : std::vector<row>{
             {"", "invalid_client_metadata"},
             {"[]", "invalid_client_metadata"},
             {"{", "invalid_client_metadata"},
             {"{}", "invalid_redirect_uri"},
             {R"({"redirect_uris":"https://a.example/"})", "invalid_redirect_uri"},
             {R"({"redirect_uris":[1]})", "invalid_redirect_uri"},
             {R"({"redirect_uris":["http://a.example/"]})", "invalid_redirect_uri"},
             {R"({"redirect_uris":["https://a.example/#f"]})", "invalid_redirect_uri"},
             {R"({"redirect_uris":["https://u@a.example/"]})", "invalid_redirect_uri"},
             {R"x({"redirect_uris":["javascript:alert(1)"]})x", "invalid_redirect_uri"},
             {R"({"redirect_uris":["https://a.example/"],"token_endpoint_auth_method":"magic"})", "invalid_client_metadata"},
             {R"({"redirect_uris":["https://a.example/"],"grant_types":["password"]})", "invalid_client_metadata"},
             {R"({"redirect_uris":["https://a.example/"],"grant_types":"authorization_code"})", "invalid_client_metadata"},
             {R"({"redirect_uris":["https://a.example/"],"userinfo_signed_response_alg":"none"})", "invalid_client_metadata"},
             {R"({"redirect_uris":["https://a.example/"],"software_statement":"x"})", "unapproved_software_statement"},
         })
    {
        desk here;
        BOOST_TEST(P::error(here.enroll(row.body)) == "400 " + std::string(row.error), row.body);
        BOOST_TEST(here.server.counts().registrations == 0U);
    }
    desk here;
    auto const url = here.server.metadata().registration_endpoint.url();
    BOOST_TEST(here.send(http_method::post, url, R"({"redirect_uris":["https://a.example/"]})", "", "text/plain").status == 400);
    BOOST_TEST(here.send(http_method::get, url, "").status == 405);
    BOOST_TEST(here.enroll(R"({"redirect_uris":["https://a.example/"],"userinfo_signed_response_alg":"RS256"})").status == 201);
    // Nobody is redirected who has only a secret.
    BOOST_TEST(here.enroll(R"({"grant_types":["client_credentials"]})").status == 201);
}

BOOST_AUTO_TEST_CASE(each_way_to_authenticate)   // RFC 7591 2, RFC 8705 2
{
    auto const identity = test_support::make_identity(), another = test_support::make_identity();
    auto const published_by = [](test_support::identity const& of) { return oauth::private_key::from_pem(of.key_pem()).value().with_certificate(of.certificate_pem()).value(); };
    auto const key = published_by(identity);
    auto const own = std::string(key.certificate_chain().front()), foreign = std::string(published_by(another).certificate_chain().front());
    auto const published = boost::json::serialize(key.public_key().json());
    auto const with = [](std::string const& method, std::string const& more) {
        return R"({"redirect_uris":["https://a.example/"],"token_endpoint_auth_method":")" + method + '"' + (more.empty() ? "" : "," + more) + '}';
    };
    struct row
    {
        char const* method;
        std::string more;
        bool taken;
        bool secret;
    };
    auto const set = [](std::string const& keys) { return "\"jwks\":{\"keys\":[" + keys + "]}"; };
    auto const with_chain = [&published](std::string const& chain) { return published.substr(0, published.size() - 1) + R"(,"x5c":)" + chain + '}'; };
    auto const certified = with_chain("[\"" + own + "\"]");
    auto const der = oauth::testing::detail::base64_decode(own).value();
    auto const kept_private = published.substr(0, published.size() - 1) + R"(,"d":"AAAA"})";
    for (auto const& [method, more, taken, has_secret] : std::vector<row>{
             {"none", "", true, false},
             {"client_secret_post", "", true, true},
             {"client_secret_jwt", "", true, true},
             {"client_secret_basic", set(published), true, true},   // which sign its requests
             {"private_key_jwt", set(published), true, false},
             {"private_key_jwt", set(published + ',' + certified), true, false},
             {"tls_client_auth", R"("tls_client_auth_subject_dn":"CN=a")", true, false},
             {"self_signed_tls_client_auth", set(certified), true, false},
             {"none", R"("dpop_bound_access_tokens":true)", true, false},
             {"private_key_jwt", "", false, false},
             {"private_key_jwt", R"("jwks_uri":"https://a.example/keys")", false, false},
             {"private_key_jwt", R"("jwks":[])", false, false},
             {"private_key_jwt", R"("jwks":"x")", false, false},
             {"private_key_jwt", R"("jwks":{})", false, false},
             {"private_key_jwt", set(""), false, false},
             {"private_key_jwt", set("1"), false, false},
             {"private_key_jwt", set("{}"), false, false},
             {"private_key_jwt", set(published + ",{\"kty\":\"magic\"}"), false, false},
             {"private_key_jwt", set(kept_private), false, false},
             {"private_key_jwt", set(R"({"kty":"oct","k":"c2VjcmV0"})"), false, false},
             {"private_key_jwt", set(R"({"kty":"RSA","e":"AQAB","n":"AQAB"})"), false, false},
             {"private_key_jwt", set(published) + R"(,"jwks_uri":"https://a.example/keys")", false, false},
             {"client_secret_post", set("{}"), false, false},
             {"tls_client_auth", "", false, false},
             {"self_signed_tls_client_auth", set(published), false, false},
             {"self_signed_tls_client_auth", set(certified + ',' + certified), false, false},
             {"self_signed_tls_client_auth", set(with_chain("[\"" + own + "\",\"" + foreign + "\"]")), true, false},   // the first is the key's
             {"self_signed_tls_client_auth", set(with_chain("[\"" + foreign + "\"]")), false, false},
             {"self_signed_tls_client_auth", set(with_chain("[\"" + foreign + "\",\"" + own + "\"]")), false, false},
             {"self_signed_tls_client_auth", set(with_chain("[\"" + oauth::testing::detail::base64_encode(der.substr(0, der.size() - 1)) + "\"]")), false, false},
             {"self_signed_tls_client_auth", set(with_chain("[\"" + oauth::testing::detail::base64_encode(der + '\0') + "\"]")), false, false},
             {"self_signed_tls_client_auth", set(with_chain(R"(["AAAA"])")), false, false},
             {"self_signed_tls_client_auth", set(with_chain(R"(["no base64"])")), false, false},
             {"self_signed_tls_client_auth", set(with_chain("[]")), false, false},
             {"self_signed_tls_client_auth", set(with_chain("[1]")), false, false},
             {"self_signed_tls_client_auth", set(with_chain('"' + own + '"')), false, false},
             {"self_signed_tls_client_auth", "", false, false},
             {"none", R"("dpop_bound_access_tokens":"yes")", false, false},
             {"none", R"("id_token_signed_response_alg":"none")", false, false},
         })
    {
        desk here;
        auto const answer = here.enroll(with(method, more));
        BOOST_TEST((taken ? "201 (none)" : "400 invalid_client_metadata") == P::error(answer), method << ' ' << more);
        BOOST_TEST((P::text(P::json(answer), "client_secret") != "(none)") == has_secret, method << ' ' << more);
    }
}

BOOST_AUTO_TEST_CASE(another_key_takes_the_old_one_s_place)   // RFC 7592 2.2
{
    desk here;
    auto const first = oauth::private_key::generate(oauth::jws_algorithm::es256).value(), second = oauth::private_key::generate(oauth::jws_algorithm::es256).value();
    boost::json::object what{{"redirect_uris", {"https://a.example/"}}, {"grant_types", {"client_credentials"}}, {"token_endpoint_auth_method", "private_key_jwt"}, {"jwks", {{"keys", {first.public_key().json()}}}}};
    auto const body = P::json(here.enroll(boost::json::serialize(what)));
    auto const id = P::text(body, "client_id");
    auto const asks = [&](oauth::private_key const& by) {
        static int count = 0;
        auto const now = here.clock.now().time_since_epoch().count();
        boost::json::object const claims{{"iss", id}, {"sub", id}, {"aud", here.server.metadata().token_endpoint.url()}, {"jti", std::to_string(++count)}, {"exp", now + 60}};
        return here.post({{"grant_type", "client_credentials"}, {"scope", "read"}, {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                          {"client_assertion", std::string(oauth::sign_jwt(claims, by, oauth::jws_algorithm::es256).value().reveal())}}).status;
    };
    BOOST_TEST(asks(first) == 200);
    BOOST_TEST(asks(second) == 401);
    what["client_id"] = id;
    what["jwks"] = {{"keys", {second.public_key().json()}}};
    BOOST_TEST(here.send(http_method::put, P::text(body, "registration_client_uri"), boost::json::serialize(what), "Bearer " + P::text(body, "registration_access_token")).status == 200);
    BOOST_TEST(asks(first) == 401);
    BOOST_TEST(asks(second) == 200);
}

BOOST_AUTO_TEST_CASE(its_own_token_opens_it_and_no_other)
{
    desk here;
    auto const body = P::json(here.enroll(R"({"redirect_uris":["https://a.example/"]})"));
    auto const other = P::json(here.enroll(R"({"redirect_uris":["https://b.example/"]})"));
    auto const url = P::text(body, "registration_client_uri"), mine = "Bearer " + P::text(body, "registration_access_token"), theirs = "Bearer " + P::text(other, "registration_access_token");
    BOOST_TEST(P::text(P::json(here.send(http_method::get, url, "", mine)), "client_id") == P::text(body, "client_id"));
    for (auto const method : {http_method::get, http_method::put, http_method::delete_})
        for (auto const& wrong : {std::string(), theirs, std::string("Bearer x"), "Basic " + mine.substr(7)})
        {
            auto const refusal = here.send(method, url, "{}", wrong);
            BOOST_TEST(P::error(refusal) == "401 invalid_token");
            BOOST_TEST(oauth::find_field(refusal.fields, "WWW-Authenticate") == "Bearer error=\"invalid_token\"");
        }
    BOOST_TEST(here.send(http_method::post, url, "{}", mine).status == 405);
    BOOST_TEST(here.send(http_method::get, url + "&client_id=x", "", mine).status == 400);
}

BOOST_AUTO_TEST_CASE(what_a_change_must_not_hold)
{
    desk here;
    auto const body = P::json(here.enroll(R"({"redirect_uris":["https://a.example/"]})"));
    auto const url = P::text(body, "registration_client_uri"), mine = "Bearer " + P::text(body, "registration_access_token"), id = P::text(body, "client_id");
    auto const put = [&](boost::json::object const& what) { return here.send(http_method::put, url, boost::json::serialize(what), mine); };
    boost::json::object good{{"client_id", id}, {"redirect_uris", {"https://c.example/"}}, {"client_secret", P::text(body, "client_secret")}};
    for (auto const* name : {"registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"})
    {
        auto bad = good;
        bad[name] = body.at(name);
        BOOST_TEST(P::error(put(bad)) == "400 invalid_request", name);
    }
    auto bad = good;
    bad["client_id"] = "other";
    BOOST_TEST(P::error(put(bad)) == "400 invalid_request");
    bad = good;
    bad["client_secret"] = "chosen";
    BOOST_TEST(P::error(put(bad)) == "400 invalid_request");
    bad = good;
    bad["redirect_uris"] = boost::json::array{"http://c.example/"};
    BOOST_TEST(P::error(put(bad)) == "400 invalid_redirect_uri");
    BOOST_TEST((P::json(here.send(http_method::get, url, "", mine)).at("redirect_uris") == boost::json::array{"https://a.example/"}));
    BOOST_TEST(put(good).status == 200);
    BOOST_TEST((P::json(here.send(http_method::get, url, "", mine)).at("redirect_uris") == boost::json::array{"https://c.example/"}));
}

BOOST_AUTO_TEST_CASE(what_is_deleted_is_gone)
{
    desk here;
    auto const body = P::json(here.enroll(R"({"redirect_uris":["https://a.example/"],"token_endpoint_auth_method":"none"})"));
    BOOST_TEST(!body.contains("client_secret"));
    auto const url = P::text(body, "registration_client_uri"), mine = "Bearer " + P::text(body, "registration_access_token"), id = P::text(body, "client_id");
    auto const list = P::with(P::with(P::asks(), "client_id", id), "redirect_uri", "https://a.example/");
    auto const redeem = P::with(P::with(P::redeems(here.code(list)), "client_id", id), "redirect_uri", "https://a.example/");
    auto const token = P::text(P::json(here.post(redeem)), "access_token");
    BOOST_TEST(here.server.accepts(token));
    BOOST_TEST(here.send(http_method::delete_, url, "", mine).status == 204);
    BOOST_TEST(!here.server.accepts(token));
    BOOST_TEST(here.send(http_method::get, url, "", mine).status == 401);
    BOOST_TEST(here.server.sign_in(here.authorize_url(list)) == "");
}

BOOST_AUTO_TEST_SUITE_END()
