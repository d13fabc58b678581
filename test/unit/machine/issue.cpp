#include <oauth/machine/issue.hpp>
#include <oauth/core/session_json.hpp>
#include <boost/test/unit_test.hpp>
#include "../../support/sessions.hpp"
#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using namespace oauth;
using namespace std::chrono_literals;
using oauth::test::start;

struct row
{
    char const* what;
    std::optional<seconds> expires_in, ext_expires_in, refresh_in;
    std::optional<seconds> expires_on;    // after the request
    seconds expires, refresh, extended;   // after the request; 0 for none of the last two
};

token_response answer_of(row const& given)
{
    token_response answer;
    answer.token_type = "Bearer";
    answer.access_token = secret("a");
    answer.expires_in = given.expires_in;
    answer.ext_expires_in = given.ext_expires_in;
    answer.refresh_in = given.refresh_in;
    if (given.expires_on) answer.expires_on = start + *given.expires_on;
    return answer;
}

} // namespace

BOOST_AUTO_TEST_SUITE(machine_issue)

BOOST_AUTO_TEST_CASE(times_are_absolute_and_count_from_the_request)
{
    constexpr std::nullopt_t no = std::nullopt;
    seconds const longest{2'147'483'647};
    std::vector<row> const rows{
        {"the usual", 3600s, no, no, no, 3600s, 0s, 0s},
        // An answer that is replayed would have to count by the server's moment. A token endpoint's never is: it is counted from before the request, once, and kept so.
        {"Entra v1 says both: what is counted from our request is right whatever our clock shows", 3600s, no, no, 7200s, 3600s, 0s, 0s},
        {"both, and expires_on is past by our clock", 3600s, no, no, -60s, 3600s, 0s, 0s},
        {"only expires_on", no, no, no, 1800s, 1800s, 0s, 0s},
        {"no lifetime at all is not for ever, and not none", no, no, no, no, 600s, 0s, 0s},
        {"0 means expired, not for ever", 0s, no, no, no, 0s, 0s, 0s},
        {"negative means expired", -5s, no, no, no, -5s, 0s, 0s},
        {"0 is not replaced by expires_on", 0s, no, no, 3600s, 0s, 0s, 0s},
        {"the longest that is decoded", longest, longest, longest, no, longest, 0s, 0s},
        {"the shortest", -longest, -longest, -longest, no, -longest, 0s, 0s},
        {"refresh_in", 3600s, no, 1800s, no, 3600s, 1800s, 0s},
        {"refresh_in 0 would ask each time", 3600s, no, 0s, no, 3600s, 0s, 0s},
        {"refresh_in negative", 3600s, no, -1s, no, 3600s, 0s, 0s},
        {"refresh_in at the expiry", 3600s, no, 3600s, no, 3600s, 0s, 0s},
        {"refresh_in behind the expiry", 3600s, no, 9999s, no, 3600s, 0s, 0s},
        {"ext_expires_in, which is never the expiry", 3600s, 262'800s, no, no, 3600s, 0s, 262'800s},
        {"ext_expires_in 0", 3600s, 0s, no, no, 3600s, 0s, 0s},
        {"ext_expires_in shorter", 3600s, 1800s, no, no, 3600s, 0s, 0s},
        {"ext_expires_in the same", 3600s, 3600s, no, no, 3600s, 0s, 0s},
    };
    for (auto const& given : rows)
        BOOST_TEST_CONTEXT(given.what)
        {
            auto const token = issue(answer_of(given), {}, start);
            BOOST_TEST((token.received_at == start));
            BOOST_TEST((token.expires_at - start).count() == given.expires.count());
            BOOST_TEST((token.refresh_at.value_or(start) - start).count() == given.refresh.count());
            BOOST_TEST((token.extended_until.value_or(start) - start).count() == given.extended.count());
        }
}

BOOST_AUTO_TEST_CASE(an_unknown_lifetime_is_the_terms)
{
    token_terms terms;
    terms.unknown_lifetime = 42s;
    BOOST_TEST((issue(answer_of({}), terms, start).expires_at == start + 42s));
    terms.unknown_lifetime = seconds::max();
    BOOST_TEST((issue(answer_of({}), terms, start).expires_at > start + std::chrono::years{1}));
}

BOOST_AUTO_TEST_CASE(a_token_knows_what_it_was_asked_with)
{
    token_terms const terms{"Mail.Read openid", "https://graph.example", R"({"access_token":{}})", 600s};
    auto answer = answer_of({});
    // Granted apart from requested; absent or empty means as it was asked for.
    for (auto const& [said, granted] : std::vector<std::pair<std::optional<std::string>, std::string>>{
             {std::nullopt, "Mail.Read openid"}, {"", "Mail.Read openid"}, {"Mail.Read", "Mail.Read"}, {"Mail.Read Mail.Send", "Mail.Read Mail.Send"}})
    {
        answer.scope = said;
        auto const token = issue(answer, terms, start);
        BOOST_TEST(token.granted.str() == granted);
        BOOST_TEST(token.requested.str() == "Mail.Read openid");
        BOOST_TEST(token.resource == terms.resource);
        BOOST_TEST(token.claims == terms.claims);
        BOOST_TEST(token.value.reveal() == "a");
        BOOST_TEST(token.token_type == "Bearer");
    }
    BOOST_TEST(!issue(answer, terms, start).claims_fingerprint.has_value());
    auto challenged = terms;
    challenged.claims_fingerprint = claims_fingerprint("abc");
    BOOST_TEST((issue(answer, challenged, start).claims_fingerprint == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"));   // FIPS 180-4
    BOOST_TEST(issue(answer, terms, start).parameters_fingerprint == "");
    challenged.parameters_fingerprint = "p";
    BOOST_TEST(issue(answer, challenged, start).parameters_fingerprint == "p");
    answer.token_type = "pop";
    BOOST_TEST(issue(answer, terms, start).token_type == "pop");
}

BOOST_AUTO_TEST_CASE(a_scope_that_no_session_can_hold_is_not_said)
{
    token_terms terms{"Mail.Read", "", "", 600s};
    auto const granted = [&](std::string said) {
        auto answer = answer_of({});
        answer.scope = std::move(said);
        return issue(answer, terms, start).granted.str();
    };
    std::string tokens = "0";
    for (int i = 1; i < 1024; ++i) tokens += ' ' + std::to_string(i);
    BOOST_TEST(granted(tokens) == tokens);
    BOOST_TEST(granted(tokens + " 1024") == "Mail.Read");
    BOOST_TEST(granted(tokens + "\t\n 0") == "Mail.Read");
    BOOST_TEST(granted(std::string(64 * 1024, 'x')).size() == 64U * 1024U);
    BOOST_TEST(granted(std::string(64 * 1024 + 1, 'x')) == "Mail.Read");
    // What is kept can be stored.
    for (auto const& text : {tokens, tokens + " 1024", std::string(64 * 1024 + 1, 'x')})
    {
        session kept;
        auto answer = answer_of({});
        answer.scope = text;
        absorb(kept, answer, terms, start);
        BOOST_TEST(session_from_json(to_json(kept).reveal()).has_value());
    }
    // However its tokens are separated.
    auto commas = tokens;
    std::replace(commas.begin(), commas.end(), ' ', ',');
    terms.scope_by_commas = true;
    BOOST_TEST(granted(commas) == tokens);
    BOOST_TEST(granted(commas + ",1024") == "Mail.Read");
}

BOOST_AUTO_TEST_CASE(what_an_answer_does_not_bring_stays)
{
    auto kept = test::session_of("r1", {test::issued("a1", start), test::issued("other", start, "Calendars.Read")});
    kept.id_token = secret("i1");
    kept.refresh_token_expires_at = start + 1h;
    token_terms const terms{"Mail.Read", "", "", 600s};

    auto answer = answer_of({});
    answer.access_token = secret("a2");
    absorb(kept, answer, terms, start);
    BOOST_TEST(kept.refresh_token.reveal() == "r1");   // the answer brought none
    BOOST_TEST((kept.refresh_token_expires_at == start + 1h));
    BOOST_TEST(kept.id_token.reveal() == "i1");
    BOOST_TEST_REQUIRE(kept.access_tokens.size() == 2U);
    BOOST_TEST(kept.find("Mail.Read", "", "", "").reveal() == "a2");
    BOOST_TEST(kept.find("Calendars.Read", "", "", "").reveal() == "other");

    token_response rotated;
    rotated.refresh_token = secret("r2");
    absorb(kept, rotated, terms, start);
    BOOST_TEST(kept.refresh_token.reveal() == "r2");
    BOOST_TEST(!kept.refresh_token_expires_at.has_value());   // the old one's says nothing of the new one
    BOOST_TEST(kept.find("Mail.Read", "", "", "").reveal() == "a2");

    token_response identity;
    identity.id_token = secret("i2");
    identity.refresh_token = secret("r3");
    identity.refresh_token_expires_in = 90s;
    absorb(kept, identity, terms, start + 10s);
    BOOST_TEST(kept.id_token.reveal() == "i2");
    BOOST_TEST((kept.refresh_token_expires_at == start + 100s));
    BOOST_TEST(kept.access_tokens.size() == 2U);
}

BOOST_AUTO_TEST_CASE(fresh_enough_is_the_margin_or_half_a_life)
{
    struct
    {
        char const* what;
        seconds life, margin, age;
        bool fresh;
    } const rows[] = {
        {"new", 3600s, 300s, 0s, true},
        {"just outside the margin", 3600s, 300s, 3299s, true},
        {"at the margin", 3600s, 300s, 3300s, false},
        {"expired", 3600s, 300s, 3600s, false},
        {"five minutes of life do not mean a request each time", 300s, 300s, 0s, true},
        {"half of it is left", 300s, 300s, 149s, true},
        {"less than half of it is left", 300s, 300s, 150s, false},
        {"a margin beyond any life", 3600s, seconds::max(), 0s, true},
        {"a margin beyond any life, later", 3600s, seconds::max(), 1800s, false},
        {"one second", 1s, 300s, 0s, true},
        {"none", 0s, 300s, 0s, false},
        {"less than none", -10s, 300s, 0s, false},
        {"no margin", 3600s, 0s, 3599s, true},
        {"no margin, expired", 3600s, 0s, 3600s, false},
        {"a negative margin does not bring it back", 3600s, -60s, 3600s, false},
        {"the clock was turned back a little", 3600s, 300s, -300s, true},
        {"the clock was turned back a lot", 3600s, 300s, -301s, false},
    };
    for (auto const& given : rows)
        BOOST_TEST_CONTEXT(given.what)
        {
            issued_token token;
            token.received_at = start;
            token.expires_at = start + given.life;
            BOOST_TEST(is_fresh_enough(token, start + given.age, given.margin) == given.fresh);
        }
}

BOOST_AUTO_TEST_CASE(times_that_were_stored_may_be_any)
{
    constexpr auto least = time_point(seconds(std::numeric_limits<seconds::rep>::min()));
    constexpr auto most = time_point(seconds(std::numeric_limits<seconds::rep>::max()));
    issued_token token;
    token.received_at = least;
    token.expires_at = most;
    BOOST_TEST(is_fresh_enough(token, start, 300s));
    token.expires_at = least;
    BOOST_TEST(!is_fresh_enough(token, start, 300s));
    token.received_at = most;
    token.expires_at = most;
    BOOST_TEST(!is_fresh_enough(token, start, 300s));
}

BOOST_AUTO_TEST_CASE(a_token_is_narrowed_where_the_server_says_that_it_grants_less)
{
    struct
    {
        char const* what;
        std::optional<std::string> said;
        oauth::scope asked, expected;
        bool narrowed;
    } const rows[] = {
        {"as asked", "a b", "a b", "a b", false},
        {"in another order, with more", "openid c b A", "a b", "a b", false},
        {"without what no access token carries", "a", "openid a offline_access", "openid a offline_access", false},
        {"nothing said: as asked", std::nullopt, "a b", "a b", false},
        {"an empty text: as asked", "", "a b", "a b", false},
        {"less", "a", "a b", "a b", true},
        {"something else", "c", "a b", "a b", true},
        {"less, where it does not matter", "a", "a b", "", false},
        {"less than asked, but what is expected", "a", "a b", "a", false},
        {"Graph's short names", "User.Read profile openid email", "openid https://graph.microsoft.com/User.Read", "openid https://graph.microsoft.com/User.Read", false},
        {"a name for several", "User.Read Mail.Send", "https://graph.microsoft.com/.default", "https://graph.microsoft.com/.default", false},
    };
    for (auto const& given : rows)
        BOOST_TEST_CONTEXT(given.what)
        {
            token_terms terms{given.asked, "", "", 600s, "https://graph.microsoft.com/", given.expected};
            auto answer = answer_of({});
            answer.scope = given.said;
            BOOST_TEST(issue(answer, terms, start).narrowed == given.narrowed);
        }
}

BOOST_AUTO_TEST_CASE(what_nobody_named_is_as_answered)
{
    token_terms terms{"of the client", "https://r.example", "", 600s, "", "of the client"};
    terms.scope_as_answered = true;
    auto answer = answer_of({});
    answer.scope = "User.Read";
    answer.resource = "https://other.example";
    auto token = issue(answer, terms, start);
    BOOST_TEST(token.requested.str() == "User.Read");
    BOOST_TEST(token.granted.str() == "User.Read");
    BOOST_TEST(!token.narrowed);
    BOOST_TEST(token.resource == "https://r.example");
    answer.scope = "";
    BOOST_TEST(issue(answer, terms, start).requested.str() == "of the client");
    terms.resource_as_answered = true;
    BOOST_TEST(issue(answer, terms, start).resource == "https://other.example");
    answer.resource = "https://r.example/";
    BOOST_TEST(issue(answer, terms, start).resource == "https://r.example");   // a slash makes no other one
    answer.resource.reset();
    BOOST_TEST(issue(answer, terms, start).resource == "https://r.example");
}

BOOST_AUTO_TEST_CASE(the_client_s_own_token_leaves_a_user_s_session_as_it_is)
{
    auto kept = test::session_of("r1", {test::issued("a1", start)});
    kept.id_token = secret("i1");
    kept.id_token_trusted = true;
    kept.ended = "why";
    token_terms terms{"Mail.Read", "", "", 600s};
    terms.of_client = true;
    auto answer = answer_of({});
    answer.access_token = secret("app");
    answer.refresh_token = secret("of the client");
    answer.id_token = secret("of the client");
    BOOST_TEST(absorb(kept, answer, terms, start).reveal() == "app");
    BOOST_TEST(kept.refresh_token.reveal() == "r1");
    BOOST_TEST(kept.id_token.reveal() == "i1");
    BOOST_TEST(kept.id_token_trusted);
    BOOST_TEST(kept.ended == "why");
    BOOST_TEST(kept.find("Mail.Read", "", "", "").reveal() == "a1");
    BOOST_TEST(kept.find("Mail.Read", "", "", "", token_owner::client).reveal() == "app");
    // A refresh token begins anew what had ended; an access token alone does not.
    terms.of_client = false;
    answer.refresh_token = {};
    absorb(kept, answer, terms, start);
    BOOST_TEST(kept.ended == "why");
    answer.refresh_token = secret("r2");
    answer.access_token = {};
    BOOST_TEST(absorb(kept, answer, terms, start).empty());
    BOOST_TEST(kept.ended == "");
}

// RFC 8693 2.2.1
BOOST_AUTO_TEST_CASE(what_is_no_access_token_is_not_kept_as_one)
{
    struct row
    {
        std::optional<std::string> token_type, issued_token_type;
        bool is_one;
    };
    std::string const type = "urn:ietf:params:oauth:token-type:";
    for (auto const& given : std::vector<row>{
             {std::nullopt, std::nullopt, true},
             {"Bearer", std::nullopt, true},
             {"DPoP", "", true},
             {"Bearer", type + "access_token", true},
             {"Bearer", type + "jwt", true},
             {std::nullopt, type + "access_token", true},
             {"N_A", std::nullopt, false},
             {"n_a", std::nullopt, false},
             {"N_A", type + "access_token", false},
             {"Bearer", type + "refresh_token", false},
             {"Bearer", type + "id_token", false},
             {"Bearer", type + "saml1", false},
             {"Bearer", type + "saml2", false},
             {std::nullopt, type + "saml2", false},
             {"Bearer", type + "ACCESS_TOKEN", true},
             {"Bearer", "urn:example:of-our-own", true},
             {"Bearer", "urn:okta:params:oauth:token-type:oauth-sts", true},
             {"N_A", "urn:example:of-our-own", false},
         })
        BOOST_TEST_CONTEXT(given.token_type.value_or("-") << ' ' << given.issued_token_type.value_or("-"))
        {
            auto answer = answer_of({});
            answer.access_token = secret("a2");
            answer.token_type = given.token_type;
            answer.issued_token_type = given.issued_token_type;
            BOOST_TEST(brings_access_token(answer) == given.is_one);
            auto kept = test::session_of("r1", {test::issued("a1", start)});
            token_terms terms{"Mail.Read", "", "", 600s};
            BOOST_TEST(brings_something_to_keep(answer, terms) == given.is_one);
            BOOST_TEST(absorb(kept, answer, terms, start).reveal() == (given.is_one ? "a2" : ""));
            BOOST_TEST(kept.find("Mail.Read", "", "", "").reveal() == (given.is_one ? "a2" : "a1"));
            // What comes beside it counts, where it is not the client's own.
            answer.refresh_token = secret("r2");
            BOOST_TEST(brings_something_to_keep(answer, terms));
            BOOST_TEST(absorb(kept, answer, terms, start).empty() == !given.is_one);
            BOOST_TEST(kept.refresh_token.reveal() == "r2");
            terms.of_client = true;
            BOOST_TEST(brings_something_to_keep(answer, terms) == given.is_one);
        }
    auto answer = answer_of({});
    answer.access_token.clear();
    BOOST_TEST(!brings_access_token(answer));
    BOOST_TEST(!brings_something_to_keep(answer, {}));
    answer.id_token = secret("i");
    BOOST_TEST(brings_something_to_keep(answer, {}));
}

BOOST_AUTO_TEST_SUITE_END()
