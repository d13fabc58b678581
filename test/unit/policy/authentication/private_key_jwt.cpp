#include <oauth/policy/authentication/private_key_jwt.hpp>
#include <boost/test/unit_test.hpp>
#include <oauth/core/form_parameters.hpp>
#include <oauth/jose/jwt.hpp>
#include <oauth/testing/fixed_entropy.hpp>
#include "../../../support/certificate.hpp"
#include "../../../support/jose.hpp"
#include <openssl/pkcs12.h>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using namespace std::chrono_literals;
using oauth::assertion_audience;
using oauth::errc;
using oauth::private_key;
using oauth::private_key_jwt_options;
using oauth::secret;
using test_support::code_of;
using enum oauth::jws_algorithm;

constexpr oauth::time_point now{oauth::seconds{1'767'323'045}};
oauth::client const who{.id = "s6BhdRkqt3"};

oauth::server_metadata server()
{
    oauth::server_metadata made;
    made.issuer = "https://login.example/tenant/v2.0";
    made.token_endpoint = "https://login.example/tenant/oauth2/v2.0/token";
    made.revocation_endpoint = "https://login.example/revoke";
    return made;
}

/// The key that Microsoft's examples have: RSA of 2048 bits, with a certificate of its own.
struct rsa_identity
{
    private_key key = private_key::generate(rs256).value();
    std::string key_pem, certificate_pem;

    rsa_identity()
    {
        test_support::identity made{test_support::key_handle(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048})), test_support::certificate_handle(X509_new())};
        X509* const x = made.certificate.get();
        X509_set_version(x, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x), 7);
        X509_gmtime_adj(X509_getm_notBefore(x), -60);
        X509_gmtime_adj(X509_getm_notAfter(x), 3600);
        X509_set_pubkey(x, made.key.get());
        X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8, reinterpret_cast<unsigned char const*>("daemon"), -1, -1, 0);
        X509_set_issuer_name(x, X509_get_subject_name(x));
        BOOST_TEST_REQUIRE(X509_sign(x, made.key.get(), EVP_sha256()) > 0);
        key_pem = made.key_pem();
        certificate_pem = made.certificate_pem();
        key = private_key::from_pem(key_pem).value().with_certificate(certificate_pem).value();
        handle = std::move(made);
    }

    test_support::identity handle;
};

rsa_identity const& daemon()
{
    static rsa_identity const made;
    return made;
}

private_key const& ec_key()
{
    static private_key const key = private_key::generate(es256).value().with_key_id("ec key");
    return key;
}

struct sent
{
    oauth::result<void> done;
    std::string id, type, assertion, body;
    bool has_authorization = false;
};

template <class Authentication>
sent authenticate(Authentication&& by, oauth::endpoint const& asked = server().token_endpoint, oauth::server_metadata const& to = server())
{
    oauth::http_request request{.url = asked};
    oauth::form body;
    sent out{by.authenticate(request, body, who, to, now), {}, {}, {}, std::string(body.str())};
    auto const parameters = oauth::parse_form(out.body).value();
    for (auto const& [name, value] : parameters)
    {
        BOOST_TEST((name == "client_id" || name == "client_assertion_type" || name == "client_assertion"));
        (name == "client_id" ? out.id : name == "client_assertion" ? out.assertion : out.type) = value;
    }
    out.has_authorization = !request.authorization.empty() || !request.fields.empty();
    return out;
}

sent by(private_key const& key, private_key_jwt_options options = {}) { return authenticate(oauth::private_key_jwt{key, std::move(options)}); }

