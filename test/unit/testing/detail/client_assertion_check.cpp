#include <oauth/testing/detail/client_assertion_check.hpp>

#include "../server_probe.hpp"
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <boost/test/unit_test.hpp>
#include "../../../support/certificate.hpp"
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

BOOST_AUTO_TEST_SUITE(testing_client_assertion_check)

using namespace oauth;
using boost::json::array;
using boost::json::object;
using boost::json::value;
using oauth::testing::personality;
using P = server_probe;
using enum jws_algorithm;

namespace {

constexpr std::string_view shared_secret = "0123456789abcdef0123456789abcdef";

private_key const& ec_key()
{
    static private_key const key = private_key::generate(es256).value();
    return key;
}

private_key const& another_key()
{
    static private_key const key = private_key::generate(es256).value();
    return key;
}

struct certified
{
    std::string pem;
    private_key key;

    static certified make(char const* name)
    {
        auto const made = test_support::make_identity({.alternative_names = "", .common_name = name, .rsa = true});
        auto const certificate = made.certificate_pem();
        return {certificate, private_key::from_pem(made.key_pem()).value().with_certificate(certificate).value()};
    }
};

certified const& registered()
{
    static certified const made = certified::make("registered");
    return made;
}

certified const& stranger()
{
    static certified const made = certified::make("stranger");
    return made;
}

/// A server, and assertions written by hand.
struct desk : P
{
    static testing::authorization_server_options options(personality kind)
    {
        auto made = P::options(kind);
        made.clients.push_back({.id = "keyed", .keys = {ec_key().public_key()}});
        made.clients.push_back({.id = "certified", .certificates = {"no PEM", registered().pem}});
        made.clients.push_back({.id = "shared", .secret = std::string(shared_secret)});
        made.clients.push_back({.id = "workload", .federated = {{.issuer = "https://cluster.example", .subject = "system:serviceaccount:a:b", .keys = {another_key().public_key()}}}});
        return made;
    }

    explicit desk(personality kind = personality::standard) : P(options(kind)) {}
    explicit desk(testing::authorization_server_options given) : P(std::move(given)) {}

    std::int64_t at() const { return clock.now().time_since_epoch().count(); }
    std::string token_url() const { return std::string(server.metadata().token_endpoint.url()); }

    object claims(std::string const& id) const
    {
        static int count = 0;
        return {{"iss", id}, {"sub", id}, {"aud", token_url()}, {"jti", std::to_string(++count)}, {"exp", at() + 300}, {"iat", at()}, {"nbf", at()}};
    }

    object federated_claims() const { return {{"iss", "https://cluster.example"}, {"sub", "system:serviceaccount:a:b"}, {"aud", "api://AzureADTokenExchange"}, {"exp", at() + 7200}}; }

