#include <oauth/jose/jwt.hpp>
#include <oauth/jose/sign_jwt.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/jose.hpp"
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace {

using oauth::jwk_set;
using oauth::jws_algorithms;
using test_support::code_of;
using test_support::example;
using test_support::token;
using enum oauth::jws_algorithm;

boost::json::object claims() { return {{"iss", "joe"}, {"exp", 1300819380}, {"http://example.com/is_root", true}}; }

// What was not checked can't be given where what was checked is asked for.
static_assert(!std::is_convertible_v<oauth::jwt, oauth::verified_jwt>);
static_assert(std::is_convertible_v<oauth::verified_jwt, oauth::jwt>);

} // namespace

BOOST_AUTO_TEST_SUITE(jose_jwt)

BOOST_AUTO_TEST_CASE(the_examples_of_the_rfc)
{
    for (char const* source : {"RFC 7515 A.1", "RFC 7515 A.2", "RFC 7515 A.3"})
    {
        auto const& each = example(source);
        auto const key = each.private_key().public_key();
        auto const read = oauth::verify_jwt(each.compact, jwk_set({key}), {each.algorithm}).value();
        BOOST_TEST((read.claims == claims()));
        BOOST_TEST((read.header.algorithm == each.algorithm));
        BOOST_TEST(read.key.thumbprint() == key.thumbprint());
        BOOST_TEST((oauth::verify_jwt(each.compact, key, {each.algorithm}).value().claims == claims()));
        BOOST_TEST((oauth::decode_unverified_jwt(each.compact).value().claims == claims()));
    }
}

BOOST_AUTO_TEST_CASE(signed_and_read_again)
{
    auto const key = oauth::private_key::generate(es256).value().with_key_id("k");
    auto const made = oauth::sign_jwt(claims(), key, es256).value();
    auto const read = oauth::verify_jwt(made.reveal(), jwk_set({key.public_key()}), jws_algorithms::asymmetric()).value();
    BOOST_TEST((read.claims == claims()));
    BOOST_TEST(boost::json::serialize(read.header.members) == R"({"alg":"ES256","typ":"JWT","kid":"k"})");
    auto const proof = oauth::sign_jwt(claims(), key, es256, {{"typ", "dpop+jwt"}, {"jwk", key.public_key().required_members()}}).value();
    BOOST_TEST(oauth::parse_jws_with_embedded_key(proof.reveal()).value().header().type == "dpop+jwt");
    BOOST_TEST(code_of(oauth::sign_jwt(claims(), key, rs256)) == oauth::errc::key_not_fit);
}

BOOST_AUTO_TEST_CASE(which_key_is_taken)
{
    auto const first = oauth::private_key::generate(es256).value(), second = oauth::private_key::generate(es256).value();
    auto const by = [](oauth::private_key const& key, boost::json::object header = {}) { return std::string(oauth::sign_jwt(claims(), key, es256, std::move(header)).value().reveal()); };
    jwk_set const keys({first.public_key().with_key_id("a"), second.public_key().with_key_id("a"), second.public_key().with_key_id("b")});

    // Several of one name: each is tried.
    BOOST_TEST(oauth::verify_jwt(by(first.with_key_id("a")), keys, {es256}).value().key.thumbprint() == first.public_key().thumbprint());
    BOOST_TEST(oauth::verify_jwt(by(second.with_key_id("a")), keys, {es256}).value().key.thumbprint() == second.public_key().thumbprint());
    BOOST_TEST(oauth::verify_jwt(by(second.with_key_id("b")), keys, {es256}).value().key.key_id() == "b");
    // None named: each that fits.
    BOOST_TEST(oauth::verify_jwt(by(second), keys, {es256}).value().key.thumbprint() == second.public_key().thumbprint());

    struct
    {
        char const* what;
        std::string text;
        jws_algorithms allowed;
        oauth::errc why;
        oauth::advice next;
    } const table[] = {
        {"another key under its name", by(first.with_key_id("b")), {es256}, oauth::errc::bad_signature, oauth::advice::give_up},
        {"a name that is not there", by(first.with_key_id("c")), {es256}, oauth::errc::unknown_key, oauth::advice::retry},
        {"an unknown key, unnamed", by(oauth::private_key::generate(es256).value()), {es256}, oauth::errc::bad_signature, oauth::advice::give_up},
        {"another kind of key under its name", std::string(oauth::sign_jwt(claims(), oauth::private_key::generate(eddsa).value().with_key_id("a"), eddsa).value().reveal()),
         {eddsa}, oauth::errc::key_not_fit, oauth::advice::give_up},
        {"an algorithm that is not allowed", by(first), {eddsa}, oauth::errc::algorithm_not_allowed, oauth::advice::fix_configuration},
        {"an algorithm that is not allowed, unknown key", by(first.with_key_id("c")), {eddsa}, oauth::errc::algorithm_not_allowed, oauth::advice::fix_configuration},
    };
    for (auto const& [what, text, allowed, why, next] : table)
    {
        auto const read = oauth::verify_jwt(text, keys, allowed);
        BOOST_TEST_CONTEXT(what)
        {
            BOOST_TEST(code_of(read) == why);
            BOOST_TEST(read.error().next == next);
        }
    }
    BOOST_TEST(oauth::verify_jwt(by(first), keys, {eddsa}).error().hint == "ES256");
    // One key for all: the name does not matter, the rest does.
    BOOST_TEST(oauth::verify_jwt(by(first.with_key_id("c")), first.public_key(), {es256}).has_value());
    BOOST_TEST(code_of(oauth::verify_jwt(by(first), second.public_key(), {es256})) == oauth::errc::bad_signature);
    BOOST_TEST(code_of(oauth::verify_jwt(by(first), first.public_key(), {})) == oauth::errc::algorithm_not_allowed);
    BOOST_TEST(code_of(oauth::verify_jwt(by(first), example("RFC 7515 A.2").private_key().public_key(), {es256})) == oauth::errc::key_not_fit);
}

