#include <oauth/flow/detail/session_access.hpp>
#include <boost/test/unit_test.hpp>
#include "../../../support/failing_store.hpp"
#include "../../../support/printing.hpp"
#include "../../../support/sessions.hpp"
#include <chrono>
#include <string>

namespace {

using namespace oauth;
using namespace oauth::detail;
using namespace oauth::test;
using namespace std::chrono_literals;

session with(std::string refresh_token, std::string access_token, oauth::scope scope = "Mail.Read")
{
    return session_of(std::move(refresh_token), {issued(std::move(access_token), start + 1h, std::move(scope))});
}

struct desk
{
    failing_store store;
    session_cache cache{8};

    session_access<failing_store> access() { return {store, cache, "me", "the key"}; }
    std::string stored() { auto const value = store.inner().load("the key").value(); return value ? std::string(value->refresh_token.reveal()) : "nothing"; }
    std::string in_memory(oauth::scope const& scope = "Mail.Read") { return std::string(cache.find("me", scope, "", "", "").reveal()); }
    void store_has(session const& value) { store.inner().save("the key", value).value(); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(flow_detail_session_access)

BOOST_AUTO_TEST_CASE(what_is_read_and_written_is_in_memory_too)
{
    desk here;
    BOOST_TEST(!here.access().load()->value.has_value());
    here.store_has(with("r1", "a1"));
    auto const found = here.access().load();
    BOOST_TEST(found->value->refresh_token.reveal() == "r1");
    BOOST_TEST(!found->unsaved);
    BOOST_TEST(here.in_memory() == "a1");
    BOOST_TEST(here.access().save(with("r2", "a2")).has_value());
    BOOST_TEST(here.in_memory() == "a2");
    BOOST_TEST(here.stored() == "r2");
    BOOST_TEST(here.store.keys().back() == "the key");
    // Forgotten by another process.
    here.store.inner().erase("the key").value();
    BOOST_TEST(!here.access().load()->value.has_value());
    BOOST_TEST(here.in_memory() == "");
}

BOOST_AUTO_TEST_CASE(failures_pass_through_and_change_nothing)
{
    desk here;
    here.store_has(with("r1", "a1"));
    here.access().load().value();
    for (auto const* operation : {"load", "save", "probe"}) here.store.deny(operation);
    BOOST_TEST(here.access().load().has_error());
    BOOST_TEST(here.access().save(with("r2", "a2")).has_error());
    BOOST_TEST(here.access().probe().has_error());
    BOOST_TEST(here.access().probe().has_value());
    BOOST_TEST(here.in_memory() == "a1");
}

BOOST_AUTO_TEST_CASE(a_successor_is_held_till_it_is_saved)
{
    desk here;
    here.store_has(with("r1", "a1"));
    auto sessions = here.access();
    sessions.load().value();
    sessions.hold(with("r2", "a2"), held_as::successor);
    BOOST_TEST(here.in_memory() == "a2");
    BOOST_TEST(here.stored() == "r1");

    auto again = here.access();
    auto const found = again.load().value();
    BOOST_TEST(found.unsaved);
    BOOST_TEST(found.value->refresh_token.reveal() == "r2");
    // A second renewal that can't be saved either: it follows from what the store has, not from what was held.
    again.hold(with("r3", "a3"), held_as::successor);
    auto third = here.access();
    BOOST_TEST(third.load()->value->refresh_token.reveal() == "r3");
    BOOST_TEST(third.save(with("r3", "a3")).has_value());
    BOOST_TEST(!here.access().load()->unsaved);
    BOOST_TEST(here.stored() == "r3");
}

BOOST_AUTO_TEST_CASE(a_sibling_s_session_counts_more_than_a_successor)
{
    desk here;
    here.store_has(with("r1", "a1"));
    auto sessions = here.access();
    sessions.load().value();
    sessions.hold(with("r2", "a2"), held_as::successor);
    here.store_has(with("r9", "a9"));
    auto const found = here.access().load().value();
    BOOST_TEST(found.value->refresh_token.reveal() == "r9");
    BOOST_TEST(!found.unsaved);
    BOOST_TEST(here.in_memory() == "a9");

    // Forgotten by another process: what is held must not bring it back.
    here.access().load().value();
    auto later = here.access();
    later.load().value();
    later.hold(with("r10", "a10"), held_as::successor);
    here.store.inner().erase("the key").value();
    BOOST_TEST(!here.access().load()->value.has_value());
    BOOST_TEST(here.in_memory() == "");
}

BOOST_AUTO_TEST_CASE(a_sign_in_that_is_held_survives_a_renewal_s_save)
{
    desk here;
    here.store_has(with("r1", "a1"));
    auto renewing = here.access();
    renewing.load().value();
    here.access().hold(with("s1", "signed in"), held_as::replacement);   // it could not get the lock
    BOOST_TEST(renewing.save(with("r2", "a2")).has_value());
    BOOST_TEST(here.in_memory() == "signed in");
    auto later = here.access();
    auto const found = later.load().value();
    BOOST_TEST(found.unsaved);
    BOOST_TEST(found.value->refresh_token.reveal() == "s1");
    BOOST_TEST(later.save(*found.value).has_value());
    BOOST_TEST(here.stored() == "s1");
}

BOOST_AUTO_TEST_CASE(an_addition_goes_to_whatever_the_store_has)
{
    desk here;
    here.access().hold(with("", "added", "Calendars.Read"), held_as::addition);
    BOOST_TEST(here.in_memory("Calendars.Read") == "added");
    here.store_has(with("r1", "a1"));
    auto const found = here.access().load().value();
    BOOST_TEST(found.unsaved);
    BOOST_TEST(found.value->refresh_token.reveal() == "r1");
    BOOST_TEST(found.value->access_tokens.size() == 2U);
}

BOOST_AUTO_TEST_CASE(the_whole_session)
{
    desk here;
    BOOST_TEST(!here.access().whole()->has_value());
    here.store_has(with("r1", "a1"));
    BOOST_TEST((*here.access().whole())->refresh_token.reveal() == "r1");
    here.access().hold(with("", "added", "Calendars.Read"), held_as::addition);
    BOOST_TEST((*here.access().whole())->access_tokens.size() == 2U);
    here.store.deny("load", -1);
    BOOST_TEST(here.access().whole().has_error());   // an addition is but a part
    here.access().hold(with("s1", "signed in"), held_as::replacement);
    BOOST_TEST((*here.access().whole())->refresh_token.reveal() == "s1");
}

BOOST_AUTO_TEST_CASE(erased_in_memory_too)
{
    desk here;
    here.store_has(with("r1", "a1"));
    here.access().load().value();
    here.access().hold(with("s1", "signed in"), held_as::replacement);
    here.store.deny("erase");
    BOOST_TEST(here.access().erase().has_error());
    BOOST_TEST(here.in_memory() == "");
    BOOST_TEST(here.stored() == "r1");
    BOOST_TEST(here.access().erase().has_value());
    BOOST_TEST(here.stored() == "nothing");
    BOOST_TEST(!here.access().load()->value.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
