#include <oauth/jose/jws.hpp>
#include <oauth/jose/sign_jws.hpp>
#include <boost/test/unit_test.hpp>
#include <openssl/err.h>
#include "../../support/jose.hpp"
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using oauth::jws_algorithms;
using test_support::code_of;
using test_support::example;
using test_support::token;
using enum oauth::jws_algorithm;

constexpr oauth::jws_algorithm all[] = {rs256, rs384, rs512, ps256, ps384, ps512, es256, es384, es512, eddsa, hs256, hs384, hs512};
constexpr jws_algorithms any{rs256, rs384, rs512, ps256, ps384, ps512, es256, es384, es512, eddsa, hs256, hs384, hs512};

oauth::private_key const& rsa_key()
{
    static auto const key = example("RFC 7515 A.2").private_key();
    return key;
}

/// The token's signature as `change` leaves it.
template <class Change>
oauth::jws with_signature(std::string_view compact, Change change)
{
    auto const dot = compact.rfind('.');
    auto bytes = oauth::base64url_decode(compact.substr(dot + 1)).value();
    change(bytes);
    return oauth::parse_jws(std::string(compact.substr(0, dot + 1)) + oauth::base64url_encode(bytes)).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(jose_jws)

BOOST_AUTO_TEST_CASE(the_examples_of_the_rfcs)
{
    BOOST_TEST(test_support::signed_examples().size() == 9u);
    for (auto const& each : test_support::signed_examples())
        BOOST_TEST_CONTEXT(each.source)
        {
            auto const key = each.private_key().public_key();
            auto const parsed = oauth::parse_jws(each.compact).value();
            BOOST_TEST((parsed.header().algorithm == each.algorithm));
            BOOST_TEST(verify(parsed, key, {each.algorithm}).has_value());
            BOOST_TEST(parsed.signing_input() == each.compact.substr(0, each.compact.rfind('.')));
        }
}

BOOST_AUTO_TEST_CASE(its_parts)
{
    auto const parsed = oauth::parse_jws(token(R"({"alg":"ES256","kid":"k","typ":"at+jwt","cty":"c","x5c":["x"],"more":{"a":[1]}})", "payload", "signature")).value();
    BOOST_TEST((parsed.header().algorithm == es256));
    BOOST_TEST(parsed.header().key_id == "k");
    BOOST_TEST(parsed.header().type == "at+jwt");
    BOOST_TEST(parsed.header().content_type == "c");
    BOOST_TEST((parsed.header().members.at("more").at("a").at(0) == 1));
    BOOST_TEST(parsed.payload() == "payload");
    BOOST_TEST(parsed.signature() == "signature");
    auto const bare = oauth::parse_jws(token(R"({"alg":"Ed25519"})", "", "")).value();
    BOOST_TEST((bare.header().algorithm == eddsa));
    BOOST_TEST(bare.header().key_id.empty());
    BOOST_TEST(bare.payload().empty());
    BOOST_TEST(bare.signature().empty());
}

BOOST_AUTO_TEST_CASE(types)
{
    auto const type = [](std::string_view typ) { return oauth::parse_jws(token(R"({"alg":"ES256","typ":")" + std::string(typ) + "\"}", "")).value().header(); };
    BOOST_TEST(type("at+jwt").has_type("at+jwt"));
    BOOST_TEST(type("application/at+JWT").has_type("at+jwt"));
    BOOST_TEST(type("JWT").has_type("application/jwt"));
    BOOST_TEST(!type("jwt").has_type("at+jwt"));
    BOOST_TEST(!type("").has_type("jwt"));
    BOOST_TEST(!type("application/").has_type(""));
    for (std::string_view const plain : {"", "JWT", "jwt", "application/jwt"}) BOOST_TEST(type(plain).is_plain_jwt(), plain);
    for (std::string_view const other : {"at+jwt", "logout+jwt", "JOSE", " "}) BOOST_TEST(!type(other).is_plain_jwt(), other);
}

