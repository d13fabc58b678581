#include <oauth/oidc/check_id_token.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/id_tokens.hpp"
#include "../../support/printing.hpp"
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using boost::json::array;

result<id_token> check(boost::json::object const& claims, id_token_expectations const& expected = expectations(), time_point now = issued_now)
{
    return check_id_token(signed_token(claims), *server_keys(), expected, now);
}

void refused(result<id_token> const& outcome, errc why, advice next)
{
    BOOST_TEST_REQUIRE(outcome.has_error());
    BOOST_TEST(outcome.error().code == make_error_code(why), "it says " << outcome.error().code.message());
    BOOST_TEST(outcome.error().next == next);
}

} // namespace

BOOST_AUTO_TEST_SUITE(oidc_check_id_token)

BOOST_AUTO_TEST_CASE(a_good_one)
{
    auto claims = good_claims();
    claims["name"] = "Alex Example";
    claims["roles"] = array{"reader"};
    auto const who = check(claims);
    BOOST_TEST_REQUIRE(who.has_value());
    BOOST_TEST(who->subject == "alex");
    BOOST_TEST(who->issuer == "https://login.example");
    BOOST_TEST(who->audience == std::vector<std::string>{"the client"});
    BOOST_TEST((who->expires_at == issued_now + 1h));
    BOOST_TEST(who->name.value() == "Alex Example");
    BOOST_TEST(who->extra.size() == 1u);
    BOOST_TEST(who->extra.at("roles").as_array().size() == 1u);
}

// OpenID Connect Core 3.1.3.7, one row a rule.
BOOST_AUTO_TEST_CASE(claims_that_are_wrong)
{
    auto const at = issued_now.time_since_epoch().count();
    struct row
    {
        char const* claim;
        boost::json::value value;
        errc why;
        advice next;
    };
    std::vector<row> const rows{
        {"iss", nullptr, errc::claim_missing, advice::give_up},
        {"iss", 7, errc::malformed_claims, advice::give_up},
        {"iss", "https://login.example/", errc::token_issuer_mismatch, advice::fix_configuration},
        {"iss", "https://LOGIN.example", errc::token_issuer_mismatch, advice::fix_configuration},
        {"sub", nullptr, errc::claim_missing, advice::give_up},
        {"sub", "", errc::malformed_claims, advice::give_up},
        {"sub", boost::json::string(256, 's'), errc::malformed_claims, advice::give_up},
        {"sub", 12, errc::malformed_claims, advice::give_up},
        {"aud", nullptr, errc::claim_missing, advice::give_up},
        {"aud", "another", errc::audience_mismatch, advice::fix_configuration},
        {"aud", array{}, errc::malformed_claims, advice::give_up},
        {"aud", array{"the client", 1}, errc::malformed_claims, advice::give_up},
        {"aud", array{"another", "the client"}, errc::audience_mismatch, advice::give_up},   // and no azp
        {"azp", "another", errc::audience_mismatch, advice::give_up},
        {"azp", 1, errc::malformed_claims, advice::give_up},
        {"exp", nullptr, errc::claim_missing, advice::give_up},
        {"exp", "soon", errc::malformed_claims, advice::give_up},
        {"exp", -1, errc::malformed_claims, advice::give_up},
        {"exp", 1e300, errc::malformed_claims, advice::give_up},
        {"exp", at - 300, errc::token_expired, advice::fix_configuration},
        {"iat", nullptr, errc::claim_missing, advice::give_up},
        {"iat", at + 301, errc::token_not_yet_valid, advice::fix_configuration},
        {"nbf", at + 301, errc::token_not_yet_valid, advice::fix_configuration},
        {"nbf", true, errc::malformed_claims, advice::give_up},
        {"nonce", nullptr, errc::nonce_mismatch, advice::sign_in_again},
        {"nonce", "n-2", errc::nonce_mismatch, advice::sign_in_again},
        {"nonce", 1, errc::malformed_claims, advice::give_up},
    };
    for (auto const& [claim, value, why, next] : rows)
        BOOST_TEST_CONTEXT(claim << " = " << value) refused(check(claims_with(claim, value)), why, next);
}

BOOST_AUTO_TEST_CASE(claims_that_will_do)
{
    auto const at = issued_now.time_since_epoch().count();
    std::vector<std::pair<char const*, boost::json::value>> const rows{
        {"exp", at - 299}, {"exp", static_cast<double>(at) + 10.5}, {"iat", at + 300}, {"iat", at - 3600}, {"nbf", at + 300}, {"aud", array{"the client"}}, {"azp", "the client"},
        {"name", 7}, {"email_verified", "true"}, {"auth_time", 0},
    };
    for (auto const& [claim, value] : rows) BOOST_TEST_CONTEXT(claim << " = " << value) BOOST_TEST(check(claims_with(claim, value)).has_value());
    auto several = claims_with("aud", array{"another", "the client"});
    several["azp"] = "the client";
    BOOST_TEST(check(several).has_value());
}

