#include <oauth/machine/renewal.hpp>
#include <oauth/core/session_json.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/machine_script.hpp"
#include "../../support/sessions.hpp"
#include <array>
#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

// Which scope a renewal names, what it makes of a server that grants less, how a session ends, and what it tells.
namespace {

using namespace oauth;
using namespace oauth::test;
using namespace std::chrono_literals;
using parameters = machine_script<renewal>::parameters;
using enum happening;

renewal_wish wish(oauth::scope scope = "Mail.Read")
{
    renewal_wish made;
    made.terms = {scope, "", "", 600s, "https://graph.microsoft.com/", scope};
    return made;
}

auto renewing(renewal_wish wished = wish(), time_point now = start)
{
    return machine_script([wished] { return renewal(wished); }, now);
}

parameters sends(std::string scope = "")
{
    parameters made{{"grant_type", "refresh_token"}, {"refresh_token", "r1"}};
    if (!scope.empty()) made["scope"] = std::move(scope);
    return made;
}

session granted(oauth::scope scope, std::vector<issued_token> tokens = {})
{
    auto made = session_of("r1", std::move(tokens));
    made.granted = std::move(scope);
    return made;
}

/// As if the server had answered with `scope` when it was asked for `requested`.
issued_token narrowed(std::string value, time_point expires_at, oauth::scope requested, oauth::scope scope)
{
    auto made = issued(std::move(value), expires_at, std::move(requested));
    made.granted = std::move(scope);
    made.narrowed = true;
    return made;
}

std::string with_scope(std::string const& scope) { return R"("expires_in":3600,"scope":")" + scope + '"'; }

void any(session&) {}

std::function<void(result<renewed>)> gives(std::string token)
{
    return [token](result<renewed> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_value());
        BOOST_TEST(outcome->token.reveal() == token);
    };
}

std::function<void(result<renewed>)> fails_with(error_code why, advice next, std::string hint = "")
{
    return [=](result<renewed> outcome) {
        BOOST_TEST_REQUIRE(outcome.has_error());
        BOOST_TEST(outcome.error().code == why);
        BOOST_TEST(outcome.error().next == next);
        BOOST_TEST(outcome.error().hint.find(hint) != std::string::npos, outcome.error().hint);
    };
}

} // namespace

BOOST_AUTO_TEST_SUITE(machine_renewal_scopes)

BOOST_AUTO_TEST_CASE(the_scope_is_named_where_it_was_not_granted)
{
    struct
    {
        char const* what;
        oauth::scope granted, wished;
        name_scope names;
        std::string sent;
        oauth::scope named = {};
    } const rows[] = {
        {"what was granted", "Mail.Read", "Mail.Read", name_scope::when_needed, ""},
        {"a part of it", "Mail.Read Mail.Send", "Mail.Read", name_scope::when_needed, ""},
        {"what was granted, in the server's own words", "mail.read openid", "openid https://graph.microsoft.com/Mail.Read offline_access", name_scope::when_needed, ""},
        {"another", "Mail.Read", "Mail.Send", name_scope::when_needed, "Mail.Send"},
        {"more", "User.Read", "openid User.Read Mail.Send", name_scope::when_needed, "openid User.Read Mail.Send"},
        {"who the user is", "openid", "openid offline_access", name_scope::when_needed, ""},
        {"nothing", "Mail.Read", "", name_scope::when_needed, ""},
        {"nobody knows what", "", "Mail.Read", name_scope::when_needed, "Mail.Read"},
        {"always", "Mail.Read", "Mail.Read", name_scope::always, "Mail.Read"},
        {"always, nothing", "Mail.Read", "", name_scope::always, ""},
        {"never", "User.Read", "Mail.Send", name_scope::never, ""},
        {"in other words", "Mail.Read", "Mail.Read https://management.azure.com/.default", name_scope::always, "Mail.Read", "Mail.Read"},
    };
    for (auto const& given : rows)
        BOOST_TEST_CONTEXT(given.what)
        {
            auto wished = wish(given.wished);
            wished.names_scope = given.names;
            wished.named = given.named;
            auto const kept = granted(given.granted);
            renewing(wished).load(kept).lock().load(kept).probe().ask(sends(given.sent), token_answer("a2", "r2")).save([&](session& saved) {
                BOOST_TEST(saved.granted.str() == given.granted.str());
                BOOST_TEST(saved.access_tokens.at(0)->requested.str() == given.wished.str());
            }).unlock().ends(gives("a2"));
        }
}

