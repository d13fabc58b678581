#include <oauth/flow/flow.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/flow_fixture.hpp"
#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

// The store fails at each of its operations in turn, and nothing is lost: under a server that rotates strictly, one token that is spent twice ends the session.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;

struct own_grant
{
    static constexpr std::string_view grant_type = "refresh_token";
    secret token;
    std::string scope;
    void write(form& body) const { body.add("refresh_token", token.reveal()).add("scope", scope); }
};

/// A while later the session is alive, is in the store, and no refresh token was spent twice.
template <class Fixture>
void all_is_well(Fixture& here)
{
    BOOST_TEST(here.graph.access_token().has_value());
    here.let_it_expire();
    auto const token = here.graph.access_token();
    BOOST_TEST_REQUIRE(token.has_value());
    BOOST_TEST(here.server.accepts(token->reveal()));
    here.let_it_expire();
    BOOST_TEST(here.sibling().access_token().has_value());
    BOOST_TEST(here.server.counts().reuses_detected == 0U);
}

struct quick_config : default_config
{
    static constexpr std::chrono::milliseconds lock_timeout{30};
};

std::string key_of(failing_store const& store) { return store.keys().back(); }

} // namespace

BOOST_AUTO_TEST_SUITE(flow_flow_store_failures)

BOOST_AUTO_TEST_CASE(while_a_session_begins)
{
    for (std::string const operation : {"probe", "try_lock", "save"})
        BOOST_TEST_CONTEXT(operation)
        {
            flow_fixture here;
            here.store.deny(operation);
            auto pending = here.graph.authorize().value();
            auto const redirect = here.server.sign_in(pending.url);
            auto const outcome = here.graph.exchange(std::move(pending), redirect);
            BOOST_TEST(outcome.error().code == errc::store_not_writable);
            if (operation == "probe")
            {
                BOOST_TEST(here.server.counts().token_requests == 0U);
                BOOST_TEST(here.graph.access_token().error().code == errc::no_session);
                BOOST_TEST(here.graph.exchange(std::move(pending), redirect).has_value());   // the code is still good
            }
            else
            {
                // It is told once, and the tokens are there.
                BOOST_TEST(here.graph.session().value().has_value());
                BOOST_TEST(here.graph.access_token().has_value());
                BOOST_TEST(here.server.counts().token_requests == 1U);
            }
            all_is_well(here);
        }
}

BOOST_AUTO_TEST_CASE(while_a_session_is_replaced)
{
    for (std::string const operation : {"try_lock", "save"})
        BOOST_TEST_CONTEXT(operation)
        {
            flow_fixture here;
            here.sign_in().value();
            here.store.deny(operation);
            BOOST_TEST(here.sign_in().has_error());
            auto const kept = here.graph.session().value();
            BOOST_TEST(here.token() == kept->access_tokens.at(0).reveal());
            all_is_well(here);
            BOOST_TEST(here.server.counts().code_exchanges == 2U);
        }
}

BOOST_AUTO_TEST_CASE(while_it_is_renewed)
{
    for (std::string const operation : {"load", "try_lock", "probe", "save"})
        BOOST_TEST_CONTEXT(operation)
        {
            flow_fixture here;
            here.sign_in().value();
            here.let_it_expire();
            here.store.deny(operation);
            auto const outcome = here.graph.access_token();
            BOOST_TEST(outcome.error().code == errc::store_not_writable);
            // After a failed save the new token is there; before it, nothing was spent.
            BOOST_TEST(here.server.refresh_count() == (operation == "save" ? 1U : 0U));
            auto const token = here.graph.access_token();
            BOOST_TEST(here.server.accepts(token.value().reveal()));
            BOOST_TEST(here.server.refresh_count() == 1U);
            all_is_well(here);
        }
}

