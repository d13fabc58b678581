#include "../../../example/support/token_check.hpp"
#include <oauth/testing/manual_clock.hpp>
#include <oauth/testing/scripted_transport.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/id_tokens.hpp"
#include "../../support/jose.hpp"
#include <atomic>
#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace {

using namespace oauth;
using namespace std::chrono_literals;
using test::issued_now;
using test_support::code_of;

constexpr char jwks_uri[] = "https://login.microsoftonline.com/common/discovery/v2.0/keys";
constexpr char api[] = "11111111-2222-4333-8444-555555555555";
constexpr char tenant[] = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
constexpr char other_tenant[] = "bbbbbbbb-bbbb-4ccc-8ddd-eeeeeeeeeeee";
constexpr char user[] = "33333333-aaaa-4bbb-8ccc-444444444444";

std::string issuer_of(std::string_view whose) { return "https://login.microsoftonline.com/" + std::string(whose) + "/v2.0"; }

/// The claims of an access token for the API, with one of them changed; without it where `value` is null.
boost::json::object claims_with(std::string_view name = "ver", boost::json::value value = "2.0")
{
    auto const at = issued_now.time_since_epoch().count();
    boost::json::object claims{{"iss", issuer_of(tenant)}, {"tid", tenant}, {"oid", user}, {"aud", api}, {"nbf", at}, {"exp", at + 3600}, {"scp", "files access_as_user"}, {"name", "Alex"}};
    if (value.is_null()) claims.erase(name);
    else claims[name] = std::move(value);
    return claims;
}

std::string signed_by(private_key const& key, char const* key_id, boost::json::object const& claims)
{
    return std::string(sign_jwt(claims, key, jws_algorithm::es256, {{"kid", key_id}}).value().reveal());
}

/// What the server publishes: one key.
std::string published(private_key const& key, char const* key_id, std::string_view issuer = {})
{
    auto members = key.public_key().json();
    members["kid"] = key_id;
    if (!issuer.empty()) members["issuer"] = issuer;
    return boost::json::serialize(boost::json::object{{"keys", boost::json::array{std::move(members)}}});
}

std::string published() { return published(test::server_key(), "k1"); }

private_key const& next_key()
{
    static private_key const key = private_key::generate(jws_algorithm::es256).value();
    return key;
}

server_metadata server_of(std::string_view whose)
{
    server_metadata out;
    out.issuer = issuer_of(whose);
    out.jwks_uri = endpoint(jwks_uri);
    return out;
}

struct api_of_any_tenant
{
    testing::scripted_transport line;
    testing::manual_clock clock{issued_now};
    example::token_check<testing::scripted_transport, testing::manual_clock> check{server_of("{tenantid}"), api, "access_as_user", line, clock};

    void publishes(std::string body) { line.expect_get(jwks_uri).reply(200, std::move(body)); }
    void is_down() { line.expect_get(jwks_uri).fail(errc::connect_failed); }
    errc why(boost::json::object const& claims) { return code_of(check(test::signed_token(claims))); }
    errc why_not(char const* key_id) { return code_of(check(signed_by(test::server_key(), key_id, claims_with()))); }
    std::size_t fetches() const { return line.sent().size(); }
};

