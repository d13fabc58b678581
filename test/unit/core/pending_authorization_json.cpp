#include <oauth/core/pending_authorization_json.hpp>
#include <oauth/core/session_json.hpp>
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <random>
#include <string>
#include <string_view>

namespace {

oauth::time_point at(std::int64_t count) { return oauth::time_point(oauth::seconds(count)); }

oauth::pending_authorization sample()
{
    oauth::pending_authorization out;
    out.url = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=1&state=s";
    out.state = "state-canary";
    out.code_verifier = oauth::secret("verifier-canary");
    out.nonce = "nonce-canary";
    out.redirect_uri = "http://localhost:8400/";
    out.issuer = "https://login.microsoftonline.com/common/v2.0";
    out.issuer_promised = true;
    out.signed_response = true;
    out.authenticated_after = at(1699990000);
    out.requested = "openid offline_access";
    out.resource = "r";
    out.claims = R"({"access_token":{}})";
    out.created_at = at(1700000000);
    return out;
}

void check_equal(oauth::pending_authorization const& a, oauth::pending_authorization const& b)
{
    BOOST_TEST(a.url == b.url);
    BOOST_TEST(a.state == b.state);
    BOOST_TEST((a.code_verifier == b.code_verifier));
    BOOST_TEST(a.nonce == b.nonce);
    BOOST_TEST(a.redirect_uri == b.redirect_uri);
    BOOST_TEST(a.issuer == b.issuer);
    BOOST_TEST(a.issuer_promised == b.issuer_promised);
    BOOST_TEST((a.bare_code == b.bare_code));
    BOOST_TEST(a.signed_response == b.signed_response);
    BOOST_TEST((a.authenticated_after == b.authenticated_after));
    BOOST_TEST(a.requested.str() == b.requested.str());
    BOOST_TEST(a.resource == b.resource);
    BOOST_TEST(a.claims == b.claims);
    BOOST_TEST((a.created_at == b.created_at));
    BOOST_TEST((a.url_expires_at == b.url_expires_at));
}

void check_unreadable(std::string_view text)
{
    BOOST_TEST_CONTEXT("text: " << oauth::escaped(text, 200))
    {
        auto const read = oauth::pending_authorization_from_json(text);
        BOOST_TEST_REQUIRE(!read.has_value());
        BOOST_TEST((read.error().code == oauth::errc::authorization_unreadable));
        BOOST_TEST((read.error().next == oauth::advice::sign_in_again));
        BOOST_TEST(oauth::describe(read.error()).find("canary") == std::string::npos);
    }
}

std::string replaced(std::string text, std::string_view what, std::string_view with)
{
    auto const found = text.find(what);
    BOOST_TEST_REQUIRE(found != std::string::npos, "the sample lacks " << what);
    return text.replace(found, what.size(), with);
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_pending_authorization_json)

BOOST_AUTO_TEST_CASE(the_format_is_the_one_that_is_promised)
{
    BOOST_TEST(oauth::to_json(sample()).reveal()
               == R"({"version":1,"url":"https://login.microsoftonline.com/common/oauth2/v2.0/authorize?client_id=1&state=s","state":"state-canary",)"
                  R"("code_verifier":"verifier-canary","nonce":"nonce-canary","redirect_uri":"http://localhost:8400/",)"
                  R"("issuer":"https://login.microsoftonline.com/common/v2.0","issuer_promised":true,"signed_response":true,"authenticated_after":1699990000,"requested":"openid offline_access","resource":"r",)"
                  R"("claims":{"base64url":"eyJhY2Nlc3NfdG9rZW4iOnt9fQ"},"created_at":1700000000})");
}

BOOST_AUTO_TEST_CASE(round_trip)
{
    auto const check_round_trip = [](oauth::pending_authorization const& value) {
        auto const back = oauth::pending_authorization_from_json(oauth::to_json(value).reveal());
        BOOST_TEST_REQUIRE(back.has_value());
        check_equal(value, *back);
    };
    check_round_trip({});
    check_round_trip(sample());
    std::mt19937 random(7);
    auto const text = [&random] {
        std::string out(random() % 70, '\0');
        for (auto& c : out) c = static_cast<char>(random() % 256);
        return out;
    };
    for (int round = 0; round < 200; ++round)
    {
        oauth::pending_authorization value;
        value.url = text();
        value.state = text();
        value.code_verifier = oauth::secret(text());
        value.nonce = text();
        value.redirect_uri = text();
        value.issuer = text();
        value.issuer_promised = random() % 2 == 0;
        value.requested = text();
        value.resource = text();
        value.claims = text();
        value.created_at = at(static_cast<std::int64_t>(random()) - (1 << 30));
        if (random() % 2 == 0) value.url_expires_at = at(static_cast<std::int64_t>(random()) - (1 << 30));
        check_round_trip(value);
    }
}

BOOST_AUTO_TEST_CASE(the_end_of_a_pushed_request_is_kept)
{
    auto value = sample();
    value.url_expires_at = at(1700000060);
    auto const text = oauth::to_json(value);
    BOOST_TEST(text.reveal().ends_with(R"("created_at":1700000000,"url_expires_at":1700000060})"));
    check_equal(value, oauth::pending_authorization_from_json(text.reveal()).value());
    for (auto const* bad : {"null", "\"1700000060\"", "1.5", "{}"}) check_unreadable(replaced(std::string(text.reveal()), "1700000060}", std::string(bad) + '}'));
}

BOOST_AUTO_TEST_CASE(whether_a_bare_code_will_do_is_kept)
{
    auto value = sample();
    value.bare_code = oauth::bare_code::refused;
    std::string const refused(oauth::to_json(value).reveal());
    BOOST_TEST(refused.ends_with(R"("created_at":1700000000,"bare_code_refused":true})"));
    check_equal(value, oauth::pending_authorization_from_json(refused).value());
    value.bare_code = oauth::bare_code::accepted;
    std::string const accepted(oauth::to_json(value).reveal());
    BOOST_TEST(accepted.ends_with(R"("created_at":1700000000,"bare_code_accepted":true})"));
    check_equal(value, oauth::pending_authorization_from_json(accepted).value());
    for (auto const* bad : {"null", "\"true\"", "1", "{}"}) check_unreadable(replaced(refused, "\"bare_code_refused\":true", "\"bare_code_refused\":" + std::string(bad)));
    // The stricter of both counts.
    auto const both = oauth::pending_authorization_from_json(replaced(accepted, "\"bare_code_accepted\"", "\"bare_code_refused\":true,\"bare_code_accepted\"")).value();
    BOOST_TEST((both.bare_code == oauth::bare_code::refused));
}

BOOST_AUTO_TEST_CASE(unknown_members_are_ignored)
{
    auto const text = replaced(std::string(oauth::to_json(sample()).reveal()), "{\"version\"", "{\"more\":{\"x\":[1,2]},\"version\"");
    auto const read = oauth::pending_authorization_from_json(text);
    BOOST_TEST_REQUIRE(read.has_value());
    check_equal(sample(), *read);
}

BOOST_AUTO_TEST_CASE(what_is_not_one_is_refused)
{
    for (auto const* text : {"", "null", "[]", "{}", "{\"version\":1}", "{\"version\":2}", "{\"version\":0}", "canary"}) check_unreadable(text);
    check_unreadable(oauth::to_json(oauth::session{}).reveal());
    BOOST_TEST(!oauth::session_from_json(oauth::to_json(sample()).reveal()).has_value());

    std::string const whole(oauth::to_json(sample()).reveal());
    for (std::size_t size = 0; size < whole.size(); ++size) check_unreadable(whole.substr(0, size));
    check_unreadable(whole + std::string(1 << 20, ' '));
    check_unreadable(whole + "x");

    for (auto const* member :
        {"version", "url", "state", "code_verifier", "nonce", "redirect_uri", "issuer", "issuer_promised", "requested", "resource", "claims", "created_at"})
    {
        auto const name = '"' + std::string(member) + "\":";
        check_unreadable(replaced(whole, name, "\"x\":"));
        for (auto const* bad : {"null", "[]", "{}", "1.5", "{\"base64url\":\"!\"}"}) check_unreadable(replaced(whole, name, name + bad + ",\"x\":"));
    }
    check_unreadable(replaced(whole, "\"issuer_promised\":true", "\"issuer_promised\":\"true\""));
    check_unreadable(replaced(whole, "\"issuer_promised\":true", "\"issuer_promised\":1"));
    check_unreadable(replaced(whole, "\"created_at\":1700000000", "\"created_at\":\"1700000000\""));
    check_unreadable(replaced(whole, "\"state\":\"state-canary\"", "\"state\":1"));
}

BOOST_AUTO_TEST_SUITE_END()