    http_response with(std::string const& id, std::string const& assertion, std::string const& type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer") const
    {
        return post({{"grant_type", "client_credentials"}, {"client_id", id}, {"scope", "https://graph.microsoft.com/.default"}, {"client_assertion_type", type}, {"client_assertion", assertion}});
    }

    http_response with(std::string const& id, object const& claims, private_key const& key, jws_algorithm algorithm, object header = {}) const
    {
        return with(id, std::string(sign_jwt(claims, key, algorithm, std::move(header)).value().reveal()));
    }
};

/// These claims but for one; null takes it away.
object changed(object claims, char const* name, value const& to)
{
    if (to.is_null()) claims.erase(name);
    else claims[name] = to;
    return claims;
}

std::string reason(http_response const& answer)
{
    if (answer.status == 200) return "taken";
    auto const text = P::text(P::json(answer), "error_description");
    auto const begin = text.find("[Reason - ");
    return begin == text.npos ? P::error(answer) : text.substr(begin + 10, text.find(']') - begin - 10);
}

} // namespace

BOOST_AUTO_TEST_CASE(each_claim_has_its_refusal)   // RFC 7523 3
{
    desk here;
    auto const at = here.at();
    struct row
    {
        char const* claim;
        value to;
        std::string outcome;
    };
    for (auto const& [claim, to, outcome] : std::vector<row>{
             {"extra", "x", "taken"},
             {"aud", "https://login.example.com", "taken"},   // the issuer
             {"iat", nullptr, "taken"},
             {"nbf", nullptr, "taken"},
             {"nbf", at + 30, "taken"},   // another's clock
             {"iss", nullptr, "the client assertion's iss"},
             {"iss", "another", "the client assertion's iss"},
             {"iss", 1, "the client assertion's iss"},
             {"sub", nullptr, "the client assertion's sub"},
             {"sub", "another", "the client assertion's sub"},
             {"aud", nullptr, "the client assertion's aud"},
             {"aud", "https://login.example.com/", "the client assertion's aud"},
             {"aud", "https://login.example.com/authorize", "the client assertion's aud"},
             {"aud", array{here.token_url(), "https://another.example/token"}, "the client assertion's aud"},
             {"exp", nullptr, "exp"},
             {"exp", at, "exp"},
             {"exp", at - 1, "exp"},
             {"exp", at + 601, "exp"},
             {"exp", std::to_string(at + 300).c_str(), "exp"},
             {"nbf", at + 61, "nbf"},
             {"nbf", at + 100000, "nbf"},
             {"nbf", "now", "nbf"},
             {"iat", at + 61, "iat"},
             {"jti", nullptr, "the client assertion's jti"},
             {"jti", "", "the client assertion's jti"},
         })
        BOOST_TEST(reason(here.with("keyed", changed(here.claims("keyed"), claim, to), ec_key(), es256)) == outcome, claim << " = " << boost::json::serialize(to));
}

BOOST_AUTO_TEST_CASE(it_is_taken_once)
{
    desk here;
    auto const assertion = std::string(sign_jwt(here.claims("keyed"), ec_key(), es256).value().reveal());
    BOOST_TEST(reason(here.with("keyed", assertion)) == "taken");
    auto const again = here.with("keyed", assertion);
    BOOST_TEST(reason(again) == "the client assertion's jti");
    BOOST_TEST(P::error(again) == "401 invalid_client");
}

BOOST_AUTO_TEST_CASE(who_has_signed_it)
{
    desk here;
    auto const shared = private_key::symmetric(secret(shared_secret)).value();
    auto const good = std::string(sign_jwt(here.claims("keyed"), ec_key(), es256).value().reveal());
    auto const signature = good.rfind('.') + 1;
    auto spoilt = good;
    spoilt[signature] = spoilt[signature] == 'A' ? 'B' : 'A';
    BOOST_TEST(reason(here.with("keyed", spoilt)) == "the client assertion's signature");
    BOOST_TEST(reason(here.with("keyed", here.claims("keyed"), another_key(), es256)) == "the client assertion's signature");
    BOOST_TEST(reason(here.with("keyed", good.substr(0, signature))) == "the client assertion's signature");
    for (std::string const text : {"x", "", "a.b.c", "eyJhbGciOiJub25lIn0.e30."}) BOOST_TEST(P::error(here.with("keyed", text)) == "401 invalid_client", text);
    BOOST_TEST(reason(here.with("keyed", here.claims("keyed"), shared, hs256)) == "the client assertion's alg");   // whoever has a key of his own signs with it
    BOOST_TEST(reason(here.with("shared", here.claims("shared"), shared, hs256)) == "taken");
    BOOST_TEST(reason(here.with("shared", here.claims("shared"), ec_key(), es256)) == "the client assertion's alg");
    BOOST_TEST(reason(here.with("shared", here.claims("shared"), private_key::symmetric(secret(std::string(32, 'x'))).value(), hs256)) == "the client assertion's signature");
    // Of another kind, or beside another way.
    BOOST_TEST(P::error(here.with("keyed", good, "urn:ietf:params:oauth:client-assertion-type:saml2-bearer")) == "400 invalid_request");
    BOOST_TEST(P::error(here.post({{"grant_type", "client_credentials"}, {"client_id", "keyed"}, {"scope", "read"}})) == "401 invalid_client");
    BOOST_TEST(P::error(here.post({{"grant_type", "client_credentials"}, {"client_id", "keyed"}, {"client_secret", "x"}, {"scope", "read"}})) == "401 invalid_client");
    BOOST_TEST(P::error(here.post({{"grant_type", "client_credentials"}, {"client_id", "keyed"}, {"client_secret", "x"}, {"client_assertion", good}, {"scope", "read"}})) == "400 invalid_request");
}

BOOST_AUTO_TEST_CASE(the_client_s_id_may_stand_in_it_alone)   // RFC 7521 4.2
{
    for (auto const kind : {personality::standard, personality::entra_v2})
    {
        desk here(kind);
        auto const sends = [&](std::string const& assertion) {
            return P::error(here.post({{"grant_type", "client_credentials"}, {"scope", "https://graph.microsoft.com/.default"},
                                       {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, {"client_assertion", assertion}}));
        };
        auto const assertion = std::string(sign_jwt(here.claims("keyed"), ec_key(), es256).value().reveal());
        BOOST_TEST(sends(assertion) == (kind == personality::standard ? "200 (none)" : "400 invalid_request"));
        BOOST_TEST(sends("x") == "400 invalid_request");
    }
}

BOOST_AUTO_TEST_CASE(entra_looks_at_the_certificate)
{
    auto const sha256 = [](certified const& of) { return std::string(of.key.certificate_sha256()); };
    auto const sha1 = [](certified const& of) { return std::string(of.key.certificate_sha1()); };
    auto const chain = [](certified const& of) { return array{of.key.certificate_chain().front()}; };
    std::string const wrong = "the client assertion's x5t#S256, x5t or x5c";
    struct row
    {
        object header;
        certified const& signer;
        std::string outcome;
    };
    std::vector<row> const rows{
        {{{"x5t#S256", sha256(registered())}}, registered(), "taken"},
        {{{"x5t", sha1(registered())}}, registered(), "taken"},
        {{{"x5c", chain(registered())}}, registered(), "taken"},
        {{{"x5t#S256", sha256(registered())}, {"x5t", sha1(registered())}, {"x5c", chain(registered())}}, registered(), "taken"},
        {{}, registered(), wrong},
        {{{"kid", "x"}}, registered(), wrong},
        {{{"x5t#S256", "not-a-thumbprint"}}, registered(), wrong},
        {{{"x5t#S256", 5}}, registered(), wrong},
        {{{"x5t", 5}}, registered(), wrong},
        {{{"x5t", sha256(registered())}}, registered(), wrong},
        {{{"x5t#S256", sha256(stranger())}}, stranger(), wrong},
        {{{"x5t#S256", sha256(registered())}, {"x5t", sha1(stranger())}}, registered(), wrong},
        {{{"x5t#S256", sha256(registered())}, {"x5c", chain(stranger())}}, registered(), wrong},
        {{{"x5c", array{}}}, registered(), wrong},
        {{{"x5c", array{5}}}, registered(), wrong},
        {{{"x5c", array{registered().key.certificate_chain().front(), "no base64"}}}, registered(), wrong},
        {{{"x5c", registered().key.certificate_chain().front()}}, registered(), wrong},
        {{{"x5t#S256", sha256(registered())}}, stranger(), "the client assertion's signature"},
    };
    for (auto const kind : {personality::entra_v2, personality::standard})
    {
        desk here(kind);
        for (auto const& [header, signer, outcome] : rows)
            BOOST_TEST(reason(here.with("certified", here.claims("certified"), signer.key, ps256, header)) == outcome, boost::json::serialize(header));
    }
}

BOOST_AUTO_TEST_CASE(entra_knows_no_key_without_its_certificate)
{
    struct row
    {
        std::string client;
        object header;
        bool at_entra;
    };
    object const names{{"x5t#S256", registered().key.certificate_sha256()}};
    std::vector<row> const rows{
        {"keyed", {}, false},
        {"keyed", names, false},   // elsewhere the name says nothing to whom only keys are known
        {"both", {}, false},
        {"both", names, true},
    };
    for (auto const kind : {personality::entra_v2, personality::standard})
    {
        auto options = P::options(kind);
        options.clients.push_back({.id = "keyed", .keys = {registered().key.public_key()}});
        options.clients.push_back({.id = "both", .keys = {registered().key.public_key()}, .certificates = {registered().pem}});
        desk const here(std::move(options));
        for (auto const& [client, header, at_entra] : rows)
        {
            bool const taken = at_entra || kind == personality::standard;
            auto const outcome = reason(here.with(client, here.claims(client), registered().key, ps256, header));
            BOOST_TEST(outcome == (taken ? "taken" : "the client assertion's x5t#S256, x5t or x5c"), client << ' ' << boost::json::serialize(header));
        }
    }
}

BOOST_AUTO_TEST_CASE(what_entra_does_not_take)
{
    desk here(personality::entra_v2);
    object const names{{"x5t#S256", registered().key.certificate_sha256()}};
    BOOST_TEST(reason(here.with("certified", here.claims("certified"), registered().key, rs256, names)) == "taken");
    BOOST_TEST(reason(here.with("certified", here.claims("certified"), registered().key, rs384, names)) == "the client assertion's alg");
    BOOST_TEST(reason(here.with("certified", here.claims("certified"), ec_key(), es256, names)) == "the client assertion's alg");
    BOOST_TEST(P::number(here.with("certified", here.claims("certified"), stranger().key, ps256, names)) == 700027);
    // It knows no client_secret_jwt.
    auto const shared = private_key::symmetric(secret(shared_secret)).value();
    BOOST_TEST(P::error(here.with("shared", here.claims("shared"), shared, hs256)) == "401 invalid_client");
}

BOOST_AUTO_TEST_CASE(another_s_word)   // RFC 7523 2.2 and 3
{
    for (auto const kind : {personality::entra_v2, personality::standard})
    {
        desk here(kind);
        auto const at = here.at();
        auto const good = std::string(sign_jwt(here.federated_claims(), another_key(), es256).value().reveal());
        BOOST_TEST(reason(here.with("workload", good)) == "taken");
        BOOST_TEST(reason(here.with("workload", good)) == "taken");   // a file holds it as long as it lives
        struct row
        {
            char const* claim;
            value to;
            std::string outcome;
        };
        for (auto const& [claim, to, outcome] : std::vector<row>{
                 {"aud", array{"api://AzureADTokenExchange", "another"}, "taken"},
                 {"iss", "https://cluster.example/", "the assertion's iss"},
                 {"iss", nullptr, "the assertion's iss"},
                 {"sub", "system:serviceaccount:a:c", "the assertion's sub"},
                 {"sub", nullptr, "the assertion's sub"},
                 {"aud", here.token_url().c_str(), "the assertion's aud"},
                 {"aud", nullptr, "the assertion's aud"},
                 {"exp", at, "exp"},
                 {"exp", nullptr, "exp"},
                 {"nbf", at + 61, "nbf"},
             })
            BOOST_TEST(reason(here.with("workload", changed(here.federated_claims(), claim, to), another_key(), es256)) == outcome, claim << " = " << boost::json::serialize(to));
        BOOST_TEST(reason(here.with("workload", here.federated_claims(), ec_key(), es256)) == "the assertion's signature");
        BOOST_TEST(reason(here.with("keyed", good)).starts_with("the client assertion's"));   // whose word counts is each client's own affair
        BOOST_TEST(P::error(here.with("workload", here.claims("workload"), another_key(), es256)) == "401 invalid_client");
        BOOST_TEST(P::error(here.post({{"grant_type", "client_credentials"}, {"client_id", "workload"}, {"scope", "read"}})) == "401 invalid_client");
    }
}

BOOST_AUTO_TEST_SUITE_END()