BOOST_AUTO_TEST_CASE(each_algorithm_both_ways)
{
    std::vector<oauth::private_key> keys;
    auto const is_rsa = [](oauth::jws_algorithm algorithm) { return oauth::detail::traits_of(algorithm).kind == oauth::detail::key_kind::rsa; };
    for (auto const algorithm : all) keys.push_back(is_rsa(algorithm) ? rsa_key() : oauth::private_key::generate(algorithm).value());
    for (std::size_t i = 0; i < keys.size(); ++i)
        BOOST_TEST_CONTEXT(to_string(all[i]))
        {
            auto const compact = oauth::sign_jws({}, "some payload", keys[i], all[i]).value();
            auto const parsed = oauth::parse_jws(compact.reveal()).value();
            BOOST_TEST(parsed.payload() == "some payload");
            // Its key and its algorithm, and nothing else, take it.
            for (std::size_t j = 0; j < keys.size(); ++j)
            {
                auto const checked = verify(parsed, keys[j].public_key(), any);
                BOOST_TEST(checked.has_value() == (i == j || (is_rsa(all[i]) && is_rsa(all[j]))));
            }
            for (auto const algorithm : all)
            {
                auto const checked = verify(parsed, keys[i].public_key(), {algorithm});
                BOOST_TEST(code_of(checked) == (algorithm == all[i] ? oauth::errc() : oauth::errc::algorithm_not_allowed));
            }
            BOOST_TEST(code_of(verify(parsed, keys[i].public_key(), {})) == oauth::errc::algorithm_not_allowed);
        }
}

BOOST_AUTO_TEST_CASE(every_bit_counts)
{
    for (auto const& each : test_support::signed_examples())
    {
        if (each.algorithm == es512) continue;   // slow; es256 is the same code
        auto const key = each.private_key().public_key();
        auto const size = oauth::parse_jws(each.compact).value().signature().size();
        for (std::size_t at = 0; at < size; at += size / 7)
            BOOST_TEST(code_of(verify(with_signature(each.compact, [&](std::string& bytes) { bytes[at] = static_cast<char>(bytes[at] ^ 1); }), key, any)) == oauth::errc::bad_signature);
        // The header and the payload are signed as they came.
        auto changed = each.compact;
        auto const dot = changed.find('.');
        changed[dot + 1] = changed[dot + 1] == 'A' ? 'B' : 'A';
        BOOST_TEST(code_of(verify(oauth::parse_jws(changed).value(), key, any)) == oauth::errc::bad_signature);
    }
}