BOOST_AUTO_TEST_CASE(clocks_differ_either_way)
{
    auto expected = expectations();
    expected.leeway = 0s;
    refused(check(good_claims(), expected, issued_now - 1s), errc::token_not_yet_valid, advice::fix_configuration);
    BOOST_TEST(check(good_claims(), expected, issued_now).has_value());
    BOOST_TEST(check(good_claims(), expected, issued_now + 3599s).has_value());
    auto const late = check(good_claims(), expected, issued_now + 3600s);
    refused(late, errc::token_expired, advice::fix_configuration);
    BOOST_TEST(late.error().hint == "by 0 s: check this machine's clock");
    // Entra writes an iat of five minutes ago.
    BOOST_TEST(check(claims_with("iat", issued_now.time_since_epoch().count() - 300), expected, issued_now).has_value());
}

BOOST_AUTO_TEST_CASE(a_nonce_that_nobody_sent)
{
    auto expected = expectations();
    expected.nonce = "";
    refused(check(good_claims(), expected), errc::nonce_mismatch, advice::sign_in_again);
    BOOST_TEST(check(claims_with("nonce", nullptr), expected).has_value());
    expected.nonce.reset();
    BOOST_TEST(check(good_claims(), expected).has_value());
}

BOOST_AUTO_TEST_CASE(how_long_ago_and_how_the_user_signed_in)
{
    auto const at = issued_now.time_since_epoch().count();
    auto expected = expectations();
    expected.max_age = 60s;
    refused(check(good_claims(), expected), errc::claim_missing, advice::give_up);
    BOOST_TEST(check(claims_with("auth_time", at - 360), expected).has_value());
    refused(check(claims_with("auth_time", at - 361), expected), errc::authentication_too_old, advice::sign_in_again);
    refused(check(claims_with("auth_time", at + 301), expected), errc::token_not_yet_valid, advice::fix_configuration);
    expected = expectations();
    expected.acr_values = {"silver", "gold"};
    refused(check(good_claims(), expected), errc::acr_mismatch, advice::sign_in_again);
    refused(check(claims_with("acr", "bronze"), expected), errc::acr_mismatch, advice::sign_in_again);
    BOOST_TEST(check(claims_with("acr", "gold"), expected).has_value());
    auto some = expectations();
    some.acr_required = true;
    refused(check(good_claims(), some), errc::acr_mismatch, advice::sign_in_again);
    BOOST_TEST(check(claims_with("acr", "bronze"), some).has_value());
}

