#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/flow_fixture.hpp"
#include <chrono>
#include <string>
#include <utility>
#include <vector>

// What an observer is told, so that a program can keep each rotated token: golang/oauth2#84.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

struct told
{
    happening what;
    std::string account;
    error_code why;   // none: 0

    friend bool operator==(told const&, told const&) = default;
};

std::vector<told> log_of_all;

struct observed : default_config
{
    static void observe(observation const& seen) noexcept { log_of_all.push_back({seen.what, std::string(seen.account), seen.why ? seen.why->code : error_code()}); }
};

std::string to_text(std::vector<told> const& log)
{
    std::string out;
    for (auto const& one : log) (((out += to_string(one.what)) += ' ') += one.account) += one.why ? " (" + one.why.message() + "); " : "; ";
    return out;
}

std::string taken() { return to_text(std::exchange(log_of_all, {})); }

http_request request() { return {http_method::post, "https://api.example/greet", {}, {}, secret("world")}; }

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_observed)

// A default that costs nothing: it can be called where nothing is known but at compile time.
static_assert((default_config::observe(observation{happening::fell_back, "x"}), true));

BOOST_AUTO_TEST_CASE(of_each_token)
{
    log_of_all.clear();
    flow_fixture<observed> here;
    BOOST_TEST(here.graph.access_token().has_error());
    BOOST_TEST(taken() == "renewal_failed default (nobody is signed in); ");
    account const ann{"ann"};
    here.sign_in(ann).value();
    BOOST_TEST(taken() == "");
    here.graph.access_token(ann).value();
    BOOST_TEST(taken() == "served_from_memory ann; ");
    auto other = here.sibling();
    other.access_token(ann).value();
    BOOST_TEST(taken() == "served_from_store ann; ");
    // A renewal, which rotates the refresh token.
    here.let_it_expire();
    here.graph.access_token(ann).value();
    BOOST_TEST(taken() == "renewal_asked ann; renewal_saved ann; ");
    other.access_token(ann).value();
    BOOST_TEST(taken() == "served_from_store ann; ");
    here.graph.refresh({}, ann).value();
    BOOST_TEST(taken() == "renewal_asked ann; renewal_saved ann; ");
    // It can't be saved, and later it can.
    here.store.deny("save");
    BOOST_TEST(here.graph.refresh({}, ann).has_error());
    BOOST_TEST(taken() == "renewal_asked ann; renewal_not_saved ann (the session can't be stored); ");
    here.let_it_expire();
    here.graph.access_token(ann).value();
    BOOST_TEST(taken() == "renewal_asked ann; renewal_saved ann; ");
    // An outage within the margin, and beyond it.
    here.clock.advance(3400s);
    here.line.refuse_next();
    here.graph.access_token(ann).value();
    BOOST_TEST(taken() == "renewal_asked ann; fell_back ann (no connection to the server); ");
    here.let_it_expire();
    here.server.fail_next(testing::fault::too_many_requests);
    BOOST_TEST(here.graph.access_token(ann).has_error());
    BOOST_TEST(taken() == "renewal_asked ann; renewal_failed ann (the server answered with an HTTP error); ");
    BOOST_TEST(here.graph.access_token(ann).has_error());
    BOOST_TEST(taken() == "renewal_failed ann (the server answered with an HTTP error); ");   // the server was not asked
}

BOOST_AUTO_TEST_CASE(of_calls)
{
    log_of_all.clear();
    flow_fixture<observed> here;
    here.sign_in().value();
    here.graph.call(request()).value();
    BOOST_TEST(taken() == "served_from_memory default; ");
    here.server.revoke_access_tokens();
    here.graph.call(request()).value();
    BOOST_TEST(taken() == "served_from_memory default; renewal_asked default; renewal_saved default; ");
    here.server.revoke_all();
    BOOST_TEST(here.graph.call(request()).has_error());
    BOOST_TEST(taken() == "served_from_memory default; renewal_asked default; renewal_failed default (the server refused: invalid_grant); ");
}

BOOST_AUTO_TEST_SUITE_END()
