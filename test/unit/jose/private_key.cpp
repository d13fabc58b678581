#include <oauth/jose/jws.hpp>
#include <oauth/jose/private_key.hpp>
#include <oauth/jose/sign_jws.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include "../../support/certificate.hpp"
#include "../../support/jose.hpp"
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <unistd.h>

namespace {

using oauth::private_key;
using oauth::secret;
using test_support::code_of;
using test_support::example;
using enum oauth::jws_algorithm;

EVP_PKEY* openssl_key(private_key const& key) { return oauth::detail::private_key_access::key(key); }

template <class Write>
std::string written(Write const& write)
{
    std::unique_ptr<BIO, test_support::free_openssl> const out(BIO_new(BIO_s_mem()));
    BOOST_TEST_REQUIRE(write(out.get()) == 1);
    char* data = nullptr;
    auto const size = BIO_ctrl(out.get(), BIO_CTRL_INFO, 0, &data);
    return std::string(data, static_cast<std::size_t>(size));
}

std::string pem(EVP_PKEY* key, std::string_view passphrase = "")
{
    return written([&](BIO* out) {
        return PEM_write_bio_PKCS8PrivateKey(out, key, passphrase.empty() ? nullptr : EVP_aes_256_cbc(), passphrase.data(), static_cast<int>(passphrase.size()), nullptr, nullptr);
    });
}

/// OpenSSL's older form, such as BEGIN RSA PRIVATE KEY.
std::string older_pem(EVP_PKEY* key, std::string_view passphrase = "")
{
    return written([&](BIO* out) {
        return PEM_write_bio_PrivateKey_traditional(out, key, passphrase.empty() ? nullptr : EVP_aes_256_cbc(), reinterpret_cast<unsigned char const*>(passphrase.data()),
                                                    static_cast<int>(passphrase.size()), nullptr, nullptr);
    });
}

std::string pkcs12(EVP_PKEY* key, X509* certificate, STACK_OF(X509) * others, char const* passphrase)
{
    std::unique_ptr<PKCS12, decltype([](PKCS12* p) { PKCS12_free(p); })> const made(PKCS12_create(passphrase, "name", key, certificate, others, 0, 0, 0, 0, 0));
    BOOST_TEST_REQUIRE(made.get() != nullptr);
    return written([&](BIO* out) { return i2d_PKCS12_bio(out, made.get()); });
}

oauth::jws_algorithm algorithm_of(private_key const& key)
{
    for (auto const each : {rs256, es256, es384, es512, eddsa, hs256})
        if (key.permits(each)) return each;
    throw std::runtime_error("permits nothing");
}

bool signs(private_key const& key)
{
    auto const algorithm = algorithm_of(key);
    auto const made = oauth::sign_jws({}, "text", key, algorithm);
    return made.has_value() && verify(oauth::parse_jws(made->reveal()).value(), key.public_key(), {algorithm}).has_value();
}

std::string jwk_with(std::string_view source, char const* name, boost::json::value const& value)
{
    auto members = boost::json::parse(example(source).key).as_object();
    members[name] = value;
    return boost::json::serialize(members);
}

std::string jwk_without(std::string_view source, std::initializer_list<char const*> names)
{
    auto members = boost::json::parse(example(source).key).as_object();
    for (auto const* name : names) members.erase(name);
    return boost::json::serialize(members);
}

oauth::result<private_key> from_jwk(std::string const& text) { return private_key::from_jwk(secret(text)); }

template <class T>
concept printable = requires(std::ostream& out, T const& value) { out << value; };
static_assert(!printable<private_key>);

} // namespace

BOOST_AUTO_TEST_SUITE(jose_private_key)