/// Its header and claims, when the key has signed it.
oauth::jwt checked(sent const& what, private_key const& key, oauth::jws_algorithm algorithm)
{
    BOOST_TEST_REQUIRE(what.done.has_value());
    BOOST_TEST(what.id == who.id);
    BOOST_TEST(what.type == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    BOOST_TEST(!what.has_authorization);
    auto verified = oauth::verify_jwt(what.assertion, key.public_key(), {algorithm});
    BOOST_TEST_REQUIRE(verified.has_value());
    return std::move(*verified);
}

std::string text(boost::json::object const& from, char const* name)
{
    auto const* const found = from.if_contains(name);
    return found && found->is_string() ? std::string(found->get_string().c_str()) : std::string();
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy_authentication_private_key_jwt)

BOOST_AUTO_TEST_CASE(the_claims_are_those_of_rfc_7523)
{
    auto const token = checked(by(ec_key(), {.algorithm = es256}), ec_key(), es256);
    auto const at = now.time_since_epoch().count();
    BOOST_TEST(text(token.claims, "iss") == who.id);
    BOOST_TEST(text(token.claims, "sub") == who.id);
    BOOST_TEST(text(token.claims, "aud") == server().token_endpoint.url());
    BOOST_TEST(text(token.claims, "jti").size() == 22U);   // of 16 bytes
    BOOST_TEST(token.claims.at("iat").as_int64() == at);
    BOOST_TEST(token.claims.at("nbf").as_int64() == at);
    BOOST_TEST(token.claims.at("exp").as_int64() == at + 300);
    BOOST_TEST(token.claims.size() == 7U);
    BOOST_TEST(token.header.key_id == "ec key");
    BOOST_TEST(text(token.header.members, "typ") == "JWT");
    for (char const* name : {"x5t", "x5t#S256", "x5c"}) BOOST_TEST(!token.header.members.contains(name));
}

// Microsoft identity platform, certificate credentials: PS256 and x5t#S256; older servers take RS256 and x5t.
BOOST_AUTO_TEST_CASE(a_certificate_as_microsoft_wants_it)
{
    auto const& key = daemon().key;
    struct row
    {
        private_key_jwt_options options;
        oauth::jws_algorithm algorithm;
        bool sha1, chain;
    };
    for (auto const& [options, algorithm, sha1, chain] : {row{{}, ps256, false, false},
                                                          row{{.algorithm = rs256, .legacy_thumbprint = true}, rs256, true, false},
                                                          row{{.sends_certificate = true}, ps256, false, true},
                                                          row{{.algorithm = rs256, .sends_certificate = true, .legacy_thumbprint = true}, rs256, true, true}})
    {
        auto const token = checked(by(key, options), key, algorithm);
        auto const& header = token.header.members;
        BOOST_TEST(text(header, "alg") == (algorithm == ps256 ? "PS256" : "RS256"));
        BOOST_TEST(text(header, "x5t") == (sha1 ? key.certificate_sha1() : ""));
        BOOST_TEST(text(header, "x5t#S256") == (sha1 ? "" : key.certificate_sha256()));
        BOOST_TEST(header.contains("x5c") == chain);
        if (chain)
        {
            // Base64 of the DER is what stands in the PEM, less its lines.
            auto pem = daemon().certificate_pem;
            pem.erase(0, pem.find('\n'));
            pem.erase(pem.find("-----END"));
            std::erase(pem, '\n');
            BOOST_TEST_REQUIRE(header.at("x5c").as_array().size() == 1U);
            BOOST_TEST(header.at("x5c").as_array()[0].as_string() == pem);
        }
        BOOST_TEST(!header.contains("kid"));
    }
    // By both, where it has both.
    auto const named = key.with_key_id("named");
    auto const token = checked(by(named), named, ps256);
    BOOST_TEST(token.header.key_id == "named");
    BOOST_TEST(text(token.header.members, "x5t#S256") == key.certificate_sha256());
}

BOOST_AUTO_TEST_CASE(a_key_from_memory_from_a_file_and_from_pkcs12)
{
    auto const& made = daemon();
    auto const path = std::filesystem::temp_directory_path() / ("oauth_private_key_jwt_test_" + std::to_string(::getpid()) + ".pem");
    std::ofstream(path) << made.key_pem << made.certificate_pem;
    auto const from_file = private_key::from_pem_file(path);
    std::filesystem::remove(path);
    std::unique_ptr<PKCS12, decltype([](PKCS12* p) { PKCS12_free(p); })> const container(
        PKCS12_create("open sesame", "daemon", made.handle.key.get(), made.handle.certificate.get(), nullptr, 0, 0, 0, 0, 0));
    BOOST_TEST_REQUIRE(container.get() != nullptr);
    std::string der(static_cast<std::size_t>(i2d_PKCS12(container.get(), nullptr)), '\0');
    auto* end = reinterpret_cast<unsigned char*>(der.data());
    i2d_PKCS12(container.get(), &end);
    for (auto const& key : {from_file, private_key::from_pkcs12(der, secret("open sesame")), private_key::from_pem(made.certificate_pem + made.key_pem)})
    {
        BOOST_TEST_REQUIRE(key.has_value());
        auto const token = checked(by(*key), made.key, ps256);
        BOOST_TEST(text(token.header.members, "x5t#S256") == made.key.certificate_sha256());
    }
    BOOST_TEST(code_of(private_key::from_pkcs12(der, secret("open"))) == errc::wrong_passphrase);
    BOOST_TEST(code_of(private_key::from_pem_file(path)) == errc::key_unreadable);
}

BOOST_AUTO_TEST_CASE(every_algorithm_with_a_key_for_it)
{
    for (auto const algorithm : {rs384, ps512, es256, es384, es512, eddsa})
    {
        auto const key = algorithm == rs384 || algorithm == ps512 ? daemon().key : private_key::generate(algorithm).value();
        checked(by(key, {.algorithm = algorithm}), key, algorithm);
    }
}

BOOST_AUTO_TEST_CASE(to_whom_it_is_addressed)
{
    auto const revoke = server().revocation_endpoint;
    struct row
    {
        private_key_jwt_options options;
        std::string audience;
    };
    for (auto const& [options, audience] : {row{{.algorithm = es256}, server().token_endpoint.url()},
                                            row{{.algorithm = es256, .audience = assertion_audience::token_endpoint}, server().token_endpoint.url()},
                                            row{{.algorithm = es256, .audience = assertion_audience::issuer}, server().issuer},
                                            row{{.algorithm = es256, .audience = assertion_audience::endpoint}, revoke.url()},
                                            row{{.algorithm = es256, .audience = assertion_audience::endpoint, .fixed_audience = "https://as.example"}, "https://as.example"}})
    {
        auto const token = checked(authenticate(oauth::private_key_jwt{ec_key(), options}, revoke), ec_key(), es256);
        BOOST_TEST(token.claims.at("aud").as_string() == audience);
    }
    for (auto const audience : {assertion_audience::token_endpoint, assertion_audience::issuer, assertion_audience::endpoint})
    {
        auto const made = authenticate(oauth::private_key_jwt{ec_key(), {.algorithm = es256, .audience = audience}}, {}, {});
        BOOST_TEST(code_of(made.done) == errc::missing_endpoint);
        BOOST_TEST(made.done.error().next == oauth::advice::fix_configuration);
        BOOST_TEST(made.body == "");
    }
}

// What Microsoft calls the issuer of many tenants, or of one that is known by its domain alone, is no name of a server.
BOOST_AUTO_TEST_CASE(a_template_is_nobody)
{
    auto many = server();
    many.issuer = "https://login.example/{tenantid}/v2.0";
    auto const to_issuer = [&many](private_key_jwt_options options) { return authenticate(oauth::private_key_jwt{ec_key(), std::move(options)}, server().token_endpoint, many); };
    auto const made = to_issuer({.algorithm = es256, .audience = assertion_audience::issuer});
    BOOST_TEST_REQUIRE(made.done.has_error());
    BOOST_TEST(code_of(made.done) == errc::missing_endpoint);
    BOOST_TEST(made.done.error().next == oauth::advice::fix_configuration);
    BOOST_TEST(made.done.error().hint.find("GUID") != std::string::npos);
    BOOST_TEST(made.done.error().hint.find("assertion_audience::token_endpoint") != std::string::npos);   // where the tenant is `common`, nothing else helps
    BOOST_TEST(made.body == "");
    // Whoever else is meant can be named.
    BOOST_TEST(to_issuer({.algorithm = es256}).done.has_value());
    BOOST_TEST(to_issuer({.algorithm = es256, .audience = assertion_audience::issuer, .fixed_audience = "https://as.example"}).done.has_value());
    many.issuer = "https://login.example/11111111-aaaa-4bbb-8ccc-222222222222/v2.0";
    BOOST_TEST(to_issuer({.algorithm = es256, .audience = assertion_audience::issuer}).done.has_value());
}

BOOST_AUTO_TEST_CASE(how_long_it_lives)
{
    auto const at = now.time_since_epoch().count();
    for (auto const& [lifetime, life] : {std::pair(oauth::seconds{60}, std::int64_t{60}), {oauth::seconds{-1}, std::int64_t{0}}})
        BOOST_TEST(checked(by(ec_key(), {.algorithm = es256, .lifetime = lifetime}), ec_key(), es256).claims.at("exp").as_int64() == at + life);
    // Without end means long, and no overflow.
    BOOST_TEST(checked(by(ec_key(), {.algorithm = es256, .lifetime = oauth::seconds::max()}), ec_key(), es256).claims.at("exp").as_int64() > at + 365 * 24 * 3600);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_sends_nothing)
{
    auto const bare = private_key::from_pem(daemon().key_pem).value();
    struct row
    {
        private_key key;
        private_key_jwt_options options;
        errc why;
    };
    for (auto const& [key, options, why] : std::vector<row>{
             {ec_key(), {}, errc::key_not_fit},                                                                         // PS256 with a key of EC
             {bare, {.algorithm = es256}, errc::key_not_fit},
             {ec_key(), {.algorithm = es384}, errc::key_not_fit},
             {private_key::symmetric(secret(std::string(64, 's'))).value(), {}, errc::key_not_fit},
             {bare, {.sends_certificate = true}, errc::malformed_certificate},
             {bare, {.algorithm = rs256, .legacy_thumbprint = true}, errc::malformed_certificate},
         })
    {
        auto const made = by(key, options);
        BOOST_TEST(code_of(made.done) == why);
        BOOST_TEST(made.done.error().next == oauth::advice::fix_configuration);
        BOOST_TEST(!made.done.error().hint.empty());
        BOOST_TEST(made.body == "");
        BOOST_TEST(!made.has_authorization);
    }
}

BOOST_AUTO_TEST_CASE(no_random_bytes_no_assertion)
{
    oauth::testing::fixed_entropy source;
    oauth::basic_private_key_jwt<oauth::testing::fixed_entropy> method{ec_key(), {.algorithm = es256}, source};
    source.fail_next();
    auto const none = authenticate(method);
    BOOST_TEST(code_of(none.done) == errc::entropy_failed);
    BOOST_TEST(none.body == "");
    BOOST_TEST(authenticate(method).done.has_value());
}

BOOST_AUTO_TEST_CASE(each_request_has_one_of_its_own_also_of_copies_and_in_threads)
{
    oauth::basic_private_key_jwt<oauth::testing::fixed_entropy> method{ec_key(), {.algorithm = es256}};
    auto copy = method;
    std::vector<std::vector<std::string>> made(4);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < made.size(); ++i)
            threads.emplace_back([&, i] {
                auto& with = i % 2 ? method : copy;
                for (int n = 0; n < 10; ++n)
                {
                    oauth::http_request request{.url = server().token_endpoint};
                    oauth::form body;
                    if (with.authenticate(request, body, who, server(), now).has_value()) made[i].push_back(std::string(body.str()));
                }
            });
    }
    std::set<std::string> ids;
    for (auto const& some : made)
        for (auto const& body : some)
        {
            auto const parameters = oauth::parse_form(body).value();
            auto const token = oauth::decode_unverified_jwt(*oauth::find_parameter(parameters, "client_assertion")).value();
            ids.insert(text(token.claims, "jti"));
        }
    BOOST_TEST(ids.size() == 40U);
}

BOOST_AUTO_TEST_CASE(a_hostile_client_id_stays_a_text)
{
    oauth::client const hostile{.id = "a\",\"sub\":\"admin\\&client_id=b\n"};
    oauth::http_request request{.url = server().token_endpoint};
    oauth::form body;
    oauth::private_key_jwt method{ec_key(), {.algorithm = es256}};
    BOOST_TEST_REQUIRE(method.authenticate(request, body, hostile, server(), now).has_value());
    auto const parameters = oauth::parse_form(body.str()).value();
    BOOST_TEST(parameters.size() == 3U);
    BOOST_TEST((oauth::find_parameter(parameters, "client_id") == hostile.id));
    auto const token = oauth::decode_unverified_jwt(*oauth::find_parameter(parameters, "client_assertion")).value();
    BOOST_TEST(token.claims.at("sub").as_string() == hostile.id);
    BOOST_TEST(token.claims.size() == 7U);
}

BOOST_AUTO_TEST_SUITE_END()
