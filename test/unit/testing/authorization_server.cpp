#include <oauth/testing/authorization_server.hpp>

#include "server_probe.hpp"
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <atomic>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <thread>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_authorization_server)

using oauth::testing::fault;
using oauth::testing::personality;
using oauth::testing::server_place;
using P = server_probe;

namespace {

constexpr personality all[] = {personality::entra_v2, personality::entra_v1, personality::b2c, personality::standard};

oauth::form_parameters asks_for(personality kind)
{
    auto list = P::with(P::asks(), "client_info", "1");
    return kind == personality::entra_v1 ? P::with(list, "resource", "https://graph.microsoft.com") : list;
}

boost::json::object fixture(std::string const& name)
{
    std::ifstream file(std::string(OAUTH_TEST_FIXTURES) + "/microsoft/" + name);
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    BOOST_REQUIRE_MESSAGE(!text.empty(), name);
    return boost::json::parse(text).as_object();
}

/// Each member as "name:kind", signed and unsigned numbers alike, sorted.
std::vector<std::string> shape(boost::json::object const& of)
{
    std::vector<std::string> out;
    for (auto const& member : of)
        out.push_back(std::string(member.key()) + ':' + (member.value().is_number() ? "number" : to_string(member.value().kind()).data()));
    std::sort(out.begin(), out.end());
    return out;
}

void drop(boost::json::object& from, std::initializer_list<char const*> names)
{
    for (auto const* name : names) from.erase(name);
}

/// Is the JWT's RS256 signature that of the JWK?
bool verifies(std::string const& jwt, boost::json::object const& jwk)
{
    auto const n = oauth::base64url_decode(P::text(jwk, "n")).value_or("");
    auto const e = oauth::base64url_decode(P::text(jwk, "e")).value_or("");
    auto const number = [](std::string const& bytes) {
        return BN_bin2bn(reinterpret_cast<unsigned char const*>(bytes.data()), static_cast<int>(bytes.size()), nullptr);
    };
    auto* const modulus = number(n);
    auto* const exponent = number(e);
    auto* const builder = OSSL_PARAM_BLD_new();
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus);
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent);
    auto* const parameters = OSSL_PARAM_BLD_to_param(builder);
    auto* const maker = EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr);
    EVP_PKEY* key = nullptr;
    EVP_PKEY_fromdata_init(maker);
    EVP_PKEY_fromdata(maker, &key, EVP_PKEY_PUBLIC_KEY, parameters);
    auto const dot = jwt.rfind('.');
    auto const signature = oauth::base64url_decode(std::string_view(jwt).substr(dot + 1)).value_or("");
    auto* const context = EVP_MD_CTX_new();
    bool const good = EVP_DigestVerifyInit_ex(context, nullptr, "SHA256", nullptr, nullptr, key, nullptr) == 1
                   && EVP_DigestVerify(context, reinterpret_cast<unsigned char const*>(signature.data()), signature.size(),
                                       reinterpret_cast<unsigned char const*>(jwt.data()), dot) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    EVP_PKEY_CTX_free(maker);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    BN_free(exponent);
    BN_free(modulus);
    return good;
}

} // namespace

BOOST_AUTO_TEST_CASE(answers_have_the_shape_of_microsofts)
{
    struct row
    {
        personality kind;
        char const* file;
    };
    for (auto const& row : std::vector<row>{{personality::entra_v2, "v2_authcode_success.json"},
                                            {personality::entra_v1, "v1_authcode_success_strings.json"},
                                            {personality::b2c, "b2c_authcode_success_numbers.json"}})
    {
        P probe(row.kind);
        auto got = P::json(probe.post(P::with(P::redeems(probe.code(asks_for(row.kind))), "client_info", "1")));
        auto want = fixture(row.file);
        BOOST_TEST(got.contains("client_info"));
        drop(got, {"client_info"});
        drop(want, {"client_info"});
        BOOST_TEST(shape(got) == shape(want), boost::test_tools::per_element());
        // Without having been asked for there is no client_info.
        BOOST_TEST(!P::json(probe.post(P::renews(P::text(got, "refresh_token")))).contains("client_info"));
    }
}

