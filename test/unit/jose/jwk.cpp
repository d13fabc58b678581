#include <oauth/jose/jwk.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/err.h>
#include "../../support/jose.hpp"
#include <initializer_list>
#include <string>
#include <string_view>

namespace {

using oauth::jwk;
using test_support::code_of;
using enum oauth::jws_algorithm;

constexpr oauth::jws_algorithm all[] = {rs256, rs384, rs512, ps256, ps384, ps512, es256, es384, es512, eddsa, hs256, hs384, hs512};

boost::json::object rsa() { return test_support::json_fixture("jose/rfc7517_public.json").at("keys").at(1).as_object(); }

boost::json::object ec() { return {{"kty", "EC"}, {"crv", "P-256"}, {"x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}, {"y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}}; }

boost::json::object okp() { return {{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}; }

template <class Value>
boost::json::object with(boost::json::object key, char const* name, Value const& value)
{
    key[name] = boost::json::object{{name, value}}.at(name);
    return key;
}

boost::json::object with(boost::json::object key, char const* name, std::initializer_list<boost::json::value_ref> list)
{
    key[name] = boost::json::array(list);
    return key;
}

boost::json::object without(boost::json::object key, std::string_view name)
{
    key.erase(boost::json::string_view(name.data(), name.size()));
    return key;
}

/// base64url of a number of `size` bytes, the first and the last as given.
std::string number(std::size_t size, unsigned char first, unsigned char last)
{
    std::string bytes(size, '\x55');
    bytes.front() = static_cast<char>(first);
    bytes.back() = static_cast<char>(last);
    return oauth::base64url_encode(bytes);
}

} // namespace

BOOST_AUTO_TEST_SUITE(jose_jwk)

// RFC 7638 3.1, RFC 8037 A.3
BOOST_AUTO_TEST_CASE(thumbprints)
{
    BOOST_TEST(jwk::parse(rsa()).value().thumbprint() == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    BOOST_TEST(jwk::parse(okp()).value().thumbprint() == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    // {"crv":…,"kty":"EC","x":…,"y":…}, hashed by another program
    BOOST_TEST(jwk::parse(ec()).value().thumbprint() == "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
    BOOST_TEST(jwk::symmetric(oauth::secret("a secret")).value().thumbprint().empty());
}

BOOST_AUTO_TEST_CASE(what_it_says_of_itself)
{
    auto key = with(with(with(rsa(), "use", "sig"), "issuer", "https://login.microsoftonline.com/{tenantid}/v2.0"), "x5t", 7);
    auto const read = jwk::parse(key).value();
    BOOST_TEST(read.key_id() == "2011-04-29");
    BOOST_TEST((read.algorithm() == rs256));
    BOOST_TEST(read.issuer() == "https://login.microsoftonline.com/{tenantid}/v2.0");
    BOOST_TEST((read.json() == without(key, "x5t")));
    BOOST_TEST((read.required_members() == boost::json::object{{"e", "AQAB"}, {"kty", "RSA"}, {"n", key.at("n")}}));

    auto const bare = jwk::parse(ec()).value();
    BOOST_TEST(bare.key_id().empty());
    BOOST_TEST(bare.issuer().empty());
    BOOST_TEST(!bare.algorithm());
    BOOST_TEST((bare.required_members() == ec()));
    BOOST_TEST((bare.json() == with(ec(), "use", "sig")));
    BOOST_TEST((jwk::parse(okp()).value().required_members() == okp()));

    auto const named = bare.with_key_id("another");
    BOOST_TEST(named.key_id() == "another");
    BOOST_TEST(bare.key_id().empty());
    BOOST_TEST(named.thumbprint() == bare.thumbprint());
    BOOST_TEST(named.permits(es256));
}

BOOST_AUTO_TEST_CASE(a_shared_secret_shows_nothing)
{
    auto const key = jwk::symmetric(oauth::secret("correct horse battery staple, and then some"), "mine").value();
    BOOST_TEST(boost::json::serialize(key.json()) == R"({"kty":"oct","kid":"mine","use":"sig"})");
    BOOST_TEST(key.required_members().empty());
    BOOST_TEST(code_of(jwk::symmetric(oauth::secret())) == oauth::errc::malformed_key);
}

// The text of a key is read as its members are.
BOOST_AUTO_TEST_CASE(of_a_text)
{
    BOOST_TEST(jwk::parse(boost::json::serialize(ec())).value().thumbprint() == jwk::parse(ec()).value().thumbprint());
    auto const padded = boost::json::serialize(with(ec(), "x5c", boost::json::array{std::string(20'000, 'A')}));
    BOOST_TEST(jwk::parse(padded).has_value());
    struct
    {
        std::string text;
        std::string_view hint;
    } const table[] = {
        {"", "the key is not JSON"},
        {"[]", "the key is not a JSON object"},
        {R"({"kty":"OKP","kty":"OKP"})", "the key holds a member twice"},
        {R"({"kty":"OKP","a":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]})", "the key is nested too deeply"},
        {"{\"kty\":\"\xff\"}", "the key is not valid UTF-8"},
        {std::string(70'000, ' '), "the key is too long"},
    };
    for (auto const& [text, hint] : table)
    {
        auto const read = jwk::parse(text);
        BOOST_TEST(code_of(read) == oauth::errc::malformed_key);
        BOOST_TEST(read.error().hint == hint);
        BOOST_TEST(read.error().next == oauth::advice::give_up);
    }
}

BOOST_AUTO_TEST_CASE(which_algorithms_a_key_permits)
{
    struct
    {
        char const* what;
        boost::json::object key;
        oauth::jws_algorithms permitted;
    } const table[] = {
        {"RSA", without(rsa(), "alg"), {rs256, rs384, rs512, ps256, ps384, ps512}},
        {"RSA for PS256", with(rsa(), "alg", "PS256"), {ps256}},
        {"RSA for encryption, by alg", with(rsa(), "alg", "RSA-OAEP"), {}},
        {"RSA for another key's algorithm", with(rsa(), "alg", "ES256"), {}},
        {"RSA with an empty alg", with(rsa(), "alg", ""), {}},
        {"RSA for none", with(rsa(), "alg", "none"), {}},
        {"RSA with an alg in other letters", with(rsa(), "alg", "rs256"), {}},
        {"P-256", ec(), {es256}},
        {"P-256 for Ed25519", with(ec(), "alg", "Ed25519"), {}},
        {"Ed25519", okp(), {eddsa}},
        {"Ed25519, by its new name", with(okp(), "alg", "Ed25519"), {eddsa}},
        {"for encryption", with(ec(), "use", "enc"), {}},
        {"for an unknown use", with(ec(), "use", ""), {}},
        {"for signatures", with(ec(), "use", "sig"), {es256}},
        {"to verify", with(ec(), "key_ops", {"verify"}), {es256}},
        {"to verify and more", with(ec(), "key_ops", {"deriveKey", "verify", "unheard of"}), {es256}},
        {"to sign", with(ec(), "key_ops", {"sign"}), {}},
        {"for no operation", with(ec(), "key_ops", boost::json::array()), {}},
        {"to verify, but for encryption", with(with(ec(), "key_ops", {"verify"}), "use", "enc"), {}},
    };
    for (auto const& [what, members, permitted] : table)
    {
        auto const key = jwk::parse(members).value();
        for (auto const algorithm : all)
        {
            BOOST_TEST(key.permits(algorithm) == permitted.contains(algorithm), what << ", " << to_string(algorithm));
            auto const checked = key.check_permits(algorithm);
            BOOST_TEST(checked.has_value() == permitted.contains(algorithm));
            if (checked.has_value()) continue;
            BOOST_TEST(code_of(checked) == oauth::errc::key_not_fit);
            BOOST_TEST(!checked.error().hint.empty());
        }
        // Whoever reads what it says of itself permits no more.
        auto const again = jwk::parse(key.json()).value();
        for (auto const algorithm : all) BOOST_TEST(again.permits(algorithm) == permitted.contains(algorithm), what << ", read again, " << to_string(algorithm));
    }
}

// RFC 7518 3.2: at least as long as the digest.
BOOST_AUTO_TEST_CASE(which_algorithms_a_secret_permits)
{
    struct
    {
        std::size_t size;
        oauth::jws_algorithms permitted;
    } const table[] = {{1, {}}, {31, {}}, {32, {hs256}}, {47, {hs256}}, {48, {hs256, hs384}}, {63, {hs256, hs384}}, {64, {hs256, hs384, hs512}}, {1000, {hs256, hs384, hs512}}};
    for (auto const& [size, permitted] : table)
    {
        auto const key = jwk::symmetric(oauth::secret(std::string(size, 's'))).value();
        for (auto const algorithm : all) BOOST_TEST(key.permits(algorithm) == permitted.contains(algorithm), size << ", " << to_string(algorithm));
    }
}

BOOST_AUTO_TEST_CASE(hostile_keys)
{
    using enum oauth::errc;
    auto const p384 = with(ec(), "crv", "P-384");
    struct
    {
        char const* what;
        boost::json::object key;
        oauth::errc why;
    } const table[] = {
        {"nothing", {}, malformed_key},
        {"kty missing", without(rsa(), "kty"), malformed_key},
        {"kty a number", with(rsa(), "kty", 1), malformed_key},
        {"kty null", with(rsa(), "kty", nullptr), malformed_key},
        {"kty in other letters", with(rsa(), "kty", "rsa"), unsupported_key},
        {"kty unknown", {{"kty", "AKP"}}, unsupported_key},
        {"kty oct, without k", {{"kty", "oct"}}, unsupported_key},
        {"a shared secret", {{"kty", "oct"}, {"k", "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"}}, private_key_exposed},
        {"an RSA key with d", with(rsa(), "d", "AQAB"), private_key_exposed},
        {"an RSA key with d null", with(rsa(), "d", nullptr), private_key_exposed},
        {"an RSA key with p", with(rsa(), "p", "AQAB"), private_key_exposed},
        {"an RSA key with q", with(rsa(), "q", "AQAB"), private_key_exposed},
        {"an RSA key with dp", with(rsa(), "dp", "AQAB"), private_key_exposed},
        {"an RSA key with dq", with(rsa(), "dq", "AQAB"), private_key_exposed},
        {"an RSA key with qi", with(rsa(), "qi", "AQAB"), private_key_exposed},
        {"an RSA key with oth", with(rsa(), "oth", boost::json::array()), private_key_exposed},
        {"an EC key with d", with(ec(), "d", "AQAB"), private_key_exposed},
        {"an Ed25519 key with d", with(okp(), "d", "AQAB"), private_key_exposed},
        {"an EC key with k", with(ec(), "k", "AQAB"), private_key_exposed},
        {"alg a number", with(ec(), "alg", 256), malformed_key},
        {"alg null", with(ec(), "alg", nullptr), malformed_key},
        {"use a list", with(ec(), "use", {"sig"}), malformed_key},
        {"key_ops a text", with(ec(), "key_ops", "verify"), malformed_key},
        {"key_ops of numbers", with(ec(), "key_ops", {1, 2}), malformed_key},
        {"key_ops with one twice", with(ec(), "key_ops", {"verify", "verify"}), malformed_key},
        {"kid a number", with(ec(), "kid", 1), malformed_key},
        {"issuer an object", with(ec(), "issuer", boost::json::object()), malformed_key},

        {"n missing", without(rsa(), "n"), malformed_key},
        {"e missing", without(rsa(), "e"), malformed_key},
        {"n a number", with(rsa(), "n", 5), malformed_key},
        {"e a number", with(rsa(), "e", 65537), malformed_key},
        {"n empty", with(rsa(), "n", ""), malformed_key},
        {"e empty", with(rsa(), "e", ""), malformed_key},
        {"n 0", with(rsa(), "n", "AAAA"), malformed_key},
        {"e 0", with(rsa(), "e", "AA"), malformed_key},
        {"n base64", with(rsa(), "n", "+/+/" + std::string(400, 'A')), malformed_key},
        {"n with padding", with(rsa(), "n", std::string(rsa().at("n").as_string()) + "=="), malformed_key},
        {"e with bits left over", with(rsa(), "e", "AQAC" "AB"), malformed_key},
        {"n with a blank", with(rsa(), "n", " " + std::string(rsa().at("n").as_string())), malformed_key},
        {"n even", with(rsa(), "n", number(256, 0x80, 0x02)), malformed_key},
        {"n of 2047 bits", with(rsa(), "n", number(256, 0x7f, 0x01)), weak_key},
        {"n of 1024 bits", with(rsa(), "n", number(128, 0xff, 0x01)), weak_key},
        {"n of 2040 bits behind zeros", with(rsa(), "n", oauth::base64url_encode(std::string(3, '\0') + std::string(255, '\xff'))), weak_key},
        {"n of 512 bits, even", with(rsa(), "n", number(64, 0xff, 0x02)), weak_key},
        {"n of 16385 bits", with(rsa(), "n", number(2049, 0x01, 0x01)), unsupported_key},
        {"n of 64 KiB", with(rsa(), "n", std::string(64'000, 'A')), unsupported_key},
        {"e of 64 KiB", with(rsa(), "e", std::string(64'000, 'A')), unsupported_key},
        {"e even", with(rsa(), "e", "AQAA"), malformed_key},
        {"e 1", with(rsa(), "e", "AQ"), malformed_key},
        {"e 2", with(rsa(), "e", "Ag"), malformed_key},
        {"e of 65 bits", with(rsa(), "e", number(9, 0x01, 0x01)), malformed_key},

        {"crv missing", without(ec(), "crv"), unsupported_key},
        {"crv a number", with(ec(), "crv", 256), malformed_key},
        {"crv unknown", with(ec(), "crv", "secp256k1"), unsupported_key},
        {"crv in OpenSSL's words", with(ec(), "crv", "prime256v1"), unsupported_key},
        {"crv of another kind", with(ec(), "crv", "Ed25519"), unsupported_key},
        {"coordinates of another curve", p384, malformed_key},
        {"x missing", without(ec(), "x"), malformed_key},
        {"y missing", without(ec(), "y"), malformed_key},
        {"y a list", with(ec(), "y", {1}), malformed_key},
        {"x too short", with(ec(), "x", number(31, 0x11, 0x11)), malformed_key},
        {"x too long", with(ec(), "x", number(33, 0x00, 0x11)), malformed_key},
        {"not on the curve", with(ec(), "x", number(32, 0x11, 0x11)), malformed_key},
        {"the sum of the coordinates' lengths right, each wrong", with(with(ec(), "x", number(31, 1, 1)), "y", number(33, 1, 1)), malformed_key},
        {"x over the prime", with(ec(), "x", oauth::base64url_encode(std::string(32, '\xff'))), malformed_key},
        {"the point at infinity", with(with(ec(), "x", oauth::base64url_encode(std::string(32, '\0'))), "y", oauth::base64url_encode(std::string(32, '\0'))), malformed_key},

        {"OKP without crv", without(okp(), "crv"), unsupported_key},
        {"OKP for agreement", with(okp(), "crv", "X25519"), unsupported_key},
        {"OKP on the other curve", with(okp(), "crv", "Ed448"), unsupported_key},
        {"OKP on a curve of EC", with(okp(), "crv", "P-256"), unsupported_key},
        {"OKP without x", without(okp(), "x"), malformed_key},
        {"OKP with x too short", with(okp(), "x", number(31, 1, 1)), malformed_key},
        {"OKP with x too long", with(okp(), "x", number(33, 1, 1)), malformed_key},
        {"OKP with x a number", with(okp(), "x", 1), malformed_key},
    };
    for (auto const& [what, members, why] : table)
    {
        auto const read = jwk::parse(members);
        BOOST_TEST_CONTEXT(what)
        {
            BOOST_TEST(code_of(read) == why);
            if (read.has_error()) BOOST_TEST(read.error().next == oauth::advice::give_up);
        }
    }
}

// What is let pass, since servers write it and nobody is hurt.
BOOST_AUTO_TEST_CASE(zeros_in_front_of_a_modulus)
{
    auto const modulus = oauth::base64url_decode(std::string(rsa().at("n").as_string())).value();
    auto const key = jwk::parse(with(rsa(), "n", oauth::base64url_encode('\0' + modulus))).value();
    BOOST_TEST((key.required_members() == jwk::parse(rsa()).value().required_members()));
    BOOST_TEST(key.thumbprint() == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

BOOST_AUTO_TEST_CASE(the_edges_of_what_is_allowed)
{
    BOOST_TEST(jwk::parse(with(rsa(), "n", number(256, 0x80, 0x01))).has_value());
    BOOST_TEST(jwk::parse(with(rsa(), "n", number(2048, 0xff, 0xff))).has_value());
    BOOST_TEST(jwk::parse(with(rsa(), "e", "Aw")).has_value());
    BOOST_TEST(jwk::parse(with(rsa(), "e", number(8, 0xff, 0xff))).has_value());
}

// Nothing that failed is left for whoever looks next.
BOOST_AUTO_TEST_CASE(leaves_the_error_queue_alone)
{
    ERR_clear_error();
    BOOST_TEST(jwk::parse(with(ec(), "x", number(32, 0x11, 0x11))).has_error());
    BOOST_TEST(ERR_peek_error() == 0u);
    ERR_raise(ERR_LIB_USER, 7);
    BOOST_TEST(jwk::parse(with(ec(), "x", number(32, 0x11, 0x11))).has_error());
    BOOST_TEST(ERR_GET_REASON(ERR_get_error()) == 7);
    BOOST_TEST(ERR_peek_error() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
