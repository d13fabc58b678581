#include <oauth/flow/detail/held_session.hpp>
#include <boost/test/unit_test.hpp>
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

held_session held(held_as how, session value, char const* follows = "") { return {std::move(value), how, secret(follows)}; }

std::string token_of(session const& kept, oauth::scope const& scope = "Mail.Read") { return std::string(kept.find(scope, "", "", "").reveal()); }

} // namespace

BOOST_AUTO_TEST_SUITE(flow_detail_held_session)

BOOST_AUTO_TEST_CASE(a_successor_counts_while_the_store_has_what_it_follows)
{
    auto const mine = held(held_as::successor, with("r2", "a2"), "r1");
    BOOST_TEST(!is_superseded(mine, with("r1", "a1")));
    BOOST_TEST(is_superseded(mine, with("r9", "a9")));   // a sibling was there
    BOOST_TEST(is_superseded(mine, with("", "a1")));     // it has ended
    BOOST_TEST(is_superseded(mine, std::nullopt));       // it was forgotten: it must not come back
    auto const whole = as_it_is(with("r1", "a1"), mine);
    BOOST_TEST(whole.refresh_token.reveal() == "r2");
    BOOST_TEST(token_of(whole) == "a2");
}

BOOST_AUTO_TEST_CASE(a_replacement_counts_always)
{
    auto const mine = held(held_as::replacement, with("r2", "a2"));
    for (auto const& stored : {std::optional<session>(), std::optional(with("r1", "a1", "Calendars.Read"))})
    {
        BOOST_TEST(!is_superseded(mine, stored));
        auto const whole = as_it_is(stored, mine);
        BOOST_TEST(whole.refresh_token.reveal() == "r2");
        BOOST_TEST(whole.access_tokens.size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(an_addition_is_added)
{
    auto more = with("", "a2", "Calendars.Read");
    more.id_token = secret("i2");
    auto const mine = held(held_as::addition, more);
    BOOST_TEST(!is_superseded(mine, std::nullopt));
    BOOST_TEST(token_of(as_it_is(std::nullopt, mine), "Calendars.Read") == "a2");

    auto stored = with("r1", "a1");
    stored.id_token = secret("i1");
    stored.id_token_trusted = true;
    stored.refresh_token_expires_at = start;
    auto whole = as_it_is(stored, mine);
    BOOST_TEST(whole.refresh_token.reveal() == "r1");
    BOOST_TEST((whole.refresh_token_expires_at == start));
    BOOST_TEST(whole.id_token.reveal() == "i2");
    BOOST_TEST(!whole.id_token_trusted);
    BOOST_TEST(token_of(whole) == "a1");
    BOOST_TEST(token_of(whole, "Calendars.Read") == "a2");

    whole = as_it_is(stored, held(held_as::addition, with("r2", "a2")));
    BOOST_TEST(whole.refresh_token.reveal() == "r2");
    BOOST_TEST(!whole.refresh_token_expires_at.has_value());
    auto ended = stored;
    ended.granted = "Mail.Read";
    ended.ended = "why";
    auto granted = with("r2", "a2");
    granted.granted = "Mail.Send";
    auto const anew = as_it_is(ended, held(held_as::addition, granted));
    BOOST_TEST(anew.granted.str() == "Mail.Send");
    BOOST_TEST(anew.ended == "");
    auto const still = as_it_is(ended, held(held_as::addition, with("", "a2")));
    BOOST_TEST(still.granted.str() == "Mail.Read");
    BOOST_TEST(still.ended == "why");
    BOOST_TEST(whole.id_token.reveal() == "i1");
    BOOST_TEST(whole.id_token_trusted);
    BOOST_TEST(token_of(whole) == "a2");
    BOOST_TEST(whole.access_tokens.size() == 1U);
}

BOOST_AUTO_TEST_CASE(what_is_held_one_after_the_other)
{
    struct
    {
        char const* what;
        held_session before, made;
        bool knew;
        held_as how;
        char const *follows, *refresh_token, *mail, *calendar;
    } const rows[] = {
        {"a sign-in ends all", held(held_as::successor, with("r2", "a2"), "r1"), held(held_as::replacement, with("r5", "a5")), false, held_as::replacement, "", "r5", "a5", ""},
        {"a second renewal: the store still has r1", held(held_as::successor, with("r2", "a2"), "r1"), held(held_as::successor, with("r3", "a3"), "r1"), true,
         held_as::successor, "r1", "r3", "a3", ""},
        {"a renewal of a sign-in", held(held_as::replacement, with("r2", "a2")), held(held_as::successor, with("r3", "a3"), "r0"), true, held_as::replacement, "", "r3", "a3", ""},
        {"a sign-in came during a renewal", held(held_as::replacement, with("r5", "a5")), held(held_as::successor, with("r3", "a3"), "r1"), false, held_as::replacement, "",
         "r5", "a5", ""},
        {"a renewal that knew the addition", held(held_as::addition, with("", "c1", "Calendars.Read")), held(held_as::successor, with("r3", "a3"), "r1"), true,
         held_as::successor, "r1", "r3", "a3", ""},
        {"an addition came during a renewal", held(held_as::addition, with("", "c1", "Calendars.Read")), held(held_as::successor, with("r3", "a3"), "r1"), false,
         held_as::successor, "r1", "r3", "a3", "c1"},
        {"an addition to a successor", held(held_as::successor, with("r2", "a2"), "r1"), held(held_as::addition, with("", "c1", "Calendars.Read")), false,
         held_as::successor, "r1", "r2", "a2", "c1"},
        {"an addition to a sign-in", held(held_as::replacement, with("r2", "a2")), held(held_as::addition, with("", "c1", "Calendars.Read")), false, held_as::replacement, "",
         "r2", "a2", "c1"},
        {"two additions", held(held_as::addition, with("", "c1", "Calendars.Read")), held(held_as::addition, with("r2", "a2")), false, held_as::addition, "", "r2", "a2", "c1"},
    };
    for (auto const& given : rows)
        BOOST_TEST_CONTEXT(given.what)
        {
            auto const made = unite(given.before, given.made, given.knew);
            BOOST_TEST((made.how == given.how));
            if (made.how == held_as::successor) BOOST_TEST(made.follows.reveal() == given.follows);
            BOOST_TEST(made.value.refresh_token.reveal() == given.refresh_token);
            BOOST_TEST(token_of(made.value) == given.mail);
            BOOST_TEST(token_of(made.value, "Calendars.Read") == given.calendar);
        }
}

BOOST_AUTO_TEST_SUITE_END()