BOOST_AUTO_TEST_CASE(a_session_of_an_earlier_version_is_known_by_its_tokens)
{
    auto of_client = issued("app", start, "Files.Read");
    of_client.of_client = true;
    auto other = issued("other", start, "Calendars.Read");
    other.resource = "https://other.example";
    auto const kept = granted("", {issued("a1", start, "Mail.Read Mail.Send"), other, narrowed("n", start, "x y", "x"), of_client});
    for (auto const& [scope, sent] : std::vector<std::pair<std::string, std::string>>{{"Mail.Read Mail.Send", ""}, {"Mail.Send", ""}, {"Calendars.Read", ""}, {"x y", "x y"}, {"x", ""}, {"Files.Read", "Files.Read"}})
        renewing(wish(scope)).load(kept).lock().load(kept).probe().ask(sends(sent), token_answer("a2", "r2")).save(any).unlock().ends(gives("a2"));
}

BOOST_AUTO_TEST_CASE(what_is_renewed_without_a_name_is_what_was_granted)
{
    auto const kept = granted("Mail.Read Mail.Send");
    renewing().load(kept).lock().load(kept).probe().ask(sends(), token_answer("a2", "r2", with_scope("Mail.Read"))).save([](session& saved) {
        BOOST_TEST(saved.granted.str() == "Mail.Read");
    }).unlock().ends(gives("a2"));
    // One that no session can hold says nothing.
    std::string endless;
    for (int i = 0; i < 1025; ++i) endless += std::to_string(i) + ' ';
    renewing().load(kept).lock().load(kept).probe().ask(sends(), token_answer("a2", "r2", with_scope(endless))).save([](session& saved) {
        BOOST_TEST(saved.granted.str() == "Mail.Read Mail.Send");
        BOOST_TEST(session_from_json(to_json(saved).reveal()).has_value());
    }).unlock().ends(gives("a2"));
    // By commas it says what others say by blanks.
    auto by_commas = wish();
    by_commas.terms.scope_by_commas = true;
    renewing(by_commas).load(kept).lock().load(kept).probe().ask(sends(), token_answer("a2", "r2", with_scope("Mail.Read,Files.Read"))).save([](session& saved) {
        BOOST_TEST(saved.granted.str() == "Mail.Read Files.Read");
    }).unlock().ends(gives("a2"));
    // With a name it says nothing of the rest.
    renewing(wish("Files.Read")).load(kept).lock().load(kept).probe().ask(sends("Files.Read"), token_answer("a2", "r2", with_scope("Files.Read"))).save([](session& saved) {
        BOOST_TEST(saved.granted.str() == "Mail.Read Mail.Send");
    }).unlock().ends(gives("a2"));
}