BOOST_AUTO_TEST_CASE(numbers_and_moments_are_right)
{
    auto const now = std::int64_t{1'767'323'045};
    P v2;
    auto const one = v2.tokens();
    BOOST_TEST(one.at("expires_in").to_number<std::int64_t>() == 3599);
    BOOST_TEST(one.at("ext_expires_in").to_number<std::int64_t>() == 3599);
    P v1(personality::entra_v1);
    auto const two = v1.tokens(asks_for(personality::entra_v1));
    BOOST_TEST(P::text(two, "expires_in") == "3599");
    BOOST_TEST(P::text(two, "expires_on") == std::to_string(now + 3599));
    BOOST_TEST(P::text(two, "not_before") == std::to_string(now - 300));
    P b2c(personality::b2c);
    auto const three = b2c.tokens();
    BOOST_TEST(three.at("not_before").to_number<std::int64_t>() == now);
    BOOST_TEST(three.at("expires_on").to_number<std::int64_t>() == now + 3599);
    BOOST_TEST(three.at("refresh_token_expires_in").to_number<std::int64_t>() == 1'209'600);
    BOOST_TEST(P::text(three, "resource") == "public-app");
    auto const profile = boost::json::parse(oauth::base64url_decode(P::text(three, "profile_info")).value()).as_object();
    BOOST_TEST((profile == fixture("decoded_profile_info.json")));
    auto const info = P::json(v2.post(P::with(P::renews(P::text(one, "refresh_token")), "client_info", "1")));
    BOOST_TEST((boost::json::parse(oauth::base64url_decode(P::text(info, "client_info")).value()) == fixture("decoded_client_info.json")));

    auto options = P::options(personality::entra_v2);
    options.refresh_in = oauth::seconds{1800};
    options.access_token_lifetime = oauth::seconds{60};
    P early(options);
    auto const four = early.tokens();
    BOOST_TEST(four.at("refresh_in").to_number<std::int64_t>() == 1800);
    early.clock.advance(oauth::seconds{59});
    BOOST_TEST(early.server.accepts(P::text(four, "access_token")));
    early.clock.advance(oauth::seconds{1});
    BOOST_TEST(!early.server.accepts(P::text(four, "access_token")));
}

BOOST_AUTO_TEST_CASE(id_tokens_are_signed_and_say_who_signed_in)
{
    for (auto const kind : all)
    {
        P probe(kind);
        auto const jwt = P::text(probe.tokens(asks_for(kind)), "id_token");
        BOOST_TEST(std::count(jwt.begin(), jwt.end(), '.') == 2);
        auto const keys = P::json(probe.get(probe.server.metadata().jwks_uri.url()));
        auto const& key = keys.at("keys").as_array().at(0).as_object();
        auto const header = P::part(jwt, 0);
        BOOST_TEST(P::text(header, "alg") == "RS256");
        BOOST_TEST(P::text(header, "kid") == P::text(key, "kid"));
        BOOST_TEST(P::text(key, "use") == "sig");
        BOOST_TEST(key.contains("alg") == (kind == personality::standard));
        BOOST_TEST(verifies(jwt, key));
        auto forged = jwt;
        forged[jwt.find('.') + 5] = forged[jwt.find('.') + 5] == 'A' ? 'B' : 'A';
        BOOST_TEST(!verifies(forged, key));

        auto claims = P::part(jwt, 1);
        BOOST_TEST(P::text(claims, "iss") == probe.server.metadata().issuer);
        BOOST_TEST(P::text(claims, "aud") == "public-app");
        BOOST_TEST(P::text(claims, "nonce") == "the nonce");
        BOOST_TEST(P::text(claims, "name") == "Alex Example");
        bool const entra = kind == personality::entra_v2 || kind == personality::entra_v1;   // dates its tokens back
        for (auto const* name : {"iat", "nbf"}) BOOST_TEST(claims.at(name).to_number<std::int64_t>() == 1'767'323'045 - (entra ? 300 : 0));
        BOOST_TEST(claims.at("exp").to_number<std::int64_t>() == 1'767'323'045 + 3600);
        struct row
        {
            personality kind;
            char const* file;
        };
        for (auto const& row : {row{personality::entra_v2, "claims_id_token_v2.json"}, row{personality::entra_v1, "claims_id_token_v1.json"},
                                row{personality::b2c, "claims_id_token_b2c.json"}})
            if (row.kind == kind)
            {
                auto want = fixture(row.file);
                drop(want, {"aio", "rh", "family_name", "given_name", "ipaddr"});
                if (kind == personality::entra_v1) drop(claims, {"nonce"});
                BOOST_TEST(shape(claims) == shape(want), boost::test_tools::per_element());
            }
    }
}

BOOST_AUTO_TEST_CASE(each_personality_has_its_addresses)
{
    struct row
    {
        personality kind;
        char const* issuer;
        char const* authorize;
        char const* token;
        char const* discovery;
    };
    for (auto const& row : std::vector<row>{
             {personality::entra_v2, "https://login.microsoftonline.com/11111111-aaaa-4bbb-8ccc-222222222222/v2.0",
              "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/authorize",
              "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token",
              "https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0/.well-known/openid-configuration"},
             {personality::entra_v1, "https://sts.windows.net/11111111-aaaa-4bbb-8ccc-222222222222/",
              "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/authorize", "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/token",
              "https://login.microsoftonline.com/contoso.onmicrosoft.com/.well-known/openid-configuration"},
             {personality::b2c, "https://contosob2c.b2clogin.com/11111111-aaaa-4bbb-8ccc-222222222222/v2.0/",
              "https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com/B2C_1_signupsignin1/oauth2/v2.0/authorize",
              "https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com/B2C_1_signupsignin1/oauth2/v2.0/token",
              "https://contosob2c.b2clogin.com/contosob2c.onmicrosoft.com/B2C_1_signupsignin1/v2.0/.well-known/openid-configuration"},
             {personality::standard, "https://login.example.com", "https://login.example.com/authorize", "https://login.example.com/token",
              "https://login.example.com/.well-known/openid-configuration"},
         })
    {
        P probe(row.kind);
        auto const metadata = probe.server.metadata();
        BOOST_TEST(metadata.issuer == row.issuer);
        BOOST_TEST(metadata.authorization_endpoint.url() == row.authorize);
        BOOST_TEST(metadata.token_endpoint.url() == row.token);
        BOOST_TEST(metadata.asks_by_resource == (row.kind == personality::entra_v1));
        BOOST_TEST(metadata.authorization_response_iss_parameter_supported == (row.kind == personality::standard));
        BOOST_TEST(probe.server.discovery_url() == row.discovery);

        auto const answer = probe.get(row.discovery);
        BOOST_TEST(answer.status == 200);
        auto const document = P::json(answer);
        BOOST_TEST(P::text(document, "issuer") == row.issuer);
        BOOST_TEST(P::text(document, "authorization_endpoint") == row.authorize);
        BOOST_TEST(P::text(document, "token_endpoint") == row.token);
        BOOST_TEST(P::text(document, "jwks_uri") == metadata.jwks_uri.url());
        BOOST_TEST(P::text(document, "userinfo_endpoint") == metadata.userinfo_endpoint.url());
        boost::json::array modes;
        for (auto const& mode : metadata.response_modes_supported) modes.emplace_back(mode);
        BOOST_TEST((document.at("response_modes_supported") == modes));
        BOOST_TEST(document.contains("code_challenge_methods_supported") == (row.kind == personality::standard));
        auto const device = metadata.device_authorization_endpoint.url();
        BOOST_TEST(P::text(document, "device_authorization_endpoint") == (row.kind == personality::b2c ? "(none)" : device));
        BOOST_TEST(probe.server.handle(P::form_request(row.discovery, "")).status == 405);
    }
}

BOOST_AUTO_TEST_CASE(the_discovery_of_many_tenants_has_a_template_for_an_issuer)
{
    P v2;
    std::string const origin = "https://login.microsoftonline.com";
    for (auto const* tenant : {"common", "organizations"})
    {
        auto const document = P::json(v2.get(origin + '/' + tenant + "/v2.0/.well-known/openid-configuration"));
        BOOST_TEST(P::text(document, "issuer") == P::text(fixture("meta_openid_configuration_v2_common.json"), "issuer"));
        BOOST_TEST(P::text(document, "token_endpoint") == origin + '/' + tenant + "/oauth2/v2.0/token");
    }
    BOOST_TEST(P::number(v2.get(origin + "/fabrikam.example/v2.0/.well-known/openid-configuration")) == 90002);
    BOOST_TEST(P::number(v2.get(origin + "/fabrikam.example/discovery/v2.0/keys")) == 90002);
    P v1(personality::entra_v1);
    auto const document = P::json(v1.get(origin + "/common/.well-known/openid-configuration"));
    BOOST_TEST(P::text(document, "issuer") == P::text(fixture("meta_openid_configuration_v1_common.json"), "issuer"));
}

BOOST_AUTO_TEST_CASE(it_serves_its_origin_alone_and_can_move)
{
    P probe;
    BOOST_TEST(probe.server.serves("https://login.microsoftonline.com/x"));
    BOOST_TEST(probe.server.serves("https://LOGIN.microsoftonline.com:443/"));
    BOOST_TEST(!probe.server.serves("https://login.microsoftonline.us/"));
    BOOST_TEST(!probe.server.serves("https://login.microsoftonline.com:444/"));
    probe.server.set_origin("http://127.0.0.1:4711");
    BOOST_TEST(probe.server.serves("http://127.0.0.1:4711/x"));
    BOOST_TEST(!probe.server.serves("https://login.microsoftonline.com/"));
    auto const metadata = probe.server.metadata();
    BOOST_TEST(metadata.token_endpoint.url() == "http://127.0.0.1:4711/contoso.onmicrosoft.com/oauth2/v2.0/token");
    BOOST_TEST(metadata.issuer == "http://127.0.0.1:4711/11111111-aaaa-4bbb-8ccc-222222222222/v2.0");
    BOOST_TEST(P::text(P::part(P::text(probe.tokens(), "id_token"), 1), "iss") == metadata.issuer);
    P v1(personality::entra_v1);
    v1.server.set_origin("http://127.0.0.1:4711");
    BOOST_TEST(v1.server.metadata().issuer == "http://127.0.0.1:4711/11111111-aaaa-4bbb-8ccc-222222222222/");
    auto options = P::options(personality::standard);
    options.issuer = "https://issuer.example/x";
    BOOST_TEST(P(options).server.metadata().issuer == "https://issuer.example/x");
}

BOOST_AUTO_TEST_CASE(errors_have_the_shape_of_microsofts)
{
    P v2;
    auto const first = v2.tokens();
    (void)v2.post(P::renews(P::text(first, "refresh_token")));
    struct row
    {
        char const* file;
        oauth::http_response answer;
    };
    auto const code = v2.code();
    (void)v2.post(P::redeems(code));
    auto const web = P::with(P::redeems("x"), "client_id", "web app");
    auto wrong_origin = P::form_request(v2.server.metadata().token_endpoint.url(), P::encoded(P::redeems("x")));
    wrong_origin.fields.push_back({"Origin", "https://x.example"});
    for (auto const& row : std::vector<row>{
             {"err_invalid_grant_54005_code_reused.json", v2.post(P::redeems(code))},
             {"err_invalid_grant_bad_token.json", v2.post(P::renews("unknown"))},
             {"err_invalid_client_7000218_missing_credential.json", v2.post(web)},
             {"err_invalid_client_7000215_bad_secret.json", v2.post(P::with(web, "client_secret", "x"))},
             {"err_invalid_grant_501481_pkce.json", v2.post(P::with(P::redeems(v2.code()), "code_verifier", "x"))},
             {"err_invalid_request_900144.json", v2.post({})},
             {"err_invalid_request_9002326_cross_origin.json", v2.server.handle(wrong_origin)},
             {"err_unauthorized_client_700016.json", v2.post(P::with(P::redeems("x"), "client_id", "y"))},
             {"err_invalid_grant_50173_revoked.json", v2.post(P::renews(P::text(first, "refresh_token")))},
         })
    {
        auto const got = P::json(row.answer);
        auto const want = fixture(row.file);
        BOOST_TEST(shape(got) == shape(want), boost::test_tools::per_element());
        BOOST_TEST(P::text(got, "error") == P::text(want, "error"), row.file);
        BOOST_TEST((got.at("error_codes") == want.at("error_codes")), row.file);
        BOOST_TEST(P::text(got, "suberror") == P::text(want, "suberror"), row.file);
        BOOST_TEST(P::text(got, "timestamp") == P::text(want, "timestamp"), row.file);
        BOOST_TEST(P::text(got, "error_description").starts_with(P::text(want, "error_description").substr(0, 13)), row.file);
    }
    P standard(personality::standard);
    BOOST_TEST(shape(P::json(standard.post(P::redeems("x")))) == (std::vector<std::string>{"error:string", "error_description:string"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_fault_happens_as_often_as_it_was_planned)
{
    struct row
    {
        fault what;
        int status;
        char const* type;
        char const* begins;
        char const* error;
        char const* retry_after;
    };
    for (auto const& row : std::vector<row>{
             {fault::too_many_requests, 429, "text/plain", "Too Many Requests", "(none)", "60"},
             {fault::service_unavailable, 503, "text/html", "<!DOCTYPE HTML", "(none)", ""},
             {fault::temporarily_unavailable, 503, "application/json", "{", "temporarily_unavailable", ""},
             {fault::server_error, 500, "text/plain", "Internal", "(none)", ""},
             {fault::invalid_grant, 400, "application/json", "{", "invalid_grant", ""},
             {fault::consent_required, 400, "application/json", "{", "invalid_grant", ""},
             {fault::interaction_required, 400, "application/json", "{", "interaction_required", ""},
             {fault::html_page, 200, "text/html", "<!DOCTYPE html>", "(none)", ""},
             {fault::empty_body, 200, "application/json", "", "(none)", ""},
             {fault::empty_not_found, 404, "", "", "(none)", ""},
             {fault::truncated_json, 200, "application/json", "{\"token_type\"", "(none)", ""},
             {fault::huge_body, 200, "application/json", "{\"access_token\":\"aaaa", "(none)", ""},
             {fault::redirect, 307, "text/plain", "", "(none)", ""},
         })
    {
        P probe;
        auto const list = P::renews(P::text(probe.tokens(), "refresh_token"));
        probe.server.fail_next(row.what, 2);
        for (int i = 0; i < 2; ++i)
        {
            auto const answer = probe.post(list);
            auto const body = answer.body.reveal();
            BOOST_TEST(answer.status == row.status);
            BOOST_TEST(oauth::find_field(answer.fields, "Content-Type").starts_with(row.type));
            BOOST_TEST(body.starts_with(row.begins));
            BOOST_TEST(P::text(P::json(answer), "error") == row.error);
            BOOST_TEST(oauth::find_field(answer.fields, "Retry-After") == row.retry_after);
            BOOST_TEST((oauth::find_field(answer.fields, "Location") != "") == (row.what == fault::redirect));
            BOOST_TEST((body.size() > 8'000'000u) == (row.what == fault::huge_body));
        }
        // The session has not suffered.
        BOOST_TEST(probe.post(list).status == 200);
        BOOST_TEST(probe.server.counts().faults == 2u);
        BOOST_TEST(probe.server.refresh_count() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(it_remembers_the_claims_that_a_token_was_asked_with)
{
    P probe;
    auto const claims_of = [&probe](boost::json::object const& got) { return probe.server.introspect(P::text(got, "access_token")).value().claims; };
    auto const asked = P::with(P::asks(), "claims", R"({"a":1})");
    auto const first = probe.tokens(asked);
    BOOST_TEST(claims_of(first) == R"({"a":1})");
    BOOST_TEST(claims_of(P::json(probe.post(P::with(P::redeems(probe.code(asked)), "claims", R"({"b":1})")))) == R"({"b":1})");
    auto const second = P::json(probe.post(P::renews(P::text(first, "refresh_token"))));
    BOOST_TEST(claims_of(second) == "");
    auto const third = P::json(probe.post(P::with(P::renews(P::text(second, "refresh_token")), "claims", R"({"c":1})")));
    BOOST_TEST(claims_of(third) == R"({"c":1})");
    for (auto const* bad : {"[]", "x", "{"})
    {
        BOOST_TEST(P::error(probe.post(P::with(P::renews(P::text(third, "refresh_token")), "claims", bad))) == "400 invalid_request", bad);
        BOOST_TEST(P::value(probe.redirect(P::with(P::asks(), "claims", bad)), "error") == "invalid_request", bad);
    }
}

BOOST_AUTO_TEST_CASE(some_claims_only_a_sign_in_can_meet)
{
    std::string const factor = R"({"access_token":{"acrs":{"essential":true,"value":"c25"}}})";
    auto options = P::options(personality::entra_v2);
    options.interactive_claims = factor;
    P probe(options);
    auto const renewed = [&](boost::json::object const& got, std::string const& claims) { return probe.post(P::with(P::renews(P::text(got, "refresh_token")), "claims", claims)); };
    auto const plain = probe.tokens();
    auto const refused = renewed(plain, factor);
    BOOST_TEST(P::error(refused) == "400 interaction_required");
    BOOST_TEST(P::text(P::json(refused), "claims") == factor);
    auto const other = renewed(plain, R"({"access_token":{"nbf":null}})");   // and the refresh token is not spent
    BOOST_TEST(other.status == 200);
    auto const asked = probe.tokens(P::with(P::asks(), "claims", factor));
    BOOST_TEST(renewed(asked, factor).status == 200);
}

BOOST_AUTO_TEST_CASE(interaction_required_carries_claims_that_are_a_json_text)
{
    P probe;
    probe.server.fail_next(fault::interaction_required);
    auto const got = P::json(probe.post(P::renews("x")));
    BOOST_TEST(boost::json::parse(P::text(got, "claims")).is_object());
    BOOST_TEST(P::text(got, "error_description").starts_with("AADSTS50079: "));
}

BOOST_AUTO_TEST_CASE(a_slow_answer_is_right_and_says_how_late_it_is)
{
    auto options = P::options(personality::entra_v2);
    options.delay = std::chrono::milliseconds{250};
    P probe(options);
    auto const list = P::renews(P::text(probe.tokens(), "refresh_token"));
    probe.server.fail_next(fault::slow);
    auto const answer = probe.post(list);
    BOOST_TEST(answer.status == 200);
    BOOST_TEST(oauth::find_field(answer.fields, oauth::testing::delay_field) == "250");
    BOOST_TEST(probe.server.refresh_count() == 1u);
    auto const next = probe.post(P::renews(P::text(P::json(answer), "refresh_token")));
    BOOST_TEST(next.status == 200);
    BOOST_TEST(oauth::find_field(next.fields, oauth::testing::delay_field) == "");
}

BOOST_AUTO_TEST_CASE(faults_are_planned_for_a_place_and_one_after_the_other)
{
    P probe;
    probe.server.fail_next(fault::server_error, 1, server_place::discovery);
    probe.server.fail_next(fault::service_unavailable, 1, server_place::keys);
    probe.server.fail_next(fault::html_page, 1, server_place::authorization);
    probe.server.fail_next(fault::too_many_requests);
    probe.server.fail_next(fault::empty_not_found);
    probe.server.fail_next(fault::empty_body, 0);
    BOOST_TEST(probe.post({}).status == 429);
    BOOST_TEST(probe.post({}).status == 404);
    BOOST_TEST(probe.post({}).status == 400);
    BOOST_TEST(probe.get(probe.server.discovery_url()).status == 500);
    BOOST_TEST(probe.get(probe.server.discovery_url()).status == 200);
    BOOST_TEST(probe.get(probe.server.metadata().jwks_uri.url()).status == 503);
    BOOST_TEST(probe.server.sign_in(probe.authorize_url(P::asks())) == "");
    BOOST_TEST(probe.server.sign_in(probe.authorize_url(P::asks())) != "");
}

BOOST_AUTO_TEST_CASE(sessions_and_access_tokens_can_be_ended)
{
    P probe;
    auto const first = probe.tokens();
    probe.server.revoke_access_tokens();
    BOOST_TEST(!probe.server.accepts(P::text(first, "access_token")));
    auto const second = P::json(probe.post(P::renews(P::text(first, "refresh_token"))));
    BOOST_TEST(probe.server.accepts(P::text(second, "access_token")));
    probe.server.revoke_all();
    BOOST_TEST(!probe.server.accepts(P::text(second, "access_token")));
    auto const refused = probe.post(P::renews(P::text(second, "refresh_token")));
    BOOST_TEST(P::error(refused) == "400 invalid_grant");
    BOOST_TEST(P::number(refused) == 50173);
    BOOST_TEST(probe.post(P::renews(P::text(probe.tokens(), "refresh_token"))).status == 200);
    BOOST_TEST(!probe.server.accepts(""));
    BOOST_TEST(!probe.server.accepts(P::text(second, "refresh_token")));
}

BOOST_AUTO_TEST_CASE(userinfo_is_for_tokens_with_openid)
{
    for (auto const kind : all)
    {
        P probe(kind);
        auto const url = probe.server.metadata().userinfo_endpoint.url();
        auto const tokens = probe.tokens(asks_for(kind));
        auto const answer = probe.get(url, "Bearer " + P::text(tokens, "access_token"));
        BOOST_TEST(answer.status == 200);
        BOOST_TEST(P::text(P::json(answer), "sub") == P::text(P::part(P::text(tokens, "id_token"), 1), "sub"));
        BOOST_TEST(P::text(P::json(answer), "name") == "Alex Example");
        for (auto const* bad : {"", "Bearer ", "Bearer x", "Basic eDp4"})
        {
            auto const refused = probe.get(url, bad);
            BOOST_TEST(refused.status == 401);
            BOOST_TEST(oauth::find_field(refused.fields, "WWW-Authenticate") == "Bearer error=\"invalid_token\"");
        }
        probe.clock.advance(oauth::seconds{3600});
        BOOST_TEST(probe.get(url, "Bearer " + P::text(tokens, "access_token")).status == 401);
    }
    P probe;
    auto const refused = probe.get(probe.server.metadata().userinfo_endpoint.url(), "Bearer " + P::text(probe.tokens(P::asks("User.Read")), "access_token"));
    BOOST_TEST(refused.status == 403);
}

BOOST_AUTO_TEST_CASE(a_token_says_for_whom_and_what_it_is)
{
    P probe;
    auto const taken = probe.server.introspect(P::text(probe.tokens(), "access_token"));
    BOOST_REQUIRE(taken.has_value());
    BOOST_TEST(taken->client_id == "public-app");
    BOOST_TEST(taken->resource == "https://graph.microsoft.com");
    BOOST_TEST(taken->scope.contains("Bookings.ReadWrite.All"));
    BOOST_TEST(taken->user.value().username == "alex@contoso.example");
}

BOOST_AUTO_TEST_CASE(copies_are_the_same_server)
{
    P probe;
    auto copy = probe.server;
    auto const tokens = probe.tokens();
    BOOST_TEST(copy.accepts(P::text(tokens, "access_token")));
    copy.revoke_all();
    BOOST_TEST(!probe.server.accepts(P::text(tokens, "access_token")));
    BOOST_TEST((copy.counts() == probe.server.counts()));
}

BOOST_AUTO_TEST_CASE(of_many_threads_with_one_refresh_token_one_gets_tokens)
{
    P probe;
    auto const list = P::renews(P::text(probe.tokens(), "refresh_token"));
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] {
                for (int n = 0; n < 4; ++n)
                    if (probe.post(list).status == 200) ++good;
            });
    }
    BOOST_TEST(good == 1);
    BOOST_TEST(probe.server.refresh_count() == 1u);
    // The second one to come ended the session; those after it met a session that had ended.
    BOOST_TEST(probe.server.counts().reuses_detected == 1u);
    BOOST_TEST(probe.server.counts().refusals == 31u);
}

BOOST_AUTO_TEST_CASE(threads_sign_in_and_renew_independently)
{
    P probe;
    std::atomic<int> good = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                auto tokens = probe.tokens();
                for (int n = 0; n < 5; ++n)
                {
                    auto const answer = probe.post(P::renews(P::text(tokens, "refresh_token")));
                    if (answer.status == 200) ++good;
                    tokens = P::json(answer);
                }
            });
    }
    BOOST_TEST(good == 20);
    BOOST_TEST(probe.server.refresh_count() == 20u);
    BOOST_TEST(probe.server.counts().reuses_detected == 0u);
}

BOOST_AUTO_TEST_CASE(no_body_makes_it_throw_or_give_tokens)
{
    std::mt19937 random(20260102);
    std::string const pieces[] = {"grant_type", "=", "&", "authorization_code", "refresh_token", "client_id", "public-app", "web+app", "code", "%", "%41", "%00",
                                  "redirect_uri", "code_verifier", "+", "\xff", "scope", "ticket", "choice", "accept", "client_secret"};
    for (auto const kind : all)
    {
        P probe(kind);
        auto const metadata = probe.server.metadata();
        std::string const token = metadata.token_endpoint.url(), authorize = metadata.authorization_endpoint.url();
        for (int i = 0; i < 500; ++i)
        {
            std::string body;
            for (auto n = random() % 30; n != 0; --n) body += pieces[random() % std::size(pieces)];
            for (auto const& url : {token, authorize, authorize + "/sign-in", authorize + "/consent"})
            {
                auto const status = probe.server.handle(P::form_request(url, body, body)).status;
                BOOST_TEST((status == 400 || status == 401), url << ' ' << status << ": " << body);
            }
        }
        BOOST_TEST(probe.server.counts().code_exchanges == 0u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