BOOST_AUTO_TEST_CASE(json_web_keys)
{
    for (auto const& each : test_support::signed_examples())
        BOOST_TEST_CONTEXT(each.source)
        {
            auto const key = each.private_key();
            BOOST_TEST(signs(key));
            auto const members = boost::json::parse(each.key).as_object();
            BOOST_TEST(key.key_id() == (members.contains("kid") ? std::string_view(members.at("kid").as_string()) : std::string_view()));
            for (auto const& member : key.public_key().json()) BOOST_TEST((member.key() == "use" || members.at(member.key()) == member.value()));
            for (char const* name : {"d", "p", "q", "dp", "dq", "qi", "k"}) BOOST_TEST(!key.public_key().json().contains(name));
        }
    auto const pair = test_support::json_fixture("jose/rfc7517_private.json");
    auto const encrypts = from_jwk(boost::json::serialize(pair.at("keys").at(0))).value();
    BOOST_TEST(code_of(encrypts.check_permits(es256)) == oauth::errc::key_not_fit);   // its use is enc
    BOOST_TEST(encrypts.check_permits(es256).error().next == oauth::advice::fix_configuration);
    BOOST_TEST(from_jwk(boost::json::serialize(pair.at("keys").at(1))).value().public_key().thumbprint() == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

BOOST_AUTO_TEST_CASE(what_a_json_web_key_is_for)
{
    auto const with_operations = [](boost::json::value const& operations) { return from_jwk(jwk_with("RFC 7515 A.3", "key_ops", operations)).value(); };
    BOOST_TEST(signs(with_operations({"sign"})));
    BOOST_TEST(with_operations({"sign"}).public_key().permits(es256));
    BOOST_TEST(with_operations({"sign", "verify"}).permits(es256));
    BOOST_TEST(!with_operations({"verify"}).permits(es256));
    BOOST_TEST(code_of(oauth::sign_jws({}, "", with_operations({"verify"}), es256)) == oauth::errc::key_not_fit);
    auto const only = from_jwk(jwk_with("RFC 7515 A.2", "alg", "PS256")).value();
    BOOST_TEST(only.permits(ps256));
    BOOST_TEST(!only.permits(rs256));
}

BOOST_AUTO_TEST_CASE(an_rsa_key_without_what_makes_it_quick)
{
    BOOST_TEST(signs(from_jwk(jwk_without("RFC 7515 A.2", {"p", "q", "dp", "dq", "qi"})).value()));
}

BOOST_AUTO_TEST_CASE(hostile_json_web_keys)
{
    using enum oauth::errc;
    auto const& rsa = "RFC 7515 A.2";
    auto const& ec = "RFC 7515 A.3";
    auto const& ed = "RFC 8037 A.4";
    auto const other_d = boost::json::parse(example("RFC 7520 4.1").key).at("d");
    std::string const zeros = oauth::base64url_encode(std::string(32, '\0'));
    struct
    {
        char const* what;
        std::string text;
        oauth::errc why;
    } const table[] = {
        {"nothing", "", malformed_key},
        {"a list", "[]", malformed_key},
        {"a member twice", R"({"kty":"oct","k":"AQAB","k":"AQAB"})", malformed_key},
        {"no kind", "{}", malformed_key},
        {"an unknown kind", R"({"kty":"AKP"})", unsupported_key},
        {"a public key", jwk_without(rsa, {"d", "p", "q", "dp", "dq", "qi"}), malformed_key},
        {"a public EC key", jwk_without(ec, {"d"}), malformed_key},
        {"a public Ed25519 key", jwk_without(ed, {"d"}), malformed_key},
        {"kid a number", jwk_with(rsa, "kid", 1), malformed_key},
        {"alg a number", jwk_with(rsa, "alg", 1), malformed_key},
        {"key_ops a text", jwk_with(rsa, "key_ops", "sign"), malformed_key},
        {"RSA without dq", jwk_without(rsa, {"dq"}), malformed_key},
        {"RSA with p alone", jwk_without(rsa, {"q", "dp", "dq", "qi"}), malformed_key},
        {"RSA of three primes", jwk_with(rsa, "oth", boost::json::array()), unsupported_key},
        {"RSA with another's d, without p", [&] {
             auto members = boost::json::parse(jwk_without(rsa, {"p", "q", "dp", "dq", "qi"})).as_object();
             members["d"] = other_d;
             return boost::json::serialize(members);
         }(), malformed_key},
        {"RSA with d a number", jwk_with(rsa, "d", 3), malformed_key},
        {"RSA with d no base64url", jwk_with(rsa, "d", "+/=="), malformed_key},
        {"RSA of few bits", R"({"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"})", weak_key},
        {"EC with d of another length", jwk_with(ec, "d", "AQAB"), malformed_key},
        {"EC with d 0", jwk_with(ec, "d", boost::json::string(zeros)), malformed_key},
        {"EC with another d", jwk_with(ec, "d", boost::json::string(oauth::base64url_encode(std::string(31, '\0') + '\1'))), malformed_key},
        {"EC with d over the order", jwk_with(ec, "d", boost::json::string(oauth::base64url_encode(std::string(32, '\xff')))), malformed_key},
        {"EC on another curve", jwk_with(ec, "crv", "P-384"), malformed_key},
        {"Ed25519 with another d", jwk_with(ed, "d", boost::json::string(zeros)), malformed_key},
        {"Ed25519 with d too long", jwk_with(ed, "d", boost::json::string(oauth::base64url_encode(std::string(64, '\1')))), malformed_key},
        {"a secret without k", R"({"kty":"oct"})", malformed_key},
        {"a secret of nothing", R"({"kty":"oct","k":""})", malformed_key},
        {"a secret that is no text", R"({"kty":"oct","k":1})", malformed_key},
    };
    for (auto const& [what, text, why] : table)
    {
        auto const read = from_jwk(text);
        BOOST_TEST_CONTEXT(what)
        {
            BOOST_TEST(code_of(read) == why);
            if (read.has_error()) BOOST_TEST(read.error().next == oauth::advice::fix_configuration);
        }
    }
}

BOOST_AUTO_TEST_CASE(pem_of_every_kind)
{
    for (auto const& each : test_support::signed_examples())
    {
        auto const key = each.private_key();
        if (openssl_key(key) == nullptr) continue;
        BOOST_TEST_CONTEXT(each.source)
        {
            auto const plain = pem(openssl_key(key));
            for (auto const& text : {plain, "Bag Attributes\n  friendlyName: a\n" + plain, "\xef\xbb\xbf\n" + plain, plain + "\ntext behind"})
            {
                auto const read = private_key::from_pem(text);
                BOOST_TEST_REQUIRE(read.has_value());
                BOOST_TEST(read->public_key().thumbprint() == key.public_key().thumbprint());
                BOOST_TEST(read->key_id().empty());
                BOOST_TEST(read->certificate_sha1().empty());
                BOOST_TEST(read->certificate_sha256().empty());
                BOOST_TEST(read->certificate_chain().empty());
                BOOST_TEST(signs(*read));
            }
            auto const closed = pem(openssl_key(key), "open sesame");
            BOOST_TEST(private_key::from_pem(closed, secret("open sesame")).value().public_key().thumbprint() == key.public_key().thumbprint());
            BOOST_TEST(code_of(private_key::from_pem(closed, secret("open"))) == oauth::errc::wrong_passphrase);
            BOOST_TEST(code_of(private_key::from_pem(closed, secret(std::string(5000, 'x')))) == oauth::errc::wrong_passphrase);
            BOOST_TEST(private_key::from_pem(closed, secret("open")).error().hint == "the passphrase does not open the private key");
            BOOST_TEST(code_of(private_key::from_pem(closed)) == oauth::errc::wrong_passphrase);
            BOOST_TEST(private_key::from_pem(closed).error().hint == "the private key is encrypted: give its passphrase");
            BOOST_TEST(private_key::from_pem(plain, secret("not needed")).has_value());
            if (each.algorithm == eddsa) continue;   // has no older form
            BOOST_TEST(private_key::from_pem(older_pem(openssl_key(key))).value().public_key().thumbprint() == key.public_key().thumbprint());
            BOOST_TEST(private_key::from_pem(older_pem(openssl_key(key), "pass"), secret("pass")).has_value());
            BOOST_TEST(code_of(private_key::from_pem(older_pem(openssl_key(key), "pass"))) == oauth::errc::wrong_passphrase);
        }
    }
}

// OpenSSL 3.0 reads the second of these otherwise where an error is left over.
BOOST_AUTO_TEST_CASE(pem_while_somebody_elses_error_is_left)
{
    auto const who = test_support::make_identity();
    for (auto const& text : {who.key_pem() + who.certificate_pem(), who.certificate_pem() + who.key_pem()})
    {
        ERR_raise(ERR_LIB_USER, 7);
        BOOST_TEST(private_key::from_pem(text).has_value());
        BOOST_TEST(ERR_peek_error() == 0u);
    }
}

// As `openssl ecparam -genkey` writes it.
BOOST_AUTO_TEST_CASE(pem_behind_its_parameters)
{
    auto const key = example("RFC 7515 A.3").private_key();
    auto const text = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + older_pem(openssl_key(key));
    BOOST_TEST(private_key::from_pem(text).value().public_key().thumbprint() == key.public_key().thumbprint());
}

BOOST_AUTO_TEST_CASE(what_is_no_pem)
{
    auto const key = example("RFC 7515 A.3").private_key();
    auto const good = pem(openssl_key(key));
    auto broken = good;
    broken[60] = '!';
    auto const public_half = written([&](BIO* out) { return PEM_write_bio_PUBKEY(out, openssl_key(key)); });
    for (std::string const& text : {std::string(), std::string("text"), good.substr(0, good.size() / 2), broken, public_half, test_support::make_identity().certificate_pem()})
    {
        auto const read = private_key::from_pem(text);
        BOOST_TEST(code_of(read) == oauth::errc::malformed_key);
        BOOST_TEST(read.error().next == oauth::advice::fix_configuration);
    }
    BOOST_TEST(code_of(private_key::from_pem(std::string(300'000, '\n') + good)) == oauth::errc::malformed_key);
    BOOST_TEST(private_key::from_pem(std::string(200'000, '\n') + good).has_value());
}

BOOST_AUTO_TEST_CASE(keys_that_are_of_no_use)
{
    auto const made = [](auto... what) { return test_support::key_handle(EVP_PKEY_Q_keygen(nullptr, nullptr, what...)); };
    BOOST_TEST(code_of(private_key::from_pem(pem(made("RSA", std::size_t{1024}).get()))) == oauth::errc::weak_key);
    BOOST_TEST(code_of(private_key::from_pem(pem(made("EC", "secp256k1").get()))) == oauth::errc::unsupported_key);
    BOOST_TEST(code_of(private_key::from_pem(pem(made("EC", "P-224").get()))) == oauth::errc::unsupported_key);
    BOOST_TEST(code_of(private_key::from_pem(pem(made("X25519").get()))) == oauth::errc::unsupported_key);
    BOOST_TEST(code_of(private_key::from_pem(pem(made("ED448").get()))) == oauth::errc::unsupported_key);
    std::unique_ptr<EVP_PKEY_CTX, decltype([](EVP_PKEY_CTX* p) { EVP_PKEY_CTX_free(p); })> const context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA-PSS", nullptr));
    EVP_PKEY* restricted = nullptr;
    BOOST_TEST_REQUIRE(EVP_PKEY_keygen_init(context.get()) == 1);
    BOOST_TEST_REQUIRE(EVP_PKEY_generate(context.get(), &restricted) == 1);
    BOOST_TEST(code_of(private_key::from_pem(pem(test_support::key_handle(restricted).get()))) == oauth::errc::unsupported_key);
    // A curve that is written out, though it is a known one, is as good as that.
    auto const written_out = made("EC", "P-256");
    EVP_PKEY_set_utf8_string_param(written_out.get(), "encoding", "explicit");
    BOOST_TEST(private_key::from_pem(older_pem(written_out.get())).has_value());
}

BOOST_AUTO_TEST_CASE(a_file)
{
    auto const path = std::filesystem::temp_directory_path() / ("oauth_private_key_test_" + std::to_string(::getpid()) + ".pem");
    auto const key = example("RFC 7515 A.3").private_key();
    std::ofstream(path) << pem(openssl_key(key), "open sesame");
    BOOST_TEST(private_key::from_pem_file(path, secret("open sesame")).value().public_key().thumbprint() == key.public_key().thumbprint());
    BOOST_TEST(code_of(private_key::from_pem_file(path)) == oauth::errc::wrong_passphrase);
    std::ofstream(path) << "";
    BOOST_TEST(code_of(private_key::from_pem_file(path)) == oauth::errc::malformed_key);
    std::ofstream(path) << std::string(3 << 20, '\n');
    BOOST_TEST(code_of(private_key::from_pem_file(path)) == oauth::errc::malformed_key);
    std::filesystem::remove(path);
    auto const absent = private_key::from_pem_file(path);
    BOOST_TEST(code_of(absent) == oauth::errc::key_unreadable);
    BOOST_TEST(absent.error().hint == "can't open " + path.string());
    BOOST_TEST(absent.error().next == oauth::advice::fix_configuration);
    auto const folder = private_key::from_pem_file(std::filesystem::temp_directory_path());
    BOOST_TEST(code_of(folder) == oauth::errc::key_unreadable);
}

BOOST_AUTO_TEST_CASE(certificates)
{
    auto const root = test_support::make_identity({.common_name = "root", .is_authority = true});
    auto const middle = test_support::make_identity({.common_name = "middle", .is_authority = true}, &root);
    auto const leaf = test_support::make_identity({.common_name = "leaf"}, &middle);
    auto const foreign = test_support::make_identity({.common_name = "foreign"});
    auto const chain = leaf.certificate_pem() + middle.certificate_pem() + root.certificate_pem();

    unsigned char digest[20], longer[32];
    BOOST_TEST(X509_digest(leaf.certificate.get(), EVP_sha1(), digest, nullptr) == 1);
    BOOST_TEST(X509_digest(leaf.certificate.get(), EVP_sha256(), longer, nullptr) == 1);
    auto const sha1 = oauth::base64url_encode(std::as_bytes(std::span(digest)));
    auto const sha256 = oauth::base64url_encode(std::as_bytes(std::span(longer)));

    auto const bare = private_key::from_pem(leaf.key_pem()).value();
    for (auto const& key : {bare.with_certificate(chain).value(), bare.with_certificate(foreign.certificate_pem() + root.certificate_pem() + middle.certificate_pem() + leaf.certificate_pem()).value(),
                            private_key::from_pem(leaf.key_pem() + chain).value(), private_key::from_pem(chain + leaf.key_pem()).value()})
    {
        BOOST_TEST(key.certificate_sha1() == sha1);
        BOOST_TEST(key.certificate_sha256() == sha256);
        BOOST_TEST_REQUIRE(key.certificate_chain().size() == 3u);
        // Base64 of the DER is what stands in the PEM, less its lines.
        auto const as_pem = [](std::string text) {
            text.erase(0, text.find('\n'));
            text.erase(text.find("-----END"));
            std::erase(text, '\n');
            return text;
        };
        BOOST_TEST(key.certificate_chain()[0] == as_pem(leaf.certificate_pem()));
        BOOST_TEST(key.certificate_chain()[1] == as_pem(middle.certificate_pem()));
        BOOST_TEST(key.certificate_chain()[2] == as_pem(root.certificate_pem()));
        BOOST_TEST(signs(key));
        auto const named = key.with_key_id("k");
        BOOST_TEST(named.key_id() == "k");
        BOOST_TEST(named.certificate_sha1() == sha1);
    }
    BOOST_TEST(bare.certificate_sha1().empty());
    BOOST_TEST(bare.with_certificate(leaf.certificate_pem()).value().certificate_chain().size() == 1u);

    struct
    {
        std::string text;
        oauth::errc why;
    } const table[] = {
        {foreign.certificate_pem(), oauth::errc::certificate_mismatch},
        {middle.certificate_pem() + root.certificate_pem(), oauth::errc::certificate_mismatch},
        {"", oauth::errc::malformed_certificate},
        {leaf.key_pem(), oauth::errc::malformed_certificate},
        {chain.substr(0, chain.size() - 60), oauth::errc::malformed_certificate},
        {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", oauth::errc::malformed_certificate},
        {"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n", oauth::errc::malformed_certificate},
        {std::string(300'000, '\n'), oauth::errc::malformed_certificate},
    };
    for (auto const& [text, why] : table)
    {
        auto const made = bare.with_certificate(text);
        BOOST_TEST(code_of(made) == why);
        BOOST_TEST(made.error().next == oauth::advice::fix_configuration);
    }
    std::string many;
    for (int i = 0; i < 17; ++i) many += leaf.certificate_pem();
    BOOST_TEST(code_of(bare.with_certificate(many)) == oauth::errc::malformed_certificate);
    BOOST_TEST(code_of(private_key::from_pem(leaf.key_pem() + foreign.certificate_pem())) == oauth::errc::certificate_mismatch);
    BOOST_TEST(code_of(private_key::symmetric(secret("s")).value().with_certificate(chain)) == oauth::errc::certificate_mismatch);
}

BOOST_AUTO_TEST_CASE(pkcs12_containers)
{
    auto const root = test_support::make_identity({.common_name = "root", .is_authority = true});
    auto const leaf = test_support::make_identity({.common_name = "leaf"}, &root);
    auto* const others = sk_X509_new_null();
    sk_X509_push(others, root.certificate.get());
    auto const der = pkcs12(leaf.key.get(), leaf.certificate.get(), others, "open sesame");
    sk_X509_free(others);
    auto const key = private_key::from_pkcs12(der, secret("open sesame")).value();
    BOOST_TEST(key.certificate_sha256() == private_key::from_pem(leaf.key_pem() + leaf.certificate_pem()).value().certificate_sha256());
    BOOST_TEST(key.certificate_chain().size() == 2u);
    BOOST_TEST(signs(key));

    BOOST_TEST(private_key::from_pkcs12(pkcs12(leaf.key.get(), leaf.certificate.get(), nullptr, ""), secret()).has_value());
    BOOST_TEST(private_key::from_pkcs12(pkcs12(leaf.key.get(), leaf.certificate.get(), nullptr, nullptr), secret()).has_value());
    BOOST_TEST(private_key::from_pkcs12(pkcs12(leaf.key.get(), nullptr, nullptr, "p"), secret("p")).value().certificate_chain().empty());

    BOOST_TEST(code_of(private_key::from_pkcs12(der, secret("open"))) == oauth::errc::wrong_passphrase);
    BOOST_TEST(code_of(private_key::from_pkcs12(der, secret())) == oauth::errc::wrong_passphrase);
    BOOST_TEST(code_of(private_key::from_pkcs12(pkcs12(nullptr, leaf.certificate.get(), nullptr, "p"), secret("p"))) == oauth::errc::malformed_key);
    for (auto const& text : {std::string(), std::string("text"), der.substr(0, der.size() - 10), leaf.key_pem(), std::string(300'000, '0')})
        BOOST_TEST(code_of(private_key::from_pkcs12(text, secret("open sesame"))) == oauth::errc::malformed_key);
}

// As older tools write them: encrypted by RC2.
BOOST_AUTO_TEST_CASE(a_pkcs12_container_of_old)
{
    constexpr std::string_view base64 =
        "MIIDcgIBAzCCAzgGCSqGSIb3DQEHAaCCAykEggMlMIIDITCCAhcGCSqGSIb3DQEHBqCCAggwggIEAgEAMIIB/QYJKoZIhvcNAQcBMBwGCiqGSIb3DQEMAQYwDgQIeBOhkeOZThACAggAgIIB0IKNVc"
        "N3/33tJ9jwnhXAYDKgDVV3lTtJ7EQOojLswAWHRA7iLdYXvWb6ds+YUBt5lA8NX5rx/uRz3Bx1N7iwggEYSfTHSgYF+dQc4sfM/6AYgTct7kZeGkT7biD3zSVl0ur9BvQwIghanD2yjNiFHr9Koydf"
        "Miapd4NbQXAD4/Lv7Ut0t8TL9ftvjzLyOVUXfkLMD1ODaqPGZfAtARJxBWTRpq7PsfxcOztx+e4azbeUKM07bdnuRDKU2t7bLaO5BwYafC9bTZR8jBsxvcmvEN3juk1vO+AkISdVMl7Ynth5B+M8YH"
        "8CEJINpiyA5ZMeexBE4giYXnNDnVvYIFVO67rlIwIB/gLnXxoDQ06r/GG3p7C0skn1zMqCKoFqawwpmspzwEX6f4/xi8EI44ZA9EO2aLd6ID0Nem1njZOMOud9ftPByPE2HkgBNJc/7wmh3URbyAP2"
        "UIcj0v4f4GveyUX5Xs03w/D/dCILwGesXxsF/bFrDY59kQhdX0Kdk++bsL2YgzQHY6NDOMOv5sA3jKyHcdUmb32cy4AerJwtboElcNnUZ+Bs19++l5OkdSyZirza9E6+72YuSOk1Z/SgETQD9Ds+MR"
        "1xOmQj9AwJqjUhMIIBAgYJKoZIhvcNAQcBoIH0BIHxMIHuMIHrBgsqhkiG9w0BDAoBAqCBtDCBsTAcBgoqhkiG9w0BDAEGMA4ECMY0JS3tRi9lAgIIAASBkAv4p1xGLv1tbj5eDstZo8W0dcmDpwXl"
        "r+J69MCyzpZzbzEv/jvGBnIppane16Fo3ejT+L7txAv35ckcCtKWazwzgFKvI0JHZDyo9mMGWfaKGgmM1oucqN/WOWDJr6TQX5igF+VXwJb1kdU9wLrpaQKRheH0m10MgZhJOAVFr6qh+Yx77fhCCU"
        "oQzRT1pEKDUTElMCMGCSqGSIb3DQEJFTEWBBTIP1BOajpdDrsWKkXnIsTCd4uFbTAxMCEwCQYFKw4DAhoFAAQUy/DLeZg5ryX6xiXMcRyvhazBPX0ECByuNTZsa69QAgIIAA==";
    std::string der(base64.size(), '\0');
    auto const size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(der.data()), reinterpret_cast<unsigned char const*>(base64.data()), static_cast<int>(base64.size()));
    der.resize(static_cast<std::size_t>(size) - 2);
    auto const read = private_key::from_pkcs12(der, secret("old"));
    if (read.has_value()) return;   // somebody has switched OpenSSL's legacy provider on
    BOOST_TEST(code_of(read) == oauth::errc::malformed_key);
    BOOST_TEST(read.error().hint.find("export it again") != std::string::npos);
    BOOST_TEST(code_of(private_key::from_pkcs12(der, secret("new"))) == oauth::errc::wrong_passphrase);
}

BOOST_AUTO_TEST_CASE(new_keys)
{
    for (auto const algorithm : {rs256, ps512, es256, es384, es512, eddsa, hs256, hs384, hs512})
    {
        auto const key = private_key::generate(algorithm).value();
        BOOST_TEST(key.permits(algorithm));
        BOOST_TEST(key.public_key().permits(algorithm));
        BOOST_TEST(key.key_id().empty());
        BOOST_TEST(signs(key));
    }
    BOOST_TEST(private_key::generate(es256).value().public_key().thumbprint() != private_key::generate(es256).value().public_key().thumbprint());
    BOOST_TEST(code_of(private_key::generate(rs256, 2047)) == oauth::errc::weak_key);
    BOOST_TEST(code_of(private_key::generate(rs256, 0)) == oauth::errc::weak_key);
    BOOST_TEST(code_of(private_key::generate(rs256, 16385)) == oauth::errc::unsupported_key);
}

BOOST_AUTO_TEST_CASE(shared_secrets)
{
    auto const key = private_key::symmetric(secret(std::string(40, 's')), "k").value();
    BOOST_TEST(key.key_id() == "k");
    BOOST_TEST(key.permits(hs256));
    BOOST_TEST(!key.permits(hs512));
    BOOST_TEST(signs(key));
    BOOST_TEST(code_of(private_key::symmetric(secret())) == oauth::errc::malformed_key);
    BOOST_TEST(private_key::symmetric(secret()).error().next == oauth::advice::fix_configuration);
}

BOOST_AUTO_TEST_CASE(leaves_the_error_queue_alone)
{
    ERR_clear_error();
    auto const leaf = test_support::make_identity();
    ERR_clear_error();
    for (int i = 0; i < 2; ++i)
    {
        (void)private_key::from_pem("text");
        (void)private_key::from_pem(pem(leaf.key.get(), "pass"));
        (void)private_key::from_pem(leaf.key_pem() + leaf.certificate_pem());
        (void)private_key::from_pkcs12("text", secret("x"));
        (void)private_key::from_pkcs12(pkcs12(leaf.key.get(), leaf.certificate.get(), nullptr, "p"), secret("x"));
        (void)from_jwk(jwk_with("RFC 7515 A.3", "d", boost::json::string(oauth::base64url_encode(std::string(32, '\xff')))));
        BOOST_TEST(ERR_peek_error() == 0u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
