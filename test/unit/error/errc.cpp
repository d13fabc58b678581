#include <oauth/error/errc.hpp>
#include <boost/test/unit_test.hpp>
#include <set>
#include <string>
#include <system_error>
#include <vector>

namespace {

// The values in use: those that have a message of their own. A gap has the message of an unknown value.
std::vector<oauth::errc> all_values()
{
    std::vector<oauth::errc> out;
    for (int value = 0; value < 1000; ++value)
        if (oauth::oauth_category().message(value) != "unknown oauth error") out.push_back(static_cast<oauth::errc>(value));
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(error_errc)

BOOST_AUTO_TEST_CASE(each_value_has_its_own_message)
{
    std::set<std::string> seen;
    auto const values = all_values();
    for (auto value : values)
    {
        auto const message = make_error_code(value).message();
        BOOST_TEST(!message.empty());
        BOOST_TEST(seen.insert(message).second, "message used twice: " << message);
    }
    BOOST_TEST(values.size() >= 50u);
}

// One of each group, and both ends: a group that lost its messages would show.
BOOST_AUTO_TEST_CASE(groups_are_complete)
{
    using enum oauth::errc;
    for (auto value : {invalid_url, insecure_url, url_has_fragment, url_has_userinfo, invalid_client, invalid_scope, missing_endpoint, invalid_authority, invalid_account,
             malformed_redirect, malformed_encoding, duplicate_parameter, redirect_uri_mismatch, state_missing, state_mismatch, issuer_missing, issuer_mismatch,
             code_missing, code_empty, code_and_error, sign_in_cancelled, authorization_expired, authorization_unreadable, too_many_parameters, bare_code_refused, response_too_large, response_not_json, response_not_an_object,
             response_too_deep, response_not_utf8, response_duplicate_member, response_wrong_type, response_missing_member, unexpected_content_type,
             unexpected_status, redirect_refused, unsupported_token_type, malformed_claims, response_bad_value, resolve_failed, connect_failed, connect_timeout, certificate_rejected,
             handshake_failed, handshake_timeout, exchange_timeout, connection_lost, malformed_http, store_unreadable, store_not_writable, store_insecure,
             store_from_newer_version, lock_timeout, no_session, session_ended, not_renewable, scope_not_granted, entropy_failed, browser_unavailable, port_in_use, receiver_failed,
             sign_in_timeout, input_closed, malformed_token, token_too_large, encrypted_token, unsigned_token, unsupported_algorithm, algorithm_not_allowed,
             unsupported_header, key_in_token, bad_signature, unknown_key, key_not_fit, malformed_key, unsupported_key, weak_key, private_key_exposed, malformed_key_set,
             key_unreadable, wrong_passphrase, malformed_certificate, certificate_mismatch, unsigned_request, claim_missing,
             token_issuer_mismatch, audience_mismatch, token_expired, token_not_yet_valid, authentication_too_old, nonce_mismatch, token_hash_mismatch, acr_mismatch, subject_mismatch,
             auth_time_mismatch})
        BOOST_TEST(make_error_code(value).message() != "unknown oauth error", "value " << static_cast<int>(value));
}

BOOST_AUTO_TEST_CASE(an_unknown_value_has_a_message_too)
{
    BOOST_TEST(oauth::oauth_category().message(0) == "unknown oauth error");
    BOOST_TEST(oauth::oauth_category().message(-1) == "unknown oauth error");
    BOOST_TEST(oauth::oauth_category().message(1'000'000) == "unknown oauth error");
}

BOOST_AUTO_TEST_CASE(is_an_error_code)
{
    oauth::error_code const code = oauth::errc::no_session;
    BOOST_TEST(code.failed());
    BOOST_TEST(code.value() == static_cast<int>(oauth::errc::no_session));
    BOOST_TEST(std::string(code.category().name()) == "oauth");
    BOOST_TEST((code == oauth::errc::no_session));
    BOOST_TEST((code != oauth::errc::session_ended));
    BOOST_TEST((code.category() == oauth::oauth_category()));
}

// The category is compared by its id, so that two copies of a header-only library in one process agree.
BOOST_AUTO_TEST_CASE(categories_are_compared_by_id)
{
    oauth::detail::errc_category const another;
    BOOST_TEST((another == oauth::oauth_category()));
    BOOST_TEST((oauth::oauth_category() != boost::system::system_category()));
}

BOOST_AUTO_TEST_CASE(converts_to_the_standard_error_code)
{
    std::error_code const code = oauth::error_code(oauth::errc::port_in_use);
    BOOST_TEST(code.message() == "the redirect URI's port is in use");
}

BOOST_AUTO_TEST_SUITE_END()
