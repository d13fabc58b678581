#include <oauth/core/session.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace {

using oauth::seconds;
using oauth::time_point;

constexpr std::string_view graph = "https://graph.microsoft.com/";

oauth::access_token token(std::string_view value, std::string_view requested, std::string_view granted, std::string_view resource = {}, std::string_view claims = {},
    long long expires = 3600)
{
    return oauth::access_token({.value = oauth::secret(value), .expires_at = time_point{seconds{expires}}, .granted = granted, .requested = requested,
        .resource = std::string(resource), .claims = std::string(claims)});
}

} // namespace

BOOST_AUTO_TEST_SUITE(core_session)

BOOST_AUTO_TEST_CASE(finds_what_was_asked_the_same)
{
    oauth::session kept;
    BOOST_TEST(kept.find("a", "", "", "").empty());
    kept.keep(token("1", "openid offline_access User.Read", "User.Read openid"));
    kept.keep(token("2", "Mail.Send", "Mail.Send"));
    kept.keep(token("3", "", "user_impersonation", "https://api.example/"));
    kept.keep(token("4", "Mail.Send", "Mail.Send", "", "{\"access_token\":1}"));

    struct row
    {
        std::string_view scope, resource, claims, expected;
    };
    for (auto const& [scope, resource, claims, expected] : {
             row{"openid offline_access User.Read", "", "", "1"},
             row{"Mail.Send", "", "", "2"},
             row{"", "https://api.example/", "", "3"},
             row{"Mail.Send", "", "{\"access_token\":1}", "4"},
             // Granted, though asked in other words.
             row{"User.Read", "", "", "1"},
             row{"user.read openid", "", "", "1"},
             row{"https://graph.microsoft.com/User.Read", "", "", "1"},
             row{"user_impersonation", "https://api.example/", "", "3"},
             // Resource and claims are compared exactly.
             row{"Mail.Send", "https://api.example/", "", ""},
             row{"Mail.Send", "", "{\"access_token\":2}", ""},
             row{"", "https://api.example", "", ""},
             row{"User.Read Mail.Send", "", "", ""},
             row{"Files.Read", "", "", ""},
             // These name no resource, so that no token is granted to them but one that was asked with just them.
             row{"", "", "", ""},
             row{"openid", "", "", ""},
             row{"openid offline_access", "", "", ""},
         })
        BOOST_TEST(kept.find(scope, resource, claims, graph).reveal() == expected, scope << " / " << resource << " / " << claims);

    kept.keep(token("5", "openid", "User.Read openid"));
    BOOST_TEST(kept.find("openid", "", "", graph).reveal() == "5");
}

BOOST_AUTO_TEST_CASE(the_one_asked_the_same_wins_over_one_that_covers)
{
    oauth::session kept;
    kept.keep(token("wide", "a b", "a b"));
    kept.keep(token("narrow", "a", "a"));
    BOOST_TEST(kept.find("a", "", "", "").reveal() == "narrow");
    BOOST_TEST(kept.find("b", "", "", "").reveal() == "wide");
    BOOST_TEST(kept.find("b a", "", "", "").reveal() == "wide");
}

BOOST_AUTO_TEST_CASE(keep_replaces_what_was_asked_the_same)
{
    oauth::session kept;
    kept.keep(token("old", "a", "a"));
    kept.keep(token("other", "a", "a", "r"));
    kept.keep(token("claimed", "a", "a", "", "c"));
    kept.keep(token("new", "a", "a"));
    BOOST_TEST(kept.access_tokens.size() == 3u);
    BOOST_TEST(kept.find("a", "", "", "").reveal() == "new");
    BOOST_TEST(kept.find("a", "r", "", "").reveal() == "other");
    BOOST_TEST(kept.find("a", "", "c", "").reveal() == "claimed");
}

BOOST_AUTO_TEST_CASE(what_a_challenge_brought_takes_the_place_of_what_was_refused)
{
    oauth::session kept;
    kept.keep(token("old", "a", "a", "", "c"));
    auto answered = *token("new", "a", "a", "", "c");
    answered.claims_fingerprint = "f";
    kept.keep(oauth::access_token(answered));
    BOOST_TEST(kept.access_tokens.size() == 1u);
    BOOST_TEST(kept.find("a", "", "c", "").reveal() == "new");
    BOOST_TEST(kept.find("a", "", "", "").empty());
    kept.keep(token("newer", "a", "a", "", "c"));
    BOOST_TEST(kept.access_tokens.size() == 1u);
    BOOST_TEST(!kept.access_tokens[0]->claims_fingerprint.has_value());
}

BOOST_AUTO_TEST_CASE(drop_takes_away_this_token_and_no_other)
{
    oauth::session kept;
    kept.keep(token("1", "a", "a"));
    kept.keep(token("1", "b", "b"));
    kept.keep(token("2", "c", "c"));
    kept.drop({});
    kept.drop(token("3", "a", "a"));
    BOOST_TEST(kept.access_tokens.size() == 3u);
    kept.drop(token("1", "x", "x"));   // by its value alone
    BOOST_TEST_REQUIRE(kept.access_tokens.size() == 1u);
    BOOST_TEST(kept.access_tokens[0].reveal() == "2");
}