BOOST_AUTO_TEST_CASE(while_grants_add_to_it)
{
    for (std::string const operation : {"probe", "try_lock", "load", "save"})
        BOOST_TEST_CONTEXT(operation)
        {
            auto options = example_options();
            options.rotation = testing::rotation::lenient;
            auto who = example_client();
            who.scope = "offline_access Mail.Read Mail.Send";
            flow_fixture here(options, who);
            here.sign_in().value();
            auto const before = here.graph.session().value();
            here.store.deny(operation);
            auto const outcome = here.graph.obtain(own_grant{before->refresh_token, "Mail.Send"});
            BOOST_TEST(outcome.has_error());
            // The session that was there is still there, with the addition.
            auto const kept = here.graph.session().value();
            BOOST_TEST_REQUIRE(kept.has_value());
            BOOST_TEST(!kept->refresh_token.empty());
            BOOST_TEST((kept->refresh_token == before->refresh_token) == (operation == "probe"));
            all_is_well(here);
            BOOST_TEST(!(here.sibling().session().value()->refresh_token == before->refresh_token));
        }
}

BOOST_AUTO_TEST_CASE(again_and_again)
{
    // Three renewals none of which can be saved, then the disk has room again.
    flow_fixture here;
    here.sign_in().value();
    for (int i = 0; i < 3; ++i)
    {
        here.let_it_expire();
        here.store.deny("save");
        BOOST_TEST(here.graph.access_token().error().code == errc::store_not_writable);
        BOOST_TEST(here.graph.access_token().has_value());
    }
    BOOST_TEST(here.server.refresh_count() == 3U);
    all_is_well(here);
}

BOOST_AUTO_TEST_CASE(for_a_long_time)
{
    // Neither read nor written: what is in memory serves as long as it lives, and nothing is spent.
    flow_fixture here;
    here.sign_in().value();
    auto const first = here.token();
    for (auto const* operation : {"load", "save", "probe", "erase", "try_lock"}) here.store.deny(operation, -1);
    here.clock.advance(3500s);
    BOOST_TEST(here.token() == first);
    here.let_it_expire();
    BOOST_TEST(here.graph.access_token().error().code == errc::store_not_writable);
    BOOST_TEST(here.graph.session().has_error());
    BOOST_TEST(here.server.refresh_count() == 0U);
    for (auto const* operation : {"load", "save", "probe", "erase", "try_lock"}) here.store.deny(operation, 0);
    all_is_well(here);
}

BOOST_AUTO_TEST_CASE(a_sign_in_that_is_held_is_not_undone_by_what_was_put_aside)
{
    flow_fixture here;
    here.store.deny("save");
    BOOST_TEST(here.sign_in().has_error());
    auto const first = here.token();
    here.let_it_expire();
    here.store.deny("load", 1, failure(errc::store_unreadable, advice::sign_in_again, "put aside"));
    BOOST_TEST(here.graph.access_token().error().code == errc::store_unreadable);
    BOOST_TEST(here.graph.access_token().has_value());
    BOOST_TEST(here.token() != first);
    all_is_well(here);
}

BOOST_AUTO_TEST_CASE(a_busy_lock)
{
    flow_fixture<quick_config> here;
    here.sign_in().value();
    auto const first = here.token();
    auto held = here.store.inner().try_lock(key_of(here.store)).value();
    BOOST_TEST_REQUIRE(held.has_value());
    here.clock.advance(3400s);
    BOOST_TEST(here.token() == first);   // at once: another is renewing it
    here.let_it_expire();
    auto const began = std::chrono::steady_clock::now();
    BOOST_TEST(here.graph.access_token().error().code == errc::lock_timeout);
    BOOST_TEST((std::chrono::steady_clock::now() - began >= 10ms));
    // A new sign-in is held, and wins: only to save it is tried again.
    auto const held_in_memory = here.sign_in().error();
    BOOST_TEST(held_in_memory.code == errc::lock_timeout);
    BOOST_TEST((held_in_memory.next == advice::retry));
    auto const second = here.token();
    held.reset();
    BOOST_TEST(here.token() == second);
    all_is_well(here);
    // Forgetting does not wait for ever.
    held = here.store.inner().try_lock(key_of(here.store)).value();
    BOOST_TEST(here.graph.forget().has_value());
    BOOST_TEST(here.graph.access_token().error().code == errc::no_session);
}