BOOST_AUTO_TEST_CASE(a_server_that_grants_less)
{
    auto const wished = wish("Mail.Read Mail.Send");
    auto const kept = granted("Mail.Read");
    auto script = renewing(wished);
    script.load(kept).lock().load(kept).probe().ask(sends("Mail.Read Mail.Send"), token_answer("a2", "r2", with_scope("Mail.Read")));
    auto const saves = [](session& saved) {
        BOOST_TEST(saved.refresh_token.reveal() == "r2");   // what the server gave is kept all the same
        BOOST_TEST_REQUIRE(saved.access_tokens.size() == 1U);
        BOOST_TEST(saved.access_tokens[0]->narrowed);
        BOOST_TEST(saved.find("Mail.Read", "", "", "").reveal() == "a2");
    };
    auto const refused = fails_with(errc::scope_not_granted, advice::consent, "not granted: Mail.Send;");
    auto full = script;
    script.save(saves).unlock().ends(refused).tells({renewal_saved, renewal_failed});
    full.save(saves).fails(failure(errc::store_not_writable, advice::retry)).hold(held_as::successor, saves).unlock().ends(refused).tells({renewal_not_saved, renewal_failed});

    // It is known as long as that token lives; the server is not asked again.
    auto const known = granted("Mail.Read", {narrowed("a2", start + 1h, "Mail.Read Mail.Send", "Mail.Read")});
    renewing(wished).load(known).ends(refused).tells({renewal_failed});
    renewing(wished).load(kept).lock().load(known).unlock().ends(refused);   // another has found it out meanwhile
    renewing(wish("Mail.Read")).load(known).ends(gives("a2")).tells({served_from_store});
    renewing(wished, start + 1h).load(known).lock().load(known).probe().ask(sends("Mail.Read Mail.Send"), token_answer("a3", "r2")).save(any).unlock().ends(gives("a3"));
    // Nor is it a last resort.
    auto const soon = granted("Mail.Read", {narrowed("a2", start + 10s, "Mail.Read Mail.Send", "Mail.Read")});
    renewing(wished).load(soon).lock().fails(failure(errc::lock_timeout, advice::retry)).ends(fails_with(errc::lock_timeout, advice::retry));
    auto at_hand = wished;
    at_hand.at_hand = known.access_tokens[0];
    renewing(at_hand).load({}).fails(failure(errc::store_unreadable, advice::retry)).ends(fails_with(errc::store_unreadable, advice::retry));

    // Whoever asks anew asks; and whoever wants the answer has it.
    auto anew = wished;
    anew.when = renew_when::always;
    auto again = renewing(anew);
    again.load(known).lock().load(known).probe().ask(sends("Mail.Read Mail.Send"), token_answer("a3", "r2", with_scope("Mail.Read"))).save(any).unlock().ends(refused);
    anew.answer_suffices = true;
    renewing(anew).load(known).lock().load(known).probe().ask(sends("Mail.Read Mail.Send"), token_answer("a3", "r2", with_scope("Mail.Read"))).save(any).unlock().ends(gives("a3"));
    // Where nothing is expected, nothing is missing.
    auto content = wished;
    content.terms.expected = {};
    renewing(content).load(kept).lock().load(kept).probe().ask(sends("Mail.Read Mail.Send"), token_answer("a2", "r2", with_scope("Mail.Read"))).save([](session& saved) {
        BOOST_TEST(!saved.access_tokens.at(0)->narrowed);
    }).unlock().ends(gives("a2"));
}

BOOST_AUTO_TEST_CASE(an_older_token_never_takes_the_place_of_the_new_one)
{
    // It has expired, and covers what is wished for; what the server gave does not.
    auto const kept = granted("x", {issued("old", start, "x Mail.Read Mail.Send")});
    renewing(wish("Mail.Read Mail.Send"))
        .load(kept).lock().load(kept).probe().ask(sends("Mail.Read Mail.Send"), token_answer("a2", "r2", with_scope("Mail.Read"))).save(any).unlock()
        .ends(fails_with(errc::scope_not_granted, advice::consent, "Mail.Send"));
}

BOOST_AUTO_TEST_CASE(a_scope_beyond_what_was_granted_is_refused)   // RFC 6749 5.2
{
    auto const kept = granted("Mail.Read");
    auto const wider = wish("Mail.Send");
    renewing(wider).load(kept).lock().load(kept).probe().ask(sends("Mail.Send"), refusal("invalid_scope")).unlock().ends(
        fails_with(server_errc::invalid_scope, advice::consent, "not granted: Mail.Send;"));
    // A provider knows better.
    static constexpr std::array<advice_rule, 1> rules{advice_rule{.error = "invalid_scope", .next = advice::fix_configuration, .hint = "misspelt"}};
    auto advised = wider;
    advised.rules = rules;
    renewing(advised).load(kept).lock().load(kept).probe().ask(sends("Mail.Send"), refusal("invalid_scope")).unlock().ends(
        fails_with(server_errc::invalid_scope, advice::fix_configuration, "misspelt"));
    // It was granted: something else is wrong with it.
    renewing().load(kept).lock().load(kept).probe().ask(sends(), refusal("invalid_scope")).unlock().ends(fails_with(server_errc::invalid_scope, advice::fix_configuration));
}