// OpenID Connect Core A.3 and A.4 have these values, for RS256; the hash goes by the algorithm's size.
BOOST_AUTO_TEST_CASE(hashes_of_token_and_code)
{
    secret const token("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), code("Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk");
    BOOST_TEST(detail::fits_hash(token, "77QmUPtjPfzWtF2AnpK9RQ", jws_algorithm::rs256));
    BOOST_TEST(detail::fits_hash(code, "LDktKdoQak3Pk0cnXxCltA", jws_algorithm::rs256));
    BOOST_TEST(!detail::fits_hash(code, "LDktKdoQak3Pk0cnXxCltA", jws_algorithm::rs384));
    auto expected = expectations();
    expected.access_token = token;
    expected.code = code;
    BOOST_TEST(check(claims_with("at_hash", "77QmUPtjPfzWtF2AnpK9RQ"), expected).has_value());
    BOOST_TEST(check(claims_with("c_hash", "LDktKdoQak3Pk0cnXxCltA"), expected).has_value());
    refused(check(claims_with("at_hash", "77QmUPtjPfzWtF2AnpK9RR"), expected), errc::token_hash_mismatch, advice::give_up);
    refused(check(claims_with("c_hash", ""), expected), errc::token_hash_mismatch, advice::give_up);
    refused(check(claims_with("at_hash", 1), expected), errc::malformed_claims, advice::give_up);
}

// The issuer of `common` is a template; the tenant in it must be the token's, and the key must be the issuer's.
BOOST_AUTO_TEST_CASE(microsofts_template)
{
    std::string const tenant = "11111111-aaaa-4bbb-8ccc-222222222222", other = "33333333-aaaa-4bbb-8ccc-222222222222";
    auto expected = expectations();
    expected.issuer = "https://login.microsoftonline.com/{tenantid}/v2.0";
    std::string const issuer = "https://login.microsoftonline.com/" + tenant + "/v2.0";
    auto claims = claims_with("iss", boost::json::string(issuer));
    BOOST_TEST(check(claims, expected).has_value());
    claims["tid"] = boost::json::string(tenant);
    auto const who = check(claims, expected);
    BOOST_TEST_REQUIRE(who.has_value());
    BOOST_TEST(who->tenant_id.value() == tenant);
    claims["tid"] = boost::json::string(other);
    refused(check(claims, expected), errc::token_issuer_mismatch, advice::give_up);
    claims["tid"] = "";
    refused(check(claims, expected), errc::token_issuer_mismatch, advice::give_up);
    refused(check(claims_with("iss", "https://login.microsoftonline.com/common/v2.0"), expected), errc::token_issuer_mismatch, advice::fix_configuration);

    // An alias may be the template.
    std::swap(expected.issuer, expected.issuer_alias);
    expected.issuer = "https://login.microsoftonline.com/contoso.com/v2.0";
    BOOST_TEST(check(claims_with("iss", boost::json::string(expected.issuer)), expected).has_value());
    refused(check(claims, expected), errc::token_issuer_mismatch, advice::give_up);
    claims["tid"] = boost::json::string(tenant);
    BOOST_TEST(check(claims, expected).has_value());
    std::swap(expected.issuer, expected.issuer_alias);

    auto const with_issuer = [&](std::string const& owner) {
        auto key = server_key().public_key().json();
        key["issuer"] = owner;
        key["kid"] = "k1";
        return jwk_set(std::vector<jwk>{jwk::parse(key).value()});
    };
    claims["tid"] = boost::json::string(tenant);
    auto const text = signed_token(claims);
    BOOST_TEST(check_id_token(text, with_issuer("https://login.microsoftonline.com/{tenantid}/v2.0"), expected, issued_now).has_value());
    BOOST_TEST(check_id_token(text, with_issuer(issuer), expected, issued_now).has_value());
    // The key of personal accounts does not sign for a directory.
    refused(check_id_token(text, with_issuer("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0"), expected, issued_now), errc::token_issuer_mismatch, advice::give_up);
}

BOOST_AUTO_TEST_CASE(signatures_that_are_wrong)
{
    auto const text = signed_token(good_claims());
    refused(check_id_token(text, *other_keys(), expectations(), issued_now), errc::unknown_key, advice::retry);
    auto forged = text;
    forged[forged.find('.') + 3] ^= 1;
    BOOST_TEST(check_id_token(forged, *server_keys(), expectations(), issued_now).has_error());
    auto expected = expectations();
    expected.algorithms = {jws_algorithm::rs256};
    refused(check_id_token(text, *server_keys(), expected, issued_now), errc::algorithm_not_allowed, advice::fix_configuration);
    refused(check_id_token(signed_token(good_claims(), {{"typ", "at+jwt"}}), *server_keys(), expectations(), issued_now), errc::malformed_token, advice::give_up);
    BOOST_TEST(check_id_token(signed_token(good_claims(), {{"typ", "jwt"}}), *server_keys(), expectations(), issued_now).has_value());
}

BOOST_AUTO_TEST_CASE(a_kept_one_may_be_old)
{
    auto const text = signed_token(good_claims());
    BOOST_TEST(check_kept_id_token(text, *server_keys(), expectations()).has_value());
    auto expected = expectations();
    expected.client_id = "another";
    refused(check_kept_id_token(text, *server_keys(), expected), errc::audience_mismatch, advice::fix_configuration);
    refused(check_kept_id_token(text, *other_keys(), expectations()), errc::unknown_key, advice::retry);
}

// Whose signature was verified when it came: all but that is looked at.
BOOST_AUTO_TEST_CASE(a_kept_one_that_is_trusted)
{
    auto const text = signed_token(good_claims());
    auto broken = text;
    broken[broken.size() - 10] = broken[broken.size() - 10] == 'A' ? 'B' : 'A';
    for (auto const& each : {text, broken, signed_token(claims_with("exp", 1)), signed_token(claims_with("nonce", nullptr))})
    {
        auto const who = check_id_token_without_signature(each, expectations());
        BOOST_TEST_REQUIRE(who.has_value(), (who.has_error() ? describe(who.error()) : ""));
        BOOST_TEST(who->subject == "alex");
    }
    auto expected = expectations();
    expected.client_id = "another";
    refused(check_id_token_without_signature(text, expected), errc::audience_mismatch, advice::fix_configuration);
    expected = expectations();
    expected.issuer = "https://other.example";
    refused(check_id_token_without_signature(text, expected), errc::token_issuer_mismatch, advice::fix_configuration);
    expected = expectations();
    expected.algorithms = {jws_algorithm::rs256};
    refused(check_id_token_without_signature(text, expected), errc::algorithm_not_allowed, advice::fix_configuration);
    refused(check_id_token_without_signature(signed_token(good_claims(), {{"typ", "at+jwt"}}), expectations()), errc::malformed_token, advice::give_up);
    refused(check_id_token_without_signature(signed_token(claims_with("sub", nullptr)), expectations()), errc::claim_missing, advice::give_up);
    BOOST_TEST(check_id_token_without_signature("e30.e30.", expectations()).has_error());
}

// OpenID Connect Core 12.2, one row a rule. A claim that is null is left out.
BOOST_AUTO_TEST_CASE(what_comes_with_a_renewal)
{
    using claims = std::vector<std::pair<char const*, boost::json::value>>;
    auto const at = issued_now.time_since_epoch().count();
    auto const read = [](claims const& changes) {
        auto all = good_claims();
        for (auto const& [name, value] : changes)
        {
            if (value.is_null()) all.erase(name);
            else all[name] = value;
        }
        return id_token::read(std::move(all)).value();
    };
    struct row
    {
        claims first, renewed;
        std::optional<errc> why;
    };
    for (auto const& [first, renewed, why] : std::vector<row>{
             {{}, {}, {}},
             {{}, {{"exp", at + 9999}, {"iat", at + 3600}, {"name", "Other"}, {"acr", "x"}}, {}},
             {{}, {{"iss", "https://other.example"}}, errc::token_issuer_mismatch},
             {{}, {{"iss", "https://login.example/"}}, errc::token_issuer_mismatch},
             {{}, {{"iss", "http://login.example"}}, errc::token_issuer_mismatch},
             {{{"iss", "https://accounts.google.com"}}, {{"iss", "accounts.google.com"}}, {}},
             {{{"iss", "accounts.google.com"}}, {{"iss", "https://accounts.google.com"}}, {}},
             {{}, {{"sub", "blake"}}, errc::subject_mismatch},
             {{}, {{"sub", "Alex"}}, errc::subject_mismatch},
             {{}, {{"aud", "another"}}, errc::audience_mismatch},
             {{}, {{"aud", array{"another", "the client"}}, {"azp", "the client"}}, {}},
             {{{"aud", array{"another", "the client"}}, {"azp", "the client"}}, {}, {}},
             {{{"aud", array{"another", "the client"}}, {"azp", "the client"}}, {{"aud", "another"}}, errc::audience_mismatch},
             {{}, {{"azp", "another"}}, errc::audience_mismatch},
             {{}, {{"azp", "the client"}}, {}},
             {{{"azp", "the client"}}, {}, {}},
             {{{"azp", "the client"}}, {{"azp", "another"}}, errc::audience_mismatch},
             {{{"auth_time", at}}, {{"auth_time", at}}, {}},
             {{{"auth_time", at}}, {{"auth_time", at + 1}}, errc::auth_time_mismatch},
             {{{"auth_time", at}}, {}, {}},
             {{}, {{"auth_time", at}}, {}},
             {{}, {{"nonce", nullptr}}, {}},
             {{{"nonce", nullptr}}, {}, {}},   // an earlier renewal brought none
             {{}, {{"nonce", "n-2"}}, errc::nonce_mismatch},
             {{}, {{"nonce", ""}}, errc::nonce_mismatch},
         })
    {
        auto const outcome = check_renewed_id_token(read(renewed), read(first));
        BOOST_TEST_CONTEXT((renewed.empty() ? "nothing" : renewed.front().first) << " after " << (first.empty() ? "nothing" : first.front().first))
        {
            BOOST_TEST(outcome.has_error() == why.has_value());
            if (!outcome.has_error() || !why) continue;
            BOOST_TEST(outcome.error().code == make_error_code(*why), "it says " << outcome.error().code.message());
            BOOST_TEST(outcome.error().next == advice::sign_in_again);
            BOOST_TEST(describe(outcome.error()).find("blake") == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(no_failure_tells_what_was_in_the_token)
{
    auto const text = signed_token(claims_with("aud", "CANARY"));
    auto const outcome = check_id_token(text, *server_keys(), expectations(), issued_now);
    BOOST_TEST_REQUIRE(outcome.has_error());
    BOOST_TEST(describe(outcome.error()).find("CANARY") == std::string::npos);
    BOOST_TEST(describe(outcome.error()).find("alex") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
