#include <oauth/jose/jwk_set.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/jose.hpp"
#include <string>
#include <string_view>

namespace {

using oauth::jwk_set;
using test_support::code_of;
using enum oauth::jws_algorithm;

constexpr std::string_view es = R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")";
constexpr std::string_view ed = R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")";

std::string key(std::string_view parameters, std::string_view members = "") { return std::string(parameters) + std::string(members) + '}'; }

std::string set(std::initializer_list<std::string> keys)
{
    std::string text;
    for (auto const& each : keys) text += (text.empty() ? "" : ",") + each;
    return R"({"keys":[)" + text + "]}";
}

} // namespace

BOOST_AUTO_TEST_SUITE(jose_jwk_set)

BOOST_AUTO_TEST_CASE(the_example_of_the_rfc)
{
    auto const keys = jwk_set::parse(test_support::fixture("jose/rfc7517_public.json")).value();
    BOOST_TEST_REQUIRE(keys.keys().size() == 2u);
    BOOST_TEST(keys.unusable().empty());
    BOOST_TEST(keys.keys()[0].key_id() == "1");
    BOOST_TEST(!keys.keys()[0].permits(es256));   // it is for encryption
    BOOST_TEST(keys.keys()[1].thumbprint() == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

// RFC 7517 5: what is not understood is passed over.
BOOST_AUTO_TEST_CASE(keys_of_no_use)
{
    auto const microsoft = jwk_set::parse(test_support::fixture("microsoft/meta_jwks_common_v2.json")).value();   // the moduli of the fixture are invented, and short
    BOOST_TEST(microsoft.empty());
    BOOST_TEST_REQUIRE(microsoft.unusable().size() == 2u);
    BOOST_TEST(microsoft.unusable()[0].key_id == "invented-kid-1");

    auto const published = jwk_set::parse(test_support::fixture("jose/rfc7517_private.json")).value();
    BOOST_TEST(published.empty());
    BOOST_TEST((published.unusable().at(1).why.code == oauth::error_code(oauth::errc::private_key_exposed)));
    auto const secrets = jwk_set::parse(test_support::fixture("jose/rfc7517_symmetric.json")).value();
    BOOST_TEST(secrets.empty());

    auto const mixed = jwk_set::parse(R"({"keys":[{},{"kty":"AKP","kid":"future"},)" + key(es, R"(,"kid":"now")") + R"(,{"kid":7,"kty":"EC"}],"more":{"keys":[]}})").value();
    BOOST_TEST_REQUIRE(mixed.keys().size() == 1u);
    BOOST_TEST(mixed.keys()[0].key_id() == "now");
    BOOST_TEST(mixed.unusable().size() == 3u);
}

BOOST_AUTO_TEST_CASE(an_empty_set_is_one_too)
{
    BOOST_TEST(jwk_set().empty());
    BOOST_TEST(jwk_set::parse(R"({"keys":[]})").value().empty());
    BOOST_TEST(code_of(jwk_set().candidates("", rs256)) == oauth::errc::unknown_key);
}

BOOST_AUTO_TEST_CASE(what_is_no_set)
{
    struct
    {
        std::string text;
        std::string_view hint;
    } const table[] = {
        {"", "the key set is not JSON"},
        {"<html>", "the key set is not JSON"},
        {"[]", "the key set is not a JSON object"},
        {"{}", "there is no list called keys"},
        {R"({"keys":{}})", "there is no list called keys"},
        {R"({"keys":null})", "there is no list called keys"},
        {R"({"Keys":[]})", "there is no list called keys"},
        {R"({"keys":[1]})", "keys holds something else than objects"},
        {R"({"keys":[],"keys":[]})", "the key set holds a member twice"},
        {R"({"keys":[{"kty":"EC","kty":"RSA"}]})", "the key set holds a member twice"},
        {R"({"keys":[]}x)", "the key set is not JSON"},
        {"{\"keys\":[\"\xff\"]}", "the key set is not valid UTF-8"},
        {R"({"keys":)" + std::string(20, '[') + std::string(20, ']') + "}", "the key set is nested too deeply"},
    };
    for (auto const& [text, hint] : table)
    {
        auto const read = jwk_set::parse(text);
        BOOST_TEST_CONTEXT(text)
        {
            BOOST_TEST(code_of(read) == oauth::errc::malformed_key_set);
            BOOST_TEST(read.error().hint == hint);
            BOOST_TEST(read.error().next == oauth::advice::give_up);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_limits_are_exact)
{
    auto const of = [](std::size_t count) {
        std::string text = R"({"keys":[{})";
        for (std::size_t i = 1; i < count; ++i) text += ",{}";
        return text + "]}";
    };
    BOOST_TEST(jwk_set::parse(of(1024)).value().unusable().size() == 1024u);
    BOOST_TEST(jwk_set::parse(of(1025)).error().hint == "more than 1024 keys");
    auto const text = set({key(es)});
    BOOST_TEST(jwk_set::parse(text, text.size()).has_value());
    BOOST_TEST(jwk_set::parse(text, text.size() - 1).error().hint == "the key set is too long");
    auto const large = R"({"keys":[],"x":")" + std::string((std::size_t{4} << 20) - 18, 'x') + "\"}";
    BOOST_TEST(large.size() == std::size_t{4} << 20);
    BOOST_TEST(jwk_set::parse(large).has_value());
    BOOST_TEST(jwk_set::parse(large + " ").has_error());
}

BOOST_AUTO_TEST_CASE(candidates)
{
    auto const keys = jwk_set::parse(set({
                                         key(es, R"(,"kid":"a")"),
                                         key(ed, R"(,"kid":"b")"),
                                         key(ed, R"(,"kid":"a")"),
                                         key(es, R"(,"kid":"c","use":"enc")"),
                                         key(es, R"(,"kid":"a","issuer":"second")"),
                                         key(es),
                                         R"({"kty":"RSA","n":"AQAB","e":"AQAB","kid":"weak"})",
                                         R"({"kty":"RSA","n":"AQAB","e":"AQAB","kid":"a"})",
                                     }))
                          .value();
    auto const named = keys.candidates("a", es256).value();
    BOOST_TEST_REQUIRE(named.size() == 2u);
    BOOST_TEST(named[0].issuer().empty());
    BOOST_TEST(named[1].issuer() == "second");
    BOOST_TEST(keys.candidates("b", eddsa).value().size() == 1u);
    // A token that names no key may be of any that permits its algorithm.
    BOOST_TEST(keys.candidates("", es256).value().size() == 3u);
    BOOST_TEST(keys.candidates("", eddsa).value().size() == 2u);

    struct
    {
        char const* key_id;
        oauth::jws_algorithm algorithm;
        oauth::errc why;
        oauth::advice next;
    } const table[] = {
        {"b", es256, oauth::errc::key_not_fit, oauth::advice::give_up},
        {"c", es256, oauth::errc::key_not_fit, oauth::advice::give_up},
        {"a", rs256, oauth::errc::key_not_fit, oauth::advice::give_up},
        {"weak", rs256, oauth::errc::weak_key, oauth::advice::give_up},
        {"d", es256, oauth::errc::unknown_key, oauth::advice::retry},
        {"A", es256, oauth::errc::unknown_key, oauth::advice::retry},
        {"a ", es256, oauth::errc::unknown_key, oauth::advice::retry},
        {"", rs256, oauth::errc::unknown_key, oauth::advice::retry},
        {"", hs256, oauth::errc::unknown_key, oauth::advice::retry},
    };
    for (auto const& [key_id, algorithm, why, next] : table)
    {
        auto const found = keys.candidates(key_id, algorithm);
        BOOST_TEST_CONTEXT(key_id << ", " << to_string(algorithm))
        {
            BOOST_TEST(code_of(found) == why);
            BOOST_TEST(found.error().next == next);
        }
    }
}

// OpenID Connect Core 10.1: whatever `kid` the server writes, the key is the secret.
BOOST_AUTO_TEST_CASE(a_client_secret_among_them)
{
    auto const published = jwk_set::parse(set({key(es, R"(,"kid":"a")"), R"({"kty":"RSA","n":"AQAB","e":"AQAB","kid":"weak"})"})).value();
    auto const shared = oauth::jwk::symmetric(oauth::secret(std::string(32, 's'))).value();
    auto const both = published.with(shared);
    BOOST_TEST(published.keys().size() == 1u);
    BOOST_TEST_REQUIRE(both.keys().size() == 2u);
    BOOST_TEST(both.unusable().size() == 1u);
    for (char const* key_id : {"", "a", "b", "weak"})
    {
        auto const found = both.candidates(key_id, hs256);
        BOOST_TEST_REQUIRE(found.has_value());
        BOOST_TEST(found->size() == 1u);
        BOOST_TEST((found->front().json() == shared.json()));
    }
    // It is the key of nothing else: neither is a public key that of an HMAC, nor the secret one that a pair has.
    BOOST_TEST(both.candidates("a", es256).value().size() == 1u);
    BOOST_TEST(!both.candidates("a", es256).value().front().permits(hs256));
    BOOST_TEST(code_of(both.candidates("b", es256)) == oauth::errc::unknown_key);
    BOOST_TEST(code_of(both.candidates("a", hs384)) == oauth::errc::key_not_fit);   // it is too short
    BOOST_TEST(code_of(published.candidates("a", hs256)) == oauth::errc::key_not_fit);
    // One with a name answers to that.
    auto const named = published.with(shared.with_key_id("s"));
    BOOST_TEST(named.candidates("s", hs256).has_value());
    BOOST_TEST(code_of(named.candidates("b", hs256)) == oauth::errc::unknown_key);
}

BOOST_AUTO_TEST_CASE(no_more_candidates_than_a_few)
{
    auto const one = oauth::jwk::parse(key(es)).value();
    BOOST_TEST(jwk_set(std::vector<oauth::jwk>(100, one)).candidates("", es256).value().size() == jwk_set::max_candidates);
    BOOST_TEST(jwk_set(std::vector<oauth::jwk>(100, one.with_key_id("x"))).candidates("x", es256).value().size() == jwk_set::max_candidates);
}

BOOST_AUTO_TEST_SUITE_END()