BOOST_AUTO_TEST_CASE(why_a_session_has_ended_is_kept)
{
    static constexpr std::array<advice_rule, 1> rules{advice_rule{.vendor = "AADSTS", .number = 50173, .next = advice::sign_in_again, .hint = "the password was changed"}};
    struct
    {
        std::string members, why;
    } const rows[] = {
        {R"("error_description":"AADSTS50173: text","error_codes":[50173])", "the password was changed"},
        {R"("error_description":"AADSTS9: untrusted","error_codes":[9])", "the server refused the refresh token, error 9: sign in again"},
        {R"("error_description":"untrusted")", "the server refused the refresh token: sign in again"},
    };
    for (auto const& given : rows)
    {
        auto wished = wish();
        wished.rules = rules;
        auto kept = granted("Mail.Read");
        kept.refresh_token_expires_at = start + 1h;
        session ended;
        renewing(wished).load(kept).lock().load(kept).probe().ask(sends(), refusal("invalid_grant", given.members)).load(kept).save([&](session& saved) { ended = saved; }).unlock()
            .ends(fails_with(server_errc::invalid_grant, advice::sign_in_again)).tells({renewal_failed});
        BOOST_TEST(ended.refresh_token.empty());
        BOOST_TEST(!ended.refresh_token_expires_at.has_value());
        BOOST_TEST(ended.ended == given.why);
        // All others are told so, and nobody asks.
        renewing().load(ended).ends(fails_with(errc::session_ended, advice::sign_in_again, given.why)).tells({renewal_failed});
        renewing().load(kept).lock().load(ended).unlock().ends(fails_with(errc::session_ended, advice::sign_in_again, given.why));
        // A sibling has found it out: its reason stays.
        auto earlier = ended;
        earlier.ended = "said before";
        renewing(wished).load(kept).lock().load(kept).probe().ask(sends(), refusal("invalid_grant", given.members)).load(earlier).save([](session& saved) {
            BOOST_TEST(saved.ended == "said before");
        }).unlock().ends(fails_with(server_errc::invalid_grant, advice::sign_in_again));
        // What lives of it serves.
        ended.keep(access_token(issued("a1", start + 10s)));
        renewing().load(ended).ends([](result<renewed> outcome) {
            BOOST_TEST(outcome->token.reveal() == "a1");
            BOOST_TEST(outcome->outage->code == errc::session_ended);
        }).tells({fell_back});
    }
}

BOOST_AUTO_TEST_CASE(a_rule_says_that_the_session_lives)
{
    static constexpr std::array<advice_rule, 1> rules{advice_rule{.vendor = "AADSTS", .number = 50076, .next = advice::sign_in_again, .session_lives = true}};
    auto wished = wish();
    wished.rules = rules;
    auto const kept = granted("Mail.Read");
    // Without suberror or claims: nothing but the number tells.
    auto const said = refusal("invalid_grant", R"("error_description":"AADSTS50076: more is wanted","error_codes":[50076])");
    renewing(wished).load(kept).lock().load(kept).probe().ask(sends(), said).unlock().ends(fails_with(server_errc::invalid_grant, advice::sign_in_again));
    renewing().load(kept).lock().load(kept).probe().ask(sends(), said).load(kept).save([](session& saved) { BOOST_TEST(saved.refresh_token.empty()); }).unlock().ends(
        fails_with(server_errc::invalid_grant, advice::sign_in_again));
}

BOOST_AUTO_TEST_CASE(a_rule_says_that_the_session_ends)
{
    static constexpr std::array<advice_rule, 1> rules{advice_rule{.error = "bad_refresh_token", .next = advice::sign_in_again, .hint = "it is dead", .ends_session = true}};
    static constexpr std::array<advice_rule, 1> both{advice_rule{.error = "bad_refresh_token", .next = advice::sign_in_again, .session_lives = true, .ends_session = true}};
    auto wished = wish();
    wished.rules = rules;
    auto const kept = granted("Mail.Read");
    auto const said = refusal("bad_refresh_token");
    renewing(wished).load(kept).lock().load(kept).probe().ask(sends(), said).load(kept).save([](session& saved) {
        BOOST_TEST(saved.refresh_token.empty());
        BOOST_TEST(saved.ended == "it is dead");
    }).unlock().ends(fails_with(server_errc::unrecognized, advice::sign_in_again));
    // No rule speaks of it, or one says otherwise.
    renewing().load(kept).lock().load(kept).probe().ask(sends(), said).unlock().ends(fails_with(server_errc::unrecognized, advice::give_up));
    wished.rules = both;
    renewing(wished).load(kept).lock().load(kept).probe().ask(sends(), said).unlock().ends(fails_with(server_errc::unrecognized, advice::sign_in_again));
}

BOOST_AUTO_TEST_CASE(a_client_s_own_session)
{
    auto token = issued("app", start + 1h);
    token.of_client = true;
    renewing().load(session_of("", {token})).ends(gives("app"));
    token.expires_at = start;
    renewing().load(session_of("", {token})).ends(fails_with(errc::not_renewable, advice::sign_in_again, "by its grant"));
    renewing().load(session_of("")).ends(fails_with(errc::not_renewable, advice::sign_in_again, "offline_access"));
    // Beside a user's it is never handed out.
    token.expires_at = start + 1h;
    auto const kept = granted("Mail.Read", {token, issued("a1", start)});
    renewing().load(kept).lock().load(kept).probe().ask(sends(), token_answer("a2", "r2")).save([](session& saved) {
        BOOST_TEST(saved.access_tokens.size() == 2U);
        BOOST_TEST(saved.find("Mail.Read", "", "", "", token_owner::client).reveal() == "app");
    }).unlock().ends(gives("a2"));
}