/// Takes so long to answer that somebody else can come meanwhile.
class waiting_line
{
    struct shared
    {
        std::latch asked{1}, may_answer{1};
        std::atomic<bool> waits{false}, was_asked{false}, answers{false};
    };
    std::shared_ptr<shared> shared_ = std::make_shared<shared>();

public:
    result<http_response> send(http_request) const
    {
        if (!shared_->waits) return http_response{200, {{"Content-Type", "application/json"}}, secret(published())};
        if (!shared_->was_asked.exchange(true)) shared_->asked.count_down();
        shared_->may_answer.wait();
        return failure(errc::connect_failed, advice::retry);
    }
    void wait_from_now_on() { shared_->waits = true; }
    void until_asked() { shared_->asked.wait(); }
    void answer() { if (!shared_->answers.exchange(true)) shared_->may_answer.count_down(); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(example_token_check)

BOOST_FIXTURE_TEST_CASE(tells_who_calls, api_of_any_tenant)
{
    publishes(published());
    auto const caller = check(test::signed_token(claims_with())).value();
    BOOST_TEST(caller.tenant_id == tenant);
    BOOST_TEST(caller.object_id == user);
    BOOST_TEST(caller.name == "Alex");
    BOOST_TEST(line.done(), line.report());
}

BOOST_FIXTURE_TEST_CASE(refuses_what_is_well_signed_but_not_meant_for_it, api_of_any_tenant)
{
    publishes(published());
    auto const at = issued_now.time_since_epoch().count();
    struct
    {
        char const* name;
        boost::json::value value;
        errc why;
    } const rows[] = {
        {"iss", nullptr, errc::token_issuer_mismatch},
        {"iss", "https://login.example/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee/v2.0", errc::token_issuer_mismatch},
        {"iss", boost::json::string(issuer_of("contoso.onmicrosoft.com")), errc::token_issuer_mismatch},
        {"iss", boost::json::string(issuer_of(other_tenant)), errc::token_issuer_mismatch},
        {"tid", other_tenant, errc::token_issuer_mismatch},
        {"tid", "login", errc::claim_missing},   // stands in the issuer, too
        {"tid", nullptr, errc::claim_missing},
        {"oid", nullptr, errc::claim_missing},
        {"oid", "alex", errc::claim_missing},
        {"aud", nullptr, errc::audience_mismatch},
        {"aud", "00000003-0000-0000-c000-000000000000", errc::audience_mismatch},
        {"aud", boost::json::array{"another", api}, errc::audience_mismatch},
        {"exp", nullptr, errc::token_expired},
        {"exp", "soon", errc::token_expired},
        {"exp", -1, errc::token_expired},
        {"exp", at - 60, errc::token_expired},
        {"exp", INT64_MAX, errc::token_expired},
        {"nbf", at + 61, errc::token_not_yet_valid},
        {"scp", nullptr, errc::scope_not_granted},
        {"scp", "access_as_user.read access_as", errc::scope_not_granted},
        {"scp", "Access_As_User", errc::scope_not_granted},
    };
    for (auto const& row : rows) BOOST_TEST(why(claims_with(row.name, row.value)) == row.why, row.name << ' ' << row.value);
    BOOST_TEST(check(test::signed_token(claims_with("exp", at - 59))).has_value());   // clocks differ
    BOOST_TEST(check(test::signed_token(claims_with("nbf", at + 60))).has_value());
    BOOST_TEST(fetches() == 1u);
}

BOOST_FIXTURE_TEST_CASE(refuses_what_is_not_well_signed, api_of_any_tenant)
{
    publishes(published());
    BOOST_TEST(code_of(check(signed_by(next_key(), "k1", claims_with()))) == errc::bad_signature);
    for (std::string_view const token : {"", ".", "..", "nonsense", "eyJhbGciOiJub25lIn0.eyJzY3AiOiJhY2Nlc3NfYXNfdXNlciJ9."}) BOOST_TEST(check(token).has_error(), token);
}

BOOST_FIXTURE_TEST_CASE(a_key_signs_for_its_own_issuer_only, api_of_any_tenant)
{
    publishes(published(test::server_key(), "k1", issuer_of(other_tenant)));
    BOOST_TEST(why(claims_with()) == errc::token_issuer_mismatch);
    clock.advance(24h);
    publishes(published(test::server_key(), "k1", issuer_of("{tenantid}")));
    auto const at = clock.now().time_since_epoch().count();
    BOOST_TEST(check(test::signed_token(claims_with("exp", at + 60))).has_value());
}

BOOST_AUTO_TEST_CASE(one_tenant_s_api_takes_no_other_tenant_s_users)
{
    testing::scripted_transport line;
    line.expect_get(jwks_uri).reply(200, published());
    example::token_check check(server_of(tenant), api, "access_as_user", line, testing::manual_clock(issued_now));
    BOOST_TEST(check(test::signed_token(claims_with())).has_value());
    auto claims = claims_with("iss", boost::json::string(issuer_of(other_tenant)));
    claims["tid"] = other_tenant;
    BOOST_TEST(code_of(check(test::signed_token(claims))) == errc::token_issuer_mismatch);
}

BOOST_FIXTURE_TEST_CASE(a_withdrawn_key_is_gone_after_a_day, api_of_any_tenant)
{
    auto const at = issued_now.time_since_epoch().count();
    auto const lasting = claims_with("exp", at + 30 * 86400);
    publishes(published());
    BOOST_TEST(check(test::signed_token(lasting)).has_value());
    clock.advance(24h - 1s);
    BOOST_TEST(check(test::signed_token(lasting)).has_value());
    clock.advance(1s);
    publishes(published(next_key(), "k2"));
    BOOST_TEST(why(lasting) == errc::unknown_key);
    BOOST_TEST(check(signed_by(next_key(), "k2", lasting)).has_value());
    BOOST_TEST(line.done(), line.report());
}

BOOST_FIXTURE_TEST_CASE(nonsense_makes_it_ask_every_five_minutes_at_most, api_of_any_tenant)
{
    publishes(published());
    BOOST_TEST(check(test::signed_token(claims_with())).has_value());
    for (int i = 0; i < 10; ++i) BOOST_TEST(why_not("nonsense") == errc::unknown_key);
    clock.advance(5min - 1s);
    BOOST_TEST(why_not("nonsense") == errc::unknown_key);
    BOOST_TEST(fetches() == 1u);
    clock.advance(1s);
    publishes(published(next_key(), "k2"));
    BOOST_TEST(check(signed_by(next_key(), "k2", claims_with())).has_value());
    BOOST_TEST(line.done(), line.report());
}

BOOST_FIXTURE_TEST_CASE(neither_does_it_in_an_outage, api_of_any_tenant)
{
    publishes(published());
    BOOST_TEST(check(test::signed_token(claims_with())).has_value());
    clock.advance(10min);
    is_down();
    for (int i = 0; i < 10; ++i) BOOST_TEST(why_not("nonsense") == errc::unknown_key);
    BOOST_TEST(check(test::signed_token(claims_with())).has_value());
    BOOST_TEST(fetches() == 2u);
    clock.advance(5min);
    is_down();
    BOOST_TEST(why_not("nonsense") == errc::unknown_key);
    BOOST_TEST(line.done(), line.report());
}

BOOST_FIXTURE_TEST_CASE(before_the_first_keys_are_there_it_asks_sooner, api_of_any_tenant)
{
    is_down();
    for (int i = 0; i < 10; ++i) BOOST_TEST(why(claims_with()) == errc::connect_failed);
    BOOST_TEST(fetches() == 1u);
    clock.advance(5s);
    publishes(published());
    BOOST_TEST(check(test::signed_token(claims_with())).has_value());
    BOOST_TEST(line.done(), line.report());
}

BOOST_FIXTURE_TEST_CASE(in_an_outage_the_old_keys_serve_for_a_week, api_of_any_tenant)
{
    auto const at = issued_now.time_since_epoch().count();
    auto const lasting = claims_with("exp", at + 30 * 86400);
    publishes(published());
    BOOST_TEST(check(test::signed_token(lasting)).has_value());
    clock.advance(24h);
    is_down();
    for (int i = 0; i < 10; ++i) BOOST_TEST(check(test::signed_token(lasting)).has_value());
    BOOST_TEST(fetches() == 2u);
    clock.advance(6 * 24h);
    is_down();
    for (int i = 0; i < 10; ++i) BOOST_TEST(why(lasting) == errc::connect_failed);
    BOOST_TEST(fetches() == 3u);
    clock.advance(5s);
    publishes(published());
    BOOST_TEST(check(test::signed_token(lasting)).has_value());
    BOOST_TEST(line.done(), line.report());
}

BOOST_AUTO_TEST_CASE(nobody_whose_key_is_known_waits_for_a_server_that_hangs)
{
    waiting_line line;
    testing::manual_clock clock(issued_now);
    example::token_check check(server_of("{tenantid}"), api, "access_as_user", line, clock);
    auto const good = test::signed_token(claims_with("exp", issued_now.time_since_epoch().count() + 3 * 86400));
    BOOST_TEST(check(good).has_value());
    clock.advance(10min);
    line.wait_from_now_on();
    std::jthread const other([&] { static_cast<void>(check(signed_by(test::server_key(), "nonsense", claims_with()))); });
    line.until_asked();
    auto const goes_on = [&] {
        auto others = std::async(std::launch::async, [&] { return check(good).has_value(); });
        auto const done = others.wait_for(20s);
        if (done != std::future_status::ready) line.answer();
        return done == std::future_status::ready && others.get();
    };
    BOOST_TEST(goes_on());
    clock.advance(24h);
    BOOST_TEST(goes_on());   // nor where the keys are old
    line.answer();
}

BOOST_AUTO_TEST_SUITE_END()