BOOST_AUTO_TEST_CASE(signatures_of_another_length)
{
    for (auto const& each : test_support::signed_examples())
    {
        auto const key = each.private_key().public_key();
        auto const refused = [&](auto change) { return code_of(verify(with_signature(each.compact, change), key, any)) == oauth::errc::bad_signature; };
        BOOST_TEST_CONTEXT(each.source)
        {
            BOOST_TEST(refused([](std::string& bytes) { bytes.clear(); }));
            BOOST_TEST(refused([](std::string& bytes) { bytes.pop_back(); }));
            BOOST_TEST(refused([](std::string& bytes) { bytes += '\0'; }));
            BOOST_TEST(refused([](std::string& bytes) { bytes.insert(0, 1, '\0'); }));
            BOOST_TEST(refused([](std::string& bytes) { bytes += bytes; }));
            BOOST_TEST(refused([](std::string& bytes) { bytes.resize(40'000); }));
        }
    }
}

// Of PSS, OpenSSL takes a signature without the zeros in front of it, too: one token in 256 could be written in two ways.
BOOST_AUTO_TEST_CASE(rsa_without_the_zeros_in_front)
{
    bool seen = false;
    for (int i = 0; i < 4000 && !seen; ++i)
    {
        auto const made = oauth::sign_jws({}, std::to_string(i), rsa_key(), ps256).value();
        auto const parsed = oauth::parse_jws(made.reveal()).value();
        seen = parsed.signature().front() == '\0';
        if (!seen) continue;
        BOOST_TEST(verify(parsed, rsa_key().public_key(), {ps256}).has_value());
        BOOST_TEST(code_of(verify(with_signature(made.reveal(), [](std::string& bytes) { bytes.erase(0, 1); }), rsa_key().public_key(), {ps256})) == oauth::errc::bad_signature);
    }
    BOOST_TEST(seen);
}

// CVE-2022-21449, and what is like it.
BOOST_AUTO_TEST_CASE(ecdsa_of_no_numbers)
{
    auto const& each = example("RFC 7515 A.3");
    auto const key = each.private_key().public_key();
    auto const order = oauth::base64url_decode("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE").value();
    std::string const zero(32, '\0');
    auto const one = std::string(31, '\0') + '\1';
    for (auto const& signature : {zero + zero, zero + one, one + zero, order + order, zero + order, order + zero, std::string(64, '\xff')})
        BOOST_TEST(code_of(verify(with_signature(each.compact, [&](std::string& bytes) { bytes = signature; }), key, any)) == oauth::errc::bad_signature);
    // DER is not what a JWS holds.
    auto const der = oauth::detail::to_der(oauth::parse_jws(each.compact).value().signature());
    BOOST_TEST(code_of(verify(with_signature(each.compact, [&](std::string& bytes) { bytes.assign(reinterpret_cast<char const*>(der.bytes.data()), der.size); }), key, any))
               == oauth::errc::bad_signature);
}

// r and s with zeros in front keep their length.
BOOST_AUTO_TEST_CASE(ecdsa_with_short_numbers)
{
    auto const key = oauth::private_key::generate(es256).value();
    bool seen = false;
    for (int i = 0; i < 2000 && !seen; ++i)
    {
        auto const parsed = oauth::parse_jws(oauth::sign_jws({}, std::to_string(i), key, es256).value().reveal()).value();
        BOOST_TEST_REQUIRE(parsed.signature().size() == 64u);
        seen = parsed.signature()[0] == '\0' || parsed.signature()[32] == '\0';
        if (seen) BOOST_TEST(verify(parsed, key.public_key(), {es256}).has_value());
    }
    BOOST_TEST(seen);
}

// RFC 7518 3.5: as much salt as digest, and the same digest within.
BOOST_AUTO_TEST_CASE(pss_is_of_one_form)
{
    auto const input = token(R"({"alg":"PS256"})", "payload", "");
    auto const signed_with = [&](int salt, EVP_MD const* inner, int padding = RSA_PKCS1_PSS_PADDING) {
        oauth::detail::evp_md_ctx_ptr const context(EVP_MD_CTX_new());
        EVP_PKEY_CTX* options = nullptr;
        EVP_DigestSignInit(context.get(), &options, EVP_sha256(), nullptr, oauth::detail::private_key_access::key(rsa_key()));
        EVP_PKEY_CTX_set_rsa_padding(options, padding);
        if (padding == RSA_PKCS1_PSS_PADDING)
        {
            EVP_PKEY_CTX_set_rsa_pss_saltlen(options, salt);
            EVP_PKEY_CTX_set_rsa_mgf1_md(options, inner);
        }
        std::string signature(256, '\0');
        std::size_t size = signature.size();
        auto const text = std::string_view(input).substr(0, input.size() - 1);
        EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, reinterpret_cast<unsigned char const*>(text.data()), text.size());
        return verify(oauth::parse_jws(input + oauth::base64url_encode(signature)).value(), rsa_key().public_key(), any);
    };
    BOOST_TEST(signed_with(32, EVP_sha256()).has_value());
    BOOST_TEST(code_of(signed_with(0, EVP_sha256())) == oauth::errc::bad_signature);
    BOOST_TEST(code_of(signed_with(31, EVP_sha256())) == oauth::errc::bad_signature);
    BOOST_TEST(code_of(signed_with(222, EVP_sha256())) == oauth::errc::bad_signature);
    BOOST_TEST(code_of(signed_with(32, EVP_sha1())) == oauth::errc::bad_signature);
    BOOST_TEST(code_of(signed_with(0, nullptr, RSA_PKCS1_PADDING)) == oauth::errc::bad_signature);
}

// The attack on libraries that take whatever key they have for whatever the token says.
BOOST_AUTO_TEST_CASE(a_public_key_is_no_secret)
{
    auto const& key = rsa_key().public_key();
    auto const text = boost::json::serialize(key.json());
    for (std::string const& known : {text, std::string(key.json().at("n").as_string()), key.thumbprint(), std::string(64, '\0')})
    {
        auto const forger = oauth::private_key::symmetric(oauth::secret(known + std::string(64, ' '))).value();
        auto const forged = oauth::parse_jws(oauth::sign_jws({}, "{}", forger, hs256).value().reveal()).value();
        BOOST_TEST(code_of(verify(forged, key, any)) == oauth::errc::key_not_fit);
        BOOST_TEST(code_of(verify(forged, key, jws_algorithms::asymmetric())) == oauth::errc::algorithm_not_allowed);
    }
}

BOOST_AUTO_TEST_CASE(hostile_tokens)
{
    using enum oauth::errc;
    auto const header = [](std::string_view members) { return token("{\"alg\":\"RS256\"," + std::string(members) + "}", "{}"); };
    auto const good = std::string(example("RFC 7515 A.2").compact);
    auto const dot = good.find('.'), last = good.rfind('.');
    auto const begin = good.substr(0, dot), middle = good.substr(dot + 1, last - dot - 1), end = good.substr(last + 1);
    struct
    {
        char const* what;
        std::string text;
        oauth::errc why;
    } const table[] = {
        {"nothing", "", malformed_token},
        {"a word", "abc", malformed_token},
        {"one dot", begin + '.' + middle, malformed_token},
        {"dots alone", "..", malformed_token},
        {"three dots", good + ".", malformed_token},
        {"three dots, in front", "." + good, malformed_token},
        {"a JWE", good + ".a.b", encrypted_token},
        {"a JWE of dots", "....", encrypted_token},
        {"six parts", ".....", malformed_token},
        {"JSON serialisation", R"({"payload":"e30","protected":"e30","signature":""})", malformed_token},
        {"a blank in front", " " + good, malformed_token},
        {"a blank behind", good + " ", malformed_token},
        {"a line end behind", good + "\n", malformed_token},
        {"a zero byte behind", good + std::string(1, '\0'), malformed_token},
        {"a zero byte within", begin + std::string(1, '\0') + '.' + middle + '.' + end, malformed_token},
        {"Bearer in front", "Bearer " + good, malformed_token},
        {"header with padding", begin + "==." + middle + '.' + end, malformed_token},
        {"header in base64", "+/+/." + middle + '.' + end, malformed_token},
        {"payload with padding", begin + '.' + middle + "=." + end, malformed_token},
        {"payload of an impossible length", begin + ".AAAAA." + end, malformed_token},
        {"payload with bits left over", begin + ".e31." + end, malformed_token},
        {"signature with padding", good + "==", malformed_token},
        {"signature with bits left over", begin + '.' + middle + '.' + end.substr(0, end.size() - 1) + 'x', malformed_token},
        {"signature with other digits", begin + '.' + middle + ".+/+/", malformed_token},
        {"header empty", '.' + middle + '.' + end, malformed_token},
        {"header no JSON", token("{\"alg\":\"RS256\"", "{}"), malformed_token},
        {"header a list", token("[\"alg\",\"RS256\"]", "{}"), malformed_token},
        {"header a text", token("\"alg\"", "{}"), malformed_token},
        {"header with text behind", token("{\"alg\":\"RS256\"}{}", "{}"), malformed_token},
        {"header with a byte order mark", token("\xef\xbb\xbf{\"alg\":\"RS256\"}", "{}"), malformed_token},
        {"header no UTF-8", header("\"a\":\"\xff\""), malformed_token},
        {"header too deep", header("\"a\":" + std::string(16, '[') + std::string(16, ']')), malformed_token},
        {"header very deep", token(std::string(40'000, '['), ""), malformed_token},
        {"alg twice", header(R"("alg":"none")"), malformed_token},
        {"alg twice, once escaped", header(R"("\u0061lg":"HS256")"), malformed_token},
        {"a member twice, within", header(R"("a":{"b":1,"b":2})"), malformed_token},
        {"alg missing", token("{}", "{}"), malformed_token},
        {"alg empty", token(R"({"alg":""})", "{}"), malformed_token},
        {"alg null", token(R"({"alg":null})", "{}"), malformed_token},
        {"alg a list", token(R"({"alg":["RS256"]})", "{}"), malformed_token},
        {"kid a number", header(R"("kid":1)"), malformed_token},
        {"typ null", header(R"("typ":null)"), malformed_token},
        {"cty an object", header(R"("cty":{})"), malformed_token},
        {"alg none", token(R"({"alg":"none"})", "{}", ""), unsigned_token},
        {"alg none, with a signature", token(R"({"alg":"none"})", "{}"), unsigned_token},
        {"alg None", token(R"({"alg":"None"})", "{}", ""), unsigned_token},
        {"alg nOnE", token(R"({"alg":"nOnE"})", "{}", ""), unsigned_token},
        {"alg none, escaped", token(R"({"alg":"\u006eone"})", "{}", ""), unsigned_token},
        {"alg unknown", token(R"({"alg":"ES256K"})", "{}"), unsupported_algorithm},
        {"alg of a JWE", token(R"({"alg":"dir","enc":"A128GCM"})", "{}"), unsupported_algorithm},
        {"alg in other letters", token(R"({"alg":"rs256"})", "{}"), unsupported_algorithm},
        {"alg with a blank", token(R"({"alg":"none "})", "{}"), unsupported_algorithm},
        {"alg with a zero", token(R"({"alg":"RS256\u0000"})", "{}"), unsupported_algorithm},
        {"crit", header(R"("crit":["exp"],"exp":1)"), unsupported_header},
        {"crit empty", header(R"("crit":[])"), unsupported_header},
        {"crit null", header(R"("crit":null)"), unsupported_header},
        {"crit of a standard member", header(R"("crit":["alg"])"), unsupported_header},
        {"b64 in crit", header(R"("b64":true,"crit":["b64"])"), unsupported_header},
        {"b64 false", header(R"("b64":false)"), unsupported_header},
        {"b64 a text", header(R"("b64":"false")"), unsupported_header},
        {"jwk", header(R"("jwk":{"kty":"RSA"})"), key_in_token},
        {"jwk null", header(R"("jwk":null)"), key_in_token},
        {"jku", header(R"("jku":"https://evil.example/keys")"), key_in_token},
        {"x5u", header(R"("x5u":"https://evil.example/cert")"), key_in_token},
        {"over the limit", good + std::string(70'000, 'A'), token_too_large},
        {"over the limit, of dots", std::string(70'000, '.'), token_too_large},
    };
    for (auto const& [what, text, why] : table)
    {
        auto const parsed = oauth::parse_jws(text);
        BOOST_TEST_CONTEXT(what)
        {
            BOOST_TEST(code_of(parsed) == why);
            if (parsed.has_error()) BOOST_TEST(parsed.error().next == (why == encrypted_token ? oauth::advice::fix_configuration : oauth::advice::give_up));
        }
    }
    BOOST_TEST(oauth::parse_jws(header(R"("b64":true,"x5c":["a"],"x5t":"b","x5t#S256":"c")")).has_value());
}

BOOST_AUTO_TEST_CASE(the_limit_is_exact)
{
    auto const& good = example("RFC 7515 A.2").compact;
    BOOST_TEST(oauth::parse_jws(good, good.size()).has_value());
    BOOST_TEST(code_of(oauth::parse_jws(good, good.size() - 1)) == oauth::errc::token_too_large);
}

// RFC 9449 4.2
BOOST_AUTO_TEST_CASE(a_proof_brings_its_key)
{
    auto const key = oauth::private_key::generate(es256).value();
    auto const proof = oauth::sign_jws({{"typ", "dpop+jwt"}, {"jwk", key.public_key().required_members()}}, "{}", key, es256).value();
    BOOST_TEST(code_of(oauth::parse_jws(proof.reveal())) == oauth::errc::key_in_token);
    auto const parsed = oauth::parse_jws_with_embedded_key(proof.reveal()).value();
    auto const embedded = oauth::jwk::parse(parsed.header().members.at("jwk").as_object()).value();
    BOOST_TEST(embedded.thumbprint() == key.public_key().thumbprint());
    BOOST_TEST(verify(parsed, embedded, jws_algorithms::asymmetric()).has_value());
    BOOST_TEST(code_of(oauth::parse_jws_with_embedded_key(token(R"({"alg":"none","jwk":{}})", "{}"))) == oauth::errc::unsigned_token);
}

BOOST_AUTO_TEST_CASE(leaves_the_error_queue_alone)
{
    ERR_clear_error();
    auto const& each = example("RFC 7515 A.2");
    auto const key = each.private_key().public_key();
    BOOST_TEST(verify(with_signature(each.compact, [](std::string& bytes) { bytes[9] = 'x'; }), key, any).has_error());
    BOOST_TEST(ERR_peek_error() == 0u);
}

BOOST_AUTO_TEST_CASE(many_threads_share_a_key)
{
    auto const& each = example("RFC 7515 A.3");
    auto const signer = each.private_key();
    std::vector<int> good(4);
    {
        std::vector<std::jthread> threads;
        for (auto& count : good)
            threads.emplace_back([&] {
                for (int i = 0; i < 20; ++i)
                {
                    auto const made = oauth::sign_jws({}, "x", signer, es256);
                    count += made.has_value() && verify(oauth::parse_jws(made->reveal()).value(), signer.public_key(), {es256}).has_value() ? 1 : 0;
                }
            });
    }
    for (int const count : good) BOOST_TEST(count == 20);
}

BOOST_AUTO_TEST_SUITE_END()