BOOST_AUTO_TEST_CASE(while_the_server_wants_to_be_left_alone)
{
    failure busy(errc::unexpected_status, advice::retry_after);
    busy.retry_after = 42s;
    auto wished = wish();
    wished.held_off = busy;
    auto const expired = granted("Mail.Read", {issued("a1", start)}), dying = granted("Mail.Read", {issued("a1", start + 10s)}), good = granted("Mail.Read", {issued("a1", start + 1h)});
    renewing(wished).load(expired).ends([](result<renewed> outcome) {
        BOOST_TEST(outcome.error().code == errc::unexpected_status);
        BOOST_TEST((outcome.error().retry_after == 42s));
    }).tells({renewal_failed});
    renewing(wished).load(dying).ends([](result<renewed> outcome) {
        BOOST_TEST(outcome->token.reveal() == "a1");
        BOOST_TEST(outcome->outage->code == errc::unexpected_status);
    }).tells({fell_back});
    renewing(wished).load(good).ends(gives("a1"));   // another process has got it
    // It hides nothing.
    renewing(wished).load({}).ends(fails_with(errc::no_session, advice::sign_in_again));
    renewing(wished).load(session_of("")).ends(fails_with(errc::not_renewable, advice::sign_in_again));
    // What is held is saved nevertheless.
    renewing(wished).load(good, true).lock(false).load(good, true).save(any).unlock().ends(gives("a1")).tells({renewal_saved, served_from_store});
    auto anew = wished;
    anew.when = renew_when::always;
    renewing(anew).load(good).ends(fails_with(errc::unexpected_status, advice::retry_after));
}

BOOST_AUTO_TEST_CASE(it_tells_what_has_happened)
{
    failure const broken(errc::connection_lost, advice::retry, "broken");
    auto const kept = granted("Mail.Read", {issued("a1", start)}), dying = granted("Mail.Read", {issued("a1", start + 10s)});
    auto const fresh = session_of("r2", {issued("a2", start + 1h)});
    auto const nothing = [](result<renewed>) {};
    renewing().load(fresh).ends(nothing).tells({served_from_store});
    renewing().load(kept).lock().load(fresh).unlock().ends(nothing).tells({served_from_store});
    renewing().load(kept).lock().load(kept).probe().ask(sends(), token_answer("a2", "r2")).save(any).unlock().ends(nothing).tells({renewal_saved});
    renewing().load(kept).lock().load(kept).probe().ask(sends(), token_answer("a2", "r2")).save(any).fails(broken).hold(held_as::successor, any).unlock().ends(nothing).tells({renewal_not_saved});
    renewing().load({}).ends(nothing).tells({renewal_failed});
    renewing().load(kept).lock().fails(broken).ends(nothing).tells({renewal_failed});
    renewing().load(dying).lock(false).fails(broken).ends(nothing).tells({fell_back});
    renewing().load(dying).lock(false).load(dying).probe().ask(sends(), answer(503, "")).unlock().ends(nothing).tells({fell_back});
    // The failure goes along.
    renewal machine(wish());
    machine.resume({}, start);
    auto todo = machine.resume(broken, start);
    BOOST_TEST_REQUIRE(std::holds_alternative<next::tell>(todo));
    BOOST_TEST(std::get<next::tell>(todo).why->hint == "broken");
    BOOST_TEST(std::holds_alternative<next::done>(machine.resume({}, start)));
}

BOOST_AUTO_TEST_CASE(a_renewal_is_known_as_one)
{
    renewal machine(wish());
    auto const kept = granted("Mail.Read");
    machine.resume({}, start);
    machine.resume(loaded{kept}, start);
    machine.resume({}, start);
    machine.resume(loaded{kept}, start);
    auto todo = machine.resume({}, start);
    BOOST_TEST_REQUIRE(std::holds_alternative<next::ask>(todo));
    BOOST_TEST(std::get<next::ask>(todo).renews);
    BOOST_TEST(!next::ask().renews);
}

BOOST_AUTO_TEST_SUITE_END()