BOOST_AUTO_TEST_CASE(a_client_secret_is_the_key)
{
    oauth::secret const secret("a client secret of forty characters, yes");
    auto const made = oauth::sign_jwt(claims(), oauth::private_key::symmetric(secret).value(), hs256).value();
    auto const key = oauth::jwk::symmetric(secret).value();
    BOOST_TEST(oauth::verify_jwt(made.reveal(), key, {hs256}).has_value());
    BOOST_TEST(code_of(oauth::verify_jwt(made.reveal(), key, jws_algorithms::asymmetric())) == oauth::errc::algorithm_not_allowed);
    BOOST_TEST(code_of(oauth::verify_jwt(made.reveal(), oauth::jwk::symmetric(oauth::secret("another secret of forty characters, yes!")).value(), {hs256})) == oauth::errc::bad_signature);
}

BOOST_AUTO_TEST_CASE(payloads_that_are_no_claims)
{
    auto const key = oauth::private_key::generate(es256).value();
    struct
    {
        std::string payload;
        std::string_view hint;
    } const table[] = {
        {"", "the payload is not JSON"},
        {"text", "the payload is not JSON"},
        {"[]", "the payload is not a JSON object"},
        {"1", "the payload is not a JSON object"},
        {R"({"sub":"a","sub":"b"})", "the payload holds a member twice"},
        {R"({"sub":"a","s\u0075b":"b"})", "the payload holds a member twice"},
        {R"({"a":{"b":{"c":1,"c":1}}})", "the payload holds a member twice"},
        {"{\"sub\":\"\xff\"}", "the payload is not valid UTF-8"},
        {R"({"a":)" + std::string(16, '[') + std::string(16, ']') + "}", "the payload is nested too deeply"},
        {R"({}{})", "the payload is not JSON"},
        {std::string(example("RFC 7515 A.3").compact), "the payload is not JSON"},   // a token in a token
    };
    for (auto const& [payload, hint] : table)
    {
        auto const made = oauth::sign_jws({}, payload, key, es256).value();
        for (auto const& why : {oauth::verify_jwt(made.reveal(), key.public_key(), {es256}).error(), oauth::decode_unverified_jwt(made.reveal()).error()})
        {
            BOOST_TEST((why.code == oauth::error_code(oauth::errc::malformed_claims)));
            BOOST_TEST(why.hint == hint);
        }
    }
    // Claims are looked at only once the signature is good.
    BOOST_TEST(code_of(oauth::verify_jwt(token(R"({"alg":"ES256"})", "text"), key.public_key(), {es256})) == oauth::errc::bad_signature);
}

BOOST_AUTO_TEST_CASE(no_more_than_the_limit)
{
    auto const key = oauth::private_key::generate(es256).value();
    auto const made = oauth::sign_jwt(claims(), key, es256).value();
    BOOST_TEST(oauth::verify_jwt(made.reveal(), key.public_key(), {es256}, made.size()).has_value());
    BOOST_TEST(code_of(oauth::verify_jwt(made.reveal(), key.public_key(), {es256}, made.size() - 1)) == oauth::errc::token_too_large);
    BOOST_TEST(code_of(oauth::verify_jwt(made.reveal(), jwk_set({key.public_key()}), {es256}, made.size() - 1)) == oauth::errc::token_too_large);
    BOOST_TEST(code_of(oauth::decode_unverified_jwt(made.reveal(), made.size() - 1)) == oauth::errc::token_too_large);
}

BOOST_AUTO_TEST_CASE(unsigned_tokens_are_refused_everywhere)
{
    auto const key = oauth::private_key::generate(es256).value();
    for (auto const& text : {token(R"({"alg":"none"})", "{}", ""), token(R"({"alg":"NONE"})", "{}", "")})
    {
        BOOST_TEST(code_of(oauth::verify_jwt(text, jwk_set({key.public_key()}), jws_algorithms::asymmetric())) == oauth::errc::unsigned_token);
        BOOST_TEST(code_of(oauth::verify_jwt(text, key.public_key(), jws_algorithms::asymmetric())) == oauth::errc::unsigned_token);
        BOOST_TEST(code_of(oauth::decode_unverified_jwt(text)) == oauth::errc::unsigned_token);
    }
}

BOOST_AUTO_TEST_CASE(no_failure_says_what_was_in_the_token)
{
    auto const key = oauth::private_key::generate(es256).value();
    std::string const canary = "canary-7f3a";
    for (auto const& text : {canary, canary + "." + canary + "." + canary, token("{\"alg\":\"" + canary + "\"}", canary, canary), token("{\"alg\":\"ES256\",\"kid\":\"" + canary + "\"}", "{}"),
                             token(R"({"alg":"ES256"})", canary), token("{\"alg\":\"RS256\",\"" + canary + "\":1}", "{}"), token("{\"" + canary + "\":1,\"" + canary + "\":1}", "{}")})
        for (auto const& why : {oauth::verify_jwt(text, jwk_set({key.public_key().with_key_id("other")}), {es256}).error(), oauth::verify_jwt(text, key.public_key(), {es256}).error()})
            BOOST_TEST(describe(why).find(canary) == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