BOOST_AUTO_TEST_CASE(the_one_that_expires_first_makes_room)
{
    oauth::session kept;
    for (std::size_t i = 0; i < oauth::session::max_access_tokens; ++i)
    {
        auto const name = std::to_string(i);
        kept.keep(token(name, name, name, "", "", i == 7 ? 10 : 1000 + static_cast<long long>(i)));
    }
    kept.keep(token("one more", "one_more", "one_more"));
    BOOST_TEST(kept.access_tokens.size() == oauth::session::max_access_tokens);
    BOOST_TEST(kept.find("7", "", "", "").empty());
    BOOST_TEST(kept.find("6", "", "", "").reveal() == "6");
    BOOST_TEST(kept.find("one_more", "", "", "").reveal() == "one more");
    // Replacing needs no room.
    kept.keep(token("again", "0", "0"));
    BOOST_TEST(kept.access_tokens.size() == oauth::session::max_access_tokens);
    BOOST_TEST(kept.find("0", "", "", "").reveal() == "again");
}

BOOST_AUTO_TEST_CASE(one_that_was_granted_less_is_found_last)
{
    auto const narrowed = [](std::string_view value, std::string_view requested, std::string_view granted) {
        oauth::issued_token made = *token(value, requested, granted);
        made.narrowed = true;
        return oauth::access_token(made);
    };
    oauth::session kept;
    kept.keep(narrowed("narrow", "a b", "a"));
    BOOST_TEST(kept.find("a b", "", "", "").reveal() == "narrow");
    BOOST_TEST(kept.find("a", "", "", "").reveal() == "narrow");   // what it was granted, it serves for
    BOOST_TEST(kept.find("b", "", "", "").empty());
    kept.keep(token("wide", "b a c", "a b c"));
    BOOST_TEST(kept.find("a b", "", "", "").reveal() == "wide");
    kept.keep(token("new", "a b", "a b"));
    BOOST_TEST(kept.find("a b", "", "", "").reveal() == "new");
    BOOST_TEST(kept.access_tokens.size() == 2u);
    // Of OpenID Connect's scopes alone too.
    kept.keep(narrowed("identity", "openid", "x"));
    BOOST_TEST(kept.find("openid", "", "", "").reveal() == "identity");
}

BOOST_AUTO_TEST_CASE(a_client_s_own_token_is_never_a_user_s)
{
    auto const of_client = [](std::string_view value, std::string_view requested) {
        oauth::issued_token made = *token(value, requested, requested);
        made.of_client = true;
        return oauth::access_token(made);
    };
    oauth::session kept;
    BOOST_TEST(kept.is_of_client_alone());
    kept.keep(of_client("app", "a b"));
    // Nobody has signed in.
    BOOST_TEST(kept.is_of_client_alone());
    BOOST_TEST(kept.find("a b", "", "", "").reveal() == "app");
    BOOST_TEST(kept.find("a", "", "", "").reveal() == "app");
    BOOST_TEST(kept.find("a b", "", "", "", oauth::token_owner::user).empty());

    // Whatever is known of a user, from then on it is found only by who asks for it.
    for (auto const& set : std::vector<void (*)(oauth::session&)>{[](auto& s) { s.refresh_token = oauth::secret("r"); }, [](auto& s) { s.id_token = oauth::secret("i"); },
                                                                  [](auto& s) { s.ended = "why"; }, [](auto& s) { s.keep(token("other", "z", "z")); }})
    {
        auto of_user = kept;
        set(of_user);
        BOOST_TEST(!of_user.is_of_client_alone());
        BOOST_TEST(of_user.find("a b", "", "", "").empty());
        BOOST_TEST(of_user.find("a b", "", "", "", oauth::token_owner::client).reveal() == "app");
    }
    // Nor does one displace the other.
    kept.keep(token("user", "a b", "a b"));
    BOOST_TEST(kept.access_tokens.size() == 2u);
    BOOST_TEST(kept.find("a b", "", "", "").reveal() == "user");
    kept.keep(of_client("app 2", "a b"));
    BOOST_TEST(kept.access_tokens.size() == 2u);
    BOOST_TEST(kept.find("a b", "", "", "").reveal() == "user");
    BOOST_TEST(kept.find("a b", "", "", "", oauth::token_owner::client).reveal() == "app 2");
}

BOOST_AUTO_TEST_CASE(other_parameters_make_another_token)
{
    auto const of = [](std::string_view value, std::string fingerprint, std::string_view requested = "a b") {
        oauth::issued_token made = *token(value, requested, "a b");
        made.parameters_fingerprint = std::move(fingerprint);
        return oauth::access_token(made);
    };
    auto const found = [](oauth::session const& kept, std::string_view scope, std::string_view fingerprint) {
        return std::string(kept.find(scope, "", "", "", oauth::token_owner::user, fingerprint).reveal());
    };
    oauth::session kept;
    kept.keep(of("one", "1"));
    BOOST_TEST(kept.find("a b", "", "", "").empty());
    BOOST_TEST(kept.find("a", "", "", "").empty());   // though it was granted that
    BOOST_TEST(found(kept, "a b", "1") == "one");
    BOOST_TEST(found(kept, "a", "1") == "one");
    BOOST_TEST(found(kept, "a b", "2") == "");
    BOOST_TEST(found(kept, "a", "2") == "");
    // None displaces another.
    kept.keep(of("plain", ""));
    kept.keep(of("two", "2"));
    BOOST_TEST(kept.access_tokens.size() == 3u);
    kept.keep(of("new", "1"));
    BOOST_TEST(kept.access_tokens.size() == 3u);
    BOOST_TEST(kept.find("a b", "", "", "").reveal() == "plain");
    BOOST_TEST(found(kept, "a b", "1") == "new");
    BOOST_TEST(found(kept, "a b", "2") == "two");
}

BOOST_AUTO_TEST_SUITE_END()