// An exception is told as such, and costs no more than a failure does.
BOOST_AUTO_TEST_CASE(a_store_that_throws_while_a_session_begins)
{
    for (std::string const operation : {"probe", "try_lock", "save"})
        BOOST_TEST_CONTEXT(operation)
        {
            flow_fixture here;
            here.store.break_off(operation);
            auto pending = here.graph.authorize().value();
            auto const redirect = here.server.sign_in(pending.url);
            BOOST_CHECK_THROW((void)here.graph.exchange(std::move(pending), redirect), std::runtime_error);
            bool const spent = operation != "probe";
            BOOST_TEST(pending.code_verifier.empty() == spent);
            BOOST_TEST(here.graph.session().value().has_value() == spent);
            if (!spent) BOOST_TEST(here.graph.exchange(std::move(pending), redirect).has_value());
            BOOST_TEST(here.graph.access_token().has_value());
            BOOST_TEST(here.server.counts().token_requests == 1U);
            all_is_well(here);
        }
}

BOOST_AUTO_TEST_CASE(a_store_that_throws_while_it_is_renewed)
{
    for (std::string const operation : {"load", "try_lock", "probe", "save"})
        BOOST_TEST_CONTEXT(operation)
        {
            flow_fixture here;
            here.sign_in().value();
            here.let_it_expire();
            here.store.break_off(operation);
            BOOST_CHECK_THROW((void)here.graph.access_token(), std::runtime_error);
            BOOST_TEST(here.server.refresh_count() == (operation == "save" ? 1U : 0U));
            BOOST_TEST(here.server.accepts(here.token()));
            BOOST_TEST(here.server.refresh_count() == 1U);
            all_is_well(here);
        }
}

BOOST_AUTO_TEST_CASE(a_store_that_throws_while_grants_add_to_it)
{
    for (std::string const operation : {"probe", "try_lock", "load", "save"})
        BOOST_TEST_CONTEXT(operation)
        {
            auto options = example_options();
            options.rotation = testing::rotation::lenient;
            flow_fixture here(options);
            here.sign_in().value();
            auto const before = here.graph.session().value();
            here.store.break_off(operation);
            BOOST_CHECK_THROW((void)here.graph.obtain(own_grant{before->refresh_token, "Mail.Read"}), std::runtime_error);
            auto const kept = here.graph.session().value();
            BOOST_TEST_REQUIRE(kept.has_value());
            BOOST_TEST((kept->refresh_token == before->refresh_token) == (operation == "probe"));
            all_is_well(here);
        }
}

BOOST_AUTO_TEST_CASE(a_store_that_throws_while_it_is_forgotten)
{
    for (std::string const operation : {"try_lock", "erase"})
        BOOST_TEST_CONTEXT(operation)
        {
            flow_fixture here;
            here.sign_in().value();
            here.store.break_off(operation);
            BOOST_CHECK_THROW((void)here.graph.forget(), std::runtime_error);
            BOOST_TEST(here.graph.forget().has_value());
            BOOST_TEST(here.graph.access_token().error().code == errc::no_session);
        }
}

BOOST_AUTO_TEST_CASE(a_store_that_throws_again_and_again)
{
    flow_fixture here;
    here.sign_in().value();
    for (int i = 0; i < 3; ++i)
    {
        here.let_it_expire();
        here.store.break_off("save");
        BOOST_CHECK_THROW((void)here.graph.access_token(), std::runtime_error);
        BOOST_TEST(here.graph.access_token().has_value());
    }
    BOOST_TEST(here.server.refresh_count() == 3U);
    all_is_well(here);
}

// Exceptions of a policy pass through; the lock is given back.
BOOST_AUTO_TEST_CASE(a_policy_that_throws)
{
    struct throwing_transport
    {
        result<http_response> send(http_request) { throw std::runtime_error("thrown"); }
    };
    flow_fixture here;
    here.sign_in().value();
    here.let_it_expire();
    flow<throwing_transport, failing_store, testing::manual_clock> throwing{here.server.metadata(), example_client(), here.store, here.clock};
    BOOST_CHECK_THROW((void)throwing.access_token(), std::runtime_error);
    all_is_well(here);
}

BOOST_AUTO_TEST_SUITE_END()
